"""Find cells that hold no value of their own: errors, formulas without a result, merged cells."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tierbook.model import CellRef, Problem, column_letter
from tierbook.workbook.locating import Merge
from tierbook.workbook.values import Complaint, is_blank

_NO_RESULT_FIX = "open the workbook in Excel or LibreOffice once, save it, and run again"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a value: its sheet row, its heading, and what is wrong."""

    row: int
    heading: str
    complaint: Complaint


def void_faults(
    voids: Mapping[tuple[int, int], str], headings: Mapping[int, str]
) -> Iterator[Fault]:
    """Yield the faults of cells with an error, or with a formula that has no stored result.

    Args:
        voids: (row, column) -> the error, or "" for a formula.
        headings: 1-based column -> heading, for the columns that matter.
    """
    for (row, column), error in sorted(voids.items()):
        if column in headings:
            yield Fault(row, headings[column], _void(error))


def _void(error: str) -> Complaint:
    if error:
        return Complaint(
            "error-value",
            f"The cell holds the error {error}",
            "mend its formula, or type the value",
        )
    return Complaint(
        "no-stored-result", "The cell holds a formula whose result is not stored", _NO_RESULT_FIX
    )


def void_notices(
    voids: Mapping[tuple[int, int], str],
    rows: AbstractSet[int],
    headings: Mapping[int, str],
    sheet: str,
) -> list[Problem]:
    """Tell once a column of such cells where no decision hangs on them; they count as empty."""
    by_column: dict[tuple[int, str], list[int]] = {}
    for (row, column), error in sorted(voids.items()):
        if row in rows and column in headings:
            by_column.setdefault((column, error), []).append(row)
    return [
        Problem(
            _void(error).code,
            "warning",
            f'{_void(error).message} in column "{headings[column]}", in '
            f"{column_letter(column)}{rows[0]}{f' and {len(rows) - 1} more rows' * (len(rows) > 1)}"
            "; it counts as empty.",
            f"{_void(error).fix}.",
            CellRef(sheet, rows[0], column),
        )
        for (column, error), rows in by_column.items()
    ]


def banner_rows(merges: Sequence[Merge]) -> frozenset[int]:
    """Return the sheet rows merged across columns, as headings of sections are."""
    return frozenset(top for top, left, bottom, right in merges if top == bottom and left < right)


def merge_faults(
    merges: Sequence[Merge],
    rows: Sequence[Sequence[object]],
    first_row: int,
    headings: Mapping[int, str],
) -> Iterator[Fault]:
    """Yield the faults of cells that lie under a merged cell which holds a value.

    Args:
        merges: Merged ranges of the sheet.
        rows: The rows under the headings.
        first_row: Sheet row of `rows[0]`.
        headings: 1-based column -> heading, for the columns that matter.
    """
    last_row = first_row + len(rows) - 1
    for top, left, bottom, right in merges:
        if not first_row <= top <= last_row or left > len(rows[top - first_row]):
            continue
        if is_blank(rows[top - first_row][left - 1]):
            continue  # whole columns are merged for looks and hold nothing
        area = f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"
        covered = [column for column in range(left, right + 1) if column in headings]
        for row in range(top, min(bottom, last_row) + 1):
            for column in covered:
                if (row, column) != (top, left):
                    yield Fault(row, headings[column], _merged(area, row))


def _merged(area: str, row: int) -> Complaint:
    return Complaint(
        "merged-cells",
        f"The cells {area} are merged, so row {row} has no value of its own",
        f"unmerge {area} and fill in each row",
    )
