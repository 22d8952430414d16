"""Cell addresses: `P5`, `A1:O200`, and lists of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_MOST_LETTERS = 3

_AREA = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d{0,7})(?::\$?([A-Za-z]{0,3})\$?(\d{0,7}))?$")


@cache
def column_letters(column: int) -> str:
    """Name the 1-based column: 1 -> A, 28 -> AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str | bytes) -> int:
    """Turn column letters into the 1-based number: AB -> 28."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + (letter & 0x1F)
    return number


def letters_from(column: int) -> bytes:
    """Return a pattern that fits the letters of this column and of every one right of it."""
    letters = column_letters(column)
    choices = [letters]
    for at, letter in enumerate(letters):
        if letter < "Z":
            rest = "[A-Z]" * (len(letters) - at - 1)
            choices.append(f"{letters[:at]}[{chr(ord(letter) + 1)}-Z]{rest}")
    if len(letters) < _MOST_LETTERS:
        choices.append(f"[A-Z]{{{len(letters) + 1},{_MOST_LETTERS}}}")
    return f"(?:{'|'.join(choices)})".encode()


def address(row: int, column: int) -> str:
    """Spell a cell: (5, 16) -> P5."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True, order=True)
class CellRange:
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> "CellRange":
        """Read `A1`, `A1:O200`, `A:C` or `3:7`.

        Raises:
            ValueError: The text is no address.
        """
        match = _AREA.match(text.strip())
        if match is None or not text.strip():
            raise ValueError(f"not a cell range: {text!r}")
        left, top, right, bottom = match.groups()
        if right is None and bottom is None:
            right, bottom = left, top
        top_row, bottom_row = int(top or 1), int(bottom or LAST_ROW)
        left_column = column_number(left.upper()) if left else 1
        right_column = column_number(right.upper()) if right else LAST_COLUMN
        return cls(
            min(top_row, bottom_row),
            min(left_column, right_column),
            max(top_row, bottom_row),
            max(left_column, right_column),
        )

    def __str__(self) -> str:
        first = address(self.top, self.left)
        last = address(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    def covers(self, row: int, column: int) -> bool:
        """Tell whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: "CellRange") -> bool:
        """Tell whether the two share a cell."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def parse_list(sqref: str) -> tuple[CellRange, ...]:
    """Read a space-separated list of ranges, leaving out what is no address."""
    ranges: list[CellRange] = []
    for text in sqref.split():
        try:
            ranges.append(CellRange.parse(text))
        except ValueError:
            continue
    return tuple(ranges)


def column_runs(column: int, rows: Iterable[int]) -> tuple[CellRange, ...]:
    """Gather rows of one column, ascending, into as few ranges as hold exactly them."""
    runs: list[CellRange] = []
    start = previous = 0
    for row in rows:
        if start and row == previous + 1:
            previous = row
            continue
        if start:
            runs.append(CellRange(start, column, previous, column))
        start = previous = row
    if start:
        runs.append(CellRange(start, column, previous, column))
    return tuple(runs)
