"""Read an Excel package: which tab holds the requests, its rows, and the settings tabs."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from tierbook.contract import (
    CONFIGURATION_TABS,
    OUTPUT_TABS,
    PLACEMENT,
    PRODUCTS,
    REQUESTS,
    SKU,
    START,
)
from tierbook.errors import NotAWorkbook, NothingToRoute
from tierbook.model import TabRows
from tierbook.workbook.headings import heading_key
from tierbook.workbook.locating import (
    SEARCHED_ROWS,
    Header,
    Merge,
    contract_mapping,
    describe,
    find_header,
)
from tierbook.workbook.reading import Book, FoundTable, ReadOptions, found_book
from tierbook.workbook.values import cell_value

_OPEN_FIX = (
    'open it in Excel or LibreOffice, choose "Save As", type "Excel Workbook (.xlsx)", and pass '
    "the new file."
)
_NOT_REQUESTS = frozenset(heading_key(tab) for tab in (START, *CONFIGURATION_TABS, *OUTPUT_TABS))


@dataclass
class _Workbook:
    """The tabs of a package, each parsed when first asked for."""

    path: Path
    content: bytes
    mapping: Mapping[str, str]

    def __post_init__(self) -> None:
        try:
            self._source = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.content))
        except Exception as error:  # the errors of calamine share no base class
            raise _unreadable(self.path.name, error) from None
        self._sheets: dict[str, python_calamine.CalamineSheet] = {}

    def names(self, *, visible: bool = False) -> list[str]:
        """List the worksheets, in order."""
        return [
            one.name
            for one in self._source.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
            and not (visible and one.visible != python_calamine.SheetVisibleEnum.Visible)
        ]

    def rows(self, name: str, most: int | None = None) -> list[list[Any]]:
        """Return the rows of a tab from row 1 and column A, raw values, "" for empty cells."""
        try:
            if name not in self._sheets:
                self._sheets[name] = self._source.get_sheet_by_name(name)
            return self._sheets[name].to_python(skip_empty_area=False, nrows=most)
        except Exception as error:  # the errors of calamine share no base class
            raise _unreadable(f'{self.path.name}, tab "{name}"', error) from None

    def merges(self, name: str) -> list[Merge]:
        """List the merged ranges of a tab that was read."""
        ranges = self._sheets[name].merged_cell_ranges or []
        return [
            (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges
        ]

    def header(self, name: str, row: int | None = None) -> Header | None:
        """Find the headings of a tab."""
        top = self.rows(name, max(SEARCHED_ROWS, (row or 0) + 4))
        return find_header(top, header_row=row, mapping=self.mapping, merges=self.merges(name))


def _unreadable(name: str, error: Exception) -> NotAWorkbook:
    if isinstance(error, python_calamine.PasswordError):
        return NotAWorkbook(
            f"{name} has a password, so it cannot be read.",
            fix="in Excel: File > Info > Protect Workbook > Encrypt with Password, clear it, save.",
        )
    return NotAWorkbook(f"{name} cannot be read: {error}.", fix=_OPEN_FIX)


def read_package(path: Path, content: bytes, options: ReadOptions) -> Book:
    """Read an .xlsx or .xlsm file; see `tierbook.workbook.read_book`."""
    workbook = _Workbook(path, content, contract_mapping(options.mapping))
    sheet, header = _requests_tab(workbook, options)
    found = FoundTable(path, "xlsx", content, sheet, workbook.rows(sheet), header, workbook.mapping)
    return found_book(found, options, tabs=_tabs(workbook, sheet))


def _requests_tab(workbook: _Workbook, options: ReadOptions) -> tuple[str, Header | None]:
    """Choose the tab with the requests: named, called Requests, or the only one with a SKU."""
    if options.sheet is not None:
        name = _named(workbook, options.sheet)
        return name, workbook.header(name, options.header_row)
    for name in workbook.names():
        if heading_key(name) == heading_key(REQUESTS):
            return name, workbook.header(name, options.header_row)
    names = [n for n in workbook.names(visible=True) if heading_key(n) not in _NOT_REQUESTS]
    headers = {name: workbook.header(name, options.header_row) for name in names}
    candidates = _candidates(headers)
    if len(candidates) == 1:
        return candidates[0], headers[candidates[0]]
    if len(names) == 1:
        return names[0], headers[names[0]]
    raise _no_telling(workbook, headers, candidates)


def _named(workbook: _Workbook, wanted: str) -> str:
    names = workbook.names()
    for name in (*(n for n in names if n == wanted), *names):
        if name == wanted or heading_key(name) == heading_key(wanted):
            return name
    raise NothingToRoute(
        f'{workbook.path.name} has no tab "{wanted}".',
        fix=f"pass --sheet with one of: {', '.join(repr(name) for name in names)}.",
    )


def _candidates(headers: Mapping[str, Header | None]) -> list[str]:
    """List the tabs with a SKU; one that alone has placements too, or is not Products, wins."""
    with_sku = [n for n, h in headers.items() if h is not None and _has(h, SKU)]
    for keep in (
        lambda name: _has(headers[name], PLACEMENT),
        lambda name: heading_key(name) != heading_key(PRODUCTS),
    ):
        kept = [name for name in with_sku if keep(name)]
        if len(kept) == 1:
            return kept
    return with_sku


def _has(header: Header | None, heading: str) -> bool:
    return header is not None and (
        heading in header.recognised.columns or heading in header.recognised.twins
    )


def _no_telling(
    workbook: _Workbook, headers: Mapping[str, Header | None], candidates: Sequence[str]
) -> NothingToRoute:
    name = workbook.path.name
    names = candidates or list(headers)
    seen = "".join(
        f"\n  {describe(tab, workbook.rows(tab, SEARCHED_ROWS), headers.get(tab))}" for tab in names
    )
    if not names:
        return NothingToRoute(f"{name} has no worksheet with rows.", fix="put the products in one.")
    if candidates:
        return NothingToRoute(
            f"{name} has more than one tab with a SKU, and none is called Requests:{seen}",
            fix=f'say which one: --sheet "{candidates[0]}", or rename it to Requests.',
        )
    return NothingToRoute(
        f"No tab of {name} has a heading that surely means the SKU. Seen:{seen}",
        fix='pass --sheet with the tab, --map "SKU=..." with a heading or a column letter, and '
        "--header-row N if the headings stand in another row.",
    )


# --------------------------------------------------------------------------- settings tabs


def _tabs(workbook: _Workbook, requests: str) -> dict[str, TabRows]:
    """Return the settings tabs and Products, by contract name, however their names are typed."""
    wanted = {heading_key(tab): tab for tab in (*CONFIGURATION_TABS, PRODUCTS)}
    found: dict[str, TabRows] = {}
    for name in workbook.names():
        tab = wanted.get(heading_key(name))
        if tab is not None and tab not in found and name != requests:
            rows = [[cell_value(value) for value in row] for row in workbook.rows(name)]
            found[tab] = TabRows(name, rows)
    return found


def read_tabs(path: Path, content: bytes) -> dict[str, TabRows]:
    """Return the settings tabs of a workbook that need not hold any requests."""
    return _tabs(_Workbook(path, content, {}), "")
