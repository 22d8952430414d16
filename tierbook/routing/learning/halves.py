"""Two halves of the earlier period, each judged by models that have only seen the other.

One pair of fits serves twice: it tells which kind of model to trust, and what an approved picture
must be worth for approvals to stay where the rubric has them (`worth`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook.routing.learning.boosted import Boosted, fit_boosted
from tierbook.routing.learning.gates import log_loss
from tierbook.routing.learning.logistic import Design, fit_logistic
from tierbook.routing.learning.model import PLAIN, TOGETHER, joint_odds

_BOOSTED_FROM = 2_000
_BOOSTED_ROWS = 10_000


@dataclass(frozen=True)
class Halves:
    """What models of one half say, both arrays of shape (n, tiers).

    Attributes:
        fresh: Odds by the models of the other half, which have not seen the row.
        own: Odds by the models of the row's own half.
        compared: Log-loss on the later half by kind of model; empty in a log too small for trees.
    """

    fresh: NDArray[np.float64]
    own: NDArray[np.float64]
    compared: Mapping[str, float]

    @property
    def together(self) -> bool:
        """Whether both kinds of model together told the later half better than one alone."""
        return bool(self.compared) and self.compared[TOGETHER] < self.compared[PLAIN]


def judge_halves(
    design: Design, yes: NDArray[np.float64], decided: NDArray[np.int64], product: NDArray[np.intp]
) -> Halves:
    """Cut by the day a product came first, learn each half, and let it judge both."""
    later = _later_half(decided, product)
    shape = (len(design), design.tiers)
    plain, both = _Views(shape), _Views(shape)
    for half in (later, ~later):
        rows, others = np.flatnonzero(~half), np.flatnonzero(half)
        logistic = fit_logistic(design.take(rows), yes[rows])
        plain.note(logistic.odds(design.codes), rows, others)
        if len(design) >= _BOOSTED_FROM:
            boosted = boosted_of(design.take(rows), yes[rows], _BOOSTED_ROWS)
            both.note(joint_odds(design.codes, logistic, boosted), rows, others)
    if len(design) < _BOOSTED_FROM:
        return Halves(plain.fresh, plain.own, {})
    at = np.flatnonzero(later)
    compared = {
        name: log_loss(view.fresh[at, design.served[at]], yes[at])
        for name, view in ((PLAIN, plain), (TOGETHER, both))
    }
    best = both if compared[TOGETHER] < compared[PLAIN] else plain
    return Halves(best.fresh, best.own, compared)


def boosted_of(design: Design, yes: NDArray[np.float64], most: int) -> Boosted:
    """Fit trees to every so many rows, so that a large log costs no more than `most` rows."""
    some = np.arange(0, len(yes), max(1, -(-len(yes) // most)))
    return fit_boosted(design.take(some), yes[some])


def _later_half(decided: NDArray[np.int64], product: NDArray[np.intp]) -> NDArray[np.bool_]:
    first_day = np.full(int(product.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first_day, product, decided)
    came = first_day[product]
    later = came > np.median(came)
    # Where more than half of the rows came on the last day, any two halves must do.
    return later if later.any() else np.arange(len(came)) % 2 == 1


class _Views:
    """One kind of model's word on every row, filled half by half."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.fresh = np.empty(shape)
        self.own = np.empty(shape)

    def note(
        self, odds: NDArray[np.float64], learned: NDArray[np.intp], others: NDArray[np.intp]
    ) -> None:
        self.own[learned] = odds[learned]
        self.fresh[others] = odds[others]
