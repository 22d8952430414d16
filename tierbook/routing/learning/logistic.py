"""Logistic regression over codes: one coefficient for each code, and one for it in each tier."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.routing.learning.descent import minimise

# Strength of the pull towards zero: that of a handful of rows, stronger on what a tier adds to
# a feature, so that a tier seldom tried is thought to be like the others.
_PULL = 2.0
_PULL_IN_TIER = 6.0
_PULL_OF_TIER = 1e-3
_DECIMALS = 6  # kept as text; a router read back must be the one that was tested
_ITERATIONS = 60
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Design:
    """What a model learns from: codes of features, and the tier each row was served.

    Attributes:
        codes: Shape (n, features), each column below its entry of `sizes`.
        sizes: How many codes each feature has, shape (features,).
        served: Place of the tier, shape (n,).
        tiers: How many tiers there are.
    """

    codes: NDArray[np.int32]
    sizes: NDArray[np.intp]
    served: NDArray[np.intp]
    tiers: int

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.served)

    def take(self, rows: NDArray[Any]) -> "Design":
        """Keep the chosen rows."""
        return Design(self.codes[rows], self.sizes, self.served[rows], self.tiers)


@dataclass(frozen=True)
class Logistic:
    """The log-odds of a yes: `intercept[tier] + sum of shared[code] + in_tier[tier, code]`.

    Attributes:
        offsets: Where each feature's codes begin in the tables, shape (features,).
        intercept: Shape (tiers,).
        shared: Shape (all codes,).
        in_tier: Shape (tiers, all codes).
    """

    offsets: NDArray[np.intp]
    intercept: NDArray[np.float64]
    shared: NDArray[np.float64]
    in_tier: NDArray[np.float64]

    def odds(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Give the probability of a yes in each tier; codes (n, features) to (n, tiers)."""
        places = codes + self.offsets
        table = (self.shared + self.in_tier).T
        log_odds = np.tile(self.intercept, (len(codes), 1))
        for column in places.T:
            log_odds += table[column]
        return 1 / (1 + np.exp(-log_odds))

    def moved(self, codes: NDArray[np.int32], to: int, away: int) -> NDArray[np.float64]:
        """Give how much each feature speaks for a tier against another, shape (n, features)."""
        return (self.in_tier[to] - self.in_tier[away])[codes + self.offsets]

    def weights(self, codes: NDArray[np.int32], tier: int) -> NDArray[np.float64]:
        """Give how much each feature adds to the log-odds in a tier, shape (n, features)."""
        return (self.shared + self.in_tier[tier])[codes + self.offsets]


def fit_logistic(
    design: Design, yes: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> Logistic:
    """Fit by penalised maximum likelihood; `yes` (n,) is a share, counted `weights` times."""
    tiers, width = design.tiers, int(design.sizes.sum())
    offsets = np.concatenate([[0], design.sizes.cumsum()[:-1]]).astype(np.intp)
    one_hot = _one_hot(design, offsets, width)
    across = one_hot.T.tocsr()
    strength = [
        np.full(width, _PULL),
        np.full(tiers * width, _PULL_IN_TIER),
        np.full(tiers, _PULL_OF_TIER),
    ]
    pull = np.concatenate(strength)
    times = np.ones(len(yes)) if weights is None else weights

    def loss(beta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = one_hot @ beta
        small = np.exp(-np.abs(z))  # one exponential serves the odds and the surprise
        error = np.where(z >= 0, 1.0, small) / (1 + small) - yes
        # Plain sums: a dot product of this length would start the threads of the BLAS, which cost
        # more than they give.
        surprise = np.maximum(z, 0) + np.log1p(small) - yes * z
        value = float(np.sum(times * surprise) + 0.5 * np.sum(pull * beta**2))
        return value, across @ (times * error) + pull * beta

    start = np.zeros(len(pull))
    share = float(np.sum(times * yes) / np.sum(times))
    start[-tiers:] = np.log(share / (1 - share)) if 0 < share < 1 else 0.0
    beta = minimise(loss, start, _ITERATIONS, _TOLERANCE).round(_DECIMALS)
    in_tier = beta[width : (tiers + 1) * width].reshape(tiers, width)
    return Logistic(offsets, beta[-tiers:], beta[:width], in_tier)


def _one_hot(design: Design, offsets: NDArray[np.intp], width: int) -> Any:
    """Mark, for each row, its codes, its codes in its tier, and its tier."""
    sparse: Any = import_module("scipy.sparse")
    places = design.codes + offsets
    in_tier = width + design.served[:, None] * width + places
    columns = np.column_stack([places, in_tier, (design.tiers + 1) * width + design.served])
    starts = np.arange(len(design) + 1) * columns.shape[1]
    shape = (len(design), (design.tiers + 1) * width + design.tiers)
    return sparse.csr_array((np.ones(columns.size), columns.ravel(), starts), shape=shape)
