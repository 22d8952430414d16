"""Adds up the work of a run by tier, placement, category, channel and engine.

Everything is exact: integer micro-USD, whole pictures. The totals of each grouping are equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import (
    ACTUAL_COST,
    CATEGORY,
    CHANNEL,
    ENGINE,
    PLACEMENT,
    REVIEW,
)
from tierbook.costing.bill import SAMPLE_SHARE
from tierbook.model import MICRO, Answers, Column, MicroUsd

# A table of the summary is read, not searched: the tail of a long one is one line.
MOST_LINES: Final = 12
UNNAMED: Final = ""

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """The decided requests alone; every array has one entry a decided request.

    `priced` is False where a request waits (no price, over its budget) and so costs nothing in
    the estimate. `minutes` is a person's expected time. `actual` is -1 where nothing was paid or
    nobody knows. `groups` holds the columns that totals are grouped by, `rows` the sheet rows.
    """

    rows: NDArray[np.int64]
    tier: NDArray[np.int64]
    images: Amounts
    priced: NDArray[np.bool_]
    estimate: Amounts
    redo: Amounts
    review: Amounts
    minutes: NDArray[np.float64]
    baseline: Amounts
    actual: Amounts
    approved: NDArray[np.bool_]
    exactness: Column
    groups: Mapping[str, Column]

    @property
    def any_actual(self) -> bool:
        """Tell whether any picture has a known actual cost."""
        return bool((self.actual >= 0).any())


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals of some requests; amounts in micro-USD."""

    label: str
    requests: int
    images: int
    held: int
    priced_images: int
    estimate: MicroUsd
    redo: MicroUsd
    review: MicroUsd
    baseline: MicroUsd
    actual: MicroUsd
    minutes: float

    @property
    def all_in(self) -> MicroUsd:
        """The estimate with redone pictures and a person's minutes on top."""
        return self.estimate + self.redo + self.review


@dataclass(frozen=True, slots=True)
class Grouping:
    """The lines of one table, dearest first; `others` adds up the `folded` groups of the tail.

    `members` names the line of each decided request, -1 for the tail.
    """

    lines: tuple[Sums, ...]
    members: NDArray[np.int64]
    others: Sums | None = None
    folded: int = 0


def decided_work(answers: Answers) -> Work:
    """Take the decided requests out of all that a run says."""
    decisions, bill, requests = answers.decisions, answers.bill, answers.requests
    decided = decisions.tier >= 1
    priced = (bill.per_image >= 0) & (bill.held == "")
    return Work(
        rows=requests.rows[decided],
        tier=decisions.tier[decided].astype(np.int64),
        images=decisions.images[decided].astype(np.int64),
        priced=priced[decided],
        estimate=np.where(priced, bill.estimate, 0)[decided],
        redo=bill.redo[decided],
        review=bill.review[decided],
        minutes=np.where(priced, _review_minutes(answers), 0.0)[decided],
        baseline=bill.baseline[decided],
        actual=actual_costs(answers)[decided],
        approved=_approved(answers)[decided],
        exactness=bill.exactness[decided],
        groups={
            PLACEMENT: requests.column(PLACEMENT)[decided],
            CATEGORY: requests.column(CATEGORY)[decided],
            CHANNEL: requests.column(CHANNEL)[decided],
            ENGINE: decisions.engine[decided],
        },
    )


def by_tier(work: Work, tiers: tuple[int, ...]) -> Grouping:
    """Add up each tier, also one that has no work."""
    line_of = {tier: line for line, tier in enumerate(tiers)}
    members = np.array([line_of[tier] for tier in work.tier.tolist()], dtype=np.int64)
    return Grouping(tuple(_sums(work, members, [str(tier) for tier in tiers])), members)


def by_column(work: Work, heading: str, most: int = MOST_LINES) -> Grouping:
    """Add up each name of a column, compared without case or outer spaces."""
    members, labels = _coded(work.groups[heading])
    sums = _sums(work, members, labels)
    order = sorted(range(len(sums)), key=lambda line: _dearest_first(sums[line]))
    # One name more than fits is shown rather than folded into a line of its own.
    kept = order if len(order) <= most + 1 else order[:most]
    rank = np.full(len(sums) + 1, -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    members = rank[members] if len(members) else members
    tail = members == -1
    others = _sums(work, np.where(tail, 0, -1), [""])[0] if tail.any() else None
    lines = tuple(sums[line] for line in kept)
    return Grouping(lines, members, others, len(sums) - len(kept))


def total(work: Work) -> Sums:
    """Add up everything."""
    return _sums(work, np.zeros(len(work.tier), dtype=np.int64), ["Total"])[0]


def actual_costs(answers: Answers) -> Amounts:
    """Find what each request really cost, in micro-USD; -1 where that is not known.

    This run's payments come as micro-USD; those of earlier runs are dollars in the sheet.
    """
    costs = np.full(len(answers.requests), -1, dtype=np.int64)
    earlier = answers.requests.outputs.get(ACTUAL_COST)
    for source, factor in ((earlier, MICRO), (answers.extra.get(ACTUAL_COST), 1)):
        if source is None:
            continue
        for index, amount in enumerate(source):
            if isinstance(amount, int | float | np.integer) and not isinstance(amount, bool):
                costs[index] = round(amount * factor)
    return costs


def _review_minutes(answers: Answers) -> NDArray[np.float64]:
    """Expect a person's minutes on each request: one look at all candidates of a picture."""
    decisions = answers.decisions
    expected = np.zeros(len(decisions), dtype=np.float64)
    for tier in answers.configuration.tiers:
        for mode, share in (("human", 1.0), ("sample", float(SAMPLE_SHARE))):
            rows = (decisions.tier == tier.number) & (decisions.review == mode)
            pictures = -(-decisions.images[rows].astype(np.int64) // max(1, tier.candidates))
            expected[rows] = pictures * float(tier.review_minutes) * share
    return expected


def _approved(answers: Answers) -> NDArray[np.bool_]:
    column = answers.extra.get(REVIEW, answers.requests.outputs.get(REVIEW))
    if column is None:
        return np.zeros(len(answers.requests), dtype=np.bool_)
    return np.array([str(word).strip().lower() == "approve" for word in column], dtype=np.bool_)


def _coded(column: Column) -> tuple[NDArray[np.int64], list[str]]:
    """Number the names of a column, and give the first spelling of each."""
    labels: list[str] = []
    line_of: dict[str, int] = {}
    known: dict[str, int] = {}
    codes: list[int] = []
    for value in column.tolist():
        spelling = UNNAMED if value is None else str(value)
        line = known.get(spelling)
        if line is None:
            trimmed = spelling.strip()
            line = known[spelling] = line_of.setdefault(trimmed.lower(), len(labels))
            if line == len(labels):
                labels.append(trimmed)
        codes.append(line)
    return np.array(codes, dtype=np.int64), labels


def _dearest_first(sums: Sums) -> tuple[int, int, str]:
    return (-sums.estimate, -sums.images, sums.label.lower())


def _sums(work: Work, members: NDArray[np.int64], labels: list[str]) -> list[Sums]:
    inside = members >= 0
    lines = members[inside]

    def added(amounts: NDArray[np.int64] | NDArray[np.bool_]) -> list[int]:
        sums = np.zeros(len(labels), dtype=np.int64)
        np.add.at(sums, lines, amounts[inside].astype(np.int64))
        return sums.tolist()

    columns = zip(
        labels,
        added(inside),
        added(work.images),
        added(~work.priced),
        added(np.where(work.priced, work.images, 0)),
        added(work.estimate),
        added(work.redo),
        added(work.review),
        added(work.baseline),
        added(np.maximum(work.actual, 0)),
        np.bincount(lines, work.minutes[inside], len(labels)).tolist(),
        strict=True,
    )
    return [Sums(*column) for column in columns]
