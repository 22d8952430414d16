"""Square's item library export: a row for each variation."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="Square",
        signature=(
            ("Token", "Reference Handle"),
            ("Item Name", "Item"),
            ("Variation Name", "Customer-facing Name", "Square Online Item Visibility"),
        ),
        fields={
            "sku": ("SKU",),
            "name": ("Item Name", "Item", "Customer-facing Name"),
            "category": ("Category", "Categories", "Reporting Category"),
            "price": ("Price", "Online Sale Price", "Price *"),
            "stock": ("Current Quantity *", "Current Quantity"),
            "url": ("Permalink",),
            "gtin": ("GTIN",),
        },
        images=("Image URL", "Images"),
        options=("Variation Name",),
        default_options=frozenset({"regular"}),
        states=(
            State(
                ("Archived",),
                {"y": "archived products", "yes": "archived products", "true": "archived products"},
            ),
        ),
        grouping=Grouping(product=("Reference Handle", "Item Name", "Item")),
        category_separators=",",
    ),
)
