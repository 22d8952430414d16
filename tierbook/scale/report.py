"""What a run over a big table comes to, added up part by part."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from tierbook.costing.limits import cap_problems
from tierbook.model import Bill, Configuration, MicroUsd, Problem, usd_rounded


@dataclass(frozen=True, slots=True)
class TierTotal:
    """Rows, pictures and their price in one tier."""

    requests: int = 0
    images: int = 0
    estimate_micro_usd: MicroUsd = 0

    def __add__(self, other: "TierTotal") -> "TierTotal":
        return TierTotal(
            self.requests + other.requests,
            self.images + other.images,
            self.estimate_micro_usd + other.estimate_micro_usd,
        )


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """One kind of problem: how many rows have it, and the first of them.

    `rows` is 0 where the problem is of the table or the settings and not of rows; `first_row` is
    1-based.
    """

    code: str
    severity: str
    rows: int
    first_row: int
    message: str
    fix: str

    def merged(self, other: "ProblemCount") -> "ProblemCount":
        """Count the rows of both, in the words of the first row."""
        # The words of the same row, whichever part was finished first.
        first = min(self, other, key=lambda count: (count.first_row, count.message))
        return replace(first, rows=self.rows + other.rows)


Told: TypeAlias = dict[str, ProblemCount]


@dataclass(frozen=True)
class Totals:
    """The totals of some rows of a table; they add up in any order.

    Attributes:
        rows: All rows, requests or not.
        tiers: By tier number, 0 for rows on hold, -1 for undecided ones.
        baseline_micro_usd: What one model for everything would cost.
        problems: By code (and place, for those of the table).
    """

    rows: int = 0
    tiers: Mapping[int, TierTotal] = field(default_factory=dict[int, TierTotal])
    baseline_micro_usd: MicroUsd = 0
    problems: Mapping[str, ProblemCount] = field(default_factory=dict[str, ProblemCount])

    def __add__(self, other: "Totals") -> "Totals":
        tiers = dict(self.tiers)
        for number, total in other.tiers.items():
            tiers[number] = tiers.get(number, TierTotal()) + total
        problems = dict(self.problems)
        for key, count in other.problems.items():
            problems[key] = problems[key].merged(count) if key in problems else count
        return Totals(
            self.rows + other.rows,
            dict(sorted(tiers.items())),
            self.baseline_micro_usd + other.baseline_micro_usd,
            dict(sorted(problems.items())),
        )

    @property
    def estimate_micro_usd(self) -> MicroUsd:
        """The price of all rows."""
        return sum(total.estimate_micro_usd for total in self.tiers.values())

    def as_json(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Totals":
        """Read what `as_json` gave."""
        return cls(
            kept["rows"],
            {int(number): TierTotal(**total) for number, total in kept["tiers"].items()},
            kept["baseline_micro_usd"],
            {key: ProblemCount(**count) for key, count in kept["problems"].items()},
        )


def of_table(problems: Iterable[Problem]) -> dict[str, ProblemCount]:
    """Count problems of no single row: each once."""
    counts: dict[str, ProblemCount] = {}
    for one in problems:
        # Of a settings tab each cell counts; of the table, the first row speaks for its column.
        cell = one.cell if one.cell is None or one.cell.sheet else replace(one.cell, row=0)
        place = f"{cell.sheet}!{cell.a1}" if cell else ""
        counts.setdefault(
            f"{one.code} {place}",
            ProblemCount(one.code, one.severity, 0, 0, one.message, one.fix),
        )
    return counts


def over_caps(totals: Totals, configuration: Configuration) -> list[Problem]:
    """Hold the totals against every cap, as one bill with a row a tier."""
    numbers = list(totals.tiers)
    amounts = np.array([totals.tiers[n].estimate_micro_usd for n in numbers], np.int64)
    nothing, blank = np.zeros_like(amounts), np.full(len(numbers), "", object)
    bill = Bill(amounts, amounts, nothing, nothing, nothing, blank, blank, blank)
    return list(cap_problems(bill, np.array(numbers, np.int8), configuration))


@dataclass(frozen=True)
class ScaleReport:
    """What a run over a big table did.

    Attributes:
        source, target: The table, and the folder of Parquet parts with the answers.
        totals: All parts together.
        parts: How many parts the target has.
        resumed: How many of them an earlier run had finished.
        why: Which router decided, and why.
    """

    source: str
    target: str
    totals: Totals
    parts: int
    resumed: int = 0
    why: str = ""

    @property
    def rows(self) -> int:
        """All rows of the table."""
        return self.totals.rows

    @property
    def estimate_micro_usd(self) -> MicroUsd:
        """The price of all pictures."""
        return self.totals.estimate_micro_usd

    @property
    def exit_code(self) -> int:
        """0 when every row was answered, 1 when some have errors."""
        return int(any(one.severity == "error" for one in self.totals.problems.values()))

    def by_tier(self) -> dict[str, dict[str, int]]:
        """Count requests, images and the estimate of each tier, as `tierbook run` does."""
        tiers = self.totals.tiers.items()
        return {str(number): asdict(total) for number, total in tiers if number > 0}

    def told(self) -> str:
        """Say in a few lines what was decided."""
        lines = [f"{self.rows:,} rows: {usd_rounded(self.estimate_micro_usd)}"]
        lines += [self.why] if self.why else []
        for number, total in self.totals.tiers.items():
            name = {0: "on hold", -1: "undecided"}.get(number, f"tier {number}")
            price = usd_rounded(total.estimate_micro_usd)
            lines.append(f"  {name}: {total.requests:,} requests, {price}")
        for one in self.totals.problems.values():
            where = f" ({one.rows:,} rows, first row {one.first_row})" if one.rows else ""
            lines.append(f"{one.severity}[{one.code}]{where} {one.message} fix: {one.fix}")
        return "\n".join(lines)
