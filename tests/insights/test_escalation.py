"""Which rows a reject raises one tier, once, and what that adds."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.insights.pasts import TIERS, picture, rejected, table
from tierbook import configuration
from tierbook.insights.escalation import Escalation, base_tiers, escalations, raised, within_caps
from tierbook.insights.history import REMOVED, Picture
from tierbook.model import NO_TIER, Configuration, RequestTable, Rubric, Settings, text_column
from tierbook.routing import decide

PLAIN = Configuration(Rubric((), (), ()), TIERS, (), (), (), Settings())
PRICES = np.array([[0, 40_000, 402_000]] * 3, np.int64)
BUILT_IN = configuration.defaults()


def found(
    pictures: list[Picture], rows: RequestTable | None = None, prices: Any = PRICES, base: int = 2
) -> tuple[Escalation, ...]:
    rows = table() if rows is None else rows
    return escalations(pictures, rows, PLAIN, prices, np.full(len(rows), base, np.int8))


def test_a_reject_raises_its_row_one_tier_with_its_cost() -> None:
    """What was rejected stays paid, and the next tier's price is added to it."""
    one = found([rejected(cost=33_600)])[0]
    assert (one.from_tier, one.to_tier, one.rejected, one.more) == (2, 3, 33_600, 402_000)
    assert one.together == 435_600
    assert (one.row, one.made) == (2, False)


def test_a_raised_row_stays_raised_and_is_not_raised_again() -> None:
    """Once its picture of the upper tier is made, the row keeps that tier, rejected or not."""
    upper = rejected(tier=3, number=1, round=1, cost=400_000)
    for last in (upper, replace(upper, decision=""), replace(upper, decision="approve")):
        one = found([rejected(), last])[0]
        assert (one.from_tier, one.to_tier, one.made, one.more) == (2, 3, True, 400_000)


@pytest.mark.parametrize(
    ("pictures", "why"),
    [
        ([rejected(tier=3)], "its pictures are of another tier than it has now"),
        ([rejected(tier=1), rejected(tier=2, round=1)], "it has a picture of a third tier"),
        ([rejected(group="etsy")], "the channel says how it is made"),
        ([rejected(decision="")], "nobody has said anything"),
        ([rejected(decision="redo")], "the same tier was asked to try again"),
        ([rejected(), picture(round=1, number=1)], "a later picture was approved"),
        ([rejected(), picture(round=1, decision="")], "a later picture waits for a look"),
        ([rejected(), picture(number=2)], "raising would make its approved angle anew"),
        ([rejected(reason="wrong size")], "a dearer engine makes the same size"),
        ([rejected(made=False)], "nothing was made"),
        ([rejected(index=REMOVED)], "its row is gone"),
    ],
)
def test_rows_that_stay_where_they_are(pictures: list[Picture], why: str) -> None:
    """Each of these rows must not be raised."""
    assert found(pictures) == (), why


def test_the_highest_tier_has_nowhere_to_go() -> None:
    """A rejected hero waits for a person."""
    assert found([rejected(tier=3)], base=3) == ()


def test_every_candidate_has_to_be_rejected() -> None:
    """One of three candidates rejected leaves two to look at."""
    three = [rejected(tier=3, number=n) for n in (1, 2, 3)]
    tiers = (*TIERS, replace(TIERS[2], number=4))
    four = replace(PLAIN, tiers=tiers)
    prices = np.array([[0, 40_000, 402_000, 900_000]], np.int64)
    rows, base = table(SKU=["A"]), np.array([3], np.int8)
    assert len(escalations(three, rows, four, prices, base)) == 1
    assert escalations([*three[:1], replace(three[1], decision="")], rows, four, prices, base) == ()


def test_a_row_s_budget_and_a_missing_price_stop_it() -> None:
    """No row is raised past what its seller allows for a picture, or to an unknown price."""
    tight = table(Budget_per_image=[100_000, None, None])
    assert found([rejected()], tight) == ()
    enough = table(Budget_per_image=[134_000, None, None])
    assert len(found([rejected()], enough)) == 1
    unknown = PRICES.copy()
    unknown[:, 2] = -1
    assert found([rejected()], prices=unknown) == ()


def test_caps_let_the_cheapest_through_first() -> None:
    """What fits under a cap is raised, what would pass it is not, and what is made is kept."""
    every = found([rejected(0), rejected(1), rejected(2), rejected(2, tier=3, round=1, cost=9)])
    assert [one.made for one in every] == [True, False, False]
    assert within_caps(every, None, {}) == every
    assert [one.index for one in within_caps(every, 402_000, {})] == [2, 0]
    assert [one.index for one in within_caps(every, None, {3: 401_999})] == [2]
    assert [one.index for one in within_caps(every, None, {2: 0})] == [2, 0, 1]


def test_a_raise_changes_what_the_tier_decides_and_says_why() -> None:
    """The row takes the upper tier's engine and template, and so does the row that repeats it."""
    rows = table(Background=["white"] * 3, Placement=["Gallery"] * 3)
    decisions, _ = decide(rows, BUILT_IN)
    assert decisions.tier.tolist() == [1, 1, 1]
    base = base_tiers(decisions, BUILT_IN.tiers)
    cost = np.array([[0, 40_000, 402_000]] * 3, np.int64)
    one = escalations([rejected(1, tier=1, cost=0)], rows, BUILT_IN, cost, base)
    ids = text_column(["id-0", "id-1", "id-1"])
    moved = raised(decisions, rows, BUILT_IN, one, ids)
    assert moved.tier.tolist() == [1, 2, 2]
    tier = BUILT_IN.tier(2)
    assert tier is not None
    assert (moved.engine[1], moved.template[1]) == (tier.engine, tier.prompt_template)
    assert moved.rule.tolist() == decisions.rule.tolist()
    assert 'rejected ("style")' in moved.why[1]
    assert "$0.04" in moved.why[1]
    assert base_tiers(moved, BUILT_IN.tiers).tolist() == [1, 1, 1]


def test_what_a_person_decided_is_never_raised() -> None:
    """A tier override stands, whatever was rejected."""
    rows = table(Background=["white"] * 3, Placement=["Gallery"] * 3, Tier_override=[1, None, None])
    decisions, _ = decide(rows, BUILT_IN)
    assert base_tiers(decisions, BUILT_IN.tiers).tolist() == [NO_TIER, 1, 1]
