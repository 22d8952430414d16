"""Close the gap between a plan and its bound: dynamic programming first, then HiGHS.

At the going rate of value for money every option of a picture loses something against its best
one. An option that loses more than the gap cannot be in a better plan; the others are the core.
The core is walked picture by picture with lists of undominated states (Pisinger, 1995), which
settles most catalogs outright; where the lists grow too long, HiGHS proves the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tierbook.costing.fit import EXACT_TO, Options, Plan, plan_of
from tierbook.model import MicroUsd

# Of each state of a step: its parent among the states before, and the option it took.
_Step: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int8]]

_STATES = 16_000
_PICTURES = 2_500
_SECONDS = 10.0
_CENT = 10_000.0
# Sums of rounded numbers differ in their last digits; plans that differ by less are equal.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Core:
    """The options a better plan could still use, of the pictures that have several.

    Attributes:
        rate: Value for a micro-dollar at which the losses are counted.
        best: Each picture's choice at this rate, shape (n,).
        pictures: The pictures of the core, those with the nearest alternatives first.
        loss: What each option of those pictures loses, `inf` where it is out; column 0 is leaving
            it out, shape (pictures, tiers + 1).
        added: What each of these options costs more than the best one, micro-USD.
    """

    rate: float
    best: NDArray[np.intp]
    pictures: NDArray[np.intp]
    loss: NDArray[np.float64]
    added: NDArray[np.int64]


def close_gap(options: Options, budget: MicroUsd, plan: Plan, rate: float) -> Plan:
    """Improve the plan of the relaxation, and prove it the best where that can be done."""
    core = core_of(options, plan, rate)
    plan, complete = walk(options, core, budget, plan)
    if complete or plan.proven:
        return replace(plan, bound=plan.value, proven=True)
    if len(options.cost) > EXACT_TO:
        return plan
    return solve(options, core_of(options, plan, rate), budget, plan)


def core_of(options: Options, plan: Plan, rate: float) -> Core:
    """Drop every option that, at this rate, loses more than the gap could give back."""
    nothing = np.zeros((len(options.cost), 1))
    cost = np.column_stack([nothing.astype(np.int64), options.cost])
    worth = np.where(options.allowed, options.value - rate * options.cost, -np.inf)
    worth = np.column_stack([nothing, worth])
    best = worth.argmax(axis=1)
    loss = worth.max(axis=1)[:, None] - worth
    loss[loss > (plan.bound - plan.value) + _ROUNDING * plan.bound] = np.inf
    others = loss.copy()
    others[np.arange(len(best)), best] = np.inf
    nearest = others.min(axis=1)
    pictures = np.flatnonzero(np.isfinite(nearest))
    pictures = pictures[np.argsort(nearest[pictures], kind="stable")]
    added = cost[pictures] - cost[pictures, best[pictures]][:, None]
    return Core(rate, best - 1, pictures, loss[pictures], added)


# --------------------------------------------------------------------------- states


@dataclass(frozen=True)
class _States:
    """Partial plans: what they add to the best choices' cost, what they lose, whence they came."""

    added: NDArray[np.int64]
    loss: NDArray[np.float64]
    parent: NDArray[np.intp]
    option: NDArray[np.intp]

    def worth(self, rate: float) -> NDArray[np.float64]:
        return rate * self.added - self.loss

    def undominated(self, rate: float) -> "_States":
        """Drop states that another one matches for no more money."""
        order = np.lexsort((self.loss, self.added))
        worth = self.worth(rate)[order]
        highest = np.maximum.accumulate(worth)
        fresh = np.ones(len(order), np.bool_)
        fresh[1:] = worth[1:] > highest[:-1]
        return self.take(order[fresh])

    def take(self, which: NDArray[Any]) -> "_States":
        return _States(self.added[which], self.loss[which], self.parent[which], self.option[which])


def walk(options: Options, core: Core, budget: MicroUsd, plan: Plan) -> tuple[Plan, bool]:
    """Go through the core picture by picture; tell whether every better plan was seen."""
    base = plan_of(options, core.best, None)
    room = budget - base.cost
    complete = len(core.pictures) <= _PICTURES
    cheaper = np.where(np.isfinite(core.loss), core.added, 0).min(axis=1, initial=0)
    can_save = np.concatenate([cheaper[::-1].cumsum()[::-1][1:], [0]])
    best, found = plan.value - base.value, None
    none = np.zeros(1, np.intp)
    states = _States(np.zeros(1, np.int64), np.zeros(1), none, none)
    trail: list[_Step] = []
    for place in range(min(len(core.pictures), _PICTURES)):
        states = _next(states, core.loss[place], core.added[place])
        # A state counts if money can still come right and its bound is above the best plan.
        open_gap = core.rate * room - best + _ROUNDING * plan.bound
        hopeful = (states.added + can_save[place] <= room) & (states.loss <= open_gap)
        states = states.take(hopeful).undominated(core.rate)
        if len(states.added) > _STATES:
            states = states.take(np.sort(np.argsort(states.loss, kind="stable")[:_STATES]))
            complete = False
        # Five bytes a state: a long walk keeps a few million of them.
        trail.append((states.parent.astype(np.int32), states.option.astype(np.int8)))
        affordable = np.where(states.added <= room, states.worth(core.rate), -np.inf)
        if len(affordable) and affordable.max() > best:
            best, found = float(affordable.max()), (place, int(affordable.argmax()))
    if found is None:
        return plan, complete
    choice = core.best.copy()
    for place, option in _trace(trail, *found):
        choice[core.pictures[place]] = option - 1
    better = plan_of(options, choice, plan.bound)
    return (better if better.value > plan.value else plan), complete


def _next(states: _States, loss: NDArray[np.float64], added: NDArray[np.int64]) -> _States:
    alive = np.flatnonzero(np.isfinite(loss))
    count = len(states.added)
    return _States(
        (states.added[None, :] + added[alive, None]).ravel(),
        (states.loss[None, :] + loss[alive, None]).ravel(),
        np.tile(np.arange(count), len(alive)),
        np.repeat(alive, count),
    )


def _trace(trail: list[_Step], place: int, state: int) -> Iterator[tuple[int, int]]:
    """Follow a state back: the option it took at each place."""
    while place >= 0:
        parent, option = trail[place]
        yield place, int(option[state])
        state = int(parent[state])
        place -= 1


# --------------------------------------------------------------------------- HiGHS


def solve(options: Options, core: Core, budget: MicroUsd, plan: Plan) -> Plan:
    """Solve the core as a mixed-integer program; without SciPy the plan stands with its bound."""
    try:
        optimize: Any = import_module("scipy.optimize")
        sparse: Any = import_module("scipy.sparse")
    except ImportError:
        return plan
    base = plan_of(options, core.best, None)
    line, option = np.nonzero(np.isfinite(core.loss))
    added = core.added[line, option]
    gain = core.rate * added - core.loss[line, option]
    scale = float(np.abs(gain).max(initial=0.0)) or 1.0
    count = len(line)
    shape = (len(core.pictures), count)
    one_each = sparse.csr_array((np.ones(count), (line, np.arange(count))), shape=shape)
    money = sparse.csr_array(added[None, :] / _CENT)
    room = (budget - base.cost) / _CENT
    lower = np.concatenate([np.ones(len(core.pictures)), [-np.inf]])
    upper = np.concatenate([np.ones(len(core.pictures)), [room]])
    found: Any = optimize.milp(
        c=-gain / scale,
        integrality=np.ones(count),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(sparse.vstack([one_each, money]), lower, upper),
        options={"mip_rel_gap": 1e-12, "time_limit": _SECONDS},
    )
    if found.x is None:
        return plan
    chosen = np.flatnonzero(np.asarray(found.x) > 0.5)
    choice = core.best.copy()
    choice[core.pictures[line[chosen]]] = option[chosen] - 1
    better = plan_of(options, choice, None)
    best = better if better.cost <= budget and better.value > plan.value else plan
    bound = min(plan.bound, max(best.value, base.value - float(found.mip_dual_bound) * scale))
    return plan_of(options, best.choice, best.value if found.status == 0 else bound)
