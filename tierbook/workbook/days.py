"""Read dates as people type them; what can be two days is reported."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tierbook.configuration.cells import EPOCH, serial_day
from tierbook.workbook.values import Complaint, Reader, spelled

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
EPOCH_1904 = date(1904, 1, 1)  # day 0 of serial dates in files of old Macs
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


def day(order: str = "", *, epoch: date = EPOCH) -> Reader:
    """Make a reader of dates; `order` settles `3/4/2026`, `epoch` is day 0 of the workbook."""

    def read(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if type(value) is str:
            return _typed_day(value.strip(), order)
        return serial_day(value, epoch) or _no_date(spelled(value))

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
