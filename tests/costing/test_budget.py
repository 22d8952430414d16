from dataclasses import replace

import numpy as np
import pytest

from tests.costing.shop import CONFIGURATION, decisions, requests
from tierbook.costing import fit_budget
from tierbook.costing.budget import allowed_tiers, worth
from tierbook.model import Placement, text_column

COSTS = [0, 30_000, 400_000]
SHOP = replace(
    CONFIGURATION,
    placements=(
        Placement("Gallery", "gallery", visibility_weight=1),
        Placement("Homepage hero", "hero", visibility_weight=8),
        Placement("Amazon main", "marketplace main", visibility_weight=4, aliases=("Amazon",)),
    ),
)


def per_tier(count, costs=COSTS):
    return np.tile(np.array(costs, np.int64), (count, 1))


def fitted(tiers, budget, table=None, costs=COSTS, odds=None, decided=None):
    table = table if table is not None else requests(len(tiers))
    decided = decided if decided is not None else decisions(tiers, SHOP)
    return fit_budget(table, decided, SHOP, per_tier(len(tiers), costs), budget, odds)


def allowed(tiers, table=None, decided=None):
    table = table if table is not None else requests(len(tiers))
    decided = decided if decided is not None else decisions(tiers, SHOP)
    return allowed_tiers(table, decided, SHOP, per_tier(len(tiers))).tolist()


def test_money_goes_where_more_people_look():
    """One upgrade can be paid: it goes to the placement with the higher weight."""
    table = requests(2, Placement=["Gallery", "Homepage hero"])
    plan, problems = fitted([2, 2], 30_000, table)
    assert plan.tier.tolist() == [1, 2]
    assert plan.cost.tolist() == [0, 30_000]
    assert plan.plan.cost == 30_000
    assert problems == []


def test_value_counts_weight_sales_and_pictures():
    """Weight x sales x angles; a blank sales cell is the middle of the known ones."""
    table = requests(
        4,
        Placement=["Gallery", "homepage_hero", "Amazon", "Elsewhere"],
        Sales_90_days=[10, None, "30", 0],
        Angles=[1, 1, 2, 1],
    )
    assert worth(table, SHOP).tolist() == [10, 80, 240, 1]


def test_rows_on_hold_undecided_or_in_error_take_no_tier():
    """Nothing is planned for what may not be made, and it is not counted as left out."""
    table = requests(3)
    table = replace(table, bad=np.array([False, False, True]))
    plan, _ = fitted([0, -1, 2], 10**9, table)
    assert plan.tier.tolist() == [-1, -1, -1]
    assert not plan.left_out.any()


def test_a_channel_with_rules_of_its_own_keeps_its_tier():
    """A marketplace's main image is made as the rubric says, whatever the money."""
    table = requests(1, Placement=["Amazon"])
    assert allowed([1], table) == [[True, False, False]]


def test_a_tier_chosen_by_a_person_stays():
    """An override or a lock is not traded away."""
    decided = replace(decisions([2, 2], SHOP), router=text_column(["override", "rubric"]))
    assert allowed([2, 2], decided=decided) == [[False, True, False], [True, True, True]]


def test_a_strict_brand_takes_nothing_below_its_rubric():
    """High strictness allows the named tier and better ones."""
    table = requests(2, Brand_strictness=["high", "low"])
    assert allowed([2, 2], table) == [[False, True, True], [True, True, True]]


def test_the_budget_of_a_row_closes_dear_tiers():
    """The price of one image, of all its angles and candidates, must be within it."""
    table = requests(3, Budget_per_image=[0, 133_333, 133_334], Angles=[1, 1, 1])
    assert allowed([2, 2, 2], table) == [
        [True, False, False],
        [True, True, True],
        [True, True, True],
    ]
    table = requests(1, Budget_per_image=[133_332])
    assert allowed([2], table) == [[True, True, False]]


def test_a_budget_below_the_cheapest_plan_is_said():
    """The warning names the price of the cheapest plan and how many are left out."""
    plan, (problem,) = fitted([1, 1, 1], 25_000, costs=[10_000, 30_000, 400_000])
    assert plan.cheapest == 30_000
    assert plan.left_out.sum() == 1
    assert problem.code == "budget-below-cheapest"
    assert "$0.03" in problem.message
    assert "1 requests are left out" in problem.message


def test_the_next_money_is_put_in_words():
    """What more money would move, where, and when it would change nothing."""
    table = requests(2, Placement=["Gallery", "Homepage hero"])
    plan, _ = fitted([2, 2], 0, table)
    assert "The next $10.00 buys 4 moves: 2 to tier 2, 2 to tier 3" in plan.sentences[1]
    plan, _ = fitted([2, 2], 10**9, table)
    assert "change nothing" in plan.sentences[1]
    plan, _ = fitted([2], 0, costs=[0, 10**9, 10**9])
    assert "would not pay" in plan.sentences[1]


def test_measured_odds_replace_the_assumed_ones():
    """Odds passed in decide, and the sentence about assumed odds goes away."""
    odds = np.array([[0.9, 0.1, 0.1]])
    plan, _ = fitted([2], 10**9, odds=odds)
    assert plan.tier.tolist() == [1]
    assert not any("assumed" in sentence for sentence in plan.sentences)
    assert plan.plan.value == pytest.approx(0.9)


def test_no_requests_are_an_empty_plan():
    """An empty table can be fitted."""
    plan, problems = fitted([], 10)
    assert plan.tier.tolist() == []
    assert problems == []
