"""The best use of a fixed budget: at most one tier a picture, the most value for the money.

This is the multiple-choice knapsack problem. Its relaxation is solved exactly by the upper hull
of each picture's options (Sinha and Zoltners, 1979), which gives a plan, a bound on every plan,
and the curve of value against cost. What the bound leaves open is closed in `closing`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.model import MicroUsd

LEFT_OUT = -1
EXACT_TO = 2_000
GAP_ABOVE = 1e-3
_CURVE_POINTS = 60


@dataclass(frozen=True)
class Options:
    """What each picture may become.

    Attributes:
        cost: Micro-USD of each picture in each tier, shape (n, tiers).
        value: Worth of each picture in each tier, any unit, not negative, shape (n, tiers).
        allowed: Where a picture may take the tier, shape (n, tiers).
    """

    cost: NDArray[np.int64]
    value: NDArray[np.float64]
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What the best plan of a cost is worth."""

    cost_micro_usd: MicroUsd
    value: float


@dataclass(frozen=True)
class Plan:
    """A choice for every picture within the budget.

    Attributes:
        choice: Column of the tier each picture takes, or `LEFT_OUT`, shape (n,).
        cost: What the plan costs.
        value: What it is worth.
        bound: No plan within the budget is worth more than this.
        proven: Whether the plan is the best there is.
    """

    choice: NDArray[np.intp]
    cost: MicroUsd
    value: float
    bound: float
    proven: bool

    @property
    def gap(self) -> float:
        """How far the best plan may lie above this one, as a share of the bound."""
        return 0.0 if self.proven or self.bound <= 0 else 1 - self.value / self.bound


@dataclass(frozen=True)
class Steps:
    """Every worthwhile step of every picture to a dearer option, best value for money first.

    Arrays have shape (steps,): the picture, the option before and after, and what it adds.
    """

    picture: NDArray[np.intp]
    to: NDArray[np.intp]
    cost: NDArray[np.int64]
    value: NDArray[np.float64]
    rate: NDArray[np.float64]


def best_plan(options: Options, budget: MicroUsd, steps: Steps | None = None) -> Plan:
    """Find the most valuable plan within the budget (micro-USD).

    Up to 2,000 pictures the plan is closed to the best there is; above, to within 0.1 percent
    of it. `proven` and `bound` tell how far that went.
    """
    from tierbook.costing.closing import close_gap

    steps = steps or worthwhile_steps(options)
    plan, rate = relaxed_plan(options, steps, budget)
    enough = 0.0 if len(options.cost) <= EXACT_TO else GAP_ABOVE
    return plan if plan.proven or plan.gap <= enough else close_gap(options, budget, plan, rate)


def worthwhile_steps(options: Options) -> Steps:
    """Walk the upper hull of each picture's options, from leaving it out to its best tier."""
    pictures = np.arange(len(options.cost))
    at_cost = np.zeros(len(pictures), np.int64)
    at_value = np.zeros(len(pictures))
    last_rate = np.full(len(pictures), np.inf)
    found: list[tuple[NDArray[Any], ...]] = []
    for _ in range(options.cost.shape[1]):
        added_cost = options.cost - at_cost[:, None]
        added_value = options.value - at_value[:, None]
        better = options.allowed & (added_cost >= 0) & (added_value > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = np.where(better, added_value / added_cost, -1.0)
        # Of free steps, all infinitely good, the most valuable; of equal rates, the longest.
        best_rate = rates.max(axis=1, initial=-1.0)
        ranked = np.where(rates == best_rate[:, None], options.value, -1.0)
        to = ranked.argmax(axis=1)
        moves = pictures[best_rate > 0]
        if not len(moves):
            break
        to = to[moves]
        # Rounding must not make a later step of a picture look better than an earlier one.
        last_rate[moves] = np.minimum(last_rate[moves], best_rate[moves])
        cost, value = added_cost[moves, to], added_value[moves, to]
        found.append((moves, to, cost, value, last_rate[moves]))
        at_cost[moves] += cost
        at_value[moves] = options.value[moves, to]
    if not found:
        none = np.empty(0, np.intp)
        return Steps(none, none, np.empty(0, np.int64), np.empty(0), np.empty(0))
    picture, to, cost, value, rate = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(-rate, kind="stable")
    return Steps(picture[order], to[order], cost[order], value[order], rate[order])


def curve(steps: Steps) -> tuple[CurvePoint, ...]:
    """Draw value against cost: the best plans of about sixty budgets, nothing to everything."""
    costs = np.concatenate([[0], steps.cost.cumsum()])
    values = np.concatenate([[0.0], steps.value.cumsum()])
    wanted = np.arange(_CURVE_POINTS + 1) * int(costs[-1]) // _CURVE_POINTS
    places = sorted(set((np.searchsorted(costs, wanted, side="right") - 1).tolist()))
    return tuple(CurvePoint(int(costs[place]), float(values[place])) for place in places)


def relaxed_plan(options: Options, steps: Steps, budget: MicroUsd) -> tuple[Plan, float]:
    """Take the best steps while money lasts, then whatever still fits; the rate of the last."""
    spent = steps.cost.cumsum()
    taken = int(np.searchsorted(spent, budget, side="right"))
    choice = np.full(len(options.cost), LEFT_OUT, np.intp)
    # Steps of one picture stand in order, so the last assignment is the one that holds.
    choice[steps.picture[:taken]] = steps.to[:taken]
    if taken == len(spent):
        return plan_of(options, choice, None), 0.0
    left = budget - (int(spent[taken - 1]) if taken else 0)
    rate = float(steps.rate[taken])
    bound = float(steps.value[:taken].sum()) + rate * left
    _fill(choice, steps, taken, left)
    return plan_of(options, choice, bound), rate


def _fill(choice: NDArray[np.intp], steps: Steps, taken: int, left: int) -> None:
    fitting = taken + np.flatnonzero(steps.cost[taken:] <= left)
    skipped = set(steps.picture[taken:][steps.cost[taken:] > left].tolist())
    for step in fitting.tolist():
        picture, cost = int(steps.picture[step]), int(steps.cost[step])
        if cost > left or picture in skipped:
            skipped.add(picture)
            continue
        choice[picture] = steps.to[step]
        left -= cost
        if not left:
            return


def plan_of(options: Options, choice: NDArray[np.intp], bound: float | None) -> Plan:
    """Add up a choice; without a bound above its value it is the best there is."""
    made = np.flatnonzero(choice != LEFT_OUT)
    value = float(options.value[made, choice[made]].sum())
    cost = int(options.cost[made, choice[made]].sum())
    # The slack is for the rounding of sums; a real difference between plans is far above it.
    proven = bound is None or value >= bound * (1 - 1e-12)
    return Plan(choice, cost, value, value if proven or bound is None else bound, proven)


def next_steps(steps: Steps, budget: MicroUsd, more: MicroUsd) -> range:
    """Find the steps that the next `more` micro-USD beyond the budget would buy."""
    spent = steps.cost.cumsum()
    first, last = np.searchsorted(spent, [budget, budget + more], side="right")
    return range(int(first), int(last))
