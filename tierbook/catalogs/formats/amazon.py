"""Amazon's flat files, category templates and listing report, by the names its systems use.

Templates of before 2024 call a column `item_sku`, later ones `contribution_sku#1.value`; labels
in the seller's language may stand above. The listing report has headings of its own.
"""

from tierbook.catalogs.format import Format, Grouping, State

_DELETED = {
    "delete": "deleted products",
    "d": "deleted products",
    "x": "deleted products",
    "löschen": "deleted products",
    "supprimer": "deleted products",
    "elimina": "deleted products",
    "eliminar": "deleted products",
}
_FLAT_FILE = Format(
    name="Amazon",
    signature=(
        ("item_sku", "sku", "contribution_sku", "contribution_sku#1.value"),
        (
            "feed_product_type",
            "variation_theme",
            "variation_theme*",
            "standard_price",
            "update_delete",
            "record_action",
            "product_type#1.value",
        ),
        (
            "item_name",
            "item_name*",
            "parent_sku",
            "main_image_url",
            "relationship_type",
            "external_product_id",
        ),
    ),
    fields={
        "sku": ("item_sku", "contribution_sku", "contribution_sku#1.value", "sku"),
        "name": ("item_name", "item_name*", "title"),
        "category": (
            "item_type_name",
            "item_type",
            "item_type_keyword*",
            "feed_product_type",
            "product_type",
            "product_type#1.value",
        ),
        "price": (
            "standard_price",
            "price",
            "sale_price",
            "list_price",
            "purchasable_offer*our_price*value_with_tax",
        ),
        "currency": ("currency",),
        "stock": ("quantity", "fulfillment_availability#1.quantity"),
        "tags": ("generic_keywords", "generic_keywords{n}", "generic_keyword*"),
        "url": ("product_url",),
        "gtin": ("external_product_id", "externally_assigned_product_identifier#1.value"),
    },
    images=(
        "main_image_url",
        "main_product_image_locator*",
        "other_image_url{n}",
        "other_product_image_locator_{n}*",
        "pt{n}_image_url",
    ),
    options=("color_name", "size_name", "style_name", "color#1.value", "size#1.value"),
    states=(State(("update_delete", "record_action"), _DELETED, unit="variant"),),
    grouping=Grouping(
        parent=("parent_sku", "child_parent_sku_relationship*parent_sku"),
        kind=("parent_child", "parentage", "parentage_level", "parentage_level#1.value"),
        containers=frozenset({"parent"}),
        variants=frozenset({"child"}),
    ),
    first_row="dataRow=",
)
_INACTIVE = {"inactive": "inactive listings", "incomplete": "incomplete listings"}
_REPORT = Format(
    name="Amazon",
    signature=(
        ("seller-sku", "Händler-SKU", "出品者SKU", "sku-vendedor", "sku-venditore", "sku-vendeur"),
        ("item-name", "Artikelbezeichnung", "商品名", "nom-produit", "titolo", "nombre-producto"),
        ("listing-id", "item-condition", "asin1", "Angebotsnummer", "ASIN 1", "出品ID"),
    ),
    fields={
        "sku": (
            "seller-sku",
            "Händler-SKU",
            "出品者SKU",
            "sku-vendedor",
            "sku-venditore",
            "sku-vendeur",
        ),
        "name": (
            "item-name",
            "Artikelbezeichnung",
            "商品名",
            "nom-produit",
            "titolo",
            "nombre-producto",
        ),
        "price": ("price", "Preis", "価格", "precio", "prezzo", "prix"),
        "stock": ("quantity", "Menge", "数量", "cantidad", "quantità", "quantité"),
        "gtin": ("product-id", "Produkt-ID", "商品ID"),
    },
    images=("image-url", "Bild URL"),
    states=(State(("status", "ステータス"), _INACTIVE, unit="variant"),),
)
FORMATS = (_FLAT_FILE, _REPORT)
