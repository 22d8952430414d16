"""Calendar months: the unit of budgets, caps and reviews."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tierbook.errors import UsageError

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, 1-based."""

    year: int
    number: int

    @classmethod
    def parse(cls, typed: str) -> "Month":
        """Read `2026-11`.

        Raises:
            UsageError: It is no month.
        """
        found = _MONTH.fullmatch(typed.strip())
        if found is None or not 1 <= int(found[2]) <= 12 or not int(found[1]):
            raise UsageError(f'"{typed}" is no month.', fix="write it as 2026-11.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """Name the month of a day."""
        return cls(day.year, day.month)

    def before(self, months: int = 1) -> "Month":
        """Go back that many months."""
        count = self.year * 12 + self.number - 1 - months
        return Month(count // 12, count % 12 + 1)

    def not_after(self, today: date) -> "Month":
        """Return the month itself where it has begun.

        Raises:
            UsageError: It is still to come.
        """
        if self > Month.of(today):
            raise UsageError(
                f"{self.name} is still to come.",
                fix=f"name {Month.of(today).key} or an earlier one.",
            )
        return self

    @property
    def key(self) -> str:
        """Spell it as the ledger does: `2026-11`."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def name(self) -> str:
        """Spell it for a person: `November 2026`."""
        return f"{self.first:%B} {self.year}"

    @property
    def short(self) -> str:
        """Spell it for a chart: `Nov 2026`."""
        return f"{self.first:%b} {self.year}"

    @property
    def days(self) -> int:
        """Count its days."""
        return monthrange(self.year, self.number)[1]

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, self.days)


def local_day(moment: datetime, time_zone: str) -> date:
    """Tell on which day of the seller's calendar a moment falls."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
