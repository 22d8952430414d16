"""The learned router as data: what it looks at, what it thinks, and how it was tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tierbook.model import MicroUsd
from tierbook.routing.learning.boosted import Boosted
from tierbook.routing.learning.features import Coding
from tierbook.routing.learning.logistic import Logistic
from tierbook.routing.learning.offpolicy import Estimate


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition on the later period that must hold before the router may decide."""

    name: str
    passed: bool
    measured: str
    wanted: str


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of similar predicted odds: how many, what was predicted, what came."""

    rows: int
    predicted: float
    approved: float


@dataclass(frozen=True)
class Evidence:
    """What the later period showed.

    Attributes:
        auc, log_loss, calibration_error: Of the odds of the tiers that were served.
        estimates: By name (`approval, learned`, `cost, rubric`, ...) and estimator.
        compared: Log-loss of each kind of model on the middle period.
        calibration: Bins of predicted odds.
        moved: Share of rows the router would take away from the rubric.
    """

    auc: float
    log_loss: float
    calibration_error: float
    estimates: Mapping[str, Mapping[str, Estimate]]
    compared: Mapping[str, float]
    calibration: tuple[CalibrationBin, ...]
    moved: float


PLAIN = "logistic regression"
TOGETHER = "logistic regression and gradient boosting, averaged"
NOTHING_SEEN = Evidence(float("nan"), float("nan"), float("nan"), {}, {}, (), 0.0)


@dataclass(frozen=True)
class TrainedRouter:
    """A model of approval with its record; it may route only when every gate passed.

    Attributes:
        tiers: Tier numbers, in the order of the model's columns.
        logistic: Always there: it decides, or it names the strongest features beside `boosted`.
        boosted: There where both together did better on a later part; then their mean decides.
        conversion: A model of orders per visit, where there was enough to learn from.
        untried: Moves from the rubric's tier (row) to another (column) too seldom made, by place.
        picture_value: What an approved picture of visibility weight 1 is worth.
        learned, tested: First and last day of both periods.
        rows: Rows learned from, rows tested on.
    """

    coding: Coding
    tiers: tuple[int, ...]
    logistic: Logistic
    boosted: Boosted | None
    conversion: Logistic | None
    untried: tuple[tuple[bool, ...], ...]
    picture_value: MicroUsd
    learned: tuple[date, date]
    tested: tuple[date, date]
    rows: tuple[int, int]
    gates: tuple[Gate, ...]
    evidence: Evidence
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether there were gates and every one passed."""
        return bool(self.gates) and all(gate.passed for gate in self.gates)

    @property
    def kind(self) -> str:
        """The model that decides."""
        return TOGETHER if self.boosted else PLAIN

    def odds(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Give the probability of approval in each tier, shape (n, tiers)."""
        return joint_odds(codes, self.logistic, self.boosted)

    def lift(self, codes: NDArray[np.int32], rubric: NDArray[np.intp]) -> NDArray[np.float64]:
        """Give orders per visit against the rubric's tier, shape (n, tiers); 1 without a model."""
        if self.conversion is None:
            return np.ones((len(codes), len(self.tiers)))
        rates = self.conversion.odds(codes)
        return rates / rates[np.arange(len(codes)), rubric][:, None]


def joint_odds(
    codes: NDArray[np.int32], logistic: Logistic, boosted: Boosted | None
) -> NDArray[np.float64]:
    """Average what both models say, shape (n, tiers); they err in different places."""
    odds = logistic.odds(codes)
    return odds if boosted is None else (odds + boosted.odds(codes)) / 2
