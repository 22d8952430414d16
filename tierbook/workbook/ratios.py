"""Read aspect ratios, also those a spreadsheet turned into a time or a date."""

import re
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any

from tierbook.workbook.values import Complaint, spelled
from tierbook.workbook.words import plain

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
)
_RATIO_FIX = 'format the cell as Text and type the ratio, such as "4:5" or "16:9"'


def ratio(value: Any) -> Any:
    """Read an aspect ratio as "W:H": `16:9`, `16 x 9`, `1080x1350`, or the time made of it."""
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
