"""The rubric check: what is wrong with the rules, whether the tests pass, what a change moved."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import (
    ANGLES,
    BUDGET_PER_IMAGE,
    DERIVED_INPUTS,
    HAS_PHOTO,
    HOLD,
    LONG_EDGE_PX,
    PLACEMENT,
    PLACEMENT_GROUP,
    REQUEST_INPUTS,
    RUBRIC_TESTS,
    SOURCE_IMAGE,
    TIER_OVERRIDE,
    folded,
)
from tierbook.model import (
    HOLD_TIER,
    MICRO,
    NO_TIER,
    Bill,
    CellRef,
    Column,
    Configuration,
    Decisions,
    Finding,
    Move,
    RequestTable,
    RubricReport,
    TestResult,
    text_column,
    usd,
)
from tierbook.routing.deciding import decide
from tierbook.routing.domain import valid_choices
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.locks import tier_number
from tierbook.routing.mistakes import counted, routing_mistakes
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.terms import as_number, fold, known
from tierbook.routing.verify import verify


def check_rubric(
    configuration: Configuration,
    requests: RequestTable,
    decisions: Decisions,
    bill: Bill,
    *,
    today: date,
    previous: Column | None = None,
    previous_cost: Column | None = None,
) -> RubricReport:
    """Check the rubric against itself, its tests, and this sheet.

    Args:
        configuration: The settings, with the rubric and its tests.
        requests: The table.
        decisions: What was decided.
        bill: What it costs.
        today: The day prices and rules are compared with.
        previous: The column Tier as an earlier run left it, shape (n,).
        previous_cost: The column Est. cost of that run: micro-USD where the array has an
            integer dtype, otherwise dollars as a sheet holds them.
    """
    compiled, _ = compile_rubric(configuration.rubric)
    verified = verify(compiled, valid_choices(configuration))
    hits = Counter(str(rule) for rule in decisions.rule.tolist() if rule)
    by_rule = {rule.name: hits.get(rule.name, 0) for rule in configuration.rubric.rules}
    tests = run_tests(configuration)
    moves = _moves(decisions, bill, previous, previous_cost)
    findings = (
        *_failed(tests),
        *verified,
        *_never_hit(configuration, by_rule, verified, len(requests)),
        *map(_moved, moves),
        *routing_mistakes(configuration, requests, decisions, today),
    )
    return RubricReport(findings, by_rule, tests, moves)


def _never_hit(
    configuration: Configuration, hits: Mapping[str, int], verified: Sequence[Finding], rows: int
) -> Iterator[Finding]:
    dead = {finding.rule for finding in verified if finding.kind == "unreachable"}
    for rule in configuration.rubric.rules if rows else ():
        if rule.on and not hits[rule.name] and rule.name not in dead:
            yield Finding(
                kind="never-hit",
                severity="info",
                message=f"Rule {rule.name} decided no picture of this sheet.",
                fix="Keep it if such pictures will come; otherwise remove it.",
                rule=rule.name,
                cell=CellRef(configuration.rubric.sheet, rule.row),
            )


# --------------------------------------------------------------------------- tests


def run_tests(configuration: Configuration) -> tuple[TestResult, ...]:
    """Decide each example of the tab Rubric tests, and compare tier and rule.

    Raises:
        RubricError: The rubric itself cannot be used.
    """
    tests = configuration.rubric_tests
    if not tests:
        return ()
    decisions, _ = decide(_examples(configuration), configuration)
    results: list[TestResult] = []
    for row, test in enumerate(tests):
        tier, rule = tier_label(int(decisions.tier[row])), str(decisions.rule[row])
        right = tier_number(test.tier) == decisions.tier[row]
        passed = bool(right) and (not test.rule or fold(test.rule) == fold(rule))
        expected = _outcome(test.tier, test.rule)
        results.append(TestResult(test.name, passed, expected, _outcome(tier, rule), test.row))
    return tuple(results)


def tier_label(tier: int) -> str:
    """Name a tier as the sheet does: `1`, `HOLD`, or `none`."""
    return {HOLD_TIER: HOLD, NO_TIER: "none"}.get(tier, str(tier))


def _outcome(tier: str, rule: str) -> str:
    return f"tier {tier}, rule {rule}" if rule else f"tier {tier}"


def _examples(configuration: Configuration) -> RequestTable:
    """Make a table of the tests' examples; inputs an example leaves out are blank."""
    contract = {folded(heading): heading for heading in (*REQUEST_INPUTS, *DERIVED_INPUTS)}
    tests = configuration.rubric_tests
    examples = [
        {contract.get(folded(name), name): value for name, value in test.example.items()}
        for test in tests
    ]
    # Each example stands alone: what it does not say must not depend on what its neighbours say.
    groups = placements_by_name(configuration)
    for example in examples:
        placement = groups.get(fold(str(example.get(PLACEMENT))))
        example.setdefault(PLACEMENT_GROUP, placement.group if placement else None)
        example.setdefault(HAS_PHOTO, True if known(example.get(SOURCE_IMAGE)) else None)
    asked = [contract.get(folded(name), name) for name in configuration.rubric.inputs]
    headings = dict.fromkeys([*(name for example in examples for name in example), *asked])
    columns = {
        heading: text_column([_example(heading, example.get(heading)) for example in examples])
        for heading in headings
    }
    return RequestTable(
        sheet=RUBRIC_TESTS,
        rows=np.array([test.row for test in tests], dtype=np.int64),
        columns=columns,
        letters={},
        bad=np.zeros(len(tests), dtype=bool),
    )


# Contract columns that hold whole numbers, whatever a test's cell holds.
_WHOLE = frozenset({ANGLES, LONG_EDGE_PX, TIER_OVERRIDE})


def _example(heading: str, value: Any) -> Any:
    seen = known(value)
    if seen is None:
        return None
    if heading == BUDGET_PER_IMAGE or heading in _WHOLE:
        number = as_number(seen)
        if number is None:
            return None
        return int(number * MICRO) if heading == BUDGET_PER_IMAGE else int(number)
    return value.strip() if isinstance(value, str) else value


def _failed(tests: Sequence[TestResult]) -> Iterator[Finding]:
    for test in tests:
        if not test.passed:
            yield Finding(
                kind="test",
                severity="error",
                message=f'Rubric test "{test.name}" expects {test.expected} and got {test.got}. '
                "No picture is made until it passes.",
                fix="Correct the rubric, or the test if the rubric is right.",
                example=test.name,
                cell=CellRef(RUBRIC_TESTS, test.row),
            )


# --------------------------------------------------------------------------- what a change moved


def _moves(
    decisions: Decisions, bill: Bill, previous: Column | None, previous_cost: Column | None
) -> tuple[Move, ...]:
    if previous is None:
        return ()
    before = np.array([tier_number(value) for value in previous.tolist()], dtype=np.int64)
    moved = np.flatnonzero((before != NO_TIER) & (before != decisions.tier))
    difference = bill.estimate - _micro(previous_cost, len(before))
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in moved.tolist():
        groups[int(before[row]), int(decisions.tier[row])].append(row)
    return tuple(
        Move(tier_label(old), tier_label(new), len(rows), int(difference[rows].sum()))
        for (old, new), rows in sorted(groups.items())
    )


def _micro(cost: Column | None, rows: int) -> NDArray[np.int64]:
    if cost is None:
        return np.zeros(rows, dtype=np.int64)
    if cost.dtype.kind in "iu":
        return cost.astype(np.int64)
    dollars = [as_number(known(value)) or Decimal(0) for value in cost.tolist()]
    return np.array([round(value * MICRO) for value in dollars], dtype=np.int64)


def _moved(move: Move) -> Finding:
    direction = "more" if move.difference > 0 else "less"
    return Finding(
        kind="change",
        severity="info",
        message=f"{counted(move.rows, 'row')} moved from tier {move.from_tier} to tier "
        f"{move.to_tier}: {usd(abs(move.difference))} {direction} than in the last run.",
    )
