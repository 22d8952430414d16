"""Collect the problems of requests by cell, and mark the rows that must not be decided."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import SKU
from tierbook.model import CellRef, Problem
from tierbook.workbook.headings import heading_key
from tierbook.workbook.reading import Book
from tierbook.workbook.values import Complaint, spelled


class RowProblems:
    """The problems of one table of requests.

    Args:
        book: Where the requests were read from.
        rows: 1-based sheet row of each request, shape (n,).
        columns: Typed columns by heading; looked at when a problem is told.
        letters: Heading -> 1-based sheet column.
        skipped: Rows the seller wants skipped: what is not to be made need not be right.

    Attributes:
        found: The problems so far.
        bad: Rows with an error, shape (n,).
    """

    def __init__(
        self,
        book: Book,
        rows: NDArray[np.int64],
        columns: Mapping[str, Sequence[Any]],
        letters: Mapping[str, int],
        skipped: NDArray[np.bool_],
    ) -> None:
        self._book, self._rows, self._columns, self._letters = book, rows, columns, letters
        self.skipped = skipped
        self.bad = np.zeros(len(rows), dtype=bool)
        self.found: list[Problem] = []
        self._told: set[tuple[int, str]] = set()

    def say(self, index: int, heading: str, complaint: Complaint) -> None:
        """Add a problem in its own words; an error marks the row bad."""
        if self.skipped[index]:
            return
        sku = self._columns[SKU][index] if SKU in self._columns else None
        self.found.append(
            Problem(
                complaint.code,
                complaint.severity,
                complaint.message,
                complaint.fix,
                CellRef(self._book.sheet, int(self._rows[index]), self._letters.get(heading, 0)),
                "" if sku is None else spelled(sku).strip(),
            )
        )
        if complaint.severity == "error":
            self.bad[index] = True

    def report(self, index: int, heading: str, complaint: Complaint) -> None:
        """Add what is wrong with a cell, naming its column; a cell is reported once."""
        if self.told(index, heading):
            return
        self._told.add((index, heading))
        message = f"{complaint.message} in column {self.label(heading)}."
        fix = f"{complaint.fix}."
        self.say(index, heading, Complaint(complaint.code, message, fix, complaint.severity))

    def told(self, index: int, heading: str) -> bool:
        """Tell whether a cell was reported already."""
        return (index, heading) in self._told

    def label(self, heading: str) -> str:
        """Name a column as its sheet does, and as Tierbook does where that differs."""
        typed = " ".join(self._book.headings.get(self._letters.get(heading, 0), "").split())
        if not typed or heading_key(typed) == heading_key(heading):
            return f'"{heading}"'
        return f'"{typed}" ({heading})'
