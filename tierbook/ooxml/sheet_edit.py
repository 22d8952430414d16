"""Carrying out the edit of one sheet: refusals first, then rows, frame, links and tables."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tierbook.errors import EditRefused
from tierbook.ooxml import markup
from tierbook.ooxml.book import Book, SheetEntry
from tierbook.ooxml.cells import CellBodies
from tierbook.ooxml.columns import shape_columns, widen_dimension
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.hyperlinks import SheetLinks
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.pivots import pivot_areas
from tierbook.ooxml.plan import Link, SheetEdit
from tierbook.ooxml.planned_cells import PlannedCells
from tierbook.ooxml.ranges import (
    LAST_COLUMN,
    LAST_ROW,
    CellRange,
    address,
    column_letters,
    parse_list,
)
from tierbook.ooxml.rules import add_conditional_formats, add_validations
from tierbook.ooxml.sheet_rows import RowSplice
from tierbook.ooxml.sheet_text import SheetText, iterate_cells, iterate_rows, split_sheet
from tierbook.ooxml.styles import StyleBook
from tierbook.ooxml.tables import (
    TableFacts,
    grow,
    growing_columns,
    reason_to_stay,
    table_facts,
)

_SPREADING = re.compile(rb'<(?:[\w.-]+:)?f(?=[^>]*\st="(?:array|dataTable)")[^>]*\sref="([^"]+)"')


@dataclass(frozen=True, slots=True)
class SheetChange:
    """What one sheet edit did.

    Attributes:
        part: The sheet's part name.
        cells: Planned rows by column.
        overwritten: Whether a cell that had a value got another one, or any cell was added.
        parts: Every part this edit may have changed.
        notes: Sentences on what was left as it was.
    """

    part: str
    cells: Mapping[int, set[int]]
    overwritten: bool
    parts: frozenset[str]
    notes: tuple[str, ...]


def edit_sheet(
    draft: Draft,
    book: Book,
    styles: StyleBook,
    edit: SheetEdit,
    shared_strings: Callable[[], Sequence[str]],
) -> SheetChange:
    """Put the planned cells, rules, links and widths into one sheet.

    Raises:
        EditRefused: A formula, a merge, an array formula, a pivot or the seller's values stand
            where cells are planned.
    """
    entry = book.sheet(edit.sheet)
    part = draft.spelled(entry.part)
    text = split_sheet(draft.read(part), part)
    frame = markup.parse(text.frame(), part)
    before = markup.serialize(frame)
    bodies = CellBodies(text.prefix, date1904=book.date1904)
    planned = PlannedCells(edit, styles, bodies)
    if not planned.columns:
        return SheetChange(part, {}, False, frozenset(), ())
    tables = _tables(draft, part)
    _refuse_obstacles(draft, entry, text, frame, planned, tables.values())

    splice = RowSplice(text, planned, styles, shared_strings)
    pieces = splice.pieces()
    rows = planned.rows()
    area = CellRange(rows[0], min(planned.columns), rows[-1], max(planned.columns))
    if splice.changed:
        widen_dimension(frame, area)
    shape_columns(frame, edit.columns, summary_left=edit.summary_left)
    add_validations(frame, edit.columns)
    add_conditional_formats(frame, edit.conditional_formats, styles)
    links = SheetLinks(frame, draft.rels(part), book.relationship_space)
    left_out = links.settle(planned.columns, _planned_links(edit))
    notes = [_left_out(left_out)] if left_out else []
    grown: list[str] = []
    if edit.grow_tables:
        for name, table in tables.items():
            note = _grow_table(draft, name, table, edit, text, planned)
            if note is None:
                grown.append(name)
            elif note:
                notes.append(note)

    after = markup.serialize(frame)
    if after != before:
        draft.write(part, _assembled(after, text, pieces, part))
    elif splice.changed:
        draft.write(part, [text.head, *_cell_area(text, pieces), text.tail])
    touched = frozenset((part, *grown))
    return SheetChange(part, planned.columns, splice.changed, touched, tuple(notes))


def _left_out(count: int) -> str:
    return (
        f"{count} {'link' if count == 1 else 'links'} could only be written as plain text: the "
        "address is too long or of another kind than https or a path, or the tab has no room."
    )


def _planned_links(edit: SheetEdit) -> Iterator[tuple[int, int, Link]]:
    for column in edit.columns:
        if Link not in set(map(type, column.values)):
            continue
        for row, value in zip(column.rows, column.values, strict=True):
            if isinstance(value, Link):
                yield int(row), column.column, value
    for (row, column), value in edit.cells.items():
        if isinstance(value, Link):
            yield row, column, value


def _assembled(frame: bytes, text: SheetText, pieces: list[bytes], part: str) -> list[bytes]:
    shell = split_sheet(frame, part)
    return [shell.head, *_cell_area(text, pieces), shell.tail]


def _cell_area(text: SheetText, pieces: list[bytes]) -> list[bytes]:
    return [text.opening, *pieces, b"</%bsheetData>" % text.prefix]


# --------------------------------------------------------------------------- refusals


def _refuse_obstacles(
    draft: Draft,
    entry: SheetEntry,
    text: SheetText,
    frame: Tree,
    planned: PlannedCells,
    tables: Iterable[TableFacts],
) -> None:
    if max(planned.columns) > LAST_COLUMN or planned.rows()[-1] > LAST_ROW:
        raise EditRefused(
            f'There is no room right of the data in tab "{entry.name}".',
            fix="delete unused columns, or copy the rows you need into a new tab.",
        )
    for area in _merged_areas(frame):
        if met := _meets(planned, area):
            raise EditRefused(
                f'Cell {met} in tab "{entry.name}" is part of the merged cells {area}.',
                fix=f"unmerge {area} (Home > Merge & Center), then run again.",
            )
    for area in _spreading_formulas(text):
        if met := _meets(planned, area):
            raise EditRefused(
                f'Cell {met} in tab "{entry.name}" is filled by a formula over {area}.',
                fix="move that formula away from Tierbook's columns.",
            )
    for area in pivot_areas(draft, entry.part):
        if met := _meets(planned, area):
            raise EditRefused(
                f'Cell {met} in tab "{entry.name}" belongs to the pivot table at {area}.',
                fix="move the pivot table to a tab of its own.",
            )
    for table in tables:
        if table.from_query and (met := _meets(planned, table.ref)):
            raise EditRefused(
                f'Cell {met} in tab "{entry.name}" belongs to table "{table.name}", which Excel '
                "fills from a query and would overwrite.",
                fix="copy the rows as values to another tab and use that.",
            )


def _spreading_formulas(text: SheetText) -> Iterator[CellRange]:
    """Yield the areas that array formulas and data tables fill."""
    # A plain search answers for most sheets, several times as fast as the pattern.
    if b't="array"' in text.scannable or b't="dataTable"' in text.scannable:
        for match in _SPREADING.finditer(text.scannable):
            yield from parse_list(match[1].decode())


def _meets(planned: PlannedCells, area: CellRange) -> str:
    """Return the first planned cell inside an area of more than one cell, "" if none."""
    if area.top == area.bottom and area.left == area.right:
        return ""
    for column, rows in planned.columns.items():
        if area.left <= column <= area.right:
            inside = [row for row in rows if area.top <= row <= area.bottom]
            if inside:
                return address(min(inside), column)
    return ""


def _merged_areas(frame: Tree) -> list[CellRange]:
    listed = markup.child(frame, "mergeCells")
    merged = () if listed is None else markup.children(listed, "mergeCell")
    return [area for one in merged for area in parse_list(one.get("ref") or "")]


# --------------------------------------------------------------------------- tables


def _tables(draft: Draft, part: str) -> dict[str, TableFacts]:
    found: dict[str, TableFacts] = {}
    for one in draft.rels(part):
        if one.kind == "table" and not one.external and one.target in draft:
            facts = table_facts(markup.parse(draft.read(one.target), one.target))
            if facts is not None:
                found[one.target] = facts
    return found


def _grow_table(
    draft: Draft,
    name: str,
    table: TableFacts,
    edit: SheetEdit,
    text: SheetText,
    planned: PlannedCells,
) -> str | None:
    """Widen a table over new columns; returns None when done, else why not ("" = not its place)."""
    joining = growing_columns(table, edit.columns)
    if not joining:
        return ""
    area = CellRange(table.ref.top, joining[0].column, table.ref.bottom, joining[-1].column)
    reason = reason_to_stay(table, joining, _has_strangers(text, area, planned))
    if reason:
        letter = column_letters(joining[0].column)
        return (
            f'The table "{table.name}" was not widened over the new columns from {letter}: '
            f"{reason}."
        )
    root = markup.parse(draft.read(name), name)
    grow(root, table, joining)
    draft.write(name, markup.serialize(root))
    return None


def _has_strangers(text: SheetText, area: CellRange, planned: PlannedCells) -> bool:
    """Tell whether cells with content that is not planned stand in an area."""
    for row in iterate_rows(text):
        if row.number > area.bottom:
            return False
        if row.number < area.top:
            continue
        for cell in iterate_cells(text, row):
            if (
                area.left <= cell.column <= area.right
                and cell.end > cell.tag_end
                and row.number not in planned.columns.get(cell.column, ())
            ):
                return True
    return False
