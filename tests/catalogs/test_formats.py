"""Each kind of export, by a small look-alike: recognised, counted, and read cell by cell."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.catalogs.exports import catalog_of, item, table, written
from tierbook.catalogs import read
from tierbook.catalogs.formats import formats
from tierbook.catalogs.formats.any_table import ANY_TABLE

# Format -> (export, products, variants, one SKU, its name, price, number of pictures, options)
EXAMPLES = {
    "Shopify": (
        """
        Handle | Title | Type | Tags | Published | Option1 Name | Option1 Value | Variant SKU | Variant Price | Image Src | Image Position | Variant Image | Gift Card | Status
        lamp   | Lamp  | Light | a, b | true | Colour | Red | L-R | 10.00 | https://x.test/2.jpg | 2 | https://x.test/r.jpg | false | active
        lamp   |       |       |      |      |        | Blue | L-B | 12.00 | https://x.test/1.jpg | 1 | | |
        lamp   |       |       |      |      |        |      |     |       | https://x.test/3.jpg | 3 | | |
        """,
        (1, 2),
        ("L-R", "Lamp", "10.00", 4, "Red"),
    ),
    "Matrixify": (
        """
        Handle | Command | Title | Type | Tags | Tags Command | Status | Variant SKU | Variant Price | Image Src | Metafield: custom.wick [single_line_text_field]
        lamp | MERGE | Lamp | Light | a | REPLACE | Active | L-1 | 9.50 | https://x.test/1.jpg;https://x.test/2.jpg | wool
        """,
        (1, 1),
        ("L-1", "Lamp", "9.50", 2, ""),
    ),
    "WooCommerce": (
        """
        ID | Type | SKU | Name | Published | Visibility in catalog | In stock? | Stock | Sale price | Regular price | Categories | Tags | Images | Parent | Attribute 1 name | Attribute 1 value(s)
        1 | variable  | CAP     | Cap | 1 | visible | 1 | | | | Wear > Caps, New | hat | https://x.test/a.jpg, https://x.test/b.jpg | | Colour | Red, Blue
        2 | variation | CAP-RED | Cap - Red | 1 | visible | 1 | 3 | | 20 | | | https://x.test/red.jpg | CAP | Colour | Red
        3 | variation | CAP-BLU | Cap - Blue | 1 | visible | 1 | 4 | 15 | 20 | | | | id:1 | Colour | Blue
        4 | simple    | MUG     | Mug | -1 | visible | 1 | 5 | | 7 | Kitchen | | | | |
        """,
        (2, 3),
        ("CAP-RED", "Cap - Red", "20", 3, "Red"),
    ),
    "Etsy": (
        """
        TITOLO | DESCRIZIONE | PREZZO | VALUTA | QUANTITÀ | TAG | IMMAGINE1 | IMMAGINE2 | TIPO VARIANTE 1 | NOME VARIANTE 1 | VALORI VARIANTE 1 | SKU
        Tazza blu | d | 18,50 | EUR | 4 | a_b | https://x.test/1.jpg | https://x.test/2.jpg | Taglia | Taglia | S,M | T-S,T-M
        Ciotola | d | 9,00 | EUR | 2 | | https://x.test/3.jpg | | | | |
        """,
        (2, 3),
        ("T-M", "Tazza blu", "18.50", 2, ""),
    ),
    "Wix": (
        """
        handleId | fieldType | name | productImageUrl | collection | sku | ribbon | price | surcharge | visible | inventory | productOptionName1 | productOptionDescription1
        p1 | Product | Print | ab_1~mv2.jpg;ab_2~mv2.jpg | Prints;Wall | | New | 10 | | true | InStock | Size | S;L
        p1 | Variant | | | | PR-S | | | 0 | true | 3 | | S
        p1 | Variant | | | | PR-L | | | 5 | true | 4 | | L
        """,
        (1, 2),
        ("PR-L", "Print", "15", 2, "L"),
    ),
    "Magento 2": (
        """
        sku | attribute_set_code | product_type | categories | name | product_online | price | url_key | base_image | additional_images | qty | configurable_variations
        ST-1 | Strap | simple | Default Category/Gear,Default Category/Gear/Straps | Strap 6 | 1 | 14 | strap-6 | /a/1.jpg | /a/2.jpg,/a/3.jpg | 5 |
        ST   | Strap | configurable | Default Category/Gear | Strap | 1 | 14 | strap | /a/9.jpg | | 0 | sku=ST-1,size=6|sku=ST-2,size=8
        """,
        (1, 1),
        ("ST-1", "Strap 6", "14", 4, "6"),
    ),
    "PrestaShop": (
        """
        Product ID | Active (0/1) | Name * | Categories (x,y,z...) | Price tax excluded | Reference # | Quantity | Tags (x,y,z...) | Image URLs (x,y,z...)
        1 | 1 | Bowl | Kitchen, Home | 12.50 | B-1 | 3 | a,b | http://x.test/1.jpg,http://x.test/2.jpg
        """,
        (1, 1),
        ("B-1", "Bowl", "12.50", 2, ""),
    ),
    "BigCommerce": (
        """
        Item Type | Product Name | Product Code/SKU | Price | Category | Product Visible? | Current Stock Level | Product Image File - 1 | Product Image URL - 2
        Product | Vase | V | 30 | Home/Vases;New | Y | 0 | vase.jpg | https://x.test/v2.jpg
        SKU | [S]Size=S | V-S | 28 | | | 2 | |
        Rule | | V-S | | | | | |
        """,
        (1, 1),
        ("V-S", "Vase", "28", 2, "S"),
    ),
    "Squarespace": (
        """
        Product ID [Non Editable] | Variant ID [Non Editable] | Product Type [Non Editable] | Product Page | Title | SKU | Option Name 1 | Option Value 1 | Price | Sale Price | On Sale | Stock | Categories | Tags | Visible | Hosted Image URLs
        a1 | v1 | PHYSICAL | shop | Rug | RUG-S | Size | S | 50.00 | 0 | No | 4 | /home | x, y | Yes | https://x.test/1.jpg https://x.test/2.jpg
         | v2 | | | | RUG-L | Size | L | 80.00 | 0 | No | 2 | | | |
        """,
        (1, 2),
        ("RUG-L", "Rug", "80.00", 2, "L"),
    ),
    "Square": (
        """
        Token | Item Name | Variation Name | SKU | Description | Category | Price | Current Quantity Main St | Current Quantity Market | Archived
        AAA | Tea | Small | TEA-S | d | Drinks | 4.00 | 3 | 2 | N
        AAB | Tea | Large | TEA-L | d | Drinks | 6.00 | 1 | | N
        """,
        (1, 2),
        ("TEA-S", "Tea", "4.00", 0, "Small"),
    ),
    "Tiendanube": (
        """
        Identificador de URL | Nombre | Categorías | Nombre de propiedad 1 | Valor de propiedad 1 | Precio | Precio promocional | Stock | SKU | Mostrar en tienda | Tags
        mesa | Mesa | Casa > Mesas | Color | Rojo | 822,271.00 | | 3 | M-R | SI | a
        mesa | | | | Azul | 753,239.50 | | 2 | M-A | |
        """,
        (1, 2),
        ("M-A", "Mesa", "753239.50", 0, "Azul"),
    ),
    "ikas": (
        """
        Ürün Grup ID | Varyant ID | İsim | Satış Fiyatı | SKU | Silindi mi? | Kategoriler | Etiketler | Resim URL | Slug | Stok:Ana Depo | Stok:Yan Depo | Varyant Değer 1 | Varyant Aktiflik
        g1 | v1 | Kazak | 533 | K-1 | false | Giyim>Kazak;Giyim | a;b | https://x.test/1.webp;https://x.test/2.webp | kazak | 2 | 3 | XS | true
        g1 | v2 | Kazak | 533 | K-2 | true | Giyim>Kazak;Giyim | a;b | https://x.test/1.webp | kazak | 0 | | S | true
        """,
        (1, 2),
        ("K-1", "Kazak", "533", 2, "XS"),
    ),
    "Prom.ua": (
        """
        Код_товару | Назва_позиції | Пошукові_запити | Ціна | Валюта | Посилання_зображення | Наявність | Кількість | Назва_групи | ID_групи_різновидів | Назва_Характеристики | Одиниця_виміру_Характеристики | Значення_Характеристики | Назва_Характеристики | Одиниця_виміру_Характеристики | Значення_Характеристики
        Ч-1 | Чашка | чашка, кухоль | 120,50 | UAH | https://x.test/1.jpg, https://x.test/2.jpg | + | 4 | Посуд | | Колір | | синій | Об'єм | мл | 300
        """,
        (1, 1),
        ("Ч-1", "Чашка", "120.50", 2, ""),
    ),
    "Allegro": (
        """
        GTIN | EXTERNAL_ID | NAME | STOCK | PRICE | MPN | IMAGE1 | IMAGE2 | CATEGORY | COLOR | SIZE
        8.80609E+12 | PL-1 | Plakat | 10 | 26.00 | m | https://x.test/1.jpg | https://x.test/2.jpg | Plakaty | | A4
        """,
        (1, 1),
        ("PL-1", "Plakat", "26.00", 2, "A4"),
    ),
    "Amazon": (
        """
        TemplateType=home | Version=1 | | | | | | | |
        Product Type | Seller SKU | Title | Price | Quantity | Main Image | Other Image | Parentage | Parent SKU | Update Delete
        feed_product_type | item_sku | item_name | standard_price | quantity | main_image_url | other_image_url1 | parent_child | parent_sku | update_delete
        home | P-1 | Pillow | | | https://x.test/p.jpg | | parent | | Update
        home | P-1-R | Pillow red | 19.99 | 5 | https://x.test/r.jpg | https://x.test/r2.jpg | child | P-1 | Update
        home | P-1-X | Pillow old | 19.99 | 0 | | | child | P-1 | Delete
        """,
        (1, 2),
        ("P-1-R", "Pillow red", "19.99", 3, ""),
    ),
    "Google Merchant": (
        """
        id | title | link | image_link | additional_image_link | price | availability | google_product_category | item_group_id | color
        G-1 | Scarf | https://x.test/p/scarf | https://x.test/1.jpg | https://x.test/2.jpg,https://x.test/3.jpg | 10.00 USD | in stock | Apparel > Scarves | SC | red
        G-2 | Scarf | https://x.test/p/scarf | https://x.test/4.jpg | | 10.00 USD | in stock | Apparel > Scarves | SC | blue
        """,
        (1, 2),
        ("G-1", "Scarf", "10.00", 3, "red"),
    ),
    "Meta catalog": (
        """
        # Required, the id | # Required, a title, short | # d | # in stock, or not | # a price | # a link | # a picture | # c | # t
        id | title | description | availability | price | link | image_link | fb_product_category | product_tags[0]
        M-1 | Kettle | d | in stock | 49,00 TND | http://x.test/k | http://x.test/k.jpg | home > kitchen | hot
        """,
        (1, 1),
        ("M-1", "Kettle", "49.00", 1, ""),
    ),
    "eBay": (
        """
        *Action(SiteID=US;Country=US) | CustomLabel | *Category | *Title | Relationship | RelationshipDetails | PicURL | *Quantity | *StartPrice
        Add | SH | 123 | Shoe | | Size=8;9 | https://x.test/1.jpg;https://x.test/2.jpg | |
        | SH-8 | | | Variation | Size=8 | | 2 | 40.00
        | SH-9 | | | Variation | Size=9 | https://x.test/9.jpg | 1 | 41.00
        """,
        (1, 2),
        ("SH-9", "Shoe", "41.00", 3, "9"),
    ),
    "Trendyol": (
        """
        Barkod | Model Kodu | Marka | Kategori | Ürün Adı | Piyasa Satış Fiyatı | Trendyol'da Satılacak Fiyat | Ürün Stok Adedi | Stok Kodu | Görsel 1 | Görsel 2 | Beden
        869001 | MK1 | M | Kazak | Kazak | 200 | 180,5 | 4 | ST-1 | https://x.test/1.jpg | https://x.test/2.jpg | S
        """,
        (1, 1),
        ("ST-1", "Kazak", "180.5", 2, "S"),
    ),
}  # fmt: skip - tables read best as tables
_IN_CELL = {"Magento 2": ("configurable_variations", "sku=ST-1,size=6|sku=ST-2,size=8")}


def _rows(name: str) -> list[list[str]]:
    rows = table(EXAMPLES[name][0])
    if name in _IN_CELL:  # a bar inside a cell
        joined = _IN_CELL[name][1]
        return [
            [*row[: len(rows[0]) - 1], joined] if row[-1].startswith("sku=") else row
            for row in rows
        ]
    return rows


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_export_is_recognised_counted_and_read(name: str, tmp_path: Path) -> None:
    """An export is told by its headings alone, and one of its variants is read in full."""
    _, (products, variants), (sku, title, price, pictures, options) = EXAMPLES[name]
    catalog = read([written(tmp_path / "any name.csv", _rows(name))])
    assert (catalog.format, catalog.products, catalog.variants) == (name, products, variants)
    found = item(catalog, sku)
    assert (found.name, found.price, found.options) == (title, Decimal(price), options)
    assert len(found.images) == pictures


def test_no_format_goes_untried() -> None:
    """A format added without an example here would go unread until a seller meets its mistakes."""
    assert {one.name for one in formats() if not one.extends} == set(EXAMPLES)


def test_declared_headings_are_tuples() -> None:
    """A comma forgotten in a one-word tuple would make each letter a heading."""
    for one in (*formats(), ANY_TABLE):
        grouping = one.grouping
        groups = (grouping.product, grouping.parent, grouping.identity, grouping.kind)
        states = [state.headings for state in one.states]
        shown = (one.images, one.own_image, one.options, one.gift_card)
        for headings in (*one.fields.values(), *one.signature, *shown, *groups, *states):
            assert isinstance(headings, tuple), (one.name, headings)


def test_new_shopify_headings_are_shopify(tmp_path: Path) -> None:
    """The headings Shopify exports since 2024 read as the classic ones do."""
    catalog = catalog_of(
        tmp_path,
        """
        Title | URL handle | Product category | Tags | Status | SKU | Option1 name | Option1 value | Price | Inventory quantity | Product image URL | Image position | Gift card
        Tee | tee | Apparel > Shirts | a, b | Active | T-S | Size | S | 149 | 25 | https://x.test/f.jpg | 1 | FALSE
        | tee | | | | T-M | | M | 149 | 24 | https://x.test/b.jpg | 2 | FALSE
        """,
    )
    assert (catalog.format, catalog.products, catalog.variants) == ("Shopify", 1, 2)
    medium = item(catalog, "T-M")
    assert medium.images == ("https://x.test/f.jpg", "https://x.test/b.jpg")
    assert medium.category == "Apparel > Shirts"
    assert medium.key == "tee/M"


def test_a_second_markets_price_stands_in(tmp_path: Path) -> None:
    """Where the main price is blank, the price of another market's column is read."""
    catalog = catalog_of(
        tmp_path,
        """
        Handle | Title | Variant SKU | Variant Price | Included / Canada | Price / Canada
        mug | Mug | M-1 | | true | 12.00
        """,
    )
    assert item(catalog, "M-1").price == Decimal("12.00")


def test_russian_woocommerce_is_woocommerce(tmp_path: Path) -> None:
    """WooCommerce's headings follow the language of the shop."""
    catalog = catalog_of(
        tmp_path,
        """
        ID | Тип | Артикул | Имя | Опубликован | Запасы | Акционная цена | Базовая цена | Категории | Метки | Изображения | Родительский
        1 | simple | Ч-1 | Чашка | 1 | 4 | | 350 | Посуда > Чашки | синий | https://x.test/1.jpg, https://x.test/2.jpg |
        """,
    )
    assert catalog.format == "WooCommerce"
    cup = item(catalog, "Ч-1")
    assert (cup.name, cup.price, cup.stock, len(cup.images)) == ("Чашка", 350, 4, 2)


def test_prestashop_combinations_hang_on_their_products(tmp_path: Path) -> None:
    """The combinations file adds variants to the products of the other, whatever the order."""
    products = written(tmp_path / "products.csv", _rows("PrestaShop"), ";")
    combinations = written(
        tmp_path / "combinations.csv",
        table(
            """
            Product ID* | Attribute (Name:Type:Position)* | Value (Value:Position)* | Reference | Impact on price | Quantity
            1 | Color:color:0, Size:select:1 | Blue:0, S:1 | B-1-BS | 2.50 | 4
            1 | Color:color:0, Size:select:1 | Red:1, S:1 | B-1-RS | 0 | 0
            """
        ),
        ";",
    )
    catalog = read([combinations, products])
    assert (catalog.format, catalog.products, catalog.variants) == ("PrestaShop", 1, 2)
    blue = item(catalog, "B-1-BS")
    assert (blue.name, blue.price, blue.options) == ("Bowl", Decimal("15.00"), "Blue, S")


def test_any_table_says_what_it_took_each_column_for(tmp_path: Path) -> None:
    """A seller's own list is read by the words of its columns, and the report names them."""
    catalog = catalog_of(
        tmp_path,
        """
        Unsere Preisliste | | | |
        Artikelnummer | Bezeichnung | Warengruppe | VK-Preis | Bestand
        00123 | Kerze Bernstein | Kerzen | 12,50 | 40
        00124 | Kerze Lavendel | Kerzen | 1.250,00 | 8
        Summe | | | 1.262,50 | 48
        """,
    )
    assert (catalog.format, catalog.products) == ("any table", 2)
    assert catalog.taken["SKU"] == "Artikelnummer (column A)"
    assert catalog.taken["Price"] == "VK-Preis (column D)"
    assert any("Stock from Bestand" in note for note in catalog.notes)
    assert item(catalog, "00124").price == Decimal("1250.00")
    assert catalog.skipped == {"total rows": 1}


def test_any_table_names_the_columns_it_left_alone(tmp_path: Path) -> None:
    """The report speaks of every column: what it was taken for, or that it was not used."""
    catalog = catalog_of(tmp_path, "Code | Item description | Shelf\nA-1 | Mug | 4")
    (note,) = [one for one in catalog.notes if "was read as a list" in one]
    assert "SKU from Code (column A); Product name from Item description (column B)" in note
    assert note.endswith("Not used: Shelf.")


def test_a_sellers_own_words_for_what_is_off_sale(tmp_path: Path) -> None:
    """Status and yes-or-no columns of any table leave products out, by reason."""
    catalog = catalog_of(
        tmp_path,
        """
        SKU | Name | Price | Photo 1 | Photo 2 | Status | Aktiv
        A | a | 1.00 | a1.jpg | a2.jpg | Active | ja
        B | b | 1.00 | | | Draft | ja
        C | c | 1.00 | | | discontinued | ja
        D | d | 1.00 | | | | nein
        """,
    )
    assert [(one.sku, one.images) for one in catalog.items] == [("A", ("a1.jpg", "a2.jpg"))]
    assert catalog.skipped == {
        "archived products": 1,
        "draft products": 1,
        "inactive products": 1,
    }


def test_a_shared_currency_sign_is_told_not_guessed(tmp_path: Path) -> None:
    """Kronor may be of four countries: the column stays empty, unless the export says which."""
    catalog = catalog_of(tmp_path, "Artikelnr | Benämning | Pris\nA | Mugg | 1 299,50 kr")
    assert (catalog.items[0].price, catalog.items[0].currency) == (Decimal("1299.50"), "")
    (problem,) = [one for one in catalog.problems if one.code == "currency-unclear"]
    assert "SEK or NOK or DKK or ISK" in problem.message
    told = catalog_of(tmp_path, "SKU | Name | Price | Currency\nA | Mug | $12.50 | CAD")
    assert (told.items[0].currency, told.problems) == ("CAD", ())


def test_three_digits_behind_a_mark_are_thousands_in_prices(tmp_path: Path) -> None:
    """Prices have cents at most, but dinars have thousandths: there both readings are told."""
    catalog = catalog_of(
        tmp_path, "SKU | Name | Price\nA | a | 1,999\nB | b | 2000\nC | c | 1.250 KWD"
    )
    assert [one.price for one in catalog.items] == [1999, 2000, None]
    assert [problem.code for problem in catalog.problems] == ["two-meanings"]


def test_row_keys_stay_unique_when_numbers_meet(tmp_path: Path) -> None:
    """A repeated name is numbered, and another product may bear that very name."""
    catalog = catalog_of(
        tmp_path, "Name | Price\nMug | 1.00\nMug | 2.00\nMug#2 | 3.00\nMug 2 | 4.00"
    )
    keys = [one.key for one in catalog.items]
    assert len(set(keys)) == 4
