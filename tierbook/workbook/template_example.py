"""The rows of the filled example: a small candle shop before its winter season."""

from collections.abc import Mapping
from datetime import date
from typing import Final, TypeAlias

from tierbook import contract

Row: TypeAlias = Mapping[str, object]

# SKU, name, scene notes, photo; sales of 90 days, price, sales rank, complexity.
_CANDLES: Final = (
    ("00101", "Amber jar candle", "oak shelf, evening light", "amber-jar", 6240, 24, 1, "high"),
    ("00102", "Sage jar candle", "bathroom ledge, mist", "sage-jar", 1830, 24, 3, "high"),
    ("00103", "Midnight jar candle", "window seat, first snow", "midnight-jar", 940, 26, 4, "high"),
    ("00104", "Rose travel tin", "open suitcase on a bed", "rose-tin", 2410, 12, 2, "medium"),
    ("00105", "Honey beeswax pillar", "set dinner table", "honey-pillar", 60, 18, 5, "low"),
)
_MARGIN: Final = 55
_WINTER: Final = "Winter lights"


def products() -> tuple[Row, ...]:
    """List the facts of each candle, one row a SKU."""
    return tuple(
        {
            contract.SKU: sku,
            contract.PRODUCT_NAME: name,
            contract.CATEGORY: "candles",
            contract.BRAND_STRICTNESS: "medium",
            contract.SOURCE_IMAGE: f"photos/{photo}.jpg",
            contract.SCENE_NOTES: scene,
            "Sales 90 days": sales,
            "Price": price,
            "Margin %": _MARGIN,
            "Sales rank": rank,
            "Complexity": complexity,
        }
        for sku, name, scene, photo, sales, price, rank, complexity in _CANDLES
    )


def requests() -> tuple[Row, ...]:
    """List the pictures the shop needs: what every candle needs, then the season's own."""
    rows: list[Row] = []
    for sku, *_ in _CANDLES:
        # A prop on a main image shows what HOLD looks like.
        rows.append(_row(sku, "Marketplace main", props=sku == "00104"))
        rows.append(_row(sku, "Gallery", angles=3))
        rows.append(_row(sku, "Category page"))
    return (
        *rows,
        _row("00101", "Etsy listing"),
        _row("00101", "Homepage hero", campaign=_WINTER, needed_by=date(2026, 11, 30)),
        _row("00102", "Email header", campaign=_WINTER, needed_by=date(2026, 12, 4)),
        _row("00103", "Paid ad", campaign=_WINTER, needed_by=date(2026, 11, 28)),
        _row("00103", "Lifestyle gallery", props=True),
        _row("00104", "Social post", human_model=True),
        _row("00104", "Pinterest pin"),
        _row("00105", "Email header"),
    )


def _row(sku: str, placement: str, **facts: object) -> Row:
    row: dict[str, object] = {contract.SKU: sku, contract.PLACEMENT: placement}
    for name, value in facts.items():
        heading = _HEADINGS[name]
        row[heading] = ("yes" if value else None) if isinstance(value, bool) else value
    return row


_HEADINGS: Final = {
    "angles": contract.ANGLES,
    "campaign": contract.CAMPAIGN,
    "human_model": contract.HUMAN_MODEL,
    "needed_by": contract.NEEDED_BY,
    "props": contract.PROPS,
}
