"""Allegro's offer files: the sheet its sales centre fills, and the feed of offers."""

from tierbook.catalogs.format import Format, State

_ENDED = {
    "zakończona": "ended listings",
    "ended": "ended listings",
    "nieaktywna": "inactive listings",
    "inactive": "inactive listings",
}
_SHEET = Format(
    name="Allegro",
    signature=(
        ("Tytuł oferty", "Offer title"),
        ("Sygnatura/SKU Sprzedającego", "Seller's signature/SKU", "Signature/Seller SKU"),
        ("Cena PL", "Cena", "Liczba sztuk", "Zdjęcia", "Price PL", "Quantity", "Photos"),
    ),
    fields={
        "sku": (
            "Sygnatura/SKU Sprzedającego",
            "Seller's signature/SKU",
            "Signature/Seller SKU",
            "ID oferty",
            "Offer ID",
        ),
        "name": ("Tytuł oferty", "Offer title"),
        "category": ("Podkategoria", "Subcategory", "Kategoria główna", "Main category"),
        "price": ("Cena PL", "Cena", "Price PL", "Price"),
        "currency": ("Waluta", "Currency"),
        "stock": ("Liczba sztuk", "Quantity"),
        "url": ("Link do oferty", "Offer link"),
        "gtin": ("ID produktu (EAN/UPC/ISBN/ISSN/ID produktu Allegro)",),
    },
    images=("Zdjęcia", "Photos"),
    separators="|",
    states=(State(("Status oferty", "Offer status"), _ENDED),),
)
_FEED = Format(
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
)
FORMATS = (_SHEET, _FEED)
