"""Verdicts: candidates count once, rates come with their number and interval."""

from datetime import UTC, datetime

from tests.insights.pasts import TIERS, picture
from tierbook.insights.verdicts import approval_by, verdicts


def test_of_three_candidates_one_approved_is_one_approval() -> None:
    """The candidates not chosen were not rejected: three looks are one verdict."""
    said = verdicts(
        [
            picture(number=1, tier=3, decision="reject"),
            picture(number=2, tier=3, decision="approve"),
            picture(number=3, tier=3, decision="reject"),
        ],
        TIERS,
    )
    assert [one.approved for one in said] == [True]


def test_all_candidates_rejected_are_one_reject() -> None:
    """A picture wanted and not got counts once against its tier."""
    said = verdicts([picture(number=n, tier=3, decision="reject") for n in (1, 2, 3)], TIERS)
    assert [one.approved for one in said] == [False]


def test_angles_beyond_the_candidates_are_pictures_of_their_own() -> None:
    """Six pictures of tier 3 are two angles with three candidates each."""
    said = verdicts([picture(number=n, tier=3) for n in range(1, 7)], TIERS)
    assert len(said) == 2


def test_a_reject_made_again_and_approved_is_two_verdicts() -> None:
    """The second round must not wash the first reject away."""
    said = verdicts(
        [
            picture(decision="reject", reviewed_at=datetime(2026, 11, 2, tzinfo=UTC)),
            picture(round=1, again=True, reviewed_at=datetime(2026, 11, 3, tzinfo=UTC)),
        ],
        TIERS,
    )
    assert [one.approved for one in said] == [False, True]


def test_pictures_nobody_looked_at_give_no_verdict() -> None:
    """Silence is no approval."""
    assert verdicts([picture(decision="")], TIERS) == ()


def test_under_twenty_reviews_there_is_no_rate() -> None:
    """Nine of nine is not a hundred percent yet."""
    found = approval_by([picture(i) for i in range(9)], lambda one: one.rule)
    assert not found[0].rate.enough
    assert "not enough yet (9 of 9)" in found[0].rate.words()
    assert found[0].shrunk < 1


def test_a_tier_without_verdicts_still_has_its_line() -> None:
    """The table by tier shows what nobody has looked at, too."""
    found = approval_by([picture()], lambda one: str(one.tier), (1, 2, 3))
    assert [(one.tier, one.rate.n) for one in found] == [(1, 0), (2, 1), (3, 0)]


def test_reasons_stand_by_their_number() -> None:
    """The most frequent reason comes first; a reject without one says so."""
    said = [picture(i, decision="reject", reason="style") for i in range(3)]
    said += [picture(9, decision="redo", reason="")]
    found = approval_by(said, lambda one: one.rule)
    assert found[0].reasons == (("style", 3), ("redo, no reason given", 1))
