import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.off_policy_check import CAMPAIGNS, compare
from tierbook.routing.learning.offpolicy import (
    Logged,
    certain,
    dr,
    dr_terms,
    interval,
    ips,
    snips,
)

RATES = np.array([[0.2, 0.5, 0.9], [0.8, 0.4, 0.3]])


def draw_log(seed, count=2_000):
    """Log a policy over two kinds of rows whose true rates are known."""
    draw = np.random.default_rng(seed)
    kind = draw.integers(0, 2, count)
    behaviour = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])[kind]
    action = (draw.random(count)[:, None] > behaviour.cumsum(axis=1)).sum(axis=1)
    outcome = (draw.random(count) < RATES[kind, action]).astype(float)
    log = Logged(action, behaviour[np.arange(count), action], np.arange(count))
    return log, kind, outcome


def best(kind):
    return certain(np.array([2, 0])[kind], 3)


def test_estimates_cover_the_truth_as_often_as_they_say():
    """Over 200 logs the 95 percent interval holds the true value in at least nine of ten."""
    held = {"IPS": 0, "SNIPS": 0, "DR": 0}
    for seed in range(200):
        log, kind, outcome = draw_log(seed, 1_000)
        truth = RATES[kind, np.array([2, 0])[kind]].mean()
        predicted = np.full((len(kind), 3), 0.5)
        for name, estimate in (
            ("IPS", ips(log, best(kind), outcome)),
            ("SNIPS", snips(log, best(kind), outcome)),
            ("DR", dr(log, best(kind), outcome, predicted)),
        ):
            held[name] += estimate.low <= truth <= estimate.high
    assert min(held.values()) >= 180, held


def test_the_logging_policy_is_worth_what_it_earned():
    """Certain choices, certainly made: every estimator gives the plain mean."""
    outcome = np.array([1.0, 0.0, 1.0, 1.0])
    log = Logged(np.array([0, 1, 2, 0]), np.ones(4), np.arange(4))
    policy = certain(log.action, 3)
    for estimate in (
        ips(log, policy, outcome),
        snips(log, policy, outcome),
        dr(log, policy, outcome, np.zeros((4, 3))),
    ):
        assert estimate.mean == pytest.approx(0.75)
    assert log.effective_rows(policy) == pytest.approx(4)


def test_a_good_prediction_narrows_dr():
    """With the true rates as predictions the interval is narrower than that of IPS."""
    log, kind, outcome = draw_log(3)
    plain, robust = ips(log, best(kind), outcome), dr(log, best(kind), outcome, RATES[kind])
    assert robust.high - robust.low < 0.7 * (plain.high - plain.low)


def test_a_policy_never_tried_has_no_estimate():
    """No row of the log made the choice: SNIPS says so instead of zero."""
    log = Logged(np.zeros(5, int), np.ones(5), np.arange(5))
    estimate = snips(log, certain(np.ones(5, int), 2), np.ones(5))
    assert np.isnan(estimate.mean)
    assert estimate.high == float("inf")


def test_pictures_of_one_product_are_not_independent():
    """The same terms in fewer products give a wider interval; one product gives none."""
    terms = np.repeat([0.0, 1.0, 1.0, 0.0, 1.0, 0.0], 20)
    alone = interval(terms, np.arange(len(terms)))
    grouped = interval(terms, np.repeat(np.arange(6), 20))
    assert grouped.high - grouped.low > 3 * (alone.high - alone.low)
    assert interval(terms, np.zeros(len(terms), int)).high == float("inf")


@given(st.integers(0, 10**6))
def test_a_difference_of_policies_is_the_difference_of_their_means(seed):
    """Terms can be subtracted row by row, which narrows the interval of a comparison."""
    log, kind, outcome = draw_log(seed, 300)
    one, other = best(kind), certain(np.zeros(300, int), 3)
    predicted = RATES[kind]
    terms = [dr_terms(log, p, outcome, predicted) for p in (one, other)]
    both = interval(terms[0] - terms[1], log.group)
    assert both.mean == pytest.approx(terms[0].mean() - terms[1].mean())


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_real_logs_of_two_policies_agree(campaign):
    """On the Open Bandit Data each policy's click rate is met by the estimates from the other."""
    wheel = os.environ.get("TIERBOOK_OBP_WHEEL", "")
    if not Path(wheel).is_file():
        pytest.skip(
            "the estimators were not checked on real data: set TIERBOOK_OBP_WHEEL to the path "
            "of obp-0.4.1-py3-none-any.whl (pip download --no-deps obp==0.4.1)"
        )
    for found in compare(Path(wheel), campaign):
        assert found.agrees, found
