"""Writes values, live formulas and links into one authored tab.

Rows and columns are 1-based, as everywhere in Tierbook. Text is always written as text:
whatever a seller, an export or a provider put into a name never becomes a formula.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from tierbook.model import MICRO, MicroUsd
from tierbook.workbook.tabs.look import (
    COUNT,
    FINE_MONEY,
    HEADER,
    HEADER_RIGHT,
    LINKED,
    MINUTES,
    MONEY,
    NOTE,
    PALE,
    PERCENT,
    SECTION,
    SMALL_MONEY,
    SOFT_INK,
    SUBTITLE,
    TEXT,
    TITLE,
    Face,
    Wardrobe,
    cell_text,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Kind: TypeAlias = Literal["text", "count", "money", "price", "fine", "percent", "minutes"]

# A hyperlink's place may hold 2,079 characters; Excel offers to repair a file with a longer one.
_LONGEST_LINK: Final = 2_079
_LONGEST_TOOLTIP: Final = 255
_LINE_HEIGHT: Final = 14.5
_TWO_LINES: Final = 30
# A longer heading over numbers takes two lines.
_SHORT_HEADING: Final = 15
_HIGHEST_ROW: Final = 409
# A column's width counts digits; running text is a little narrower, Chinese and Japanese wider.
_LETTER: Final = 0.85
_FIRST_WIDE: Final = "\u2e80"
_FORMATS: Final = {
    "text": "",
    "count": COUNT,
    "money": MONEY,
    "price": SMALL_MONEY,
    "fine": FINE_MONEY,
    "percent": PERCENT,
    "minutes": MINUTES,
}


@dataclass(frozen=True, slots=True)
class Value:
    """One cell: what it shows now and, when it is live, the formula that shows it again.

    `shown` is micro-USD for money, price and fine, a fraction of 1 for percent, else the value
    itself; None leaves the cell empty. `fixed` greys a number that no formula can follow, in a
    table whose other lines are live.
    """

    kind: Kind
    shown: str | int | float | None
    formula: str = ""
    fill: str = ""
    fixed: bool = False


def text(shown: str, *, formula: str = "", fill: str = "") -> Value:
    """Show words."""
    return Value("text", shown, formula, fill)


def count(shown: int, formula: str = "") -> Value:
    """Show a whole number."""
    return Value("count", shown, formula)


def money(shown: MicroUsd | None, formula: str = "") -> Value:
    """Show an amount to the cent, or to its last digit where the tab's amounts are small."""
    return Value("money", shown, formula)


def price(shown: MicroUsd | None, formula: str = "") -> Value:
    """Show the price of one picture to its last digit."""
    return Value("price", shown, formula)


def percent(part: float, whole: float, formula: str = "") -> Value:
    """Show a share; nothing of nothing is 0 percent."""
    return Value("percent", part / whole if whole else 0.0, formula)


def minutes(shown: float) -> Value:
    """Show minutes of a person's work."""
    return Value("minutes", shown)


class Pen:
    """A tab being written; `small` shows every amount to its last digit."""

    def __init__(self, sheet: "Worksheet", wardrobe: Wardrobe, *, small: bool = False) -> None:
        self.sheet = sheet
        self.wardrobe = wardrobe
        self.small = small

    def words(self, row: int, column: int, value: object, face: Face = TEXT) -> None:
        """Write text; nothing at all makes an empty cell."""
        shown, chosen = cell_text(value), self.wardrobe.format(face)
        if shown:
            self.sheet.write_string(row - 1, column - 1, shown, chosen)
        else:
            self.sheet.write_blank(row - 1, column - 1, None, chosen)

    def title(self, title: str, subtitle: str) -> None:
        """Write the tab's first two rows."""
        self.sheet.set_row(0, 28)
        self.words(1, 1, title, TITLE)
        self.words(2, 1, subtitle, SUBTITLE)

    def section(self, row: int, heading: str) -> None:
        """Write the heading of a table."""
        self.sheet.set_row(row - 1, 22)
        self.words(row, 1, heading, SECTION)

    def note(self, row: int, sentence: str, column: int = 1) -> None:
        """Write a sentence in small print; it runs on over the empty cells beside it."""
        self.words(row, column, sentence, NOTE)

    def headings(self, row: int, headings: Sequence[str], *, words: int = 1) -> None:
        """Write a header row; the first `words` columns hold text, the others numbers."""
        for column, heading in enumerate(headings, start=1):
            self.header(row, column, heading, right=column > words)
        if any(len(heading) > _SHORT_HEADING for heading in headings[words:]):
            self.sheet.set_row(row - 1, _TWO_LINES)

    def header(self, row: int, column: int, heading: str, *, right: bool = False) -> None:
        """Write one header cell, over text or (`right`) over numbers."""
        self.words(row, column, heading, HEADER_RIGHT if right else HEADER)

    def fit_height(self, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Make a row as high as its longest wrapped text needs in a column of that width.

        Spreadsheets fit a row by themselves only once someone types into it.
        """
        lines = max(
            sum(ceil(max(1, _breadth(part)) / width) for part in words.split("\n"))
            for words, width in texts
        )
        if lines > 1:
            self.sheet.set_row(row - 1, min(_LINE_HEIGHT * lines + 2, _HIGHEST_ROW))

    def line(
        self, row: int, values: Sequence[Value], *, total: bool = False, column: int = 1
    ) -> None:
        """Write one line of a table from `column` on."""
        for place, value in enumerate(values, start=column):
            self.value(row, place, value, total=total)

    def value(
        self, row: int, column: int, value: Value, face: Face = TEXT, *, total: bool = False
    ) -> None:
        """Write one value, as a live formula with its cached result where it has one."""
        face = replace(face, number_format=self._number_format(value.kind))
        if total:
            face = replace(face, bold=True, top_line=True, fill=PALE)
        if value.fill:
            face = replace(face, fill=value.fill)
        if value.fixed:
            face = replace(face, ink=SOFT_INK, italic=True)
        chosen = self.wardrobe.format(face)
        shown = value.shown
        if value.kind in ("money", "price", "fine") and isinstance(shown, int):
            shown = shown / MICRO
        if shown is None:
            self.sheet.write_blank(row - 1, column - 1, None, chosen)
        elif value.formula:
            cached: Any = cell_text(shown) if isinstance(shown, str) else shown
            self.sheet.write_formula(row - 1, column - 1, value.formula, chosen, cached)
        elif isinstance(shown, str):
            self.words(row, column, shown, face)
        else:
            self.sheet.write_number(row - 1, column - 1, shown, chosen)

    def link(
        self,
        row: int,
        column: int,
        place: str,
        shown: str,
        face: Face = LINKED,
        tooltip: str = "",
    ) -> None:
        """Write text that leads to `place`: "internal:'Tab'!A1" or "external:images/a.png"."""
        if len(place) > _LONGEST_LINK:
            self.words(row, column, shown)
            return
        self.sheet.write_url(
            row - 1,
            column - 1,
            place,
            self.wardrobe.format(face),
            cell_text(shown),
            tooltip[:_LONGEST_TOOLTIP] or None,
        )

    def widths(self, widths: Sequence[float]) -> None:
        """Set the widths of the columns from the first on."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def page(self, *, landscape: bool = False, frozen_rows: int = 1, header_row: int = 0) -> None:
        """Set up screen and paper: frozen rows, no gridlines, one page wide on A4."""
        sheet = self.sheet
        if frozen_rows:
            sheet.freeze_panes(frozen_rows, 0)
        sheet.hide_gridlines(2)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&L&8&A&R&8Page &P of &N")
        if header_row:
            sheet.repeat_rows(header_row - 1)

    def _number_format(self, kind: Kind) -> str:
        return SMALL_MONEY if self.small and kind == "money" else _FORMATS[kind]


def _breadth(words: str) -> float:
    """Estimate how many digits of column width a text takes."""
    if words.isascii():
        return len(words) * _LETTER
    return sum(2 if character >= _FIRST_WIDE else _LETTER for character in words)
