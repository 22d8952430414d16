"""Make items of grouped rows: a variant's own cells first, then those of its product."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tierbook.catalogs import cells
from tierbook.catalogs.catalog import Item
from tierbook.catalogs.complaints import Complaints
from tierbook.catalogs.format import Field
from tierbook.catalogs.interpreting import Product, Row, variant_state
from tierbook.workbook.currencies import currency_of
from tierbook.workbook.values import Complaint


@dataclass(frozen=True, slots=True)
class Found:
    """An item, and why it is left out ("" to keep it)."""

    item: Item
    left_out: str


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the variants of a product have in common."""

    name: str
    category: str
    currency: str
    tags: tuple[str, ...]
    images: tuple[str, ...]
    url: str

    @classmethod
    def of(cls, product: Product) -> "_Facts":
        """Take each fact from the first row that states it."""
        if len(product.rows) == 1 and product.base is None:
            row = product.rows[0]  # it speaks for itself
            images = row.columns.pictures[row.at]
            return cls("", "", "", (), images, "") if images else _NO_FACTS
        return cls(
            name=_first(product, "name"),
            category=_category(product),
            currency=_first(product, "currency"),
            tags=cells.words(_first(product, "tags")),
            images=_pictures(product),
            url=_first(product, "url"),
        )


_NO_FACTS = _Facts("", "", "", (), (), "")


def _first(product: Product, field: Field) -> str:
    return next((text for row in product.facing() if (text := row.columns.text(field, row.at))), "")


def _category(product: Product) -> str:
    for row in product.facing():
        if path := row.columns.categories[row.at]:
            return path
    return ""


def _shares_pictures(product: Product, row: Row) -> bool:
    """Tell whether the pictures of a row show the product, not this variant alone."""
    grouping = row.columns.format.grouping
    if row is product.base or grouping.priced or row in product.pictures:
        return True
    return grouping.follows and not grouping.kind


def _pictures(product: Product) -> tuple[str, ...]:
    placed: list[tuple[float, str]] = []
    for row in product.facing():
        if _shares_pictures(product, row):
            typed = row.columns.positions[row.at]
            position = float(typed) if typed.isdecimal() else float("inf")
            placed += [(position, picture) for picture in row.columns.pictures[row.at]]
    placed.sort(key=lambda pair: pair[0])
    return tuple(dict.fromkeys(picture for _, picture in placed))


class ItemMaker:
    """Makes the items of one catalog, each with a row key of its own."""

    def __init__(self, complaints: Complaints, skipped: Counter[str]) -> None:
        self._complaints, self._skipped = complaints, skipped
        self._keys: set[str] = set()
        # (file, sign) -> prices with a sign that several currencies share.
        self.unclear: Counter[tuple[str, str]] = Counter()

    def items(self, product: Product) -> Iterator[Found]:
        """Yield an item for each variant of a product, and for each SKU of a listing's list."""
        facts = _Facts.of(product)
        for place, row in enumerate(product.variants, 1):
            item = self._item(product, facts, row, place)
            reason = product.left_out or variant_state(row)
            if reason and not product.left_out:
                self._skipped[reason] += 1
            listed = _listed(item) if row.columns.format.sku_list else (item,)
            for one in listed:
                yield Found(self._keyed(one), reason)

    def _item(self, product: Product, facts: _Facts, row: Row, place: int) -> Item:
        columns, at = row.columns, row.at
        sku = self._sku(row)
        price, sign = self._price(row, product)
        stated = columns.text("currency", at) or facts.currency
        form = columns.format
        options = columns.options[at] if row is not product.base else ""
        if options and len(product.variants) == 1 and options.casefold() in form.default_options:
            options = ""
        own = columns.own_pictures[at]
        if not own and (shown := columns.pictures[at]) and not _shares_pictures(product, row):
            own = shown
        return Item(
            key=_key(product, sku, options, place),
            sku=sku,
            product=product.key,
            name=self._name(row) or facts.name,
            category=columns.categories[at] or facts.category,
            price=price,
            currency=self._currency(row, sign, stated),
            stock=columns.stock[at],
            tags=cells.words(columns.text("tags", at)) or facts.tags,
            images=tuple(dict.fromkeys((*own, *facts.images))) if own else facts.images,
            options=options,
            sales_90_days=self._sales(row),
            url=columns.text("url", at) or facts.url,
            line=columns.line(at),
            file=columns.table.sheet.file,
        )

    def _keyed(self, item: Item) -> Item:
        """Make the row key unique: rows that say the same are numbered."""
        key, number = item.key, 1
        while key in self._keys:
            number += 1
            key = f"{item.key}#{number}"
        self._keys.add(key)
        return item if number == 1 else replace(item, key=key)

    # ----------------------------------------------------------------- cells

    def _name(self, row: Row) -> str:
        if row.is_variant and row.columns.format.options_in_name:
            return ""
        return row.columns.text("name", row.at)

    def _sku(self, row: Row) -> str:
        found = cells.sku(row.columns.field("sku")[row.at])
        if isinstance(found, Complaint):
            self._complain(row, "sku", found, "The row key stands in for it")
            return ""
        return found

    def _price(self, row: Row, product: Product) -> tuple[Decimal | None, str]:
        price, sign = self._own_price(row)
        base = product.base
        if price is None and base is not None and base is not row:
            price, sign = self._own_price(base)
        extra = row.columns.surcharge[row.at]
        if extra and price is not None:
            price += cells.surcharge(extra, row.columns.price_mark)
        return price, sign

    def _currency(self, row: Row, sign: str, stated: str) -> str:
        """Name the currency of a price; what the export states settles what a shared sign means."""
        if not sign:
            return stated
        named = currency_of(sign, stated)
        if not (named or stated):
            self.unclear[row.columns.table.sheet.file, sign] += 1
        return named or stated

    def _own_price(self, row: Row) -> tuple[Decimal | None, str]:
        found = row.columns.price(row.at)
        if isinstance(found, Complaint):
            self._complain(row, "price", found, "The price was left empty")
            return None, ""
        return found

    def _sales(self, row: Row) -> Decimal | None:
        value = row.columns.field("sales")[row.at]
        if value in ("", None):
            return None
        found = cells.price(value, row.columns.sales_mark)
        if isinstance(found, Complaint):
            self._complain(row, "sales", found, "The sales were left empty")
            return None
        return found[0]

    def _complain(self, row: Row, field: Field, complaint: Complaint, what: str) -> None:
        columns, at = row.columns, row.at
        self._complaints.cell(
            columns.table.sheet.file,
            what,
            complaint,
            columns.cell(field, at),
            columns.text("sku", at),
        )


def _key(product: Product, sku: str, options: str, place: int) -> str:
    """Name the row so that it is found again in the next export, SKU or not."""
    if options:
        return f"{product.key}/{options}"
    if len(product.variants) == 1:
        return product.key
    return f"{product.key}/{sku or place}"


def _listed(item: Item) -> Iterator[Item]:
    """Yield an item for each SKU of a list; which option values it has is not told."""
    skus = tuple(dict.fromkeys(sku for part in item.sku.split(",") if (sku := part.strip())))
    if len(skus) < 2:
        # The values of all variations are no name for the one listing.
        yield replace(item, sku="".join(skus), key=item.product)
        return
    for sku in skus:
        yield replace(item, sku=sku, key=f"{item.product}/{sku}", options="")
