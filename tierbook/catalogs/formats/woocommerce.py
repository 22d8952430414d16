"""WooCommerce's product export; its headings follow the language of the shop.

The languages met so far stand in `woocommerce.csv` beside this module: the English heading, and
what other languages call it. Of any other language the columns are told by their order, which is
the same in every full export, and the export itself by the kinds of its rows, which stay English.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tierbook.catalogs.format import Format, Grouping, Headings, State
from tierbook.catalogs.tables import kind_word

_CONTAINERS: Final = frozenset({"variable", "variable-subscription"})
_VARIATIONS: Final = frozenset({"variation", "subscription_variation"})
_WRITTEN: Final = frozenset(
    {*_CONTAINERS, *_VARIATIONS, "simple", "grouped", "external", "subscription", "bundle"}
)
_GTIN: Final = "GTIN, UPC, EAN, or ISBN"
_VALUES: Final = "Attribute {n} value(s)"
# The columns before the attributes, as every full export has them.
_ORDER: Final = (
    "ID",
    "Type",
    "SKU",
    _GTIN,
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Date sale price starts",
    "Date sale price ends",
    "Tax status",
    "Tax class",
    "In stock?",
    "Stock",
    "Low stock amount",
    "Backorders allowed?",
    "Sold individually?",
    "Weight",
    "Length",
    "Width",
    "Height",
    "Allow customer reviews?",
    "Purchase note",
    "Sale price",
    "Regular price",
    "Categories",
    "Tags",
    "Shipping class",
    "Images",
    "Download limit",
    "Download expiry days",
    "Parent",
    "Grouped products",
    "Upsells",
    "Cross-sells",
    "External URL",
    "Button text",
    "Position",
)


def _headings() -> dict[str, Headings]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        return {
            line["heading"]: (line["heading"], *line["aliases"].split("|"))
            for line in csv.DictReader(lines)
        }


def in_english(texts: Mapping[int, str], below: Sequence[Sequence[Any]]) -> Mapping[int, str]:
    """Name the columns of a full export in a language the aliases lack, by their order."""
    # The number is asked for by the same letters everywhere; older shops have no such column.
    order = [one for one in _ORDER if one != _GTIN or _GTIN[:4] in texts.get(4, "").upper()]
    if any(place not in texts for place in range(1, len(order) + 1)):
        return texts
    kinds = {kind_word(row, 2) for row in below} - {""}
    if not kinds or not kinds <= _WRITTEN:
        return texts
    named = {**texts, **dict(enumerate(order, 1))}
    behind: dict[str, list[int]] = {}
    for place, text in texts.items():
        if place > len(order) and not text.startswith("Meta:"):
            for number in re.findall(r"\d+", text)[:1]:
                behind.setdefault(number, []).append(place)
    # Of each attribute the name stands first, the values second.
    named.update(
        (places[1], _VALUES.format(n=number)) for number, places in behind.items() if places[1:]
    )
    return named


_NAMED: Final = _headings()

FORMATS = (
    Format(
        name="WooCommerce",
        signature=(
            _NAMED["Type"],
            _NAMED["Regular price"],
            _NAMED["Images"],
            _NAMED["Published"],
            _NAMED["Parent"],
            _NAMED[_VALUES],
            _NAMED["Sale price"],
        ),
        enough=4,
        fields={
            "sku": _NAMED["SKU"],
            "name": _NAMED["Name"],
            "category": _NAMED["Categories"],
            "price": (*_NAMED["Regular price"], *_NAMED["Sale price"]),
            "stock": _NAMED["Stock"],
            "tags": _NAMED["Tags"],
            "url": ("Permalink", "Product URL", "External URL"),
            "sales": ("Total sales", "Meta: total_sales"),
            "gtin": (*_NAMED[_GTIN], "Meta: _global_unique_id", "Meta: _ean"),
        },
        images=_NAMED["Images"],
        separators=",",
        options=_NAMED[_VALUES],
        states=(
            State(
                _NAMED["Published"],
                {
                    "-1": "draft products",
                    "0": "private products",
                    "false": "private products",
                    "no": "private products",
                },
            ),
        ),
        grouping=Grouping(
            parent=_NAMED["Parent"],
            identity=("ID",),
            # Where the column of parents was not exported, variations stand under theirs.
            follows=True,
            kind=_NAMED["Type"],
            written=_WRITTEN,
            containers=_CONTAINERS,
            variants=_VARIATIONS,
        ),
        category_separators=",",
        translated=in_english,
    ),
)
