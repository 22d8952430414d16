"""Reading workbooks: the sheet and the headings are found, or the seller is asked."""

import datetime
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from tests.workbook.books import codes, made_with_openpyxl, read, sheet_of
from tierbook import configuration, workbook
from tierbook.contract import ASPECT_RATIO, PLACEMENT, PRODUCT_NAME, PRODUCTS, SKU, TIERS
from tierbook.errors import NotAWorkbook, NothingToRoute, TierbookError, UsageError
from tierbook.workbook import package_tabs


def with_parts(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Rewrite the parts of a package."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(content.getvalue())
    return path


def with_sheet_xml(path: Path, old: str, new: str) -> Path:
    """Replace text in the first sheet's XML."""

    def change(name: str, part: bytes) -> bytes:
        return part.replace(old.encode(), new.encode()) if name.endswith("sheet1.xml") else part

    return with_parts(path, change)


# --------------------------------------------------------------------------- headings


def test_headings_are_found_under_titles_and_blank_rows(tmp_path: Path) -> None:
    """A title, blank rows and a start in column C do not hide the headings."""
    rows: list[list[Any]] = [
        [None, None, "My shop, autumn 2026"],
        [],
        [None, None, "Stock", None, "checked by", "Ann"],
        [],
        [None, None, "Artikel-Nr.", "Bezeichnung", "Platzierung", "Lange Kante (px)"],
        [],
        [None, None, "A-1", "Kerze", "Gallery", 1600],
    ]
    book = workbook.read_book(sheet_of(tmp_path / "list.xlsx", rows))
    assert (book.header_row, book.first_data_row, book.last_column) == (5, 6, 6)
    assert {h: book.recognised[h] for h in (SKU, PRODUCT_NAME, PLACEMENT)} == {
        SKU: 3,
        PRODUCT_NAME: 4,
        PLACEMENT: 5,
    }
    assert any('"Artikel-Nr." is read as SKU' in note for note in book.notes)
    table, _ = read(book.path)
    assert list(table.rows) == [7]
    assert table.cell(0, "Long edge px").a1 == "F7"


def test_a_word_of_the_headings_in_a_product_row_is_no_heading(tmp_path: Path) -> None:
    """A cell that says "Code" under headings without a SKU is not taken for one."""
    rows = [["Product", "Category", "Price"], ["Mug", "Mugs", 3], ["Code", "Signs", 4]]
    with pytest.raises(NothingToRoute) as refused:
        workbook.read_book(sheet_of(tmp_path / "list.xlsx", rows))
    assert "headings in row 1" in refused.value.message


def test_headings_merged_over_two_rows(tmp_path: Path) -> None:
    """Groups above, labels below: the lower row is the header, and the first row is data."""

    def fill(sheet: Any) -> None:
        sheet.append(["SKU", "Picture", None, "Product name"])
        sheet.append([None, "Placement", "Aspect ratio", None])
        sheet.append(["A-1", "Gallery", "4:5", "Candle"])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("D1:D2")

    book = workbook.read_book(made_with_openpyxl(tmp_path / "list.xlsx", fill))
    assert (book.header_row, book.first_data_row) == (2, 3)
    assert [book.recognised[h] for h in (SKU, PLACEMENT, ASPECT_RATIO, PRODUCT_NAME)] == [
        1,
        2,
        3,
        4,
    ]
    table, problems = read(book.path)
    assert not problems
    assert list(table.column(PRODUCT_NAME)) == ["Candle"]


def test_technical_names_under_labels_are_the_header(tmp_path: Path) -> None:
    """Marketplace templates print a label above the field's name; the lower row counts."""
    rows = [
        ["TemplateType=home", "Version=2023"],
        ["Product Type", "Seller SKU", "Brand", "Title"],
        ["feed_product_type", "item_sku", "brand_name", "item_name"],
        ["candle", "A-1", "Own", "Candle"],
    ]
    assert workbook.read_book(sheet_of(tmp_path / "list.xlsx", rows)).header_row == 3


def test_a_table_tells_its_headings(tmp_path: Path) -> None:
    """A table's own header row beats an overview above it that knows as many words."""

    def fill(sheet: Any) -> None:
        sheet.append(["SKU", "Name", "Category", "Channel"])
        sheet.append(["what it is", "text", "text", "text"])
        sheet.append([])
        sheet.append(["SKU", "Placement"])
        sheet.append(["A-1", "Gallery"])
        sheet.append(["Total", None])
        sheet.add_table(Table(displayName="Wanted", ref="A4:B6", totalsRowCount=1))

    path = made_with_openpyxl(tmp_path / "list.xlsx", fill)
    assert workbook.read_book(path).header_row == 4
    table, problems = read(path)
    assert list(table.column(SKU)) == ["A-1"]
    assert codes(problems) == ["rows-passed-over"]


def test_dates_as_headings_keep_their_text(tmp_path: Path) -> None:
    """A month as a heading is a column like others."""
    rows = [["SKU", datetime.date(2026, 3, 1)], ["A-1", 5]]

    def fill(sheet: Any) -> None:
        for row in rows:
            sheet.append(row)

    table, _ = read(made_with_openpyxl(tmp_path / "list.xlsx", fill), placement="Gallery")
    assert list(table.column("2026-03-01")) == [5]


def test_two_columns_for_the_sku_are_refused(tmp_path: Path) -> None:
    """Both addresses are named, and the option that settles it."""
    path = sheet_of(tmp_path / "list.xlsx", [["Artikelnummer", "Item code"], ["A-1", "B-1"]])
    with pytest.raises(NothingToRoute) as refused:
        workbook.read_book(path)
    assert 'A1 "Artikelnummer" and B1 "Item code"' in refused.value.message
    assert '--map "SKU=A"' in refused.value.fix
    assert workbook.read_book(path, workbook.ReadOptions(mapping={"sku": "b"})).recognised == {
        SKU: 2
    }


def test_two_columns_for_another_field_are_a_problem(tmp_path: Path) -> None:
    """A doubtful optional column is left unread and reported once, the rest goes on."""
    rows = [["SKU", "Title", "Name"], ["A-1", "x", "y"]]
    book = workbook.read_book(sheet_of(tmp_path / "list.xlsx", rows))
    assert [(p.code, p.cell and p.cell.a1) for p in book.problems] == [("two-headings", "C1")]
    assert PRODUCT_NAME not in book.recognised


def test_the_seller_can_name_everything(tmp_path: Path) -> None:
    """Row, headings and letters can all be passed; a heading's text goes before a letter."""
    rows = [["a", "b", "C"], ["SKU", "x", "y"], ["A-1", "B-1", "C-1"]]
    path = sheet_of(tmp_path / "list.xlsx", rows)
    options = workbook.ReadOptions(header_row=1, mapping={"SKU": "c", "Product name": "B"})
    book = workbook.read_book(path, options)
    assert (book.header_row, book.recognised) == (1, {SKU: 3, PRODUCT_NAME: 2})


def test_a_letter_finds_the_headings_by_the_other_columns(tmp_path: Path) -> None:
    """Every row has a column A, so the row that reads most like headings is taken."""
    rows = [["My stock"], ["Product Name", "Quantity"], ["mug", "5 pcs"], ["bread", "10 pcs"]]
    path = sheet_of(tmp_path / "list.xlsx", rows)
    book = workbook.read_book(path, workbook.ReadOptions(mapping={"SKU": "A"}))
    assert (book.header_row, book.recognised) == (2, {SKU: 1})


@pytest.mark.parametrize(
    ("options", "error", "word"),
    [
        ({"mapping": {"SKU": "Nowhere"}}, UsageError, "Nowhere"),
        ({"mapping": {"SKU": "Zed"}}, UsageError, "Zed"),  # three letters are no far column
        ({"mapping": {"Colour": "A"}}, UsageError, "Colour"),
        ({"sheet": "Sheet9"}, NothingToRoute, "Sheet9"),
        ({"header_row": 99}, NothingToRoute, "99"),
        ({"header_row": 2}, NothingToRoute, "row 2"),
    ],
)
def test_a_wrong_option_is_named(
    tmp_path: Path, options: dict[str, Any], error: type[TierbookError], word: str
) -> None:
    """What was passed and is not there is said, with what can be passed instead."""
    path = sheet_of(tmp_path / "list.xlsx", [["SKU", "x"], ["A-1", "y"]])
    with pytest.raises(error) as refused:
        workbook.read_book(path, workbook.ReadOptions(**options))
    assert word in (refused.value.message + refused.value.fix).replace("Row", "row")
    assert refused.value.fix


# --------------------------------------------------------------------------- tabs


def tabs_of(path: Path, **tabs: list[list[Any]]) -> Path:
    """Save a workbook with these tabs; underscores in their names are spaces."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tabs.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


LIST = [["SKU"], ["A-1"]]


def test_the_tab_called_requests_is_taken(tmp_path: Path) -> None:
    """However it is spelled, and whatever else has a SKU."""
    path = tabs_of(tmp_path / "b.xlsx", Stock=LIST, requests_=LIST)
    assert workbook.read_book(path).sheet == "requests "


def test_the_only_tab_with_a_sku_is_taken(tmp_path: Path) -> None:
    """Tabs without a SKU, and settings tabs with words like it, do not count."""
    path = tabs_of(tmp_path / "b.xlsx", Notes=[["hello"]], Wanted=LIST, Tiers=[["Tier", "Code"]])
    book = workbook.read_book(path)
    assert book.sheet == "Wanted"
    assert list(book.tabs) == [TIERS]


def test_several_tabs_with_a_sku_are_refused(tmp_path: Path) -> None:
    """Each is described, and the option that settles it is given."""
    path = tabs_of(tmp_path / "b.xlsx", Stock=LIST, Orders=[["Date", "Item code"], ["x", "A-1"]])
    with pytest.raises(NothingToRoute) as refused:
        workbook.read_book(path)
    assert "tab \"Orders\": headings in row 1: A 'Date', B 'Item code'" in refused.value.message
    assert '--sheet "Stock"' in refused.value.fix
    assert workbook.read_book(path, workbook.ReadOptions(sheet="orders")).sheet == "Orders"


def test_products_stand_beside_the_list(tmp_path: Path) -> None:
    """A tab of placements is the list, and `Products` holds facts; alone it is the list."""
    path = tabs_of(tmp_path / "b.xlsx", Products=LIST, Wanted=[["SKU", "Placement"]])
    book = workbook.read_book(path)
    assert book.sheet == "Wanted"
    assert list(book.tabs) == [PRODUCTS]
    assert workbook.read_book(tabs_of(tmp_path / "c.xlsx", Products=LIST)).sheet == "Products"


def test_settings_tabs_hold_plain_values(tmp_path: Path) -> None:
    """Numbers are whole where they can be, blanks None, and a ratio is no time."""
    rows = [["Placement", "Aspect ratio", "Min px"], ["Gallery", datetime.time(4, 5), 1000]]
    path = tabs_of(tmp_path / "b.xlsx", Requests=LIST, Placements=[[], *rows])
    tab = workbook.read_book(path).tabs["Placements"]
    assert tab.first_row == 1
    assert list(tab.rows[2]) == ["Gallery", "4:5", 1000]
    assert all(value is None for value in tab.rows[0])
    assert list(workbook.read_tabs(path)) == ["Placements"]


def test_an_empty_text_is_a_result(tmp_path: Path) -> None:
    """A formula that gives an empty text has a result, in both spellings of nothing."""
    path = made_with_openpyxl(
        tmp_path / "b.xlsx",
        lambda sheet: [sheet.append(row) for row in (["SKU", "Date"], ["A", "=A1"])],
    )
    with_sheet_xml(path, '<c r="B2">', '<c r="B2" t="str">')
    with_sheet_xml(path, "<v></v>", "<v/>")
    assert not workbook.read_book(path).voids


def test_settings_cells_without_a_value_are_told(tmp_path: Path) -> None:
    """A formula whose result was never stored is not an empty cell of the settings."""
    lines = [["Setting", "Value"], ["Cap per run", "=1+1"]]
    tests = [["Test", "Angles", "Expected tier"], ["white", "=1+1", 1]]
    path = tabs_of(tmp_path / "b.xlsx", Requests=LIST, Settings=lines, Rubric_tests=tests)
    book = workbook.read_book(path)
    settings, problems = configuration.load(book.tabs)
    assert settings.settings.cap_per_run == 0
    told = [*book.problems, *problems]
    cells = {(p.cell.sheet, p.cell.a1) for p in told if p.cell}
    assert {("Settings", "B2"), ("Rubric tests", "B2")} <= cells


def test_a_hidden_tab_is_not_taken(tmp_path: Path) -> None:
    """A list behind the scenes is no candidate."""
    path = tabs_of(tmp_path / "b.xlsx", Wanted=LIST, Lists=LIST)
    book = openpyxl.load_workbook(path)
    book["Lists"].sheet_state = "hidden"
    book.save(path)
    assert workbook.read_book(path).sheet == "Wanted"


def test_marked_columns_are_ours_wherever_they_are(tmp_path: Path) -> None:
    """Hidden names find Tierbook's columns after a move and a new heading; others stay inputs."""
    path = tabs_of(
        tmp_path / "b.xlsx",
        My_list=[["Level", "SKU", "Tier", "Placement"], [2, "A-1", "gold", "Gallery"]],
    )
    book = openpyxl.load_workbook(path)
    book.defined_names["_tb_col_Tier"] = DefinedName(
        "_tb_col_Tier", attr_text="'My list'!$A$1", hidden=True
    )
    book.defined_names["_tb_col_Why"] = DefinedName("_tb_col_Why", attr_text="#REF!", hidden=True)
    book.save(path)
    assert workbook.read_book(path).output_columns == {"Tier": 1}
    table, _ = read(path)
    assert list(table.column("Tier")) == ["gold"]
    assert list(table.outputs["Tier"]) == [2]


# --------------------------------------------------------------------------- bad input


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    """There is nothing to find, and the message says what to put in."""
    with pytest.raises(NothingToRoute, match="empty"):
        workbook.read_book(made_with_openpyxl(tmp_path / "b.xlsx", lambda _: None))


def test_a_million_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    """Rows that only have a look are no rows."""
    path = sheet_of(tmp_path / "b.xlsx", LIST)
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 50_000))
    last = '<row r="1048576" s="0"><c r="A1048576" s="0"/></row>'
    with_sheet_xml(path, "</sheetData>", f"{empty}{last}</sheetData>")
    with_sheet_xml(path, 'ref="A1:A2"', 'ref="A1:CV1048576"')
    assert len(workbook.read_book(path).rows) == 1


def test_a_stray_cell_far_out_is_refused(tmp_path: Path) -> None:
    """One cell in the last corner must not fill the memory."""
    path = sheet_of(tmp_path / "b.xlsx", LIST)
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with_sheet_xml(path, "</sheetData>", far)
    with pytest.raises(NotAWorkbook, match="1,048,576"):
        workbook.read_book(path)


def test_columns_of_ours_make_no_sheet_too_wide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before a run is read after it, though the run made the area wider."""
    monkeypatch.setattr(package_tabs, "_MOST_CELLS", 3000)
    rows: list[list[Any]] = [["SKU", "Tier"], ["a", 1], *[[]] * 1997, ["z", 2]]
    path = sheet_of(tmp_path / "a.xlsx", rows)
    with pytest.raises(NotAWorkbook, match="2,000"):
        workbook.read_book(path)
    marked = openpyxl.load_workbook(path)
    marked.defined_names["_tb_col_Tier"] = DefinedName("_tb_col_Tier", attr_text="List!$B$1")
    marked.save(path)
    assert workbook.read_book(path).output_columns == {"Tier": 2}


def test_nested_entities_are_refused(tmp_path: Path) -> None:
    """A document type is no part of a workbook."""
    path = sheet_of(tmp_path / "b.xlsx", LIST)
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    with_sheet_xml(path, "<worksheet", entity)
    with pytest.raises(NotAWorkbook):
        workbook.read_book(path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """What unpacks to more than it says is not unpacked to the end."""
    path = sheet_of(tmp_path / "b.xlsx", LIST)
    size = 260_000_000

    def blow_up(name: str, part: bytes) -> bytes:
        return b" " * size if name == "xl/sharedStrings.xml" else part

    with_parts(path, blow_up)
    content = path.read_bytes()
    lie = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != content
    path.write_bytes(lie)
    with pytest.raises(NotAWorkbook):
        workbook.read_book(path)


def test_reading_imports_nothing_heavy(tmp_path: Path) -> None:
    """Workbooks and text tables are read without pandas, openpyxl or pyarrow."""
    xlsx = sheet_of(tmp_path / "b.xlsx", LIST)
    text = tmp_path / "b.csv"
    text.write_text("SKU\nA-1\n")
    program = """
import sys
from pathlib import Path
from tierbook import configuration, workbook
for path in sys.argv[1:]:
    workbook.requests(workbook.read_book(Path(path)), configuration.defaults())
print({"pandas", "openpyxl", "pyarrow", "httpx", "PIL", "scipy", "cv2"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(xlsx), str(text)], capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()", done.stderr


# --------------------------------------------------------------------------- real files

_HEADERS = {
    "clothing_inv_row3_header.xlsx": ("Inventory", 3),
    "store_tracking_titles_merged.xlsx": ("Order", 5),
    "notebooks_dates_as_headers.xlsx": ("Dashboard", 6),
    "amazon_handmade_home_template_2023.xlsm": ("Template", 3),
    "drinks_master_jp_1198.xlsx": (None, 1),
    "inventory_5000_messy.xlsx": (None, 1),
}


@pytest.mark.skipif(
    "TIERBOOK_REAL_FILES" not in os.environ, reason="needs TIERBOOK_REAL_FILES, a folder of files"
)
@pytest.mark.parametrize("name", _HEADERS)
def test_headings_of_real_workbooks(name: str) -> None:
    """The known header rows of sellers' own workbooks are found."""
    sheet, row = _HEADERS[name]
    (path,) = Path(os.environ["TIERBOOK_REAL_FILES"]).glob(f"*/{name}")
    assert workbook.read_book(path, workbook.ReadOptions(sheet=sheet)).header_row == row


@pytest.mark.skipif(
    "TIERBOOK_REAL_FILES" not in os.environ, reason="needs TIERBOOK_REAL_FILES, a folder of files"
)
def test_real_files_are_read_or_refused_with_a_fix() -> None:
    """No file of any kind ends in anything but a book or words."""
    for path in sorted(Path(os.environ["TIERBOOK_REAL_FILES"]).glob("*/*.*")):
        if re.search(r"\.(xls[xm]|csv|tsv|jpg|png)$", path.name):
            try:
                read(path)
            except TierbookError as refused:
                assert refused.fix, path
