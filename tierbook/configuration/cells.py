"""Read one cell as the kind of value its column holds, as people type it.

A cell that cannot be read raises `Unreadable` with the words for the seller; the caller turns
it into a `Problem` with the cell's address.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from tierbook.configuration.spec import Kind
from tierbook.model import CellValue, to_micro_usd


class Unreadable(ValueError):
    """A cell does not hold what its column needs; `fix` says what to type instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def is_blank(value: CellValue) -> bool:
    """Tell whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def text(value: CellValue) -> str:
    """Spell a cell as text: whole floats without `.0`, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if not value.time() else value.isoformat(" ")
    return str(value).strip()


def read(kind: Kind, value: CellValue) -> Any:
    """Read a cell that is not blank as `kind`.

    Raises:
        Unreadable: The cell holds something else, or something with two meanings.
    """
    return _READERS[kind](value)


# --------------------------------------------------------------------------- numbers

# Units people type beside a number. They carry no meaning the column does not already have.
_UNITS = re.compile(r"(?i)^(?:us\$|usd|[$€£])|(?:usd|eur|gbp|px|mb|pcs|[$€£])$")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")


def number(value: CellValue) -> Decimal:
    """Read a number: `$0.0336`, `1 200`, `1,204.50`, `0,0336`; refuse what has two meanings."""
    if isinstance(value, bool | date):
        raise Unreadable(f"it holds {text(value)!r}, not a number", "type a number")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Unreadable("it holds no finite number", "type a number")
        # repr gives the shortest decimal that is this float: the number the seller typed.
        return Decimal(repr(value))
    typed = text(value)
    bare = _UNITS.sub("", typed.replace("\u00a0", "").replace("\u202f", "").replace(" ", ""))
    bare = _UNITS.sub("", bare.replace("'", "").replace("’", ""))
    return _decimal(_with_decimal_point(bare, typed), typed)


def _with_decimal_point(bare: str, typed: str) -> str:
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma < 0:
        return bare.replace(".", "") if bare.count(".") > 1 else bare
    if point >= 0:
        return bare.replace(",", "") if point > comma else bare.replace(".", "").replace(",", ".")
    if bare.count(",") > 1:
        return bare.replace(",", "")
    if _GROUPED.fullmatch(bare.lstrip("+-")) and not bare.lstrip("+-").startswith("0"):
        thousands, decimal = bare.replace(",", ""), bare.replace(",", ".")
        raise Unreadable(
            f"{typed!r} could be {thousands} or {decimal}", f"type {thousands} or {decimal}"
        )
    return bare.replace(",", ".")


def _decimal(bare: str, typed: str) -> Decimal:
    if not _PLAIN.fullmatch(bare):
        raise Unreadable(f"it holds {typed!r}, not a number", "type a number, or leave it empty")
    try:
        return Decimal(bare)
    except InvalidOperation as error:  # pragma: no cover - the pattern admits numbers only
        raise Unreadable(f"it holds {typed!r}, not a number", "type a number") from error


def _not_negative(value: CellValue) -> Decimal:
    amount = number(value)
    if amount < 0:
        raise Unreadable(f"it holds {text(value)!r}, which is below zero", "type 0 or more")
    return amount


def _whole(value: CellValue) -> int:
    if isinstance(value, str) and _GROUPED.fullmatch(value.strip()):
        return int(value.strip().replace(",", ""))  # a whole number has no decimals to confuse
    amount = _not_negative(value)
    if amount != amount.to_integral_value():
        raise Unreadable(f"it holds {text(value)!r}, not a whole number", "type a whole number")
    return int(amount)


def _percent(value: CellValue) -> Decimal:
    """Read a share as a fraction: `15 %`, 15 and a cell formatted as percent (0.15) agree."""
    if isinstance(value, str) and value.strip().endswith("%"):
        share = _not_negative(value.strip()[:-1]) / 100
    else:
        share = _not_negative(value)
        share = share / 100 if share > 1 else share
    if share > 1:
        raise Unreadable(f"{text(value)!r} is more than 100 %", "type 0 % to 100 %")
    return share


_UNIT_OF_TIME = re.compile(r"(?i)\s*(h|hours?|m|mins?|minutes?|s|secs?|seconds?)\.?$")


def _minutes(value: CellValue) -> Decimal:
    if not isinstance(value, str):
        return _not_negative(value)
    typed = value.strip()
    unit = _UNIT_OF_TIME.search(typed)
    minutes = _not_negative(typed[: unit.start()] if unit else typed)
    letter = unit[1][0].lower() if unit else "m"
    return minutes * 60 if letter == "h" else minutes / 60 if letter == "s" else minutes


def _money(value: CellValue) -> int:
    return to_micro_usd(_not_negative(value))


# --------------------------------------------------------------------------- other kinds

_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "on", "x", "1", "✓"), True),
    **dict.fromkeys(("no", "n", "false", "off", "0"), False),
}
EPOCH = date(1899, 12, 30)  # day 0 of serial dates: Excel counts 1900 as a leap year
_FIRST_DAY, _AFTER_LAST_DAY = 36_526, 73_051  # 2000 to 2099
_DATE_SHAPES = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d.%m.%Y", "%Y/%m/%d")


def _yes_no(value: CellValue) -> bool:
    if isinstance(value, bool):
        return value
    found = _YES_NO.get(text(value).casefold())
    if found is None:
        raise Unreadable(f"it holds {text(value)!r}", "type yes or no")
    return found


def serial_day(value: CellValue, epoch: date = EPOCH) -> date | None:
    """Give the day a number stands for in a sheet, None where it stands for none of this century.

    Not a number and infinity, which a table of floats may hold, stand for none.
    """
    if isinstance(value, int | float) and _FIRST_DAY <= value < _AFTER_LAST_DAY:
        return epoch + timedelta(days=int(value))
    return None


def _date(value: CellValue) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    counted = serial_day(value)
    if counted is not None:
        return counted
    typed = text(value)
    for shape in _DATE_SHAPES:
        try:
            return datetime.strptime(typed, shape).date()  # noqa: DTZ007 - a day, no clock
        except ValueError:
            continue
    raise Unreadable(f"it holds {typed!r}, not a date", "type a date such as 2026-11-23")


def _texts(value: CellValue) -> tuple[str, ...]:
    return tuple(part for part in (p.strip() for p in re.split(r"[,;\n]", text(value))) if part)


def _pairs(value: CellValue) -> Mapping[str, Decimal]:
    pairs: dict[str, Decimal] = {}
    for part in re.split(r"[;\n]", text(value)):
        if not part.strip():
            continue
        name, separator, amount = part.partition("=")
        if not separator or not name.strip():
            raise Unreadable(
                f"{part.strip()!r} is not name=number", "type name=number; name=number"
            )
        pairs[name.strip().casefold()] = _not_negative(amount)
    return pairs


def _cell(value: CellValue) -> CellValue:
    return value.strip() if isinstance(value, str) else value


_READERS: dict[Kind, Callable[[CellValue], Any]] = {
    "text": text,
    "texts": _texts,
    "cell": _cell,
    "whole": _whole,
    "number": number,
    "percent": _percent,
    "money": _money,
    "dollars": _not_negative,
    "minutes": _minutes,
    "date": _date,
    "yes_no": _yes_no,
    "pairs": _pairs,
}
