"""Finding Tierbook's own columns again, whatever was done to the sheet meanwhile."""

from pathlib import Path

import openpyxl

from tests.workbook.books import sheet_of
from tierbook import app, contract, workbook
from tierbook.workbook.own_columns import own_columns

INPUTS = ("SKU", "Placement", "My notes")
BLOCK = contract.REQUEST_OUTPUTS[:9]


def at(headings: tuple[str, ...]) -> dict[int, str]:
    return dict(enumerate(headings, 1))


MARKS = {heading: column for column, heading in enumerate(BLOCK, 4)}


def test_a_mark_is_believed_under_any_heading_of_the_seller() -> None:
    """A seller who calls our Tier `Stufe` still has one tier column."""
    renamed = at((*INPUTS, "Stufe", *BLOCK[1:]))
    assert own_columns(renamed, MARKS) == MARKS


def test_marks_left_behind_do_not_claim_a_sellers_column() -> None:
    """A program that moves cells without the names leaves marks on SKU, Placement and notes."""
    moved = at((*BLOCK, *INPUTS))
    assert own_columns(moved, MARKS) == {heading: c for c, heading in enumerate(BLOCK, 1)}


def test_a_deleted_column_takes_no_neighbour_for_it() -> None:
    """Where `Why` went without its mark, its mark points at the next of our columns."""
    short = tuple(heading for heading in BLOCK if heading != contract.WHY)
    found = own_columns(at((*INPUTS, *short)), MARKS)
    assert contract.WHY not in found
    assert found[contract.PROMPT_TEMPLATE] == 6


def test_a_suffix_tells_ours_from_the_sellers() -> None:
    """In a CSV there are no marks; `Tier (Tierbook)` is ours beside the seller's own `Tier`."""
    names = ("SKU", "Tier", "Status", "Tier (Tierbook)", *BLOCK[1:7], "Status (Tierbook)")
    found = own_columns(at(names), {})
    assert (found[contract.TIER], found[contract.STATUS]) == (4, 11)


def test_columns_moved_by_a_program_that_knows_no_marks_lose_nothing(tmp_path: Path) -> None:
    """The sheet is rewritten cell by cell in another order: no seller's value is touched."""
    path = sheet_of(tmp_path / "list.xlsx", [["SKU", "Placement", "Own"], ["A", "Gallery", "x"]])
    app.run(path, app.RunOptions(), app.SystemClock())
    book = openpyxl.load_workbook(path)
    sheet = book["List"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate([*row[3:6], *row[:3], *row[6:]], 1):
            sheet.cell(number, column).value = value
    book.save(path)
    app.run(path, app.RunOptions(), app.SystemClock())
    read = workbook.read_book(path)
    assert list(read.rows[0][3:6]) == ["A", "Gallery", "x"]
    assert len(read.output_columns) == len(set(read.output_columns.values()))
    assert [text for text in read.headings.values() if text.endswith("(Tierbook)")] == []


def test_columns_in_another_order_without_marks_are_still_ours() -> None:
    """A program that drops names and moves `Status` to the front makes no twin columns."""
    names = ("Status", "SKU", "Why", "Placement")
    order = (*names, *(heading for heading in contract.REQUEST_OUTPUTS if heading not in names))
    found = own_columns(at(order), {})
    assert (found[contract.STATUS], found[contract.WHY]) == (1, 3)
    assert set(found) == set(contract.REQUEST_OUTPUTS)
