"""Find a configuration tab's header and read its rows, cell by cell, into values by field name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tierbook.configuration.cells import Unreadable, is_blank, read, text
from tierbook.configuration.spec import Field, Tab
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.contract import folded
from tierbook.model import CellRef, CellValue, Problem, TabRows

HEADER_WITHIN_ROWS = 15
# Rows whose first text is one of these are for the reader's eye: an example, the kinds of value.
SKIPPED_ROW_MARKS = ("#example", "#values")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a tab are; `columns` and `others` count from 0.

    `others` are the columns the tab does not declare, by the seller's own heading.
    """

    index: int
    columns: dict[Field, int]
    others: dict[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """One usable row: values by attribute name, only for cells that hold something."""

    row: int
    values: dict[str, Any]
    cells: Sequence[CellValue] = field(default_factory=list[CellValue])


def find_header(tab: TabRows, spec: Tab) -> Header | None:
    """Find the row that holds the required headings, among the first few rows."""
    by_name = {folded(name): f for f in spec.fields for name in (*f.also, f.heading)}
    required = {f for f in spec.fields if f.required}
    for index, row in enumerate(tab.rows[:HEADER_WITHIN_ROWS]):
        columns: dict[Field, int] = {}
        others: dict[str, int] = {}
        for column, value in enumerate(row):
            heading = value.strip() if isinstance(value, str) else ""
            if not heading:
                continue
            known = by_name.get(folded(heading))
            if known is not None and known not in columns:
                columns[known] = column
            else:
                others.setdefault(heading.rstrip("*").rstrip(), column)
        if required and required <= columns.keys():
            return Header(index, columns, others)
    return None


def no_header(tab: TabRows, spec: Tab) -> Problem:
    """Say that a tab was passed over because its headings are missing."""
    wanted = ", ".join(f'"{f.heading}"' for f in spec.fields if f.required)
    return Problem(
        "no-header",
        "warning",
        f'Tab "{tab.sheet}" has no header row with {wanted} among its first '
        f"{HEADER_WITHIN_ROWS} rows, so the built-in {spec.name} was used.",
        f"write these headings in one row, or rename the tab if it is not Tierbook's {spec.name}.",
        CellRef(tab.sheet),
    )


def body(tab: TabRows, header: Header) -> Iterator[tuple[int, Sequence[CellValue]]]:
    """Yield the sheet row number and the cells of each row that says something."""
    for offset, cells in enumerate(tab.rows[header.index + 1 :], header.index + 1):
        filled = next((cell for cell in cells if not is_blank(cell)), None)
        if filled is None or text(filled).casefold().startswith(SKIPPED_ROW_MARKS):
            continue
        yield tab.first_row + offset, cells


def cell_at(cells: Sequence[CellValue], column: int) -> CellValue:
    """Return a cell of a row that may be shorter than the header."""
    return cells[column] if column < len(cells) else None


def read_records(tab: TabRows, header: Header) -> tuple[list[Record], list[Problem]]:
    """Read every row under the header; a row that lacks something required is skipped."""
    records: list[Record] = []
    problems: list[Problem] = []
    for row, cells in body(tab, header):
        values, found, usable = _read_row(tab, header, row, cells)
        problems += found
        if usable:
            records.append(Record(row, values, cells))
    return records, problems


def _read_row(
    tab: TabRows, header: Header, row: int, cells: Sequence[CellValue]
) -> tuple[dict[str, Any], list[Problem], bool]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    usable = True
    for one, column in header.columns.items():
        cell = cell_at(cells, column)
        place = CellRef(tab.sheet, row, column + 1)
        is_void = (row, column + 1) in tab.voids
        if is_blank(cell) and not is_void:
            if one.required:
                problems.append(_missing(place, one))
                usable = False
            continue
        try:
            if is_void:
                raise void(tab, row, column)
            values[one.name] = read_field(one, cell)
        except Unreadable as error:
            outcome, skip = _outcome(one)
            problems.append(unreadable(place, one, error, outcome))
            usable = usable and not skip
            if one.if_bad == "zero":
                values[one.name] = 0
    return values, problems, usable


def read_field(one: Field, cell: CellValue) -> Any:
    """Read a cell that is not blank as its field wants it, and hold it to the listed choices.

    Raises:
        Unreadable: It cannot be read, or is not among the choices of a strict field.
    """
    value = read(one.kind, cell)
    if not one.strict:
        return value
    choices = VALID_VALUES[one.choices]
    spelled = next((c for c in choices if folded(c) == folded(text(value))), None)
    if spelled is None:
        offered = ", ".join(choices)
        raise Unreadable(f"it holds {text(cell)!r}", f"type one of: {offered}")
    return spelled if isinstance(value, str) else value


def void(tab: TabRows, row: int, column: int) -> Unreadable:
    """Word a cell that reads as empty and is not; `column` counts from 0."""
    error = tab.voids[row, column + 1]
    holds = f"the error {error}" if error else "a formula whose result is not stored"
    return Unreadable(f"it holds {holds}", "type the value itself")


def unreadable(place: CellRef, one: Field, error: Unreadable, outcome: str) -> Problem:
    """Word a cell that could not be read."""
    return Problem(
        "unreadable-setting",
        "error",
        f'Tab "{place.sheet}", cell {place.a1} ("{one.heading}"): {error}. {outcome}',
        f"{error.fix} in {place.a1}.",
        place,
    )


def _outcome(one: Field) -> tuple[str, bool]:
    if one.if_bad == "zero":
        return "Until it is fixed this cap counts as $0.00, so nothing is spent under it.", False
    if one.required or one.if_bad == "skip":
        return "The row was left out.", True
    return "The cell was taken as empty.", False


def _missing(place: CellRef, one: Field) -> Problem:
    return Problem(
        "missing-setting",
        "error",
        f'Tab "{place.sheet}", cell {place.a1} is empty, and a row needs its "{one.heading}". '
        "The row was left out.",
        f"fill in {place.a1}, or empty the whole row.",
        place,
    )
