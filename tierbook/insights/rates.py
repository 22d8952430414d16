"""Rates with honest intervals: approvals, conversions, and when to say "cannot tell yet".

Pure functions of counts. Sources: Wilson (1927) for the score interval; the Beta distribution as
conjugate prior of a proportion for shrinkage and comparison.
"""

from dataclasses import dataclass
from math import exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

# Under this many reviews a rate is not shown as one: 9 of 10 could be 60 or 98 percent.
ENOUGH = 20
# How many reviews of the tier a template's own reviews are weighed against.
PRIOR_WEIGHT = 20.0
# A difference counts only when it is this likely; else the verdict is "cannot tell yet".
SURE = 0.95
_GRID = 4001


@dataclass(frozen=True, slots=True)
class Rate:
    """A proportion with its Wilson interval; `n` may be 0."""

    successes: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The plain proportion, 0 where nothing was counted."""
        return self.successes / self.n if self.n else 0.0

    @property
    def enough(self) -> bool:
        """Tell whether the count allows the rate to be shown as one."""
        return self.n >= ENOUGH

    def words(self) -> str:
        """Spell the rate: `82 % of 45 (68 to 90 %)`, or `not enough yet (7 of 9)`."""
        if not self.enough:
            return f"not enough yet ({self.successes} of {self.n})"
        return f"{self.share:.0%} of {self.n} ({self.low:.0%} to {self.high:.0%})"


def rate(successes: int, n: int, *, confidence: float = 0.95) -> Rate:
    """Return the proportion with its two-sided Wilson score interval.

    Raises:
        ValueError: more successes than trials, or a negative count.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    low, high = _wilson(successes, n, NormalDist().inv_cdf(0.5 + confidence / 2))
    return Rate(successes, n, low, high)


def upper_bound(successes: int, n: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided Wilson upper bound of a proportion."""
    return _wilson(successes, n, NormalDist().inv_cdf(confidence))[1]


def _wilson(successes: int, n: int, z: float) -> tuple[float, float]:
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def shrunk(successes: int, n: int, base: float, *, weight: float = PRIOR_WEIGHT) -> float:
    """Pull a small group's proportion towards `base`, as `weight` earlier reviews would."""
    return (successes + base * weight) / (n + weight)


Verdict = Literal["better", "worse", "cannot tell yet"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two proportions side by side; `probability` is that of the first being the higher."""

    probability: float
    low: float
    high: float
    verdict: Verdict


def compare(successes: int, n: int, other_successes: int, other_n: int) -> Comparison:
    """Compare two proportions under flat Beta(1, 1) priors.

    `low` and `high` bound the first proportion with 95 percent credibility. The verdict is
    "cannot tell yet" unless one side is higher with a probability of at least `SURE`.
    """
    grid = np.linspace(0.0, 1.0, _GRID)
    mine = _beta_weights(grid, successes + 1, n - successes + 1)
    other = _beta_weights(grid, other_successes + 1, other_n - other_successes + 1)
    below = np.cumsum(other) - other / 2
    probability = float((mine * below).sum())
    cumulated = np.cumsum(mine)
    low = float(grid[np.searchsorted(cumulated, 0.025)])
    high = float(grid[min(np.searchsorted(cumulated, 0.975), _GRID - 1)])
    verdict: Verdict = "cannot tell yet"
    if min(n, other_n) >= ENOUGH:
        if probability >= SURE:
            verdict = "better"
        elif probability <= 1 - SURE:
            verdict = "worse"
    return Comparison(probability, low, high, verdict)


def _beta_weights(grid: np.ndarray, a: float, b: float) -> np.ndarray:
    """Return the Beta(a, b) density on the grid, scaled so that it sums to one."""
    inner = grid[1:-1]
    logs = (a - 1) * np.log(inner) + (b - 1) * np.log1p(-inner)
    logs += lgamma(a + b) - lgamma(a) - lgamma(b)
    weights = np.zeros_like(grid)
    weights[1:-1] = np.exp(logs - logs.max())
    # The ends carry mass only where the density does not vanish there.
    weights[0] = exp(log(b) - float(logs.max())) if a == 1 else 0.0
    weights[-1] = exp(log(a) - float(logs.max())) if b == 1 else 0.0
    return weights / weights.sum()


def visits_needed(base: float, relative_lift: float) -> int:
    """Say how many visits each side needs to see a lift: 16 p(1-p)/d² (80 % power, 5 % error)."""
    difference = base * relative_lift
    return round(16 * base * (1 - base) / (difference * difference))
