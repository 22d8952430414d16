"""Cell values as sheet XML: inline text, numbers, booleans, and dates by the book's own epoch."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tierbook.ooxml.plan import CellValue, Link

MAX_TEXT = 32_767  # Excel's limit, in UTF-16 units
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - serial numbers have no time zone
_LEAP_BUG = 61  # serials up to 60 count a 29 February 1900 that never was
_EXACT_INTEGER = 999_999_999_999_999  # 15 digits: past this Excel would change the number
_ALIKE_WHEN_EQUAL = {str, int, float}  # kinds whose equal values are spelled alike
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x")


def clean_text(text: str) -> str:
    """Return the text as a cell can hold it: no control characters, at most 32,767 long."""
    if _SPECIAL.search(text):
        text = _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= MAX_TEXT // 2:
        return text
    units = text.encode("utf-16-le")[: MAX_TEXT * 2]
    return units.decode("utf-16-le", errors="ignore")


def escape_text(text: str) -> str:
    """Escape cleaned text for an element, `_x0041_` included, which readers would decode."""
    if _SPECIAL.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = _ESCAPED.sub("_x005F_", text)
    return text


def serial(moment: date, *, date1904: bool) -> float | None:
    """Return the book's serial number of a date, None where the calendar cannot hold it."""
    stamp = (
        moment.replace(tzinfo=None)
        if isinstance(moment, datetime)
        else datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - a calendar day
    )
    elapsed = stamp - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    days = elapsed / timedelta(days=1)
    if not date1904 and days < _LEAP_BUG:
        days -= 1
    return None if days < (0 if date1904 else 1) else days


def plain_value(value: "CellValue | Link") -> str | int | float | bool | Decimal | date | None:
    """Reduce a value to what a cell can hold: array scalars unwrapped, NaN to None."""
    if isinstance(value, Link):
        return value.text
    unwrap: Any = getattr(value, "item", None)
    if unwrap is not None:
        return plain_value(unwrap())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return value


class CellBodies:
    """Turns values into what follows a cell's address and style, remembering repeated texts."""

    def __init__(self, prefix: bytes, *, date1904: bool) -> None:
        name = prefix.decode()
        self._date1904 = date1904
        opening = f' t="inlineStr"><{name}is><{name}t'
        self._text = (
            (f"{opening}>", f'{opening} xml:space="preserve">'),
            f"</{name}t></{name}is></{name}c>",
        )
        self._number = (f"><{name}v>", f"</{name}v></{name}c>")
        self._bool = (f' t="b"><{name}v>', f"</{name}v></{name}c>")
        self._known: dict[str, str] = {}

    def column(self, values: "Sequence[CellValue | Link]") -> list[str]:
        """Return the XML of each value; a column of one kind is spelled once a distinct value."""
        kinds = set(map(type, values)) - {type(None)}
        if len(kinds) > 1 or not kinds <= _ALIKE_WHEN_EQUAL:
            return [self.body(one) for one in values]
        distinct = set(values)
        spelled = self._texts(distinct - {None}) if kinds == {str} else {}
        for one in distinct - spelled.keys():
            spelled[one] = self.body(one)
        return list(map(spelled.__getitem__, values))

    def _texts(self, texts: "set[Any]") -> dict[Any, str]:
        """Spell texts of which none needs cleaning or escaping, else nothing.

        One search through all of them is much quicker than a search through each.
        """
        if max(map(len, texts), default=0) > MAX_TEXT // 2 or _SPECIAL.search("".join(texts)):
            return {}
        return {text: self._inline(text) for text in texts if text}

    def body(self, value: "CellValue | Link") -> str:
        """Return the XML from after the style attribute to the end of the cell element."""
        if type(value) is str:
            return self._known.get(value) or self._text_body(value)
        if value is None:
            return "/>"
        if type(value) is int or type(value) is float:
            return self._number_body(value)
        value = plain_value(value)
        if value is None or value == "":
            return "/>"
        if isinstance(value, bool):
            return f"{self._bool[0]}{int(value)}{self._bool[1]}"
        if isinstance(value, date):
            days = serial(value, date1904=self._date1904)
            if days is None:
                return self._text_body(value.isoformat())
            return f"{self._number[0]}{number_text(days)}{self._number[1]}"
        if isinstance(value, int | float | Decimal):
            return self._number_body(value)
        return self._text_body(str(value))

    def _number_body(self, value: float | Decimal) -> str:
        if isinstance(value, int) and abs(value) > _EXACT_INTEGER:
            return self._text_body(str(value))
        if isinstance(value, float) and not math.isfinite(value):
            return "/>"
        return f"{self._number[0]}{number_text(value)}{self._number[1]}"

    def _text_body(self, text: str) -> str:
        cleaned = clean_text(text)
        if not cleaned:
            return "/>"
        body = self._known[text] = self._inline(escape_text(cleaned))
        return body

    def _inline(self, escaped: str) -> str:
        keep = escaped.strip() != escaped or "\n" in escaped
        opening, closing = self._text
        return f"{opening[keep]}{escaped}{closing}"


def number_text(value: float | Decimal) -> str:
    """Spell a number so that reading it gives the same one: 1.0 -> 1, 0.02 -> 0.02."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
