"""Read numbers and money as people type them, whichever way round their commas and points go."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tierbook.model import MICRO
from tierbook.workbook.currencies import candidates
from tierbook.workbook.values import Complaint, Reader, spelled

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
    bare = (split_amount(value)[0] for value in typed if type(value) is str)
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

_AMOUNT = re.compile(
    r"(?P<before>[^\d+\-.,]*)(?P<amount>[+-]?[\d.,][\d.,' \u00a0\u202f]*)(?P<after>.*)"
)


def split_amount(typed: str) -> tuple[str, str]:
    """Part an amount from the sign or code of a currency beside it: `0,50 €` -> ("0,50", "€").

    A text with anything else beside its digits comes back whole.
    """
    text = typed.strip().replace("\u2212", "-")
    parts = _AMOUNT.fullmatch(text)
    if parts is None:
        return text, ""
    beside = parts["before"].strip() or parts["after"].strip()
    if beside and not candidates(beside):
        return text, ""
    return _bare(parts["amount"]), beside


def money(mark: str, currency: str = "USD") -> Reader:
    """Make a reader of money into micro-USD; amounts are never converted.

    Args:
        mark: The decimal mark of the column, as `decimal_mark` found it.
        currency: The workbook's own currency; another one beside an amount draws a warning.
    """

    def read(value: Any) -> Any:
        typed, sign = split_amount(value) if type(value) is str else (value, "")
        amount = number(typed, mark)
        if isinstance(amount, Complaint):
            return amount
        if amount < 0:
            return Complaint("below-zero", f'The cell holds "{spelled(value)}"', "type 0 or more")
        micro = int(amount * MICRO)
        if sign and not {currency, "USD"} & set(candidates(sign)):
            return Complaint(
                "other-currency",
                f'"{value.strip()}" was read as {typed} US dollars, not converted,',
                "type the amount in US dollars",
                "warning",
                micro,
            )
        return micro

    return read
