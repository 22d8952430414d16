"""Tell the rows that ask for pictures from titles, examples, totals and blank rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tierbook.workbook.values import is_blank
from tierbook.workbook.words import TOTAL, meanings, plain

EXAMPLE_MARK = "#example"


@dataclass(frozen=True, slots=True)
class Kept:
    """Which rows to read on, as indices, and how many of each other kind were passed over."""

    indices: list[int]
    skipped: Counter[str]


def request_rows(
    rows: Sequence[Sequence[Any]],
    sku_column: int,
    sku_heading: str,
    ours: frozenset[int],
    banners: frozenset[int] = frozenset(),
    left_out: frozenset[int] = frozenset(),
) -> Kept:
    """Choose the rows that hold a request.

    Args:
        rows: The rows under the headings.
        sku_column: 1-based column of the SKU.
        sku_heading: Its heading, which some sheets repeat over every section.
        ours: 1-based columns of Tierbook's own, which do not make a row a request.
        banners: Indices of rows merged across columns.
        left_out: Indices the seller wants left out.
    """
    at = sku_column - 1
    skus = [row[at] if at < len(row) else "" for row in rows]
    odd = {sku for sku in set(map(_hashable, skus)) if _is_odd(sku, sku_heading)}
    skipped: Counter[str] = Counter()
    indices: list[int] = []
    for i, sku in enumerate(skus):
        first = rows[i][0] if rows[i] else ""
        if i in left_out:
            skipped["hidden"] += 1
        elif (sku in odd or i in banners or _is_marked(first)) and (
            kind := _kind_of(rows[i], sku, sku_heading, ours, i in banners)
        ):
            skipped[kind] += 1
        else:
            indices.append(i)
    return Kept(indices, skipped)


def _hashable(value: Any) -> Any:
    return value if type(value) is str else None if is_blank(value) else ""[:0] or repr(value)


def _is_marked(value: Any) -> bool:
    return type(value) is str and value[:1] == "#"


def _is_odd(sku: Any, heading: str) -> bool:
    """Tell SKU cells that need a look at the whole row."""
    if is_blank(sku) or _is_marked(sku):
        return True
    folded = plain(sku)
    return folded == plain(heading) or _is_total(folded)


def _is_total(folded: str) -> bool:
    return folded.rstrip(":. ") in meanings(TOTAL)


def _kind_of(row: Sequence[Any], sku: Any, heading: str, ours: frozenset[int], banner: bool) -> str:
    """Name what a row is instead of a request, "" where it is one."""
    filled = [
        value for column, value in enumerate(row, 1) if column not in ours and not is_blank(value)
    ]
    if not filled:
        return "blank"
    first = plain(filled[0]) if type(filled[0]) is str else ""
    if first.startswith(EXAMPLE_MARK):
        return "example"
    if first.startswith("#") and (len(filled) == 1 or first.startswith("# ")):
        return "comment"
    if type(sku) is str and plain(sku) == plain(heading) and plain(sku):
        return "repeated heading"
    if _is_total(first) and (is_blank(sku) or _is_total(plain(str(sku)))):
        return "total"
    if len(filled) == 1 and (banner or is_blank(sku)):
        return "section"
    return ""


def told(skipped: Counter[str]) -> str:
    """Say how many rows of which kind were passed over: `2 blank rows and 1 total row`."""
    parts = [
        f"{count} {kind} row{'s' if count != 1 else ''}" for kind, count in sorted(skipped.items())
    ]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1] if parts else "")))
