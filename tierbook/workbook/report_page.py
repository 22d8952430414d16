"""A report as plain values: headline figures, tables, notices, charts.

One report is shown in two places, as a tab of the workbook and as a page in the browser. Both are
written from these values, so that they never disagree. Money is integer micro-USD, shares are
fractions of 1.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from tierbook.model import MICRO, MicroUsd

Kind: TypeAlias = Literal["text", "count", "money", "percent", "change"]
Shown: TypeAlias = str | int | float | None
Level: TypeAlias = Literal["alarm", "warning", "good", "note"]

_CENT: Final = MICRO // 100
# From this amount on parts of a cent are noise.
_FINE_BELOW: Final = 20 * MICRO


@dataclass(frozen=True, slots=True)
class Figure:
    """One question of the headline with its answer and what stands beside it."""

    question: str
    kind: Kind
    shown: Shown
    beside: str
    level: Level = "note"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        heading: What stands above it.
        kind: How its values are shown; a text among numbers is shown as it is.
        sums: The total line adds the column up.
        formula: How the column follows from others of its line, with `{row}` for the row:
            `=IF(B{row}=0,0,C{row}/B{row})`. It must give the value that the line holds.
    """

    heading: str
    kind: Kind = "text"
    sums: bool = False
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, a value a column; `tier` colours its first cell, 0 for none."""

    cells: tuple[Shown, ...]
    tier: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading; `total` is a last line like the others, empty for none."""

    heading: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: tuple[Shown, ...] = ()
    notes: tuple[str, ...] = ()

    def is_fine(self, column: int) -> bool:
        """Tell whether the amounts of a column, counted from 0, want four decimals, not two."""
        shown = [line.cells[column] for line in (*self.lines, Line(self.total or self._blank()))]
        amounts = [abs(cell) for cell in shown if isinstance(cell, int | float)]
        return max(amounts, default=0) < _FINE_BELOW and any(n % _CENT for n in amounts)

    def _blank(self) -> tuple[Shown, ...]:
        return (None,) * len(self.columns)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know or to do: a word that says how urgent it is, a sentence, and more."""

    word: str
    level: Level
    sentence: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notices:
    """Notices under a heading; `otherwise` is said where there are none."""

    heading: str
    notices: tuple[Notice, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One row of marks of a chart: a column of its table, counted from 0, and a colour."""

    column: int
    colour: str


@dataclass(frozen=True)
class Chart:
    """A chart drawn from the lines of a table; the first column names its categories.

    Attributes:
        kind: Bars lie (one series), columns stand, stacked columns add up to a total.
        title: What stands above it.
        words: What it shows, for people who cannot see it.
        table: The table of the same page it is drawn from.
        series: What is drawn; several only side by side or stacked.
        unit: What the axis counts.
        colours: A colour for each line, where one series is drawn.
        interval: The columns with the lower and upper end of each value, counted from 0.
        limit: A line across, such as a cap, with its name: the heading of the column of the table
            that holds it in every line.
        most: How many lines of the table are drawn, from the first; None is all.
    """

    kind: Literal["bars", "columns", "stacked"]
    title: str
    words: str
    table: Table
    series: tuple[Series, ...]
    unit: Literal["money", "percent", "count"] = "money"
    colours: tuple[str, ...] = ()
    interval: tuple[int, int] | None = None
    limit: tuple[str, MicroUsd] | None = None
    most: int | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are drawn."""
        return self.table.lines[: self.most]


@dataclass(frozen=True)
class Charts:
    """One chart, or two beside each other."""

    charts: tuple[Chart, ...]


Block: TypeAlias = Table | Notices | Charts


@dataclass(frozen=True)
class Page:
    """A whole report.

    `tab` is the contract's name of its tab, `colour` that of the tab's flap, `footer` what
    stands below it all.
    """

    tab: str
    title: str
    subtitle: str
    figures: tuple[Figure, ...]
    blocks: tuple[Block, ...]
    footer: str = ""
    colour: str = field(default="0072B2")


def amount_words(amount: MicroUsd, *, fine: bool | None = None) -> str:
    """Spell an amount: `$1,204.50`, and `$0.0336` where a cent would hide it.

    Args:
        amount: Micro-USD.
        fine: Four decimals or two; None takes four for a small amount that needs them, and
            leaves zeros away.
    """
    size = abs(amount)
    sign = "-" if amount < 0 else ""
    if fine is None:
        text = f"{size / MICRO:.4f}" if size < MICRO and size % _CENT else f"{size / MICRO:,.2f}"
        whole, _, parts = text.partition(".")
        return f"{sign}${whole}.{parts.rstrip('0').ljust(2, '0')}"
    return f"{sign}${size / MICRO:,.{4 if fine and size else 2}f}"


def figure_words(figure: Figure) -> str:
    """Spell a figure in one line: `What did it cost? $3.20, for 40 pictures`."""
    shown = figure.shown
    words = "not known" if shown is None else str(shown)
    if isinstance(shown, int | float):
        match figure.kind:
            case "money":
                words = amount_words(round(shown))
            case "percent" | "change":
                words = f"{shown:.0%}"
            case _:
                words = f"{shown:,}"
    return f"{figure.question} {words}{f', {figure.beside}' if figure.beside else ''}"
