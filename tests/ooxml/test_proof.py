"""The proof finds what an edit must not do; each case is a bug the edit could have."""

import re

import pytest

from tests.ooxml.books import catalog, five_rows, parts, repack, replacing, sheet_xml
from tierbook.errors import EditRefused
from tierbook.ooxml import EditPlan, SheetEdit, edit
from tierbook.ooxml.package import Package
from tierbook.ooxml.proof import TouchedSheet, prove

SHEET = "xl/worksheets/sheet1.xml"
PLANNED = {5: {1, 2, 3, 4, 5, 6}, 6: {1, 2, 3, 4, 5, 6}}


def judge(before: bytes, after: bytes, touched: set[str]):
    """Prove `after` against `before` with the plan of `five_rows`."""
    sheets = [TouchedSheet(SHEET, PLANNED)]
    names = {*parts(before), *parts(after)}
    unequal = {name for name in names if parts(before).get(name) != parts(after).get(name)}
    return prove(Package(before), after, frozenset(touched & unequal), sheets,
                 removed_tabs=(), names=())  # fmt: skip


@pytest.fixture(scope="module")
def books() -> tuple[bytes, bytes, set[str]]:
    """A workbook, the same one edited, and the parts that may differ."""
    before = catalog()
    after = edit(before, five_rows(graft=None)).content
    touched = {SHEET, "xl/worksheets/_rels/sheet1.xml.rels", "xl/styles.xml", "xl/workbook.xml"}
    return before, repack(after, {}), touched


def test_a_good_edit_is_counted(books):
    """The proof says how much it compared: 24 old cells, 2 x 6 new ones less the empty two."""
    before, _, _ = books
    proof = edit(before, five_rows(graft=None)).proof
    assert (proof.cells_equal, proof.cells_planned) == (24, 10)
    assert proof.parts_equal + proof.parts_planned == len(parts(before))


FAULTS = {
    "a seller's number": (SHEET, (b"<v>1.25</v>", b"<v>1.26</v>")),
    "a formula": (SHEET, (b"<f>C3*2</f>", b"<f>C3*3</f>")),
    "a cached result": (SHEET, (b"<v>2.5</v></c><c", b"<v>0</v></c><c")),
    "a cell gone": (SHEET, (b'<c r="C2"><v>1.25</v></c>', b"")),
    "a row's own look": (SHEET, (b'<row r="3"', b'<row ht="40" r="3"')),
    "a row gone": (SHEET, (b'<row r="6"', b'<row r="7"')),
    "a cell outside the plan": (SHEET, (b"</row></sheetData>", b'<c r="Z6"/></row></sheetData>')),
    "a dropdown": (SHEET, (b'"x,y"', b'"x"')),
    "a conditional look": (SHEET, (b'operator="greaterThan"', b'operator="lessThan"')),
    "the drawing": (SHEET, (b"<drawing ", b"<picture ")),
    "not well-formed": (SHEET, (b"<t>later</t>", b"<t>la&ter</t>")),
    "an unknown prefix": (SHEET, (b"<t>later</t>", b"<q:t>later</q:t>")),
    "an old look": ("xl/styles.xml", (b'<sz val="11"/>', b'<sz val="12"/>')),
    "a defined name": ("xl/workbook.xml", (b"$C$2:$C$6", b"$C$2:$C$7")),
    "a tab's name": ("xl/workbook.xml", (b'name="Other"', b'name="Another"')),
    "a dead arrow": (
        "xl/worksheets/_rels/sheet1.xml.rels", (b"../drawings/drawing1.xml", b"../nowhere.xml")),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(books, fault):
    """Each of these would lose or break something of the seller's."""
    before, after, touched = books
    part, pair = FAULTS[fault]
    broken = repack(after, {part: replacing(pair)})
    with pytest.raises(EditRefused):
        judge(before, broken, touched)


def _with_empty_rows(count: int = 9000) -> bytes:
    """Make a workbook with many formatted rows below its data, far past one piece of the proof."""
    rows = b"".join(b'<row r="%d" ht="20" customHeight="1"/>' % n for n in range(10, 10 + count))
    return repack(catalog(), {SHEET: replacing((b"</sheetData>", rows + b"</sheetData>"))})


@pytest.mark.parametrize(
    "change",
    [
        (b'<row r="8000" ht="20"', b'<row r="8000" ht="21"'),
        (b'<row r="10" ht="20" customHeight="1"/>', b""),
        (b'<row r="10"', b'<row r="9010" ht="20" customHeight="1"/><row r="10"'),
        (b'<row r="9009" ht="20" customHeight="1"/>', b""),
    ],
)
def test_a_fault_before_or_in_many_equal_rows_is_found(change):
    """Rows that are equal to the end are passed over in large pieces, but nothing else is."""
    before = _with_empty_rows()
    after = repack(edit(before, five_rows(graft=None)).content, {SHEET: replacing(change)})
    touched = {SHEET, "xl/worksheets/_rels/sheet1.xml.rels", "xl/styles.xml", "xl/workbook.xml"}
    with pytest.raises(EditRefused):
        judge(before, after, touched)


def test_a_change_of_any_other_part_is_found(books):
    """A part outside the plan must keep its very bytes; one more or one less is a fault."""
    before, after, touched = books
    for changes in (
        {"xl/worksheets/sheet2.xml": lambda content: content + b" "},
        {"xl/theme/theme1.xml": None},
        {"xl/extra.xml": b"<a/>"},
    ):
        with pytest.raises(EditRefused, match="failed its check"):
            judge(before, repack(after, changes), touched)


def test_a_second_cell_of_the_same_address_is_found(books):
    """An edit that appended where a cell already stood would make two of them."""
    before, after, touched = books
    twice = repack(after, {SHEET: lambda content: content.replace(
        b"</row></sheetData>", b'<c r="C6"><v>1</v></c></row></sheetData>')})  # fmt: skip
    with pytest.raises(EditRefused):
        judge(before, twice, touched)


def test_nothing_to_do_changes_nothing():
    """An empty plan gives back the parts as they were."""
    edited = edit(catalog(), EditPlan((SheetEdit("Goods"),)))
    assert parts(edited.content) == parts(catalog())
    assert edited.proof.parts_planned == 0
    assert re.search(rb"<f>", sheet_xml(edited.content))
