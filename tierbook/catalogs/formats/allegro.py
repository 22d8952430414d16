"""Allegro's offer file."""

from tierbook.catalogs.format import Format

FORMATS = (
    Format(
        name="Allegro",
        signature=(("EXTERNAL_ID",), ("GTIN",), ("NAME",), ("IMAGE{n}", "STOCK")),
        fields={
            "sku": ("EXTERNAL_ID", "MPN", "GTIN"),
            "name": ("NAME",),
            "category": ("CATEGORY",),
            "price": ("PRICE",),
            "currency": ("CURRENCY",),
            "stock": ("STOCK",),
            "url": ("URL", "LINK"),
            "gtin": ("GTIN",),
        },
        images=("IMAGE{n}",),
        options=("COLOR", "SIZE"),
        category_separators=",",
    ),
)
