"""The words in which a kind of export is declared: headings, and what its rows stand for.

A heading may hold `*` (any text) and `{n}` (a number). Spelling counts as little as in
`tierbook.workbook.headings`: case, spaces, punctuation and what stands in brackets, unless several
columns differ in nothing else.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

from tierbook.workbook.headings import heading_key
from tierbook.workbook.words import plain

Headings: TypeAlias = tuple[str, ...]
Translate: TypeAlias = Callable[[Mapping[int, str], Sequence[Sequence[Any]]], Mapping[int, str]]
Field: TypeAlias = Literal[
    "sku",
    "name",
    "category",
    "price",
    "currency",
    "stock",
    "tags",
    "url",
    "sales",
    "gtin",
]
FIELDS: Mapping[Field, str] = {
    "sku": "SKU",
    "name": "Product name",
    "category": "Category",
    "price": "Price",
    "currency": "Currency",
    "stock": "Stock",
    "tags": "Tags",
    "url": "Shop page",
    "sales": "Sales 90 days",
    "gtin": "GTIN",
}


@dataclass(frozen=True, slots=True)
class State:
    """A column whose words leave products or variants out: word -> reason.

    `unit` says what the reason counts. Of several states the first whose column is in the file
    and filled decides.
    """

    headings: Headings
    left_out: Mapping[str, str]
    unit: Literal["product", "variant"] = "product"


@dataclass(frozen=True, slots=True)
class Grouping:
    """How rows make up products.

    Attributes:
        product: Columns whose value the rows of one product share.
        parent: Columns that name the parent row, by its SKU or as `id:` and its identity.
        identity: Columns by which other rows name a row.
        children: Columns that list children as `sku=..,..|sku=..`.
        follows: A row that names no product belongs to the product above it.
        kind: Columns that say what a row is.
        containers: Words of `kind` for a product that only holds variants.
        variants: Words of `kind` for a variant of a product.
        pictures: Words of `kind` for a row that only adds a picture to the product above it.
        ignored: Words of `kind` -> reason to leave the row out.
        written: Words this program writes into `kind`, in whatever language its headings are.
        views: Columns filled where a row says a product again, in other words or languages.
        bare_head: Of several rows of a product, those without option values only hold variants.
        priced: Only rows with a price are variants; others add pictures to their product.
    """

    product: Headings = ()
    parent: Headings = ()
    identity: Headings = ()
    children: Headings = ()
    follows: bool = False
    kind: Headings = ()
    containers: frozenset[str] = frozenset()
    variants: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    ignored: Mapping[str, str] = field(default_factory=dict[str, str])
    written: frozenset[str] = frozenset()
    views: Headings = ()
    bare_head: bool = False
    priced: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of export.

    Attributes:
        name: What sellers call it.
        signature: Groups of headings that all have to be there, any one of each group.
        fields: What is read -> headings, the preferred one first; blank cells fall through.
        enough: How many groups of the signature are enough, None for all.
        images: Columns that hold pictures.
        own_image: Columns that hold a variant's own picture.
        image_position: Column that orders the pictures of a product.
        separators: Characters that part the pictures of one cell where they are no addresses.
        options: Columns of a variant's option values.
        positioned_options: Option values carry their positions: `Blue:0, 16GB:1`.
        paired_options: Option values stand behind their names: `Size=8|Colour=Red`.
        options_in_name: The name of a variant's row holds its option values instead.
        default_options: Values a product without variants has all the same, in lower case.
        surcharge: Columns added to the product's price.
        states: Columns whose words leave products out.
        gift_card: Columns that say `true` for a gift card.
        sku_list: The SKU cell lists one SKU a variation, parted by commas.
        grouping: How rows make up products.
        category_separators: Characters that part several categories of one cell.
        category_steps: Characters between the steps of a category's path.
        first_row: What a cell above the headings says before the row number of the first product.
        extends: Name of the format whose products these rows belong to.
        translated: Names the columns of an export in a language the declared headings lack, by
            their order; takes the headings and the rows under them.
    """

    name: str
    signature: tuple[Headings, ...]
    fields: Mapping[Field, Headings]
    enough: int | None = None
    images: Headings = ()
    own_image: Headings = ()
    image_position: Headings = ()
    separators: str = ""
    options: Headings = ()
    positioned_options: bool = False
    paired_options: bool = False
    options_in_name: bool = False
    default_options: frozenset[str] = frozenset()
    surcharge: Headings = ()
    states: tuple[State, ...] = ()
    gift_card: Headings = ()
    sku_list: bool = False
    grouping: Grouping = Grouping()
    category_separators: str = ""
    category_steps: str = ">"
    first_row: str = ""
    extends: str = ""
    translated: Translate | None = None

    def known_headings(self) -> Headings:
        """List every heading the format declares."""
        grouping = self.grouping
        return (
            *(heading for group in self.signature for heading in group),
            *(heading for headings in self.fields.values() for heading in headings),
            *self.images,
            *self.own_image,
            *self.options,
            *grouping.product,
            *grouping.parent,
            *grouping.kind,
            *(heading for state in self.states for heading in state.headings),
        )


@cache
def _pattern(heading: str) -> re.Pattern[str]:
    """Turn a declared heading into a pattern over heading keys."""
    parts = re.split(r"(\*|\{n\})", heading)
    wild = {"*": ".+", "{n}": r"\d+", "": ""}
    return re.compile(
        "".join(wild[part] if part in wild else re.escape(heading_key(part)) for part in parts)
    )


def _closest(heading: str, columns: Sequence[int], headings: Mapping[int, str]) -> Sequence[int]:
    """Choose one of the columns that bear a heading: spelled in full, else the first."""
    if len(columns) < 2:
        return columns
    full = plain(heading)
    return [next((c for c in columns if plain(headings[c]) == full), columns[0])]


def columns_of(headings: Mapping[int, str], wanted: Headings) -> list[int]:
    """Find the columns of declared headings, in the declared order, each column once.

    Args:
        headings: 1-based column -> text as typed.
        wanted: Declared headings.
    """
    keys: dict[str, list[int]] = {}
    for column, text in headings.items():
        keys.setdefault(heading_key(text), []).append(column)
    found: dict[int, None] = {}
    for heading in wanted:
        if "*" not in heading and "{n}" not in heading:
            claims = keys.get(heading_key(heading), ())
            found.update(dict.fromkeys(_closest(heading, claims, headings)))
            continue
        pattern = _pattern(heading)
        matching = [(column, key) for key, columns in keys.items() for column in columns]
        found.update(
            dict.fromkeys(sorted(column for column, key in matching if pattern.fullmatch(key)))
        )
    return list(found)
