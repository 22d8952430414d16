"""Read an Excel package: which tab holds the requests, its rows, and the settings tabs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tierbook.contract import (
    CONFIGURATION_TABS,
    OUTPUT_TABS,
    PERFORMANCE,
    PLACEMENT,
    PRODUCTS,
    REQUEST_OUTPUTS,
    REQUESTS,
    RUBRIC_TESTS,
    SKU,
    START,
)
from tierbook.errors import NothingToRoute
from tierbook.model import CellRef, Problem, TabRows
from tierbook.workbook.headings import heading_key
from tierbook.workbook.locating import SEARCHED_ROWS, Header, contract_mapping, describe
from tierbook.workbook.marks import column_mark
from tierbook.workbook.package_tabs import PackageTabs, own_marks
from tierbook.workbook.reading import Book, Found, ReadOptions, found_book
from tierbook.workbook.values import cell_value

_NOT_REQUESTS = frozenset(
    heading_key(tab) for tab in (START, *CONFIGURATION_TABS, PERFORMANCE, *OUTPUT_TABS)
)


def read_package(path: Path, content: bytes, options: ReadOptions) -> Book:
    """Read an .xlsx or .xlsm file; see `tierbook.workbook.read_book`."""
    mapping = contract_mapping(options.mapping)
    workbook = PackageTabs(path, content)
    sheet, header = _requests_tab(workbook, options, mapping)
    tabs = _tabs(workbook, sheet)
    found = Found(
        path=path,
        kind="xlsm" if workbook.facts.macro else "xlsx",
        content=content,
        sheet=sheet,
        rows=workbook.rows(sheet),
        header=header,
        mapping=mapping,
        marks=own_marks(workbook.facts, sheet, {column_mark(h): h for h in REQUEST_OUTPUTS}),
        tabs=tabs,
        tab_problems=tuple(_tab_problems(tabs)),
        facts=workbook.facts,
        hidden=workbook.hidden_rows(sheet),
        totals=workbook.table_totals(sheet),
        merges=tuple(workbook.merges(sheet)),
        voids=workbook.voids(sheet),
    )
    return found_book(found, options)


def _requests_tab(
    workbook: PackageTabs, options: ReadOptions, mapping: Mapping[str, str]
) -> tuple[str, Header | None]:
    """Choose the tab with the requests: named, called Requests, or the only one with a SKU."""
    if options.sheet is not None:
        name = _named(workbook, options.sheet)
        return name, workbook.header(name, options.header_row, mapping)
    for name in workbook.names():
        if heading_key(name) == heading_key(REQUESTS):
            return name, workbook.header(name, options.header_row, mapping)
    names = [n for n in workbook.names(visible=True) if heading_key(n) not in _NOT_REQUESTS]
    headers = {name: workbook.header(name, options.header_row, mapping) for name in names}
    candidates = _candidates(headers)
    if len(candidates) == 1:
        return candidates[0], headers[candidates[0]]
    if len(names) == 1:
        return names[0], headers[names[0]]
    raise _no_telling(workbook, headers, candidates)


def _named(workbook: PackageTabs, wanted: str) -> str:
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
    with_sku = [name for name, header in headers.items() if _has(header, SKU)]
    placed = [name for name in with_sku if _has(headers[name], PLACEMENT)]
    others = [name for name in with_sku if heading_key(name) != heading_key(PRODUCTS)]
    return next((kept for kept in (placed, others) if len(kept) == 1), with_sku)


def _has(header: Header | None, heading: str) -> bool:
    return header is not None and (
        heading in header.recognised.columns or heading in header.recognised.twins
    )


def _no_telling(
    workbook: PackageTabs, headers: Mapping[str, Header | None], candidates: Sequence[str]
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


def _tabs(workbook: PackageTabs, requests: str) -> dict[str, TabRows]:
    """Return the settings tabs, Products and Performance, however their names are typed."""
    wanted = {heading_key(tab): tab for tab in (*CONFIGURATION_TABS, PRODUCTS, PERFORMANCE)}
    found: dict[str, TabRows] = {}
    for name in workbook.names():
        tab = wanted.get(heading_key(name))
        if tab is not None and tab not in found and name != requests:
            rows = [[cell_value(value) for value in row] for row in workbook.rows(name)]
            found[tab] = TabRows(name, rows, voids=workbook.voids(name))
    return found


def _tab_problems(tabs: Mapping[str, TabRows]) -> Iterator[Problem]:
    """Report cells that read as empty but hold a formula or an error, in tabs of any columns.

    Tabs whose columns are Tierbook's say it themselves, cell by cell.
    """
    for tab in (tabs[name] for name in (RUBRIC_TESTS, PRODUCTS, PERFORMANCE) if name in tabs):
        voids = sorted(tab.voids)
        if not voids:
            continue
        cells = ", ".join(CellRef(tab.sheet, row, column).a1 for row, column in voids[:5])
        more = f" and {len(voids) - 5} more" if len(voids) > 5 else ""
        yield Problem(
            "no-value",
            "warning",
            f"Cells that hold an error, or a formula whose result is not stored, were read as "
            f"empty: {cells}{more}.",
            "open the workbook in Excel or LibreOffice once, save it, and run again.",
            CellRef(tab.sheet, *voids[0]),
        )


def read_tabs(path: Path, content: bytes) -> dict[str, TabRows]:
    """Return the settings tabs of a workbook that need not hold any requests."""
    return _tabs(PackageTabs(path, content), "")
