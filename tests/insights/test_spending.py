"""Spending: everything foots to the micro-dollar."""

from hypothesis import given
from hypothesis import strategies as st

from tests.insights.pasts import TIERS, picture
from tierbook.generation.ledger import Spend
from tierbook.insights.history import History
from tierbook.insights.months import Month
from tierbook.insights.spending import (
    TierMonth,
    against_baseline,
    causes,
    month_by_tier,
    movements,
    total,
)
from tierbook.model import Configuration, Rubric, Settings

NOVEMBER = Month(2026, 11)
PAID = Configuration(
    Rubric((), (), ()), TIERS, (), (), (), Settings(review_cost_per_hour=25_000_000)
)

tier_lines = st.builds(
    lambda numbers: tuple(
        TierMonth(tier, "", pictures, 0, spent if pictures else 0, 0, 0, 0, 0)
        for tier, (pictures, spent) in enumerate(numbers, start=1)
    ),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 10**10)), min_size=3, max_size=3),
)


@given(tier_lines, tier_lines)
def test_the_causes_add_up_to_the_change(
    last: tuple[TierMonth, ...], this: tuple[TierMonth, ...]
) -> None:
    """Volume, mix and price explain every micro-dollar of the change, whatever the months were."""
    found = causes(last, this)
    if found is None:
        assert not total(last).pictures or not total(this).pictures
    else:
        assert found.change == total(this).spent - total(last).spent


def test_more_of_the_same_is_volume_alone() -> None:
    """Twice the pictures at the same prices and shares: nothing else has moved."""
    last = (TierMonth(1, "", 10, 0, 200, 0, 0, 0, 0), TierMonth(2, "", 5, 0, 1000, 0, 0, 0, 0))
    this = (TierMonth(1, "", 20, 0, 400, 0, 0, 0, 0), TierMonth(2, "", 10, 0, 2000, 0, 0, 0, 0))
    found = causes(last, this)
    assert found is not None
    assert (found.volume, found.mix, found.price) == (1200, 0, 0)


def test_a_dearer_price_is_price_alone() -> None:
    """The same pictures at another price: no volume, no mix."""
    last = (TierMonth(2, "", 5, 0, 1000, 0, 0, 0, 0),)
    this = (TierMonth(2, "", 5, 0, 1500, 0, 0, 0, 0),)
    found = causes(last, this)
    assert found is not None
    assert (found.volume, found.mix, found.price) == (0, 0, 500)


def test_a_month_foots_to_the_record_of_payments() -> None:
    """Rows that are gone from the sheet still cost what they cost."""
    history = History(
        (picture(0, cost=33_600), picture(1, cost=33_601)),
        (
            Spend("book", "2026-11", 2, 100_000, 20_000, 7_201, 4),
            Spend("book", "2026-10", 2, 999_999, 0, 0, 1),
            Spend("book", "2026-11", 9, 5, 0, 0, 1),
        ),
    )
    lines = month_by_tier(history, NOVEMBER, PAID)
    assert [one.tier for one in lines] == [1, 2, 3, 9]
    assert total(lines).spent == 100_000 + 20_000 + 7_201 + 5
    assert total(lines).removed == 127_201 - 67_201 + 5
    assert total(lines).pictures == 5


def test_a_good_picture_carries_its_rejects_and_the_looking() -> None:
    """Three made, two judged, one approved: it bears the cost of all, minutes included."""
    history = History(
        (picture(0), picture(1, decision="reject", reason="style"), picture(2, decision=""))
    )
    line = next(one for one in month_by_tier(history, NOVEMBER, PAID) if one.tier == 2)
    assert (line.reviewed, line.approved) == (2, 1)
    assert line.review == 833_334  # two minutes at $25 an hour, rounded up
    assert line.per_approved == 3 * 33_600 + 833_334
    assert line.per_picture == 33_600


def test_nothing_made_has_no_price() -> None:
    """An empty month divides by nothing."""
    lines = month_by_tier(History(), NOVEMBER, PAID)
    assert [one.per_picture for one in lines] == [None] * 3
    assert total(lines).per_approved is None
    assert causes(lines, lines) is None


def test_a_picture_made_again_is_paid_twice_and_compared_once() -> None:
    """Nobody knows how often one model would have missed, so it is not charged for misses."""
    found = against_baseline(
        [picture(decision="reject"), picture(round=1, again=True), picture(1, made=False, cost=7)],
        TIERS,
    )
    line = next(one for one in found if one.tier == 2)
    assert (line.pictures, line.baseline, line.paid) == (1, 135_000, 2 * 33_600 + 7)
    assert line.saving == 135_000 - 67_207


def test_no_known_baseline_is_no_comparison() -> None:
    """A saving against nothing would be a made-up one."""
    assert against_baseline([picture(baseline=None)], TIERS) == ()


def test_the_largest_change_comes_first() -> None:
    """What moved is ordered by how much it moved, in either direction."""
    found = movements(
        [picture(0, placement="A", cost=900), picture(1, placement="B", cost=100)],
        [picture(0, placement="A", cost=100), picture(1, placement="B", cost=150)],
        lambda one: one.placement,
    )
    assert [(one.label, one.change) for one in found] == [("A", -800), ("B", 50)]
