"""The products on sale: which have pictures, how large these are, and which sell."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tierbook import contract, placements
from tierbook.catalogs import Catalog, Item
from tierbook.contract import folded
from tierbook.insights.conversions import Performed
from tierbook.model import Answers, Configuration, Placement
from tierbook.workbook.headings import heading_key
from tierbook.workbook.words import sku_key

Size = tuple[int, int]
# Reads the size of a picture behind an address; None where it cannot be had.
FetchSize = Callable[[str], Size | None]
HERO_GROUPS: Final = ("hero", "campaign")
_SALES: Final = tuple(map(heading_key, ("Sales 90 days", "Sales", "Units sold", "Net items sold")))
# What `Catalog.taken` calls the columns of pictures.
_PICTURES: Final = "Pictures"
# The placement whose rules the pictures of an export are held to, by the export's kind.
_MAIN_PLACEMENTS: Final = {
    "etsy": "Etsy listing",
    "amazon": "Amazon main",
    "ebay": "eBay listing",
    "googlemerchant": "Google Merchant",
    "shopify": "Shopify product",
}
_DEFAULT_PLACEMENT: Final = "Marketplace main"


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a product: where it lies, and the placement whose rules it must keep."""

    place: str
    placement: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product on sale, with its variants.

    `pictured` and `hero` are None where nothing says whether it has a picture, or a hero. `sales`
    are pieces or money, as counted.
    """

    sku: str
    name: str
    category: str
    pictures: tuple[Shown, ...]
    pictured: bool | None
    sales: Decimal | None
    hero: bool | None


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """A picture below what its placement takes, in px of its longer side."""

    sku: str
    placement: str
    place: str
    size: Size
    wanted: int
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found of the pictures' sizes: the small ones, and how many sizes are known."""

    small: tuple[SmallPicture, ...] = ()
    known: int = 0
    unknown: int = 0


def shelf_of_catalog(catalog: Catalog, configuration: Configuration) -> tuple[Product, ...]:
    """Take the product pages of a store's export; it does not say which have a hero picture.

    Variants share a page, so their pictures and sales count together.
    """
    name = _MAIN_PLACEMENTS.get(folded(catalog.format), _DEFAULT_PLACEMENT)
    place = placements.find(configuration.placements, name)
    placement = place.name if place else name
    pages: dict[str, list[Item]] = {}
    for item in catalog.items:
        pages.setdefault(item.product or item.key, []).append(item)
    products = [_page(variants, placement) for variants in pages.values()]
    # A file without a column of pictures says nothing of them.
    silent = _PICTURES not in catalog.taken and not any(one.pictured for one in products)
    return tuple(replace(one, pictured=None) if silent else one for one in products)


def _page(variants: Sequence[Item], placement: str) -> Product:
    images = tuple(dict.fromkeys(image for item in variants for image in item.images))
    return Product(
        sku=variants[0].sku or variants[0].key,
        name=variants[0].name,
        category=variants[0].category,
        pictures=tuple(Shown(image, placement) for image in images),
        pictured=bool(images),
        sales=_sold(variants),
        hero=None,
    )


def _sold(variants: Iterable[Item]) -> Decimal | None:
    known = [item.sales_90_days for item in variants if item.sales_90_days is not None]
    return sum(known, Decimal(0)) if known else None


def shelf_of_sheet(
    answers: Answers, performed: Iterable[Performed] = (), made: Set[int] = frozenset()
) -> tuple[Product, ...]:
    """Gather the rows of a sheet by SKU.

    Args:
        answers: The rows and their placements.
        performed: What pictures did; orders stand in for sales where the sheet has none.
        made: Rows known to have a picture, by their place in the table, wherever it lies.
    """
    requests = answers.requests
    orders: dict[str, Decimal] = {}
    for one in performed:
        key = sku_key(one.sku)
        orders[key] = orders.get(key, Decimal(0)) + one.orders
    sales = _sales_column(answers)
    gathered: dict[str, list[int]] = {}
    for index, sku in enumerate(requests.column(contract.SKU)):
        if sku is not None and not requests.bad[index]:
            gathered.setdefault(sku_key(str(sku)), []).append(index)
    products = [
        _product(answers, rows, made, _first(sales, rows, orders.get(key)))
        for key, rows in gathered.items()
    ]
    # Where no row names a picture, nobody has said anything of pictures yet.
    silent = not any(one.pictured for one in products)
    return tuple(replace(one, pictured=None) if silent else one for one in products)


def _product(
    answers: Answers, rows: Sequence[int], made: Set[int], sales: Decimal | None
) -> Product:
    requests = answers.requests
    names = requests.column(contract.PLACEMENT)
    groups = {
        folded(placements.group(answers.configuration.placements, str(names[row] or "")))
        for row in rows
    }
    pictures = tuple(shown for row in rows for shown in _pictures(answers, row))
    return Product(
        sku=str(requests.column(contract.SKU)[rows[0]]),
        name=_text(requests.column(contract.PRODUCT_NAME), rows),
        category=_text(requests.column(contract.CATEGORY), rows),
        pictures=pictures,
        pictured=bool(pictures) or not made.isdisjoint(rows),
        sales=sales,
        hero=not groups.isdisjoint(HERO_GROUPS),
    )


def _pictures(answers: Answers, row: int) -> Iterable[Shown]:
    """Name the pictures of a row: those made, else the photo they are to be made from."""
    requests = answers.requests
    made = requests.outputs.get(contract.RESULT_FILE)
    placement = str(requests.column(contract.PLACEMENT)[row] or "")
    cell = (
        made[row] if made is not None and made[row] else requests.column(contract.SOURCE_IMAGE)[row]
    )
    for place in str(cell or "").replace("\n", ";").split(";"):
        if place.strip():
            yield Shown(place.strip(), placement)


def _text(column: Any, rows: Sequence[int]) -> str:
    return next((str(column[row]) for row in rows if column[row]), "")


def _sales_column(answers: Answers) -> Any:
    found = {heading_key(heading): heading for heading in answers.requests.columns}
    heading = next((found[key] for key in _SALES if key in found), "")
    return answers.requests.column(heading)


def _first(sales: Any, rows: Sequence[int], orders: Decimal | None) -> Decimal | None:
    for row in rows:
        value = sales[row]
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return Decimal(str(value))
    return orders


def top_sellers(products: Iterable[Product], share: Decimal) -> tuple[Product, ...]:
    """Pick the share of the products that sell most, at least one where anything sells."""
    selling = [one for one in products if one.sales and one.sales > 0]
    selling.sort(key=lambda one: (-(one.sales or 0), one.sku))
    return tuple(selling[: max(1, round(len(selling) * share))]) if selling else ()


# --------------------------------------------------------------------------- sizes


def local_size(place: str, folders: Sequence[Path]) -> Size | None:
    """Read the size of a picture file from its header; None where there is no such picture."""
    from PIL import Image, UnidentifiedImageError

    for folder in folders:
        try:
            with Image.open(folder / place) as picture:
                return picture.size
        except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
            continue
    return None


def measure(
    products: Iterable[Product],
    configuration: Configuration,
    folders: Sequence[Path],
    fetch_size: FetchSize | None = None,
) -> Measured:
    """Find the pictures below the smallest size their placement takes.

    Args:
        products: What is on sale.
        configuration: The placements' rules.
        folders: Where local pictures may lie.
        fetch_size: Asks an address for a picture's size; None leaves addresses alone.
    """
    small: list[SmallPicture] = []
    sizes: dict[str, Size | None] = {}
    rules: dict[str, Placement | None] = {}
    measured = unknown = 0
    for product in products:
        for shown in product.pictures:
            place = shown.place
            if place not in sizes:
                sizes[place] = _size(place, folders, fetch_size)
            size = sizes[place]
            if size is None:
                unknown += 1
                continue
            measured += 1
            if shown.placement not in rules:
                rules[shown.placement] = placements.find(configuration.placements, shown.placement)
            rule = rules[shown.placement]
            if rule is not None and rule.min_px and max(size) < rule.min_px:
                small.append(
                    SmallPicture(product.sku, rule.name, place, size, rule.min_px, rule.source)
                )
    return Measured(tuple(small), measured, unknown)


def _size(place: str, folders: Sequence[Path], fetch_size: FetchSize | None) -> Size | None:
    if place.casefold().startswith(("http://", "https://")):
        return fetch_size(place) if fetch_size is not None else None
    return local_size(place, folders)
