"""eBay's File Exchange and Seller Hub files: a variation stands under its listing."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="eBay",
        signature=(
            ("CustomLabel", "Custom label (SKU)", "*CustomLabel", "Custom label"),
            ("*Title", "Title"),
            (
                "*StartPrice",
                "StartPrice",
                "Start price",
                "Current price",
                "PicURL",
                "Item photo URL",
                "*Action",
            ),
        ),
        fields={
            "sku": ("CustomLabel", "*CustomLabel", "Custom label (SKU)", "Custom label"),
            "name": ("*Title", "Title"),
            "category": (
                "Category name",
                "eBay category 1 name",
                "StoreCategory",
                "*Category",
                "Category",
                "Category ID",
            ),
            "price": (
                "*StartPrice",
                "StartPrice",
                "Current price",
                "Start price",
                "BuyItNowPrice",
                "Price",
            ),
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
                {"end": "ended listings", "enditem": "ended listings", "delete": "ended listings"},
            ),
        ),
        paired_options=True,
        grouping=Grouping(
            product=("Item number", "ItemID", "Item ID"),
            follows=True,
            bare_head=True,
            kind=("Relationship",),
            variants=frozenset({"variation"}),
        ),
    ),
)
