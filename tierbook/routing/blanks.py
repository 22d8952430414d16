"""Warn of blank cells that rules compared: a blank fits only `any`."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tierbook.columns import distinct
from tierbook.contract import HAS_PHOTO, PLACEMENT, PLACEMENT_GROUP, SKU
from tierbook.model import CellRef, Problem, RequestTable
from tierbook.routing.cells import BLANK, NO, InputCells
from tierbook.routing.hits import HitPolicy
from tierbook.routing.inputs import RubricInputs
from tierbook.routing.matching import Matched, match
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.terms import Anything, YesNo

_BLANK, _MISSING = "blank-input", "missing-input"
# Past this many rows one warning speaks for all, or it would drown every other.
_NAMED_ROWS = 10
# How many cells and rules a warning of many rows names.
_NAMED_CELLS, _NAMED_RULES = 3, 5


def blank_warnings(
    requests: RequestTable,
    compiled: CompiledRubric,
    inputs: RubricInputs,
    winner: NDArray[np.intp],
) -> list[Problem]:
    """Name the blanks that a rule compared before another decided.

    Where a few blanks mattered (filled in, a rule above the winner could have fired), each is
    named in its row; all others of an input are one warning. An unanswered yes/no question
    matters only where a plain "no" would have changed the result.

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
    # Under First the rules below the winner are never asked; under the others all are.
    asked = np.where(winner == -1, len(compiled.rules), winner)
    if compiled.policy is not HitPolicy.FIRST:
        asked[winner >= 0] = len(compiled.rules)
    problems: list[Problem] = []
    for at, blank in enumerate(blanks):
        if inputs.headings[at] == HAS_PHOTO and HAS_PHOTO not in requests:
            continue  # derived: blank only where the whole sheet says nothing of photos
        asking = np.array([r for r, one in enumerate(compiled.rules) if at in one.asks()], np.intp)
        if not len(asking):
            continue
        mattered = blank & np.isin(missed, asking)
        if inputs.absent[at]:
            if mattered.any():
                problems.append(_absent(compiled, inputs.headings[at], missed[mattered]))
            continue
        compared = blank & (asked > asking[0])
        changed = int(mattered.sum())
        if changed <= _NAMED_ROWS:
            rows = np.flatnonzero(mattered)
            problems.extend(_each(requests, compiled, inputs, winner, missed, at, rows))
            compared &= ~mattered
            changed = 0
        if compared.any():
            heading = inputs.headings[at]
            problems.append(_together(requests, compiled, heading, compared, asking, changed))
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


def without_rows(problem: Problem) -> Problem:
    """Tell a warning of blanks without rows and rules, the same for every part of a table."""
    found = re.match(r'(?s)(?:There is no column )?"(.*?)"(?: is blank|, which)', problem.message)
    heading = found[1] if found else ""
    return replace(
        problem,
        message=f'There is no column "{heading}", which rules compare; a blank fits only `any`.'
        if problem.code == _MISSING
        else f'"{heading}" is blank in rows where rules compare it; a blank fits only `any`.',
    )


def _absent(compiled: CompiledRubric, heading: str, missed: NDArray[np.intp]) -> Problem:
    rules = _rules(compiled, distinct(missed))
    return Problem(
        code=_MISSING,
        severity="info",
        message=f'There is no column "{heading}", which {rules} would compare in {len(missed)} '
        "rows; a blank fits only `any`.",
        fix=f'Add a column "{heading}" if it should count.',
    )


def _together(
    requests: RequestTable,
    compiled: CompiledRubric,
    heading: str,
    compared: NDArray[np.bool_],
    asking: NDArray[np.intp],
    changed: int,
) -> Problem:
    """Tell of all blanks of an input at once; `changed` of them kept a rule from deciding."""
    rows: list[int] = requests.rows[compared].tolist()
    column = requests.letters.get(_home(heading), 0)
    named = ", ".join(
        CellRef(requests.sheet, row, column).a1 if column else f"row {row}"
        for row in rows[:_NAMED_CELLS]
    )
    more = f" and {len(rows) - _NAMED_CELLS} more" if len(rows) > _NAMED_CELLS else ""
    count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    told = f'"{heading}" is blank in {count} ({named}{more}), where {_rules(compiled, asking)}'
    also = f" In {changed} of them a value could have changed what was decided." if changed else ""
    return Problem(
        code=_BLANK,
        severity="warning",
        message=f"{told} would compare it; a blank fits only `any`.{also}",
        fix=f"{_fix(heading)} Leave it blank where it does not matter.",
        cell=CellRef(requests.sheet, 0, column),
    )


def _rules(compiled: CompiledRubric, rules: NDArray[np.intp]) -> str:
    names = compiled.names()
    places: list[int] = rules.tolist()
    listed = [names[rule] for rule in places]
    if len(listed) == 1:
        return f"rule {listed[0]}"
    more = f" and {len(listed) - _NAMED_RULES} more" if len(listed) > _NAMED_RULES else ""
    return f"rules {', '.join(listed[:_NAMED_RULES])}{more}"


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
            code=_BLANK,
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
