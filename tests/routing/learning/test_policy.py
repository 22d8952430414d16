from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierbook.routing.learning.policy import EXPLORE_COST, MIN_GAIN, Setting, choose, explore

COST = np.array([20_000, 180_000, 1_400_000])


def setting(count, rubric=1, value=1_000_000.0, **fields):
    known = Setting(
        value=np.full(count, value),
        cost=np.tile(COST, (count, 1)),
        rubric=np.full(count, rubric),
        allowed=np.ones((count, 3), np.bool_),
        unsure=np.zeros(count, np.bool_),
        untried=np.zeros((3, 3), np.bool_),
    )
    return replace(known, **fields)


def moves(*made_too_seldom):
    found = np.zeros((3, 3), np.bool_)
    for rubric, to in made_too_seldom:
        found[rubric, to] = True
    return found


def chosen(odds, **fields):
    return choose(np.array([odds]), setting(1, **fields))


def test_the_tier_of_the_highest_expected_value_is_taken():
    """Odds x value - cost: nearly the same odds for a ninth of the price win."""
    found = chosen([0.85, 0.90, 0.95])
    assert found.tier.tolist() == [0]
    assert found.gain[0] == pytest.approx(0.85e6 - 20_000 - (0.90e6 - 180_000))


def test_a_picture_worth_more_earns_a_dearer_tier():
    """The same odds, twenty times the worth: the hero tier pays."""
    assert chosen([0.5, 0.7, 0.9], value=20_000_000.0).tier.tolist() == [2]


def test_a_small_gain_is_left_to_the_rubric():
    """A gain at the margin abstains; just above it, the model moves the row."""
    at_margin = (180_000 - 20_000) / 1e6 - MIN_GAIN
    assert chosen([0.9 - at_margin - 0.001, 0.9, 0.9]).abstained.tolist() == [True]
    assert chosen([0.9 - at_margin + 0.001, 0.9, 0.9]).tier.tolist() == [0]


@pytest.mark.parametrize(
    "fields",
    [
        {"unsure": np.array([True])},
        {"untried": moves((1, 0))},
        {"untried": moves((1, 1))},
        {"allowed": np.array([[False, True, True]])},
        {"cost": np.array([[-1, 180_000, 1_400_000]])},
        {"cost": np.array([[20_000, -1, 1_400_000]])},
    ],
)
def test_what_is_new_untried_forbidden_or_unpriced_stays_with_the_rubric(fields):
    """However good the odds look, none of these moves a row."""
    assert chosen([0.99, 0.1, 0.1], **fields).tier.tolist() == [1]


def tried(count, share=0.10, seed=0, free=None, **fields):
    where = setting(count, **fields)
    free = np.ones(count, np.bool_) if free is None else free
    drawn = np.random.default_rng(seed).random(count)
    return explore(where.rubric, where, free, share, drawn), where


def test_only_neighbouring_tiers_are_tried():
    """From the middle one step down or up, from the ends one step inwards."""
    for rubric in (0, 1, 2):
        found, where = tried(4_000, rubric=rubric, cost=np.tile([5, 5, 5], (4_000, 1)))
        assert np.abs(found.tier - where.rubric).max() == 1
        assert ((found.tier >= 0) & (found.tier <= 2)).all()


def test_the_propensity_is_the_probability_of_what_was_drawn():
    """Over many draws each tier comes as often as its propensity says."""
    cost = np.tile([5, 5, 5], (60_000, 1))
    found, where = tried(60_000, share=0.12, cost=cost)
    for tier in range(3):
        rows = found.tier == tier
        assert rows.mean() == pytest.approx(found.propensity[rows].mean(), abs=0.005)
    stayed = ~found.explored
    assert (found.tier[stayed] == where.rubric[stayed]).all()


@pytest.mark.parametrize(
    ("asked", "given_share"), [(0.01, 0.05), (0.10, 0.10), (0.9, 0.15), (0, 0)]
)
def test_the_share_is_held_between_five_and_fifteen_percent(asked, given_share):
    """Less teaches nothing and more costs too much; zero switches it off."""
    found, _ = tried(40_000, share=asked, cost=np.tile([5, 5, 5], (40_000, 1)))
    assert found.explored.mean() == pytest.approx(given_share, abs=0.006)


def test_trying_dearer_tiers_keeps_to_its_budget():
    """The expected extra cost is at most five percent of the plan; cheap steps are not cut."""
    found, where = tried(50_000, share=0.15, seed=3)
    base = float(where.cost[:, 1].sum())
    extra = float((where.cost[np.arange(50_000), found.tier] - 180_000).clip(min=0).sum())
    assert extra < 1.15 * EXPLORE_COST * base
    assert (found.tier == 0).mean() == pytest.approx(0.075, abs=0.005)
    assert 0 < (found.tier == 2).mean() < 0.02


def test_nothing_is_tried_where_it_may_not_be():
    """Rows that are not free, tiers not allowed or without a price keep their tier, surely."""
    closed, _ = tried(500, free=np.zeros(500, np.bool_))
    assert not closed.explored.any()
    assert (closed.propensity == 1).all()
    allowed = np.tile([False, True, False], (500, 1))
    assert not tried(500, allowed=allowed)[0].explored.any()
    assert not tried(500, cost=np.tile([-1, 5, -1], (500, 1)))[0].explored.any()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 60))
def test_a_choice_is_never_worse_than_the_rubric_by_its_own_odds(seed, count):
    """Whatever the odds: the chosen tier is allowed, or it is the rubric's."""
    draw = np.random.default_rng(seed)
    odds = draw.random((count, 3))
    where = setting(
        count,
        rubric=0,
        allowed=draw.random((count, 3)) < 0.7,
    )
    where = replace(where, rubric=draw.integers(0, 3, count))
    found = choose(odds, where)
    rows = np.arange(count)
    moved = found.tier != where.rubric
    assert where.allowed[rows, found.tier][moved].all()
    assert (found.gain[moved] > MIN_GAIN * where.value[moved]).all()
    assert (found.gain[~moved] == 0).all()
