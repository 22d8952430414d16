"""The tab `Problems`: what is wrong, where, and what to type instead."""

from dataclasses import replace
from io import BytesIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tierbook.contract import PROBLEMS
from tierbook.model import CellRef, Problem
from tierbook.workbook.tabs import build_tabs
from tierbook.workbook.tabs.problems import MOST_OF_A_KIND

from . import shop

HEADER_ROW = 4


def tab(
    problems: tuple[Problem, ...], present: frozenset[str] = frozenset({"Requests"})
) -> Worksheet:
    found = replace(shop.answers([1], [20_000]), problems=problems)
    content = build_tabs(found, {PROBLEMS: PROBLEMS}, shop.grid_of(found), present=present)
    return openpyxl.load_workbook(BytesIO(content))[PROBLEMS]


def lines(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))


def problem(severity: str, cell: CellRef | None = None, code: str = "odd") -> Problem:
    return Problem(code, severity, "It is odd.", "Mend it.", cell, "00123")  # pyright: ignore[reportArgumentType]


def test_errors_come_first_then_warnings_then_notes_each_in_sheet_order() -> None:
    """The seller mends what stops a row before what merely looks strange."""
    sheet = tab(
        (
            problem("info"),
            problem("warning"),
            problem("error", CellRef("Requests", 9, 2)),
            problem("error", CellRef("Requests", 5, 2)),
        )
    )
    assert [(line[0], line[2]) for line in lines(sheet)] == [
        ("ERROR", "B5"), ("ERROR", "B9"), ("WARN", None), ("NOTE", None),
    ]  # fmt: skip


def test_a_cell_is_a_link_to_that_cell() -> None:
    """One click leads there, also for a whole row, a whole column and a whole tab."""
    cells = [CellRef("Bob's list", 5, 28), CellRef("Bob's list", 7), CellRef("Bob's list", 0, 3)]
    cells.append(CellRef("Bob's list"))
    sheet = tab(tuple(problem("error", cell) for cell in cells), frozenset({"Bob's list"}))
    found = {row[2].value: row[2].hyperlink.location for row in sheet.iter_rows(min_row=5)}
    assert found == {
        "AB5": "'Bob''s list'!AB5",
        "row 7": "'Bob''s list'!A7",
        "column C": "'Bob''s list'!C1",
        "the tab": "'Bob''s list'!A1",
    }


def test_no_link_leads_to_a_tab_that_is_not_there() -> None:
    """Excel would say the reference is not valid; built-in settings have no tab."""
    sheet = tab((problem("error", CellRef("built-in Tiers", 3, 1)),))
    assert sheet.cell(5, 3).value == "A3"
    assert sheet.cell(5, 3).hyperlink is None


def test_the_same_mistake_made_thousands_of_times_is_told_once() -> None:
    """Each kind is capped, and says how many more there are and how to see them."""
    sheet = tab(shop.problems(6_000))
    told = [str(line[4]) for line in lines(sheet) if "more of this kind" in str(line[4])]
    assert len(told) == 3
    assert all(f"and {2_000 - MOST_OF_A_KIND:,} more" in text for text in told)
    assert len(lines(sheet)) == 3 * (MOST_OF_A_KIND + 1)
    assert str(sheet["A2"].value).startswith("2,000 errors, 2,000 warnings, 2,000 notes.")


def test_no_problems_is_said_in_words() -> None:
    """An empty table could as well be a fault."""
    assert tab(())["A2"].value == (
        "No problems were found. A row on hold says why in its column Message."
    )


def test_skus_keep_their_zeros() -> None:
    """Text stays text."""
    assert lines(tab((problem("error"),)))[0][3] == "00123"
