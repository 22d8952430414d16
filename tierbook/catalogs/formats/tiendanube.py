"""Tiendanube's and Nuvemshop's product export, in Spanish and Portuguese; it has no pictures."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="Tiendanube",
        signature=(
            ("Identificador de URL", "Identificador URL"),
            ("Nombre", "Nome"),
            ("Mostrar en tienda", "Exibir na loja"),
        ),
        fields={
            "sku": ("SKU",),
            "name": ("Nombre", "Nome"),
            "category": ("Categorías", "Categorias"),
            "price": ("Precio", "Preço", "Precio promocional", "Preço promocional"),
            "stock": ("Stock", "Estoque"),
            "tags": ("Tags",),
            "url": ("Identificador de URL", "Identificador URL"),
            "gtin": ("Código de barras",),
        },
        options=("Valor de propiedad {n}", "Valor da variação {n}"),
        states=(
            State(
                ("Mostrar en tienda", "Exibir na loja"),
                {"no": "hidden products", "não": "hidden products", "nao": "hidden products"},
            ),
        ),
        grouping=Grouping(product=("Identificador de URL", "Identificador URL")),
        category_separators=",",
    ),
)
