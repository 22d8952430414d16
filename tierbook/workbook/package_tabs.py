"""The tabs of an Excel package: their values by calamine, what else they hold by `ooxml`.

A look at the sheet's XML is dear, so it is taken only where a few bytes in it say there is
something to find.
"""

import io
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine

from tierbook import ooxml
from tierbook.errors import NotAWorkbook
from tierbook.ooxml.package import MAX_PART_BYTES, Package
from tierbook.workbook.locating import SEARCHED_ROWS, Header, Merge, column_number, find_header
from tierbook.workbook.marks import COLUMN_PREFIX

if TYPE_CHECKING:
    from tierbook.ooxml.facts import PackageFacts

_OPEN_FIX = (
    'open it in Excel or LibreOffice, choose "Save As", type "Excel Workbook (.xlsx)", and pass '
    "the new file."
)
# No deflated part can unpack to more than this many times its size.
_MOST_DEFLATED = 1032
# Values are read into a full rectangle, so that one far cell costs memory for all before it.
_MOST_CELLS = 15_000_000
_MANY_ROWS = 1_000
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)\d+"')
_LAST_ROW = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')
_FAR_COLUMN = re.compile(rb'r="[A-Z]{3}\d')


class PackageTabs:
    """A workbook whose tabs are parsed when first asked for.

    Args:
        path: Its name, for messages.
        content: Its bytes.

    Raises:
        NotAWorkbook: Another kind of file, damaged, with a password, or made to exhaust memory.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self.facts = ooxml.inspect(content)
        self._package = Package(content)
        self._parts = {sheet.name: sheet.part for sheet in self.facts.sheets}
        self._inflated: dict[str, bytes] = {}
        self._refuse_bombs()
        with self._calamine():
            self._source = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        self._sheets: dict[str, python_calamine.CalamineSheet] = {}

    def _refuse_bombs(self) -> None:
        """Unpack under a count what could grow past the cap, whatever the zip says of its size."""
        for entry in self._package.entries:
            if entry.compressed_size * _MOST_DEFLATED > MAX_PART_BYTES and (
                entry.name.endswith((".xml", ".rels"))
            ):
                self._inflated[entry.name] = self._package.inflate(entry)

    @contextmanager
    def _calamine(self, tab: str = "") -> Generator[None]:
        """Turn whatever calamine raises into words; a panic of its is no `Exception`."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            place = f'{self.path.name}, tab "{tab}",' if tab else self.path.name
            raise NotAWorkbook(f"{place} cannot be read: {error}.", fix=_OPEN_FIX) from None

    def names(self, *, visible: bool = False) -> list[str]:
        """List the worksheets, in order."""
        return [
            one.name
            for one in self._source.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
            and not (visible and one.visible != python_calamine.SheetVisibleEnum.Visible)
        ]

    def rows(self, tab: str, most: int | None = None) -> list[list[Any]]:
        """Return the rows of a tab from row 1 and column A, raw values, "" for empty cells."""
        if tab not in self._sheets:
            self._refuse_far_cells(tab)
            with self._calamine(tab):
                self._sheets[tab] = self._source.get_sheet_by_name(tab)
        return self._sheets[tab].to_python(skip_empty_area=False, nrows=most)

    def merges(self, tab: str) -> list[Merge]:
        """List the merged ranges of a tab that was read."""
        ranges = self._sheets[tab].merged_cell_ranges or []
        return [
            (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges
        ]

    def header(self, tab: str, row: int | None, mapping: Mapping[str, str]) -> Header | None:
        """Find the headings of a tab."""
        top = self.rows(tab, max(SEARCHED_ROWS, (row or 0) + 4))
        tables = [one for one in self.facts.sheet(tab).tables if one.has_header]
        return find_header(
            top,
            header_row=row,
            mapping=mapping,
            merges=self.merges(tab),
            table_rows=frozenset(one.ref.top for one in tables),
        )

    # ------------------------------------------------------------------- besides values

    def _xml(self, tab: str) -> bytes:
        part = self._parts.get(tab, "")
        name = self._package.find(part) if part else None
        if name is None:
            return b""
        if name not in self._inflated:
            self._inflated[name] = self._package.read(name)
        return self._inflated[name]

    def _plainly_without(self, tab: str, *signs: bytes) -> bool:
        """Tell that none of the signs is in a sheet; a sheet with prefixed names may hold any."""
        xml = self._xml(tab)
        return b"<sheetData" in xml and not any(sign in xml for sign in signs)

    def hidden_rows(self, tab: str) -> frozenset[int]:
        """Return the rows that are hidden or filtered out."""
        if self._plainly_without(tab, b"hidden="):
            return frozenset()
        return self.facts.sheet(tab).hidden_rows

    def voids(self, tab: str) -> dict[tuple[int, int], str]:
        """Map (row, column) of cells that read as empty but are not to what stands in them.

        That is an error such as `#REF!`, or "" for a formula whose result was never stored.
        """
        found: dict[tuple[int, int], str] = {}
        if not self._plainly_without(tab, b"</f>"):
            found.update(dict.fromkeys(self.facts.sheet(tab).formulas_without_value, ""))
        # One byte is found far quicker than several, and every error begins with it.
        if b"#" in self._xml(tab) and not self._plainly_without(tab, b't="e"'):
            found.update(self.facts.sheet(tab).errors)
        return found

    def table_totals(self, tab: str) -> frozenset[int]:
        """Return the rows in which a table adds up its columns."""
        tables = self.facts.sheet(tab).tables
        return frozenset(one.ref.bottom for one in tables if one.has_totals)

    def _refuse_far_cells(self, tab: str) -> None:
        """Refuse a sheet in which one stray cell far out makes the used area enormous."""
        xml = self._xml(tab)
        last = xml.rfind(b"<row")
        found = _LAST_ROW.match(xml, last) if last >= 0 else None
        rows = int(found[1]) if found else 0
        declared = _DIMENSION.search(xml, 0, 4096)
        width = column_number(declared[1].decode()) if declared else 0
        if rows < _MANY_ROWS or (
            declared and rows * width < _MOST_CELLS and not _FAR_COLUMN.search(xml)
        ):
            return
        sheet = self.facts.sheet(tab)
        # Columns of ours are no reason to refuse what was read before they came.
        marks = {
            one.name: one.name for one in self.facts.names if one.name.startswith(COLUMN_PREFIX)
        }
        ours = len(own_marks(self.facts, tab, marks))
        if sheet.last_row * (sheet.last_column - ours) > _MOST_CELLS:
            raise NotAWorkbook(
                f'In {self.path.name}, tab "{tab}" has values as far out as row '
                f"{sheet.last_row:,} and column {sheet.last_column:,}: too wide an area to read.",
                fix="press Ctrl+End in that tab to find the stray cell, delete its row or column, "
                "and save.",
            )


def own_marks(facts: "PackageFacts", tab: str, marks: Mapping[str, str]) -> dict[str, int]:
    """Find the columns of a tab that hidden names mark as Tierbook's.

    Args:
        facts: Facts of the package.
        tab: The requests tab.
        marks: Defined name -> output heading.
    """
    found: dict[str, int] = {}
    for name in facts.names:
        heading = marks.get(name.name)
        sheet, _, address = name.formula.rpartition("!")
        column = re.fullmatch(r"\$?([A-Z]{1,3})\$?\d+", address)
        if heading and column and _unquoted(sheet) == tab.casefold():
            found[heading] = column_number(column[1])
    return found


def _unquoted(sheet: str) -> str:
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet.casefold()
