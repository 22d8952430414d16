"""Tell the rows that ask for pictures from titles, examples, totals and blank rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from tierbook.workbook.values import is_blank
from tierbook.workbook.words import TOTAL, meanings, plain

EXAMPLE_MARK = "#example"
# Rows nobody means as a product, so that alone they are not worth a word.
EXPECTED = frozenset({"blank", "example"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Which rows to read on, as indices, and how many of each other kind were passed over."""

    indices: Sequence[int]
    skipped: Counter[str]


def request_rows(
    rows: Sequence[Sequence[Any]],
    columns: Mapping[int, Sequence[Any]],
    sku: tuple[int, str],
    ours: frozenset[int],
    *,
    banners: AbstractSet[int] = frozenset(),
    totals: AbstractSet[int] = frozenset(),
    left_out: AbstractSet[int] = frozenset(),
    certain: AbstractSet[int] = frozenset(),
) -> Kept:
    """Choose the rows that hold a request.

    Args:
        rows: The rows under the headings.
        columns: The same by 1-based column.
        sku: Column of the SKU, and its heading, which some sheets repeat over every section.
        ours: 1-based columns of Tierbook's own, which do not make a row a request.
        banners: Indices of rows merged across columns.
        totals: Indices of the rows in which a table adds up.
        left_out: Indices the seller wants left out.
        certain: Indices of rows that are requests though their cells read as empty.
    """
    skus = columns.get(sku[0], ("",) * len(rows))
    heading = plain(sku[1])
    passed = set(left_out)
    skipped: Counter[str] = Counter(hidden=len(passed), total=len(totals - passed))
    passed |= totals
    # Only few rows need a look as a whole, so that most cost next to nothing.
    for i in _odd_rows(skus, heading) | _marked_rows(columns.get(1, ())) | banners:
        if i in passed or i in certain:
            continue
        if kind := _kind_of(rows[i], skus[i], heading, ours, banner=i in banners):
            passed.add(i)
            skipped[kind] += 1
    kept = [i for i in range(len(rows)) if i not in passed] if passed else range(len(rows))
    return Kept(kept, +skipped)


def _odd_rows(skus: Sequence[Any], heading: str) -> set[int]:
    """Return the rows whose SKU is blank, marked, a heading or a word for a total."""
    endings = (":", ".")
    special = {"", heading, *meanings(TOTAL)}
    odd: set[Any] = {None}
    for sku in set(skus):
        folded = plain(sku) if type(sku) is str else "-"
        if folded in special or folded[:1] == "#" or folded.endswith(endings):
            odd.add(sku)
    return {i for i, sku in enumerate(skus) if sku in odd} if odd & set(skus) else set()


def _marked_rows(first: Sequence[Any]) -> set[int]:
    marked = {value for value in set(first) if type(value) is str and value[:1] == "#"}
    return {i for i, value in enumerate(first) if value in marked} if marked else set()


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
    if heading and type(sku) is str and plain(sku) == heading:
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
