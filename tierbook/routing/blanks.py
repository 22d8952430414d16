"""Warn where a blank cell kept a rule from firing that would otherwise have won."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import HAS_PHOTO, PLACEMENT, PLACEMENT_GROUP, SKU
from tierbook.model import Problem, RequestTable
from tierbook.routing.cells import BLANK, InputCells
from tierbook.routing.inputs import RubricInputs
from tierbook.routing.matching import Matched, match
from tierbook.routing.rubric import CompiledRubric


def blank_warnings(
    requests: RequestTable,
    compiled: CompiledRubric,
    inputs: RubricInputs,
    winner: NDArray[np.intp],
) -> list[Problem]:
    """Name each blank that mattered: filled in, a rule above the winner could have fired.

    Args:
        requests: The table.
        compiled: The rubric.
        inputs: Its columns.
        winner: The rule that fired for each row, -1 for none, -2 for rows to leave alone.
    """
    blanks = [inputs.blank(at) for at in range(len(inputs.columns))]
    if not compiled.rules or not any(blank.any() for blank in blanks):
        return []
    rules = len(compiled.rules)
    hopeful = match(_lenient(compiled), inputs.columns, len(requests), rules)
    missed = _first_missed(hopeful, winner, rules)
    problems: list[Problem] = []
    for rule in np.unique(missed[missed >= 0]).tolist():
        for at in compiled.rules[rule].asks():
            rows = np.flatnonzero((missed == rule) & blanks[at])
            if len(rows):
                problems.extend(_warn(requests, compiled, inputs, winner, rule, at, rows))
    return problems


def _lenient(compiled: CompiledRubric) -> list[InputCells]:
    """Cut the inputs so that a blank passes every test: what could the row be if filled in?"""
    cells = compiled.cells()
    for one in cells:
        one.accepts[BLANK] = True
    return cells


def _first_missed(hopeful: Matched, winner: NDArray[np.intp], rules: int) -> NDArray[np.intp]:
    """Return the first rule above the winner that only blanks held back, or -1."""
    first = np.append(
        np.where(hopeful.rules.any(axis=1), hopeful.rules.argmax(axis=1), rules), rules
    )[hopeful.pattern]
    limit = np.where(winner == -1, rules, winner)
    return np.where(first < limit, first, -1)


def _warn(
    requests: RequestTable,
    compiled: CompiledRubric,
    inputs: RubricInputs,
    winner: NDArray[np.intp],
    rule: int,
    at: int,
    rows: NDArray[np.intp],
) -> list[Problem]:
    heading, name = inputs.headings[at], compiled.rules[rule].rule.name
    if inputs.absent[at]:
        return [
            Problem(
                code="missing-input",
                severity="warning",
                message=f'There is no column "{heading}", which rule {name} compares, so that '
                f"{len(rows)} rows passed it by.",
                fix=f'Add a column "{heading}", or let the rule leave it open.',
                cell=None,
            )
        ]
    # Derived inputs have no cell of their own: point at what they are derived from.
    home = PLACEMENT if heading == PLACEMENT_GROUP else heading
    skus = requests.column(SKU)
    return [
        Problem(
            code="blank-input",
            severity="warning",
            message=f'"{heading}" is blank, and rule {name} compares it; a blank fits only '
            f"`any`, so {_went_to(compiled.names(), int(winner[row]))}.",
            fix=f'Fill in "{heading}".' if heading != HAS_PHOTO else "Name the source image.",
            cell=requests.cell(row, home),
            sku=str(skus[row] or ""),
        )
        for row in rows.tolist()
    ]


def _went_to(names: Sequence[str], winner: int) -> str:
    return f"{names[winner]} decided" if winner >= 0 else "no rule fits"
