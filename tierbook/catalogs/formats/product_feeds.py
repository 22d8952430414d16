"""The feeds advertisers read: Google Merchant Center, and Meta's catalog."""

from dataclasses import replace

from tierbook.catalogs.format import Format, Grouping, State

# Feeds may use the attribute names of the target country's language.
_TITLE = ("title", "Titel", "titre", "título", "titolo")
_IMAGE = ("image_link", "Bildlink", "lien image", "enlace imagen", "link immagine")
_GOOGLE = Format(
    name="Google Merchant",
    signature=(
        ("id", "identifiant", "identificativo"),
        _TITLE,
        _IMAGE,
        ("link", "availability", "lien", "enlace", "Verfügbarkeit", "disponibilité"),
    ),
    fields={
        "sku": ("id", "identifiant", "identificativo"),
        "name": _TITLE,
        "category": (
            "google_product_category",
            "product_type",
            "category",
            "Google Produktkategorie",
            "catégorie de produits Google",
            "categoría de producto de Google",
            "categoria prodotto Google",
        ),
        "price": ("price", "sale_price", "Preis", "prix", "precio", "prezzo"),
        "currency": ("currency",),
        "stock": ("sell_on_google_quantity", "inventory"),
        "tags": ("custom_label_{n}",),
        "url": ("link", "lien", "enlace"),
        "gtin": ("gtin",),
    },
    images=(
        *_IMAGE,
        "additional_image_link",
        "additional_image_link{n}",
        "zusätzlicher Bildlink",
        "lien image supplémentaire",
        "enlace imagen adicional",
        "link immagine aggiuntiva",
    ),
    separators=",",
    options=("color", "size"),
    grouping=Grouping(product=("item_group_id",)),
)
_META = replace(
    _GOOGLE,
    name="Meta catalog",
    signature=(
        *_GOOGLE.signature,
        (
            "fb_product_category",
            "quantity_to_sell_on_facebook",
            "product_tags[0]",
            "video[0].url",
            "rich_text_description",
        ),
    ),
    fields={
        **_GOOGLE.fields,
        "category": ("google_product_category", "fb_product_category", "product_type"),
        "stock": ("quantity_to_sell_on_facebook", "inventory"),
        "tags": ("product_tags[0]", "custom_label_{n}"),
    },
    images=("image_link", "additional_image_link", "image[0].url"),
    states=(
        State(("status",), {"archived": "archived products", "deleted": "deleted products"}),
        State(("visibility",), {"hidden": "hidden products", "staging": "hidden products"}),
    ),
)
FORMATS = (_GOOGLE, _META)
