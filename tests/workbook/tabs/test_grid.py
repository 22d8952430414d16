"""Which lines of a table a formula over the seller's own cells can follow."""

from typing import Any

import numpy as np
import pytest

from tierbook.contract import CATEGORY
from tierbook.model import text_column
from tierbook.workbook.tabs.grid import Criterion, OutputGrid, criteria

LIVE = Criterion(words=True, product=True)
CAREFUL = Criterion(words=False, product=True)
FIXED = Criterion()


def found(raw: list[Any], labels: list[str], members: list[int]) -> list[Criterion]:
    grid = OutputGrid("Shop", 5, 4 + len(raw), {CATEGORY: 3}, {CATEGORY: text_column(raw)})
    places = np.arange(len(raw))
    return criteria(grid, CATEGORY, labels, np.array(members), places)


def test_cells_that_hold_the_label_are_followed_by_words() -> None:
    """Case does not matter to SUMIFS, so it does not matter here."""
    assert found(["Mugs", "mugs", "Prints"], ["Mugs", "Prints"], [0, 0, 1]) == [LIVE, LIVE]


@pytest.mark.parametrize("label", ["*", "a?", "<5", "May 5", "5", "true", "=1", "x*y"])
def test_words_a_criterion_takes_for_something_else_are_compared_exactly(label: str) -> None:
    """SUMIFS would match a wildcard, a comparison, a date or a number; SUMPRODUCT does not."""
    assert found([label], [label], [0]) == [CAREFUL]


def test_outer_spaces_are_trimmed_by_the_careful_comparison() -> None:
    """SUMIFS counts a trailing space, TRIM in SUMPRODUCT does not."""
    assert found(["Mugs ", "Mugs"], ["Mugs"], [0, 0]) == [CAREFUL]


def test_a_cell_filled_from_elsewhere_fixes_its_line_and_no_other() -> None:
    """The sheet's blank cell says nothing of the category that Products gave it."""
    assert found([None, "Mugs", "Prints"], ["Mugs", "Prints"], [0, 0, 1]) == [FIXED, LIVE]


def test_a_cell_that_names_another_line_fixes_both() -> None:
    """A formula would count the row twice, or in the wrong line."""
    assert found(["Prints", "Mugs", "Prints"], ["Mugs", "Prints"], [0, 0, 1]) == [FIXED, FIXED]


def test_rows_of_the_tail_leave_the_listed_lines_live() -> None:
    """Names folded into one line of all others do not touch the lines above it."""
    assert found(["Mugs", "Rare", "Prints"], ["Mugs", "Prints"], [0, -1, 1]) == [LIVE, LIVE]


def test_an_error_value_in_the_column_leaves_only_what_survives_it() -> None:
    """SUMPRODUCT over a cell with #REF! is #REF!; SUMIFS passes it by."""
    lines = found(["Mugs", "a1", "#REF!"], ["Mugs", "a1"], [0, 1, -1])
    assert lines == [Criterion(words=True), FIXED]


def test_a_span_quotes_any_sheet_name() -> None:
    """Apostrophes are doubled inside the quotes."""
    grid = OutputGrid("Bob's list", 5, 9, {CATEGORY: 28})
    assert grid.span(CATEGORY) == "'Bob''s list'!$AB$5:$AB$9"
