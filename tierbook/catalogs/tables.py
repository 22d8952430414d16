"""Exports as tables of text, whatever kind of file they come in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tierbook.workbook import kinds
from tierbook.workbook.values import BLANKS, spelled


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet from row 1; cells are text without outer blanks, numbers of a workbook as such."""

    file: str
    tab: str
    rows: Sequence[Sequence[Any]]
    note: str = ""


def sheets_of(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of an export: one for a text file, the visible ones of a workbook.

    Those of each file in an archive follow one another, under its name.

    Raises:
        UsageError: There is no such file.
        NotAWorkbook: The file is of another kind, damaged, or has a password.
    """
    from tierbook.catalogs.packed import unpacked

    for one, content in unpacked(path, kinds.read_file(path)):
        if content:
            yield from _sheets(one, content)
        else:  # only a file in an archive: `read_file` refuses an empty one
            yield Sheet(one.name, "", [])


def _sheets(path: Path, content: bytes) -> Iterator[Sheet]:
    container = kinds.container_of(content)
    if container == "text":
        yield _text_sheet(path, content)
    elif container == "parquet":
        from tierbook.workbook.parquet import read_parquet

        names, rows = read_parquet(content)
        yield Sheet(path.name, "", [names, *rows])
    elif found := list(_read_only(path, content)):
        yield from found
    else:
        from tierbook.workbook.package_tabs import PackageTabs

        package = PackageTabs(path, content)
        for tab in package.names(visible=True):
            yield Sheet(path.name, tab, package.rows(tab))


def _read_only(path: Path, content: bytes) -> Iterator[Sheet]:
    """Read a kind that is never written back; of other kinds nothing comes out."""
    from tierbook.catalogs.markup import tables_in
    from tierbook.workbook.older_kinds import is_older_kind, older_sheets

    if is_older_kind(content):
        try:
            yield from [Sheet(path.name, tab, rows) for tab, rows in older_sheets(content)]
        except ValueError:
            return  # the package reader has words for what is wrong
    elif not content.startswith(b"PK"):
        yield from (Sheet(path.name, "", rows) for rows in tables_in(content))


def _text_sheet(path: Path, content: bytes) -> Sheet:
    from tierbook.workbook.delimited import read_delimited

    table = read_delimited(content)
    note = ""
    if table.dialect.guessed:
        note = (
            f"{path.name} does not say its encoding; it was read as {table.dialect.encoding}. "
            "If letters look wrong, save it as CSV UTF-8."
        )
    return Sheet(path.name, "", table.rows, note)


def cell_text(value: Any) -> str:
    """Spell a cell without the blanks around it."""
    if type(value) is str:
        return value.strip(BLANKS)
    return "" if value is None else spelled(value).strip(BLANKS)


def kind_word(row: Sequence[Any], column: int) -> str:
    """Read what a row says it is, in lower case: `Variation, virtual` -> `variation`."""
    text = cell_text(row[column - 1]) if column <= len(row) else ""
    return text.partition(",")[0].strip().casefold()
