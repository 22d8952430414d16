"""How the blank workbook is drawn: faces of cells, headers, dropdowns, print set-up.

Inputs have dark headers over white cells, what Tierbook fills in has grey ones. Widths are in
characters.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, cast

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tierbook.configuration.spec import Field, Kind
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.workbook.tabs import look

NAVY: Final = "1F3A5F"
IF_BLUE: Final = "005A8D"
THEN_GREEN: Final = "00654A"
# How far down dropdowns and colours reach.
LAST_ROW: Final = 2000
_FONT: Final = "Calibri"
_MESSAGE_TITLE, _MESSAGE_TEXT = 32, 255  # the most an input message may hold

NUMBER_FORMATS: Final[dict[Kind, str]] = {
    "text": "@",
    "texts": "@",
    "whole": "0",
    "percent": "0%",
    "money": look.SMALL_MONEY,
    "date": "yyyy-mm-dd",
}


def font(
    *,
    size: float = 10.5,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    ink: str = look.INK,
    family: str = _FONT,
) -> Font:
    """Make a font; everything but commands is of one family."""
    line = "single" if underline else None
    return Font(name=family, size=size, bold=bold, italic=italic, underline=line, color=ink)


def fill(colour: str) -> PatternFill:
    """Fill a cell with one colour."""
    return PatternFill("solid", start_color=colour, end_color=colour)


@dataclass(frozen=True, slots=True)
class Face:
    """How one authored cell looks."""

    size: float = 10.5
    bold: bool = False
    italic: bool = False
    ink: str = look.INK
    fill: str = ""
    wrap: bool = False
    middle: bool = False
    align: str = "left"
    indent: int = 0
    number_format: str = "General"
    line: str = ""


TITLE: Final = Face(size=16, bold=True)
PURPOSE: Final = Face(ink=look.SOFT_INK)
INPUT_HEADER: Final = Face(bold=True, ink=look.WHITE, fill=NAVY, wrap=True, middle=True)
OUTPUT_HEADER: Final = Face(bold=True, fill=look.HEADER_GREY, wrap=True, middle=True)
IF_HEADER: Final = Face(bold=True, ink=look.WHITE, fill=IF_BLUE, wrap=True, middle=True)
THEN_HEADER: Final = Face(bold=True, ink=look.WHITE, fill=THEN_GREEN, wrap=True, middle=True)
EXAMPLE: Final = Face(italic=True, ink="6B6B6B", fill="F7F7F7")
ALLOWED: Final = Face(size=9, italic=True, ink="6B6B6B", fill=look.PALE, wrap=True)
TIER_CHOICES: Final = ("Tier_numbers", "Rubric_tiers")
# Numbers stand in the middle: at the right they would touch the next column's words, and the
# button of the filter would cover their heading.
_CENTRED: Final = ("whole", "number", "percent", "money", "dollars", "minutes")
# A column's width counts digits; the letters of a sentence are narrower.
_LETTERS_PER_DIGIT: Final = 1.1
_LINE_HEIGHT: Final = 14.0


def put(sheet: Worksheet, row: int, column: int, value: object, face: Face | None = None) -> Cell:
    """Write one cell; text stays text even where it begins like a formula."""
    cell = cast(Cell, sheet.cell(row, column))  # nothing here is merged
    cell.value = value  # type: ignore[assignment]  # the stubs leave out date
    if isinstance(value, str):
        cell.data_type = "s"
    if face is not None:
        wear(cell, face)
    return cell


def wear(cell: Cell, face: Face) -> None:
    """Give a cell its face."""
    cell.font = font(size=face.size, bold=face.bold, italic=face.italic, ink=face.ink)
    if face.fill:
        cell.fill = fill(face.fill)
    vertical = "center" if face.middle or not face.wrap else "top"
    cell.alignment = Alignment(
        horizontal=face.align, vertical=vertical, wrap_text=face.wrap, indent=face.indent
    )
    if face.number_format != "General":
        cell.number_format = face.number_format
    if face.line:
        cell.border = Border(bottom=Side(style="thin", color=face.line))


def aligned(one: Field) -> str:
    """Tell where the values of a column, and so its heading, stand."""
    centred = one.kind in _CENTRED or one.choices in TIER_CHOICES
    return "center" if centred else "left"


def row_height(texts: Iterable[tuple[object, int]], *, at_least: int = 1) -> float:
    """Work out the height, in points, that shows all of each (text, column width) of a row.

    A row whose height is not written is fitted by some programs when they open the file, and cut
    off by others.
    """
    lines = at_least
    for text, width in texts:
        parts = str(text or "").split("\n")
        lines = max(lines, sum(_lines(part, width) for part in parts))
    return lines * _LINE_HEIGHT + 4


def _lines(text: str, width: int) -> int:
    room = width * _LETTERS_PER_DIGIT
    # Words break before the end of a line, so a longer text fills its lines less well.
    return 1 if len(text) <= room else math.ceil(len(text) / room + 0.15)


def headline(sheet: Worksheet, title: str, purpose: str) -> None:
    """Write the title and, under it, what the tab is for; both run over into empty cells."""
    put(sheet, 1, 1, title, TITLE)
    put(sheet, 2, 1, purpose, PURPOSE)
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[2].height = 18


@dataclass
class Validations:
    """Collects the dropdowns and input messages of one tab, one rule for each kind."""

    sheet: Worksheet

    def message(self, cell: Cell, title: str, text: str) -> None:
        """Show a message when the cell is selected."""
        rule = DataValidation(
            allow_blank=True,
            promptTitle=title[:_MESSAGE_TITLE],
            prompt=text[:_MESSAGE_TEXT],
            showInputMessage=True,
        )
        self._add(rule, cell.coordinate)

    def dropdown(self, cells: str, one: Field) -> None:
        """Offer the values of the field's list; other words are refused only where strict."""
        rule = DataValidation(
            type="list",
            formula1=one.choices,
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="stop" if one.strict else "warning",
            errorTitle=one.heading[:_MESSAGE_TITLE],
            error=_choice_error(one),
        )
        self._add(rule, cells)

    def _add(self, rule: DataValidation, cells: str) -> None:
        rule.add(cells)  # pyright: ignore[reportUnknownMemberType]  # stub without types
        self.sheet.add_data_validation(rule)


def _choice_error(one: Field) -> str:
    if one.strict:
        return "Please pick one of the list: " + ", ".join(VALID_VALUES[one.choices]) + "."
    return "This is not in the list. Keep it if it is a word of your own."


def header_row(
    sheet: Worksheet, row: int, fields: Iterable[Field], validations: Validations, face: Face
) -> None:
    """Write headings with required marks, widths, input messages and dropdowns below."""
    for column, one in enumerate(fields, 1):
        header(sheet, row, column, one, validations, face)


def header(
    sheet: Worksheet, row: int, column: int, one: Field, validations: Validations, face: Face
) -> None:
    """Write one heading; its column gets the field's width, format and dropdown."""
    heading = one.heading + "*" * one.required
    cell = put(sheet, row, column, heading, replace(face, align=aligned(one)))
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = one.width
    validations.message(cell, one.heading, one.help)
    if one.choices:
        validations.dropdown(f"{letter}{row + 1}:{letter}{LAST_ROW}", one)


def print_setup(sheet: Worksheet, header_rows: str, *, pages_high: int = 0) -> None:
    """Print on one page wide (0 high: as many as it takes), header repeated, page numbers below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = pages_high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # always there
    if header_rows:
        sheet.print_title_rows = header_rows
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.5, 0.7
    margins.header = margins.footer = 0.3
    footer = sheet.oddFooter
    if footer is not None:
        footer.left.text, footer.right.text = "&A", "&P / &N"


def colour_tiers(sheet: Worksheet, cells: str, first_cell: str) -> None:
    """Colour cells by the tier they name; the tier's number or word stands in them as well."""
    colours = zip(look.TIER_COLOURS, look.TIER_INKS, strict=True)
    for number, (colour, ink) in enumerate(colours, 1):
        colour_if(sheet, cells, f'{first_cell}&""="{number}"', colour, ink)
    colour_if(sheet, cells, f'{first_cell}="HOLD"', look.STATUS_TINTS["HOLD"], look.INK)


def colour_words(sheet: Worksheet, cells: str, first_cell: str, tints: dict[str, str]) -> None:
    """Tint cells by the word they hold."""
    for word, tint in tints.items():
        colour_if(sheet, cells, f'{first_cell}="{word}"', tint, look.INK)


def colour_if(sheet: Worksheet, cells: str, formula: str, colour: str, ink: str = look.INK) -> None:
    """Colour cells while a formula, written for the first of them, is true."""
    look_of_it = DifferentialStyle(font=Font(color=ink), fill=PatternFill(bgColor=colour))
    rule = Rule(type="expression", dxf=look_of_it, formula=[formula])
    sheet.conditional_formatting.add(cells, rule)  # pyright: ignore[reportUnknownMemberType]  # stub without types


def name_cells(workbook: Workbook, name: str, reference: str, *, hidden: bool = False) -> None:
    """Give cells a name: a visible one for a list, a hidden one for a mark."""
    workbook.defined_names[name] = DefinedName(name, attr_text=reference, hidden=hidden or None)
