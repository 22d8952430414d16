"""The cost summary's check of its own prices: what pictures were expected to cost, and did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tierbook.model import Answers, MicroUsd
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs.look import STATUS_TINTS
from tierbook.workbook.tabs.pen import Pen, count, money, percent, text

# Providers round and bill by use; a price that is off by more wants to be looked up again.
DRIFT_LIMIT: Final = 0.02


@dataclass(frozen=True, slots=True)
class Drift:
    """The pictures of one engine: how many, what was estimated for them, what they came to."""

    engine: str
    pictures: int
    estimate: MicroUsd
    actual: MicroUsd

    @property
    def share(self) -> float:
        """How far the actual cost lies above (or below) the estimate; 0 where nothing was due."""
        return (self.actual - self.estimate) / self.estimate if self.estimate else 0.0

    @property
    def too_far(self) -> bool:
        """Tell whether the price should be looked up again."""
        return abs(self.share) > DRIFT_LIMIT or (self.estimate == 0 and self.actual > 0)


def drifts(answers: Answers, results: Sequence[ResultRow]) -> list[Drift]:
    """Sum made pictures by engine; those whose row has no price today are left out."""
    price = {
        str(name): int(amount)
        for name, amount in zip(answers.request_id, answers.bill.per_image, strict=True)
    }
    sums: dict[str, tuple[int, int, int]] = {}
    for row in results:
        estimate = price.get(row.request_id, -1)
        if row.cost is None or estimate < 0:
            continue
        pictures, expected, actual = sums.get(row.engine, (0, 0, 0))
        sums[row.engine] = (pictures + 1, expected + estimate, actual + row.cost)
    return [Drift(engine, *sums[engine]) for engine in sorted(sums)]


def write_drift(pen: Pen, row: int, answers: Answers, results: Sequence[ResultRow]) -> int:
    """Write the table where pictures were made; return the row after."""
    found = drifts(answers, results)
    if not found:
        return row
    pen.section(row, "Estimate against actual")
    pen.headings(row + 1, ("Engine", "Pictures", "Estimate", "Actual", "Drift"))
    here = row + 2
    for one in found:
        fill = STATUS_TINTS["WARN"] if one.too_far else ""
        line = [
            text(one.engine, fill=fill),
            count(one.pictures),
            money(one.estimate),
            money(one.actual),
            percent(one.actual - one.estimate, one.estimate),
        ]
        pen.line(here, line)
        here += 1
    if any(one.too_far for one in found):
        pen.note(here, "Marked: off by more than 2 percent. Look the price up in the Price book.")
        here += 1
    return here + 1
