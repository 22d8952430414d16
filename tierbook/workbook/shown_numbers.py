"""Spell SKUs that are numbers in the sheet as their number format shows them: `00123`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([0#]+)|([- /.])')


def as_shown(values: Sequence[Any], formats: Mapping[int, str], first_row: int) -> list[Any]:
    """Replace the numbers of a column by what a person sees, where the format adds to them.

    Args:
        values: Cells of a column from sheet row `first_row` on.
        formats: Sheet row -> number format.
        first_row: Sheet row of the first value.
    """
    return [
        shown_number(value, formats[row])
        if row in formats and isinstance(value, (int, float)) and not isinstance(value, bool)
        else value
        for row, value in enumerate(values, first_row)
    ]


def shown_number(value: float, code: str) -> float | str:
    """Spell a whole number in a format of zeros and literals, such as `00000` or `"A-"000`.

    A scientific format gives the text `1.20E+11`: what such a cell held is lost. Any other format
    leaves the number as it is.
    """
    section = code.split(";")[0]
    if re.search(r"0E\+0", section):
        return f"{value:.2E}"
    tokens = _TOKEN.findall(section)
    covered = sum(len(match[0]) for match in _TOKEN.finditer(section))
    slots = sum(len(digits) for _, _, digits, _ in tokens)
    pads = "0" in "".join(digits for _, _, digits, _ in tokens)
    if covered != len(section) or "." in section or not pads or value != int(value) or value < 0:
        return value
    if slots == 1 and len(tokens) == 1:
        return value
    return _filled(str(int(value)).zfill(_least(tokens)), tokens)


def _least(tokens: Sequence[tuple[str, str, str, str]]) -> int:
    """Count the digits a format shows at least."""
    digits = "".join(run for _, _, run, _ in tokens)
    return len(digits.lstrip("#"))


def _filled(digits: str, tokens: Sequence[tuple[str, str, str, str]]) -> str:
    """Deal the digits out from the right; the leftmost run takes all that are left."""
    parts: list[str] = []
    runs_left = sum(bool(run) for _, _, run, _ in tokens)
    for quoted, escaped, run, literal in reversed(tokens):
        if not run:
            parts.append(quoted or escaped or literal)
            continue
        runs_left -= 1
        take = len(digits) if runs_left == 0 else len(run)
        parts.append(digits[len(digits) - take :])
        digits = digits[: len(digits) - take]
    return "".join(reversed(parts))
