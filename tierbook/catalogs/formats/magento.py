"""Magento 2's product export, and the shorter one with `;` between its cells."""

from dataclasses import replace

from tierbook.catalogs.format import Format, Grouping, State

_STANDARD = Format(
    name="Magento 2",
    signature=(
        ("sku",),
        ("product_type", "attribute_set_code", "_type", "_attribute_set"),
        ("url_key", "product_online", "qty"),
    ),
    fields={
        "sku": ("sku",),
        "name": ("name",),
        "category": ("categories", "_category"),
        "price": ("price", "special_price"),
        "stock": ("qty", "quantity"),
        "tags": ("meta_keywords",),
        "url": ("url_key",),
        "gtin": ("ean", "gtin", "barcode"),
    },
    images=("base_image", "image", "additional_images", "_media_image"),
    separators=",|;",
    options=("color", "colour", "size"),
    gift_card=("product_type",),
    states=(
        State(
            ("product_online", "status"),
            # 1 means enabled in either column, 2 disabled; shorter exports say 0.
            {"2": "disabled products", "0": "disabled products", "disabled": "disabled products"},
        ),
    ),
    grouping=Grouping(
        children=("configurable_variations",),
        # A row without a SKU adds a picture or a category to the product above it.
        follows=True,
        kind=("product_type", "_type"),
        views=("store_view_code", "_store"),
        containers=frozenset({"configurable"}),
    ),
    category_separators="|,",
    category_steps="/",
)
_SHORT = replace(
    _STANDARD,
    signature=(
        ("sku",),
        ("additional_images", "base_image", "_media_image"),
        ("qty", "special_price", "_category", "m2_type"),
    ),
    grouping=Grouping(),
)
FORMATS = (_STANDARD, _SHORT)
