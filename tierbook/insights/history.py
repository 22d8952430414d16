"""What became of the pictures of a workbook, as plain values: the ground of every metric.

The ledger knows what was paid and what people said; the workbook knows which rule, template and
category a picture belongs to. Both meet here, once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tierbook import contract
from tierbook.generation import Ledger
from tierbook.generation.ledger import MADE, Attempt
from tierbook.generation.ledger.records import Review, Routing, Spend
from tierbook.generation.linking import of_workbook
from tierbook.insights.months import Month, local_day
from tierbook.model import Answers, Column, MicroUsd, Tier

APPROVE, REJECT, REDO = _DECISIONS = contract.REVIEW_DECISIONS
REMOVED = -1


@dataclass(frozen=True, slots=True)
class Picture:
    """One attempt to make a picture of the workbook.

    Attributes:
        request_id, index: The row it was made for, and that row's place in the request table;
            `REMOVED` where the row has been deleted since.
        month: The month its charge belongs to, as `2026-11`.
        day: The day it was started, in the seller's time zone.
        tier: The tier it was made in.
        number: Which picture of its row it is, from 1: angles times candidates.
        round: How many pictures of this row and number were made before it; 0 for the first.
        again: Whether it replaces one that was made and not approved.
        made: Whether a picture came out.
        cost: What counts for it, in micro-USD, charged or not yet confirmed.
        baseline: What one model for everything would cost for it, None where not known.
        decision: A word of `contract.REVIEW_DECISIONS`, "" where nobody has looked.
        reviewed_at: When that was said, None where nobody has looked.
        rule, template, placement, group, category: What it was routed by.
    """

    request_id: str
    index: int
    sku: str
    month: str
    day: date
    tier: int
    number: int
    round: int
    again: bool
    made: bool
    cost: MicroUsd
    baseline: MicroUsd | None
    decision: str
    reason: str
    reviewed_at: datetime | None
    rule: str
    template: str
    placement: str
    group: str
    category: str

    @property
    def reviewed(self) -> bool:
        """Tell whether a person approved it, rejected it or asked for another."""
        return bool(self.decision)

    @property
    def approved(self) -> bool:
        """Tell whether a person approved it."""
        return self.decision == APPROVE

    @property
    def removed(self) -> bool:
        """Tell whether its row is no longer in the sheet."""
        return self.index == REMOVED

    def unseen(self) -> "Picture":
        """Return the picture as it was before anyone had looked at it."""
        return replace(self, decision="", reason="", reviewed_at=None)


@dataclass(frozen=True)
class History:
    """All that is known of a workbook's pictures.

    Attributes:
        pictures: Oldest first; those of rows deleted since are known by the ledger alone.
        spend: What the workbook came to by month and tier.
        counted: What counts against the monthly cap by month, all workbooks together.
    """

    pictures: tuple[Picture, ...] = ()
    spend: tuple[Spend, ...] = ()
    counted: Mapping[str, MicroUsd] = field(default_factory=dict[str, MicroUsd])

    def of_month(self, month: Month) -> tuple[Picture, ...]:
        """Return the pictures of one month."""
        return tuple(one for one in self.pictures if one.month == month.key)


def recollect(ledger: Ledger, answers: Answers, workbook: Path, months: Sequence[Month]) -> History:
    """Read from the ledger what became of a workbook's pictures.

    Args:
        ledger: The seller's record of payments.
        answers: What the workbook says today.
        workbook: Its file. Attempts made for another file count only where that one is gone: a
            renamed workbook keeps its history, and two shops with equal SKUs keep theirs apart.
        months: The months whose count against the cap is wanted.
    """
    by_request = ledger.of_requests(str(one) for one in answers.request_id)
    path = workbook.absolute()
    attempts = {name: of_workbook(found, path) for name, found in by_request.items()}
    files = {one.workbook for found in attempts.values() for one in found} | {str(path)}
    for one in ledger.of_workbooks(files):
        if one.request_id not in by_request:
            attempts.setdefault(one.request_id, []).append(one)
    reviews = ledger.reviews(one.attempt for found in attempts.values() for one in found)
    return History(
        pictures=pictures_of(answers, attempts, reviews, ledger.routings()),
        spend=tuple(one for one in ledger.spend() if one.workbook in files),
        counted={month.key: ledger.counted(month=month.key) for month in months},
    )


def pictures_of(
    answers: Answers,
    attempts: Mapping[str, Sequence[Attempt]],
    reviews: Mapping[str, Review],
    routings: Iterable[Routing] = (),
) -> tuple[Picture, ...]:
    """Join attempts, by request id and oldest first, with what the workbook says of their rows.

    A word in the sheet's own Review column counts for the newest picture of a row where the
    ledger has none: sellers review in either place.
    """
    rows = _Rows(answers, routings)
    every = [
        *(rows.in_sheet(index) for index in _first_rows(answers) if rows.name(index) in attempts),
        *map(rows.removed, _without_row(answers, attempts)),
    ]
    found = [one for row in every for one in _pictures(row, attempts[row.request_id], reviews)]
    return tuple(sorted(found, key=lambda one: (one.day, one.index)))


def _first_rows(answers: Answers) -> Iterable[int]:
    """Name the rows once each: exact repeats of a request share its pictures."""
    return {str(name): index for index, name in reversed([*enumerate(answers.request_id)])}.values()


def _without_row(
    answers: Answers, attempts: Mapping[str, Sequence[Attempt]]
) -> list[Sequence[Attempt]]:
    named = {str(name) for name in answers.request_id}
    return [found for name, found in attempts.items() if found and name not in named]


@dataclass(frozen=True)
class _Row:
    """What is known of a row besides its pictures; `typed` is what its review cells say."""

    facts: Mapping[str, Any]
    zone: str
    typed: tuple[str, str] = ("", "")

    @property
    def request_id(self) -> str:
        return str(self.facts["request_id"])


class _Rows:
    """Finds what the workbook, or the ledger alone, says of a row."""

    def __init__(self, answers: Answers, routings: Iterable[Routing]) -> None:
        self._answers = answers
        self._routings = {routing.request_id: routing for routing in routings}
        self._zone = answers.configuration.settings.time_zone
        self._groups = _group_finder(answers)
        self._reviews = answers.extra.get(contract.REVIEW)
        self._reasons = answers.extra.get(contract.REVIEW_REASON)
        if self._reviews is None:
            self._reviews = answers.requests.column(contract.REVIEW)
            self._reviews = answers.requests.outputs.get(contract.REVIEW, self._reviews)
            self._reasons = answers.requests.outputs.get(contract.REVIEW_REASON)

    def name(self, index: int) -> str:
        """Name the request of a row."""
        return str(self._answers.request_id[index])

    def in_sheet(self, index: int) -> _Row:
        """Say what the sheet says of one of its rows."""
        requests, decisions = self._answers.requests, self._answers.decisions
        images = max(1, int(decisions.images[index]))
        placement = str(requests.column(contract.PLACEMENT)[index] or "")
        routed = self._routings.get(self.name(index))
        facts = {
            "request_id": self.name(index),
            "index": index,
            "sku": str(requests.column(contract.SKU)[index]),
            "baseline": int(self._answers.bill.baseline[index]) // images or None,
            "rule": (routed.rule if routed else "") or str(decisions.rule[index] or ""),
            "template": str(decisions.template[index] or ""),
            "placement": placement,
            "group": self._groups(placement),
            "category": str(requests.column(contract.CATEGORY)[index] or ""),
        }
        return _Row(facts, self._zone, (_word(self._reviews, index), _word(self._reasons, index)))

    def removed(self, attempts: Sequence[Attempt]) -> _Row:
        """Say what the ledger kept of a row that was deleted since."""
        last = attempts[-1]
        routed = self._routings.get(last.request_id)
        facts = {
            "request_id": last.request_id,
            "index": REMOVED,
            "sku": last.sku,
            "baseline": None,
            "rule": routed.rule if routed else "",
            "template": "",
            "placement": last.placement,
            "group": self._groups(last.placement),
            "category": str(routed.features.get(contract.CATEGORY) or "") if routed else "",
        }
        return _Row(facts, self._zone)


def _word(column: Column | None, index: int) -> str:
    return "" if column is None else str(column[index] or "").strip()


def _pictures(
    row: _Row, attempts: Sequence[Attempt], reviews: Mapping[str, Review]
) -> list[Picture]:
    """Join the attempts of one row, oldest first, with what was said of them."""
    newest = {one.variant: one.attempt for one in attempts if one.state in MADE}
    rounds: Counter[int] = Counter()
    unsettled: set[int] = set()
    found: list[Picture] = []
    for one in attempts:
        made = one.state in MADE
        is_newest = newest.get(one.variant) == one.attempt
        review = reviews.get(one.attempt) or (_typed(row, one) if is_newest else None)
        # A decision that was taken back is none.
        judged = review if made and review and review.decision in _DECISIONS else None
        found.append(
            Picture(
                **row.facts,
                month=one.month,
                day=local_day(one.created, row.zone),
                tier=one.tier,
                number=one.variant,
                round=rounds[one.variant],
                again=one.variant in unsettled,
                made=made,
                cost=one.counted,
                decision=judged.decision if judged else "",
                reason=judged.reason if judged else "",
                reviewed_at=judged.at if judged else None,
            )
        )
        rounds[one.variant] += made
        if judged is not None and judged.decision == APPROVE:
            unsettled.discard(one.variant)
        elif made:
            unsettled.add(one.variant)
    return found


def _typed(row: _Row, attempt: Attempt) -> Review | None:
    """Take the word of the sheet's Review column for the newest picture of each number."""
    word, reason = row.typed
    if word.casefold() not in _DECISIONS:
        return None
    return Review(attempt.attempt, word.casefold(), reason, "", attempt.changed)


def _group_finder(answers: Answers) -> Callable[[str], str]:
    from tierbook.placements import group

    known: dict[str, str] = {}

    def find(placement: str) -> str:
        if placement not in known:
            known[placement] = group(answers.configuration.placements, placement) or placement
        return known[placement]

    return find


def review_cost(tier: Tier | None, per_hour: MicroUsd, reviewed: int) -> MicroUsd:
    """Price a person's look at that many pictures of a tier, rounded up to a micro-dollar."""
    if tier is None:
        return 0
    top, bottom = (tier.review_minutes * per_hour * reviewed / 60).as_integer_ratio()
    return -(-top // bottom)
