"""Small workbooks for these tests: authored by XlsxWriter, or made odd part by part."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime

import openpyxl
import xlsxwriter
from lxml import etree

from tierbook.ooxml import ColumnEdit, EditPlan, Graft, Link, SheetEdit, Style

PALETTE = (Style(fill="0072B2", font_color="FFFFFF"), Style(fill="E69F00"), Style(fill="009E73"))
HEADER = Style(bold=True, fill="D9D9D9")


def parts(content: bytes) -> dict[str, bytes]:
    """Read every part of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def repack(
    content: bytes, changes: Mapping[str, "bytes | Callable[[bytes], bytes] | None"]
) -> bytes:
    """Write the package with some parts replaced, changed, added, or (None) left out."""
    old = parts(content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in [*old, *(one for one in changes if one not in old)]:
            change = changes.get(name, old.get(name))
            if change is not None:
                package.writestr(name, change(old[name]) if callable(change) else change)
    return out.getvalue()


def replacing(*pairs: tuple[bytes, bytes]) -> Callable[[bytes], bytes]:
    """Make a change of a part out of byte replacements, each of which must be found."""

    def change(content: bytes) -> bytes:
        for old, new in pairs:
            assert old in content, old
            content = content.replace(old, new)
        return content

    return change


def catalog(rows: int = 5) -> bytes:
    """A seller's sheet: text, numbers, a formula with its result, a chart, a note, a dropdown."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Goods")
    sheet.write_row(0, 0, ["SKU", "Name", "Price", "Twice"])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"A-{row:03d}", f"Candle <{row}> & wax", row * 1.25])
        sheet.write_formula(row, 3, f"=C{row + 1}*2", None, row * 2.5)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"=Goods!$C$2:$C${rows + 1}"})
    sheet.insert_chart("H10", chart)
    sheet.write_comment("B2", "a note")
    sheet.data_validation("B2:B4", {"validate": "list", "source": ["x", "y"]})
    sheet.conditional_format("C2:C4", {"type": "cell", "criteria": ">", "value": 2,
                                       "format": book.add_format({"bold": True})})  # fmt: skip
    other = book.add_worksheet("Other")
    other.write(0, 0, "left alone")
    book.define_name("Prices", f"=Goods!$C$2:$C${rows + 1}")
    book.close()
    return out.getvalue()


def summary(*tabs: str, chart: bool = True, table: bool = False, date1904: bool = False) -> bytes:
    """Tabs to graft: looks, a formula, a date, a link, print titles, a chart, maybe a table."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": date1904})
    money = book.add_format({"num_format": "$#,##0.00", "bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name in tabs:
        tab = book.add_worksheet(name)
        tab.write_row(0, 0, ["Tier", "Cost"])
        tab.write_column(1, 0, ["Standard", "Lifestyle & more", "Hero"])
        tab.write_column(1, 1, [0.02, 0.18, 1.4], money)
        tab.write_formula(4, 1, "=SUM(B2:B4)", money, 1.6)
        tab.write_datetime(5, 0, datetime(2026, 11, 24), day)  # noqa: DTZ001 - a calendar day
        tab.write_url(6, 0, "https://example.com/?a=1&b=2", string="more")
        tab.write_rich_string(7, 0, "plain ", book.add_format({"bold": True}), "bold")
        tab.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": 1,
                                         "format": money})  # fmt: skip
        tab.repeat_rows(0)
        tab.write_comment("A1", "written by the summary")
        if table:
            tab.add_table("D20:E22", {"columns": [{"header": "a"}, {"header": "b"}]})
        if chart:
            picture = book.add_chart({"type": "column"})
            picture.add_series({"values": f"='{name}'!$B$2:$B$4"})
            tab.insert_chart("D2", picture)
    book.close()
    return out.getvalue()


def tier_column(column: int, rows: list[int], tiers: list[int], **changes: object) -> ColumnEdit:
    """A column of tiers, coloured by value."""
    settings: dict[str, object] = {
        "header_style": HEADER,
        "palette": PALETTE,
        "cell_styles": [tier - 1 for tier in tiers],
        "width": 8,
    }
    return ColumnEdit(column, 1, "Tier", rows, tiers, **(settings | changes))


def five_rows(**changes: object) -> EditPlan:
    """The usual plan on `catalog()`: two columns in E and F, two tabs."""
    rows = [2, 3, 4, 5, 6]
    new = bool(changes.pop("new", True))
    columns = (
        tier_column(5, rows, [1, 2, 3, 1, 2], new=new),
        ColumnEdit(6, 1, "Result", rows,
                   [Link("images/a b.png", "open"), None, "later", None, date(2026, 11, 24)],
                   header_style=HEADER, new=new),
    )  # fmt: skip
    settings: dict[str, object] = {
        "sheets": (SheetEdit("Goods", columns),),
        "graft": Graft(summary("Cost summary", "Rubric check"), ("Cost summary", "Rubric check")),
    }
    return EditPlan(**(settings | changes))


def reopened(content: bytes, *, values: bool = False) -> openpyxl.Workbook:
    """Open the result with openpyxl, the independent reader."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def sheet_xml(content: bytes, number: int = 1) -> bytes:
    """Return the XML of a sheet part."""
    return parts(content)[f"xl/worksheets/sheet{number}.xml"]


def cell_xml(content: bytes, place: str, number: int = 1) -> bytes:
    """Return the XML of one cell, b"" if there is none."""
    found = re.search(
        rb'<(?:x:)?c r="%b"[^>]*?(?:/>|>.*?</(?:x:)?c>)' % place.encode(),
        sheet_xml(content, number), re.S,
    )  # fmt: skip
    return found[0] if found else b""


def prefixed(content: bytes) -> bytes:
    """Spell a part with the prefix `x:` as some libraries do."""
    root = etree.fromstring(content)
    space = etree.QName(root).namespace or ""
    old, new = (b'%b="%b"' % (name, space.encode()) for name in (b"xmlns", b"xmlns:x"))
    text = etree.tostring(root).replace(old, new)
    return re.sub(rb"<(/?)(?![\w]+:|\?|!)(\w)", rb"<\1x:\2", text)
