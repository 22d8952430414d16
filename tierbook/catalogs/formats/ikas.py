"""ikas' product export: a row for each variant, a stock column for each warehouse."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="ikas",
        signature=(("Ürün Grup ID",), ("Varyant ID",), ("İsim",)),
        fields={
            "sku": ("SKU",),
            "name": ("İsim",),
            "category": ("Kategoriler",),
            "price": ("Satış Fiyatı", "İndirimli Fiyatı"),
            "stock": ("Stok:*",),
            "tags": ("Etiketler",),
            "url": ("Slug",),
            "gtin": ("Barkod Listesi",),
        },
        images=("Resim URL",),
        separators=";",
        options=("Varyant Değer {n}",),
        states=(
            State(("Silindi mi?",), {"true": "deleted variants"}, unit="variant"),
            State(("Varyant Aktiflik",), {"false": "inactive variants"}, unit="variant"),
        ),
        grouping=Grouping(product=("Ürün Grup ID",), identity=("Varyant ID",)),
        category_separators=";",
    ),
)
