"""One look for everything Tierbook writes: colours, formats, and text that stays text.

Colours are the Okabe-Ito set, which people with colour-blindness can tell apart; they always
stand beside words. Widths are in characters, colours "RRGGBB".
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

BLUE: Final = "0072B2"
ORANGE: Final = "E69F00"
GREEN: Final = "009E73"
VERMILLION: Final = "D55E00"
SKY: Final = "56B4E9"
PURPLE: Final = "CC79A7"
GREY: Final = "8C8C8C"
INK: Final = "262626"
SOFT_INK: Final = "595959"
LINE: Final = "D9D9D9"
HEADER_GREY: Final = "D9D9D9"
PALE: Final = "F2F2F2"
NAVY: Final = "1F3A5F"
WHITE: Final = "FFFFFF"
LINK: Final = "0B5394"

# Strong colours carry the tier in charts and in the narrow Tier column, tints carry its name.
# The ink on each keeps a contrast of at least 4.5 to 1.
TIER_COLOURS: Final = (BLUE, ORANGE, GREEN)
TIER_INKS: Final = (WHITE, INK, INK)
TIER_TINTS: Final = ("D6E8F3", "FCEBCB", "D3EEE6")

STATUS_TINTS: Final = {
    "OK": "D3EEE6",
    "WARN": "FCF3C4",
    "ERROR": "F9DCCB",
    "HOLD": "F3DFEA",
    "SKIPPED": "EDEDED",
    "PLANNED": "DDEFFA",
    "DONE": "D3EEE6",
    "REFUSED": "F9DCCB",
    "FAILED": "F9DCCB",
    "UNKNOWN": "F3DFEA",
}
SEVERITY_WORDS: Final = {"error": "ERROR", "warning": "WARN", "info": "NOTE"}
SEVERITY_TINTS: Final = {"ERROR": "F9DCCB", "WARN": "FCF3C4", "NOTE": "DDEFFA"}

COUNT: Final = "#,##0"
MONEY: Final = "$#,##0.00"
SMALL_MONEY: Final = "$#,##0.00##"
# Parts of a cent, digit under digit; nothing at all needs none.
FINE_MONEY: Final = "$#,##0.0000;-$#,##0.0000;$0.00"
PERCENT: Final = "0.0%"
MINUTES: Final = '#,##0.0" min"'

MAX_CELL_TEXT: Final = 32_767
# What XML 1.0 cannot hold and a spreadsheet would show as a box; tab and newline stay.
_UNPRINTABLE: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))


def tier_colour(tier: int) -> str:
    """Pick the strong colour of a tier; tiers past the third are purple."""
    return TIER_COLOURS[tier - 1] if 1 <= tier <= len(TIER_COLOURS) else PURPLE


def tier_tint(tier: int) -> str:
    """Pick the pale colour of a tier; tiers past the third are pale purple."""
    return TIER_TINTS[tier - 1] if 1 <= tier <= len(TIER_TINTS) else "F3DFEA"


def cell_text(value: object) -> str:
    """Spell a value as text a cell can hold: printable, whole characters, 32,767 at most."""
    text = "" if value is None else str(value)
    if not text.isprintable():
        text = text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode()
    return text if len(text) <= MAX_CELL_TEXT else text[: MAX_CELL_TEXT - 1] + "…"


def quoted_sheet(name: str) -> str:
    """Spell a tab's name as formulas need it: always in quotes, its own quotes doubled."""
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


@dataclass(frozen=True, slots=True)
class Face:
    """How one cell of an authored tab looks; equal faces share one format."""

    number_format: str = ""
    bold: bool = False
    italic: bool = False
    size: float = 10.5
    ink: str = INK
    fill: str = ""
    wrap: bool = False
    align: str = ""
    top_line: bool = False
    bottom_line: bool = True
    underline: bool = False
    unlocked: bool = False
    indent: int = 0

    def properties(self) -> dict[str, Any]:
        """Spell the face as XlsxWriter properties."""
        chosen: dict[str, Any] = {
            "font_size": self.size,
            "font_color": f"#{self.ink}",
            "valign": "top" if self.wrap else "vcenter",
        }
        if self.number_format:
            chosen["num_format"] = self.number_format
        if self.fill:
            chosen["bg_color"] = f"#{self.fill}"
        if self.align:
            chosen["align"] = self.align
        if self.bottom_line:
            chosen |= {"bottom": 1, "bottom_color": f"#{LINE}"}
        if self.top_line:
            chosen |= {"top": 1, "top_color": f"#{SOFT_INK}"}
        for name, wanted in (
            ("bold", self.bold),
            ("italic", self.italic),
            ("text_wrap", self.wrap),
            ("underline", self.underline),
        ):
            if wanted:
                chosen[name] = True
        if self.indent:
            # Without a side to stand in from, programs differ on what an indent means.
            chosen |= {"indent": self.indent, "align": self.align or "left"}
        if self.unlocked:
            chosen["locked"] = False
        return chosen


class Wardrobe:
    """Makes each format of one authored workbook once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._made: dict[Face, Format] = {}

    def format(self, face: Face) -> "Format":
        """Return the one format of this face."""
        made = self._made.get(face)
        if made is None:
            made = self._made[face] = self._workbook.add_format(face.properties())
        return made


TITLE: Final = Face(bold=True, size=18, bottom_line=False)
SUBTITLE: Final = Face(ink=SOFT_INK, bottom_line=False)
SECTION: Final = Face(bold=True, size=13, bottom_line=False)
NOTE: Final = Face(italic=True, ink=SOFT_INK, size=9.5, bottom_line=False)
HEADER: Final = Face(bold=True, fill=HEADER_GREY, wrap=True)
INPUT_HEADER: Final = Face(bold=True, fill=NAVY, ink=WHITE, wrap=True)
HEADER_RIGHT: Final = Face(bold=True, fill=HEADER_GREY, wrap=True, align="right")
TEXT: Final = Face()
INDENTED: Final = Face(indent=1)
HEADER_INDENTED: Final = Face(bold=True, fill=HEADER_GREY, wrap=True, indent=1)
WRAPPED: Final = Face(wrap=True)
LINKED: Final = Face(ink=LINK, underline=True)
LINKED_INDENTED: Final = Face(ink=LINK, underline=True, indent=1)
LINKED_TOP: Final = Face(ink=LINK, underline=True, wrap=True)
