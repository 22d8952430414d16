"""The first page a seller reads, and the place where the cost summary will stand."""

from dataclasses import replace
from typing import Final

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.workbook import template_pen as pen
from tierbook.workbook.marks import tab_mark
from tierbook.workbook.tabs import look

# Together narrower than a small laptop's screen at 100 %.
_WIDTHS: Final = {"A": 2, "B": 5, "C": 27, "D": 76, "E": 54}
_NUMBER, _NAME, _WORDS, _COMMAND = 2, 3, 4, 5
_MONO: Final = "Consolas"
_RUN: Final = "tierbook run this-workbook.xlsx"

_START: Final = (
    ("Fill in Requests", "One row for each picture. A SKU and a placement are enough.", ""),
    ("Save, then run this", "It costs nothing and needs no account and no key.", _RUN),
    ("Open the workbook again", "Tier, reason and cost stand in the grey columns of Requests.", ""),
)
_STEPS: Final = (
    (
        "Look back",
        "See what the pictures of the last 90 days cost, and what they would have cost with the "
        "right tier for each. Your shop's own export is enough.",
        "tierbook audit export.csv --days 90",
    ),
    (
        "Write the rubric down",
        "The Rubric tab works as it is. Read its rules once, change what is different in your "
        "shop, and share the page with whoever makes or approves pictures.",
        "tierbook rubric this-workbook.xlsx -o rubric.html",
    ),
    (
        "Connect it to generation",
        "When tiers and prices look right, let Tierbook make the pictures. It shows the bill, "
        "asks first, and never passes the cap you set.",
        f"{_RUN} --generate --max-spend 10",
    ),
    (
        "Review every month",
        "Approve or reject pictures, then look at cost, approvals and sales by tier. When a "
        "tier's approvals fall, review the rules, not the model.",
        "tierbook report this-workbook.xlsx",
    ),
)
_TIERS: Final = (
    (
        "Standard",
        "Cut-outs, plain backgrounds, colour swaps, standard angles.",
        "Main image, gallery, swatch",
    ),
    (
        "Lifestyle",
        "The product in use: scenes, simple model shots, seasonal sets.",
        "Category page, email header, social post, paid ad",
    ),
    (
        "Hero",
        "Brand-defining pictures: several candidates, and a person decides.",
        "Homepage hero, campaign banner, lookbook",
    ),
)
_LEGEND: Final = (
    ("Dark heading", pen.INPUT_HEADER, "Yours to fill in. * means required. Click it for help."),
    ("Grey heading", pen.OUTPUT_HEADER, "Filled in by Tierbook, and written over by the next run."),
    ("IF heading", pen.IF_HEADER, "On the Rubric: what a rule looks at."),
    ("THEN heading", pen.THEN_HEADER, "On the Rubric: what a rule decides."),
    ("#example", pen.EXAMPLE, "A row that begins with #example is never counted."),
)
_SECTION: Final = pen.Face(size=13, bold=True, ink=pen.NAVY)
_TEXT: Final = pen.Face(wrap=True, middle=True, indent=1)
_STEP_NUMBER: Final = pen.Face(size=12, bold=True, ink=pen.NAVY, align="center")


def add_start(workbook: Workbook) -> None:
    """Add the Start here page."""
    sheet = workbook.create_sheet(contract.START)
    sheet.sheet_properties.tabColor = pen.NAVY
    sheet.sheet_view.showGridLines = False
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    pen.put(sheet, 1, _NUMBER, "Tierbook", pen.Face(size=22, bold=True, ink=pen.NAVY))
    promise = "Which of your pictures deserve which kind of work, why, and what they will cost."
    pen.put(sheet, 2, _NUMBER, promise, pen.Face(size=12, ink=look.SOFT_INK))
    sheet.row_dimensions[1].height = 32
    row = _lines(sheet, 3, "Start with three things", _START)
    row = _lines(sheet, row, "Then roll it out in four steps", _STEPS)
    row = _tiers(sheet, row)
    row = _legend(sheet, row)
    _map(sheet, row)
    pen.print_setup(sheet, "", pages_high=1)


def _section(sheet: Worksheet, row: int, title: str) -> int:
    """Write a section's title; return the row of its first line."""
    pen.put(sheet, row, _NUMBER, title, _SECTION)
    sheet.row_dimensions[row].height = 30
    return row + 1


def _lines(sheet: Worksheet, row: int, title: str, lines: tuple[tuple[str, str, str], ...]) -> int:
    first = _section(sheet, row, title)
    for number, (name, words, command) in enumerate(lines, 1):
        at = first + number - 1
        pen.put(sheet, at, _NUMBER, number, _STEP_NUMBER)
        _name_and_words(sheet, at, name, words)
        if command:
            _command(sheet, at, _COMMAND, command)
    return first + len(lines)


def _name_and_words(sheet: Worksheet, row: int, name: str, words: str) -> None:
    pen.put(sheet, row, _NAME, name, pen.Face(bold=True, indent=1))
    pen.put(sheet, row, _WORDS, words, _TEXT)
    sheet.row_dimensions[row].height = pen.row_height([(words, _WIDTHS["D"])]) + 3


def _command(sheet: Worksheet, row: int, column: int, command: str) -> None:
    cell = pen.put(sheet, row, column, command, pen.Face(fill=look.PALE, indent=1))
    cell.font = pen.font(family=_MONO, size=10)


def _tiers(sheet: Worksheet, row: int) -> int:
    first = _section(sheet, row, "The three tiers")
    for number, (name, words, where) in enumerate(_TIERS, 1):
        at = first + number - 1
        colour, ink = look.TIER_COLOURS[number - 1], look.TIER_INKS[number - 1]
        chip = pen.Face(size=12, bold=True, ink=ink, fill=colour, align="center")
        pen.put(sheet, at, _NUMBER, number, chip)
        _name_and_words(sheet, at, name, words)
        pen.put(sheet, at, _COMMAND, where, pen.Face(ink=look.SOFT_INK, indent=1))
    return first + len(_TIERS)


def _legend(sheet: Worksheet, row: int) -> int:
    first = _section(sheet, row, "How to read the colours")
    for at, (name, face, words) in enumerate(_LEGEND, first):
        _name_and_words(sheet, at, name, words)
        pen.put(sheet, at, _NAME, name, replace(face, wrap=False, indent=1))
    return first + len(_LEGEND)


def _map(sheet: Worksheet, row: int) -> None:
    first = _section(sheet, row, "What is on which tab")
    purposes = {
        tabs.REQUESTS.name: tabs.REQUESTS.purpose,
        contract.COST_SUMMARY: "What it costs by tier and placement, against one model for all.",
        tabs.PRODUCTS.name: tabs.PRODUCTS.purpose,
        **{spec.name: spec.purpose for spec in tabs.TABS if spec != tabs.VALID_VALUES},
        tabs.PERFORMANCE.name: tabs.PERFORMANCE.purpose,
        tabs.VALID_VALUES.name: tabs.VALID_VALUES.purpose,
    }
    for at, (name, purpose) in enumerate(purposes.items(), first):
        _name_and_words(sheet, at, name, purpose)
        cell = sheet.cell(at, _NAME)
        place = f"{look.quoted_sheet(name)}!A1"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=name)
        cell.font = pen.font(ink=look.LINK, underline=True)


def add_cost_summary(workbook: Workbook) -> None:
    """Add the marked place of the cost summary, which the first run fills."""
    sheet = workbook.create_sheet(contract.COST_SUMMARY)
    sheet.sheet_properties.tabColor = look.GREY
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 100
    pen.put(sheet, 1, 1, contract.COST_SUMMARY, pen.Face(size=18, bold=True))
    pen.put(sheet, 2, 1, "Filled in by Tierbook. Nothing is here yet.", pen.PURPOSE)
    pen.put(sheet, 4, 1, "Fill in Requests, save this workbook, and run", _TEXT)
    _command(sheet, 5, 1, _RUN)
    promise = (
        "Then this tab shows what your pictures cost by tier, placement, category, channel and "
        "engine, what one model for everything would have cost, how the work is shared between "
        "the tiers, and what would change if a tier used a cheaper or a dearer engine."
    )
    pen.put(sheet, 7, 1, promise, _TEXT)
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[7].height = pen.row_height([(promise, 100)])
    reference = f"{look.quoted_sheet(sheet.title)}!$A$1"
    pen.name_cells(workbook, tab_mark(contract.COST_SUMMARY), reference, hidden=True)
    pen.print_setup(sheet, "")
