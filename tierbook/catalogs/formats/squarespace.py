"""Squarespace's product export: variants stand under their product, its cells left empty."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="Squarespace",
        signature=(
            ("Product ID [Non Editable]", "Product ID"),
            ("Variant ID [Non Editable]", "Variant ID"),
            ("Hosted Image URLs", "Product Page", "Product URL"),
            ("SKU",),
        ),
        fields={
            "sku": ("SKU",),
            "name": ("Title",),
            "category": ("Categories",),
            "price": ("Price", "Sale Price"),
            "stock": ("Stock",),
            "tags": ("Tags",),
            "url": ("Product URL", "Product Page"),
        },
        images=("Hosted Image URLs",),
        options=("Option Value {n}",),
        states=(State(("Visible",), {"no": "hidden products", "false": "hidden products"}),),
        gift_card=("Product Type [Non Editable]", "Product Type"),
        grouping=Grouping(product=("Product ID [Non Editable]", "Product ID"), follows=True),
        category_separators=",",
    ),
)
