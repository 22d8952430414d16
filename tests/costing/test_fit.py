from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierbook.costing.closing import core_of, solve, walk
from tierbook.costing.fit import (
    LEFT_OUT,
    Options,
    best_plan,
    curve,
    next_steps,
    relaxed_plan,
    worthwhile_steps,
)


def options_of(cost, value, allowed=None):
    cost = np.array(cost, np.int64)
    allowed = np.ones(cost.shape, np.bool_) if allowed is None else np.array(allowed, np.bool_)
    return Options(cost, np.array(value, np.float64), allowed)


def brute_force(options, budget):
    best = 0.0
    tiers = range(-1, options.cost.shape[1])
    for choice in product(tiers, repeat=len(options.cost)):
        made = [(row, tier) for row, tier in enumerate(choice) if tier >= 0]
        if all(options.allowed[m] for m in made) and sum(options.cost[m] for m in made) <= budget:
            best = max(best, sum(options.value[m] for m in made))
    return best


def random_options(seed, pictures, tiers=3):
    rng = np.random.default_rng(seed)
    cost = np.sort(rng.integers(1_000, 400_000, (pictures, tiers)), axis=1)
    return Options(
        cost.astype(np.int64),
        rng.lognormal(0, 1, (pictures, 1)) * np.sort(rng.random((pictures, tiers)), axis=1),
        rng.random((pictures, tiers)) > 0.1,
    )


SMALL = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        *(
            st.lists(st.lists(cells, min_size=3, max_size=3), min_size=n, max_size=n)
            for cells in (st.integers(0, 9), st.integers(0, 9), st.booleans())
        )
    )
)


@settings(max_examples=60, deadline=None)
@given(SMALL, st.integers(0, 30))
def test_no_plan_is_better_than_the_best_plan(table, budget):
    """Against every possible plan: the value is the highest there is, and proven so."""
    cost, value, allowed = table
    scaled = [[c * 10_007 for c in row] for row in cost]
    options = options_of(scaled, value, allowed)
    plan = best_plan(options, budget * 10_007)
    assert plan.value == pytest.approx(brute_force(options, budget * 10_007))
    assert plan.proven
    assert plan.bound == pytest.approx(plan.value)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**7))
def test_a_plan_keeps_to_the_budget_and_to_what_is_allowed(seed, budget):
    """Whatever the numbers: cost within budget, only allowed tiers, sums that foot."""
    options = random_options(seed, 200)
    plan = best_plan(options, budget)
    made = np.flatnonzero(plan.choice != LEFT_OUT)
    assert options.allowed[made, plan.choice[made]].all()
    assert plan.cost == options.cost[made, plan.choice[made]].sum() <= budget
    assert plan.value == pytest.approx(options.value[made, plan.choice[made]].sum())
    assert plan.value <= plan.bound * (1 + 1e-9)


def test_large_catalogs_are_within_a_thousandth_of_the_bound():
    """Above 2,000 pictures the plan is shown to be within 0.1 percent of the best."""
    options = random_options(7, 5_000)
    for budget in (10_000_000, 200_000_000):
        plan = best_plan(options, budget)
        assert plan.gap <= 1e-3


def test_one_picture_that_outweighs_all_is_still_solved():
    """A hull alone would leave the budget unused when the next step is a large one."""
    cost = [[60], [50], [50]]
    value = [[7.0], [5.0], [5.0]]
    plan = best_plan(options_of(cost, value), 100)
    assert plan.choice.tolist() == [LEFT_OUT, 0, 0]


def test_free_tiers_are_taken_first_and_upgrades_by_value_for_money():
    """With no money every picture takes its best free tier; money then buys the best upgrade."""
    cost = [[0, 30, 100], [0, 30, 100]]
    value = [[1.0, 2.0, 3.0], [1.0, 5.0, 6.0]]
    options = options_of(cost, value)
    assert best_plan(options, 0).choice.tolist() == [0, 0]
    assert best_plan(options, 30).choice.tolist() == [0, 1]
    assert best_plan(options, 1_000).choice.tolist() == [2, 2]


def test_a_tier_that_costs_more_and_is_worth_less_is_never_a_step():
    """Dominated tiers, and tiers under the hull, are not on the curve."""
    steps = worthwhile_steps(options_of([[10, 20, 30]], [[5.0, 4.0, 6.0]]))
    assert steps.to.tolist() == [0, 2]
    assert steps.rate.tolist() == [0.5, 0.05]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_curve_rises_ever_more_slowly_to_the_best_of_everything(seed):
    """Value grows with cost, each dollar buys no more than the one before it."""
    options = random_options(seed, 40)
    points = curve(worthwhile_steps(options))
    costs = np.array([point.cost_micro_usd for point in points])
    values = np.array([point.value for point in points])
    rates = np.diff(values) / np.diff(costs)
    assert (points[0].cost_micro_usd, points[0].value) == (0, 0.0)
    assert (np.diff(rates) <= 1e-12).all()
    assert values[-1] == pytest.approx(np.where(options.allowed, options.value, 0).max(1).sum())


def test_the_next_money_buys_the_next_steps():
    """Steps past the budget, in order, as far as the added money goes."""
    steps = worthwhile_steps(options_of([[10], [10], [10]], [[3.0], [2.0], [1.0]]))
    assert [int(steps.picture[step]) for step in next_steps(steps, 10, 10)] == [1]
    assert list(next_steps(steps, 30, 99)) == []


def test_nothing_to_choose_from_is_an_empty_plan():
    """No pictures, or none that may take any tier, cost nothing."""
    assert best_plan(options_of(np.empty((0, 3)), np.empty((0, 3))), 10).choice.tolist() == []
    plan = best_plan(options_of([[1]], [[1.0]], [[False]]), 10)
    assert (plan.choice.tolist(), plan.cost, plan.value) == ([LEFT_OUT], 0, 0.0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.02, 0.9))
def test_two_exact_methods_agree(seed, share):
    """The walk over undominated states and HiGHS find plans of the same value."""
    options = random_options(seed, 60)
    budget = int(options.cost.max(1).sum() * share)
    plan, rate = relaxed_plan(options, worthwhile_steps(options), budget)
    if plan.proven:
        return
    walked, complete = walk(options, core_of(options, plan, rate), budget, plan)
    solved = solve(options, core_of(options, plan, rate), budget, plan)
    assert complete
    assert solved.proven
    assert walked.value == pytest.approx(solved.value, rel=1e-9)
    assert max(walked.cost, solved.cost) <= budget
