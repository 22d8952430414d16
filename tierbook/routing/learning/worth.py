"""What an approved picture is worth: the least that keeps approvals where the rubric has them.

A low worth saves money and costs approvals. Between the two stands the shadow price of the
condition "no fewer approvals than the rubric": the router then spends the least it can for them.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import SETTINGS
from tierbook.model import MicroUsd
from tierbook.routing.learning.halves import Halves
from tierbook.routing.learning.log import UNKNOWN_PROPENSITY, Log
from tierbook.routing.learning.offpolicy import Logged, certain, dr_terms
from tierbook.routing.learning.policy import Setting, choose

# Tried as multiples of what a picture costs by the rubric.
_LEAST, _MOST, _TRIED = 1.0, 32.0, 24


@dataclass(frozen=True)
class Worth:
    """The worth of an approved picture of visibility weight 1, and where it comes from."""

    micro_usd: MicroUsd
    why: str


def worth_of_approval(
    log: Log,
    served: NDArray[np.intp],
    halves: Halves,
    setting: Setting,
    stated: MicroUsd | None,
) -> Worth:
    """Find the least worth, not below the `stated` one, from which on approvals do not fall.

    `setting` holds the log's rows with the visibility of each as its `value`. Approvals are
    judged twice, by models that did not choose: by the models' word alone, which is steady and a
    little off, and with the errors they made on what was tried (doubly robust), which is right
    on average and unsteady. The mean of both must not be below the rubric's.
    """
    trial = _Trial(log, served, halves, setting)
    scale = float(setting.cost[np.arange(len(served)), setting.rubric].mean())
    worths = scale * np.geomspace(_LEAST, _MOST, _TRIED)
    if stated is not None:
        worths = np.concatenate([[float(stated)], worths[worths > stated]])
    before = trial.approvals(setting.rubric)
    falls = [trial.approvals(trial.chosen(worth)) < before for worth in worths.tolist()]
    least = max((place + 1 for place, fell in enumerate(falls) if fell), default=0)
    taken = round(float(worths[min(least, len(worths) - 1)]))
    if stated is None:
        return Worth(taken, "the least at which approvals do not fall below the rubric's")
    if not least:
        return Worth(taken, f'from tab "{SETTINGS}"')
    return Worth(taken, f'more than tab "{SETTINGS}" says: for that, approvals would fall')


@dataclass(frozen=True)
class _Trial:
    log: Log
    served: NDArray[np.intp]
    halves: Halves
    setting: Setting

    def chosen(self, worth: float) -> NDArray[np.intp]:
        """Choose as the router would, were an approved picture worth this."""
        setting = replace(self.setting, value=self.setting.value * worth)
        return choose(self.halves.fresh, setting).tier

    def approvals(self, tier: NDArray[np.intp]) -> float:
        """Estimate the share approved in these tiers, shape (n,)."""
        log, fresh = self.log, self.halves.fresh
        said = float(self.halves.own[np.arange(len(tier)), tier].mean())
        known = np.flatnonzero(log.propensity > UNKNOWN_PROPENSITY)
        if not len(known):
            return said
        logged = Logged(self.served[known], log.propensity[known], log.product[known])
        policy = certain(tier[known], fresh.shape[1])
        corrected = float(dr_terms(logged, policy, log.approved[known], fresh[known]).mean())
        return (said + corrected) / 2
