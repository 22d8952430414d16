"""Facts of one worksheet, found by searching its XML; values are left to a reader of values."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from tierbook.ooxml import markup
from tierbook.ooxml.book import SheetEntry
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.pivots import pivot_areas
from tierbook.ooxml.ranges import (
    LAST_COLUMN,
    CellRange,
    column_letters,
    column_number,
    letters_from,
    parse_list,
)
from tierbook.ooxml.sheet_text import (
    SheetText,
    addresses_lead,
    iterate_cells,
    iterate_rows,
    row_numbers_missing,
    split_sheet,
)
from tierbook.ooxml.tables import TableFacts, table_facts

_HIDDEN_ROW = re.compile(rb'<(?:[\w.-]+:)?row\b(?=[^>]*\shidden="(?:1|true)")[^>]*\sr="(\d+)"')
_STYLE = re.compile(rb'\ss="(\d+)"')
_TYPE = re.compile(rb'\st="(\w+)"')


class SheetFacts:
    """What stands in a sheet besides values; each fact is looked for when it is asked for."""

    def __init__(
        self, draft: Draft, entry: SheetEntry, number_format: Callable[[int], str]
    ) -> None:
        self._draft, self._number_format = draft, number_format
        self.name, self.state, self.part = entry.name, entry.state, entry.part

    @cached_property
    def _text(self) -> SheetText:
        text = split_sheet(self._draft.read(self.part), self.part)
        return _numbered(text) if row_numbers_missing(text) else text

    @cached_property
    def _frame(self) -> markup.Tree:
        return markup.parse(self._text.frame(), self.part)

    # ----------------------------------------------------------------- extent

    @cached_property
    def dimension(self) -> str:
        """The used range as the sheet itself states it, formatted empty cells included; or ""."""
        found = markup.child(self._frame, "dimension")
        return "" if found is None else found.get("ref") or ""

    @cached_property
    def last_row(self) -> int:
        """Row of the last cell that holds a value or a formula, 0 in an empty sheet."""
        return next(self._filled_rows_from_the_end(), 0)

    @cached_property
    def last_column(self) -> int:
        """Column of the rightmost cell that holds a value or a formula, 0 in an empty sheet."""
        # Each find moves the search on to columns further right, so there are only a few.
        found, last = self._filled_from(1), 0
        while found is not None:
            last = column_number(found[1])
            found = self._filled_from(last + 1, found.end())
        return last

    @cached_property
    def first_free_column(self) -> int:
        """The first column right of all values, tables, merges and pivot tables."""
        edges = [self.last_column, *(one.ref.right for one in self.tables)]
        # Merges over whole rows say nothing of where the data ends.
        edges += [one.right for one in self.merged if one.right < LAST_COLUMN]
        edges += [one.right for one in pivot_areas(self._draft, self.part)]
        return max(edges) + 1

    @cached_property
    def _cell_start(self) -> bytes:
        """Pattern of a cell up to its address; the plain spelling is searched much faster."""
        name = re.escape(self._text.prefix)
        plain = addresses_lead(self._text, b"c")
        return (rb"<%bc " if plain else rb"<%bc\s(?:[^>]*?\s)?") % name

    def _filled_from(self, column: int, start: int = 0) -> "re.Match[bytes] | None":
        """Find the next cell with content in this column or right of it."""
        place = rb'r="(%b)\d+"(?:[^>]*[^/>])?>' % letters_from(column)
        return re.compile(self._cell_start + place).search(self._text.scannable, start)

    def _filled_rows_from_the_end(self) -> Iterator[int]:
        """Yield rows of cells with content backwards, looking at no more text than is needed."""
        text, prefix = self._text.scannable, self._text.prefix
        closing = b"</%bc>" % prefix
        at = text.rfind(closing)
        while at >= 0:
            start = max(text.rfind(b"<%bc " % prefix, 0, at), 0)
            match = self._cell.match(text, start)
            if match is not None and self._has_content(match[2] or b""):
                yield int(match[1])
            at = text.rfind(closing, 0, start)

    @cached_property
    def _cell(self) -> "re.Pattern[bytes]":
        name = re.escape(self._text.prefix)
        return re.compile(
            rb'<%bc(?=[^>]*\sr="[A-Z]+(\d+)")[^>]*?(?:/>|>(.*?)</%bc>)' % (name, name), re.S
        )

    def _has_content(self, inside: bytes) -> bool:
        name = self._text.prefix
        return any(b"<%b%b" % (name, one) in inside for one in (b"v>", b"f", b"is", b"v "))

    # ----------------------------------------------------------------- shape

    @cached_property
    def merged(self) -> tuple[CellRange, ...]:
        """Merged ranges."""
        listed = markup.child(self._frame, "mergeCells")
        merged = () if listed is None else markup.children(listed, "mergeCell")
        return tuple(area for one in merged for area in parse_list(one.get("ref") or ""))

    @cached_property
    def tables(self) -> tuple[TableFacts, ...]:
        """Tables (ListObjects) of the sheet."""
        found = (
            table_facts(markup.parse(self._draft.read(one.target), one.target))
            for one in self._draft.rels(self.part)
            if one.kind == "table" and not one.external and one.target in self._draft
        )
        return tuple(one for one in found if one is not None)

    @cached_property
    def autofilter(self) -> CellRange | None:
        """Range of the sheet's own filter, tables' filters not counted."""
        found = markup.child(self._frame, "autoFilter")
        return None if found is None else next(iter(parse_list(found.get("ref") or "")), None)

    @cached_property
    def protected(self) -> bool:
        """Whether the sheet is protected."""
        found = markup.child(self._frame, "sheetProtection")
        return found is not None and markup.is_true(found.get("sheet"))

    @cached_property
    def hidden_rows(self) -> frozenset[int]:
        """Rows that are hidden, by hand or by a filter."""
        text = self._text.scannable
        if text.find(b" hidden=") < 0:
            return frozenset()
        return frozenset(int(row) for row in _HIDDEN_ROW.findall(text))

    # ----------------------------------------------------------------- formulas

    @cached_property
    def formulas(self) -> frozenset[tuple[int, int]]:
        """(row, column) of every cell that holds a formula."""
        return frozenset((row, column) for row, column, _ in self._formula_cells)

    @cached_property
    def formulas_without_value(self) -> frozenset[tuple[int, int]]:
        """(row, column) of formulas whose result was never stored, so a reader sees nothing."""
        return frozenset((row, column) for row, column, cached in self._formula_cells if not cached)

    @cached_property
    def _formula_cells(self) -> tuple[tuple[int, int, bool], ...]:
        name = re.escape(self._text.prefix)
        pattern = re.compile(
            self._cell_start
            + rb'r="([A-Z]+)(\d+)"[^>]*>\s*<%bf(?:\s[^>]*?)?(?:/>|>[^<]*</%bf>)' % (name, name)
            + rb"\s*(<%bv(?:\s[^>]*)?>[^<])?" % name
        )
        # A text result may be empty, which is stored as <v></v> or <v/>.
        empty_text = re.compile(rb"<%bv(?:/>|></%bv>)" % (name, name))
        found: list[tuple[int, int, bool]] = []
        text = self._text.scannable
        for match in pattern.finditer(text):
            cached = match[3] is not None or (
                b't="str"' in match[0] and empty_text.match(text, match.end()) is not None
            )
            found.append((int(match[2]), column_number(match[1]), cached))
        return tuple(found)

    @cached_property
    def errors(self) -> dict[tuple[int, int], str]:
        """Error values such as `#REF!` by (row, column)."""
        if self._text.scannable.find(b't="e"') < 0:
            return {}
        name = re.escape(self._text.prefix)
        pattern = re.compile(
            rb'<%bc(?=[^>]*\st="e")[^>]*?\sr="([A-Z]+)(\d+)"[^>]*>.*?<%bv(?:\s[^>]*)?>([^<]*)<'
            % (name, name),
            re.S,
        )
        return {
            (int(row), column_number(letters)): value.decode()
            for letters, row, value in pattern.findall(self._text.scannable)
        }

    def number_formats(self, column: int) -> dict[int, str]:
        """Return the format code by row of each number in a column, "General" left out.

        What a person sees as `00123` may be the number 123 in the format `00000`.
        """
        name, letters = re.escape(self._text.prefix), column_letters(column).encode()
        pattern = re.compile(
            rb'<%bc(?=[^>]*\sr="%b(\d+)")([^>]*[^>/])>\s*(?:<%bf.*?)?<%bv'
            % (name, letters, name, name),
            re.S,
        )
        codes: dict[bytes, str] = {}
        found: dict[int, str] = {}
        for match in pattern.finditer(self._text.scannable):
            kind, style = _TYPE.search(match[2]), _STYLE.search(match[2])
            if style is None or (kind is not None and kind[1] != b"n"):
                continue
            code = codes.get(style[1])
            if code is None:
                code = codes[style[1]] = self._number_format(int(style[1]))
            if code != "General":
                found[int(match[1])] = code
        return found


def _numbered(text: SheetText) -> SheetText:
    """Write out the addresses that rows and cells leave to be counted, for searches to find."""
    pieces: list[bytes] = []
    prefix = text.prefix
    for row in iterate_rows(text):
        pieces.append(b'<%brow r="%d"' % (prefix, row.number))
        tag = text.scannable[row.start : row.inner]
        pieces.append(re.sub(rb'\sr="\d*"', b"", tag[len(prefix) + 4 :]))
        for cell in iterate_cells(text, row):
            place = b"%b%d" % (column_letters(cell.column).encode(), row.number)
            tag = text.scannable[cell.start : cell.tag_end]
            pieces.append(b'<%bc r="%b"' % (prefix, place))
            pieces.append(re.sub(rb'\sr="\w*"', b"", tag[len(prefix) + 2 :]))
            pieces.append(text.scannable[cell.tag_end : cell.end])
        pieces.append(text.scannable[row.close : row.end])
    rows = b"".join(pieces)
    return SheetText(text.head, rows, text.tail, prefix, text.opening, rows)
