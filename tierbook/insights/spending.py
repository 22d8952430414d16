"""What a month's pictures cost by tier, and how much of a change each cause explains.

Integer micro-USD throughout: the parts always add up to the whole.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tierbook.insights.history import History, Picture, review_cost
from tierbook.insights.months import Month
from tierbook.insights.verdicts import verdicts
from tierbook.model import Configuration, MicroUsd, Tier


@dataclass(frozen=True, slots=True)
class TierMonth:
    """One tier in one month; amounts in micro-USD.

    Attributes:
        pictures: Pictures made; `redone` of them replace an earlier one.
        spent: What counts for them and for attempts that failed, unconfirmed charges included.
        removed: The part of `spent` for rows that are no longer in the sheet.
        reviewed, approved: Pictures wanted that a person judged, and kept.
        review: What the looking cost.
    """

    tier: int
    name: str
    pictures: int
    redone: int
    spent: MicroUsd
    removed: MicroUsd
    reviewed: int
    approved: int
    review: MicroUsd

    @property
    def per_picture(self) -> MicroUsd | None:
        """What a picture cost, None before one was made."""
        return _each(self.spent, self.pictures)

    @property
    def per_approved(self) -> MicroUsd | None:
        """What an approved picture cost, rejects and review minutes included."""
        return _each(self.spent + self.review, self.approved)


def _each(amount: MicroUsd, count: int) -> MicroUsd | None:
    return round(Fraction(amount, count)) if count else None


def month_by_tier(
    history: History, month: Month, configuration: Configuration
) -> tuple[TierMonth, ...]:
    """Add a month up by tier, every tier of the settings and every tier that was paid for."""
    pictures = history.of_month(month)
    said = verdicts(pictures, configuration.tiers)
    spend = [one for one in history.spend if one.month == month.key]
    known = {tier.number: tier for tier in configuration.tiers}
    numbers = sorted({*known, *(one.tier for one in spend), *(one.tier for one in pictures)})
    per_hour = configuration.settings.review_cost_per_hour
    lines: list[TierMonth] = []
    for number in numbers:
        tier = known.get(number)
        mine = [one for one in pictures if one.tier == number]
        seen = sum(one.cost for one in mine if not one.removed)
        paid = sum(o.settled + o.in_flight + o.unknown for o in spend if o.tier == number)
        judged = [one for one in said if one.tier == number]
        lines.append(
            TierMonth(
                tier=number,
                name=tier.name if tier else "",
                # The sheet knows what the record of payments has not summed up, never less.
                pictures=max(sum(o.pictures for o in spend if o.tier == number),
                             sum(one.made for one in mine)),
                redone=sum(one.made and one.again for one in mine),
                spent=max(paid, seen),
                removed=max(0, paid - seen),
                reviewed=len(judged),
                approved=sum(one.approved for one in judged),
                review=review_cost(tier, per_hour, len(judged)),
            )
        )  # fmt: skip
    return tuple(lines)


def total(lines: Iterable[TierMonth]) -> TierMonth:
    """Add tiers up."""
    every = list(lines)
    return TierMonth(
        tier=0,
        name="Total",
        pictures=sum(one.pictures for one in every),
        redone=sum(one.redone for one in every),
        spent=sum(one.spent for one in every),
        removed=sum(one.removed for one in every),
        reviewed=sum(one.reviewed for one in every),
        approved=sum(one.approved for one in every),
        review=sum(one.review for one in every),
    )


@dataclass(frozen=True, slots=True)
class Causes:
    """Why a month cost more or less than the one before; the three add up to the change.

    `volume` is what more pictures of the old kind would have cost, `mix` what another share of
    the tiers adds, `price` what each tier's pictures cost more or less than before.
    """

    volume: MicroUsd
    mix: MicroUsd
    price: MicroUsd

    @property
    def change(self) -> MicroUsd:
        """The whole change."""
        return self.volume + self.mix + self.price


def causes(last: Sequence[TierMonth], this: Sequence[TierMonth]) -> Causes | None:
    """Part the change of spending into volume, mix and price; None without two months of work.

    A tier that was not used before has no earlier price: its own counts, so that it is mix.
    """
    before, now = total(last), total(this)
    if not before.pictures or not now.pictures:
        return None
    price_before = {one.tier: _price(one) for one in last if one.pictures}
    at_old_prices = sum(
        (one.pictures * price_before.get(one.tier, _price(one)) for one in this), Fraction(0)
    )
    average = Fraction(before.spent, before.pictures)
    volume = round(average * (now.pictures - before.pictures))
    price = round(now.spent - at_old_prices)
    return Causes(volume, now.spent - before.spent - volume - price, price)


def _price(line: TierMonth) -> Fraction:
    return Fraction(line.spent, line.pictures) if line.pictures else Fraction(0)


@dataclass(frozen=True, slots=True)
class Movement:
    """What one placement or rule cost last month and this month, with its pictures."""

    label: str
    last: MicroUsd
    this: MicroUsd
    pictures_last: int
    pictures_this: int

    @property
    def change(self) -> MicroUsd:
        """What it costs more than before."""
        return self.this - self.last


def movements(
    last: Iterable[Picture], this: Iterable[Picture], label: Callable[[Picture], str]
) -> tuple[Movement, ...]:
    """Compare two months by a label, the largest change first."""
    amounts: dict[str, list[int]] = {}
    for place, pictures in enumerate((last, this)):
        for one in pictures:
            line = amounts.setdefault(label(one) or "(none)", [0, 0, 0, 0])
            line[place] += one.cost
            line[2 + place] += one.made
    found = [Movement(name, *line) for name, line in amounts.items()]
    return tuple(sorted(found, key=lambda one: (-abs(one.change), -one.this, one.label)))


@dataclass(frozen=True, slots=True)
class Against:
    """A tier's pictures against one model for everything; amounts in micro-USD.

    Redone pictures and failed attempts count on the routed side alone: nobody knows how often
    one model would have missed.
    """

    tier: int
    name: str
    pictures: int
    baseline: MicroUsd
    paid: MicroUsd

    @property
    def saving(self) -> MicroUsd:
        """What routing saved; below zero where it cost more."""
        return self.baseline - self.paid


def against_baseline(pictures: Sequence[Picture], tiers: Sequence[Tier]) -> tuple[Against, ...]:
    """Compare what was paid with what one model would have cost for the same pictures.

    Pictures for which the price of one model is not known are left out on both sides.

    Returns:
        A line a tier; nothing where no such price is known.
    """
    known = [one for one in pictures if one.baseline is not None]
    if not any(one.made for one in known):
        return ()
    names = {tier.number: tier.name for tier in tiers}
    return tuple(
        Against(
            tier=number,
            name=names.get(number, ""),
            pictures=sum(_counts_once(one) for one in known if one.tier == number),
            baseline=sum(
                one.baseline or 0 for one in known if one.tier == number and _counts_once(one)
            ),
            paid=sum(one.cost for one in known if one.tier == number),
        )
        for number in sorted({*names, *(one.tier for one in known)})
    )


def _counts_once(picture: Picture) -> bool:
    return picture.made and not picture.again
