"""Cells come in; every other cell keeps its bytes."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ooxml.books import (
    catalog,
    cell_xml,
    five_rows,
    parts,
    prefixed,
    reopened,
    repack,
    replacing,
    sheet_xml,
    tier_column,
)
from tierbook.errors import EditRefused
from tierbook.ooxml import ColumnEdit, EditPlan, SheetEdit, Style, edit

MIDNIGHT = datetime(2026, 11, 24)  # noqa: DTZ001 - cells have no time zone
DAWN = datetime(2026, 11, 24, 6, 30)  # noqa: DTZ001 - cells have no time zone
SHEET = "xl/worksheets/sheet1.xml"


def one_column(values, rows=None, **changes) -> EditPlan:
    rows = list(range(2, len(values) + 2)) if rows is None else rows
    column = ColumnEdit(5, 1, "Answer", rows, values, **changes)
    return EditPlan((SheetEdit("Goods", (column,)),))


def test_new_columns_stand_beside_unchanged_cells():
    """Every row of the seller's is a prefix of the new row, formulas and cached values included."""
    before = catalog()
    after = edit(before, five_rows(graft=None)).content
    rows = re.findall(rb"<row .*?</row>", sheet_xml(before))
    new_rows = re.findall(rb"<row .*?</row>", sheet_xml(after))
    assert len(rows) == len(new_rows) == 6
    for old, new in zip(rows, new_rows, strict=True):
        cells = old[old.index(b">") + 1 : -len(b"</row>")]
        assert cells in new
    assert reopened(after, values=True)["Goods"]["D3"].value == 5.0
    assert reopened(after)["Goods"]["D3"].value == "=C3*2"


def test_values_of_every_kind_come_back():
    """Text, numbers, decimals, yes/no, dates and array scalars are read as they were given."""
    values = ["00123", 7, 0.1, Decimal("0.0336"), True, date(2026, 11, 24),
              DAWN, np.int64(9), np.float64(2.5), None]  # fmt: skip
    sheet = reopened(edit(catalog(), one_column(values)).content)["Goods"]
    got = [sheet.cell(row, 5).value for row in range(2, 12)]
    assert got == ["00123", 7, 0.1, 0.0336, True, MIDNIGHT,
                   DAWN, 9, 2.5, None]  # fmt: skip


def test_numbers_a_cell_cannot_hold_become_text_or_nothing():
    """17 digits stay text, and NaN leaves the cell empty instead of breaking the file."""
    values = [12345678901234567, float("nan"), float("inf"), np.float64("nan")]
    sheet = reopened(edit(catalog(), one_column(values)).content)["Goods"]
    assert [sheet.cell(row, 5).value for row in range(2, 6)] == ["12345678901234567"] + [None] * 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_any_text_comes_back_as_text(texts):
    """Markup, `_x0041_`, formulas, spaces and line ends are text; only control characters go."""
    after = edit(catalog(), one_column(texts)).content
    sheet = reopened(after)["Goods"]
    forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
    for row, text in enumerate(texts, start=2):
        wanted = forbidden.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
        cell = sheet.cell(row, 5)
        # openpyxl leaves the escape of `_x0041_` as it stands; Excel and LibreOffice decode it.
        assert (cell.value or "").replace("_x005F_", "_") == wanted
        assert cell.data_type != "f"


def test_text_is_cut_at_what_a_cell_holds():
    """32,767 UTF-16 units are Excel's limit; a surrogate pair is not cut in two."""
    after = edit(catalog(), one_column(["\U0001f600" * 20_000])).content
    assert reopened(after)["Goods"]["E2"].value == "\U0001f600" * 16_383


def test_the_same_edit_again_changes_no_byte():
    """Twice the same answers give the same sheet, and with the same tabs the same file."""
    tabs = ("Cost summary", "Rubric check")
    first = edit(catalog(), five_rows()).content
    second = edit(first, five_rows(new=False, remove_tabs=tabs)).content
    assert sheet_xml(second) == sheet_xml(first)
    third = edit(second, five_rows(new=False, remove_tabs=tabs)).content
    assert third == second


def test_only_a_changed_value_changes_bytes():
    """One other tier replaces one cell, value and colour, and nothing else."""
    first = edit(catalog(), five_rows(graft=None)).content
    column = tier_column(5, [2, 3, 4, 5, 6], [1, 2, 1, 1, 2], new=False)
    second = edit(first, EditPlan((SheetEdit("Goods", (column,)),))).content
    old, new = cell_xml(first, "E4"), cell_xml(second, "E4")
    assert sheet_xml(first).replace(old, new) == sheet_xml(second)
    assert reopened(second)["Goods"]["E4"].fill.fgColor.rgb == "FF0072B2"


def test_a_look_the_seller_gave_is_kept():
    """A person's own style index on a cell of ours survives a new value."""
    first = edit(catalog(), five_rows(graft=None)).content
    styled = repack(first, {SHEET: replacing((cell_xml(first, "F4"), cell_xml(first, "F4").replace(
        b'r="F4"', b'r="F4" s="1"')))})  # fmt: skip
    column = ColumnEdit(6, 1, "Result", [4], ["other"], style=Style(bold=True), new=False)
    after = edit(styled, EditPlan((SheetEdit("Goods", (column,)),))).content
    assert b'r="F4" s="1"' in cell_xml(after, "F4")


def test_values_saved_by_excel_as_shared_strings_are_recognised():
    """After Excel moved our text to the shared strings, equal text changes nothing."""
    first = edit(catalog(), five_rows(graft=None)).content
    ours = cell_xml(first, "F4")
    rich = b"<si><r><t>la</t></r><r><t>ter</t></r></si>"
    count = parts(first)["xl/sharedStrings.xml"].count(b"<si>")
    saved = repack(
        first,
        {
            SHEET: replacing((ours, b'<c r="F4" t="s"><v>%d</v></c>' % count)),
            "xl/sharedStrings.xml": replacing((b"</sst>", rich + b"</sst>")),
        },
    )
    after = edit(saved, five_rows(graft=None, new=False)).content
    assert sheet_xml(after) == sheet_xml(saved)
    column = ColumnEdit(6, 1, "Result", [4], ["sooner"], new=False)
    changed = edit(saved, EditPlan((SheetEdit("Goods", (column,)),))).content
    assert b"sooner" in cell_xml(changed, "F4")


def test_cleared_values_leave_an_empty_cell():
    """None on a column of ours takes the old value out."""
    first = edit(catalog(), one_column(["a", "b"])).content
    second = edit(first, one_column([None, "b"], new=False)).content
    assert reopened(second)["Goods"]["E2"].value is None
    assert reopened(second)["Goods"]["E3"].value == "b"


def test_a_formula_in_a_target_cell_is_refused():
    """The seller's formula is worth more than our answer."""
    plan = EditPlan((SheetEdit("Goods", (ColumnEdit(4, 1, "X", [3], ["x"], new=False),)),))
    with pytest.raises(EditRefused, match="D3 holds a formula"):
        edit(catalog(), plan)


def test_a_new_column_over_values_is_refused():
    """`new` means the cells are empty."""
    plan = EditPlan((SheetEdit("Goods", (ColumnEdit(3, 1, "X", [3], ["x"]),)),))
    with pytest.raises(EditRefused, match="C1 is not empty"):
        edit(catalog(), plan)


def test_a_merge_across_target_cells_is_refused():
    """A value hidden inside a merge would be lost."""
    merged = repack(catalog(), {SHEET: replacing((b"</sheetData>",
        b'</sheetData><mergeCells count="1"><mergeCell ref="D8:F9"/></mergeCells>'))})  # fmt: skip
    with pytest.raises(EditRefused, match=r"E8.*D8:F9"):
        edit(merged, one_column(["x"], rows=[8]))
    assert edit(merged, one_column(["x"], rows=[7])).proof.cells_planned == 2


def test_an_array_formula_over_target_cells_is_refused():
    """Cells an array formula fills look empty of formulas but are not ours to write."""
    spread = repack(catalog(), {SHEET: lambda content: content.replace(
        b"<f>C2*2</f>", b'<f t="array" ref="D2:E3">C2:C3*2</f>')})  # fmt: skip
    with pytest.raises(EditRefused, match="formula over D2:E3"):
        edit(spread, one_column(["x"]))


def test_rows_that_are_missing_are_put_in_their_place():
    """A value for a row the sheet does not list makes the row, in order."""
    after = edit(catalog(), one_column(["a", "b", "c"], rows=[2, 9, 40])).content
    numbers = [int(one) for one in re.findall(rb'<row r="(\d+)"', sheet_xml(after))]
    assert numbers == [1, 2, 3, 4, 5, 6, 9, 40]
    assert reopened(after)["Goods"]["E40"].value == "c"


@pytest.mark.parametrize("closing", [b"<sheetData/>", b"<sheetData />", b"<sheetData></sheetData>"])
def test_an_empty_sheet_takes_cells(closing):
    """A self-closing cell area opens for the first cells."""
    empty = repack(catalog(), {SHEET: lambda content: re.sub(
        rb"<sheetData>.*</sheetData>", closing, content, flags=re.S)})  # fmt: skip
    assert reopened(edit(empty, one_column(["a"])).content)["Goods"]["E2"].value == "a"


def test_rows_and_cells_without_addresses_are_counted():
    """Addresses are optional in the format; cells still land where they belong."""
    bare = repack(catalog(), {SHEET: lambda content: re.sub(
        rb'(<row)( r="\d+")|(<c) r="[A-Z]+\d+"', rb"\1\3", content)})  # fmt: skip
    sheet = reopened(edit(bare, one_column(["a", "b"])).content)["Goods"]
    assert sheet["E3"].value == "b"
    assert sheet["A3"].value == "A-002"


def test_rows_out_of_order_are_refused():
    """Excel calls such a sheet damaged; it is not made worse."""
    swapped = repack(catalog(), {SHEET: replacing((b'<row r="3"', b'<row r="9"'))})
    with pytest.raises(EditRefused, match="out of order"):
        edit(swapped, one_column(["a", "b", "c"]))


def test_comments_and_cdata_in_the_cell_area_stay():
    """Text that looks like markup inside a comment or CDATA is neither touched nor believed."""
    odd = repack(catalog(), {SHEET: replacing(
        (b"<sheetData>", b'<sheetData><!-- <row r="7"><c r="E7"/></row> -->'),
        (b"<v>1.25</v>", b"<v><![CDATA[1.25]]></v>"),
    )})  # fmt: skip
    after = edit(odd, one_column(["a"])).content
    assert b'<!-- <row r="7"><c r="E7"/></row> -->' in sheet_xml(after)
    assert b"<![CDATA[1.25]]>" in sheet_xml(after)
    assert reopened(after)["Goods"]["E2"].value == "a"


def test_prefixed_xml_is_written_in_its_own_spelling():
    """Some libraries write `x:row` and `x:c`; so does the edit there."""
    odd = repack(catalog(), {SHEET: prefixed})
    assert b"<x:row " in sheet_xml(odd)
    after = edit(odd, one_column(["a"])).content
    assert b'<x:c r="E2" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>' in sheet_xml(after)
    assert reopened(after)["Goods"]["E2"].value == "a"


def test_a_utf16_sheet_is_read_and_written_as_utf8():
    """The sheet part may be in UTF-16; its cells stay what they were."""
    odd = repack(catalog(), {SHEET: lambda content: content.decode()
        .replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")})  # fmt: skip
    sheet = reopened(edit(odd, one_column(["ü"])).content)["Goods"]
    assert (sheet["E2"].value, sheet["B2"].value) == ("ü", "Candle <1> & wax")


def test_spans_and_dimension_cover_the_new_cells():
    """The hints of used columns are widened, or readers that trust them would miss ours."""
    after = sheet_xml(edit(catalog(), five_rows(graft=None)).content)
    assert b'<dimension ref="A1:F6"/>' in after
    assert set(re.findall(rb'spans="([^"]*)"', after)) == {b"1:6"}


def test_dates_follow_the_books_own_epoch():
    """In a book that counts from 1904 the same day is another number, and reads the same."""
    old = repack(
        catalog(), {"xl/workbook.xml": replacing((b"<workbookPr", b'<workbookPr date1904="1"'))}
    )
    after = edit(old, one_column([date(2026, 11, 24)])).content
    assert reopened(after)["Goods"]["E2"].value == MIDNIGHT
    assert b"<v>44888</v>" in cell_xml(after, "E2")


def test_single_cells_are_written_with_their_look_kept():
    """A count beside the seller's rule changes the number alone."""
    first = edit(catalog(), one_column([5], style=Style(bold=True))).content
    plan = EditPlan((SheetEdit("Goods", cells={(2, 5): 6, (20, 2): "new"}),))
    after = edit(first, plan).content
    assert cell_xml(after, "E2") == cell_xml(first, "E2").replace(b">5<", b">6<")
    assert reopened(after)["Goods"]["B20"].value == "new"


def test_untouched_parts_keep_their_compressed_bytes():
    """Charts, notes and other tabs are the very bytes they were, and the zip order stays."""
    before = catalog()
    after = edit(before, five_rows(graft=None)).content
    old, new = parts(before), parts(after)
    changed = {name for name in old if old[name] != new[name]}
    assert changed == {SHEET, "xl/styles.xml", "xl/worksheets/_rels/sheet1.xml.rels"}
    assert list(new) == list(old)


def test_the_same_plan_gives_the_same_bytes():
    """No clock and no random number enters the file."""
    before = catalog()  # once: the fixture itself bears the second it was made in
    assert edit(before, five_rows()).content == edit(before, five_rows()).content


def test_two_columns_of_a_plan_may_stand_apart():
    """Columns need not be neighbours, and the seller's cells between them stay."""
    columns = (tier_column(5, [2, 3], [1, 2]), ColumnEdit(7, 1, "Far", [2], ["x"]))
    plan = EditPlan((SheetEdit("Goods", columns),))
    first = edit(catalog(), plan).content
    mine = repack(first, {SHEET: replacing((b'<c r="G2"', b'<c r="F2"><v>9</v></c><c r="G2"'))})
    moved = tuple(replace(one, new=False) for one in columns)
    after = edit(mine, EditPlan((SheetEdit("Goods", moved),))).content
    assert sheet_xml(after) == sheet_xml(mine)
