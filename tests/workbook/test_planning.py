"""What a run writes into a workbook: planned, carried out on real files, and planned again."""

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tierbook import contract, ooxml
from tierbook.model import Answers, Configuration, Rubric, Rule, TabRows, text_column
from tierbook.ooxml import ColumnEdit, EditPlan, Link
from tierbook.workbook import Book, plan, read_book
from tierbook.workbook.marks import column_mark, tab_mark
from tierbook.workbook.planning import tab_names
from tierbook.workbook.results_rows import ResultRow

from .tabs import shop
from .tabs.libreoffice import formulas, recalculated, values

TIERS = [1, 2, 3, 0, -1]
PRICES = [0, 33_600, 211_000, 0, 0]
PLAIN_OUTPUTS = [h for h in contract.REQUEST_OUTPUTS if h not in contract.GENERATION_OUTPUTS]


def sheet_of(
    path: Path,
    *,
    headings: Sequence[str] = shop.INPUTS,
    rows: int = len(TIERS),
    tab: str = "Requests",
) -> Path:
    """Save a seller's workbook: a title, headings in row 3, one request a row, a note below."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = tab
    sheet["A1"] = "Pictures we need"
    for column, heading in enumerate(headings, 1):
        sheet.cell(3, column, heading)
    for row in range(4, 4 + rows):
        sheet.cell(row, 1, f"{row - 4:05d}").number_format = "@"
        sheet.cell(row, 2, "Gallery")
        for column in range(3, len(headings) + 1):
            sheet.cell(row, column, f"own {column}")
    workbook.save(path)
    return path


def answers_for(book: Book, found: Answers | None = None, **columns: Any) -> Answers:
    """Answer the rows of the book."""
    found = found or shop.answers(TIERS, PRICES)
    requests = replace(found.requests, sheet=book.sheet)
    return replace(found, requests=requests, **columns)


def carried_out(book: Book, planned: EditPlan) -> bytes:
    content = ooxml.edit(book.content, planned).content
    book.path.write_bytes(content)
    return content


def edits(planned: EditPlan) -> dict[str, ColumnEdit]:
    return {edit.header: edit for edit in planned.sheets[0].columns}


def test_columns_stand_right_of_the_sellers_in_the_contracts_order(tmp_path: Path) -> None:
    """Pictures' columns wait for the first picture; the folded ones come last and are hidden."""
    book = read_book(sheet_of(tmp_path / "shop.xlsx"))
    planned = edits(plan(book, answers_for(book)))
    assert list(planned) == PLAIN_OUTPUTS
    assert [edit.column for edit in planned.values()] == list(range(5, 5 + len(PLAIN_OUTPUTS)))
    for heading, edit in planned.items():
        folded = heading in contract.FOLDED_OUTPUTS
        assert (edit.hidden, edit.outline_level) == (folded, int(folded))
    assert [heading for heading, edit in planned.items() if edit.collapsed] == [contract.MESSAGE]


def test_new_columns_stand_clear_of_formulas_and_merged_cells(tmp_path: Path) -> None:
    """A formula that shows nothing and an empty merge are content too; a title's merge is not."""
    path = sheet_of(tmp_path / "shop.xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Requests"]
    sheet["F5"] = '=IF(A5="x","y","")'
    sheet.merge_cells("H6:I6")
    sheet.merge_cells("A1:Z1")
    workbook.save(path)
    book = read_book(path)
    planned = plan(book, answers_for(book))
    assert min(edit.column for edit in planned.sheets[0].columns) == 10
    carried_out(book, planned)


def test_cells_say_what_was_decided(tmp_path: Path) -> None:
    """Numbers are numbers, a hold is a word, undecided rows keep their status alone."""
    book = read_book(sheet_of(tmp_path / "shop.xlsx"))
    planned = edits(plan(book, answers_for(book)))
    assert list(planned[contract.TIER].values) == [1, 2, 3, "HOLD", None]
    assert list(planned[contract.TIER_NAME].values) == [
        "Standard", "Lifestyle", "Hero", "On hold", None,
    ]  # fmt: skip
    assert list(planned[contract.ESTIMATED_COST].values) == [0.0, 0.0336, 0.211, None, None]
    assert list(planned[contract.STATUS].values) == ["OK", "OK", "WARN", "HOLD", "ERROR"]
    assert list(planned[contract.IMAGES].values) == [1, 1, 1, None, None]
    assert all(planned[contract.REQUEST_ID].values)


def test_what_waits_has_no_cost_and_keeps_its_price(tmp_path: Path) -> None:
    """A row over its budget costs nothing yet, but the seller sees what it would."""
    book = read_book(sheet_of(tmp_path / "shop.xlsx"))
    found = answers_for(book)
    held = text_column(["", "Over the budget.", "", "", ""])
    planned = edits(plan(book, replace(found, bill=replace(found.bill, held=held))))
    assert list(planned[contract.ESTIMATED_COST].values)[:2] == [0.0, None]
    assert list(planned[contract.ESTIMATED_COST_PER_IMAGE].values)[:2] == [0.0, 0.0336]


def test_a_second_run_finds_its_columns_and_changes_nothing(tmp_path: Path) -> None:
    """No twin appears, and the same answers give the same bytes."""
    path = sheet_of(tmp_path / "shop.xlsx")
    book = read_book(path)
    carried_out(book, plan(book, answers_for(book)))
    again = read_book(path)
    assert list(again.output_columns) == PLAIN_OUTPUTS
    second = plan(again, answers_for(again))
    assert not any(edit.new for edit in second.sheets[0].columns)
    carried_out(again, second)
    third = read_book(path)
    assert carried_out(third, plan(third, answers_for(third))) == third.content


def test_a_row_that_is_no_request_any_more_loses_its_answers(tmp_path: Path) -> None:
    """What an earlier run left beside it does not stay as if it still held."""
    path = sheet_of(tmp_path / "shop.xlsx")
    book = read_book(path)
    carried_out(book, plan(book, answers_for(book)))
    again = read_book(path)
    carried_out(again, plan(again, answers_for(again, shop.answers(TIERS[:3], PRICES[:3]))))
    sheet = openpyxl.load_workbook(path)["Requests"]
    column = again.output_columns[contract.STATUS]
    shown = [sheet.cell(row, column).value for row in range(4, 9)]
    assert shown == ["OK", "OK", "WARN", None, None]


def test_a_sellers_own_column_keeps_its_name_and_values(tmp_path: Path) -> None:
    """Ours stands beside it with a suffix, and is found again as ours."""
    headings = (*shop.INPUTS, "status", "TIER ")
    path = sheet_of(tmp_path / "shop.xlsx", headings=headings)
    for _ in range(2):
        book = read_book(path)
        carried_out(book, plan(book, answers_for(book)))
    sheet = openpyxl.load_workbook(path)["Requests"]
    row = [cell.value for cell in sheet[3]]
    assert row[:6] == list(headings)
    assert row.count("Status (Tierbook)") == row.count("Tier (Tierbook)") == 1
    assert [sheet.cell(4, column).value for column in (5, 6)] == ["own 5", "own 6"]


def test_columns_about_pictures_come_with_the_first_picture(tmp_path: Path) -> None:
    """They stand right of the others, with links and dropdowns, and stay when nothing is made."""
    path = sheet_of(tmp_path / "shop.xlsx")
    book = read_book(path)
    carried_out(book, plan(book, answers_for(book)))
    book = read_book(path)
    extra = {
        contract.RESULT: text_column(["pics/a b.png", None, None, None, None]),
        contract.ACTUAL_COST: text_column([33_600, None, None, None, None]),
    }
    planned = plan(book, answers_for(book, extra=extra))
    found = edits(planned)
    assert found[contract.RESULT].values[0] == Link("pics/a b.png", "a b.png", "Open the picture")
    assert found[contract.ACTUAL_COST].values[0] == 0.0336
    assert found[contract.REVIEW].validation is not None
    assert min(found[h].column for h in contract.GENERATION_OUTPUTS) > max(
        found[h].column for h in PLAIN_OUTPUTS
    )
    carried_out(book, planned)
    sheet = (workbook := openpyxl.load_workbook(path))["Requests"]
    review = found[contract.REVIEW].column
    sheet.cell(4, review, "approve")
    workbook.save(path)
    free = read_book(path)
    assert not set(edits(plan(free, answers_for(free)))) & set(contract.GENERATION_OUTPUTS)


def test_the_results_tab_arrives_with_pictures_and_keeps_its_place(tmp_path: Path) -> None:
    """Thumbnails and relative links survive in the seller's workbook, run after run."""
    path = sheet_of(tmp_path / "shop.xlsx")
    thumbnail = BytesIO()
    Image.new("RGB", (60, 40), "#E69F00").save(thumbnail, "PNG")
    result = ResultRow(
        "00000", "Gallery", 1, "pics/a b.png", thumbnail.getvalue(), "local_studio", "", 0, "", "",
        "", "0123456789ab",
    )  # fmt: skip
    orders: list[list[str]] = []
    for results in ((), (result,), (result, result)):
        book = read_book(path)
        carried_out(book, plan(book, answers_for(book), results=results))
        workbook = openpyxl.load_workbook(path)
        orders.append(workbook.sheetnames)
    assert orders[1] == orders[2] == [*orders[0], contract.RESULTS]
    sheet = workbook[contract.RESULTS]
    assert len(sheet._images) == 2
    assert sheet.cell(5, 8).hyperlink.target == "pics/a%20b.png"


def test_every_column_and_tab_is_marked(tmp_path: Path) -> None:
    """Marks are hidden names, so that moved columns and renamed tabs are known again."""
    book = read_book(sheet_of(tmp_path / "shop.xlsx", tab="Bob's list"))
    planned = plan(book, answers_for(book))
    assert planned.names[column_mark(contract.TIER)] == "'Bob''s list'!$E$3"
    assert planned.names[tab_mark(contract.COST_SUMMARY)] == "'Cost summary'!$A$1"
    carried_out(book, planned)
    names = openpyxl.load_workbook(book.path).defined_names
    assert all(names[column_mark(heading)].hidden for heading in PLAIN_OUTPUTS)


def test_a_renamed_tab_of_ours_is_written_anew_under_its_new_name(tmp_path: Path) -> None:
    """It keeps its place among the tabs; a tab the seller made is never taken for ours."""
    path = sheet_of(tmp_path / "shop.xlsx")
    book = read_book(path)
    carried_out(book, plan(book, answers_for(book)))
    path.write_bytes(renamed(path.read_bytes(), "Problems", "Trouble"))
    before = openpyxl.load_workbook(path).sheetnames
    assert "Trouble" in before
    again = read_book(path)
    planned = plan(again, answers_for(again))
    assert "Trouble" in planned.remove_tabs
    carried_out(again, planned)
    assert openpyxl.load_workbook(path).sheetnames == before


def renamed(content: bytes, old: str, new: str) -> bytes:
    """Rename a tab as Excel does: in the list of tabs and in every defined name."""
    source, target = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/workbook.xml":
                for before, after in (
                    (f'name="{old}"', f'name="{new}"'),
                    (f"'{old}'!", f"'{new}'!"),
                ):
                    part = part.replace(before.encode(), after.encode())
            written.writestr(name, part)
    return target.getvalue()


def test_a_sellers_tab_of_our_name_is_left_alone(tmp_path: Path) -> None:
    """Ours gets a suffix, and the second run knows which is which."""
    path = sheet_of(tmp_path / "shop.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("cost summary")["A1"] = "mine"
    workbook.save(path)
    for _ in range(2):
        book = read_book(path)
        carried_out(book, plan(book, answers_for(book)))
    saved = openpyxl.load_workbook(path)
    assert saved["cost summary"]["A1"].value == "mine"
    assert [name for name in saved.sheetnames if "ummary" in name] == [
        "cost summary",
        "Cost summary (Tierbook)",
    ]


@given(
    st.lists(st.sampled_from(["Problems", "problems (tierbook)", "PROBLEMS (Tierbook 2)", "X"])),
    st.sampled_from([{}, {"Problems": "Trouble"}]),
)
def test_final_tab_names_are_free_and_short_enough(
    present: list[str], ours: dict[str, str]
) -> None:
    """Excel allows a name once, without regard to case, of 31 characters."""
    names = tab_names([contract.PROBLEMS, contract.CHECKLIST], ours, present)
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert not {name.casefold() for name in names.values()} & {name.casefold() for name in present}
    assert all(len(name) <= 31 for name in names.values())


def test_hits_are_written_beside_the_rules_of_the_workbook(tmp_path: Path) -> None:
    """Each rule's row gets its count; a rubric without the column gets one."""
    book = read_book(sheet_of(tmp_path / "shop.xlsx"))
    rules = tuple(
        Rule(name, (), (), row=row, on=name != "R09")
        for row, name in enumerate(("R01", "R02", "R09"), start=5)
    )
    found = answers_for(book)
    rubric = Rubric(("Placement",), ("Tier",), rules, sheet="My rules")
    configuration: Configuration = replace(found.configuration, rubric=rubric)
    for heading, expected in (("Hits", (4, 4, False)), ("Note", (4, 5, True))):
        rows = [["About"], [], [None, "IF"], ["On", "Rule", "Tier", heading], ["yes", "R01", 1, 9]]
        tabbed = replace(book, tabs={contract.RUBRIC: TabRows("My rules", rows)})
        planned = plan(tabbed, replace(found, configuration=configuration))
        (edit,) = planned.sheets[1].columns
        assert (edit.header_row, edit.column, edit.new) == expected
        assert (planned.sheets[1].sheet, list(edit.rows)) == ("My rules", [5, 6, 7])
        assert list(edit.values) == [1, 1, None]


DANGER = [
    "=1+1",
    "+cmd",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "a\x00b",
    "\ud800",
]


def test_no_text_ever_becomes_a_formula(tmp_path: Path) -> None:
    """Whatever a cell, a rule or an engine says is text, in the sheet and in every tab."""
    book = read_book(sheet_of(tmp_path / "shop.xlsx", rows=len(DANGER)))
    n = len(DANGER)
    found = shop.answers([1] * n, [20_000] * n, places=DANGER, goods=DANGER)
    texts = text_column(DANGER)
    decisions = replace(found.decisions, why=texts, engine=texts, rule=texts, template=texts)
    problems = tuple(
        replace(p, message=text, fix=text, sku=text, code=text)
        for p, text in zip(shop.problems(n), DANGER, strict=True)
    )
    found = answers_for(
        book,
        found,
        decisions=decisions,
        message=texts,
        prompt=texts,
        problems=problems,
        notes=(DANGER[0],),
    )
    content = carried_out(book, plan(book, found))
    written = openpyxl.load_workbook(BytesIO(content))
    allowed = ("=SUM", "=IF(", "=COUNTIFS(", '="for "&', "=ROUND(", "=D", "=E", "=F", "=B", "=C")
    for (tab, cell), formula in formulas(content).items():
        assert tab == contract.COST_SUMMARY or tab == contract.RUBRIC_CHECK, (tab, cell, formula)
        assert formula.startswith(allowed), (tab, cell, formula)
        assert not any(text in formula for text in ("1+1", "cmd", "2+3", "@SUM", "HYPERLINK"))
    shown = {str(cell.value) for cell in written["Requests"][4] if cell.data_type == "s"}
    assert "=1+1" in shown


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same_from_the_finished_workbook(tmp_path: Path) -> None:
    """Formulas of the grafted tabs find the columns in the seller's own sheet."""
    path = sheet_of(tmp_path / "shop.xlsx", rows=60, tab="Bob's été")
    book = read_book(path)
    found = shop.many(60)
    content = carried_out(book, plan(book, answers_for(book, found)))
    (saved,) = recalculated([content], tmp_path)
    said, got = values(content), values(saved)
    places = formulas(content)
    assert len(places) > 80
    for place in places:
        mine, theirs = said[place], got[place]
        if isinstance(mine, str):
            assert mine == theirs
        else:
            assert np.isclose(float(str(mine)), float(str(theirs)), atol=1e-6), place
