from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costing.shop import requests
from tierbook import configuration
from tierbook.model import Placement, Rubric, Rule, ScoreBand, Scorecard, ScorecardLine
from tierbook.routing import decide
from tierbook.routing.choosing import choose_router, products
from tierbook.routing.scorecard import decide_scorecard, score

BANDS = (ScoreBand(None, 20, 1, 8), ScoreBand(20, 40, 2, 9), ScoreBand(40, None, 3, 10))
CARD = Scorecard(
    (
        ScorecardLine("Placement group", "hero, campaign", 30, row=2),
        ScorecardLine("Background", "scene", 15, row=3),
        ScorecardLine("Margin", ">= 50", 5, row=4),
        ScorecardLine("Margin", "< 10", -20, row=5),
        ScorecardLine("Budget per image", "> 0.10", 2.5, row=6),
    ),
    BANDS,
)
RUBRIC = Rubric(
    ("Placement group", "Props"),
    ("Tier", "Prompt template"),
    (
        Rule("R1", ("any", "yes"), ("HOLD", "")),
        Rule("R2", ("marketplace main", "any"), (1, "White main")),
        Rule("R3", ("any", "any"), (2, "Rule's own")),
    ),
)
SHOP = replace(
    configuration.defaults(),
    rubric=RUBRIC,
    scorecard=CARD,
    placements=(
        Placement("Gallery", "gallery"),
        Placement("Homepage hero", "hero"),
        Placement("Amazon main", "marketplace main"),
    ),
)


def scored(shop=SHOP, **columns):
    table = requests(len(next(iter(columns.values()))), **columns)
    decisions, _ = decide(table, shop)
    return decide_scorecard(table, shop, decisions)


def test_points_of_all_lines_that_fit_are_added_up():
    """Derived attributes, numbers and the budget in dollars count like in the rubric."""
    table = requests(
        3,
        Placement=["Homepage hero", "Gallery", "Gallery"],
        Background=["Scene", "white", None],
        Margin=[60, 5, None],
        Budget_per_image=[200_000, 100_000, None],
    )
    scores, problems = score(table, SHOP)
    assert scores.points[scores.matched.pattern].tolist() == [52.5, -20, 0]
    assert problems == []


def test_bands_turn_points_into_tiers_lower_bound_included():
    """20 points are tier 2, 15 are tier 1, and the tier brings its engine and template."""
    shop = replace(SHOP, scorecard=replace(CARD, bands=(*BANDS[:1], ScoreBand(20, None, 3))))
    decisions, problems = scored(shop, Background=["scene", "scene"], Margin=[50, None])
    assert decisions.tier.tolist() == [3, 1]
    hero = shop.tier(3)
    assert decisions.engine[0] == hero.engine
    assert decisions.template[0] == hero.prompt_template
    assert decisions.images[0] == hero.candidates
    assert problems == []


def test_a_tier_that_stays_keeps_what_the_rule_said_of_it():
    """The rubric's template is not lost where the score agrees with its tier."""
    decisions, _ = scored(Background=["scene"], Margin=[50])
    assert decisions.tier.tolist() == [2]
    assert decisions.template.tolist() == ["Rule's own"]
    assert decisions.router.tolist() == ["scorecard"]


def test_angles_are_kept_when_the_tier_moves():
    """Candidates are the new tier's, angles the row's."""
    decisions, _ = scored(Placement=["Homepage hero"], Background=["scene"], Angles=[2])
    assert decisions.tier.tolist() == [3]
    assert decisions.images.tolist() == [2 * SHOP.tier(3).candidates]


def test_holds_channel_rules_and_people_come_before_the_score():
    """Hold, marketplace policy and a person's override stand; the score decides the rest."""
    decisions, _ = scored(
        Placement=["Gallery", "amazon main", "Gallery", "Homepage hero"],
        Props=[True, False, False, False],
        Tier_override=[None, None, 1, None],
        Background=["scene"] * 4,
        Margin=[60] * 4,
    )
    assert decisions.tier.tolist() == [0, 1, 1, 3]
    assert decisions.router.tolist() == ["rubric", "rubric", "override", "scorecard"]


def test_why_names_the_three_attributes_that_moved_it_most():
    """Largest points first, whatever their sign; the sum stands before them."""
    decisions, _ = scored(
        Placement=["Homepage hero", "Gallery"],
        Background=["scene", "white"],
        Margin=[5, 30],
        Budget_per_image=[200_000, None],
    )
    assert decisions.why[0] == (
        "Scorecard 27.5 points: Placement group hero, campaign +30, Margin < 10 -20, "
        "Background scene +15"
    )
    assert decisions.why[1] == "Scorecard 0 points: no attribute gives any"


@pytest.mark.parametrize(
    ("bands", "code"),
    [
        (BANDS[1:], "scorecard-hole"),
        ((), "scorecard-hole"),
        ((ScoreBand(None, 30, 1, 8), ScoreBand(-5, None, 2, 9)), "scorecard-overlap"),
        ((ScoreBand(None, None, 7, 8),), "unknown-tier"),
    ],
)
def test_points_without_one_tier_fall_back_to_the_rubric(bands, code):
    """A hole, an overlap and an unknown tier are each said once, with the points."""
    shop = replace(SHOP, scorecard=replace(CARD, bands=bands))
    decisions, (problem,) = scored(shop, Placement=["Gallery", "Gallery"])
    assert decisions.tier.tolist() == [2, 2]
    assert decisions.router.tolist() == ["rubric", "rubric"]
    assert problem.code == code
    assert "0 points" in problem.message


def test_a_line_that_cannot_be_read_is_left_out_and_named():
    """The other lines go on counting."""
    lines = (*CARD.lines, ScorecardLine("Margin", ">= many", 99, row=7))
    shop = replace(SHOP, scorecard=replace(CARD, lines=lines))
    decisions, (problem,) = scored(shop, Placement=["Homepage hero"])
    assert decisions.tier.tolist() == [2]
    assert (problem.cell.sheet, problem.cell.row) == ("Scorecard", 7)


def test_an_attribute_without_a_column_is_a_warning_of_the_sellers_own_scorecard():
    """The built-in scorecard may ask for what a sheet lacks; the seller's own says so."""
    assert scored(Placement=["Gallery"])[1] == []
    own = replace(SHOP, from_workbook=frozenset({"Scorecard"}))
    _, (problem,) = scored(own, Placement=["Gallery"])
    assert (problem.code, problem.severity, problem.cell.row) == ("unknown-attribute", "warning", 4)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["scene", "white", None]), st.integers(0, 100) | st.none()),
        min_size=1,
        max_size=20,
    )
)
def test_whole_columns_score_as_one_row_at_a_time(rows):
    """A plain loop over lines and rows adds up the same points."""
    table = requests(len(rows), Background=[b for b, _ in rows], Margin=[m for _, m in rows])
    scores, _ = score(table, SHOP)
    expected = [
        15 * (background == "scene")
        + 5 * (margin is not None and margin >= 50)
        - 20 * (margin is not None and margin < 10)
        for background, margin in rows
    ]
    assert scores.points[scores.matched.pattern].tolist() == expected


FILLED = frozenset({"Scorecard"})


@pytest.mark.parametrize(
    ("skus", "filled", "passed", "router"),
    [
        (199, FILLED, True, "rubric"),
        (200, FILLED, True, "scorecard"),
        (200, frozenset(), True, "rubric"),
        (5_000, FILLED, True, "scorecard"),
        (5_001, FILLED, True, "learned"),
        (5_001, frozenset(), True, "learned"),
        (5_001, FILLED, False, "scorecard"),
        (5_001, FILLED, None, "scorecard"),
        (5_001, frozenset(), None, "rubric"),
    ],
)
def test_the_router_follows_the_size_of_the_catalog(skus, filled, passed, router):
    """Rubric below 200 products, scorecard to 5,000 when filled in, learned above if it passed."""
    shop = replace(SHOP, from_workbook=filled)
    table = requests(2 * skus, SKU=[f"S{i % skus}" for i in range(2 * skus)])
    choice, problems = choose_router(products(table), shop, passed)
    assert choice.router == router
    assert f"{skus:,} products" in choice.why
    assert problems == []


def test_a_pinned_router_is_taken_and_a_missing_model_is_said():
    """The seller's pin wins; what cannot be used gives way to the rubric with a warning."""

    def pinned(router, passed=None):
        shop = replace(SHOP, settings=replace(SHOP.settings, router=router))
        return choose_router(1, shop, passed)

    assert pinned("Scorecard")[0].router == "scorecard"
    assert pinned("learned", True)[0].router == "learned"
    for passed in (None, False):
        choice, (problem,) = pinned("learned", passed)
        assert (choice.router, problem.code) == ("rubric", "no-learned-router")
    choice, (problem,) = pinned("oracle")
    assert (choice.router, problem.code) == ("rubric", "unknown-router")


def test_no_requests_are_scored_without_complaint():
    """An empty table comes back empty."""
    decisions, problems = scored(SKU=[])
    assert len(decisions) == 0
    assert problems == []
    assert np.asarray(decisions.tier).dtype == np.int8
