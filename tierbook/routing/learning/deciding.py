"""Decide requests with a trained router, leaving to the rubric what it is not sure of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import ANGLES, BUDGET_PER_IMAGE
from tierbook.model import (
    NO_TIER,
    Column,
    Configuration,
    Decisions,
    Problem,
    RequestTable,
    text_column,
)
from tierbook.routing.choosing import LEARNED_ROUTER
from tierbook.routing.deciding import TRIED_ROUTER
from tierbook.routing.learning.features import routing_columns
from tierbook.routing.learning.model import TrainedRouter
from tierbook.routing.learning.policy import Exploration, Setting, choose, explore
from tierbook.routing.learning.reasons import reasons
from tierbook.routing.learning.ruling import allowed_by_rules, strict_brand, visibility
from tierbook.routing.retiering import open_rows, placement_groups, retier


@dataclass(frozen=True)
class TryOut:
    """The share of rows to try in a neighbouring tier, and a number by chance, 0 to 1, for each.

    The numbers decide which rows are tried: the same numbers, the same rows. Shape (n,).
    """

    share: float
    drawn: NDArray[np.float64]


@dataclass(frozen=True)
class LearnedDecisions:
    """Decisions with what the log must remember of them; every array of shape (n,).

    Attributes:
        propensity: Probability with which the tier was drawn; 1 where nothing was tried out.
        explored: Rows given a neighbouring tier to learn from.
        abstained: Rows the model left to the rubric although it would have moved them, or could
            not judge them.
        odds: Probability of approval in the tier given, nan where the model was not asked.
    """

    decisions: Decisions
    propensity: NDArray[np.float64]
    explored: NDArray[np.bool_]
    abstained: NDArray[np.bool_]
    odds: NDArray[np.float64]


def decide_learned(
    requests: RequestTable,
    configuration: Configuration,
    router: TrainedRouter,
    rubric_decisions: Decisions,
    per_tier: NDArray[np.int64],
    trying: TryOut | None = None,
) -> tuple[LearnedDecisions, list[Problem]]:
    """Give each row the tier of the highest expected value: odds x worth - cost.

    `per_tier` (n, tiers) is what each row costs in each tier, micro-USD, -1 unknown. What the
    rubric holds, what a person chose and what a channel rules is not touched. A router that did
    not pass its gates, or knows other tiers than the tab Tiers, decides nothing.
    `trying` gives 5 to 15 percent of the rows a neighbouring tier, to learn from.
    """
    refused = _unfit(router, configuration)
    if refused:
        return _untouched(rubric_decisions), [refused]
    rows = np.flatnonzero(open_rows(requests, configuration, rubric_decisions))
    before = rubric_decisions.tier[rows]
    rubric = np.searchsorted(router.tiers, before)
    groups = placement_groups(requests, configuration)[rows]
    columns = routing_columns(
        {heading: column[rows] for heading, column in requests.columns.items()}, groups, before
    )
    codes = router.coding.codes(columns, len(rows))
    setting = _setting(requests, configuration, router, rows, columns, codes, rubric, per_tier)
    odds = router.odds(codes)
    chosen = choose(odds * router.lift(codes, rubric), setting)
    free = ~strict_brand(columns, len(rows)) & ~setting.unsure
    drawn = _tried(chosen.tier, setting, free, rows, trying)
    judged = ~chosen.abstained | drawn.explored
    n = len(requests)
    tiers = np.array(router.tiers, np.int8)[drawn.tier]
    tried = _scatter(n, rows, drawn.explored, False)
    learned = LearnedDecisions(
        decisions=retier(
            rubric_decisions,
            requests,
            configuration,
            _scatter(n, rows, judged, False),
            _scatter(n, rows, tiers, NO_TIER),
            _scatter(n, rows, reasons(router, codes, odds, setting, drawn), ""),
            text_column(np.where(tried, TRIED_ROUTER, LEARNED_ROUTER).tolist()),
        ),
        propensity=_scatter(n, rows, drawn.propensity, 1.0),
        explored=tried,
        abstained=_scatter(n, rows, ~judged, False),
        odds=_scatter(n, rows, odds[np.arange(len(rows)), drawn.tier], np.nan),
    )
    return learned, []


def approval_odds(
    requests: RequestTable,
    configuration: Configuration,
    router: TrainedRouter,
    rubric_decisions: Decisions,
) -> NDArray[np.float64]:
    """Give the odds of approval of every row in every tier, shape (n, tiers), for a budget fit."""
    columns = routing_columns(
        requests.columns, placement_groups(requests, configuration), rubric_decisions.tier
    )
    return router.odds(router.coding.codes(columns, len(requests)))


def explore_plan(
    requests: RequestTable,
    configuration: Configuration,
    rubric_decisions: Decisions,
    decisions: Decisions,
    per_tier: NDArray[np.int64],
    trying: TryOut,
) -> Decisions:
    """Try a share of the rows of rubric or scorecard elsewhere, so that a router can be trained.

    Rows the rubric holds, rows chosen by a person, ruled by a channel or of a strict brand are
    left alone. The probability of every tier is kept in the decisions.
    """
    rows = np.flatnonzero(open_rows(requests, configuration, rubric_decisions))
    numbers = np.array([tier.number for tier in configuration.tiers], np.int8)
    planned = np.searchsorted(numbers, decisions.tier[rows])
    columns = {heading: column[rows] for heading, column in requests.columns.items()}
    cost = per_tier[rows]
    setting = Setting(
        value=np.zeros(len(rows)),
        cost=cost,
        rubric=planned,
        allowed=allowed_by_rules(columns, planned, len(numbers), configuration)
        & _within_row_budget(requests, configuration, rows, cost),
        unsure=np.zeros(len(rows), np.bool_),
        untried=np.zeros((len(numbers), len(numbers)), np.bool_),
    )
    free = ~strict_brand(columns, len(rows))
    drawn = _tried(planned, setting, free, rows, trying)
    n = len(requests)
    tried = _scatter(n, rows, drawn.explored, False)
    tier = _scatter(n, rows, numbers[drawn.tier], NO_TIER)
    why = decisions.why.copy()
    for row in np.flatnonzero(tried).tolist():
        step = "above" if tier[row] > decisions.tier[row] else "below"
        why[row] = f"Tried out one tier {step}, to learn from it: {why[row]}"
    changed = retier(decisions, requests, configuration, tried, tier, why, TRIED_ROUTER)
    return replace(changed, propensity=_scatter(n, rows, drawn.propensity, 1.0))


def _tried(
    chosen: NDArray[np.intp],
    setting: Setting,
    free: NDArray[np.bool_],
    rows: NDArray[np.intp],
    trying: TryOut | None,
) -> Exploration:
    if trying is None:
        surely, none = np.ones(len(rows)), np.zeros(len(rows), np.bool_)
        return Exploration(chosen, surely, none)
    return explore(chosen, setting, free, trying.share, trying.drawn[rows])


def _setting(
    requests: RequestTable,
    configuration: Configuration,
    router: TrainedRouter,
    rows: NDArray[np.intp],
    columns: Mapping[str, Column],
    codes: NDArray[np.int32],
    rubric: NDArray[np.intp],
    per_tier: NDArray[np.int64],
) -> Setting:
    cost = per_tier[rows]
    allowed = allowed_by_rules(columns, rubric, len(router.tiers), configuration)
    allowed &= _within_row_budget(requests, configuration, rows, cost)
    return Setting(
        value=router.picture_value * visibility(columns, len(rows), configuration),
        cost=cost,
        rubric=rubric,
        allowed=allowed,
        unsure=router.coding.new_kind(codes),
        untried=np.array(router.untried, np.bool_),
    )


def _within_row_budget(
    requests: RequestTable,
    configuration: Configuration,
    rows: NDArray[np.intp],
    cost: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Compare the price of one image in each tier with the row's budget for one."""
    if BUDGET_PER_IMAGE not in requests:
        return np.ones(cost.shape, np.bool_)
    angles = np.array([max(1, int(a or 1)) for a in requests.column(ANGLES)[rows]], np.int64)
    candidates = np.array([max(1, tier.candidates) for tier in configuration.tiers])
    budgets = requests.column(BUDGET_PER_IMAGE)[rows].tolist()
    limits = np.array([np.iinfo(np.int64).max if b is None else b for b in budgets], np.int64)
    return cost // (angles[:, None] * candidates) <= limits[:, None]


def _scatter(count: int, rows: NDArray[np.intp], values: NDArray[Any], rest: Any) -> NDArray[Any]:
    """Spread the values of some rows over all of them."""
    spread = np.full(count, rest, dtype=values.dtype)
    spread[rows] = values
    return spread


def _unfit(router: TrainedRouter, configuration: Configuration) -> Problem | None:
    numbers = tuple(tier.number for tier in configuration.tiers)
    if router.tiers != numbers:
        return Problem(
            "router-other-tiers",
            "warning",
            f"The learned router knows the tiers {router.tiers}, and the tab Tiers has {numbers}. "
            "The rubric decided.",
            "Train it again with `tierbook train`.",
        )
    failed = [gate.name for gate in router.gates if not gate.passed]
    if not router.passed:
        return Problem(
            "router-failed-gates",
            "warning",
            f"The learned router did not pass: {'; '.join(failed) or 'it was never tested'}. "
            "The rubric decided.",
            "Read its model card, collect more reviews, and train it again.",
        )
    return None


def _untouched(decisions: Decisions) -> LearnedDecisions:
    count = len(decisions)
    none = np.zeros(count, np.bool_)
    return LearnedDecisions(decisions, np.ones(count), none, none, np.full(count, np.nan))
