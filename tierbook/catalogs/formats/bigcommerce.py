"""BigCommerce's product export: a product, then its SKUs and rules."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="BigCommerce",
        signature=(
            ("Item Type", "Item"),
            ("Product Code/SKU", "SKU"),
            ("Product Name", "Name"),
            (
                "Product Visible?",
                "Current Stock Level",
                "Product Image File - 1",
                "Product Image URL - 1",
                "Product Image ID - 1",
                "Is Visible",
                "Current Stock",
                "Image URL (Import) - 1",
            ),
        ),
        fields={
            "sku": ("Product Code/SKU", "SKU"),
            "name": ("Product Name", "Name"),
            "category": ("Category", "Category String", "Categories"),
            "price": ("Price", "Sale Price", "Calculated Price"),
            "stock": ("Current Stock Level", "Current Stock"),
            "tags": ("Search Keywords",),
            "url": ("Product URL",),
            "gtin": ("Product UPC/EAN", "UPC/EAN", "Global Trade Item Number", "GTIN"),
        },
        images=(
            "Product Image File - {n}",
            "Product Image URL - {n}",
            "Image URL (Import) - {n}",
            "Internal Image URL (Export)",
        ),
        options=("Options",),
        states=(
            State(
                ("Product Visible?", "Is Visible"),
                {"n": "hidden products", "no": "hidden products", "false": "hidden products"},
            ),
        ),
        grouping=Grouping(
            follows=True,
            kind=("Item Type", "Item"),
            containers=frozenset({"product"}),
            variants=frozenset({"sku", "variant"}),
            ignored={"rule": "rule rows", "image": "image-only rows", "video": "video rows"},
        ),
        category_separators=";",
        category_steps="/",
    ),
)  # fmt: skip - the long signature reads best as a block
