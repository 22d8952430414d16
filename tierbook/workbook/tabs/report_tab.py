"""Writes a report (`Monthly review`, `Audit`) as a tab of its own workbook, ready to graft."""

import textwrap
from collections.abc import Mapping, Set
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final

from tierbook.contract import CHECKLIST
from tierbook.model import MICRO, Answers, column_letter
from tierbook.workbook import report_page
from tierbook.workbook.report_page import (
    Block,
    Charts,
    Column,
    Figure,
    Level,
    Line,
    Notices,
    Page,
    Shown,
    Table,
)
from tierbook.workbook.tabs.checklist import write_checklist
from tierbook.workbook.tabs.finishing import finished
from tierbook.workbook.tabs.look import (
    BLUE,
    GREEN,
    HEADER,
    HEADER_INDENTED,
    HEADER_RIGHT,
    INDENTED,
    INK,
    SOFT_INK,
    TEXT,
    VERMILLION,
    Face,
    Wardrobe,
    tier_tint,
)
from tierbook.workbook.tabs.pen import Kind, Pen, Value
from tierbook.workbook.tabs.report_charts import CHART_ROWS, place_charts

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_WIDTHS: Final = (36, 15, 13, 13, 13, 13, 13, 13, 13, 15)
# Letters of a sentence that fit into the columns from the second on.
_SENTENCE: Final = 112
_NOTE: Final = 132
_SHORT_HEADING: Final = 14
_INKS: Final[Mapping[Level, str]] = {
    "alarm": VERMILLION,
    "warning": INK,
    "good": GREEN,
    "note": BLUE,
}
_TINTS: Final[Mapping[Level, str]] = {
    "alarm": "F9DCCB",
    "warning": "FCEBCB",
    "good": "D3EEE6",
    "note": "DDEFFA",
}
_QUESTION: Final = Face(bold=True, size=12, bottom_line=False)
_BESIDE: Final = Face(bottom_line=False, indent=1)
_PLAIN: Final = Face(bottom_line=False)
_TOLD: Final = Face(bottom_line=False, indent=1)
_TOLD_SOFTLY: Final = Face(bottom_line=False, ink=SOFT_INK, size=9.5, indent=1)
_UNKNOWN: Final = Face(align="right", ink=SOFT_INK, italic=True)
_PEN_KINDS: Final[Mapping[report_page.Kind, Kind]] = {
    "text": "text",
    "count": "count",
    "money": "money",
    "percent": "percent",
    "change": "money",
}
_FIRST_FIGURE: Final = 4
# Rows of an A4 page, at the scale that fits all columns; headings are higher than other rows.
_PAGE_ROWS: Final = 48


def build_report_tab(
    page: Page,
    names: Mapping[str, str],
    created: date,
    *,
    answers: Answers | None = None,
    written_before: Set[str] = frozenset(),
) -> bytes:
    """Author the report as a workbook of its own; same page, same bytes.

    Args:
        page: The report.
        names: Tab -> the name it will bear; the checklist is written anew where it is named.
        created: The day to date the file with.
        answers: What the checklist ticks itself by.
        written_before: Output tabs the workbook will have, this one included.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    workbook = Workbook(content, {"in_memory": True})
    stamp = datetime.combine(created, time(), UTC).replace(tzinfo=None)
    workbook.set_properties({"created": stamp, "author": "Tierbook"})
    wardrobe = Wardrobe(workbook)
    write_report(workbook, wardrobe, page, names[page.tab])
    if answers is not None and CHECKLIST in names:
        write_checklist(workbook, wardrobe, answers, names, written_before)
    workbook.close()
    return finished(content.getvalue())


def write_report(workbook: "Workbook", wardrobe: Wardrobe, page: Page, name: str) -> None:
    """Author the report as a tab of an open workbook."""
    sheet = workbook.add_worksheet(name)
    sheet.set_tab_color(f"#{page.colour}")
    pen = Pen(sheet, wardrobe)
    pen.widths(_WIDTHS)
    pen.page(landscape=True, frozen_rows=2)
    pen.title(page.title, page.subtitle)
    row = _FIRST_FIGURE
    for figure in page.figures:
        _write_figure(pen, row, figure)
        row += 1
    row += 1
    tables: dict[int, int] = {}
    breaks: list[int] = []
    page_began = 1
    for block in page.blocks:
        began, row = row, _write_block(workbook, pen, row, block, name, tables)
        # A block that would be cut in two moves to the next page, where a page can hold it.
        if row - page_began > _PAGE_ROWS and began > page_began:
            breaks.append(began - 1)
            page_began = began
        while row - page_began > _PAGE_ROWS:
            page_began += _PAGE_ROWS
    sheet.set_h_pagebreaks(breaks)
    for line in textwrap.wrap(page.footer, _NOTE):
        pen.note(row, line)
        row += 1


def _write_block(
    workbook: "Workbook", pen: Pen, row: int, block: Block, name: str, tables: dict[int, int]
) -> int:
    """Write one block; return the row after it and its gap. `tables` maps id to first line."""
    if isinstance(block, Table):
        return _write_table(pen, row, block, tables)
    if isinstance(block, Notices):
        return _write_notices(pen, row, block)
    return _write_charts(workbook, pen, row, block, name, tables)


def _write_charts(
    workbook: "Workbook", pen: Pen, row: int, block: Charts, name: str, tables: Mapping[int, int]
) -> int:
    place_charts(workbook, pen.sheet, row, block, name, tables)
    return row + CHART_ROWS + 1


def _write_figure(pen: Pen, row: int, figure: Figure) -> None:
    pen.sheet.set_row(row - 1, 24)
    pen.words(row, 1, figure.question, _QUESTION)
    ink = _INKS[figure.level]
    if isinstance(figure.shown, str):
        pen.words(
            row,
            2,
            figure.shown,
            Face(bold=True, size=12, bottom_line=False, align="right", ink=ink),
        )
    else:
        face = Face(bold=True, size=16, bottom_line=False, ink=ink)
        small = isinstance(figure.shown, int) and abs(figure.shown) < MICRO
        fine = small and figure.kind in ("money", "change")
        pen.value(row, 2, _value(Column("", figure.kind), figure.shown, "", fine=fine), face)
    pen.words(row, 3, figure.beside, _BESIDE)


def _write_table(pen: Pen, row: int, table: Table, tables: dict[int, int]) -> int:
    pen.section(row, table.heading)
    for place, column in enumerate(table.columns, start=1):
        words = column.kind == "text"
        face = HEADER_INDENTED if words and place > 1 else HEADER if words else HEADER_RIGHT
        pen.words(row + 1, place, column.heading, face)
    if any(len(column.heading) > _SHORT_HEADING for column in table.columns[1:]):
        pen.sheet.set_row(row, 30)
    first = row + 2
    tables[id(table)] = first
    for here, line in enumerate(table.lines, start=first):
        _write_line(pen, here, table, line)
    after = first + len(table.lines)
    if table.total:
        _write_total(pen, after, table, first)
        after += 1
    for note in table.notes:
        for words in textwrap.wrap(note, _NOTE):
            pen.note(after, words)
            after += 1
    return after + 1


def _write_line(pen: Pen, row: int, table: Table, line: Line) -> None:
    for place, (column, shown) in enumerate(zip(table.columns, line.cells, strict=True), start=1):
        if isinstance(shown, str) and column.kind != "text":
            pen.words(row, place, shown, _UNKNOWN)
            continue
        fill = tier_tint(line.tier) if line.tier and place == 1 else ""
        formula = column.formula.format(row=row) if shown is not None else ""
        fine = column.kind in ("money", "change") and table.is_fine(place - 1)
        face = INDENTED if column.kind == "text" and place > 1 else TEXT
        pen.value(row, place, _value(column, shown, formula, fill, fine=fine), face)


def _write_total(pen: Pen, row: int, table: Table, first: int) -> None:
    for place, (column, shown) in enumerate(zip(table.columns, table.total, strict=True), start=1):
        letter = column_letter(place)
        formula = ""
        if column.sums and table.lines:
            formula = f"=SUM({letter}{first}:{letter}{row - 1})"
        elif column.formula and not isinstance(shown, str | None):
            formula = column.formula.format(row=row)
        if isinstance(shown, str) and column.kind != "text":
            pen.words(
                row, place, shown, Face(align="right", bold=True, fill="F2F2F2", top_line=True)
            )
        else:
            fine = column.kind in ("money", "change") and table.is_fine(place - 1)
            pen.value(row, place, _value(column, shown, formula, fine=fine), total=True)


def _value(
    column: Column, shown: Shown, formula: str, fill: str = "", *, fine: bool = False
) -> Value:
    if isinstance(shown, str):
        return Value("text", shown, "", fill)
    if shown is None and column.kind == "text":
        return Value("text", "", "", fill)
    return Value("fine" if fine else _PEN_KINDS[column.kind], shown, formula, fill)


def _write_notices(pen: Pen, row: int, block: Notices) -> int:
    pen.section(row, block.heading)
    row += 1
    if not block.notices:
        pen.words(row, 1, block.otherwise, _PLAIN)
        return row + 2
    for notice in block.notices:
        pen.words(
            row, 1, notice.word, Face(bold=True, fill=_TINTS[notice.level], bottom_line=False)
        )
        for line in textwrap.wrap(notice.sentence, _SENTENCE):
            pen.words(row, 2, line, _TOLD)
            row += 1
        for more in notice.more:
            for line in textwrap.wrap(more, _SENTENCE + 8):
                pen.words(row, 2, line, _TOLD_SOFTLY)
                row += 1
    return row + 1
