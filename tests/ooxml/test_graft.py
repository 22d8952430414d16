"""Tabs of another workbook join with their looks, charts and notes, and can be taken out again."""

import re

import pytest

from tests.ooxml.books import catalog, five_rows, parts, reopened, repack, replacing, summary
from tierbook.errors import EditRefused
from tierbook.ooxml import EditPlan, Graft, edit, inspect
from tierbook.ooxml.namespaces import MAIN, OFFICE_RELATIONSHIPS, STRICT_MAIN

TABS = ("Cost summary", "Rubric check")


def grafting(*tabs: str, **source: bool) -> EditPlan:
    return EditPlan(graft=Graft(summary(*tabs, **source), tabs))


def test_a_grafted_tab_reads_like_its_source():
    """Text, rich text, numbers, looks, formulas with results, links and widths arrive."""
    sheet = reopened(edit(catalog(), grafting("Cost summary")).content)["Cost summary"]
    assert [one.value for one in sheet["A"][:4]] == ["Tier", "Standard", "Lifestyle & more", "Hero"]
    assert sheet["B2"].number_format == "$#,##0.00"
    assert sheet["B2"].font.bold
    assert sheet["B5"].value == "=SUM(B2:B4)"
    assert sheet["A8"].value == "plain bold"
    assert sheet["A7"].hyperlink.target == "https://example.com/?a=1&b=2"
    assert sheet["A1"].comment.text == "written by the summary"
    assert sheet.print_title_rows == "$1:$1"
    values = reopened(edit(catalog(), grafting("Cost summary")).content, values=True)
    assert values["Cost summary"]["B5"].value == 1.6


def test_looks_of_the_seller_keep_their_numbers():
    """Every old style entry stays a prefix of the new list, conditional looks included."""
    before, after = (parts(one)["xl/styles.xml"] for one in (
        catalog(), edit(catalog(), grafting(*TABS)).content))  # fmt: skip
    for name in (b"fonts", b"cellXfs", b"dxfs"):
        old, new = (
            re.search(rb"<%b[^>]*>(.*)</%b>" % (name, name), one, re.S)[1]
            for one in (before, after)
        )
        assert new.startswith(old)
    sheet = reopened(edit(catalog(), grafting("Cost summary")).content)["Cost summary"]
    (rules,) = sheet.conditional_formatting
    assert rules.rules[0].dxf.font.b


def test_charts_and_notes_go_under_unused_names():
    """The seller's own chart and note keep their parts; both books' drawings are there."""
    after = parts(edit(catalog(), grafting(*TABS)).content)
    for name, content in parts(catalog()).items():
        if name.startswith(("xl/charts", "xl/drawings", "xl/comments", "xl/worksheets")):
            assert after[name] == content
    assert {f"xl/charts/chart{number}.xml" for number in (1, 2, 3)} <= set(after)
    assert b"'Rubric check'!$B$2:$B$4" in after["xl/charts/chart3.xml"]


def test_removing_the_tabs_leaves_the_seller_parts_alone():
    """Sheet, drawing, chart, note and names of a removed tab go; the rest keeps its bytes."""
    before = catalog()
    removed = parts(edit(edit(before, grafting(*TABS)).content, EditPlan(remove_tabs=TABS)).content)
    assert set(removed) == set(parts(before))
    for name, content in parts(before).items():
        if name not in ("xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
                        "[Content_Types].xml", "docProps/app.xml"):  # fmt: skip
            assert removed[name] == content
    assert removed["docProps/app.xml"].count(b"Cost summary") == 0
    assert b"Print_Titles" not in removed["xl/workbook.xml"]


def test_a_tab_that_comes_again_keeps_its_place():
    """The seller may have moved our tab between theirs; a second run leaves it there."""
    first = edit(catalog(), grafting(*TABS)).content
    moved = repack(first, {"xl/workbook.xml": lambda content: re.sub(
        rb'(<sheets>)(<sheet name="Goods".*?/>)(.*?)(<sheet name="Cost summary".*?/>)',
        rb"\1\4\2\3", content)})  # fmt: skip
    assert inspect(moved).sheets[0].name == "Cost summary"
    again = EditPlan(graft=Graft(summary(*TABS), TABS), remove_tabs=TABS)
    names = [one.name for one in inspect(edit(moved, again).content).sheets]
    assert names == ["Cost summary", "Goods", "Other", "Rubric check"]


def test_names_that_belong_to_a_tab_follow_it():
    """Local names are counted by tab position: taking a tab out renumbers those behind it."""
    first = edit(catalog(), grafting(*TABS)).content
    second = edit(first, EditPlan(remove_tabs=("Cost summary",))).content
    scoped = [(one.name, one.scope) for one in inspect(second).names]
    assert ("_xlnm.Print_Titles", "Rubric check") in scoped
    assert ("Prices", "") in scoped


def test_the_tab_a_person_was_on_stays_open():
    """Neither adding nor replacing tabs moves the view; a plan may."""
    first = edit(catalog(), grafting(*TABS)).content
    assert reopened(first).active.title == "Goods"
    shown = edit(first, EditPlan(active_tab="Rubric check")).content
    assert reopened(shown).active.title == "Rubric check"
    selected = [one.title for one in reopened(shown) if one.sheet_view.tabSelected]
    assert selected == ["Rubric check"]
    again = EditPlan(graft=Graft(summary(*TABS), TABS), remove_tabs=TABS)
    assert reopened(edit(shown, again).content).active.title == "Rubric check"


def test_a_tab_name_of_the_sellers_is_never_taken():
    """A collision is refused, whatever the case of its letters."""
    with pytest.raises(EditRefused, match="already has a tab"):
        edit(catalog(), grafting("OTHER"))


def test_grafted_tables_get_ids_of_their_own():
    """Table ids and names must be unique in a workbook, or Excel repairs it."""
    first = edit(catalog(), grafting("Cost summary", table=True)).content
    second = edit(first, grafting("Rubric check", table=True)).content
    tables = [content for name, content in parts(second).items() if "/tables/" in name]
    assert len({re.search(rb' id="(\d+)"', one)[1] for one in tables}) == 2
    assert len({re.search(rb'displayName="(\w+)"', one)[1] for one in tables}) == 2


def test_dates_of_a_grafted_tab_follow_the_books_epoch():
    """A source that counts from 1900 joins a book from 1904 with the same days."""
    count_from_1904 = replacing((b"<workbookPr", b'<workbookPr date1904="1"'))
    old = repack(catalog(), {"xl/workbook.xml": count_from_1904})
    sheet = reopened(edit(old, grafting("Cost summary")).content)["Cost summary"]
    assert str(sheet["A6"].value)[:10] == "2026-11-24"


def test_a_strict_workbook_takes_tabs_in_its_own_dialect():
    """Strict packages name the same vocabularies differently; nothing transitional is mixed in."""

    def to_strict(content: bytes) -> bytes:
        spaces = (
            (MAIN, STRICT_MAIN),
            (OFFICE_RELATIONSHIPS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        )
        for old, new in spaces:
            content = content.replace(old.encode(), new.encode())
        return content

    strict = repack(catalog(), {
        name: to_strict for name in parts(catalog()) if name.endswith((".xml", ".rels"))
        and not name.startswith("[")
    })  # fmt: skip
    assert inspect(strict).strict
    after = parts(edit(strict, five_rows()).content)
    for name in ("xl/worksheets/sheet3.xml", "xl/charts/chart2.xml", "xl/drawings/drawing2.xml"):
        assert b"schemas.openxmlformats.org/spreadsheetml" not in after[name]
        assert b"purl.oclc.org" in after[name]
    assert b"purl.oclc.org" in after["xl/worksheets/_rels/sheet3.xml.rels"]


def test_defined_names_are_set_hidden_and_deleted():
    """Our marks are hidden names; deleting one leaves the seller's."""
    marked = edit(catalog(), EditPlan(names={"_mark": '"1"'})).content
    (mark,) = [one for one in inspect(marked).names if one.name == "_mark"]
    assert (mark.formula, mark.hidden) == ('"1"', True)
    cleared = edit(marked, EditPlan(names={"_mark": None})).content
    assert [one.name for one in inspect(cleared).names] == ["Prices"]


def test_the_calculation_chain_goes_when_tabs_go():
    """A chain that names cells of a missing tab makes Excel repair the file."""
    chain = b'<calcChain xmlns="%b"><c r="D2" i="1"/></calcChain>' % MAIN.encode()
    arrow = b'<Relationship Id="rId77" Type="%b/calcChain" Target="calcChain.xml"/>'
    chained = repack(catalog(), {
        "xl/calcChain.xml": chain,
        "xl/_rels/workbook.xml.rels": replacing(
            (b"</Relationships>", arrow % OFFICE_RELATIONSHIPS.encode() + b"</Relationships>")),
    })  # fmt: skip
    first = edit(chained, grafting("Cost summary")).content
    after = parts(first)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["xl/_rels/workbook.xml.rels"]
    # The id the chain leaves free is taken at once, so that bringing the tab again changes nothing.
    again = EditPlan(graft=Graft(summary("Cost summary"), ("Cost summary",)),
                     remove_tabs=("Cost summary",))  # fmt: skip
    assert edit(first, again).content == first


def test_a_protected_structure_is_said_out_loud():
    """The lock binds Excel's menus; the tabs are added and the seller is told."""
    lock = replacing((b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>'))
    edited = edit(repack(catalog(), {"xl/workbook.xml": lock}), grafting("Cost summary"))
    assert "protected" in edited.notes[0]
    assert inspect(edited.content).structure_protected
