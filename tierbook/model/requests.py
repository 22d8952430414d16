"""The pictures asked for, as typed columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tierbook.model.cells import CellRef, Column


@dataclass(frozen=True)
class RequestTable:
    """The pictures asked for, one row each, as typed columns.

    Attributes:
        sheet: The tab they came from ("" for CSV and Parquet).
        rows: 1-based sheet row of each request, shape (n,).
        columns: Heading -> object array of shape (n,). Contract headings carry parsed values:
            `SKU`, `Placement`, `Aspect ratio` ("W:H"), `Background`, ... str or None; `Angles`,
            `Long edge px`, `Tier override` int or None; `Human model`, `Props` bool or None;
            `Budget per image` micro-USD int or None; `Needed by` date or None. A seller's own
            headings keep their own values and are usable by the rubric.
        letters: Heading -> 1-based sheet column, only for headings the sheet itself has.
        bad: True where a row has an error and must not be decided, shape (n,).
        outputs: What an earlier run left in Tierbook's own columns, by heading, raw values.
    """

    sheet: str
    rows: NDArray[np.int64]
    columns: Mapping[str, Column]
    letters: Mapping[str, int]
    bad: NDArray[np.bool_]
    outputs: Mapping[str, Column] = field(default_factory=dict[str, Column])

    def __len__(self) -> int:
        """Count the requests."""
        return len(self.rows)

    def __contains__(self, heading: str) -> bool:
        """Tell whether a column of this heading is known."""
        return heading in self.columns

    def column(self, heading: str) -> Column:
        """Return the column, or one of `None` where the sheet has no such heading."""
        found = self.columns.get(heading)
        return np.full(len(self.rows), None, dtype=object) if found is None else found

    def cell(self, index: int, heading: str) -> CellRef:
        """Name the cell a value came from."""
        return CellRef(self.sheet, int(self.rows[index]), self.letters.get(heading, 0))
