"""What to make first: missing pictures, heroes of top sellers, pictures too small, priced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from tierbook import contract, costing, placements, prompts, routing
from tierbook.insights.auditing.shelf import Product, SmallPicture
from tierbook.model import Configuration, MicroUsd, RequestTable, text_column
from tierbook.workbook.words import sku_key

MISSING: Final = "no picture at all"
HERO: Final = "sells most, has no hero"
SMALL: Final = "too small"
_MISSING_PLACEMENT: Final = "Marketplace main"
_HERO_PLACEMENT: Final = "Homepage hero"


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


def _known(configuration: Configuration, name: str) -> str:
    """Name the placement as the seller does, where the seller's own list has it."""
    found = placements.find(configuration.placements, name)
    return found.name if found else name


def _priced(
    wishes: Sequence[_Wish], configuration: Configuration, today: date
) -> tuple[PlanLine, ...]:
    requests = _requests(wishes)
    decisions, _ = routing.decide(requests, configuration)
    prompt, _ = prompts.compose(requests, decisions, configuration)
    bill, _ = costing.estimate(decisions, requests, configuration, prompt, today)
    return tuple(
        PlanLine(
            sku=wish.product.sku,
            name=wish.product.name,
            placement=wish.placement,
            why=wish.why,
            sales=wish.product.sales,
            tier=int(decisions.tier[index]),
            cost=int(bill.estimate[index] + bill.redo[index])
            if decisions.tier[index] > 0 and not bill.held[index]
            else None,
        )
        for index, wish in enumerate(wishes)
    )


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
