"""What the router says of each request, and what that costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook.model.cells import Column
from tierbook.model.money import MicroUsd

HOLD_TIER = 0
NO_TIER = -1


@dataclass(frozen=True)
class Decisions:
    """What the router says of each request; every array has shape (n,).

    Attributes:
        tier: 1, 2, 3, `HOLD_TIER` or `NO_TIER` (undecided: skipped or in error), int8.
        rule: Name of the rule that fired, "" where none did.
        matched: Tuple of the names of all rules that match, in table order.
        why: One sentence: the rule's reason and what it saw.
        template, resolution, ratio, review, lane: str; `resolution` is "WxH".
        width, height: Pixels, int32.
        priority: Queue priority, 1 first, int32.
        images: Pictures to make: angles times candidates, 0 for a repeat of an earlier row, int32.
        engine: The price book choice pinned to the row's tier.
        router: "rubric", "scorecard" or "learned", "override" or "locked" where a person chose, and
            "holdout" or "raised" where a row went one tier up.
        propensity: Probability with which the tier was drawn; None where chance had no part.
        rubric_tier: What the rubric alone said, where another router decided; None otherwise.
    """

    tier: NDArray[np.int8]
    rule: Column
    matched: Column
    why: Column
    template: Column
    resolution: Column
    ratio: Column
    review: Column
    lane: Column
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    priority: NDArray[np.int32]
    images: NDArray[np.int32]
    engine: Column
    router: Column
    propensity: NDArray[np.float64] | None = None
    rubric_tier: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        """Count the requests decided."""
        return len(self.tier)


@dataclass(frozen=True)
class Bill:
    """The price of each request in micro-USD; every array has shape (n,).

    Attributes:
        per_image: Bound for one picture, int64; -1 where no price is known.
        estimate: `per_image` x images, int64; 0 where nothing is to be made.
        redo: Expected cost of redone pictures, int64, not part of `estimate`.
        review: Expected cost of a person's minutes, int64, not part of `estimate`.
        baseline: What one model for everything would cost for the same pictures, int64.
        exactness: "exact", "bounded" or "estimate"; "" where nothing is to be made.
        budget_check: "" or a sentence where the price passes the row's budget.
        held: Reason why the row must wait (no price, past shutdown, over budget), "" otherwise.
    """

    per_image: NDArray[np.int64]
    estimate: NDArray[np.int64]
    redo: NDArray[np.int64]
    review: NDArray[np.int64]
    baseline: NDArray[np.int64]
    exactness: Column
    budget_check: Column
    held: Column

    def total(self) -> MicroUsd:
        """Add up the estimate."""
        return int(self.estimate.sum())
