"""What stands around the cells: tables, dropdowns, conditional looks, links, widths, folding."""

import io
import re

import pytest
import xlsxwriter

from tests.ooxml.books import (
    HEADER,
    catalog,
    parts,
    reopened,
    repack,
    replacing,
    sheet_xml,
    tier_column,
)
from tierbook.errors import EditRefused
from tierbook.ooxml import (
    ColumnEdit,
    ConditionalFormat,
    EditPlan,
    Link,
    SheetEdit,
    Style,
    Validation,
    edit,
    inspect,
)

SHEET = "xl/worksheets/sheet1.xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"


def listed(columns: int = 3, rows: int = 4, *, totals: bool = False, extra: str = "") -> bytes:
    """A sheet that is one table, with something beside it if asked."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Goods")
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"A-{row}", row, row * 2][:columns])
    names = ["SKU", "Stock", "Status"][:columns]
    settings = {"columns": [{"header": one} for one in names], "total_row": totals}
    sheet.add_table(0, 0, rows + totals, columns - 1, settings)
    if extra:
        sheet.write(extra, "beside")
    book.close()
    return out.getvalue()


def wide(header: str = "Tier", column: int = 4, rows=(2, 3, 4, 5), **changes) -> EditPlan:
    edits = (ColumnEdit(column, 1, header, list(rows), ["x"] * len(rows), **changes),)
    return EditPlan((SheetEdit("Goods", edits),))


def table_of(content: bytes) -> bytes:
    return parts(content)["xl/tables/table1.xml"]


def test_a_table_that_ends_at_the_last_column_grows():
    """Range, filter range, count and a column named as its header cell, with an id of its own."""
    after = edit(listed(), wide()).content
    table = table_of(after)
    assert b'ref="A1:D5"' in table
    assert b'<autoFilter ref="A1:D5"/>' in table
    assert b'<tableColumns count="4">' in table
    assert b'<tableColumn id="4" name="Tier"/>' in table
    assert reopened(after)["Goods"].tables["Table1"].ref == "A1:D5"


def test_a_totals_row_stays_out_of_the_filter():
    """The filter range moves to the right only; the totals row keeps its place below it."""
    table = table_of(edit(listed(totals=True), wide()).content)
    assert b'ref="A1:D6"' in table
    assert b'<autoFilter ref="A1:D5"/>' in table


@pytest.mark.parametrize(
    ("book", "plan"),
    [
        (listed(), wide("STATUS")),
        (listed(extra="D6"), wide(rows=(2, 3))),
        (listed(extra="D3"), wide(column=5)),
    ],
    ids=["a column of that name", "nothing beside it but below", "a gap between"],
)
def test_a_table_that_must_not_grow_keeps_its_bytes(book, plan):
    """Two columns of one name, or columns apart from the table, would make Excel repair it."""
    edited = edit(book, plan)
    grown = b'ref="A1:D5"' in table_of(edited.content)
    assert grown == (b'"D6"' in sheet_xml(book))
    if not grown:
        assert table_of(edited.content) == table_of(book)


def test_a_table_is_not_widened_over_the_sellers_cells():
    """Cells beside the table that are not ours would be swallowed; the note says so."""
    edited = edit(listed(extra="D4"), wide(rows=(2, 3)))
    assert table_of(edited.content) == table_of(listed(extra="D4"))
    assert "Table1" in edited.notes[0]


def test_a_table_filled_by_a_query_is_left_alone():
    """Excel rewrites such a table on refresh, so it is neither grown nor written into."""
    query = repack(listed(), {"xl/tables/table1.xml": replacing(
        (b"<table ", b'<table tableType="queryTable" '))})  # fmt: skip
    assert table_of(edit(query, wide()).content) == table_of(query)
    with pytest.raises(EditRefused, match="query"):
        edit(query, wide(column=3, new=False))


def test_a_dropdown_and_a_message_are_added_once():
    """A second run neither doubles the rule nor moves it; more rows stretch it."""
    rule = Validation("Prices", "Review", "Pick one.", error="Not in the list.")
    plan = wide(column=5, rows=(2, 3), validation=rule, header_message=Validation(prompt="Ours."))
    first = edit(catalog(), plan).content
    rules = reopened(first)["Goods"].data_validations.dataValidation
    assert [(str(one.sqref), one.formula1, one.prompt) for one in rules] == [
        ("B2:B4", '"x,y"', None),
        ("E1", None, "Ours."),
        ("E2:E3", "Prices", "Pick one."),
    ]
    again = wide(column=5, rows=(2, 3), validation=rule, new=False)
    assert sheet_xml(edit(first, again).content) == sheet_xml(first)
    more = wide(column=5, rows=(2, 3, 4, 6), validation=rule, new=False)
    rules = reopened(edit(first, more).content)["Goods"].data_validations.dataValidation
    assert str(rules[-1].sqref) == "E2:E4 E6"
    assert len(rules) == 3


def test_a_dropdown_of_the_sellers_is_left_alone():
    """A rule that covers our cells already stays the only one there."""
    covering = repack(catalog(), {SHEET: replacing((b'sqref="B2:B4"', b'sqref="B2:Z9"'))})
    after = edit(covering, wide(column=5, validation=Validation("Prices"))).content
    assert sheet_xml(after).count(b"<dataValidation ") == 1


def test_conditional_looks_rank_below_the_sellers_and_come_once():
    """Priorities are unique and later; the same rule again changes nothing."""
    rule = ConditionalFormat("E2:E6", '$E2="x"', Style(fill="FFEEEE"), stop=True)
    edits = (SheetEdit("Goods", (tier_column(5, [2], [1]),), conditional_formats=(rule,)),)
    first = edit(catalog(), EditPlan(edits)).content
    assert re.findall(rb'priority="(\d)"', sheet_xml(first)) == [b"1", b"2"]
    again = (SheetEdit("Goods", cells={(2, 5): 1}, conditional_formats=(rule,)),)
    assert sheet_xml(edit(first, EditPlan(again)).content) == sheet_xml(first)


def test_elements_come_in_the_order_the_schema_wants():
    """Excel repairs a sheet whose parts are out of order, alternate content counted."""
    odd = repack(catalog(), {SHEET: replacing((b"<legacyDrawing ",
        b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
        b'2006"><mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
        b"<legacyDrawing "))})  # fmt: skip
    column = ColumnEdit(5, 1, "R", [2], [Link("a.png", "a")], validation=Validation('"a,b"'),
                        width=9, outline_level=1)  # fmt: skip
    formats = (ConditionalFormat("E2:E3", "$E2=1", Style(bold=True)),)
    plan = EditPlan((SheetEdit("Goods", (column,), conditional_formats=formats,
                               summary_left=True),))  # fmt: skip
    names = re.findall(rb"<(sheetPr|dimension|sheetFormatPr|cols|sheetData|conditionalFormatting|"
                       rb"dataValidations|hyperlinks|pageMargins|drawing|mc:AlternateContent)[ />]",
                       sheet_xml(edit(odd, plan).content))  # fmt: skip
    assert names == [b"sheetPr", b"dimension", b"sheetFormatPr", b"cols", b"sheetData",
                     b"conditionalFormatting", b"conditionalFormatting", b"dataValidations",
                     b"hyperlinks", b"pageMargins", b"drawing", b"mc:AlternateContent"]  # fmt: skip


def test_links_are_relationships_or_places_never_formulas():
    """A path is percent-encoded, a place in the book needs no arrow, `javascript:` is text."""
    values = [Link("img/a b#1.png", "open", "See it"), Link("#'Other'!A1", "go"),
              Link("javascript:alert(1)", "bad"),
              Link("https://x.test/?a=1&b=%20", "web")]  # fmt: skip
    edited = edit(catalog(), EditPlan((SheetEdit("Goods", (
        ColumnEdit(5, 1, "Result", [2, 3, 4, 5], values),)),)))  # fmt: skip
    sheet = reopened(edited.content)["Goods"]
    assert sheet["E2"].hyperlink.tooltip == "See it"
    assert sheet["E3"].hyperlink.location == "'Other'!A1"
    assert sheet["E4"].hyperlink is None
    assert sheet["E4"].value == "bad"
    rels = parts(edited.content)[RELS]
    assert b'Target="img/a%20b#1.png"' in rels
    assert b'Target="https://x.test/?a=1&amp;b=%20"' in rels
    assert b"javascript" not in rels
    assert "1 link" in edited.notes[0]


def test_a_changed_link_keeps_its_relationship_and_a_cleared_one_loses_it():
    """Re-runs do not pile up relationships."""

    def plan(first, second, *, new):
        column = ColumnEdit(5, 1, "Result", [2, 3], [first, second], new=new)
        return EditPlan((SheetEdit("Goods", (column,)),))

    first = edit(catalog(), plan(Link("a.png", "a"), Link("b.png", "b"), new=True)).content
    second = edit(first, plan(Link("c.png", "c"), None, new=False)).content
    rels = parts(second)[RELS]
    assert rels.count(b"/hyperlink") == 1
    assert b'Target="c.png"' in rels
    assert sheet_xml(second).count(b"<hyperlink ") == 1


def test_column_ranges_are_split_not_doubled():
    """One range over all columns becomes three; the seller's part keeps width and look."""
    ranged = repack(catalog(), {SHEET: lambda content: re.sub(
        rb"<cols>.*</cols>|(?=<sheetData>)", b'<cols><col min="2" max="16384" width="11" '
        b'customWidth="1"/></cols>', content, count=1)})  # fmt: skip
    column = ColumnEdit(5, 1, "Why", [2], ["x"], width=40, outline_level=1, hidden=True)
    plan = EditPlan((SheetEdit("Goods", (column,), summary_left=True),))
    after = sheet_xml(edit(ranged, plan).content)
    assert re.search(rb"<cols>(.*)</cols>", after)[1] == (
        b'<col min="2" max="4" width="11" customWidth="1"/>'
        b'<col min="5" max="5" width="40" customWidth="1" hidden="1" outlineLevel="1"/>'
        b'<col min="6" max="16384" width="11" customWidth="1"/>')  # fmt: skip
    assert b'outlineLevelCol="1"' in after
    assert b'<outlinePr summaryRight="0"/>' in after


def test_what_a_person_made_of_our_columns_is_kept():
    """A second run does not fold, unfold or resize columns again."""
    first = edit(catalog(), wide(column=5, width=40, hidden=True)).content
    shown = repack(first, {SHEET: lambda content: content.replace(b' hidden="1"', b"")})
    after = edit(shown, wide(column=5, width=40, hidden=True, new=False)).content
    assert sheet_xml(after) == sheet_xml(shown)


def test_unlocked_cells_can_be_edited_on_a_protected_sheet():
    """On a protected sheet the review column stays open to the seller."""
    column = ColumnEdit(5, 1, "Review", [2], [None], style=Style(unlocked=True))
    after = edit(catalog(), EditPlan((SheetEdit("Goods", (column,)),))).content
    assert reopened(after)["Goods"]["E2"].protection.locked is False


def test_looks_build_on_the_books_own_font_and_are_reused():
    """A bold header uses the seller's font, and the same look again adds no entry."""
    fonts = replacing((b'<name val="Calibri"/>', b'<name val="Georgia"/>'))
    georgia = repack(catalog(), {"xl/styles.xml": fonts})
    first = edit(georgia, wide(column=5, header_style=HEADER)).content
    assert reopened(first)["Goods"]["E1"].font.name == "Georgia"
    assert reopened(first)["Goods"]["E1"].font.b
    second = edit(first, wide(column=6, header_style=HEADER)).content
    assert parts(second)["xl/styles.xml"] == parts(first)["xl/styles.xml"]


def test_facts_of_a_sheet_are_found_without_reading_values():
    """Extent, merges, filters, hidden rows, formulas, errors and number formats."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Goods")
    zeros, empty = book.add_format({"num_format": "00000"}), book.add_format({"bold": True})
    sheet.merge_range("A1:D1", "Stock list")
    sheet.write_row("A2", ["SKU", "Stock", "Sum", "Bad"])
    for row in range(2, 8):
        sheet.write_number(row, 0, row + 121, zeros)
        sheet.write_formula(row, 2, "=1+1", None, 2 if row != 4 else "")
        sheet.write_blank(row, 9, None, empty)
    sheet.write_formula("D3", "=NA()", None, "#N/A")
    sheet.autofilter("A2:C8")
    sheet.filter_column("B", "x == 1")
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_row(20, None, None, {"hidden": True})
    book.close()
    facts = inspect(out.getvalue()).sheet("Goods")
    assert (facts.last_row, facts.last_column, facts.first_free_column) == (8, 4, 5)
    assert [str(one) for one in facts.merged] == ["A1:D1"]
    assert facts.hidden_rows == {4, 21}
    assert len(facts.formulas) == 7
    assert facts.errors == {(3, 4): "#N/A"}
    assert facts.number_formats(1) == dict.fromkeys(range(3, 9), "00000")
    assert str(facts.autofilter) == "A2:C8"


def test_formulas_that_were_never_computed_are_known():
    """A reader of values sees nothing there, so the seller must be told."""
    fresh = repack(catalog(), {SHEET: lambda content: content.replace(b"<v>5.0</v>", b"<v></v>")})
    facts = inspect(fresh).sheet("goods")
    assert facts.formulas_without_value == {(3, 4)}
    assert len(facts.formulas) == 5


def test_facts_hold_for_sheets_without_addresses_too():
    """Rows and cells may leave out where they stand."""
    bare = repack(catalog(), {SHEET: lambda content: re.sub(
        rb'(<row)( r="\d+")|(<c) r="[A-Z]+\d+"', rb"\1\3", content)})  # fmt: skip
    facts, same = inspect(bare).sheet("Goods"), inspect(catalog()).sheet("Goods")
    assert (facts.last_row, facts.last_column) == (same.last_row, same.last_column)
    assert facts.formulas == same.formulas
