"""The audit of the last days: what was spent, what routing would have cost, what is missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tierbook.insights.auditing.past import PastPicture
from tierbook.insights.auditing.plan import PlanLine, ShelfLine, plan
from tierbook.insights.auditing.shelf import Measured, Product, top_sellers
from tierbook.model import Configuration, MicroUsd, Problem

DAYS = 90
NOTHING_MEASURED = Measured()


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Pictures of one kind, or of one tier; amounts in micro-USD.

    Attributes:
        pictures, paid: All of them, and what was paid for those whose cost is known.
        costed: Pictures whose cost is known.
        cheap, cheap_paid: Pictures the rubric gives to tier 1, and what was paid for them.
        comparable: The part of `paid` for pictures that also have a routed price.
        routed: What these would have cost routed, expected redos included.
        review: What a person's look at these would cost on top.
        waiting: Pictures the rubric would have held.
    """

    label: str
    tier: int
    pictures: int
    costed: int
    paid: MicroUsd
    cheap: int
    cheap_paid: MicroUsd
    comparable: MicroUsd
    routed: MicroUsd
    review: MicroUsd
    waiting: int

    @property
    def saving(self) -> MicroUsd:
        """What routing would have saved; below zero where it would have cost more."""
        return self.comparable - self.routed


@dataclass(frozen=True)
class Audit:
    """Everything an audit says.

    Attributes:
        source: The file audited.
        first, today, days: The days looked at, both ends included.
        by_kind: By placement, dearest first; by_tier: by the tier the rubric gives today.
        older, later, undated: Pictures made before, after `today`, and on no known day; none of
            them is counted.
        products: How many products were looked at.
        pictured_known: Whether anything says which products have pictures.
        missing: Those without any picture.
        shelf: What the pictures of an export would cost to make, by placement.
        sizes: Which pictures are below their placement's rules.
        sellers, heroless: The products that sell most, and those of them without a hero.
        plan: What to make first; empty where nothing is missing.
        cap: The monthly cap, for the pace of the plan.
    """

    source: str
    first: date
    today: date
    days: int
    total: AuditLine
    by_kind: tuple[AuditLine, ...]
    by_tier: tuple[AuditLine, ...]
    older: int
    later: int
    undated: int
    products: int
    pictured_known: bool
    missing: tuple[Product, ...]
    shelf: tuple[ShelfLine, ...]
    sizes: Measured
    sellers: tuple[Product, ...]
    heroless: tuple[Product, ...]
    hero_known: bool
    plan: tuple[PlanLine, ...]
    cap: MicroUsd | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def audit(
    past: Sequence[PastPicture],
    products: Sequence[Product],
    configuration: Configuration,
    today: date,
    *,
    source: str = "",
    days: int = DAYS,
    sizes: Measured = NOTHING_MEASURED,
    shelf: Iterable[ShelfLine] = (),
    problems: Iterable[Problem] = (),
    notes: Iterable[str] = (),
) -> Audit:
    """Audit the last days.

    Args:
        past: Pictures made, with what the rubric says of them.
        products: What is on sale.
        configuration: Tiers, placements, share of heroes, cap.
        today: The last day counted.
        source: Name of the file.
        days: How many days are counted, today included.
        sizes: What was found of the pictures' sizes.
        shelf: What the pictures of an export would cost to make.
        problems: Cells that could not be read.
        notes: Sentences for the seller.
    """
    first = today - timedelta(days=max(1, days) - 1)
    counted = [one for one in past if one.day is not None and first <= one.day <= today]
    sellers = top_sellers(products, configuration.settings.hero_share or Decimal("0.1"))
    heroless = tuple(one for one in sellers if not one.hero)
    missing = tuple(one for one in products if one.pictured is False)
    return Audit(
        source=source,
        first=first,
        today=today,
        days=max(1, days),
        total=_line("Total", 0, counted),
        by_kind=_lines(counted, lambda one: one.placement or "(no placement)"),
        by_tier=tuple(
            _line(f"{tier.number} {tier.name}".strip(), tier.number,
                  [one for one in counted if one.tier == tier.number])
            for tier in configuration.tiers
        ),
        older=sum(one.pictures for one in past if one.day is not None and one.day < first),
        later=sum(one.pictures for one in past if one.day is not None and one.day > today),
        undated=sum(one.pictures for one in past if one.day is None),
        products=len(products),
        pictured_known=any(one.pictured is not None for one in products),
        missing=missing,
        shelf=tuple(shelf),
        sizes=sizes,
        sellers=sellers,
        heroless=heroless,
        hero_known=any(one.hero is not None for one in products),
        plan=plan(missing, heroless, sizes.small, products, configuration, today),
        cap=configuration.settings.cap_per_month,
        problems=tuple(problems),
        notes=tuple(notes),
    )  # fmt: skip


def _lines(
    pictures: Iterable[PastPicture], label: Callable[[PastPicture], str]
) -> tuple[AuditLine, ...]:
    groups: dict[str, list[PastPicture]] = {}
    for one in pictures:
        groups.setdefault(label(one), []).append(one)
    found = [_line(name, 0, mine) for name, mine in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.paid, -one.pictures, one.label)))


def _line(label: str, tier: int, mine: Sequence[PastPicture]) -> AuditLine:
    cheap = [one for one in mine if one.tier == 1]
    both = [one for one in mine if one.cost is not None and one.routed is not None]
    return AuditLine(
        label=label,
        tier=tier,
        pictures=sum(one.pictures for one in mine),
        costed=sum(one.pictures for one in mine if one.cost is not None),
        paid=sum(one.cost or 0 for one in mine),
        cheap=sum(one.pictures for one in cheap),
        cheap_paid=sum(one.cost or 0 for one in cheap),
        comparable=sum(one.cost or 0 for one in both),
        routed=sum(one.routed or 0 for one in both),
        review=sum(one.review for one in both),
        waiting=sum(one.pictures for one in mine if one.routed is None),
    )
