"""Understand cells as people type them: whole columns in, typed columns and complaints out.

A reader takes one cell value that is not blank and returns what it means, or a `Complaint`. What
has two meanings is never guessed: the complaint says what to type instead. Each distinct value of
a column is read once.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from tierbook.model import MICRO, CellValue, Severity
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


def is_blank(value: object) -> bool:
    """Tell whether a cell says nothing: empty, or spaces of any kind."""
    return value is None or (
        isinstance(value, str) and not value.strip(" \t\r\n\u00a0\u200b\ufeff")
    )


def read_column(
    values: Sequence[Any], read: Reader
) -> tuple[list[Any], list[tuple[int, Complaint]]]:
    """Read every cell of a column; blanks become None, as do cells complained about.

    Returns:
        The values, and (index, complaint) in order.
    """
    kinds = set(map(type, values))
    # True, 1 and 1.0 are one dictionary key, so a mixed column is told apart by type as well.
    keys: Sequence[Any] = values if len(kinds) <= 1 else list(zip(map(type, values), values))  # noqa: B905 - same sequence twice
    meaning: dict[Any, Any] = {}
    complained = False
    for key in dict.fromkeys(keys):
        value = key if keys is values else key[1]
        found = None if is_blank(value) else read(value)
        complained = complained or type(found) is Complaint
        meaning[key] = found
    column = [meaning[key] for key in keys]
    if not complained:
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
        return _changed(value.strip()) if _RUINED.fullmatch(value.strip()) else value
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


# --------------------------------------------------------------------------- numbers

_SPACES = re.compile("(?<=\\d)[ '’\u00a0\u202f\u2009](?=\\d{3}(?:\\D|$))")
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?|[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?")


def _bare(typed: str) -> str:
    return _SPACES.sub("", typed.strip().replace("\u2212", "-"))


def _mark_of(bare: str) -> str:
    """Tell which of `,` and `.` is the decimal mark in a number, or "" where it does not show."""
    comma, point = bare.count(","), bare.count(".")
    if comma and point:
        return "," if bare.rfind(",") > bare.rfind(".") else "."
    if comma + point == 0:
        return ""
    mark, other = (",", ".") if comma else (".", ",")
    if comma + point > 1:
        return other
    whole, _, rest = bare.lstrip("+-").partition(mark)
    return mark if len(rest) != 3 or len(whole) > 3 or whole in ("", "0") else ""


def decimal_mark(typed: Iterable[Any]) -> str:
    """Find the decimal mark a column is written with, or "" where its texts do not agree."""
    bare = (_money(value)[0] for value in typed if type(value) is str)
    marks = {_mark_of(value) for value in bare if _NUMBER.fullmatch(value)} - {""}
    return marks.pop() if len(marks) == 1 else ""


def parse_number(typed: str, mark: str = "", *, whole: bool = False) -> Decimal | Complaint:
    """Read a number text: `1,299.00`, `1.299,00`, `1 299`, `3,5`.

    Args:
        typed: The text.
        mark: The decimal mark of the rest of the column, for texts with two meanings.
        whole: The field takes whole numbers only, so that `1,200` has one meaning.
    """
    bare = _bare(typed)
    if not _NUMBER.fullmatch(bare):
        return Complaint(
            "no-number",
            f'The cell holds "{typed.strip()}", not a number',
            "type a number, or leave it empty",
        )
    shown = _mark_of(bare)
    separators = "," in bare or "." in bare
    if separators and not shown:
        grouping = "," if "," in bare else "."
        if not whole and not mark:
            return _two_meanings(typed.strip(), bare, grouping)
        shown = ("." if grouping == "," else ",") if whole else mark
    thousands = "." if shown == "," else ","
    if shown and thousands in bare and not _GROUPED.fullmatch(bare):
        return Complaint(
            "no-number",
            f'The cell holds "{typed.strip()}", not a number',
            "type a number, or leave it empty",
        )
    return Decimal(bare.replace(thousands, "").replace(",", ".")) if separators else Decimal(bare)


def _two_meanings(typed: str, bare: str, grouping: str) -> Complaint:
    large, small = bare.replace(grouping, ""), bare.replace(grouping, ".")
    return Complaint(
        "two-meanings",
        f'"{typed}" can be {large} or {small}',
        f"type {large} or {small}, as a number",
    )


def number(value: Any, mark: str = "", *, whole: bool = False) -> Decimal | Complaint:
    """Read a number cell."""
    if type(value) is str:
        return parse_number(value, mark, whole=whole)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        seen = spelled(value)
        return Complaint("no-number", f'The cell holds "{seen}", not a number', "type a number")
    if isinstance(value, float) and not math.isfinite(value):
        return Complaint("no-number", "The cell holds no finite number", "type a number")
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def whole_number(least: int, most: int, unit: str = "") -> Reader:
    """Make a reader of whole numbers from `least` to `most`, with `unit` allowed behind them."""

    def read(value: Any) -> Any:
        if type(value) is str and unit:
            value = re.sub(rf"(?i)\s*{unit}$", "", value.strip())
        found = number(value, whole=True)
        if isinstance(found, Complaint):
            return found
        if found != found.to_integral_value() or not least <= found <= most:
            return Complaint(
                "out-of-range",
                f'The cell holds "{spelled(value)}"',
                f"type a whole number from {least} to {most:,}",
            )
        return int(found)

    return read


# --------------------------------------------------------------------------- money

_CURRENCIES = {
    "US$": "USD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "円": "JPY",
    "元": "CNY",
    "ZŁ": "PLN",
    "₺": "TRY",
    "TL": "TRY",
    "₽": "RUB",
    "РУБ": "RUB",
    "РУБ.": "RUB",
    "₴": "UAH",
    "ГРН": "UAH",
    "ГРН.": "UAH",
    "R$": "BRL",
    "CHF": "CHF",
    "KR": "SEK",
    "₹": "INR",
}  # fmt: skip - one currency a word reads best as a block
_AMOUNT = re.compile(
    r"(?P<before>[^\d+\-.,]*)(?P<amount>[+-]?[\d.,][\d.,' \u00a0\u202f]*)(?P<after>.*)"
)


def _money(typed: str) -> tuple[str, str]:
    """Part an amount from the currency beside it: `0,50 €` -> ("0,50", "EUR")."""
    parts = _AMOUNT.fullmatch(typed.strip().replace("\u2212", "-"))
    if parts is None:
        return typed.strip(), ""
    beside = (parts["before"].strip() or parts["after"].strip()).upper()
    currency = _CURRENCIES.get(beside, beside if re.fullmatch("[A-Z]{3}", beside) else "")
    if beside and not currency:
        return typed.strip(), ""
    return _bare(parts["amount"]), currency


def money(mark: str, currency: str = "USD") -> Reader:
    """Make a reader of money into micro-USD; amounts are never converted.

    Args:
        mark: The decimal mark of the column, as `decimal_mark` found it.
        currency: The workbook's own currency; another one beside an amount draws a warning.
    """

    def read(value: Any) -> Any:
        typed, named = _money(value) if type(value) is str else (value, "")
        amount = number(typed, mark)
        if isinstance(amount, Complaint):
            return amount
        if amount < 0:
            return Complaint("below-zero", f'The cell holds "{spelled(value)}"', "type 0 or more")
        micro = int(amount * MICRO)
        if named and named not in (currency, "USD"):
            return Complaint(
                "other-currency",
                f'"{value.strip()}" was read as {typed} US dollars: amounts are not converted',
                "type the amount in US dollars",
                "warning",
                micro,
            )
        return micro

    return read


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


# --------------------------------------------------------------------------- aspect ratio

_RATIO = re.compile(r"(\d+(?:[.,]\d+)?)\s*[:x×/∶-]\s*(\d+(?:[.,]\d+)?)")
_PIXELS = 100  # a side from here on is pixels, so the pair is reduced to its ratio
_COMMON_RATIOS = frozenset(
    {
        "1:1",
        "2:1",
        "3:1",
        "3:2",
        "4:1",
        "4:3",
        "4:5",
        "5:4",
        "2:3",
        "3:4",
        "9:16",
        "16:9",
        "16:10",
        "21:9",
    }
)  # fmt: skip - a set of words
_RATIO_FIX = 'format the cell as Text and type the ratio, such as "4:5" or "16:9"'


def ratio(value: Any) -> Any:
    """Read an aspect ratio as "W:H": `16:9`, `16 x 9`, `1080x1350`, or the time Excel made of it."""
    if isinstance(value, (time, timedelta)):
        return _ratio_from_time(value)
    if isinstance(value, date):
        return Complaint(
            "ratio-changed",
            f"Excel changed this aspect ratio into the date {spelled(value)[:10]}",
            _RATIO_FIX,
        )
    if type(value) is not str:
        minutes = float(value) * 24 * 60
        guess = f"{int(minutes + 0.01) // 60}:{int(minutes + 0.01) % 60}"
        if abs(minutes - round(minutes)) < 1e-3 and guess in _COMMON_RATIOS:
            return guess
        return _no_ratio(spelled(value))
    parts = _RATIO.fullmatch(plain(value))
    if parts is None:
        return "1:1" if plain(value) in ("square", "1") else _no_ratio(value.strip())
    return _ratio_text(parts[1].replace(",", "."), parts[2].replace(",", ".")) or _no_ratio(value)


def _ratio_from_time(value: time | timedelta) -> Any:
    if isinstance(value, time):
        minutes, rest = value.hour * 60 + value.minute, value.second
    else:
        minutes, rest = divmod(round(value.total_seconds()), 60)
    if rest or minutes % 60 == 0:
        return Complaint(
            "ratio-changed", f"Excel changed this aspect ratio into the time {value}", _RATIO_FIX
        )
    return f"{minutes // 60}:{minutes % 60}"


def _ratio_text(width: str, height: str) -> str:
    wide, high = Fraction(width), Fraction(height)
    if not wide or not high:
        return ""
    if wide >= _PIXELS and high >= _PIXELS:
        reduced = wide / high
        return f"{reduced.numerator}:{reduced.denominator}"
    sides = [side.lstrip("0").rstrip(".") if "." not in side else side for side in (width, height)]
    return ":".join(sides)


def _no_ratio(seen: str) -> Complaint:
    return Complaint("no-ratio", f'The cell holds "{seen}", not an aspect ratio', _RATIO_FIX)


# --------------------------------------------------------------------------- dates

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_SERIAL_DAYS = range(36_526, 73_051)  # 2000 to 2099
_DATE_FIX = "type the date as 2026-11-23"


def day_order(typed: Iterable[Any]) -> str:
    """Tell whether `3/4/2026` is written day first ("dm") or month first ("md") in a column."""
    orders: set[str] = set()
    for value in typed:
        parts = _YEAR_LAST.fullmatch(value.strip()) if type(value) is str else None
        if parts is not None and int(parts[1]) > 12:
            orders.add("dm")
        elif parts is not None and int(parts[3]) > 12:
            orders.add("md")
    return orders.pop() if len(orders) == 1 else ""


def day(order: str = "", *, epoch: date = date(1899, 12, 30)) -> Reader:
    """Make a reader of dates; `order` settles `3/4/2026`, `epoch` is day 0 of the workbook."""

    def read(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, (int, float)) and int(value) in _SERIAL_DAYS:
            return epoch + timedelta(days=int(value))
        return _typed_day(value.strip(), order) if type(value) is str else _no_date(spelled(value))

    return read


def _typed_day(typed: str, order: str) -> Any:
    try:
        if parts := _YEAR_FIRST.fullmatch(typed):
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        if parts := _YEAR_LAST.fullmatch(typed):
            first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
            # Where dots stand between the parts, the day comes first in every country.
            known = "dm" if parts[2] == "." or first > 12 else "md" if second > 12 else order
            if not known and first != second:
                return Complaint(
                    "two-meanings",
                    f'"{typed}" can be {date(year, second, first)} or {date(year, first, second)}',
                    _DATE_FIX,
                )
            return date(year, second, first) if known == "dm" else date(year, first, second)
        for shape in ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"):
            try:
                return datetime.strptime(typed, shape).date()  # noqa: DTZ007 - a day, no clock
            except ValueError:
                continue
    except ValueError:
        pass
    return _no_date(typed)


def _no_date(seen: str) -> Complaint:
    return Complaint("no-date", f'The cell holds "{seen}", not a date', _DATE_FIX)


# --------------------------------------------------------------------------- tiers


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
