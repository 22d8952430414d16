"""`tierbook fit`: which tier each picture should take so that a budget is worth the most."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.costing.fit import (
    LEFT_OUT,
    CurvePoint,
    Options,
    Plan,
    Steps,
    best_plan,
    curve,
    next_steps,
    worthwhile_steps,
)
from tierbook.costing.quoting import pictures_wanted
from tierbook.model import (
    MICRO,
    NO_TIER,
    Configuration,
    Decisions,
    MicroUsd,
    Placement,
    Problem,
    RequestTable,
    usd,
    usd_rounded,
)

# The odds that a picture is approved, by how many tiers it lies above or below the tier the
# rubric names. Assumed until a shop's own approvals are passed in.
ASSUMED_ODDS = {-2: 0.20, -1: 0.45, 0: 0.80, 1: 0.88, 2: 0.92}
_RULED = frozenset(map(contract.folded, contract.POLICY_GROUPS))
SALES = "Sales 90 days"
NEXT_MONEY: MicroUsd = 10 * MICRO


@dataclass(frozen=True)
class BudgetFit:
    """The best use of a budget.

    Attributes:
        tier: Tier of each request, `NO_TIER` where it is left out, shape (n,).
        cost: What each request costs in its tier, micro-USD, shape (n,).
        value: What it is worth there (weight x sales x odds), shape (n,).
        left_out: Requests that could be made and are not, shape (n,).
        plan: The totals, with the bound on every other plan.
        curve: Value against cost of the best plans, for a chart.
        cheapest: What every picture in its cheapest tier would cost, micro-USD.
        sentences: What it comes to, for the seller.
    """

    tier: NDArray[np.int8]
    cost: NDArray[np.int64]
    value: NDArray[np.float64]
    left_out: NDArray[np.bool_]
    plan: Plan
    curve: tuple[CurvePoint, ...]
    cheapest: MicroUsd
    sentences: tuple[str, ...]


def fit_budget(
    requests: RequestTable,
    decisions: Decisions,
    configuration: Configuration,
    per_tier: NDArray[np.int64],
    budget: MicroUsd,
    odds: NDArray[np.float64] | None = None,
) -> tuple[BudgetFit, list[Problem]]:
    """Give each picture the tier, of those it may take, that makes the budget worth the most.

    The value of a picture is its placement's visibility weight x its sales x the odds that it is
    approved. `per_tier` (micro-USD, -1 unknown) and `odds` (0 to 1) have shape (n, tiers), in
    the order of `configuration.tiers`.
    """
    chances = assumed_odds(decisions, configuration) if odds is None else odds
    options = Options(
        cost=per_tier,
        value=worth(requests, configuration)[:, None] * chances,
        allowed=allowed_tiers(requests, decisions, configuration, per_tier),
    )
    steps = worthwhile_steps(options)
    plan = best_plan(options, budget, steps)
    made = plan.choice != LEFT_OUT
    taken = plan.choice[made]
    tier = np.full(len(requests), NO_TIER, np.int8)
    cost = np.zeros(len(requests), np.int64)
    value = np.zeros(len(requests))
    tier[made] = np.array([tier.number for tier in configuration.tiers], np.int8)[taken]
    cost[made] = per_tier[made, taken]
    value[made] = options.value[made, taken]
    left_out = options.allowed.any(axis=1) & ~made
    cheapest = _cheapest(options)
    sentences = (
        *_outcome(plan, left_out, budget),
        *_next_money(requests, steps, budget, configuration),
        _ASSUMED if odds is None else _LEARNED,
    )
    fitted = BudgetFit(tier, cost, value, left_out, plan, curve(steps), cheapest, sentences)
    return fitted, list(_problems(fitted, budget))


def allowed_tiers(
    requests: RequestTable,
    decisions: Decisions,
    configuration: Configuration,
    per_tier: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell which tiers each request may take, shape (n, tiers).

    A tier needs a price within the row's own budget. Rows on hold, undecided or in error take
    none. Rows whose tier a person chose, and placements whose channel rules how the picture is
    made, keep their tier. Strict brands take no tier below the one the rubric names.
    """
    numbers = np.array([tier.number for tier in configuration.tiers])
    ranks = numbers[None, :] - decisions.tier[:, None].astype(np.int64)
    routed = (decisions.tier > 0) & ~requests.bad
    strict = requests.column(contract.BRAND_STRICTNESS) == contract.STRICTNESS[-1]
    chosen = np.isin(decisions.router.astype(str), ["override", "locked"])
    placed = _placements(requests, configuration)
    ruled = np.array([p is not None and contract.folded(p.group) in _RULED for p in placed])
    fixed = chosen | ruled.astype(np.bool_)
    allowed = (per_tier >= 0) & routed[:, None]
    allowed &= (ranks == 0) | ~fixed[:, None]
    allowed &= (ranks >= 0) | ~strict.astype(np.bool_)[:, None]
    return allowed & _within_row_budget(requests, configuration, per_tier)


def assumed_odds(decisions: Decisions, configuration: Configuration) -> NDArray[np.float64]:
    """Assume how likely each request is approved in each tier, shape (n, tiers)."""
    numbers = np.array([tier.number for tier in configuration.tiers])
    steps = np.clip(numbers[None, :] - decisions.tier[:, None].astype(np.int64), -2, 2)
    return np.array([ASSUMED_ODDS[step] for step in range(-2, 3)], np.float64)[steps + 2]


def worth(requests: RequestTable, configuration: Configuration) -> NDArray[np.float64]:
    """Weigh each request: visibility x sales x pictures, shape (n,); unknown sales are middling."""
    weights = [1.0 if p is None else float(p.visibility_weight)
               for p in _placements(requests, configuration)]  # fmt: skip
    heading = next(
        (h for h in requests.columns if contract.folded(h) == contract.folded(SALES)), ""
    )
    sales = [_number(value) for value in requests.column(heading)]
    middling = float(np.median([amount for amount in sales if amount is not None] or [1.0]))
    # A product that has not sold yet still deserves a picture, so nothing is worth nothing.
    sold = [max(1.0, middling if amount is None else amount) for amount in sales]
    return np.array(weights, np.float64) * np.array(sold) * pictures_wanted(requests)


def _number(value: object) -> float | None:
    try:
        return float(str(value)) if value is not None else None
    except ValueError:
        return None


def _placements(requests: RequestTable, configuration: Configuration) -> list[Placement | None]:
    known = {
        contract.folded(name): place
        for place in reversed(configuration.placements)
        for name in (place.name, *place.aliases)
    }
    return [known.get(contract.folded(str(n or ""))) for n in requests.column(contract.PLACEMENT)]


def _within_row_budget(
    requests: RequestTable, configuration: Configuration, per_tier: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Compare the price of one image with the row's budget for one image."""
    candidates = np.array([max(1, tier.candidates) for tier in configuration.tiers])
    images = pictures_wanted(requests)[:, None] * candidates[None, :]
    most = np.iinfo(np.int64).max
    budgets = requests.column(contract.BUDGET_PER_IMAGE)
    limits = np.fromiter((most if b is None else b for b in budgets), np.int64, len(requests))
    return per_tier // images <= limits[:, None]


def _cheapest(options: Options) -> MicroUsd:
    possible = options.allowed.any(axis=1)
    costs = np.where(options.allowed, options.cost, np.iinfo(np.int64).max)[possible]
    return int(costs.min(axis=1).sum()) if len(costs) else 0


# --------------------------------------------------------------------------- what it comes to

_ASSUMED = (
    "Approval odds are assumed: 80 % in the tier the rubric names, less below it, a little more "
    "above. They give way to your own approvals once there are enough."
)
_LEARNED = "Approval odds are those of the workbook's learned router, which passed its gates."


def _outcome(plan: Plan, left_out: NDArray[np.bool_], budget: MicroUsd) -> Iterator[str]:
    made = int((plan.choice != LEFT_OUT).sum())
    sure = (
        "No other plan within the budget is worth more."
        if plan.proven
        else f"No other plan is worth more than {plan.gap:.4%} above it."
    )
    yield (
        f"{made:,} of {made + int(left_out.sum()):,} requests for {usd_rounded(plan.cost)} of the "
        f"{usd(budget)}. {sure}"
    )
    if left_out.any():
        yield (
            f"{int(left_out.sum()):,} requests are left out: they add the least for their price."
        )


def _next_money(
    requests: RequestTable,
    steps: Steps,
    budget: MicroUsd,
    configuration: Configuration,
) -> Iterator[str]:
    """Say what the next $10 beyond the budget would change."""
    bought = next_steps(steps, budget, NEXT_MONEY)
    if bought.start == len(steps.cost):
        yield "More money would change nothing: every request has its best tier."
        return
    if not len(bought):
        yield f"The next {usd(NEXT_MONEY)} would not pay for another picture or a better tier."
        return
    span = slice(bought.start, bought.stop)
    options: list[int] = steps.to[span].tolist()
    moves = Counter(configuration.tiers[option].number for option in options)
    listed = ", ".join(f"{count:,} to tier {number}" for number, count in sorted(moves.items()))
    placed: list[str] = requests.column(contract.PLACEMENT)[steps.picture[span]].tolist()
    most = Counter(placed).most_common(1)[0][0]
    now = float(steps.value[: bought.start].sum())
    more = f", and {float(steps.value[span].sum()) / now:.1%} more value" if now else ""
    yield (
        f"The next {usd(NEXT_MONEY)} buys {len(bought):,} moves: {listed}; "
        f"most of them {most}{more}."
    )


def _problems(fitted: BudgetFit, budget: MicroUsd) -> Iterator[Problem]:
    if budget < fitted.cheapest:
        yield Problem(
            "budget-below-cheapest",
            "warning",
            f"The budget of {usd(budget)} is below the cheapest plan: every request in its "
            f"cheapest tier costs {usd(fitted.cheapest)}. {int(fitted.left_out.sum()):,} requests "
            "are left out. No money moved.",
            f"Raise the budget to {usd(fitted.cheapest)}, or pin a cheaper engine to the first "
            'tier in tab "Tiers".',
        )
