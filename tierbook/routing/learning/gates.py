"""The gates between a trained model and a seller's money, each with what it saw."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook.model import MICRO
from tierbook.routing.learning.log import UNKNOWN_PROPENSITY, Log
from tierbook.routing.learning.model import CalibrationBin, Evidence, Gate
from tierbook.routing.learning.offpolicy import (
    Estimate,
    Logged,
    certain,
    dr,
    dr_terms,
    interval,
    ips,
    snips,
)

# Nothing that is known before a picture is made tells its approval this well.
AUC_TOO_GOOD = 0.95
# Labels dealt by chance, one a product, cannot be told; further off means the periods leak.
AUC_OF_CHANCE = 0.05
CALIBRATION_ERROR = 0.05
# Approval may be lower than the rubric's by no more than this, at the low end of the interval.
APPROVAL_MARGIN = 0.02
EFFECTIVE_ROWS = 50
_BINS = 10


@dataclass(frozen=True)
class Trial:
    """Both policies on the later period; choices are places of tiers, shape (n,).

    `odds` and `cost` (micro-USD) are those of every tier, shape (n, tiers).
    """

    log: Log
    served: NDArray[np.intp]
    learned: NDArray[np.intp]
    rubric: NDArray[np.intp]
    odds: NDArray[np.float64]
    cost: NDArray[np.float64]
    value: NDArray[np.float64]


def auc(scores: NDArray[np.float64], yes: NDArray[np.float64]) -> float:
    """Give the chance that an approved row has a higher score than a rejected one."""
    positives = int(yes.sum())
    negatives = len(yes) - positives
    if not positives or not negatives:
        return float("nan")
    _, code, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (counts.cumsum() - (counts - 1) / 2)[code]
    return float((ranks[yes == 1].sum() - positives * (positives + 1) / 2) / positives / negatives)


def log_loss(chance: NDArray[np.float64], yes: NDArray[np.float64]) -> float:
    """Give the mean surprise at what came, in nats."""
    kept = np.clip(chance, 1e-9, 1 - 1e-9)
    return float(-np.mean(yes * np.log(kept) + (1 - yes) * np.log(1 - kept)))


def calibration(
    chance: NDArray[np.float64], yes: NDArray[np.float64]
) -> tuple[CalibrationBin, ...]:
    """Group rows into ten bins of equal size by predicted odds."""
    order = np.argsort(chance, kind="stable")
    parts = [part for part in np.array_split(order, _BINS) if len(part)]
    return tuple(
        CalibrationBin(len(p), float(chance[p].mean()), float(yes[p].mean())) for p in parts
    )


def calibration_error(bins: tuple[CalibrationBin, ...]) -> float:
    """Average how far the bins' predictions lie from what came."""
    rows = sum(b.rows for b in bins)
    return sum(b.rows * abs(b.predicted - b.approved) for b in bins) / rows if rows else 0.0


def estimates(trial: Trial) -> dict[str, dict[str, Estimate]]:
    """Estimate approval, cost and expected value of both policies, and their difference."""
    rows = np.flatnonzero(trial.log.propensity > UNKNOWN_PROPENSITY)
    log = Logged(trial.served[rows], trial.log.propensity[rows], trial.log.product[rows])
    tiers = trial.odds.shape[1]
    policies = {
        "learned": certain(trial.learned[rows], tiers),
        "rubric": certain(trial.rubric[rows], tiers),
    }
    value = trial.value[rows]
    approved, cost = trial.log.approved[rows], trial.log.cost[rows]
    odds = trial.odds[rows]
    costs = trial.cost[rows]
    outcomes = {
        "approval": (approved, odds),
        "cost": (cost, costs),
        "value": (approved * value - cost, odds * value[:, None] - costs),
    }
    found: dict[str, dict[str, Estimate]] = {}
    for what, (outcome, predicted) in outcomes.items():
        for name, policy in policies.items():
            found[f"{what}, {name}"] = {
                "IPS": ips(log, policy, outcome),
                "SNIPS": snips(log, policy, outcome),
                "DR": dr(log, policy, outcome, predicted),
            }
        learned, rubric = (dr_terms(log, p, outcome, predicted) for p in policies.values())
        found[f"{what}, difference"] = {"DR": interval(learned - rubric, log.group)}
    return found


def gates(trial: Trial, chance_auc: float, evidence: Evidence) -> Iterator[Gate]:
    """Judge the model by the later period."""
    products = len(np.unique(trial.log.product))
    # Three standard errors of an AUC of pure chance, where the later period is small.
    slack = max(AUC_OF_CHANCE, 3 / float(np.sqrt(3 * max(1, products))))
    approval = evidence.estimates["approval, difference"]["DR"]
    value = evidence.estimates["value, difference"]["DR"]
    yield Gate(
        "no leak: not too good to be true",
        evidence.auc <= AUC_TOO_GOOD,
        f"AUC {evidence.auc:.3f}",
        f"at most {AUC_TOO_GOOD}",
    )
    yield Gate(
        "no leak: labels dealt by chance stay unknown",
        abs(chance_auc - 0.5) <= slack,
        f"AUC {chance_auc:.3f}",
        f"0.5, give or take {slack:.3f}",
    )
    yield Gate(
        "calibrated",
        evidence.calibration_error <= CALIBRATION_ERROR,
        f"{evidence.calibration_error:.3f} off on average",
        f"at most {CALIBRATION_ERROR}",
    )
    yield _explored(trial)
    yield Gate(
        "approval not lower than the rubric's",
        approval.low >= -APPROVAL_MARGIN,
        _spelled(approval, lambda share: f"{share:+.1%}"),
        f"low end at least {-APPROVAL_MARGIN:+.1%}",
    )
    yield Gate(
        "expected value above the rubric's",
        value.low > 0,
        _spelled(value, lambda amount: f"{amount / MICRO:+,.4f}") + " USD a picture",
        "low end above 0",
    )


def _explored(trial: Trial) -> Gate:
    """Tell whether the log tried enough of what the router would do differently.

    Rows on which both agree say nothing of the difference, and a model's word for the others is
    no evidence.
    """
    rows = np.flatnonzero(
        (trial.log.propensity > UNKNOWN_PROPENSITY) & (trial.learned != trial.rubric)
    )
    log = Logged(trial.served[rows], trial.log.propensity[rows], trial.log.product[rows])
    effective = log.effective_rows(certain(trial.learned[rows], trial.odds.shape[1]))
    return Gate(
        "enough of what it would change was tried",
        effective >= EFFECTIVE_ROWS,
        f"worth {effective:,.0f} rows of the tiers it would move to",
        f"at least {EFFECTIVE_ROWS}",
    )


def _spelled(estimate: Estimate, spell: Callable[[float], str]) -> str:
    return f"{spell(estimate.mean)} ({spell(estimate.low)} to {spell(estimate.high)})"
