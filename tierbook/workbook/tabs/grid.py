"""Where the answers stand in the seller's sheet, for formulas that keep looking at them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tierbook.model import CellValue, Column, column_letter
from tierbook.workbook.tabs.look import quoted_sheet

# Words that a criterion of SUMIFS takes for themselves: no digit, wildcard, comparison or truth
# value in them. Anything else is compared by SUMPRODUCT, which takes no word for anything else.
_PLAIN_WORDS: Final = re.compile(r"(?!(?:true|false)$)[^\W\d_][^\W\d_ ,&/-]*(?:[ ,&/-]+[^\W\d_]+)*")
_ERROR_VALUES: Final = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)


@dataclass(frozen=True)
class OutputGrid:
    """The block of the seller's sheet that formulas of the tabs look at.

    Attributes:
        sheet: Name of the tab.
        first_row, last_row: 1-based rows from the first to the last request.
        columns: Heading -> 1-based column, for our output columns and the seller's inputs.
        raw: Heading -> what the seller's cells of these rows hold, shape (rows,), for the
            headings that totals are grouped by.
    """

    sheet: str
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    raw: Mapping[str, Column] = field(default_factory=dict[str, Column])

    def __contains__(self, heading: str) -> bool:
        """Tell whether the sheet has such a column."""
        return heading in self.columns

    def span(self, heading: str) -> str:
        """Spell the cells of a column: `'Requests'!$U$5:$U$204`."""
        letter = column_letter(self.columns[heading])
        return f"{quoted_sheet(self.sheet)}!${letter}${self.first_row}:${letter}${self.last_row}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """How a formula finds the rows of one line; neither means that it cannot."""

    words: bool = False
    product: bool = False

    @property
    def live(self) -> bool:
        """Tell whether a formula can follow this line."""
        return self.words or self.product


def criteria(
    grid: OutputGrid,
    heading: str,
    labels: list[str],
    members: NDArray[np.int64],
    places: NDArray[np.int64],
) -> list[Criterion]:
    """Say for each line of a table how a formula over the seller's cells can find its rows.

    A cell filled in from another tab, or spelled in another way than the label, is found by no
    formula, so a line with such a cell keeps this run's numbers.

    Args:
        grid: Where the column stands and what its cells hold.
        heading: The column that the table is grouped by.
        labels: Text of each line, "" for rows that name nothing.
        members: Line of each counted request, -1 for those of no line, shape (n,).
        places: Position of each counted request in the grid's rows, shape (n,).
    """
    raw = grid.raw.get(heading)
    if raw is None or heading not in grid:
        return [Criterion()] * len(labels)
    cells: list[CellValue] = raw.tolist()
    poisoned = not _ERROR_VALUES.isdisjoint(cell for cell in set(cells) if isinstance(cell, str))
    wanted = [_as_excel_compares(label) for label in labels]
    by_text = {key: line for line, key in enumerate(wanted)}
    followed = [True] * len(labels)
    untrimmed = [False] * len(labels)
    held: list[CellValue] = [cells[place] for place in places.tolist()]
    kinds: list[type] = [type(cell) for cell in held]
    lines: list[int] = members.tolist()
    # Rows of one line that hold the same value agree; the kind keeps 1 and True apart.
    for line, _, cell in set(zip(lines, kinds, held, strict=True)):
        key = _as_excel_compares(cell)
        if line >= 0 and key == wanted[line]:
            if not isinstance(cell, str) or len(cell) != len(labels[line]):
                untrimmed[line] = True
            continue
        if line >= 0:
            followed[line] = False
        if key in by_text:
            followed[by_text[key]] = False
    return [
        Criterion(
            words=follows and not loose and _PLAIN_WORDS.fullmatch(label.lower()) is not None,
            product=follows and not poisoned,
        )
        for label, follows, loose in zip(labels, followed, untrimmed, strict=True)
    ]


def _as_excel_compares(value: object) -> str | None:
    """Spell a cell as TRIM does, in the case-blind way of `=`; None where that is uncertain."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float() if value.is_integer() and abs(value) < 1e11:
            return str(int(value))
        case str():
            trimmed = " ".join(part for part in value.split(" ") if part)
            return trimmed.lower() if trimmed.isascii() else trimmed
        case _:
            return None
