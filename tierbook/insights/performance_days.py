"""Find the days a report speaks of: in its rows, or in the lines above its headings."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from tierbook.catalogs.tables import cell_text
from tierbook.workbook.days import day, day_order

# How many lines above the headings may name the period.
_LINES_ABOVE: Final = 12
_NUMBERED: Final = (
    re.compile(r"\b(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})"),
    re.compile(r"\b(20\d{2})(\d{2})(\d{2})\b"),
)
_NAMED: Final = (
    re.compile(r"\b(?P<month>[^\W\d]{3,10})\.? (?P<day>\d{1,2}), (?P<year>20\d{2})\b"),
    re.compile(
        r"\b(?P<day>\d{1,2})\.? (?:de |of )?(?P<month>[^\W\d]{3,10})\.? (?:de )?(?P<year>20\d{2})\b"
    ),
)
# How the months begin in English, German, French, Spanish, Italian, Portuguese and Dutch.
_MONTHS: Final = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("mai", "may", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)


class DaysOf:
    """Reads the days of a table; the column's own texts settle which number is the month."""

    def __init__(self, rows: Sequence[Sequence[Any]], columns: Sequence[int]) -> None:
        texts = [cell_text(row[c - 1]) for row in rows for c in columns if c <= len(row)]
        self._read = day(day_order(texts))

    def of(self, row: Sequence[Any], columns: Sequence[int]) -> date | None:
        """Return the day in the first filled column, None where none can be read."""
        for column in columns:
            value = row[column - 1] if column <= len(row) else ""
            if value:
                found = self._read(value)
                return found if isinstance(found, date) else None
        return None


def period_above(above: Sequence[Sequence[Any]]) -> tuple[date | None, date | None]:
    """Find the first and last day in the lines above the headings, the nearest ones."""
    texts = [cell_text(value) for row in above[-_LINES_ABOVE:] for value in row]
    for shape in (*_NUMBERED, *_NAMED):
        days = [found for text in texts for match in shape.finditer(text) if (found := _day(match))]
        if days:
            return (days[-2], days[-1]) if len(days) > 1 else (days[0], days[0])
    return None, None


def _day(match: "re.Match[str]") -> date | None:
    named = match.groupdict()
    year, number = (named["year"], named["day"]) if named else (match[1], match[3])
    month = _month(named["month"]) if named else int(match[2])
    try:
        return date(int(year), month, int(number))
    except ValueError:
        return None


def _month(word: str) -> int:
    """Tell the number of a month by how its name begins, 0 where it is none."""
    folded = word.casefold()
    places = (n for n, starts in enumerate(_MONTHS, 1) if folded.startswith(starts))
    return next(places, 0)
