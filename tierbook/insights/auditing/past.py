"""Pictures of the past: when each was made, what it cost, and what the rubric says of it today."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from tierbook import contract, placements
from tierbook.insights.history import Picture
from tierbook.model import Answers, CellRef, Column, MicroUsd, Problem
from tierbook.workbook.days import day, day_order
from tierbook.workbook.headings import heading_key
from tierbook.workbook.numbers import decimal_mark, money
from tierbook.workbook.values import Complaint, Reader, read_column

# Headings of a day and of an amount in lists of past pictures, the clearest first.
DATE_HEADINGS: Final = (
    "Date", "Created", "Created on", "Created at", "Made on", "Date made", "Shot on", "Shoot date",
    "Delivered", "Delivered on", "Delivery date", "Invoice date", "Paid on", "Order date",
    "Ordered", "Ordered on", "Published", "Uploaded", "Datum", "Erstellt", "Erstellt am",
    "Rechnungsdatum", "Fecha", "Data", "Date de création", "Дата", "日付", "日期",
)  # fmt: skip
COST_HEADINGS: Final = (
    "Cost", "Price paid", "Paid", "Amount paid", "Cost per image", "Image cost", "Picture cost",
    "Cost USD", "Actual cost", "Invoice amount", "Amount", "Fee", "Total", "Total cost", "Spend",
    "Spent", "Kosten", "Bezahlt", "Betrag", "Coste", "Costo", "Coût", "Custo", "Стоимость", "費用",
    "费用",
)  # fmt: skip
# How many cells that cannot be read are told one by one.
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class PastPicture:
    """One picture, or one line of pictures, of the past.

    Attributes:
        index: The place of its row in the request table.
        pictures: How many it stands for.
        day: When it was made, None where the list does not say.
        cost: What was paid for it, in micro-USD, None where the list does not say.
        tier: What the rubric gives it today: 1, 2, 3, `HOLD_TIER` or `NO_TIER`.
        routed: What it would cost routed, expected redos included; None where it would wait.
        review: What a person's look at it would cost on top.
        made: Whether a picture came out; False for a try that failed.
        why: Why it would wait, or the rule's reason.
    """

    index: int
    sku: str
    placement: str
    group: str
    category: str
    pictures: int
    day: date | None
    cost: MicroUsd | None
    tier: int
    routed: MicroUsd | None
    review: MicroUsd
    made: bool
    why: str


def past_of_sheet(answers: Answers) -> tuple[tuple[PastPicture, ...], tuple[Problem, ...]]:
    """Take the rows of a sheet that has a column of days or of costs as pictures of the past.

    Returns:
        Nothing where the sheet has neither column: then its rows are wishes, not a past.
    """
    requests = answers.requests
    days_at = _find(requests.columns, DATE_HEADINGS)
    costs_at = _find(requests.columns, COST_HEADINGS)
    if not days_at and not costs_at:
        return (), ()
    problems: list[Problem] = []
    days = _read(answers, days_at, lambda column: day(day_order(column)), problems)
    currency = answers.configuration.settings.currency
    costs = _read(answers, costs_at, lambda column: money(decimal_mark(column), currency), problems)
    facts = _Facts(answers)
    return (
        tuple(facts.picture(index, days[index], costs[index]) for index in range(len(requests))),
        tuple(problems),
    )


def past_of_history(answers: Answers, history: Sequence[Picture]) -> tuple[PastPicture, ...]:
    """Take what the record of payments knows as pictures of the past, tries that failed too.

    What a row would cost routed counts once for each of its pictures, not for each try.
    """
    facts = _Facts(answers)
    found: list[PastPicture] = []
    for one in history:
        if one.removed:
            continue  # the sheet cannot say what it would be routed as
        line = facts.picture(one.index, one.day, one.cost)
        share = max(1, int(answers.decisions.images[one.index]))
        counts = one.made and not one.again
        routed = None if line.routed is None else line.routed // share * counts
        found.append(
            replace(
                line,
                pictures=int(one.made),
                routed=routed,
                review=line.review // share * counts,
                made=one.made,
            )
        )
    return tuple(found)


def rows_made(past: Iterable[PastPicture]) -> frozenset[int]:
    """Name the rows that have a picture: made on a known day, or paid for."""
    return frozenset(
        one.index for one in past if one.made and (one.day is not None or one.cost is not None)
    )


class _Facts:
    """Finds what today's answers say of a row."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._groups: dict[str, str] = {}

    def picture(self, index: int, made_on: date | None, cost: MicroUsd | None) -> PastPicture:
        """Join a row with the day it was made on and what it cost."""
        answers = self._answers
        requests, decisions, bill = answers.requests, answers.decisions, answers.bill
        placement = str(requests.column(contract.PLACEMENT)[index] or "")
        waits = int(decisions.tier[index]) < 1 or bool(bill.held[index])
        return PastPicture(
            index=index,
            sku=str(requests.column(contract.SKU)[index] or ""),
            placement=placement,
            group=self._group(placement),
            category=str(requests.column(contract.CATEGORY)[index] or ""),
            pictures=max(1, int(requests.column(contract.ANGLES)[index] or 1)),
            day=made_on,
            cost=cost,
            tier=int(decisions.tier[index]),
            routed=None if waits else int(bill.estimate[index] + bill.redo[index]),
            review=0 if waits else int(bill.review[index]),
            made=True,
            why=str(bill.held[index] or decisions.why[index] or ""),
        )

    def _group(self, placement: str) -> str:
        if placement not in self._groups:
            known = placements.group(self._answers.configuration.placements, placement)
            self._groups[placement] = known or placement
        return self._groups[placement]


def _find(columns: Mapping[str, Column], headings: Sequence[str]) -> str:
    """Find the clearest of the headings among those of a sheet, "" where there is none."""
    known = {heading_key(heading): heading for heading in reversed(list(columns))}
    wanted = (heading_key(heading) for heading in headings)
    return next((known[key] for key in wanted if key in known), "")


def _read(
    answers: Answers,
    heading: str,
    reader: Callable[[Sequence[Any]], Reader],
    problems: list[Problem],
) -> list[Any]:
    """Read a column; what cannot be read is left out and told with its cell."""
    requests = answers.requests
    column: list[Any] = requests.column(heading).tolist() if heading else [None] * len(requests)
    values, complaints = read_column(column, reader(column))
    for index, complaint in complaints[:_MOST_TOLD]:
        problems.append(_unread(requests.cell(index, heading), heading, complaint))
    if len(complaints) > _MOST_TOLD:
        more = len(complaints) - _MOST_TOLD
        problems.append(
            Problem(
                "unread-past",
                "warning",
                f'{more} more cells of column "{heading}" could not be read.',
                "correct them as the others.",
                CellRef(requests.sheet, 0, requests.letters.get(heading, 0)),
            )
        )
    return [value.value if isinstance(value, Complaint) else value for value in values]


def _unread(cell: CellRef, heading: str, complaint: Complaint) -> Problem:
    return Problem(
        complaint.code,
        "warning",
        f'{complaint.message}; column "{heading}" was not counted for this row.',
        f"{complaint.fix}.",
        cell,
    )
