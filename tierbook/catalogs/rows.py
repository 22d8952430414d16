"""Tell the rows that name products from comments, sections, totals and repeated headings."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tierbook.catalogs.recognising import Recognised, header_cells
from tierbook.catalogs.tables import cell_text
from tierbook.workbook.values import BLANKS
from tierbook.workbook.words import TOTAL, meanings, plain

_BLANK = ("", None)


@dataclass(frozen=True)
class Kept:
    """The rows that name products.

    Attributes:
        rows: Their cells, raw.
        lines: Their 1-based rows in the sheet.
        skipped: Reason -> how many other rows there were; blank ones are not worth a word.
    """

    rows: Sequence[Sequence[object]]
    lines: Sequence[int]
    skipped: Counter[str]


def product_rows(table: Recognised) -> Kept:
    """Choose the rows under the headings that name products.

    A row that says the same as an earlier one, cell by cell, is left out. Where products span
    several rows, a repeat that names nothing is a picture or a variant of the row above, and stays.
    """
    lists = not table.format.grouping.priced
    named = {*table.fields.get("sku", ()), *table.fields.get("name", ())}
    sections = table.format.signature == () and len(table.headings) > 2
    kept: list[Sequence[object]] = []
    lines: list[int] = []
    skipped: Counter[str] = Counter()
    seen: set[tuple[object, ...]] = set()
    above = _first_row(table) - 1
    for line, row in enumerate(table.sheet.rows[above:], above + 1):
        filled = [
            column
            for column, value in enumerate(row, 1)
            if value not in _BLANK and (not isinstance(value, str) or value.strip(BLANKS))
        ]
        if not filled:
            continue
        reason = _reason(table, row, filled, named, sections=sections)
        if not reason and lists and not named.isdisjoint(filled):
            same = tuple(row)
            reason = "repeated rows" if same in seen else ""
            seen.add(same)
        if reason:
            skipped[reason] += 1
        else:
            kept.append(row)
            lines.append(line)
    return Kept(kept, lines, skipped)


def _first_row(table: Recognised) -> int:
    """Find the 1-based row of the first product: below the headings, or where a cell says."""
    first = table.header_row + 1
    if not table.format.first_row:
        return first
    said = re.compile(re.escape(table.format.first_row) + r"(\d+)")
    above = (cell_text(cell) for row in table.sheet.rows[: table.header_row] for cell in row)
    told = next((found for text in above if (found := said.search(text))), None)
    return max(first, int(told[1])) if told else first


def _reason(
    table: Recognised,
    row: Sequence[object],
    filled: Sequence[int],
    named: set[int],
    *,
    sections: bool,
) -> str:
    first = cell_text(row[filled[0] - 1])
    if first[0] == "#" and (len(filled) == 1 or first[:2] == "# "):
        return "comment rows"
    if first == table.headings.get(filled[0]) and header_cells(table, row):
        return "repeated heading rows"
    if plain(first).rstrip(":. ") in meanings(TOTAL):
        return "total rows"
    if sections and len(filled) == 1:
        return "section rows"
    if table.format.signature == () and named.isdisjoint(filled):
        return "rows without a name"
    return ""
