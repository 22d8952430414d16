"""Reading an order: which of the studio's four operations it is, and what its words ask for."""

import re
from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

from tierbook import contract
from tierbook.model import CellValue, Placement

Operation: TypeAlias = Literal["cutout", "scene", "mockup", "draft"]
OPERATIONS: tuple[Operation, ...] = ("cutout", "scene", "mockup", "draft")

# Sellers' own columns the studio understands, beside the contract's.
COLOUR_SWAP = "Colour swap"
SHADOW = "Shadow"
MOCKUP = "Mockup"
SCENE_PHOTO = "Scene photo"
SCENE_BOX = "Scene box"
HEADLINE = "Headline"
BACKGROUND_COLOUR = "Background colour"
COMMON_SCALE = "Common scale"

_MOCKUP_WORDS = {
    "box": ("box", "carton", "packaging", "package"),
    "poster": ("poster", "print", "art print", "wall art", "canvas"),
    "book": ("book", "notebook", "journal", "magazine"),
    "mug": ("mug", "cup"),
    "tote": ("tote", "tote bag", "bag"),
    "tshirt": ("t-shirt", "tshirt", "tee", "shirt"),
    "label": ("label", "sticker", "jar", "bottle"),
    "business-card": ("business card", "business cards", "card"),
}
_HERO_GROUPS = ("hero", "campaign", "lookbook", "banner")
_YES = ("yes", "y", "true", "1", "on")
_SWAP = re.compile(
    r"\b(?:recolou?r|colou?r swap|change colou?r|in colou?r)\w*\s*(?:to|:|=)?\s*(#?\w+)", re.I
)


class Order(Protocol):
    """What the studio reads of an order; the engines' `PictureOrder` is one."""

    @property
    def operation(self) -> str:
        """What the price book calls the work; one of `OPERATIONS` is taken at its word."""
        ...

    @property
    def width(self) -> int:
        """Pixels across."""
        ...

    @property
    def height(self) -> int:
        """Pixels down."""
        ...

    @property
    def seed(self) -> int:
        """Number that settles every free choice."""
        ...

    @property
    def candidate(self) -> int:
        """Which of several candidates, from 1."""
        ...

    @property
    def placement(self) -> Placement | None:
        """Rules of the place the picture is for."""
        ...

    @property
    def facts(self) -> Mapping[str, CellValue]:
        """The request's cells by heading."""
        ...

    @property
    def brand_colours(self) -> tuple[str, ...]:
        """The brand's colours as hex codes, first the main one."""
        ...

    @property
    def lane(self) -> str:
        """Fast, standard or review: one for each tier."""
        ...


def fact(order: Order, heading: str) -> str:
    """Return a cell as trimmed text, "" where it is empty or unknown."""
    value = order.facts.get(heading)
    return "" if value is None else str(value).strip()


def asks(order: Order, heading: str) -> bool | None:
    """Read a yes/no cell; None where it is empty."""
    text = fact(order, heading).lower()
    return None if not text else text in _YES


def number(order: Order, heading: str) -> float | None:
    """Read a cell as a number over 0; None where it is none."""
    try:
        value = float(fact(order, heading))
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def choose(order: Order) -> Operation:
    """Choose the operation: what the order names, else by tier, background and placement.

    A white, solid or brand background is a cut-out on one colour; a hero placement or the review
    lane is a banner draft; a named blank product is a mockup; the rest of tier 2 is a scene.
    """
    if order.operation in OPERATIONS:
        return order.operation
    tier = fact(order, contract.TIER) or {"fast": "1", "review": "3"}.get(order.lane, "2")
    if tier.startswith("3") or (order.lane == "review" and not tier.startswith(("1", "2"))):
        return "draft"
    if mockup_name(order):
        return "mockup"
    background = fact(order, contract.BACKGROUND).lower()
    if background in ("white", "solid", "brand") or tier.startswith("1"):
        return "cutout"
    group = order.placement.group.lower() if order.placement else ""
    return "draft" if any(word in group for word in _HERO_GROUPS) else "scene"


def mockup_name(order: Order) -> str:
    """Return the mockup asked for: the Mockup column's, or "mockup" with a product in the notes."""
    named = fact(order, MOCKUP).lower()
    notes = fact(order, contract.SCENE_NOTES).lower()
    if not named and not re.search(r"\bmock-?ups?\b", notes):
        return ""
    said = named or notes
    for name, words in _MOCKUP_WORDS.items():
        if name == named or any(re.search(rf"\b{re.escape(word)}s?\b", said) for word in words):
            return name
    if named:
        return named  # a template folder of the seller's own
    about = f"{fact(order, contract.PRODUCT_NAME)} {fact(order, contract.CATEGORY)}".lower()
    for name, words in _MOCKUP_WORDS.items():
        if any(re.search(rf"\b{re.escape(word)}s?\b", about) for word in words):
            return name
    return "poster"


def swap_colour(order: Order) -> str:
    """Return the colour the product is to be changed to, as the seller spelled it, or ""."""
    named = fact(order, COLOUR_SWAP)
    if named:
        return named
    found = _SWAP.search(fact(order, contract.SCENE_NOTES))
    return found.group(1) if found else ""
