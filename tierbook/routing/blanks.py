"""Warn where a blank cell kept a rule from firing that would otherwise have won."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tierbook.columns import distinct
from tierbook.contract import HAS_PHOTO, PLACEMENT, PLACEMENT_GROUP, SKU
from tierbook.model import CellRef, Problem, RequestTable
from tierbook.routing.cells import BLANK, NO, InputCells
from tierbook.routing.inputs import RubricInputs
from tierbook.routing.matching import Matched, match
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.terms import Anything, YesNo

# Past this many rows one warning speaks for all, or it would drown every other.
_NAMED_ROWS = 10


def blank_warnings(
    requests: RequestTable,
    compiled: CompiledRubric,
    inputs: RubricInputs,
    winner: NDArray[np.intp],
) -> list[Problem]:
    """Name the blanks that mattered: filled in, a rule above the winner could have fired.

    An unanswered yes/no question matters only where a plain "no" would have changed the result.

    Args:
        requests: The table.
        compiled: The rubric.
        inputs: Its columns.
        winner: The rule that fired for each row, -1 for none, -2 for rows to leave alone.
    """
    blanks = [inputs.blank(at) for at in range(len(inputs.columns))]
    if not compiled.rules or not any(blank.any() for blank in blanks):
        return []
    hopeful = match(_lenient(compiled), inputs.columns, len(requests), len(compiled.rules))
    missed = _first_missed(hopeful, winner, len(compiled.rules))
    problems: list[Problem] = []
    for at, blank in enumerate(blanks):
        if inputs.headings[at] == HAS_PHOTO and HAS_PHOTO not in requests:
            continue  # derived: blank only where the whole sheet says nothing of photos
        asking = [rule for rule, one in enumerate(compiled.rules) if at in one.asks()]
        rows = np.flatnonzero(np.isin(missed, asking) & blank)
        if not len(rows):
            continue
        if inputs.absent[at] or len(rows) > _NAMED_ROWS:
            held: list[int] = distinct(missed[rows]).tolist()
            names = [compiled.names()[rule] for rule in held]
            problems.append(_summary(requests, inputs, at, len(rows), names))
        else:
            problems.extend(_each(requests, compiled, inputs, winner, missed, at, rows))
    return problems


def _lenient(compiled: CompiledRubric) -> list[InputCells]:
    """Cut the inputs so that a blank passes what it could pass if it were filled in."""
    cells = compiled.cells()
    for at, one in enumerate(cells):
        one.accepts[BLANK] |= one.accepts[NO] if _yes_no_only(compiled, at) else True
    return cells


def _yes_no_only(compiled: CompiledRubric, at: int) -> bool:
    tests = [rule.tests[at] for rule in compiled.rules]
    return all(
        isinstance(item, YesNo)
        for test in tests
        if not isinstance(test, Anything)
        for item in test.items
    )


def _first_missed(hopeful: Matched, winner: NDArray[np.intp], rules: int) -> NDArray[np.intp]:
    """Return the first rule above the winner that only blanks held back, or -1."""
    first = np.where(hopeful.rules.any(axis=1), hopeful.rules.argmax(axis=1), rules)
    reached = first[hopeful.pattern]
    limit = np.where(winner == -1, rules, winner)
    return np.where(reached < limit, reached, -1)


def _summary(
    requests: RequestTable, inputs: RubricInputs, at: int, rows: int, names: Sequence[str]
) -> Problem:
    heading = inputs.headings[at]
    rules = f"rule {names[0]}" if len(names) == 1 else f"rules {', '.join(names)}"
    if inputs.absent[at]:
        return Problem(
            code="missing-input",
            severity="info",
            message=f'There is no column "{heading}", which {rules} would compare in {rows} rows; '
            "a blank fits only `any`.",
            fix=f'Add a column "{heading}" if it should count.',
        )
    return Problem(
        code="blank-input",
        severity="warning",
        message=f'"{heading}" is blank in {rows} rows where {rules} would compare it; a blank '
        "fits only `any`, so a rule further down decided.",
        fix=_fix(heading),
        cell=CellRef(requests.sheet, 0, requests.letters.get(_home(heading), 0)),
    )


def _each(
    requests: RequestTable,
    compiled: CompiledRubric,
    inputs: RubricInputs,
    winner: NDArray[np.intp],
    missed: NDArray[np.intp],
    at: int,
    rows: NDArray[np.intp],
) -> Iterator[Problem]:
    heading, names, skus = inputs.headings[at], compiled.names(), requests.column(SKU)
    for row in rows.tolist():
        decided = f"{names[winner[row]]} decided" if winner[row] >= 0 else "no rule fits"
        yield Problem(
            code="blank-input",
            severity="warning",
            message=f'"{heading}" is blank, and rule {names[missed[row]]} compares it; a blank '
            f"fits only `any`, so {decided}.",
            fix=_fix(heading),
            cell=requests.cell(row, _home(heading)),
            sku=str(skus[row] or ""),
        )


def _home(heading: str) -> str:
    """Name the column to fill in: a derived input has none of its own."""
    return PLACEMENT if heading == PLACEMENT_GROUP else heading


def _fix(heading: str) -> str:
    return "Name the source image." if heading == HAS_PHOTO else f'Fill in "{_home(heading)}".'
