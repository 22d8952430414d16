"""BigCommerce's product exports: a product, then its SKUs and rules, or its pictures and variants.

In the older one the name of a SKU's row spells its options: `[RT]Color=Red,[S]Size=Small`.
"""

from tierbook.catalogs.format import Format, Grouping, State

_HIDDEN = {"n": "hidden products", "no": "hidden products", "false": "hidden products"}
_OLDER = Format(
    name="BigCommerce",
    signature=(
        ("Item Type",),
        ("Product Code/SKU",),
        ("Product Name",),
    ),
    fields={
        "sku": ("Product Code/SKU",),
        "name": ("Product Name",),
        "category": ("Category", "Category String"),
        "price": ("Price", "Sale Price", "Calculated Price"),
        "stock": ("Current Stock Level",),
        "tags": ("Search Keywords",),
        "url": ("Product URL",),
        "gtin": ("Product UPC/EAN",),
    },
    images=("Product Image File - {n}", "Product Image URL - {n}"),
    options_in_name=True,
    paired_options=True,
    states=(State(("Product Visible?",), _HIDDEN),),
    grouping=Grouping(
        follows=True,
        kind=("Item Type",),
        containers=frozenset({"product"}),
        variants=frozenset({"sku"}),
        ignored={"rule": "rule rows"},
    ),
    category_separators=";",
    category_steps="/",
)
_NEWER = Format(
    name="BigCommerce",
    signature=(
        ("Item",),
        ("SKU",),
        ("Name",),
        ("Is Visible", "Current Stock", "Image URL (Import)", "Variant Image URL"),
    ),
    fields={
        "sku": ("SKU",),
        "name": ("Name",),
        "category": ("Categories Names", "Categories"),
        "price": ("Price", "Sale Price", "Calculated Price"),
        "stock": ("Current Stock",),
        "tags": ("Search Keywords",),
        "url": ("Product URL",),
        "gtin": ("UPC/EAN", "Global Trade Number", "Global Trade Item Number", "GTIN"),
    },
    images=("Internal Image URL (Export)", "Image URL (Import)", "Image URL (Import) - {n}"),
    own_image=("Variant Image URL",),
    image_position=("Image Sort Order",),
    options=("Options",),
    paired_options=True,
    states=(State(("Is Visible",), _HIDDEN),),
    grouping=Grouping(
        follows=True,
        kind=("Item",),
        containers=frozenset({"product"}),
        variants=frozenset({"variant", "sku"}),
        pictures=frozenset({"image"}),
        ignored={"rule": "rule rows", "video": "video rows"},
    ),
    category_separators=";",
    category_steps="/",
)
FORMATS = (_OLDER, _NEWER)
