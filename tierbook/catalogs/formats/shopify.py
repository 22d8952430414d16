"""Shopify's product export, with the headings of before and after 2024, and Matrixify's."""

from dataclasses import replace

from tierbook.catalogs.format import Format, Grouping, State

_CLASSIC = Format(
    name="Shopify",
    signature=(
        ("Handle",),
        (
            "Variant SKU",
            "Variant Price",
            "Option1 Value",
            "Image Src",
            "Body (HTML)",
            "Variant Inventory Qty",
        ),
    ),
    fields={
        "sku": ("Variant SKU", "SKU"),
        "name": ("Title",),
        "category": (
            "Product Category",
            "Standardized Product Type",
            "Standard Product Type",
            "Type",
            "Custom Product Type",
        ),
        # Where a shop prices by market only, the first market's column stands in.
        "price": ("Variant Price", "Price", "Price / *"),
        "stock": ("Variant Inventory Qty", "Inventory quantity", "Inventory Available: *"),
        "tags": ("Tags",),
        "url": ("URL", "Handle"),
        "gtin": ("Variant Barcode", "Barcode"),
    },
    images=("Image Src",),
    own_image=("Variant Image",),
    image_position=("Image Position",),
    options=("Option{n} Value",),
    states=(
        State(("Status",), {"draft": "draft products", "archived": "archived products"}),
        State(
            ("Published", "Published on online store"),
            {"false": "unpublished products", "no": "unpublished products"},
        ),
    ),
    gift_card=("Gift Card",),
    grouping=Grouping(product=("Handle",), follows=True, priced=True),
)
_NEW = replace(
    _CLASSIC,
    signature=(
        ("URL handle",),
        ("SKU", "Price", "Option1 value", "Product image URL", "Title", "Inventory quantity"),
    ),
    fields={**_CLASSIC.fields, "sku": ("SKU",), "url": ("URL handle",)},
    images=("Product image URL",),
    own_image=("Variant image URL",),
    grouping=Grouping(product=("URL handle",), follows=True, priced=True),
)
_MATRIXIFY = replace(
    _CLASSIC,
    name="Matrixify",
    states=(State(("Command",), {"delete": "deleted products"}), *_CLASSIC.states),
    signature=(
        *_CLASSIC.signature,
        (
            "Command",
            "Tags Command",
            "Image Command",
            "Variant Command",
            "Variant ID",
            "Variant Inventory Item ID",
            "Top Row",
            "Row #",
            "Type: Standard",
        ),
    ),
    fields={**_CLASSIC.fields, "category": ("Type: Standard", "Category: Name", "Type")},
)
FORMATS = (_CLASSIC, _NEW, _MATRIXIFY)
