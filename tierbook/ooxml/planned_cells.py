"""The cells a plan wants in one sheet, as finished XML, arranged by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from tierbook.ooxml.cells import CellBodies
from tierbook.ooxml.plan import CellValue, ColumnEdit, Link, SheetEdit, Style
from tierbook.ooxml.ranges import column_letters
from tierbook.ooxml.styles import StyleBook

_CHUNK = 4_096  # rows whose cells are held as text at once
_DATE_FORMAT, _TIME_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


class PlannedCell(NamedTuple):
    """One cell to write.

    `style` is -1 where the plan names no look; `palette` holds the fills this column uses to say
    something, which therefore follow the value.
    """

    column: int
    style: int
    body: str
    value: "CellValue | Link"
    new: bool
    palette: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Strip:
    """One column's cells for the rows of its block."""

    column: int
    styles: Sequence[int]
    bodies: Sequence[str]
    values: "Sequence[CellValue | Link]"
    new: bool
    palette: frozenset[str]


class Block:
    """Columns that are planned for the very same rows."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = rows
        self.index = {row: at for at, row in enumerate(rows)}
        self.strips: list[_Strip] = []

    @property
    def ours(self) -> bool:
        """Whether all its columns were ours before."""
        return not any(one.new for one in self.strips)

    def cells(self, row: int) -> Iterator[PlannedCell]:
        """Yield the planned cells of a row of this block."""
        at = self.index[row]
        for one in self.strips:
            yield PlannedCell(
                one.column, one.styles[at], one.bodies[at], one.values[at], one.new, one.palette
            )

    def markup(self, prefix: str) -> list[bytes]:
        """Return for each row the XML of all its cells; empty ones without a look leave none."""
        return [
            cells
            for start in range(0, len(self.rows), _CHUNK)
            for cells in self._markup(prefix, slice(start, start + _CHUNK))
        ]

    def _markup(self, prefix: str, part: slice) -> list[bytes]:
        columns: list[list[str]] = []
        rows = self.rows[part]
        for strip in self.strips:
            start = f'<{prefix}c r="{column_letters(strip.column)}'
            styles, bodies = strip.styles[part], strip.bodies[part]
            spelled = {style: style_attribute(style) for style in set(styles)}
            columns.append(
                [
                    "" if body == "/>" and style <= 0 else f'{start}{row}"{spelled[style]}{body}'
                    for row, style, body in zip(rows, styles, bodies, strict=True)
                ]
            )
        return ["".join(cells).encode() for cells in zip(*columns, strict=True)]

    def absent(self) -> Iterator[tuple[int, bytes]]:
        """Yield the row and the address attribute of every cell that should not be there."""
        for strip in self.strips:
            letters = column_letters(strip.column)
            for row, style, body in zip(self.rows, strip.styles, strip.bodies, strict=True):
                if body == "/>" and style <= 0:
                    yield row, f' r="{letters}{row}"'.encode()


def style_attribute(style: int) -> str:
    """Spell a style index as an attribute, nothing for the default."""
    return f' s="{style}"' if style > 0 else ""


class PlannedCells:
    """Everything planned for one sheet."""

    def __init__(self, edit: SheetEdit, styles: StyleBook, bodies: CellBodies) -> None:
        self._styles, self._bodies = styles, bodies
        self.blocks: list[Block] = []
        for column in sorted(edit.columns, key=lambda one: one.column):
            self._add_column(column)
        for (row, column), value in sorted(edit.cells.items()):
            self._add_single(row, column, value)
        self.columns: dict[int, set[int]] = {}
        for block in self.blocks:
            for strip in block.strips:
                self.columns.setdefault(strip.column, set()).update(block.rows)

    def rows(self) -> list[int]:
        """Return every row with a planned cell, ascending."""
        return sorted({row for block in self.blocks for row in block.rows})

    def _block(self, rows: Sequence[int]) -> Block:
        for block in self.blocks:
            if block.rows is rows or (
                len(block.rows) == len(rows) and list(block.rows) == list(rows)
            ):
                return block
        self.blocks.append(Block(rows))
        return self.blocks[-1]

    def _add_column(self, edit: ColumnEdit) -> None:
        style = self._styles.cell_format(edit.style)
        if edit.new:
            header = self._styles.cell_format(edit.header_style)
            self._put([edit.header_row], edit, [header], [edit.header], frozenset())
        palette = [self._styles.cell_format(one) for one in edit.palette]
        if edit.cell_styles is None:
            chosen = [style] * len(edit.rows)
        else:
            chosen = [palette[one] if one >= 0 else style for one in edit.cell_styles]
        fills = {one.fill.upper() for one in (*edit.palette, edit.style)} if palette else ()
        rows = list(map(int, edit.rows))
        self._date_styles(edit, chosen)
        self._put(rows, edit, chosen, edit.values, frozenset(fills))

    def _date_styles(self, edit: ColumnEdit, chosen: list[int]) -> None:
        """Give dates a date format where the plan's look has none: a bare serial says nothing."""
        if not any(issubclass(kind, date) for kind in set(map(type, edit.values))):
            return
        for at, value in enumerate(edit.values):
            if isinstance(value, date) and not self._styles.shows_date(chosen[at]):
                chosen[at] = self._styles.cell_format(dated(edit.style, value))

    def _put(
        self,
        rows: Sequence[int],
        edit: ColumnEdit,
        styles: Sequence[int],
        values: "Sequence[CellValue | Link]",
        palette: frozenset[str],
    ) -> None:
        bodies = self._bodies.column(values)
        self._block(rows).strips.append(
            _Strip(edit.column, styles, bodies, values, edit.new, palette)
        )

    def _add_single(self, row: int, column: int, value: "CellValue | Link") -> None:
        style = self._styles.cell_format(dated(Style(), value)) if isinstance(value, date) else -1
        block = self._block([row])
        block.strips.append(
            _Strip(column, [style], [self._bodies.body(value)], [value], False, frozenset())
        )
        block.strips.sort(key=lambda one: one.column)


def dated(style: Style, value: date) -> Style:
    """Return the look with a date format that fits the value."""
    code = _TIME_FORMAT if isinstance(value, datetime) else _DATE_FORMAT
    return replace(style, number_format=code)
