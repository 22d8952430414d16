"""Trendyol's product file, in Turkish."""

from tierbook.catalogs.format import Format, Grouping

FORMATS = (
    Format(
        name="Trendyol",
        signature=(
            ("Barkod",),
            ("Model Kodu",),
            ("Ürün Adı",),
            (
                "Trendyol'da Satılacak Fiyat",
                "Trendyol Satış Fiyatı",
                "Piyasa Satış Fiyatı",
                "Trendyol'da Satılacak Fiyat (KDV Dahil)",
            ),
        ),
        fields={
            "sku": ("Stok Kodu", "Tedarikçi Stok Kodu", "Barkod"),
            "name": ("Ürün Adı",),
            "category": ("Kategori", "Kategori İsmi"),
            "price": (
                "Trendyol'da Satılacak Fiyat",
                "Trendyol Satış Fiyatı",
                "Piyasa Satış Fiyatı",
            ),
            "currency": ("Para Birimi",),
            "stock": ("Ürün Stok Adedi", "Stok Adedi", "Stok"),
            "url": ("Trendyol.com Linki",),
            "gtin": ("Barkod",),
        },
        images=("Görsel Linki", "Görsel {n}", "Görsel Linki {n}"),
        separators=";,",
        options=("Ürün Rengi", "Renk", "Beden", "Boyut/Ebat"),
        grouping=Grouping(product=("Model Kodu",)),
    ),
)
