"""What a rubric cell means: literals, ranges, and the tests made of them.

`matches` says it for one value; `tierbook.routing.cells` says the same for whole columns.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np

# A value once read: blank, yes/no, a number as written, a day, or text.
Known: TypeAlias = bool | Decimal | date | str | None


@dataclass(frozen=True, slots=True)
class Word:
    """Text, compared without case, width or outer spaces; the seller's spelling is kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number exactly as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""

    value: date


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no; never equal to a number."""

    value: bool


@dataclass(frozen=True, slots=True)
class Within:
    """A range of numbers or of days; a missing end is unbounded."""

    low: Number | Day | None
    high: Number | Day | None
    low_closed: bool = True
    high_closed: bool = True


Literal: TypeAlias = Word | Number | Day | YesNo
Item: TypeAlias = Literal | Within


@dataclass(frozen=True, slots=True)
class Anything:
    """Passes every value, blank too."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Passes a value that fits one of the items."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Passes a value that is there and fits none of the items."""

    items: tuple[Item, ...]


Test: TypeAlias = Anything | AnyOf | NoneOf

PLAIN_NUMBER = re.compile(r"[-+]?[$€£]?\s?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)\s?%?")
# Only groupings that no decimal comma can produce: 1,234.50 and 1,234,567.
GROUPED_NUMBER = re.compile(
    r"[-+]?[$€£]?\s?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})"
)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SHORT_FLOATS = (np.dtype("float32"), np.dtype("float16"))
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def fold(text: str) -> str:
    """Bring text to the form in which it is compared: width, case and spaces do not count."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(text.casefold().split())


def number_in(text: str) -> Decimal | None:
    """Read text as a number when it can be nothing else: `5000`, `-0.5`, `$1,234.50`, `12%`."""
    text = text.strip()
    if not (PLAIN_NUMBER.fullmatch(text) or GROUPED_NUMBER.fullmatch(text)):
        return None
    percent = text.endswith("%")
    value = Decimal(re.sub(r"[$€£,%\s]", "", text))
    return value.scaleb(-2) if percent else value


def day_in(text: str) -> date | None:
    """Read text as an ISO day, `2026-11-27`."""
    found = _ISO_DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def yes_no_in(text: str) -> bool | None:
    """Read text as yes or no."""
    return _YES_NO.get(fold(text))


def known(value: Any) -> Known:
    """Bring a value of a table to one of the kinds a test can meet.

    None, NaN, NaT, pandas' NA and empty text are blank. Floats count as the decimal they are
    written as. A time of day counts as its day.
    """
    if isinstance(value, np.generic):
        value = _python_value(value)
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, str):
        return str(value) if value.strip() else None
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return None if value.is_nan() else value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return None if math.isnan(value) else Decimal(str(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value)


def _python_value(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[D]").item()
    # A short float counts as the decimal it prints as, not as the double it widens to.
    return Decimal(str(value)) if value.dtype in _SHORT_FLOATS else value.item()


def matches(test: Test, value: Any) -> bool:
    """Tell whether the value passes the test; a blank value passes only `any`."""
    if isinstance(test, Anything):
        return True
    seen = known(value)
    if seen is None:
        return False
    if isinstance(test, AnyOf):
        return any(_fits(item, seen) for item in test.items)
    # "not >= 5" says nothing about a value that is no number: as in SQL, it does not pass.
    return not any(
        _fits(item, seen) or (isinstance(item, Within) and _place(item, seen) is None)
        for item in test.items
    )


def _fits(item: Item, seen: Known) -> bool:
    if isinstance(item, Within):
        return _inside(item, seen)
    if isinstance(item, Word):
        return isinstance(seen, str) and fold(seen) == fold(item.text)
    if isinstance(item, YesNo):
        answer = yes_no_in(seen) if isinstance(seen, str) else seen
        return isinstance(answer, bool) and answer is item.value
    if isinstance(item, Number):
        return as_number(seen) == item.value
    return as_day(seen) == item.value


def as_number(seen: Known) -> Decimal | None:
    """Return the number a value is, or is unmistakably written as."""
    if isinstance(seen, str):
        return number_in(seen)
    return seen if isinstance(seen, Decimal) else None


def as_day(seen: Known) -> date | None:
    """Return the day a value is, or is unmistakably written as."""
    if isinstance(seen, str):
        return day_in(seen)
    return seen if isinstance(seen, date) else None


def _place(item: Within, seen: Known) -> Decimal | date | None:
    """Return the value on the range's own scale, or None where it has no place there."""
    end = item.low if item.low is not None else item.high
    return as_number(seen) if isinstance(end, Number) else as_day(seen)


def _inside(item: Within, seen: Known) -> bool:
    place: Any = _place(item, seen)
    if place is None:
        return False
    if item.low is not None and not (
        place >= item.low.value if item.low_closed else place > item.low.value
    ):
        return False
    return item.high is None or bool(
        place <= item.high.value if item.high_closed else place < item.high.value
    )
