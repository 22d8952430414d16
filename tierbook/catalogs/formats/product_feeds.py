"""The feeds advertisers read: Google Merchant Center, and Meta's catalog."""

from dataclasses import replace

from tierbook.catalogs.format import Format, Grouping

_GOOGLE = Format(
    name="Google Merchant",
    signature=(("id",), ("title",), ("image_link", "image link"), ("link", "availability")),
    fields={
        "sku": ("id",),
        "name": ("title",),
        "category": (
            "google_product_category",
            "google product category",
            "product_type",
            "product type",
            "category",
        ),
        "price": ("price", "sale_price", "sale price"),
        "currency": ("currency",),
        "stock": ("sell_on_google_quantity", "inventory"),
        "tags": ("custom_label_{n}", "custom label {n}"),
        "url": ("link",),
        "gtin": ("gtin",),
    },
    images=(
        "image_link",
        "image link",
        "additional_image_link",
        "additional image link",
        "additional_image_link{n}",
    ),
    separators=",",
    options=("color", "size"),
    grouping=Grouping(product=("item_group_id", "item group id")),
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
)
FORMATS = (_GOOGLE, _META)
