"""What a policy would have earned, estimated from a log of another policy's decisions.

IPS (Horvitz and Thompson, 1952) weighs each logged outcome by how much likelier the new policy
is to make the logged choice; SNIPS (Swaminathan and Joachims, 2015) divides by the mean weight;
DR (Dudik et al., 2011) adds a model's prediction and weighs only its errors. Intervals are
normal, 95 percent, with products as clusters: the pictures of one product are not independent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean outcome with its 95 percent interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Logged:
    """A log to evaluate on, every array of shape (n,) unless said otherwise.

    Attributes:
        action: The choice that was made.
        propensity: The probability with which it was made.
        group: A number per product.
    """

    action: NDArray[np.intp]
    propensity: NDArray[np.float64]
    group: NDArray[np.intp]

    def weights(self, policy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weigh each row by policy / propensity; `policy` (n, actions) holds probabilities."""
        return policy[np.arange(len(self.action)), self.action] / self.propensity

    def effective_rows(self, policy: NDArray[np.float64]) -> float:
        """Count how many rows of the policy's own the weighted log is worth (Kish, 1965)."""
        weights = self.weights(policy)
        squares = float((weights**2).sum())
        return float(weights.sum()) ** 2 / squares if squares else 0.0


def ips(log: Logged, policy: NDArray[np.float64], outcome: NDArray[np.float64]) -> Estimate:
    """Inverse propensity score: unbiased where propensities are right, with a wide interval."""
    return interval(log.weights(policy) * outcome, log.group)


def snips(log: Logged, policy: NDArray[np.float64], outcome: NDArray[np.float64]) -> Estimate:
    """Self-normalised IPS: a little biased, much narrower."""
    weights = log.weights(policy)
    total = float(weights.mean()) if len(weights) else 0.0
    if not total:
        return Estimate(float("nan"), float("-inf"), float("inf"))
    mean = float((weights * outcome).mean()) / total
    spread = interval(weights * (outcome - mean) / total, log.group)
    return Estimate(mean, mean + spread.low - spread.mean, mean + spread.high - spread.mean)


def dr(
    log: Logged,
    policy: NDArray[np.float64],
    outcome: NDArray[np.float64],
    predicted: NDArray[np.float64],
) -> Estimate:
    """Doubly robust: right where either propensities or `predicted` (n, actions) are right."""
    return interval(dr_terms(log, policy, outcome, predicted), log.group)


def dr_terms(
    log: Logged,
    policy: NDArray[np.float64],
    outcome: NDArray[np.float64],
    predicted: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give each row's share of the estimate: terms of two policies can be subtracted."""
    rows = np.arange(len(log.action))
    error = outcome - predicted[rows, log.action]
    return (policy * predicted).sum(axis=1) + log.weights(policy) * error


def interval(terms: NDArray[np.float64], group: NDArray[np.intp]) -> Estimate:
    """Average the terms, with the spread between products, not between rows."""
    count = len(terms)
    mean = float(terms.mean()) if count else float("nan")
    by_group = np.bincount(group, terms - mean) if count else np.zeros(0)
    groups = int((np.bincount(group) > 0).sum()) if count else 0
    if groups < 2:
        return Estimate(mean, float("-inf"), float("inf"))
    spread = float(np.sqrt((by_group**2).sum() * groups / (groups - 1))) / count
    return Estimate(mean, mean - _NORMAL_95 * spread, mean + _NORMAL_95 * spread)


def certain(choice: NDArray[np.intp], actions: int) -> NDArray[np.float64]:
    """Write a policy that always makes one choice as probabilities, shape (n, actions)."""
    return np.eye(actions)[choice]
