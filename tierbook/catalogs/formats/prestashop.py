"""PrestaShop's product file, and the combinations file that holds its variants."""

from tierbook.catalogs.format import Format, Grouping, State

PRODUCTS = "PrestaShop"
FORMATS = (
    Format(
        name=PRODUCTS,
        signature=(
            ("Product ID", "ID"),
            ("Active (0/1)",),
            ("Reference #", "Reference"),
            ("Image URLs (x,y,z...)", "URL rewritten", "Friendly-url", "Categories (x,y,z...)"),
        ),
        fields={
            "sku": ("Reference #", "Reference"),
            "name": ("Name",),
            "category": ("Categories (x,y,z...)", "Category"),
            "price": (
                "Price tax excluded",
                "Price tax included",
                "Price tax excluded or Price tax included",
                "Price",
            ),
            "stock": ("Quantity",),
            "tags": ("Tags (x,y,z...)",),
            "url": ("URL rewritten", "Friendly-url"),
            "gtin": ("EAN13", "EAN-13"),
        },
        images=("Image URLs (x,y,z...)", "Image"),
        separators=",;",
        states=(State(("Active (0/1)",), {"0": "disabled products"}),),
        grouping=Grouping(product=("Product ID", "ID")),
        category_separators=",",
    ),
    Format(
        name="PrestaShop combinations",
        signature=(
            ("Product ID", "Product reference"),
            ("Attribute (Name:Type:Position)", "Attribute"),
            ("Value (Value:Position)", "Value"),
        ),
        fields={
            "sku": ("Reference",),
            "price": (),
            "stock": ("Quantity",),
            "gtin": ("EAN13", "EAN-13"),
        },
        images=("Image URLs (x,y,z...)",),
        separators=",;",
        options=("Value (Value:Position)",),
        positioned_options=True,
        surcharge=("Impact on price",),
        grouping=Grouping(product=("Product ID",)),
        extends=PRODUCTS,
    ),
)
