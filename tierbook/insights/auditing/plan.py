"""What to make first: missing pictures, heroes of top sellers, pictures too small, priced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from tierbook import contract, costing, placements, prompts, routing
from tierbook.insights.auditing.shelf import Product, SmallPicture
from tierbook.model import (
    Bill,
    Configuration,
    Decisions,
    MicroUsd,
    RequestTable,
    text_column,
)
from tierbook.workbook.words import sku_key

MISSING: Final = "no picture at all"
HERO: Final = "sells most, has no hero"
SMALL: Final = "too small"
_MISSING_PLACEMENT: Final = "Marketplace main"
_HERO_PLACEMENT: Final = "Homepage hero"
_FURTHER_PLACEMENT: Final = "Gallery"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One picture to make, in the order to make them.

    Attributes:
        why: `MISSING`, `HERO` or `SMALL`.
        tier: What the rubric gives it, below 1 where it holds the row.
        cost: What it would cost, expected redos included, in micro-USD; None where not known.
    """

    sku: str
    name: str
    placement: str
    why: str
    sales: Decimal | None
    tier: int
    cost: MicroUsd | None


@dataclass(frozen=True, slots=True)
class _Wish:
    product: Product
    placement: str
    why: str


def plan(
    missing: Iterable[Product],
    heroless: Iterable[Product],
    small: Iterable[SmallPicture],
    products: Iterable[Product],
    configuration: Configuration,
    today: date,
) -> tuple[PlanLine, ...]:
    """Order and price what is to be made: what is missing, then heroes, then what is too small.

    Within each the products that sell most come first. The rubric decides each as if its photo
    were at hand: a price with no photo would be none at all.
    """
    known = {sku_key(one.sku): one for one in products}
    wishes = [_Wish(one, _known(configuration, _MISSING_PLACEMENT), MISSING) for one in missing]
    wishes += [_Wish(one, _known(configuration, _HERO_PLACEMENT), HERO) for one in heroless]
    seen: set[tuple[str, str]] = set()
    for one in small:
        if (one.sku, one.placement) not in seen:
            seen.add((one.sku, one.placement))
            wishes.append(_Wish(known[sku_key(one.sku)], one.placement, SMALL))
    order = {MISSING: 0, HERO: 1, SMALL: 2}
    wishes.sort(key=lambda w: (order[w.why], -(w.product.sales or 0), w.product.sku))
    return _priced(wishes, configuration, today) if wishes else ()


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """The pictures an export has for one placement, as the rubric would make them today.

    `cost` is for all of them, expected redos included; `baseline` what one model would cost; None
    where not known.
    """

    placement: str
    pictures: int
    tier: int
    cost: MicroUsd | None
    baseline: MicroUsd | None


def shelf_lines(
    products: Iterable[Product], configuration: Configuration, today: date
) -> tuple[ShelfLine, ...]:
    """Price the pictures of an export: the first of a product as its main one, others as gallery.

    Pictures of one placement cost the same, so each is priced once and multiplied.
    """
    counts: dict[str, int] = {}
    gallery = _known(configuration, _FURTHER_PLACEMENT)
    for product in products:
        for place, shown in enumerate(product.pictures):
            name = gallery if place else shown.placement
            counts[name] = counts.get(name, 0) + 1
    if not counts:
        return ()
    blank = Product("", "", "", (), None, None, None)
    requests = _requests([_Wish(blank, name, "") for name in counts])
    decisions, bill = _decided(requests, configuration, today)
    return tuple(
        ShelfLine(
            name,
            number,
            int(decisions.tier[at]),
            None if (each := _cost(decisions, bill, at)) is None else each * number,
            int(bill.baseline[at]) * number or None,
        )
        for at, (name, number) in enumerate(counts.items())
    )


def _known(configuration: Configuration, name: str) -> str:
    """Name the placement as the seller does, where the seller's own list has it."""
    found = placements.find(configuration.placements, name)
    return found.name if found else name


def _priced(
    wishes: Sequence[_Wish], configuration: Configuration, today: date
) -> tuple[PlanLine, ...]:
    decisions, bill = _decided(_requests(wishes), configuration, today)
    return tuple(
        PlanLine(
            sku=wish.product.sku,
            name=wish.product.name,
            placement=wish.placement,
            why=wish.why,
            sales=wish.product.sales,
            tier=int(decisions.tier[index]),
            cost=_cost(decisions, bill, index),
        )
        for index, wish in enumerate(wishes)
    )


def _decided(
    requests: RequestTable, configuration: Configuration, today: date
) -> tuple[Decisions, Bill]:
    decisions, _ = routing.decide(requests, configuration)
    prompt, _ = prompts.compose(requests, decisions, configuration)
    bill, _ = costing.estimate(decisions, requests, configuration, prompt, today)
    return decisions, bill


def _cost(decisions: Decisions, bill: Bill, index: int) -> MicroUsd | None:
    if decisions.tier[index] < 1 or bill.held[index]:
        return None
    return int(bill.estimate[index] + bill.redo[index])


def _requests(wishes: Sequence[_Wish]) -> RequestTable:
    columns = {
        contract.SKU: text_column([wish.product.sku for wish in wishes]),
        contract.PLACEMENT: text_column([wish.placement for wish in wishes]),
        contract.PRODUCT_NAME: text_column([wish.product.name or None for wish in wishes]),
        contract.CATEGORY: text_column([wish.product.category or None for wish in wishes]),
        "Sales 90 days": text_column([wish.product.sales for wish in wishes]),
    }
    count = len(wishes)
    rows = np.arange(1, count + 1, dtype=np.int64)
    return RequestTable("", rows, columns, {}, np.zeros(count, np.bool_))
