"""Wix's product export: a product row, then a row for each variant, under one handle."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="Wix",
        signature=(("handleId", "handle"), ("fieldType",)),
        fields={
            "sku": ("sku",),
            "name": ("name",),
            "category": ("collection",),
            "price": ("price",),
            "stock": ("inventory",),
            "tags": ("ribbon",),
            "url": ("productPageUrl", "handleId", "handle"),
        },
        images=("productImageUrl", "mediaUrl", "media"),
        # Media ids hold commas and dots, never semicolons.
        separators=";",
        options=(
            "productOptionDescription{n}",
            "productOptionChoices{n}",
            *(f"productOptionChoices[{n}]" for n in range(1, 7)),
        ),
        surcharge=("surcharge",),
        states=(State(("visible",), {"false": "hidden products"}),),
        grouping=Grouping(
            product=("handleId", "handle"),
            kind=("fieldType",),
            containers=frozenset({"product"}),
            variants=frozenset({"variant"}),
        ),
        category_separators=";",
    ),
)
