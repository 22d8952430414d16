"""The columns of the tab Products that an import fills."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tierbook import contract
from tierbook.catalogs.catalog import Item

_LONGEST_LIST = 8_000  # characters of one cell; nobody reads further


@dataclass(frozen=True, slots=True)
class ProductColumn:
    """One fact of a product.

    Attributes:
        heading: As it stands in the tab.
        value: What an item says.
        help: Shown when the heading is selected.
        number: The cells are numbers.
        width: Column width in characters, for a column the tab does not have yet.
    """

    heading: str
    value: Callable[[Item], Any]
    help: str = ""
    number: bool = False
    width: int = 14


def _pictures_behind_the_first(item: Item) -> str:
    return "\n".join(item.images[1:])[:_LONGEST_LIST]


ROW_KEY: Final = "Row key"
LAST_IMPORT: Final = "Last import"
SHOP_PAGE: Final = "Shop page"
FACTS: Final = (
    ProductColumn(contract.PRODUCT_NAME, lambda item: item.name),
    ProductColumn(contract.CATEGORY, lambda item: item.category),
    ProductColumn(contract.SOURCE_IMAGE, lambda item: item.images[0] if item.images else ""),
    ProductColumn("Sales 90 days", lambda item: item.sales_90_days, number=True),
    ProductColumn("Price", lambda item: item.price, "In the shop.", number=True, width=10),
    ProductColumn("Currency", lambda item: item.currency, "Where the export states one.", width=9),
    ProductColumn("Stock", lambda item: item.stock, "Over all places.", number=True, width=9),
    ProductColumn("Tags", lambda item: ", ".join(item.tags), "From the shop.", width=24),
    ProductColumn("Options", lambda item: item.options, "What tells the variant.", width=18),
    ProductColumn(
        SHOP_PAGE,
        lambda item: item.url,
        "Address of its page, or the handle that ends it. Ad reports are joined by it.",
        width=24,
    ),
    ProductColumn(
        "Pictures in shop",
        lambda item: len(item.images),
        "How many pictures the export names.",
        number=True,
        width=10,
    ),
    ProductColumn(
        "More pictures",
        _pictures_behind_the_first,
        "The others, one a line.",
        width=16,
    ),
)
KEY_COLUMN: Final = ProductColumn(
    ROW_KEY,
    lambda item: item.key,
    "How the next import finds this row again, also without a SKU. Leave it as it is.",
    width=24,
)
MEMORY_COLUMN: Final = ProductColumn(
    LAST_IMPORT,
    lambda _: "",
    "What the last import wrote, so that it never overwrites what you typed. Leave it as it is.",
)
