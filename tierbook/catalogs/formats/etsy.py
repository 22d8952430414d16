"""Etsy's listing download; its headings follow the language of the seller's account.

The order of the columns is the same in every language, so that a download in one whose headings
are not declared here is told by its ten numbered columns of pictures.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tierbook.catalogs.format import Format, Grouping

_TITLE: Final = ("TITLE", "TITOLO", "TITEL", "TITRE", "TÍTULO", "TYTUŁ", "タイトル", "НАЗВАНИЕ")
_IMAGES: Final = (
    "IMAGE{n}",
    "IMMAGINE{n}",
    "BILD{n}",
    "IMAGEN{n}",
    "AFBEELDING{n}",
    "IMAGEM{n}",
    "ZDJĘCIE{n}",
    "OBRAZ{n}",
    "画像{n}",
    "ИЗОБРАЖЕНИЕ{n}",
)
_CURRENCY: Final = (
    "CURRENCY_CODE",
    "CODICE_VALUTA",
    "VALUTA",
    "WÄHRUNGSCODE",
    "WÄHRUNG",
    "CODE_DEVISE",
    "DEVISE",
    "CÓDIGO_DE_MONEDA",
    "CÓDIGO_DE_DIVISA",
    "MONEDA",
    "VALUTACODE",
    "CÓDIGO_DA_MOEDA",
    "MOEDA",
    "KOD_WALUTY",
    "WALUTA",
    "通貨コード",
    "КОД_ВАЛЮТЫ",
)
_VARIATIONS: Final = (
    "VARIATION {n} VALUES",
    "VALORI VARIANTE {n}",
    "VALORI DELLA VARIANTE {n}",
    "VARIATION {n} WERTE",
    "WERTE DER VARIANTE {n}",
    "VALEURS DE LA VARIANTE {n}",
    "VALEURS DE VARIATION {n}",
    "VALEURS VARIATION {n}",
    "VALORES DE LA VARIACIÓN {n}",
    "VALORES DE VARIACIÓN {n}",
    "VARIATIE {n} WAARDEN",
    "WAARDEN VARIATIE {n}",
    "VALORES DA VARIAÇÃO {n}",
    "WARTOŚCI WARIANTU {n}",
    "ЗНАЧЕНИЯ ВАРИАЦИИ {n}",
    "バリエーション{n}の値",
)
_ORDER: Final = (
    "TITLE",
    "DESCRIPTION",
    "PRICE",
    "CURRENCY_CODE",
    "QUANTITY",
    "TAGS",
    "MATERIALS",
    *(f"IMAGE{n}" for n in range(1, 11)),
    *(f"VARIATION {n} {what}" for n in (1, 2, 3) for what in ("TYPE", "NAME", "VALUES")),
)


def in_english(texts: Mapping[int, str], _: Sequence[Sequence[Any]]) -> Mapping[int, str]:
    """Name the columns of a whole download by their order, whatever its language."""
    pictures = [place for place, name in enumerate(_ORDER, 1) if name.startswith("IMAGE")]
    if any(place not in texts for place in range(1, pictures[-1] + 1)):
        return texts
    stem = texts[pictures[0]].removesuffix("1")
    if [texts[place] for place in pictures] != [f"{stem}{n}" for n in range(1, 11)]:
        return texts
    last = max(texts)
    named = {place: name for place, name in enumerate(_ORDER, 1) if place < last}
    return {**texts, **named} if texts[last].upper() == "SKU" else texts


FORMATS = (
    Format(
        name="Etsy",
        signature=(_TITLE, _IMAGES, (*_VARIATIONS, *_CURRENCY)),
        fields={
            "sku": ("SKU",),
            "name": _TITLE,
            "category": ("SECTION", "SEZIONE", "CATEGORY"),
            "price": (
                "PRICE",
                "PREZZO",
                "PREIS",
                "PRIX",
                "PRECIO",
                "PRIJS",
                "PREÇO",
                "CENA",
                "価格",
                "ЦЕНА",
            ),
            "currency": _CURRENCY,
            "stock": (
                "QUANTITY",
                "QUANTITÀ",
                "MENGE",
                "ANZAHL",
                "QUANTITÉ",
                "CANTIDAD",
                "HOEVEELHEID",
                "AANTAL",
                "QUANTIDADE",
                "ILOŚĆ",
                "数量",
                "КОЛИЧЕСТВО",
            ),
            "tags": (
                "TAGS",
                "TAG",
                "ETIQUETAS",
                "SCHLAGWÖRTER",
                "TAGI",
                "MOTS-CLÉS",
                "タグ",
                "ТЕГИ",
            ),
            "url": ("URL", "LISTING URL"),
        },
        images=_IMAGES,
        options=_VARIATIONS,
        sku_list=True,
        grouping=Grouping(product=("LISTING_ID", "LISTING ID")),
        translated=in_english,
    ),
)
