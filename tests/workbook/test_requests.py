"""Requests: typed, filled in, each problem with its cell; bad rows never stop good rows."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.workbook.books import SETTINGS, codes, made_with_openpyxl, read, sheet_of
from tierbook import workbook
from tierbook.contract import (
    ACTION,
    ANGLES,
    ASPECT_RATIO,
    BACKGROUND,
    BUDGET_PER_IMAGE,
    CATEGORY,
    CHANNEL,
    HUMAN_MODEL,
    LONG_EDGE_PX,
    NEEDED_BY,
    PLACEMENT,
    PRODUCT_NAME,
    SKU,
    TIER_OVERRIDE,
)
from tierbook.errors import UsageError
from tierbook.model import Problem, Rubric

HEAD = ["SKU", "Placement"]


def listed(tmp_path: Path, *rows: list[Any], head: list[str] | None = None, **options: Any):
    """Read a list of these rows."""
    return read(sheet_of(tmp_path / "list.xlsx", [head or HEAD, *rows]), **options)


def places(problems: list[Problem]) -> list[str]:
    """Return the addresses the problems name."""
    return [problem.cell.a1 if problem.cell else "" for problem in problems]


# --------------------------------------------------------------------------- typing


def test_every_field_is_typed(tmp_path: Path) -> None:
    """Contract fields carry the types other rooms rely on."""
    head = [
        *HEAD,
        "Aspect ratio",
        "Background",
        "Human model",
        "Angles",
        "Long edge px",
        "Brand strictness",
        "Budget per image",
        "Needed by",
        "Tier override",
        "Action",
    ]
    row = [
        "A-1",
        "gallery",
        "4:5",
        "Weiß",
        "ja",
        3,
        "2400 px",
        "hoch",
        "$0.50",
        "2026-12-03",
        "Tier 2",
        "Generate",
    ]
    table, problems = listed(tmp_path, row, head=head)
    assert not problems
    assert {heading: table.column(heading)[0] for heading in table.columns} == {
        SKU: "A-1",
        PLACEMENT: "Gallery",
        ASPECT_RATIO: "4:5",
        BACKGROUND: "white",
        HUMAN_MODEL: True,
        ANGLES: 3,
        LONG_EDGE_PX: 2400,
        "Brand strictness": "high",
        BUDGET_PER_IMAGE: 500_000,
        NEEDED_BY: datetime.date(2026, 12, 3),
        TIER_OVERRIDE: 2,
        ACTION: "generate",
        CHANNEL: "store",
    }
    assert table.column("No such heading")[0] is None


def test_a_row_may_be_a_sku_alone(tmp_path: Path) -> None:
    """With a placement passed for all rows, a list of SKUs is enough."""
    table, problems = listed(tmp_path, ["A-1"], head=["SKU"], placement="Marketplace main")
    assert not problems
    assert not table.bad.any()
    assert table.column(BACKGROUND)[0] == "white"
    assert table.cell(0, PLACEMENT).a1 == "row 2", "the sheet has no such column"


def test_own_columns_keep_their_values(tmp_path: Path) -> None:
    """Unknown columns are passed on under their own heading, with numbers as numbers."""
    head = [*HEAD, " Stock  on hand ", "Colour"]
    table, _ = listed(
        tmp_path, ["A-1", "Gallery", 5, "red"], ["A-2", "Gallery", None, ""], head=head
    )
    assert list(table.column("Stock on hand")) == [5, None]
    assert list(table.column("Colour")) == ["red", None]
    assert table.cell(0, "Colour").a1 == "D2"


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        (ANGLES, "n/a", "no-number"),
        (LONG_EDGE_PX, 5, "out-of-range"),
        (BUDGET_PER_IMAGE, "1,299", "two-meanings"),
        (BACKGROUND, "marble", "unknown-word"),
        (HUMAN_MODEL, "maybe", "no-yes-or-no"),
        (ASPECT_RATIO, "wide", "no-ratio"),
        (NEEDED_BY, "3/4/2026", "two-meanings"),
        (TIER_OVERRIDE, 9, "unknown-tier"),
        (ACTION, "explode", "unknown-word"),
        (SKU, "1.2E+11", "sku-changed"),
        (PLACEMENT, "Bilboard", "unknown-placement"),
    ],
)
def test_a_bad_cell_marks_its_row_and_no_other(
    tmp_path: Path, heading: str, value: Any, code: str
) -> None:
    """The problem names tab, cell, value and what to type; the next row goes on."""
    head = [*HEAD, *([heading] if heading not in HEAD else [])]
    bad = {SKU: "A-1", PLACEMENT: "Gallery", heading: value}
    table, problems = listed(tmp_path, [bad[h] for h in head], ["A-2", "Gallery"], head=head)
    assert list(table.bad) == [True, False]
    assert codes(problems) == [code]
    (problem,) = problems
    assert problem.cell is not None
    assert (problem.cell.sheet, problem.cell.a1) == ("List", "ABC"[head.index(heading)] + "2")
    assert str(value) in problem.message
    assert problem.fix


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Two bad cells of one row are two problems."""
    _, problems = listed(
        tmp_path, ["A-1", "Nowhere", "n/a", "odd"], head=[*HEAD, "Angles", "Background"]
    )
    assert sorted(places(problems)) == ["B2", "C2", "D2"]
    assert {problem.sku for problem in problems} == {"A-1"}


def test_problems_name_the_sellers_own_heading(tmp_path: Path) -> None:
    """A column is called what the seller calls it, with Tierbook's word beside."""
    _, problems = listed(tmp_path, ["A-1", "Gallery", "n/a"], head=[*HEAD, "Ansichten"])
    assert 'column "Ansichten" (Angles)' in problems[0].message


@pytest.mark.parametrize("heading", ["Budget per image (€)", "Budget EUR", "Bütçe TL"])
def test_budgets_headed_in_another_currency_are_told(tmp_path: Path, heading: str) -> None:
    """Amounts under a heading in euros are not taken for dollars in silence."""
    mapping = {"Budget per image": "C"}
    rows = [["A-1", "Gallery", 0.5]]
    table, problems = listed(tmp_path, *rows, head=[*HEAD, heading], mapping=mapping)
    assert [(p.code, p.severity, p.cell and p.cell.a1) for p in problems] == [
        ("other-currency", "warning", "C1")
    ]
    assert table.column(BUDGET_PER_IMAGE)[0] == 500_000
    assert not listed(tmp_path, *rows, head=[*HEAD, "Budget per image ($)"])[1]


def test_an_unknown_placement_offers_what_was_meant(tmp_path: Path) -> None:
    """A typing mistake comes with the name it is near to."""
    _, problems = listed(tmp_path, ["A-1", "Homepag hero"])
    assert '"Homepage hero"' in problems[0].fix


def test_a_missing_placement_says_what_to_pass(tmp_path: Path) -> None:
    """A blank placement is an error unless one was passed for such rows."""
    rows = [["A-1", None], ["A-2", "Gallery"]]
    _, problems = listed(tmp_path, *rows)
    assert codes(problems) == ["no-placement"]
    assert "--placement" in problems[0].fix
    table, problems = listed(tmp_path, *rows, placement="email header")
    assert not problems
    assert list(table.column(PLACEMENT)) == ["Email header", "Gallery"]
    with pytest.raises(UsageError, match="Gallary"):
        listed(tmp_path, *rows, placement="Gallary")


def test_rows_to_skip_have_no_problems(tmp_path: Path) -> None:
    """What is not to be made need not be right."""
    row = ["A-1", "Nowhere", "n/a", "skip"]
    table, problems = listed(tmp_path, row, head=[*HEAD, "Angles", "Action"])
    assert not problems
    assert list(table.column(ACTION)) == ["skip"]
    assert not table.bad.any()


# --------------------------------------------------------------------------- SKU text


def test_sku_text_survives(tmp_path: Path) -> None:
    """Zeros, 17 digits, outer spaces and no-break spaces come back as typed."""
    typed = ["00123", "12345678901234567", " A-1", "A\u00a02", "'30235"]
    table, problems = listed(tmp_path, *[[sku, "Gallery"] for sku in typed])
    assert list(table.column(SKU)) == typed
    assert not problems


def test_zeros_of_a_number_format_come_back(tmp_path: Path) -> None:
    """123 shown as 00123 is the SKU 00123; a number in scientific format is reported."""

    def fill(sheet: Any) -> None:
        sheet.append(HEAD)
        for sku, code in ((123, "00000"), (45, "General"), (120000000000, "0.00E+00")):
            sheet.append([sku, "Gallery"])
            sheet.cell(sheet.max_row, 1).number_format = code

    table, problems = read(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    assert list(table.column(SKU)) == ["00123", "45", None]
    assert (codes(problems), places(problems)) == (["sku-changed"], ["A4"])
    assert list(table.bad) == [False, False, True]


def test_spellings_of_one_sku_are_told(tmp_path: Path) -> None:
    """SKUs that differ only in case or spaces count as one, with a warning."""
    table, problems = listed(tmp_path, ["A-1", "Gallery"], ["a-1 ", "Paid ad"])
    assert list(table.column(SKU)) == ["A-1", "a-1 "]
    assert [(p.code, p.severity) for p in problems] == [("sku-spelling", "warning")]


# --------------------------------------------------------------------------- rows


def test_rows_that_are_no_requests_are_counted(tmp_path: Path) -> None:
    """Examples, blanks, sections, repeated headings and totals are passed over, and told."""
    table, problems = listed(
        tmp_path,
        ["#example", "Gallery", 3],
        ["A-1", "Gallery", 1],
        [None, None, None],
        [None, "Winter", None],
        ["SKU", "Placement", "Angles"],
        ["A-2", "Gallery", 2],
        ["# checked by Ann", None, None],
        ["Total:", None, 3],
        [None, "Summe", 3],
        head=[*HEAD, "Angles"],
    )
    assert list(table.rows) == [3, 7]
    assert [problem.severity for problem in problems] == ["info"]
    assert problems[0].message == (
        "1 blank row, 1 comment row, 1 example row, 1 repeated heading row, 1 section row and "
        "2 total rows passed over."
    )


def test_a_row_without_a_sku_is_an_error(tmp_path: Path) -> None:
    """Facts without a SKU are not passed over in silence."""
    table, problems = listed(tmp_path, [None, "Gallery", 2], head=[*HEAD, "Angles"])
    assert (codes(problems), places(problems)) == (["no-sku"], ["A2"])
    assert list(table.bad) == [True]


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    """Hidden and filtered rows count, unless only visible ones are wanted."""

    def fill(sheet: Any) -> None:
        for row in (HEAD, ["A-1", "Gallery"], ["A-2", "Gallery"], ["A-3", "Gallery"]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True

    path = made_with_openpyxl(tmp_path / "list.xlsx", fill)
    book = workbook.read_book(path)
    assert book.hidden_rows == 1
    assert "Hidden or filtered rows: 1, included." in book.notes
    assert len(read(path)[0]) == 3
    table, _ = read(path, visible_only=True)
    assert list(table.column(SKU)) == ["A-1", "A-3"]


def test_exact_repeats_share_one_picture(tmp_path: Path) -> None:
    """The same row twice is a warning at the later one; both are decided."""
    table, problems = listed(tmp_path, ["A-1", "Gallery"], ["a-1", "gallery"], ["A-1", "Paid ad"])
    assert [p.code for p in problems if p.code != "sku-spelling"] == ["repeated-row"]
    assert places(problems)[-1] == "A3"
    assert not table.bad.any()


def test_rows_that_contradict_each_other_are_errors(tmp_path: Path) -> None:
    """Different facts for one SKU and placement stop both rows, each named in the other's words."""
    table, problems = listed(
        tmp_path,
        ["A-1", "Gallery", 1],
        ["A-2", "Gallery", 1],
        ["A-1", "Gallery", 2],
        head=[*HEAD, "Angles"],
    )
    assert codes(problems) == ["two-rows", "two-rows"]
    assert all("Rows 2 and 4" in problem.message for problem in problems)
    assert list(table.bad) == [True, False, True]


# --------------------------------------------------------------------------- cells without values


def test_errors_and_unstored_results_are_reported(tmp_path: Path) -> None:
    """Where a decision hangs on it the row stops; elsewhere the column is told of once."""

    def fill(sheet: Any) -> None:
        sheet.append([*HEAD, "Angles", "Stock"])
        sheet.append(["A-1", "Gallery", "#REF!", "=B2"])
        sheet.append(["A-2", "Gallery", "=1+1", "=B2"])
        sheet.append(["=A2", "Gallery", 2, 5])

    table, problems = read(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    found = zip(codes(problems), [p.severity for p in problems], places(problems), strict=True)
    assert list(found) == [
        ("error-value", "error", "C2"),
        ("no-stored-result", "error", "C3"),
        ("no-stored-result", "error", "A4"),
        ("no-stored-result", "warning", "D2"),
    ]
    assert "#REF!" in problems[0].message
    assert "save it" in problems[1].fix
    assert list(table.bad) == [True, True, True]


def test_a_rubric_input_matters_too(tmp_path: Path) -> None:
    """A seller's own column that a rule asks about stops its row like the contract's."""

    def fill(sheet: Any) -> None:
        sheet.append([*HEAD, "Stock"])
        sheet.append(["A-1", "Gallery", "#DIV/0!"])

    book = workbook.read_book(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    asked = replace(SETTINGS, rubric=Rubric(("stock",), ("Tier",), ()))
    assert workbook.requests(book, asked)[0].bad.all()
    assert not workbook.requests(book, SETTINGS)[0].bad.any()


def test_merged_cells_are_reported_with_their_area(tmp_path: Path) -> None:
    """A row under a merged SKU or placement has no value of its own; sections may be merged."""

    def fill(sheet: Any) -> None:
        sheet.append([*HEAD, "Angles"])
        sheet.append(["Winter", None, None])
        sheet.append(["A-1", "Gallery", 1])
        sheet.append([None, "Paid ad", None])
        sheet.append(["A-3", "Gallery", 1])
        sheet.merge_cells("A2:C2")
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("D2:D5")

    table, problems = read(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    assert list(table.rows) == [3, 4, 5]
    assert list(table.bad) == [False, True, False]
    merged = [problem for problem in problems if problem.severity == "error"]
    assert (codes(merged), places(merged)) == (["merged-cells"], ["A4"])
    assert "A3:A4" in merged[0].message


def test_ratios_typed_into_excel_are_understood(tmp_path: Path) -> None:
    """16:9 is stored as a time and read as a ratio; 4-5 became a date and is reported."""

    def fill(sheet: Any) -> None:
        sheet.append([*HEAD, "Aspect ratio"])
        sheet.append(["A-1", "Gallery", datetime.time(16, 9)])
        sheet.append(["A-2", "Gallery", datetime.date(2026, 5, 4)])

    table, problems = read(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    assert table.column(ASPECT_RATIO)[0] == "16:9"
    assert (codes(problems), places(problems)) == (["ratio-changed"], ["C3"])


def test_serial_dates_of_1904_books(tmp_path: Path) -> None:
    """A date that lost its format is counted from the workbook's own day 0."""

    def fill(sheet: Any) -> None:
        sheet.append([*HEAD, "Needed by"])
        sheet.append(["A-1", "Gallery", 44_897])
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    table, _ = read(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    assert table.column(NEEDED_BY)[0] == datetime.date(2026, 12, 3)


# --------------------------------------------------------------------------- filling in


def test_blanks_are_filled_from_products_then_from_the_placement(tmp_path: Path) -> None:
    """A cell of the request beats the product's fact, which beats the placement's default."""
    book = openpyxl.Workbook()
    wanted = book.active
    wanted.title = "Requests"
    for row in (
        ["SKU", "Placement", "Category", "Background"],
        ["A-1", "Marketplace main", "Mugs", None],
        [" a-1", "Gallery", None, "scene"],
        ["B-9", "Marketplace main", None, None],
    ):
        wanted.append(row)
    products = book.create_sheet("products")
    for row in (
        ["My products"],
        ["Artikelnummer", "Bezeichnung", "Kategorie", "Hintergrund", "Weight g", "Angles"],
        ["A-1", "Candle", "Candles", "brand", 250, "x"],
        ["A-1", "Other", "Candles", "brand", 250, None],
    ):
        products.append(row)
    book.save(tmp_path / "list.xlsx")
    table, problems = read(tmp_path / "list.xlsx")
    assert list(table.column(CATEGORY)) == ["Mugs", "Candles", None]
    assert list(table.column(BACKGROUND)) == ["brand", "scene", "white"]
    assert list(table.column(PRODUCT_NAME)) == ["Candle", "Candle", None]
    assert list(table.column("Weight g")) == [250, 250, None]
    assert "Weight g" not in table.letters
    told = [
        (p.code, p.cell.sheet, p.cell.a1) for p in problems if p.cell and p.cell.sheet != "Requests"
    ]
    assert told == [("no-number", "products", "F3"), ("two-products", "products", "A4")]
    assert not table.bad.any()


def test_a_placement_without_a_sku_is_an_error_of_its_row(tmp_path: Path) -> None:
    """A row that names only a placement asks for a picture of nothing; it is no section title."""
    path = tmp_path / "list.csv"
    path.write_text("SKU,Placement\nA-1,Gallery\n,Gallery\nSummer,\n", encoding="utf-8")
    table, problems = workbook.requests(workbook.read_book(path), SETTINGS)
    errors = [(problem.code, problem.cell.row) for problem in problems
              if problem.severity == "error" and problem.cell is not None]  # fmt: skip
    assert ("no-sku", 3) in errors
    assert len(table) >= 2
