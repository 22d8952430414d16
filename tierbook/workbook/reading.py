"""Read a workbook, CSV or Parquet file once, and find in it what Tierbook needs.

`read_book` tells the kind of file by its content, finds the sheet and the row that hold the
requests, recognises the headings, and finds the settings tabs. What the cells mean is the work of
`tierbook.workbook.request_table`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tierbook.errors import NothingToRoute
from tierbook.model import CellRef, Problem, TabRows, column_letter
from tierbook.workbook import kinds
from tierbook.workbook.headings import recognise
from tierbook.workbook.locating import (
    Header,
    Merge,
    chosen_columns,
    contract_mapping,
    describe,
    find_header,
    require_fields,
    taken_notes,
)
from tierbook.workbook.own_columns import own_columns
from tierbook.workbook.values import is_blank

if TYPE_CHECKING:
    from tierbook.ooxml.facts import PackageFacts
    from tierbook.ooxml.sheet_facts import SheetFacts
    from tierbook.workbook.delimited import Dialect, TextTable

BookKind = Literal["xlsx", "xlsm", "csv", "parquet"]


@dataclass(frozen=True)
class ReadOptions:
    """What a seller says of a workbook that cannot be told from itself.

    Attributes:
        sheet: The tab with the requests.
        header_row: 1-based row of its headings.
        mapping: Contract heading -> the seller's heading, or a column letter.
        placement: The placement of rows that name none.
        visible_only: Leave out hidden and filtered rows.
    """

    sheet: str | None = None
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    placement: str | None = None
    visible_only: bool = False


@dataclass(frozen=True)
class Book:
    """A workbook as read, with its requests tab found; rows and columns are 1-based.

    Attributes:
        path: Where it was read from.
        kind: What it is by its content.
        content: The file's bytes.
        sha256: Their hash, in hexadecimal.
        sheet: The requests tab, "" for CSV and Parquet.
        header_row: Row of the headings (the lower one of two), 0 for Parquet.
        first_data_row: Row of `rows[0]`.
        last_column: Last used column of the requests tab.
        headings: Column -> text as typed.
        recognised: Contract heading -> column.
        output_columns: Output heading -> column, for columns an earlier run added.
        rows: The rows under the headings, raw values.
        tabs: Contract name -> rows of each settings tab found, of `Products` and `Performance`.
        hidden_rows: How many rows under the headings are hidden or filtered out.
        left_out: Those rows, where the seller wants visible rows only.
        placement: The placement of rows that name none, "" for none.
        notes: Sentences for the seller on how the file was understood.
        problems: What is wrong with headings and tabs.
        facts: What the package holds besides values; workbooks only.
        totals: Rows in which a table adds up its columns.
        merges: Merged ranges: top row, left column, bottom row, right column.
        voids: (row, column) of cells that read as empty but are not -> the error in them, or ""
            for a formula whose result was never stored.
        text: Records and dialect; CSV only.
    """

    path: Path
    kind: BookKind
    content: bytes
    sha256: str
    sheet: str
    header_row: int
    first_data_row: int
    last_column: int
    headings: Mapping[int, str]
    recognised: Mapping[str, int]
    output_columns: Mapping[str, int]
    rows: Sequence[Sequence[Any]]
    tabs: Mapping[str, TabRows] = field(default_factory=dict[str, TabRows])
    hidden_rows: int = 0
    left_out: frozenset[int] = frozenset()
    placement: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    facts: "PackageFacts | None" = None
    totals: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    voids: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    text: "TextTable | None" = None

    @property
    def dialect(self) -> "Dialect | None":
        """How a text table is written; None for workbooks and Parquet."""
        return self.text.dialect if self.text else None

    @property
    def sheet_facts(self) -> "SheetFacts | None":
        """What the requests tab holds besides values; None for CSV and Parquet."""
        return self.facts.sheet(self.sheet) if self.facts else None


def read_book(path: Path, options: ReadOptions | None = None) -> Book:
    """Read the file at `path` and find its requests.

    Raises:
        UsageError: There is no such file, or an option names a tab or heading that is not there.
        NotAWorkbook: The file is of another kind, damaged, or has a password.
        NothingToRoute: No telling which tab, row or column holds the requests; the message says
            what was seen and what to pass.
    """
    options = options or ReadOptions()
    content = kinds.read_file(path)
    container = kinds.container_of(content)
    if container == "text":
        return _read_text(path, content, options)
    if container == "parquet":
        return _read_parquet(path, content, options)
    from tierbook.workbook.sheets import read_package

    return read_package(path, content, options)


def read_tabs(path: Path) -> dict[str, TabRows]:
    """Return the settings tabs of a workbook, by contract name; it need not hold any requests.

    Raises:
        UsageError: There is no such file.
        NotAWorkbook: The file is of another kind, damaged, or has a password.
    """
    content = kinds.read_file(path)
    if kinds.container_of(content) != "package":
        return {}
    from tierbook.workbook import sheets

    return sheets.read_tabs(path, content)


def _read_text(path: Path, content: bytes, options: ReadOptions) -> Book:
    from tierbook.workbook.delimited import read_delimited

    table = read_delimited(content)
    mapping = contract_mapping(options.mapping)
    header = find_header(table.rows, header_row=options.header_row, mapping=mapping)
    notes: list[str] = []
    if table.dialect.guessed:
        notes.append(
            f"The file does not say its encoding; it was read as {table.dialect.encoding}. "
            "If letters look wrong, save it as CSV UTF-8."
        )
    return found_book(
        Found(path, "csv", content, "", table.rows, header, mapping, text=table), options, notes
    )


def _read_parquet(path: Path, content: bytes, options: ReadOptions) -> Book:
    from tierbook.workbook.parquet import read_parquet

    names, rows = read_parquet(content)
    mapping = contract_mapping(options.mapping)
    headings = dict(enumerate(names, 1))
    recognised = recognise(headings, chosen_columns(headings, mapping))
    return found_book(
        Found(path, "parquet", content, "", rows, Header(0, 1, headings, recognised), mapping),
        options,
    )


@dataclass(frozen=True)
class Found:
    """A sheet on its way to become a `Book`: its rows from row 1, and its headings if found."""

    path: Path
    kind: BookKind
    content: bytes
    sheet: str
    rows: Sequence[Sequence[Any]]
    header: Header | None
    mapping: Mapping[str, str]
    marks: Mapping[str, int] = field(default_factory=dict[str, int])
    tabs: Mapping[str, TabRows] = field(default_factory=dict[str, TabRows])
    facts: "PackageFacts | None" = None
    tab_problems: tuple[Problem, ...] = ()
    hidden: frozenset[int] = frozenset()
    totals: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    voids: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    text: "TextTable | None" = None


def found_book(found: Found, options: ReadOptions, notes: Sequence[str] = ()) -> Book:
    """Check the headings of the table found and put the book together.

    Raises:
        NothingToRoute: The SKU column is missing or not clear.
    """
    header = _checked(found, options)
    ours = own_columns(header.headings, found.marks)
    chosen = chosen_columns(header.headings, found.mapping)
    recognised = recognise(header.headings, chosen, ours.values())
    header = Header(header.row, header.first_data_row, header.headings, recognised)
    rows = found.rows[header.first_data_row - 1 :]
    last_column = max([0, *header.headings, *map(len, rows)])
    require_fields(found.sheet, header, found.mapping, last_column)
    hidden = frozenset(row for row in found.hidden if row >= header.first_data_row)
    said = [*notes, *taken_notes(header, options.placement)]
    if hidden:
        done = "left out" if options.visible_only else "included"
        said.append(f"Hidden or filtered rows: {len(hidden)}, {done}.")
    return Book(
        path=found.path,
        kind=found.kind,
        content=found.content,
        sha256=hashlib.sha256(found.content).hexdigest(),
        sheet=found.sheet,
        header_row=header.row,
        first_data_row=header.first_data_row,
        last_column=last_column,
        headings=header.headings,
        recognised=recognised.columns,
        output_columns=ours,
        rows=rows,
        tabs=found.tabs,
        hidden_rows=len(hidden),
        left_out=hidden if options.visible_only else frozenset(),
        placement=options.placement or "",
        notes=tuple(said),
        problems=(*_twin_problems(found.sheet, header), *found.tab_problems),
        facts=found.facts,
        totals=found.totals,
        merges=found.merges,
        voids=found.voids,
        text=found.text,
    )


def _checked(found: Found, options: ReadOptions) -> Header:
    """Return the headings, or say what was seen where there are none."""
    if found.header is not None:
        return found.header
    name = f'Tab "{found.sheet}"' if found.sheet else found.path.name
    if not any(not is_blank(value) for row in found.rows for value in row):
        raise NothingToRoute(
            f"{name} is empty.", fix="put a row of headings (SKU, Placement) and a product in it."
        )
    if options.header_row is not None:
        raise NothingToRoute(
            f"{name} has no row {options.header_row}; it ends with row {len(found.rows)}.",
            fix="pass --header-row with the row the headings stand in.",
        )
    raise NothingToRoute(
        f"{name} has no heading that surely means the SKU. Seen: "
        f"{describe(found.sheet, found.rows, None)}.",
        fix='pass --map "SKU=..." with a heading or a column letter, and --header-row N if the '
        "headings stand in another row.",
    )


def _twin_problems(sheet: str, header: Header) -> list[Problem]:
    """Report headings that claim one optional field with equal right; none of them is read."""
    problems: list[Problem] = []
    for heading, columns in header.recognised.twins.items():
        places = " and ".join(
            f'{column_letter(c)}{header.row} "{header.headings[c]}"' for c in columns
        )
        problems.append(
            Problem(
                "two-headings",
                "error",
                f"Both {places} can be the {heading}; neither was read.",
                f'rename one of them, or pass --map "{heading}={column_letter(columns[0])}".',
                CellRef(sheet, header.row, columns[1]),
            )
        )
    return problems
