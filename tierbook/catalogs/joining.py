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


def joined(catalog: Catalog, facts: frozenset[str]) -> Catalog:
    """Fill the blanks of each item from tables of facts (stock, sales) about the same SKU.

    Args:
        catalog: All files as read, those tables included.
        facts: Names of the files that are such tables; a row of theirs counts as a product only
            where no export knows its SKU.
    """
    if not facts:
        return catalog
    at = {sku_key(i.sku): i for i in reversed(catalog.items) if i.sku and i.file not in facts}
    filled: dict[str, Item] = {}
    added: list[Item] = []
    for item in catalog.items:
        if item.file not in facts:
            continue
        known = at.get(sku_key(item.sku))
        if known is None:
            added.append(item)
        else:
            filled[known.key] = _filled(filled.get(known.key, known), item)
    of_export = [filled.get(i.key, i) for i in catalog.items if i.file not in facts]
    told = len(catalog.items) - len(of_export) - len(added)
    return replace(
        catalog,
        items=(*of_export, *added),
        products=catalog.products - told,
        variants=catalog.variants - told,
    )


def _filled(item: Item, other: Item) -> Item:
    blanks = {
        name: getattr(other, name) for name in _FACTS if getattr(item, name) in ("", None, ())
    }
    return replace(item, **blanks)
