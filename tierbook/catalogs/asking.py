"""Which pictures to ask for: SKU times placement, heroes for the top sellers only."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tierbook import placements
from tierbook.catalogs.catalog import Item
from tierbook.errors import UsageError
from tierbook.model import Configuration, Placement
from tierbook.workbook.words import sku_key

DEFAULT_PLACEMENT = "Marketplace main"
# Groups of placements in which only a few products stand.
HERO_GROUPS = ("hero", "campaign")


def resolve(names: Sequence[str], configuration: Configuration) -> list[Placement]:
    """Find the placements a seller named, once each.

    Raises:
        UsageError: One is not known; the message offers the nearest names.
    """
    found: dict[str, Placement] = {}
    for name in filter(None, (name.strip() for name in names)):
        placement = placements.find(configuration.placements, name)
        if placement is None:
            near = placements.suggestions(configuration.placements, name)
            known = near or tuple(one.name for one in configuration.placements)
            raise UsageError(
                f'There is no placement "{name}".',
                fix=f"use one of: {', '.join(known)}; or add it to the tab Placements first.",
            )
        found[placement.name] = placement
    return list(found.values())


def top_sellers(items: Sequence[Item], share: Decimal) -> frozenset[str]:
    """Return the row keys of the best sellers: `share` of all items, rounded up."""
    sold = [item for item in items if item.sales_90_days is not None and item.sales_90_days > 0]
    sold.sort(key=lambda item: item.sales_90_days or 0, reverse=True)
    return frozenset(item.key for item in sold[: math.ceil(share * len(items))])


def hero_note(
    items: Sequence[Item], wanted: Sequence[Placement], share: Decimal, top: frozenset[str]
) -> tuple[str, ...]:
    """Say who gets the hero placements, and why."""
    heroes = [one.name for one in wanted if one.group in HERO_GROUPS]
    if not heroes or not items:
        return ()
    named = " and ".join(heroes)
    if top:
        return (
            f"{named}: asked for the {len(top):,} best sellers only, {share:.0%} of "
            f"{len(items):,} (Settings, hero share).",
        )
    return (
        f"{named}: asked for every product, because the export has no sales. Hero pictures are "
        "the dearest: delete the rows you do not need, or import a file of sales by SKU beside "
        "the export.",
    )


def workbook_skus(items: Sequence[Item], taken: Mapping[str, str]) -> dict[str, str]:
    """Give each item a SKU that no other has: its own, or its row key where that is not one.

    Args:
        items: What is imported.
        taken: Row key -> SKU, for rows that are in the workbook already.

    Returns:
        Row key -> SKU.
    """
    found: dict[str, str] = {}
    used = {sku_key(sku) for sku in taken.values()}
    for item in items:
        if item.key in taken:
            found[item.key] = taken[item.key]
            continue
        sku, number = item.sku or item.key, 1
        if sku_key(sku) in used:
            sku = item.key
        while sku_key(sku) in used:
            number += 1
            sku = f"{item.key} #{number}"
        used.add(sku_key(sku))
        found[item.key] = sku
    return found
