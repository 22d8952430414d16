from dataclasses import replace

import numpy as np
import pytest

from benchmarks.shop_world import COST
from tests.costing.shop import requests
from tierbook.routing import decide
from tierbook.routing.learning import (
    TryOut,
    approval_odds,
    decide_learned,
    explore_plan,
    model_card,
)

PLAIN = {
    "Background": "solid",
    "Human model": False,
    "Props": False,
    "Source image": "a.jpg",
    "Category": "category 1",
    "Brand": "brand 1",
    "Brand strictness": "low",
    "Price": 30.0,
    "Sales 90 days": 900.0,
}


def table_of(*rows):
    """Make requests from what differs from a plain picture."""
    full = [{"Placement": "Gallery", **PLAIN, **row} for row in rows]
    headings = dict.fromkeys(heading for row in full for heading in row)
    columns = {h.replace(" ", "_"): [row.get(h) for row in full] for h in headings}
    return requests(len(full), **columns)


def decided(router, settings, table, share=0.0, costs=None, seed=0):
    rubric, _ = decide(table, settings)
    costs = np.tile(COST, (len(table), 1)) if costs is None else costs
    trying = TryOut(share, np.random.default_rng(seed).random(len(table)))
    found, problems = decide_learned(table, settings, router, rubric, costs, trying)
    return rubric, found, problems


@pytest.fixture(scope="module")
def later(world):
    return world.period(8_000, 250, 60, later=True)


def test_later_pictures_cost_less_at_approval_that_is_not_lower(router, settings, later):
    """Known truth of a period the router never saw: a quarter of the cost saved, approval kept."""
    costs = np.tile(COST, (len(later.requests), 1))
    found, problems = decide_learned(later.requests, settings, router, later.decisions, costs)
    assert problems == []
    rows = np.flatnonzero(later.decisions.tier > 0)
    kept = replace(later, chance=later.chance[rows])
    value = np.ones(len(rows))
    approval, cost, _ = kept.worth(found.decisions.tier[rows], value)
    before, spent, _ = kept.worth(later.decisions.tier[rows], value)
    assert cost < 0.8 * spent
    assert approval >= before


def test_what_is_not_the_models_to_decide_is_not_touched(router, settings):
    """Holds, overrides, channel rules, new kinds and rows in error keep the rubric's word."""
    table = table_of(
        {"Source image": None},
        {"Tier override": 3},
        {"Placement": "Amazon main"},
        {"Category": "a kind never seen", "Placement": "Homepage hero", "Background": "scene"},
    )
    rubric, found, _ = decided(router, settings, table)
    assert found.decisions.tier.tolist() == rubric.tier.tolist() == [0, 3, 1, 3]
    assert found.decisions.why.tolist() == rubric.why.tolist()
    assert found.decisions.router.tolist() == ["rubric", "override", "rubric", "rubric"]
    assert found.abstained.tolist() == [False, False, False, True]
    assert (found.propensity == 1).all()


def test_a_strict_brand_never_goes_below_its_rubric_and_is_never_tried(router, settings, later):
    """High strictness: the same tier or a better one, with certainty."""
    columns = {**later.requests.columns}
    columns["Brand strictness"] = np.full(len(later.requests), "high", dtype=object)
    strict = replace(later.requests, columns=columns)
    rubric, found, _ = decided(router, settings, strict, share=0.15)
    assert (found.decisions.tier >= rubric.tier).all()
    assert not found.explored.any()


def test_a_moved_row_takes_what_its_tier_brings(router, settings, later):
    """Engine, template and images follow the new tier, and Why says odds, costs and features."""
    rubric, found, _ = decided(router, settings, later.requests)
    moved = np.flatnonzero(found.decisions.tier != rubric.tier)
    assert len(moved) > 500
    row = int(moved[0])
    tier = settings.tier(int(found.decisions.tier[row]))
    assert found.decisions.engine[row] == tier.engine
    assert found.decisions.template[row] == tier.prompt_template
    assert found.decisions.images[row] == tier.candidates
    why = found.decisions.why[row]
    assert why.startswith(f"Learned: tier {tier.number} is approved ")
    assert f"{found.odds[row]:.0%}" in why
    assert f"tier {rubric.tier[row]} " in why
    assert " (" in why


def test_trying_out_is_logged_with_its_probability(router, settings, later):
    """About a tenth of the free rows get a neighbour; the log can be used for estimates."""
    _, plain, _ = decided(router, settings, later.requests)
    _, found, _ = decided(router, settings, later.requests, share=0.15, seed=4)
    tried = found.explored
    assert 0.02 < tried.mean() < 0.15
    assert (np.abs(found.decisions.tier - plain.decisions.tier)[tried] == 1).all()
    assert (found.propensity[tried] < 0.1).all()
    assert (found.propensity[~tried] >= 0.85).all()
    assert found.decisions.why[tried][0].startswith("Tried out")
    assert (found.decisions.router[tried] == "tried out").all()


def test_the_same_numbers_try_the_same_rows(router, settings, later):
    """What is tried hangs on the numbers handed in alone."""
    one = decided(router, settings, later.requests, share=0.1, seed=9)[1]
    two = decided(router, settings, later.requests, share=0.1, seed=9)[1]
    assert (one.decisions.tier == two.decisions.tier).all()
    assert (one.propensity == two.propensity).all()


def test_the_budget_of_a_row_holds_for_the_model_too(router, settings, later):
    """No row goes to a tier whose picture costs more than the row allows."""
    columns = {**later.requests.columns}
    columns["Budget per image"] = np.full(len(later.requests), 100_000, dtype=object)
    rubric, found, _ = decided(router, settings, replace(later.requests, columns=columns), 0.15)
    moved = found.decisions.tier != rubric.tier
    assert (COST[found.decisions.tier[moved] - 1] <= 100_000).all()


def test_a_router_that_failed_decides_nothing(router, settings, later):
    """The rubric decides, and the gates that failed are named."""
    gates = (replace(router.gates[0], passed=False), *router.gates[1:])
    rubric, found, (problem,) = decided(replace(router, gates=gates), settings, later.requests)
    assert found.decisions is not None
    assert (found.decisions.tier == rubric.tier).all()
    assert router.gates[0].name in problem.message
    assert decided(replace(router, gates=()), settings, table_of({}))[2]


def test_a_router_of_other_tiers_decides_nothing(router, settings):
    """A tier added to the tab since the training makes the model unfit."""
    four = replace(settings, tiers=(*settings.tiers, replace(settings.tiers[2], number=4)))
    _, _, (problem,) = decided(router, four, table_of({}), costs=np.tile([*COST, 9], (1, 1)))
    assert problem.code == "router-other-tiers"


def test_odds_can_be_had_for_a_budget_fit(router, settings, later):
    """The odds of every row in every tier are those the decision went by."""
    _, found, _ = decided(router, settings, later.requests)
    odds = approval_odds(later.requests, settings, router, later.decisions)
    assert odds.shape == (len(later.requests), 3)
    asked = np.flatnonzero(~np.isnan(found.odds))
    chosen = found.decisions.tier[asked] - 1
    same = odds[asked, chosen] == found.odds[asked]
    assert same.all()


def test_no_requests_are_decided_without_complaint(router, settings):
    """An empty sheet comes back empty."""
    _, found, problems = decided(router, settings, requests(0))
    assert len(found.decisions) == 0
    assert problems == []


def test_the_rubric_can_be_tried_out_before_there_is_a_model(settings, later):
    """A share of its rows gets a neighbouring tier, with the probability of it."""
    costs = np.tile(COST, (len(later.requests), 1))
    trying = TryOut(0.15, np.random.default_rng(1).random(len(later.requests)))
    rubric = later.decisions
    found = explore_plan(later.requests, settings, rubric, rubric, costs, trying)
    tried = found.router == "tried out"
    assert 0.02 < tried.mean() < 0.15
    assert (found.tier[~tried] == rubric.tier[~tried]).all()
    assert (np.abs(found.tier - rubric.tier)[tried] == 1).all()
    assert (found.propensity[tried] < 0.1).all()
    up = tried & (found.tier > rubric.tier)
    assert all(why.startswith("Tried out one tier above, to learn") for why in found.why[up])
    assert (found.propensity[rubric.tier <= 0] == 1).all()
    strict = later.requests.column("Brand strictness") == "high"
    assert not (tried & strict.astype(bool)).any()


def test_the_model_card_shows_the_gates_and_runs_nothing(router):
    """One page of plain HTML: every gate, the plots, no script, and text from a log as text."""
    feature = replace(router.coding.features[0], heading="<script>alert(1)</script>")
    coding = replace(router.coding, features=(feature, *router.coding.features[1:]))
    page = model_card(replace(router, coding=coding))
    assert "<script" not in page
    assert page.count("<svg") == 4
    for gate in router.gates:
        assert gate.name.replace("'", "&#x27;") in page
    assert "may decide" in page
