"""Tables (ListObjects): one that ends where new columns begin grows over them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tierbook.ooxml import markup
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.plan import ColumnEdit
from tierbook.ooxml.ranges import CellRange


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table of a sheet; `columns` are its headings as the table part spells them."""

    name: str
    ref: CellRange
    has_header: bool
    has_totals: bool
    columns: tuple[str, ...]
    from_query: bool


def table_facts(root: Tree) -> TableFacts | None:
    """Read a table part; None where it says nothing usable."""
    try:
        ref = CellRange.parse(root.get("ref") or "")
    except ValueError:
        return None
    columns = markup.child(root, "tableColumns")
    return TableFacts(
        name=root.get("displayName") or root.get("name") or "",
        ref=ref,
        has_header=root.get("headerRowCount") != "0",
        has_totals=(root.get("totalsRowCount") or "0") != "0",
        columns=tuple(
            one.get("name") or ""
            for one in (() if columns is None else markup.children(columns, "tableColumn"))
        ),
        from_query=root.get("tableType") in ("queryTable", "xml") or bool(root.get("connectionId")),
    )


def growing_columns(table: TableFacts, edits: Sequence[ColumnEdit]) -> list[ColumnEdit]:
    """Return the new columns that join the table, in order, none if it must stay as it is."""
    new = {one.column: one for one in edits if one.new and one.header_row == table.ref.top}
    joining: list[ColumnEdit] = []
    column = table.ref.right + 1
    while column in new:
        joining.append(new[column])
        column += 1
    return joining if table.has_header and not table.from_query else []


def reason_to_stay(table: TableFacts, joining: Sequence[ColumnEdit], strangers: bool) -> str:
    """Say why a table cannot take the columns, "" if it can.

    Args:
        table: The table.
        joining: The columns right of it.
        strangers: Whether cells of the seller's stand where the table would grow.
    """
    taken = {name.casefold() for name in table.columns}
    twins = [one.header for one in joining if one.header.casefold() in taken]
    headers = [one.header.casefold() for one in joining]
    if twins or len(set(headers)) != len(headers):
        return f'it already has a column "{(twins or [joining[0].header])[0]}"'
    if not all(headers):
        return "a new column has no heading"
    if strangers:
        return "other cells stand beside it"
    return ""


def grow(root: Tree, table: TableFacts, joining: Sequence[ColumnEdit]) -> None:
    """Widen the table part over the columns: range, filter range, and a line for each."""
    ref = CellRange(table.ref.top, table.ref.left, table.ref.bottom, table.ref.right + len(joining))
    root.set("ref", str(ref))
    listed = markup.child(root, "tableColumns")
    assert listed is not None  # noqa: S101 - the facts hold its columns
    numbers = [int(one.get("id") or 0) for one in markup.children(listed, "tableColumn")]
    for step, edit in enumerate(joining, start=1):
        name = edit.header.replace("\n", "_x000a_")
        markup.append(listed, "tableColumn", id=str(max(numbers, default=0) + step), name=name)
    listed.set("count", str(len(numbers) + len(joining)))
    filtered = markup.child(root, "autoFilter")
    if filtered is not None:
        # The filter leaves a totals row out, so only its right edge moves.
        area = CellRange.parse(filtered.get("ref") or str(ref))
        filtered.set("ref", str(CellRange(area.top, area.left, area.bottom, ref.right)))
