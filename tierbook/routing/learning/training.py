"""Learn a router from a log, and test it on what came later."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tierbook.model import Column, Configuration, Problem, usd
from tierbook.routing.learning.features import Coding, learn_coding
from tierbook.routing.learning.gates import (
    Trial,
    auc,
    calibration,
    calibration_error,
    estimates,
    gates,
    log_loss,
)
from tierbook.routing.learning.halves import boosted_of, judge_halves
from tierbook.routing.learning.log import Log, read_log
from tierbook.routing.learning.logistic import Design, Logistic, fit_logistic
from tierbook.routing.learning.model import NOTHING_SEEN, Evidence, TrainedRouter
from tierbook.routing.learning.policy import Setting, choose
from tierbook.routing.learning.ruling import allowed_by_rules, visibility
from tierbook.routing.learning.split import Split, split_by_time
from tierbook.routing.learning.worth import Worth, worth_of_approval

LEAST_ROWS = 500
LEAST_TRIED = 25
_BOOSTED_ROWS = 25_000
_LEAST_ORDERS, _LEAST_ORDERS_IN_TIER = 500, 100
_CHANCE_ROWS = 8_000


def train(
    columns: Mapping[str, Column], configuration: Configuration, seed: int = 0
) -> tuple[TrainedRouter | None, list[Problem]]:
    """Fit, test and record a router from the columns of a log (see `read_log`).

    Returns:
        The router with its gates, which may not have passed, or None where nothing could be
        learned; and the problems, refusals among them as errors.
    """
    log, problems = read_log(columns, configuration)
    if log is None:
        return None, problems
    refusals = list(_refusals(log))
    if refusals:
        return None, [*problems, *refusals]
    split = split_by_time(log)
    refusals = list(_period_refusals(split))
    if refusals:
        return None, [*problems, *refusals]
    coding = learn_coding(split.earlier.columns)
    if not coding.features:
        return None, [*problems, _constant_columns()]
    return _learn(split, coding, configuration, seed), problems


def _learn(split: Split, coding: Coding, configuration: Configuration, seed: int) -> TrainedRouter:
    earlier, later = split.earlier, split.later
    numbers = tuple(tier.number for tier in configuration.tiers)
    places = _Places(numbers)
    sizes = np.array([feature.size for feature in coding.features], np.intp)
    design = Design(
        coding.codes(earlier.columns, len(earlier)), sizes, places.of(earlier.tier), len(numbers)
    )
    halves = judge_halves(design, earlier.approved, earlier.decided, earlier.product)
    untried = _untried(places.of(earlier.rubric), design)
    costs = _tier_costs(earlier, design)
    known = _setting(earlier, coding.new_kind(design.codes), places, untried, costs, configuration)
    worth = worth_of_approval(
        earlier, design.served, halves, known, configuration.settings.picture_value
    )
    router = TrainedRouter(
        coding=coding,
        tiers=numbers,
        logistic=fit_logistic(design, earlier.approved),
        boosted=boosted_of(design, earlier.approved, _BOOSTED_ROWS) if halves.together else None,
        conversion=_conversion(earlier, design),
        untried=tuple(tuple(moves) for moves in untried.tolist()),
        picture_value=worth.micro_usd,
        learned=_period(earlier),
        tested=_period(later),
        rows=(len(earlier), len(later)),
        gates=(),
        evidence=NOTHING_SEEN,
    )
    codes = coding.codes(later.columns, len(later))
    setting = _setting(later, coding.new_kind(codes), places, untried, costs, configuration)
    setting = replace(setting, value=worth.micro_usd * setting.value)
    trial = _trial(router, later, codes, places.of(later.tier), setting)
    chance = chance_auc(split, design, codes, trial.served, seed)
    evidence = _evidence(trial, halves.compared)
    return replace(
        router,
        gates=tuple(gates(trial, chance, evidence)),
        evidence=evidence,
        notes=tuple(_notes(router, split, worth)),
    )


def _setting(
    log: Log,
    new_kind: NDArray[np.bool_],
    places: "_Places",
    untried: NDArray[np.bool_],
    costs: NDArray[np.float64],
    configuration: Configuration,
) -> Setting:
    """Say what a choice depends on, at the tiers' mean costs; `value` is the visibility alone."""
    rubric = places.of(log.rubric)
    return Setting(
        value=visibility(log.columns, len(log), configuration),
        cost=np.tile(costs.round().astype(np.int64), (len(log), 1)),
        rubric=rubric,
        allowed=allowed_by_rules(log.columns, rubric, len(costs), configuration),
        unsure=new_kind,
        untried=untried,
    )


def _trial(
    router: TrainedRouter,
    later: Log,
    codes: NDArray[np.int32],
    served: NDArray[np.intp],
    setting: Setting,
) -> Trial:
    """Let the router choose for the later period as it would in a run."""
    odds = router.odds(codes)
    learned = choose(odds * router.lift(codes, setting.rubric), setting).tier
    costs = setting.cost.astype(np.float64)
    return Trial(later, served, learned, setting.rubric, odds, costs, setting.value)


def _evidence(trial: Trial, compared: Mapping[str, float]) -> Evidence:
    chance = trial.odds[np.arange(len(trial.log)), trial.served]
    bins = calibration(chance, trial.log.approved)
    return Evidence(
        auc=auc(chance, trial.log.approved),
        log_loss=log_loss(chance, trial.log.approved),
        calibration_error=calibration_error(bins),
        estimates=estimates(trial),
        compared=compared,
        calibration=bins,
        moved=float((trial.learned != trial.rubric).mean()),
    )


class _Places:
    """Tier numbers to places in the tiers tab."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self._table = np.zeros(max(numbers) + 1, np.intp)
        self._table[list(numbers)] = np.arange(len(numbers))

    def of(self, tiers: NDArray[np.int8]) -> NDArray[np.intp]:
        return self._table[tiers]


def _conversion(earlier: Log, design: Design) -> Logistic | None:
    """Model orders per visit where every tier has enough orders."""
    seen = np.flatnonzero((earlier.visits > 0) & (earlier.orders <= earlier.visits))
    orders = np.bincount(design.served[seen], earlier.orders[seen], design.tiers)
    if orders.sum() < _LEAST_ORDERS or orders.min() < _LEAST_ORDERS_IN_TIER:
        return None
    visits = earlier.visits[seen]
    return fit_logistic(design.take(seen), earlier.orders[seen] / visits, weights=visits)


def _untried(rubric: NDArray[np.intp], design: Design) -> NDArray[np.bool_]:
    """Mark moves, from the rubric's tier to another, that fewer than 25 rows have made."""
    tiers = design.tiers
    made = np.bincount(rubric * tiers + design.served, minlength=tiers * tiers)
    return made.reshape(tiers, tiers) < LEAST_TRIED


def _tier_costs(earlier: Log, design: Design) -> NDArray[np.float64]:
    counts = np.bincount(design.served, minlength=design.tiers)
    return np.bincount(design.served, earlier.cost, design.tiers) / np.maximum(1, counts)


def chance_auc(
    split: Split,
    design: Design,
    later_codes: NDArray[np.int32],
    later_served: NDArray[np.intp],
    seed: int,
) -> float:
    """Learn labels dealt by chance, one a product, and see whether the later period knows them."""
    draw = np.random.default_rng(seed)
    products = 1 + max(int(split.earlier.product.max()), int(split.later.product.max()))
    dealt = (draw.random(products) < 0.5).astype(np.float64)
    rows = draw.permutation(len(design))[:_CHANCE_ROWS]
    model = fit_logistic(design.take(rows), dealt[split.earlier.product[rows]])
    odds = model.odds(later_codes)[np.arange(len(later_served)), later_served]
    return auc(odds, dealt[split.later.product])


def _period(log: Log) -> tuple[date, date]:
    return (
        date.fromordinal(int(log.decided.min())),
        date.fromordinal(int(log.decided.max())),
    )


# --------------------------------------------------------------------------- refusals and notes


def _refusals(log: Log) -> Iterator[Problem]:
    if len(log) < LEAST_ROWS:
        yield _refusal(
            "log-too-short",
            f"The log has {len(log):,} reviewed rows, and a router needs {LEAST_ROWS}.",
            "Go on with the rubric or the scorecard, and review more pictures.",
        )
        return
    if len(np.unique(log.approved)) < 2:
        word = "approved" if log.approved[0] else "rejected"
        yield _refusal(
            "log-one-class",
            f"Every picture of the log was {word}, so there is nothing to tell apart.",
            "Review with approve and reject both, and train again.",
        )
    tried = set(np.unique(log.tier).tolist())
    if len(tried) < 2:
        yield _refusal(
            "log-one-tier",
            f"Every picture of the log was made in tier {tried.pop()}, so nothing is known of the "
            "others.",
            'Set "Share to try out" in tab Settings: 5 to 15 % of the pictures are enough.',
        )


def _period_refusals(split: Split) -> Iterator[Problem]:
    for name, log in (("earlier", split.earlier), ("later", split.later)):
        if len(log) < LEAST_ROWS // 4 or len(np.unique(log.approved)) < 2:
            yield _refusal(
                "log-period-too-short",
                f"Cut by time, with a gap of {split.gap_days} days, the {name} period has "
                f"{len(log):,} rows, or only approvals or only rejections.",
                "Train on a log that reaches over more days.",
            )


def _constant_columns() -> Problem:
    return _refusal(
        "log-constant",
        "Every column of the log is constant or free text, so no kind of picture can be told from "
        "another.",
        "Add columns such as Category, Background or Price to the log.",
    )


def _refusal(code: str, message: str, fix: str) -> Problem:
    return Problem(code, "error", f"{message} The rubric goes on deciding.", fix)


def _notes(router: TrainedRouter, split: Split, worth: Worth) -> Iterator[str]:
    yield (
        f"Learned from {len(split.earlier):,} rows, tested on {len(split.later):,} later ones, "
        f"with {split.gap_days} days between them and no product in both."
    )
    yield f"An approved picture counts as {usd(worth.micro_usd)} x visibility weight: {worth.why}."
    hardly = [
        f"from tier {router.tiers[rubric]} to {router.tiers[to]}"
        for rubric, moves in enumerate(router.untried)
        for to, untried in enumerate(moves)
        if untried and to != rubric
    ]
    if hardly:
        yield (
            f"Moves that fewer than {LEAST_TRIED} rows of the log have made are not made by the "
            f"router: {', '.join(hardly)}."
        )
    if router.conversion is None:
        yield "Conversion is not modelled: too few orders with visits in some tier."
