"""eBay's File Exchange and Seller Hub files: a variation stands under its listing."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="eBay",
        signature=(
            ("CustomLabel", "Custom label (SKU)", "*CustomLabel", "Custom label"),
            ("*Title", "Title"),
            ("*StartPrice", "StartPrice", "Start price", "PicURL", "Item photo URL", "*Action"),
        ),
        fields={
            "sku": ("CustomLabel", "*CustomLabel", "Custom label (SKU)", "Custom label"),
            "name": ("*Title", "Title"),
            "category": ("Category name", "StoreCategory", "*Category", "Category", "Category ID"),
            "price": ("*StartPrice", "StartPrice", "Start price", "Current price", "BuyItNowPrice"),
            "currency": ("Currency",),
            "stock": ("*Quantity", "Quantity", "Available quantity"),
            "url": ("Item number", "ItemID"),
            "sales": ("Sold quantity",),
            "gtin": ("Product:EAN", "Product:UPC", "P:EAN", "P:UPC"),
        },
        images=("PicURL", "Item photo URL"),
        separators="|",
        options=("RelationshipDetails", "Relationship details", "Variation details"),
        states=(
            State(
                ("*Action", "Action"),
                {"end": "ended listings", "delete": "ended listings"},
            ),
        ),
        grouping=Grouping(
            follows=True,
            kind=("Relationship",),
            variants=frozenset({"variation"}),
        ),
    ),
)
