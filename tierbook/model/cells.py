"""Cells and columns of a sheet, and what is wrong with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

CellValue: TypeAlias = str | int | float | bool | date | datetime | None
Column: TypeAlias = NDArray[Any]
Severity: TypeAlias = Literal["error", "warning", "info"]


def column_letter(column: int) -> str:
    """Name the 1-based column as spreadsheets do: 1 -> A, 28 -> AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class CellRef:
    """A place in a workbook; `row` and `column` are 1-based, 0 means the whole line or tab."""

    sheet: str
    row: int = 0
    column: int = 0

    @property
    def a1(self) -> str:
        """The address without the tab: `F14`, `row 14`, `column F`, or nothing."""
        if self.row and self.column:
            return f"{column_letter(self.column)}{self.row}"
        if self.row:
            return f"row {self.row}"
        return f"column {column_letter(self.column)}" if self.column else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a seller should know of one cell, row or tab; data, never raised."""

    code: str
    severity: Severity
    message: str
    fix: str
    cell: CellRef | None = None
    sku: str = ""


@dataclass(frozen=True, slots=True)
class TabRows:
    """The raw values of one tab: `rows[i][j]` is sheet row `first_row + i`, column `j + 1`.

    `voids` are the cells, by sheet row and column, that only read as empty: the error in them,
    or "" for a formula whose result is not stored. Empty often means "any" or "the built-in
    value", so a cell that says something unknown must not pass for one.
    """

    sheet: str
    rows: Sequence[Sequence[CellValue]]
    first_row: int = 1
    voids: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


def text_column(values: Sequence[Any]) -> Column:
    """Make an object column of the values, whatever their kinds."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
