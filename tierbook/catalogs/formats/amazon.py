"""Amazon's flat file and category templates: the technical names, wherever the labels stand."""

from tierbook.catalogs.format import Format, Grouping, State

_PARENTAGE = ("parent_child", "parentage", "parentage_level", "parent_child_level")
FORMATS = (
    Format(
        name="Amazon",
        signature=(
            ("item_sku", "sku", "seller-sku", "contribution_sku"),
            (
                "feed_product_type",
                "variation_theme",
                "standard_price",
                "update_delete",
                "record_action",
                "item-condition",
            ),
            (
                "item_name",
                "item-name",
                "parent_sku",
                "main_image_url",
                "relationship_type",
                "external_product_id",
            ),
        ),
        fields={
            "sku": ("item_sku", "sku", "seller-sku", "contribution_sku"),
            "name": ("item_name", "item-name", "title"),
            "category": ("item_type_name", "item_type", "feed_product_type", "product_type"),
            "price": ("standard_price", "price", "sale_price", "list_price"),
            "currency": ("currency",),
            "stock": ("quantity", "fulfillment_availability#1.quantity"),
            "tags": ("generic_keywords", "generic_keywords{n}"),
            "url": ("product_url",),
            "gtin": ("external_product_id", "product-id"),
        },
        images=("main_image_url", "other_image_url{n}", "pt{n}_image_url", "image-url"),
        options=("color_name", "size_name", "style_name"),
        states=(
            State(
                ("update_delete", "record_action", "add-delete"),
                {"delete": "deleted products", "d": "deleted products"},
                unit="variant",
            ),
        ),
        grouping=Grouping(
            parent=("parent_sku",),
            kind=_PARENTAGE,
            containers=frozenset({"parent"}),
            variants=frozenset({"child"}),
        ),
    ),
)
