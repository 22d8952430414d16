import numpy as np
import pytest
from scipy.optimize import minimize

from tierbook.routing.learning.boosted import fit_boosted
from tierbook.routing.learning.descent import minimise
from tierbook.routing.learning.gates import auc, calibration, calibration_error, log_loss
from tierbook.routing.learning.logistic import Design, fit_logistic


def draw_design(seed, count, chance):
    """Draw two features of three codes, two tiers, and answers with the given chance."""
    draw = np.random.default_rng(seed)
    codes = draw.integers(0, 3, (count, 2)).astype(np.int32)
    served = draw.integers(0, 2, count)
    design = Design(codes, np.array([3, 3]), served, 2)
    return design, (draw.random(count) < chance(codes, served)).astype(float)


def additive(codes, served):
    return 1 / (1 + np.exp(-(0.8 * codes[:, 0] - codes[:, 1] + 1.2 * served - 0.3)))


def opposed(codes, served):
    """Which tier is better depends on whether two codes are equal: no sum of parts shows it."""
    return np.where((codes[:, 0] == codes[:, 1]) == (served == 1), 0.9, 0.1)


def test_logistic_regression_finds_the_true_odds():
    """With many rows the fitted probabilities are those the answers were drawn from."""
    design, yes = draw_design(0, 40_000, additive)
    model = fit_logistic(design, yes)
    codes = np.array([[a, b] for a in range(3) for b in range(3)], np.int32)
    for tier in (0, 1):
        truth = additive(codes, np.full(9, tier))
        assert np.abs(model.odds(codes)[:, tier] - truth).max() < 0.03


def test_a_tier_seldom_tried_is_thought_to_be_like_the_others():
    """The pull towards zero holds what one tier adds to a feature, until there is evidence."""
    design, yes = draw_design(1, 4_000, additive)
    rare = np.flatnonzero((design.served == 0) | (np.arange(4_000) % 200 == 0))
    model = fit_logistic(design.take(rare), yes[rare])
    assert np.abs(model.in_tier[1]).max() < np.abs(model.shared).max() / 3


def test_weights_count_a_row_several_times():
    """A share counted ten times is ten rows with that share of yes."""
    design, yes = draw_design(2, 300, additive)
    weighted = fit_logistic(design, yes, weights=np.full(300, 3.0))
    repeated = fit_logistic(design.take(np.tile(np.arange(300), 3)), np.tile(yes, 3))
    assert weighted.shared == pytest.approx(repeated.shared, abs=1e-3)


def test_boosting_sees_what_no_sum_of_parts_shows():
    """Where features matter together, trees tell rows apart and the sum cannot."""
    design, yes = draw_design(3, 4_000, opposed)
    rows = np.arange(len(design))
    plain = fit_logistic(design, yes).odds(design.codes)[rows, design.served]
    trees = fit_boosted(design, yes).odds(design.codes)[rows, design.served]
    assert auc(plain, yes) < 0.7
    assert auc(trees, yes) > 0.85


def test_descent_ends_where_scipy_ends():
    """Our own minimiser finds the minimum of a smooth convex function that SciPy finds."""
    draw = np.random.default_rng(4)
    matrix = draw.normal(size=(60, 12))

    def function(x):
        z = matrix @ x
        value = np.logaddexp(0, z).sum() + 0.5 * (x @ x)
        return float(value), matrix.T @ (1 / (1 + np.exp(-z))) + x

    found = minimise(function, np.zeros(12), 200, 1e-12)
    assert found == pytest.approx(minimize(function, np.zeros(12), jac=True).x, abs=1e-4)


def test_auc_counts_ties_as_half():
    """Separated scores give 1, equal ones 0.5, one class nothing."""
    yes = np.array([0.0, 0.0, 1.0, 1.0])
    assert auc(np.array([1, 2, 3, 4.0]), yes) == 1
    assert auc(np.array([1, 3, 2, 4.0]), yes) == 0.75
    assert auc(np.ones(4), yes) == 0.5
    assert np.isnan(auc(np.ones(4), np.ones(4)))


def test_calibration_is_the_distance_of_word_and_deed():
    """Odds of 0.8 that come true half of the time are 0.3 off."""
    bins = calibration(np.full(100, 0.8), np.tile([0.0, 1.0], 50))
    assert sum(b.rows for b in bins) == 100
    assert calibration_error(bins) == pytest.approx(0.3)
    assert log_loss(np.array([0.5, 0.5]), np.array([0.0, 1.0])) == pytest.approx(np.log(2))
