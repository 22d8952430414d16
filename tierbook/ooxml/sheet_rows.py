"""Splicing planned cells into a sheet's rows as bytes.

Nothing is parsed but the tags of planned rows. Where a sheet has no cell yet in the planned
columns, new cells are simply put at the end of each row. A row that already holds the planned
cells letter for letter is passed over. Only otherwise are the cells of a row walked one by one;
those that are not planned are copied as they are.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tierbook.errors import EditRefused
from tierbook.ooxml.cells import plain_value
from tierbook.ooxml.planned_cells import PlannedCell, PlannedCells, style_attribute
from tierbook.ooxml.ranges import address, letters_from
from tierbook.ooxml.same_value import says_the_same
from tierbook.ooxml.sheet_text import (
    CellText,
    RowText,
    SheetText,
    addresses_lead,
    iterate_cells,
    iterate_rows,
    refuse_disorder,
)
from tierbook.ooxml.styles import StyleBook

_SPANS = re.compile(rb'(\sspans=")([^"]*)(")')
_STYLE = re.compile(rb'\ss="(\d+)"')


class RowSplice:
    """One sheet's rows with planned cells put in.

    Attributes:
        changed: Whether any byte differs from the sheet as it was.
        overwritten: Whether a cell that had a value got another one.
    """

    def __init__(
        self,
        sheet: SheetText,
        planned: PlannedCells,
        styles: StyleBook,
        shared_strings: Callable[[], Sequence[str]],
    ) -> None:
        self._sheet, self._planned, self._styles = sheet, planned, styles
        self._shared_strings = shared_strings
        self._prefix = sheet.prefix.decode()
        self._leftmost, self._rightmost = min(planned.columns), max(planned.columns)
        self._spans: dict[bytes, bytes] = {}
        name = re.escape(sheet.prefix)
        self._holds_value = re.compile(rb"<%b(?:v(?:\s[^>]*)?>[^<]|is[\s>])" % name)
        self._holds_formula = re.compile(rb"<%bf[\s>/]" % name)
        self.changed = False
        self.overwritten = False

    def pieces(self) -> list[bytes]:
        """Return the new rows in pieces.

        Raises:
            EditRefused: A planned cell holds a formula or something not ours, or rows or cells
                are out of order.
        """
        wanted = self._planned.rows()
        ready = self._ready_rows()
        appends = self._only_appends()
        absent = {} if appends else self._absent_cells()
        rows = self._sheet.rows
        pieces: list[bytes] = []
        copied = at = 0
        for row in iterate_rows(self._sheet):
            while at < len(wanted) and wanted[at] < row.number:
                pieces += (rows[copied : row.start], self._new_row(wanted[at], ready))
                copied = row.start
                at += 1
            if at == len(wanted):
                # The rest, perhaps a million empty rows, is copied as it is.
                refuse_disorder(self._sheet, row.start)
                break
            if wanted[at] != row.number:
                continue
            at += 1
            if appends:
                pieces += (rows[copied : row.start], *self._appended(row, ready[row.number]))
            elif absent is not None and self._says_so(row, ready, absent):
                continue
            else:
                merged = self._merged(row)
                if merged is None:
                    continue
                pieces += (rows[copied : row.start], merged)
            copied = row.end
            self.changed = True
        pieces.append(rows[copied:])
        pieces += [self._new_row(number, ready) for number in wanted[at:]]
        return pieces

    def _absent_cells(self) -> dict[int, list[bytes]] | None:
        """Return what must not be found in each row; None if any planned column is new."""
        if not all(block.ours for block in self._planned.blocks):
            return None
        absent: dict[int, list[bytes]] = {}
        for block in self._planned.blocks:
            for row, place in block.absent():
                absent.setdefault(row, []).append(place)
        return absent

    def _says_so(
        self, row: RowText, ready: dict[int, bytes], absent: dict[int, list[bytes]]
    ) -> bool:
        """Tell whether the row holds the planned cells letter for letter, side by side."""
        rows = self._sheet.rows
        return rows.find(ready[row.number], row.inner, row.close) >= 0 and not any(
            rows.find(place, row.inner, row.close) >= 0 for place in absent.get(row.number, ())
        )

    # ----------------------------------------------------------------- appending

    def _only_appends(self) -> bool:
        """Tell whether no cell stands in or right of the planned columns, in any row."""
        text = self._sheet.scannable
        odd = text.find(b"extLst") >= 0 or text.find(b"AlternateContent") >= 0
        if odd or not addresses_lead(self._sheet, b"c"):
            return False
        start = re.escape(self._sheet.prefix)
        beyond = rb'<%bc r="%b\d' % (start, letters_from(self._leftmost))
        return re.search(beyond, text) is None

    def _ready_rows(self) -> dict[int, bytes]:
        ready: dict[int, bytes] = {}
        in_two: set[int] = set()
        for block in self._planned.blocks:
            for row, cells in zip(block.rows, block.markup(self._prefix), strict=True):
                if row in ready:
                    in_two.add(row)
                ready[row] = cells
        # A row in two blocks would get its cells out of order: put those in order one by one.
        for row in in_two:
            ready[row] = self._in_order(row)
        return ready

    def _in_order(self, row: int) -> bytes:
        return "".join(self._spell(row, cell, cell.style) for cell in self._cells(row)).encode()

    def _appended(self, row: RowText, cells: bytes) -> tuple[bytes, ...]:
        rows = self._sheet.rows
        tag = self._widened(rows[row.start : row.inner])
        if tag.endswith(b"/>"):
            return (tag[:-2].rstrip() + b">", cells, b"</%brow>" % self._sheet.prefix)
        return (tag, rows[row.inner : row.close], cells, rows[row.close : row.end])

    def _new_row(self, number: int, ready: dict[int, bytes]) -> bytes:
        cells = ready[number]
        if not cells:
            return b""
        self.changed = True
        prefix = self._sheet.prefix
        return b'<%brow r="%d">%b</%brow>' % (prefix, number, cells, prefix)

    def _widened(self, tag: bytes) -> bytes:
        """Stretch a row's `spans`, a hint of which columns it uses, over the planned ones."""
        match = _SPANS.search(tag)
        if match is None:
            return tag
        known = self._spans.get(match[2])
        if known is None:
            known = self._spans[match[2]] = self._wider_spans(match[2])
        return tag[: match.start(2)] + known + tag[match.end(2) :]

    def _wider_spans(self, spans: bytes) -> bytes:
        edges = [int(number) for number in re.findall(rb"\d+", spans)]
        if not edges or (min(edges) <= self._leftmost and max(edges) >= self._rightmost):
            return spans
        return b"%d:%d" % (min(*edges, self._leftmost), max(*edges, self._rightmost))

    # ----------------------------------------------------------------- merging

    def _cells(self, row: int) -> list[PlannedCell]:
        cells = [
            cell
            for block in self._planned.blocks
            if row in block.index
            for cell in block.cells(row)
        ]
        return sorted(cells, key=lambda cell: cell.column)

    def _merged(self, row: RowText) -> bytes | None:
        """Return the row with planned cells in place, None if that changes nothing."""
        sheet, rows = self._sheet, self._sheet.rows
        wanted = self._cells(row.number)
        pieces: list[bytes] = []
        copied = insert_at = row.inner
        at = previous = 0
        for cell in self._existing(row):
            if cell.column <= previous:
                raise EditRefused(
                    f"The cells of row {row.number} are out of order.",
                    fix="open the workbook in Excel or LibreOffice, save it, and try again.",
                )
            previous = cell.column
            while at < len(wanted) and wanted[at].column < cell.column:
                pieces += (rows[copied : cell.start], self._fresh(row.number, wanted[at]))
                copied = cell.start
                at += 1
            if at < len(wanted) and wanted[at].column == cell.column:
                new = self._replaced(row.number, cell, wanted[at])
                if new is not None:
                    pieces += (rows[copied : cell.start], new)
                    copied = cell.end
                at += 1
            insert_at = cell.end
        fresh = b"".join(self._fresh(row.number, cell) for cell in wanted[at:])
        if fresh:
            pieces += (rows[copied:insert_at], fresh)
            copied = insert_at
        if not any(pieces):
            return None
        tag = self._widened(rows[row.start : row.inner])
        if tag.endswith(b"/>"):
            return b"%b>%b</%brow>" % (tag[:-2].rstrip(), b"".join(pieces), sheet.prefix)
        return b"".join((tag, *pieces, rows[copied : row.end]))

    def _existing(self, row: RowText) -> Iterator[CellText]:
        """Yield the row's cells, from the first planned one on if it is there."""
        place = address(row.number, self._leftmost).encode()
        first = b'<%bc r="%b"' % (self._sheet.prefix, place)
        at = self._sheet.scannable.find(first, row.inner, row.close)
        return iterate_cells(self._sheet, row if at < 0 else replace(row, inner=at))

    def _fresh(self, row: int, cell: PlannedCell) -> bytes:
        return self._spell(row, cell, cell.style).encode()

    def _spell(self, row: int, cell: PlannedCell, style: int) -> str:
        if cell.body == "/>" and style <= 0:
            return ""
        place = address(row, cell.column)
        return f'<{self._prefix}c r="{place}"{style_attribute(style)}{cell.body}'

    def _replaced(self, row: int, cell: CellText, planned: PlannedCell) -> bytes | None:
        """Return the cell's new XML, None to leave it byte for byte."""
        rows = self._sheet.rows
        old = rows[cell.start : cell.end]
        if not planned.new and old == self._fresh(row, planned):
            return None
        inside = rows[cell.tag_end : cell.end]
        tag = rows[cell.start : cell.tag_end]
        filled = self._holds_value.search(inside) is not None
        if self._holds_formula.search(inside):
            raise EditRefused(
                f"Cell {address(row, planned.column)} holds a formula, which would be lost.",
                fix="move the formula to another column, or delete it.",
            )
        if planned.new and filled:
            raise EditRefused(
                f"Cell {address(row, planned.column)} is not empty, so no new column fits there.",
                fix="clear the cells right of your data, or move them to another tab.",
            )
        match = _STYLE.search(tag)
        style = planned.style
        if not planned.new and match is not None:
            style = self._kept_style(int(match[1]), planned)
        elif planned.style < 0:
            style = 0
        same_style = style == (int(match[1]) if match else 0)
        if same_style and says_the_same(
            tag, inside, plain_value(planned.value), planned.body, self._shared_strings
        ):
            return None
        self.overwritten = self.overwritten or filled
        new = self._spell(row, planned, style).encode()
        return None if new == old else new

    def _kept_style(self, style: int, planned: PlannedCell) -> int:
        """Keep a look a person gave the cell; a fill of ours that says something follows along."""
        if planned.palette:
            fill = self._styles.fill_color(style)
            if fill in planned.palette and fill != self._styles.fill_color(planned.style):
                return planned.style
        elif planned.style > 0 and not self._styles.shows_date(style):
            return planned.style if self._styles.shows_date(planned.style) else style
        return style
