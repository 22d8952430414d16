"""Say what the planned work can cost, before anyone says yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tierbook.generation.ledger import Caps
from tierbook.generation.work import Picture, Work
from tierbook.model import MicroUsd


@dataclass(frozen=True)
class TierBill:
    """The pictures of one tier and the most they can cost, in micro-USD."""

    pictures: int
    at_most: MicroUsd


@dataclass(frozen=True)
class WorkBill:
    """What this run can cost, in micro-USD.

    Attributes:
        pictures, free: Pictures to make; how many of them cost nothing.
        rows: Rows they belong to.
        done: Pictures the ledger has already, paid for before.
        held: Rows that make nothing, by sheet row, and why ("" where their status says it).
        at_most: The worst case of every picture with its first engine.
        by_exactness: The same, split into exact, bounded and estimate.
        by_tier: The same, by tier.
        month, month_counted: The month charged to, and what counts in it already.
        caps: What the run may not pass.
        fitting: How many of the pictures fit under every cap, in the order of the queue.
        unknown: Charges that wait for a decision, counted in `month_counted` where of this month.
    """

    pictures: int
    free: int
    rows: int
    done: int
    held: Mapping[int, str]
    at_most: MicroUsd
    by_exactness: Mapping[str, MicroUsd]
    by_tier: Mapping[int, TierBill]
    month: str
    month_counted: MicroUsd
    caps: Caps = field(default_factory=Caps)
    fitting: int = 0
    unknown: int = 0


def bill(work: Work) -> WorkBill:
    """Add up what the planned work can cost."""
    by_exactness: dict[str, MicroUsd] = dict.fromkeys(("exact", "bounded", "estimate"), 0)
    by_tier: dict[int, TierBill] = {}
    for picture in work.to_make:
        offer = picture.offers[0]
        by_exactness[offer.exactness] += offer.worst_case
        before = by_tier.get(picture.tier, TierBill(0, 0))
        by_tier[picture.tier] = TierBill(before.pictures + 1, before.at_most + offer.worst_case)
    return WorkBill(
        pictures=len(work.to_make),
        free=sum(picture.offers[0].free for picture in work.to_make),
        rows=len({picture.row for picture in work.to_make}),
        done=sum(len(row.known) for row in work.rows) - _taken_up(work),
        held={row.sheet_row: row.held for row in work.rows if not row.pictures},
        at_most=sum(by_exactness.values()),
        by_exactness=by_exactness,
        by_tier=dict(sorted(by_tier.items())),
        month=work.month,
        month_counted=work.month_counted,
        caps=work.caps,
        fitting=_fitting(work),
        unknown=len(work.waiting_for_decision),
    )


def _taken_up(work: Work) -> int:
    known = {row.index: row.known for row in work.rows}
    return sum(picture.number in known[picture.row] for picture in work.to_make)


def _fitting(work: Work) -> int:
    """Count the pictures that fit under the caps, as the ledger would let them."""
    run, month = 0, work.month_counted
    of_tier: dict[int, MicroUsd] = {}
    fitting = 0
    for picture in work.to_make:
        cost = picture.offers[0].worst_case
        spent = of_tier.get(picture.tier, 0)
        if cost and not _fits(work.caps, picture, run + cost, month + cost, spent + cost):
            continue
        run, month, of_tier[picture.tier] = run + cost, month + cost, spent + cost
        fitting += 1
    return fitting


def _fits(caps: Caps, picture: Picture, run: MicroUsd, month: MicroUsd, of_tier: MicroUsd) -> bool:
    # What a tier was charged before in this month is the ledger's to say when it reserves.
    limits = (
        (caps.run, run),
        (caps.month, month),
        (caps.tier.get(picture.tier), of_tier),
        (caps.run_tier.get(picture.tier), of_tier),
    )
    return all(cap is None or amount <= cap for cap, amount in limits)
