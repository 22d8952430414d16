"""What a store's export says, whatever program wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tierbook.model import Problem


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be pictured: a variant, or a product without variants.

    Attributes:
        key: Row key, unique in the catalog: product key and options, also where SKUs are blank
            or used twice.
        sku: As in the shop, "" where the export has none.
        product: Key of its product: handle, listing, group or SKU.
        name: Product name, "" where the export has none.
        category: Taxonomy path with " > " between its steps.
        price: In `currency`; None where the export has none or it cannot be read.
        currency: ISO code where the export states one, else "".
        stock: Pieces on hand over all places, None where not stated.
        tags: In the shop's order.
        images: URLs, paths or media ids; the variant's own first, then the product's.
        options: `Blue / Large`, "" without variants.
        sales_90_days: Pieces or money as the export counts them, None where unknown.
        url: Address of its page, or the handle that ends it.
        line: 1-based row of the export.
        file: Name of the export.
    """

    key: str
    sku: str
    product: str
    name: str = ""
    category: str = ""
    price: Decimal | None = None
    currency: str = ""
    stock: Decimal | None = None
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    options: str = ""
    sales_90_days: Decimal | None = None
    url: str = ""
    line: int = 0
    file: str = ""


@dataclass(frozen=True)
class Catalog:
    """One or more exports of one shop, as read.

    Attributes:
        format: Name of the kind of export: `Shopify`, `WooCommerce`, ..., `any table`.
        products: Products in the files, those left out included.
        variants: Variants in the files, those left out included; a product without variants
            counts as one.
        items: What pictures can be asked for.
        skipped: Reason -> how many products, variants or rows (the reason says which) were left
            out.
        problems: What a seller should know of single cells or columns.
        notes: Sentences on how the files were understood.
        taken: What was read -> the heading it was taken from.
    """

    format: str
    products: int
    variants: int
    items: tuple[Item, ...]
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict[str, str])
