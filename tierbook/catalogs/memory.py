"""What the last import wrote, kept beside each product, so that a seller's edit is told from it.

A hidden cell of the tab Products holds one short mark for each fact, and the placements that were
asked for. A cell that still bears its mark is the import's own and may be brought up to date; any
other was typed by the seller and stays. A request that was asked for and is gone was deleted by
the seller and does not come back.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from tierbook.workbook.values import spelled

_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class Memory:
    """Marks of the facts in the order of the product columns, and folded placement names."""

    marks: tuple[str, ...] = ()
    placements: frozenset[str] = frozenset()

    def wrote(self, at: int, value: Any) -> bool:
        """Tell whether the cell of the fact at a place still holds what the import wrote."""
        return at < len(self.marks) and self.marks[at] == mark(value)

    def knew(self, at: int, value_mark: str) -> bool:
        """Tell whether the last import already had this value."""
        return at < len(self.marks) and self.marks[at] == value_mark

    def spelled(self) -> str:
        """Spell it for its cell."""
        return f"{_VERSION}:{''.join(self.marks)}:{','.join(sorted(self.placements))}"


@lru_cache(maxsize=131_072)
def _mark_of(value: str | float | Decimal) -> str:
    text = spelled(float(value) if isinstance(value, Decimal) else value)
    folded_spaces = " ".join(text.split())
    return f"{zlib.crc32(folded_spaces.encode('utf-8', 'surrogatepass')) & 0xFFFFFF:06x}"


def mark(value: Any) -> str:
    """Mark a value; the same number or text has the same mark, however a program stores it."""
    return "------" if value is None or value == "" else _mark_of(value)


def marks_of(values: Iterable[Any]) -> tuple[str, ...]:
    """Mark the facts of one product."""
    return tuple(map(mark, values))


def recall(cell: Any) -> Memory | None:
    """Read a memory from its cell; None where there is none, or another version wrote it."""
    version, _, rest = str(cell or "").partition(":")
    marks, _, placements = rest.partition(":")
    if version != _VERSION:
        return None
    pieces = tuple(marks[at : at + 6] for at in range(0, len(marks), 6))
    return Memory(pieces, frozenset(filter(None, placements.split(","))))
