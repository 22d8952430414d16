"""Join the facts that several files state of one SKU."""

from dataclasses import replace
from typing import Final

from tierbook.catalogs.catalog import Catalog, Item
from tierbook.workbook.words import sku_key

_FACTS: Final = (
    "name",
    "category",
    "price",
    "currency",
    "stock",
    "tags",
    "images",
    "sales_90_days",
    "url",
)  # fmt: skip - one line of fields


def joined(catalog: Catalog) -> Catalog:
    """Fill the blanks of each item from later files that speak of the same SKU.

    An export says which variants there are; a table of facts beside it (stock, sales) adds no
    products where it knows none but these.
    """
    files = {item.file for item in catalog.items}
    if len(files) < 2:
        return catalog
    first: dict[str, int] = {}
    items: list[Item] = []
    for item in catalog.items:
        at = first.get(sku_key(item.sku)) if item.sku else None
        if at is None or items[at].file == item.file:
            first.setdefault(sku_key(item.sku), len(items))
            items.append(item)
        else:
            items[at] = _filled(items[at], item)
    return replace(catalog, items=tuple(items))


def _filled(item: Item, other: Item) -> Item:
    blanks = {
        name: getattr(other, name) for name in _FACTS if getattr(item, name) in ("", None, ())
    }
    return replace(item, **blanks)
