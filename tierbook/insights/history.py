"""What became of the pictures of a workbook, as plain values: the ground of every metric.

The ledger knows what was paid and what people said; the workbook knows which rule, template and
category a picture belongs to. Both meet here, once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from tierbook import contract
from tierbook.generation import Ledger
from tierbook.generation.ledger import MADE, Attempt
from tierbook.generation.ledger.records import Review, Routing, Spend
from tierbook.insights.months import Month, local_day
from tierbook.model import Answers, MicroUsd, Tier

APPROVE, REJECT, REDO = contract.REVIEW_DECISIONS


@dataclass(frozen=True, slots=True)
class Picture:
    """One attempt to make a picture of a row that is still in the sheet.

    Attributes:
        request_id, index: The row it was made for, and that row's place in the request table.
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

    def unseen(self) -> "Picture":
        """Return the picture as it was before anyone had looked at it."""
        return replace(self, decision="", reason="", reviewed_at=None)


@dataclass(frozen=True)
class History:
    """All that is known of a workbook's pictures.

    Attributes:
        pictures: Those of rows still in the sheet, oldest first.
        spend: What the workbook came to by month and tier, removed rows included.
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
    attempts = {name: _of_workbook(found, path) for name, found in by_request.items()}
    reviews = ledger.reviews(one.attempt for found in attempts.values() for one in found)
    moved = {one.workbook for found in attempts.values() for one in found}
    return History(
        pictures=pictures_of(answers, attempts, reviews, ledger.routings()),
        spend=tuple(one for one in ledger.spend() if one.workbook in moved | {str(path)}),
        counted={month.key: ledger.counted(month=month.key) for month in months},
    )


def _of_workbook(attempts: Sequence[Attempt], path: Path) -> list[Attempt]:
    own = [one for one in attempts if one.workbook == str(path)]
    return own or [one for one in attempts if not Path(one.workbook).exists()]


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
    rules = {routing.request_id: routing.rule for routing in routings}
    look = _Lookup(answers, rules)
    seen: set[int] = set()
    found: list[Picture] = []
    for index, name in enumerate(answers.request_id.tolist()):
        if name in attempts and id(attempts[name]) not in seen:
            seen.add(id(attempts[name]))
            found += look.pictures(index, str(name), attempts[name], reviews)
    return tuple(sorted(found, key=lambda one: (one.day, one.index)))


class _Lookup:
    """Finds what the workbook says of a request, by its index."""

    def __init__(self, answers: Answers, rules: Mapping[str, str]) -> None:
        self._answers = answers
        self._rules = rules
        configuration = answers.configuration
        self._zone = configuration.settings.time_zone
        self._groups = _group_finder(answers)
        self._reviews = answers.extra.get(contract.REVIEW)
        self._reasons = answers.extra.get(contract.REVIEW_REASON)
        if self._reviews is None:
            self._reviews = answers.requests.column(contract.REVIEW)
            self._reviews = answers.requests.outputs.get(contract.REVIEW, self._reviews)
            self._reasons = answers.requests.outputs.get(contract.REVIEW_REASON)

    def pictures(
        self,
        index: int,
        request_id: str,
        attempts: Sequence[Attempt],
        reviews: Mapping[str, Review],
    ) -> list[Picture]:
        """Join the attempts of one row."""
        answers = self._answers
        bill, requests, decisions = answers.bill, answers.requests, answers.decisions
        images = max(1, int(decisions.images[index]))
        baseline = int(bill.baseline[index]) // images or None
        placement = str(requests.column(contract.PLACEMENT)[index] or "")
        newest = {one.variant: one.attempt for one in attempts if one.state in MADE}
        rounds: Counter[int] = Counter()
        unsettled: set[int] = set()
        found: list[Picture] = []
        for one in attempts:
            made = one.state in MADE
            review = reviews.get(one.attempt) or self._typed(index, one, newest)
            found.append(
                Picture(
                    request_id=request_id,
                    index=index,
                    sku=str(requests.column(contract.SKU)[index]),
                    month=one.month,
                    day=local_day(one.created, self._zone),
                    tier=one.tier,
                    number=one.variant,
                    round=rounds[one.variant],
                    again=one.variant in unsettled,
                    made=made,
                    cost=one.counted,
                    baseline=baseline,
                    decision=review.decision if review and made else "",
                    reason=review.reason if review and made else "",
                    reviewed_at=review.at if review and made else None,
                    rule=self._rules.get(request_id) or str(decisions.rule[index] or ""),
                    template=str(decisions.template[index] or ""),
                    placement=placement,
                    group=self._groups(placement),
                    category=str(requests.column(contract.CATEGORY)[index] or ""),
                )
            )
            rounds[one.variant] += made
            if made and review is not None and review.decision == APPROVE:
                unsettled.discard(one.variant)
            elif made:
                unsettled.add(one.variant)
        return found

    def _typed(self, index: int, attempt: Attempt, newest: Mapping[int, str]) -> Review | None:
        """Take the word of the sheet's Review column for the newest picture of each number."""
        if self._reviews is None or newest.get(attempt.variant) != attempt.attempt:
            return None
        word = str(self._reviews[index] or "").strip().casefold()
        if word not in contract.REVIEW_DECISIONS:
            return None
        reason = "" if self._reasons is None else str(self._reasons[index] or "").strip()
        return Review(attempt.attempt, word, reason, "", attempt.changed)


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
