"""Rates: intervals against published figures, comparisons against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.insights.rates import compare, rate, shrunk, upper_bound, visits_needed


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(18, 20, 0.70, 0.97), (9, 10, 0.60, 0.98), (3, 3, 0.44, 1.00), (0, 0, 0.0, 1.0)],
)
def test_wilson_matches_published_intervals(
    successes: int, n: int, low: float, high: float
) -> None:
    """The 95 percent Wilson interval of small counts, to two digits."""
    found = rate(successes, n)
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)


def test_small_counts_are_not_shown_as_a_rate() -> None:
    """Under twenty reviews the words are "not enough yet", with the counts."""
    assert rate(9, 10).words() == "not enough yet (9 of 10)"
    assert rate(36, 45).words() == "80% of 45 (66% to 89%)"


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share(successes: int, failures: int) -> None:
    """Low <= share <= high, and the one-sided bound lies inside the two-sided one."""
    n = successes + failures
    found = rate(successes, n)
    assert 0 <= found.low <= found.high <= 1
    if n:
        assert found.low - 1e-12 <= found.share <= found.high + 1e-12
        assert upper_bound(successes, n) <= found.high + 1e-12


def test_the_amber_limits_of_thirty_reviews() -> None:
    """With a base of 80 percent, 20 of 30 is low and 21 is not; with 90 percent, 24 and 25."""
    assert upper_bound(20, 30) < 0.80 <= upper_bound(21, 30)
    assert upper_bound(24, 30) < 0.90 <= upper_bound(25, 30)


@pytest.mark.parametrize("counts", [(40, 1000, 30, 1000), (5, 60, 9, 50), (0, 30, 3, 40)])
def test_comparison_agrees_with_sampling(counts: tuple[int, int, int, int]) -> None:
    """The probability of being better equals that of drawing from both posteriors."""
    a, n, b, m = counts
    rng = np.random.default_rng(1)
    mine = rng.beta(a + 1, n - a + 1, 200_000)
    other = rng.beta(b + 1, m - b + 1, 200_000)
    assert compare(a, n, b, m).probability == pytest.approx((mine > other).mean(), abs=0.01)


def test_cannot_tell_is_the_default() -> None:
    """A difference that chance explains, or too few visits, gives no verdict."""
    assert compare(22, 1000, 20, 1000).verdict == "cannot tell yet"
    assert compare(5, 5, 0, 5).verdict == "cannot tell yet"
    assert compare(90, 1000, 20, 1000).verdict == "better"
    assert compare(20, 1000, 90, 1000).verdict == "worse"


def test_shrinkage_pulls_small_groups_to_the_tier() -> None:
    """Three of three approved is not a hundred percent when the tier approves seventy."""
    assert shrunk(3, 3, 0.7) == pytest.approx((3 + 14) / 23)
    assert shrunk(700, 1000, 0.2) == pytest.approx(0.69, abs=0.01)


def test_visits_needed_for_a_small_lift() -> None:
    """At two percent, a fifth more needs about 19,600 visits on each side."""
    assert visits_needed(0.02, 0.20) == 19600
