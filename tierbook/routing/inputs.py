"""The columns a rubric may ask for: the sheet's own, and those Tierbook derives."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import (
    BUDGET_PER_IMAGE,
    HAS_PHOTO,
    PLACEMENT,
    PLACEMENT_GROUP,
    REQUEST_INPUTS,
    RUBRIC,
    SOURCE_IMAGE,
    folded,
)
from tierbook.model import (
    MICRO,
    CellRef,
    Configuration,
    Placement,
    Problem,
    RequestTable,
)
from tierbook.routing.matching import Coded, code_objects
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.terms import fold, known


@dataclass(frozen=True)
class RubricInputs:
    """One column per IF heading.

    Attributes:
        columns: The values tested, in the order of the rubric's inputs, as dictionary codes.
        headings: The heading each has in the requests.
        absent: Whether the sheet has no such column, so that every value is blank.
    """

    columns: tuple[Coded, ...]
    headings: tuple[str, ...]
    absent: tuple[bool, ...]

    def blank(self, at: int) -> NDArray[np.bool_]:
        """Tell which values of one input are blank."""
        column = self.columns[at]
        empty = np.array([known(value) is None for value in column.values], dtype=bool)
        return empty[column.codes]


def rubric_inputs(
    requests: RequestTable, configuration: Configuration, compiled: CompiledRubric
) -> tuple[RubricInputs, list[Problem]]:
    """Find the column of each IF heading, ignoring case, spaces, underscores and a final `*`.

    A heading the sheet lacks is a column of blanks. One that is neither in the contract nor in
    the built-in rubric is reported: as an error where it looks like a slip of the pen.
    """
    known_headings = {folded(heading): heading for heading in requests.columns}
    derivable = {folded(h): h for h in (PLACEMENT_GROUP, HAS_PHOTO)}
    contract = {folded(h): h for h in REQUEST_INPUTS}
    own = RUBRIC in configuration.from_workbook
    columns: list[Coded] = []
    headings: list[str] = []
    absent: list[bool] = []
    problems: list[Problem] = []
    for at, wanted in enumerate(compiled.inputs):
        key = folded(wanted)
        heading = known_headings.get(key) or derivable.get(key) or contract.get(key) or wanted
        derived = key in derivable and key not in known_headings
        missing = not derived and key not in known_headings
        if missing and key not in contract and own:
            problems.append(_unknown_heading(requests, compiled, at))
        columns.append(
            _derived(requests, configuration, heading) if derived else _coded(requests, heading)
        )
        headings.append(heading)
        absent.append(missing)
    return RubricInputs(tuple(columns), tuple(headings), tuple(absent)), problems


def _unknown_heading(requests: RequestTable, compiled: CompiledRubric, at: int) -> Problem:
    rubric, wanted = compiled.rubric, compiled.inputs[at]
    there = [*requests.columns, PLACEMENT_GROUP, HAS_PHOTO]
    alike = get_close_matches(wanted, there, n=1, cutoff=0.8)
    column = rubric.input_columns[at] if at < len(rubric.input_columns) else 0
    return Problem(
        code="unknown-input",
        severity="error" if alike else "warning",
        message=f'Tab "{rubric.sheet}" has the IF column "{wanted}", and the sheet '
        f'"{requests.sheet}" has no such column, so every value counts as blank. '
        f"It has: {', '.join(there)}.",
        fix=f'Rename the IF column to "{alike[0]}".'
        if alike
        else f'Rename the IF column to one of these, or add a column "{wanted}".',
        cell=CellRef(rubric.sheet, 0, column),
    )


def _coded(requests: RequestTable, heading: str) -> Coded:
    coded = code_objects(requests.column(heading))
    if heading != BUDGET_PER_IMAGE or heading not in requests:
        return coded
    # The rubric speaks of dollars; the table keeps integer micro-USD.
    return Coded(coded.codes, [v if v is None else Decimal(v) / MICRO for v in coded.values])


def _derived(requests: RequestTable, configuration: Configuration, heading: str) -> Coded:
    if heading == HAS_PHOTO:
        source = code_objects(requests.column(SOURCE_IMAGE))
        named = [known(value) is not None for value in source.values]
        # Where no row names a photo, nobody has said anything of photos yet: unknown, not missing.
        return Coded(source.codes, named if any(named) else [None] * len(named))
    groups = {name: place.group for name, place in placements_by_name(configuration).items()}
    placed = code_objects(requests.column(PLACEMENT))
    # A placement nobody listed is a group of its own; that it is unknown is said by the reader.
    return Coded(placed.codes, [groups.get(fold(str(v)), v) for v in placed.values])


def placements_by_name(configuration: Configuration) -> Mapping[str, Placement]:
    """Index the placements by `fold` of their names, then of their other names."""
    found: dict[str, Placement] = {}
    for placement in configuration.placements:
        found.setdefault(fold(placement.name), placement)
    for placement in configuration.placements:
        for alias in placement.aliases:
            found.setdefault(fold(alias), placement)
    return found
