from dataclasses import replace

import numpy as np
import pytest

from tierbook.model import MICRO
from tierbook.routing.learning import train
from tierbook.routing.learning.halves import judge_halves
from tierbook.routing.learning.logistic import Design


def stated(settings, micro_usd):
    return replace(settings, settings=replace(settings.settings, picture_value=micro_usd))


def test_each_half_is_judged_by_models_that_have_not_seen_it():
    """A code that tells the answer in one half only is no use in the other."""
    draw = np.random.default_rng(0)
    n = 1_000
    day = np.repeat([1, 2], n // 2)
    yes = draw.integers(0, 2, n).astype(float)
    codes = np.where(day == 1, yes, 0).astype(np.int32)[:, None]
    design = Design(codes, np.array([2]), draw.integers(0, 2, n), 2)
    halves = judge_halves(design, yes, day, np.arange(n))
    first = day == 1
    told = halves.own[first, 0][yes[first] == 1].mean()
    assert told > 0.9
    assert halves.fresh[first].std() < 0.05


def test_a_log_of_one_day_is_still_halved():
    """Where all products came on one day, no half is empty."""
    draw = np.random.default_rng(0)
    codes = draw.integers(0, 3, (200, 1)).astype(np.int32)
    design = Design(codes, np.array([3]), draw.integers(0, 2, 200), 2)
    yes = draw.integers(0, 2, 200).astype(float)
    halves = judge_halves(design, yes, np.ones(200, np.int64), np.zeros(200, np.intp))
    assert np.isfinite(halves.fresh).all()
    assert np.isfinite(halves.own).all()


@pytest.fixture(scope="module")
def dear(log, settings):
    """Train for a shop to which an approved picture is worth twenty dollars."""
    return train(log, stated(settings, 20 * MICRO))[0]


def test_a_stated_value_above_the_least_is_taken(router, dear):
    """It is the seller's to spend more on a picture; approval rises with it."""
    assert dear.picture_value == 20 * MICRO > router.picture_value
    assert any('from tab "Settings"' in note for note in dear.notes)
    gained = [one.evidence.estimates["approval, difference"]["DR"].mean for one in (router, dear)]
    assert gained[1] > gained[0]


def test_a_stated_value_that_costs_approvals_is_raised(router, log, settings):
    """At a cent a picture all work would go to the cheapest tier; the card tells the raise."""
    cheap, _ = train(log, stated(settings, MICRO // 100))
    assert cheap.picture_value == router.picture_value
    assert any("more than tab" in note for note in cheap.notes)


def test_moves_the_log_never_made_are_never_made(router):
    """Only neighbours were tried out, so no picture goes from the first tier to the last."""
    assert router.untried[0][2]
    assert router.untried[2][0]
    assert not any(router.untried[place][place] for place in range(3))
