"""Understand cells as people type them: whole columns in, typed columns and complaints out.

A reader takes one cell value that is not blank and returns what it means, or a `Complaint`. What
has two meanings is never guessed: the complaint says what to type instead. Each distinct value of
a column is read once. Numbers, ratios and dates have modules of their own.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, TypeAlias

from tierbook.model import CellValue, Severity
from tierbook.workbook.words import YES_OR_NO, meanings, plain


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a cell could not be read, and what to type instead; `value` stands in where known."""

    code: str
    message: str
    fix: str
    severity: Severity = "error"
    value: Any = None


Reader: TypeAlias = Callable[[Any], Any]
_ALIKE = frozenset((bool, int, float))


# What a cell that looks empty may hold; `str.strip` alone keeps the invisible ones.
BLANKS = " \t\r\n\u00a0\u200b\u2007\u202f\u3000\ufeff"


def is_blank(value: object) -> bool:
    """Tell whether a cell says nothing: empty, or spaces of any kind."""
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


def by_column(rows: Sequence[Sequence[Any]]) -> dict[int, Sequence[Any]]:
    """Turn rows into columns by their 1-based number; short rows end in blanks."""
    even = len(set(map(len, rows))) == 1
    columns = zip(*rows, strict=True) if even else zip_longest(*rows, fillvalue="")
    return dict(enumerate(columns, 1))


def read_column(
    values: Sequence[Any], read: Reader
) -> tuple[list[Any], list[tuple[int, Complaint]]]:
    """Read every cell of a column; blanks become None, as do cells complained about.

    Returns:
        The values, and (index, complaint) in order.
    """
    # True, 1 and 1.0 are one dictionary key: a column of several such is told apart by type too.
    mixed = len(_ALIKE.intersection(map(type, values))) > 1
    keys: Sequence[Any] = list(zip(map(type, values), values)) if mixed else values  # noqa: B905 - same sequence twice
    meaning: dict[Any, Any] = {}
    for key in set(keys):
        value = key if keys is values else key[1]
        meaning[key] = None if is_blank(value) else read(value)
    column = list(map(meaning.__getitem__, keys))
    if Complaint not in set(map(type, meaning.values())):
        return column, []
    complaints = [(i, found) for i, found in enumerate(column) if type(found) is Complaint]
    for i, complaint in complaints:
        column[i] = complaint.value
    return column, complaints


def spelled(value: object) -> str:
    """Spell a cell value as its sheet would: whole floats without `.0`, dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if not value.time() else value.isoformat(" ")
    return str(value)


def cell_value(value: Any) -> CellValue:
    """Turn a raw value into one that tables pass on.

    Empty cells become None, whole floats int, and the times Excel makes of `16:9` text again.
    """
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, time):
        return f"{value.hour}:{value.minute}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60}"
    return value


def text(value: Any) -> str:
    """Read any cell as text without outer spaces."""
    return value.strip() if type(value) is str else spelled(value).strip()


# --------------------------------------------------------------------------- SKU

_RUINED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+\d+")
_EXCEL_DIGITS = 10**15
_LONG_NUMBER = 10**11  # from here on Excel shows a plain number as 1.2E+11


def sku(value: Any) -> Any:
    """Read a SKU as typed; a number only where Excel surely kept all of it.

    Excel keeps 15 digits and turns what looks like a number or a date into one: such a SKU is
    reported and never repaired.
    """
    if type(value) is str:
        ruined = "+" in value and _RUINED.fullmatch(value.strip())
        return _changed(value.strip()) if ruined else value
    if isinstance(value, bool):
        return spelled(value)
    if isinstance(value, (date, time, timedelta)):
        return _changed(spelled(value), "into a date or time")
    if not math.isfinite(value) or abs(value) >= _EXCEL_DIGITS:
        return _changed(spelled(value))
    if abs(value) >= _LONG_NUMBER and value == float(f"{value:.5e}"):
        return _changed(f"{value:.6G}")
    return spelled(value)


def _changed(seen: str, how: str = "into a number and lost digits") -> Complaint:
    return Complaint(
        "sku-changed",
        f"Excel changed this SKU {how}: the cell holds {seen}",
        "format the column as Text and type the SKU again",
    )


# --------------------------------------------------------------------------- words


def yes_no(value: Any) -> Any:
    """Read yes or no, in any of the languages of the word table."""
    if isinstance(value, bool):
        return value
    found = meanings(YES_OR_NO).get(plain(spelled(value)))
    if found is None:
        return Complaint(
            "no-yes-or-no", f'The cell holds "{spelled(value).strip()}"', "type yes or no"
        )
    return found == "yes"


def choice(field: str, accepted: Sequence[str]) -> Reader:
    """Make a reader of one of the words a field takes, or their translations."""
    known: Mapping[str, str] = {**meanings(field), **{plain(word): word for word in accepted}}

    def read(value: Any) -> Any:
        found = known.get(plain(spelled(value)))
        if found is None:
            return Complaint(
                "unknown-word",
                f'The cell holds "{spelled(value).strip()}"',
                f"type {', '.join(accepted[:-1])} or {accepted[-1]}",
            )
        return found

    return read


def tier(names: Mapping[str, int]) -> Reader:
    """Make a reader of tier numbers: `2`, `Tier 2`, or a tier's name (folded -> number)."""

    def read(value: Any) -> Any:
        typed = plain(spelled(value))
        bare = typed.removeprefix("tier").strip()
        found = names.get(typed, int(bare) if bare.isdecimal() else None)
        if found not in names.values():
            known = ", ".join(str(known) for known in sorted(set(names.values())))
            return Complaint(
                "unknown-tier", f'The cell holds "{spelled(value).strip()}"', f"type one of {known}"
            )
        return found

    return read
