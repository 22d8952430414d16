"""Decide every request by the rubric: tier, template, size, queue, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import ACTION, ANGLES, PLACEMENT, RUBRIC, SKU, TIER_OVERRIDE, TIERS
from tierbook.model import (
    HOLD_TIER,
    NO_TIER,
    CellRef,
    Column,
    Configuration,
    Decisions,
    Problem,
    RequestTable,
    text_column,
)
from tierbook.routing.blanks import blank_warnings
from tierbook.routing.firing import NO_RULE, Fired, fire
from tierbook.routing.locks import Locked, locked_rows
from tierbook.routing.reasons import SeenValues, fill_reasons
from tierbook.routing.rubric import Answer, CompiledRule, constrained_inputs
from tierbook.routing.table import VIOLATION_FIX, violation_message
from tierbook.routing.targets import targets

# The queue class of a rule that names none: between what is urgent (1) and what can wait (5).
_MIDDLE_OF_QUEUE = 3
RUBRIC_ROUTER, OVERRIDE_ROUTER, LOCKED_ROUTER = "rubric", "override", "locked"
RAISED_ROUTER = "raised"  # one tier up after a reject
TRIED_ROUTER = "tried out"  # a neighbouring tier, to learn from


@dataclass(frozen=True)
class _Choice:
    """Who decides each row, every array of shape (n,).

    Attributes:
        left: Rows in error or skipped: nothing is decided.
        overridden: Rows whose tier a person chose.
        tier: The tier that results.
    """

    left: NDArray[np.bool_]
    overridden: NDArray[np.bool_]
    tier: NDArray[np.int8]


def decide(requests: RequestTable, configuration: Configuration) -> tuple[Decisions, list[Problem]]:
    """Decide the tier of every request, and what follows from it.

    A person's word comes first: `Action` skip leaves a row undecided, lock keeps what an earlier
    run said, `Tier override` replaces the rubric's tier. `Queue priority` is the class the rule
    gives (1 first); the order within a class is the runner's.

    Returns:
        Decisions for all rows, in order, and the problems found; rows with an error, and rows no
        rule fits, come out as `NO_TIER`.

    Raises:
        RubricError: The rubric has no tier column, or a hit policy that gives no tier.
    """
    fired, problems = fire(requests, configuration)
    problems += _missing_tiers(fired, configuration)
    locked = locked_rows(requests, configuration)
    choice, refused = _choose(requests, configuration, fired, locked)
    free = ~choice.left & ~choice.overridden & ~locked.rows
    problems += refused
    problems += _unrouted(requests, fired, free)
    watched = np.where(free, fired.winner, -2)
    problems += blank_warnings(requests, fired.compiled, fired.inputs, watched)
    return _decisions(requests, configuration, fired, choice, locked), problems


def _choose(
    requests: RequestTable, configuration: Configuration, fired: Fired, locked: Locked
) -> tuple[_Choice, list[Problem]]:
    skipped = np.array([value == "skip" for value in requests.column(ACTION)], dtype=bool)
    left = requests.bad | skipped
    asked = requests.column(TIER_OVERRIDE)
    wanted = np.array([value is not None for value in asked], dtype=bool) & ~left & ~locked.rows
    numbers = {tier.number for tier in configuration.tiers}
    tiers = [rule.answer.tier for rule in fired.compiled.rules]
    tier = np.array([*tiers, NO_TIER], dtype=np.int8)[fired.winner]
    problems: list[Problem] = []
    for row in np.flatnonzero(wanted).tolist():
        tier[row] = asked[row] if asked[row] in numbers else NO_TIER
        if asked[row] not in numbers:
            problems.append(_unknown_tier(requests, row, asked[row], numbers))
            left[row] = True
    tier[left] = NO_TIER
    return _Choice(left, wanted & ~left, tier), problems


def _unknown_tier(requests: RequestTable, row: int, asked: Any, numbers: set[int]) -> Problem:
    known = ", ".join(map(str, sorted(numbers)))
    return Problem(
        code="unknown-tier",
        severity="error",
        message=f"Tier override says {asked}, and the tab Tiers has {known}.",
        fix=f"Type one of {known}, or leave the cell empty to let the rubric decide.",
        cell=requests.cell(row, TIER_OVERRIDE),
        sku=_sku(requests, row),
    )


def _sku(requests: RequestTable, row: int) -> str:
    return str(requests.column(SKU)[row] or "")


def _missing_tiers(fired: Fired, configuration: Configuration) -> list[Problem]:
    """Report each rule of the seller's for a tier the tab lacks; the built-in ones by tier."""
    missing: dict[int, list[CompiledRule]] = {}
    for rule in fired.compiled.rules:
        tier = rule.answer.tier
        if tier != HOLD_TIER and configuration.tier(tier) is None:
            missing.setdefault(tier, []).append(rule)
    if RUBRIC not in configuration.from_workbook:
        return [_built_in_rules(tier, rules) for tier, rules in missing.items()]
    return [
        Problem(
            code="unknown-tier",
            severity="error",
            message=f"Rule {rule.rule.name} says tier {tier}, and the tab Tiers has no such tier.",
            fix=f"Add tier {tier} to the tab Tiers, or change the rule.",
            cell=fired.compiled.tier_cell(rule.rule),
        )
        for tier, rules in missing.items()
        for rule in rules
    ]


def _built_in_rules(tier: int, rules: Sequence[CompiledRule]) -> Problem:
    names = ", ".join(rule.rule.name for rule in rules)
    return Problem(
        code="unknown-tier",
        severity="error",
        message=f"The built-in rubric says tier {tier} (rules {names}), and the tab Tiers has no "
        "such tier.",
        fix=f"Add tier {tier} to the tab Tiers, or bring the rubric in with --with-settings and "
        "change it.",
        cell=CellRef(TIERS),
    )


def _unrouted(requests: RequestTable, fired: Fired, free: NDArray[np.bool_]) -> list[Problem]:
    problems: list[Problem] = []
    for row in np.flatnonzero(free & (fired.winner == NO_RULE)).tolist():
        violation = fired.violations.get(int(fired.matched.pattern[row]))
        code, message, fix = (
            (
                "rules-disagree",
                violation_message("The row", violation, fired.compiled.names()),
                VIOLATION_FIX,
            )
            if violation
            else (
                "no-rule-fits",
                "No rule of the rubric fits this row, so it has no tier.",
                "Add a last rule that leaves every input open; Why says what the row holds.",
            )
        )
        place = requests.cell(row, PLACEMENT)
        problems.append(Problem(code, "error", message, fix, place, _sku(requests, row)))
    return problems


# --------------------------------------------------------------------------- putting it together


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows from one rule and one tier."""

    template: str
    review: str
    lane: str
    engine: str
    queue: int
    candidates: int


_NOTHING = Settled("", "", "", "", 0, 0)


def settle(configuration: Configuration, answer: Answer | None, tier_number: int) -> Settled:
    """Fill what the rule leaves open from the tier; another tier's template is not taken over."""
    if tier_number == NO_TIER:
        return _NOTHING
    queue = answer.queue if answer and answer.queue else _MIDDLE_OF_QUEUE
    if tier_number == HOLD_TIER:
        return Settled("", answer.review if answer else "", "review", "", queue, 0)
    tier = configuration.tier(tier_number)
    said = answer if answer and answer.tier == tier_number else None
    return Settled(
        template=(said.template if said else "") or (tier.prompt_template if tier else ""),
        review=(said.review if said else "") or (tier.review if tier else "none"),
        lane=(said.lane if said else "") or (tier.lane if tier else "standard"),
        engine=tier.engine if tier else "",
        queue=queue,
        candidates=(said.candidates if said else None) or (tier.candidates if tier else 1),
    )


def _decisions(
    requests: RequestTable,
    configuration: Configuration,
    fired: Fired,
    choice: _Choice,
    locked: Locked,
) -> Decisions:
    rules = fired.compiled.rules
    answers = [*(rule.answer for rule in rules), None]
    tier = np.where(locked.rows & ~choice.left, locked.tier, choice.tier).astype(np.int8)
    # Few pairs of rule and tier occur, whatever the number of rows.
    pairs, pair = np.unique((fired.winner + 1) * 16 + tier + 1, return_inverse=True)
    settled = [settle(configuration, answers[int(p) // 16 - 1], int(p) % 16 - 1) for p in pairs]

    def spread(pick: Callable[[Settled], Any]) -> Column:
        return text_column([pick(one) for one in settled])[pair]

    sizes = targets(requests, configuration, fired.winner, tier, answers)
    names = np.array([*fired.compiled.names(), ""], dtype=object)
    matched = [tuple(names[rule] for rule in rules) for rules in fired.matched.fitting()]
    decisions = Decisions(
        tier=tier,
        rule=np.where(choice.left, "", names[fired.winner]),
        matched=text_column(matched)[fired.matched.pattern],
        why=_why(requests, fired, choice),
        template=spread(lambda one: one.template),
        resolution=sizes.resolution,
        ratio=sizes.ratio,
        review=spread(lambda one: one.review),
        lane=spread(lambda one: one.lane),
        width=sizes.width,
        height=sizes.height,
        priority=spread(lambda one: one.queue).astype(np.int32),
        images=_angles(requests) * spread(lambda one: one.candidates).astype(np.int32),
        engine=spread(lambda one: one.engine),
        router=_router(choice, locked),
    )
    return locked.restore(decisions, ~choice.left)


def _angles(requests: RequestTable) -> NDArray[np.int32]:
    """Count the pictures one request asks for; a blank means one."""
    values = requests.column(ANGLES).tolist()
    return np.array([max(1, int(value)) if value else 1 for value in values], dtype=np.int32)


def _router(choice: _Choice, locked: Locked) -> Column:
    router = np.full(len(choice.tier), RUBRIC_ROUTER, dtype=object)
    router[choice.overridden] = OVERRIDE_ROUTER
    router[locked.rows] = LOCKED_ROUTER
    router[choice.left] = ""
    return router


def _why(requests: RequestTable, fired: Fired, choice: _Choice) -> Column:
    why = np.full(len(requests), "", dtype=object)
    every_input = list(constrained_inputs(fired.compiled))
    fill_reasons(why, fired.winner, fired.compiled.rules, SeenValues(fired.inputs), every_input)
    for pattern, violation in fired.violations.items():
        message = violation_message("The row", violation, fired.compiled.names())
        why[fired.matched.pattern == pattern] = message
    asked = requests.column(TIER_OVERRIDE)
    for row in np.flatnonzero(choice.overridden).tolist():
        why[row] = f"Tier override {asked[row]}; the rubric says {why[row]}"
    why[choice.left] = "Not decided: the row has an error"
    skipped = np.array([value == "skip" for value in requests.column(ACTION)], dtype=bool)
    why[skipped] = "Skipped by Action"
    return why
