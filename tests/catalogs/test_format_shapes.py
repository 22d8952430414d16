"""The other shapes a kind of export comes in: languages, generations, optional columns."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.catalogs.exports import item, table, written
from tierbook.catalogs import read

# Export -> (its rows, format, products, variants, what is left out, and of one SKU the name,
# price, number of pictures, options); `~` is a bar inside a cell.
SHAPES = {
    "WooCommerce in German": (
        """
        ID | Typ | Artikelnummer | GTIN, UPC, EAN oder ISBN | Name | Veröffentlicht | Ist hervorgehoben? | Sichtbarkeit im Katalog | Kurzbeschreibung | Beschreibung | Vorrätig? | Bestand | Angebotspreis | Regulärer Preis | Kategorien | Schlagwörter | Bilder | Übergeordnetes Produkt | Attribut 1 Name | Attribut 1 Wert(e)
        1 | variable | CAP |  | Cap | 1 | 0 | visible | <p>x</p> | d | 1 |  |  |  | Wear > Caps, New | hat | https://x.test/a.jpg, https://x.test/b.jpg |  | Colour | Red, Blue
        2 | variation | CAP-RED |  | Cap - Red | 1 | 0 | visible |  |  | 1 | 3 |  | 20 |  |  | https://x.test/red.jpg | CAP | Colour | Red
        3 | variation, virtual | CAP-BLU |  | Cap - Blue | 1 | 0 | visible |  |  | 1 | 4 | 15 | 20 |  |  |  | id:1 | Colour | Blue
        4 | simple | MUG |  | Mug | -1 | 0 | visible |  |  | 1 | 5 |  | 7 | Kitchen |  |  |  |
        5 | simple, downloadable, virtual | PDF |  | Guide | 1 | 0 | visible |  |  | 1 |  |  | 7,50 | Books |  | https://x.test/g.jpg |  |  |
        """,
        ("WooCommerce", 3, 4),
        {"draft products": 1},
        ("PDF", "Guide", "7.50", 1, ""),
    ),
    "WooCommerce in French": (
        """
        ID | Type | UGS | GTIN, UPC, EAN ou ISBN | Nom | Publié | Mis en avant ? | Visibilité dans le catalogue | Description courte | Description | En stock ? | Stock | Tarif promo | Tarif régulier | Catégories | Étiquettes | Images | Parent | Nom de l’attribut 1 | Valeur(s) de l’attribut 1
        1 | variable | CAP |  | Cap | 1 | 0 | visible | <p>x</p> | d | 1 |  |  |  | Wear > Caps, New | hat | https://x.test/a.jpg, https://x.test/b.jpg |  | Colour | Red, Blue
        2 | variation | CAP-RED |  | Cap - Red | 1 | 0 | visible |  |  | 1 | 3 |  | 20 |  |  | https://x.test/red.jpg | CAP | Colour | Red
        3 | variation, virtual | CAP-BLU |  | Cap - Blue | 1 | 0 | visible |  |  | 1 | 4 | 15 | 20 |  |  |  | id:1 | Colour | Blue
        4 | simple | MUG |  | Mug | -1 | 0 | visible |  |  | 1 | 5 |  | 7 | Kitchen |  |  |  |
        5 | simple, downloadable, virtual | PDF |  | Guide | 1 | 0 | visible |  |  | 1 |  |  | 7,50 | Books |  | https://x.test/g.jpg |  |  |
        """,
        ("WooCommerce", 3, 4),
        {"draft products": 1},
        ("PDF", "Guide", "7.50", 1, ""),
    ),
    "WooCommerce by the order of its columns": (
        """
        ID | Τύπος | Κωδικός προϊόντος | GTIN | Όνομα | Δημοσιευμένο | Προτεινόμενο; | Ορατότητα στον κατάλογο | Σύντομη περιγραφή | Περιγραφή | γγγ10 | δδδ11 | ααα12 | βββ13 | Σε απόθεμα; | Απόθεμα | ααα16 | βββ17 | γγγ18 | δδδ19 | ααα20 | βββ21 | γγγ22 | δδδ23 | ααα24 | Τιμή προσφοράς | Κανονική τιμή | Κατηγορίες | Ετικέτες | βββ29 | Εικόνες | δδδ31 | ααα32 | Γονικό | γγγ34 | δδδ35 | ααα36 | βββ37 | γγγ38 | δδδ39 | Όνομα χαρακτηριστικού 1 | Τιμή(ές) χαρακτηριστικού 1 | αβγδ 1 γ | αβγδ 1 δ
        1 | variable | CAP |  | Cap | 1 | 0 | visible | <p>x</p> | d |  |  |  |  | 1 |  |  |  |  |  |  |  |  |  |  |  |  | Wear > Caps, New | hat |  | https://x.test/a.jpg, https://x.test/b.jpg |  |  |  |  |  |  |  |  |  | Colour | Red, Blue |  |
        2 | variation | CAP-RED |  | Cap - Red | 1 | 0 | visible |  |  |  |  |  |  | 1 | 3 |  |  |  |  |  |  |  |  |  |  | 20 |  |  |  | https://x.test/red.jpg |  |  | CAP |  |  |  |  |  |  | Colour | Red |  |
        3 | variation, virtual | CAP-BLU |  | Cap - Blue | 1 | 0 | visible |  |  |  |  |  |  | 1 | 4 |  |  |  |  |  |  |  |  |  | 15 | 20 |  |  |  |  |  |  | id:1 |  |  |  |  |  |  | Colour | Blue |  |
        4 | simple | MUG |  | Mug | -1 | 0 | visible |  |  |  |  |  |  | 1 | 5 |  |  |  |  |  |  |  |  |  |  | 7 | Kitchen |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
        5 | simple, downloadable, virtual | PDF |  | Guide | 1 | 0 | visible |  |  |  |  |  |  | 1 |  |  |  |  |  |  |  |  |  |  |  | 7,50 | Books |  |  | https://x.test/g.jpg |  |  |  |  |  |  |  |  |  |  |  |  |
        """,
        ("WooCommerce", 3, 4),
        {"draft products": 1},
        ("PDF", "Guide", "7.50", 1, ""),
    ),
    "WooCommerce with a few columns": (
        """
        ID | Type | SKU | Name | Regular price | Categories | Images
        1 | variable | CAP | Cap |  | Wear | https://x.test/a.jpg
        2 | variation | CAP-RED | Cap - Red | 20 |  |
        3 | simple | MUG | Mug | 7 | Kitchen |
        """,
        ("WooCommerce", 2, 2),
        {},
        ("CAP-RED", "Cap - Red", "20", 1, ""),
    ),
    "BigCommerce, older": (
        """
        Item Type | Product ID | Product Name | Product Type | Product Code/SKU | Bin Picking Number | Brand Name | Option Set | Price | Cost Price | Product Visible? | Current Stock Level | Category | Product Image ID - 1 | Product Image File - 1 | Product Image Description - 1 | Product Image ID - 2 | Product Image File - 2 | Search Keywords | Product URL
        Product | 77 | Vase | P | V-1 |  | Acme | Vase opts | 30.00 | 0 | Y | 0 | Home/Vases;New | 1 | v/1.jpg |  | 2 | v/2.jpg | a,b | /vase/
        SKU | 10 | [RT]Color=Red,[S]Size=Small |  | V-1-RS |  |  |  |  |  |  | 2 |  |  |  |  |  |  |  |
        SKU | 11 | [RT]Color=Blue,[S]Size=Small |  | V-1-BS |  |  |  |  |  |  | 2 |  |  |  |  |  |  |  |
        Rule | 12 |  |  | V-1-BS |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
        Product | 78 | Mug | P | M-1 |  | Acme |  | 8.00 | 0 | N | 4 | Home | 5 | m/1.jpg |  |  |  |  | /mug/
        Product | 79 | Plate | P | P-1 |  | Acme |  | 9.00 | 0 | Y | 4 | Home | 6 | p/1.jpg |  |  |  |  | /plate/
        """,
        ("BigCommerce", 3, 4),
        {"hidden products": 1, "rule rows": 1},
        ("V-1-RS", "Vase", "30.00", 2, "Red / Small"),
    ),
    "BigCommerce, newer": (
        """
        Item | ID | Name | Type | SKU | Options | Inventory Tracking | Current Stock | Price | Sale Price | Categories | Product URL | Search Keywords | UPC/EAN | Is Visible | Variant Image URL | Internal Image URL (Export) | Image URL (Import) | Image is Thumbnail | Image Sort Order
        Product | 77 | Vase | physical | V-1 |  | variant | 0 | 30 | 0 | 18;19 | /vase/ | a |  |  |  |  |  |  |
        Image | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  | https://x.test/1.jpg |  | TRUE | 0
        Image | 2 |  |  |  |  |  |  |  |  |  |  |  |  |  |  | https://x.test/2.jpg |  | FALSE | 1
        Variant | 5 |  |  | V-1-R | Type=Dropdown~Name=Color~Value=Red~Type=Dropdown~Name=Size~Value=S |  | 3 | 28 |  |  |  |  |  |  |  |  |  |
        Variant | 6 |  |  | V-1-B | Type=Dropdown~Name=Color~Value=Blue~Type=Dropdown~Name=Size~Value=S |  | 3 |  |  |  |  |  |  |  | https://x.test/b.jpg |  |  |  |  |
        Product | 78 | Mug | physical | M-1 |  | product | 4 | 8 |  | 18 | /mug/ |  |  | FALSE |  |  |  |  |
        Image | 9 |  |  |  |  |  |  |  |  |  |  |  |  |  |  | https://x.test/9.jpg |  | TRUE | 0
        """,
        ("BigCommerce", 2, 3),
        {"hidden products": 1, "image-only rows": 3},
        ("V-1-B", "Vase", "30", 3, "Blue / S"),
    ),
    "Wix, newer": (
        """
        handle | fieldType | name | visible | plainDescription | media | mediaAltText | ribbon | brand | price | strikethroughPrice | inventory | sku | barcode | productOptionName[1] | productOptionType[1] | productOptionChoices[1] | productOptionName[2] | productOptionType[2] | productOptionChoices[2]
        print | PRODUCT | Print | TRUE | d | https://static.wixstatic.com/media/a_1mv2.jpg;https://static.wixstatic.com/media/a_2mv2.jpg |  | New | B | 10 |  | IN_STOCK |  |  | Size | TEXT_CHOICES | S;L | Color | SWATCH_CHOICES | #FFF:white
        print | VARIANT |  |  |  |  |  |  |  | 12 |  | 3 | PR-S |  | Size |  | S | Color |  | white
        print | VARIANT |  |  |  |  |  |  |  | 15 |  | 4 | PR-L |  | Size |  | L | Color |  | white
        mug | PRODUCT | Mug | FALSE | d |  |  |  |  | 8 |  | IN_STOCK | M1 |  |  |  |  |  |
        """,
        ("Wix", 2, 3),
        {"hidden products": 1},
        ("PR-L", "Print", "15", 2, "L / white"),
    ),
    "Squarespace": (
        """
        Product ID [Non Editable] | Variant ID [Non Editable] | Product Type [Non Editable] | Product Page | Product URL | Title | Description | SKU | Option Name 1 | Option Value 1 | Option Name 2 | Option Value 2 | Price | Sale Price | On Sale | Stock | Categories | Tags | Weight | Visible | Hosted Image URLs
        a1 | v1 | PHYSICAL | shop | rug | Rug | <p>a</p> | RUG-S | Size | S |  |  | 50.00 | 0.00 | No | 4 | /home, /rugs | x, y | 1 | Yes | https://x.test/1.jpg https://x.test/2.jpg
         | v2 |  |  |  |  |  | RUG-L | Size | L |  |  | 80.00 | 0.00 | No | 2 |  |  |  |  |  |
        b1 | v3 | GIFT_CARD | shop | gc | Store credit |  | GC | Amount | 25 |  |  | 25.00 | 0 | No | Unlimited |  |  |  | Yes | https://x.test/gc.jpg
        c1 | v4 | PHYSICAL | shop | mug | Mug |  |  |  |  |  |  | 9.00 | 0 | No | Unlimited |  |  |  | No | https://x.test/m.jpg
        """,
        ("Squarespace", 3, 4),
        {"gift card products": 1, "hidden products": 1},
        ("RUG-L", "Rug", "80.00", 2, "L"),
    ),
    "Squarespace without ids": (
        """
        Product ID [Non Editable] | Variant ID [Non Editable] | Product Type [Non Editable] | Product Page | Product URL | Title | Description | SKU | Option Name 1 | Option Value 1 | Price | Sale Price | On Sale | Stock | Categories | Tags | Weight | Visible | Hosted Image URLs
         |  | PHYSICAL | shop | rug | Rug |  | RUG |  |  | 50 |  |  | 4 |  |  |  | Yes | https://x.test/1.jpg
         |  | PHYSICAL | shop | mug | Mug |  | MUG |  |  | 9 |  |  | 4 |  |  |  | Yes | https://x.test/2.jpg
        """,
        ("Squarespace", 2, 2),
        {},
        ("RUG", "Rug", "50", 1, ""),
    ),
    "Square": (
        """
        Reference Handle | Token | Item Name | Customer-facing Name | Variation Name | SKU | Description | Categories | Reporting Category | GTIN | Square Online Item Visibility | Item Type | Weight (lb) | Price | Online Sale Price | Archived | Sellable | Option Name 1 | Option Value 1 | Current Quantity Main St | New Quantity Main St | Stock Alert Enabled Main St | Price Main St | Tax - Sales (8.5%)
        #tea | AAA | Tea |  | Small | TEA-S | d | Drinks > Tea (ABCDEFGHIJKLMNOPQRST) | Drinks |  | visible | Prepared food |  | 4.00 |  | N | Y | Size | Small | 3 |  | N |  | Y
        #tea | AAB | Tea |  | Large | TEA-L | d | Drinks > Tea (ABCDEFGHIJKLMNOPQRST) | Drinks |  | visible | Prepared food |  | 6.00 |  | N | Y | Size | Large | 1 |  | N |  | Y
         | AAC | Mug |  | Regular | MUG |  | Home | Home |  | visible | Physical good |  | variable |  | N | Y |  |  | 5 |  | N |  | Y
         | AAD | Old |  | Regular | OLD |  | Home | Home |  | visible | Physical good |  | 1 |  | Y | Y |  |  | 5 |  | N |  | Y
        """,
        ("Square", 3, 4),
        {"archived products": 1},
        ("MUG", "Mug", None, 0, ""),
    ),
    "Square without variations": (
        """
        Token | Item Name | Customer-facing Name | Description | Categories | Price | Archived | Square Online Item Visibility | Modifier Set - MILK
        AAA | Latte |  | d | Drinks | 4.00 | N | visible | Y
        AAB | Mocha |  | d | Drinks | 6.00 | N | visible | Y
        """,
        ("Square", 2, 2),
        {},
        ("", "Latte", "4.00", 0, ""),
    ),
    "Etsy in Japanese": (
        """
        タイトル | 説明 | 価格 | 通貨コード | 数量 | タグ | 素材 | 画像1 | 画像2 | バリエーション1のタイプ | バリエーション1の名前 | バリエーション1の値 | SKU
        Ring | d | 6,15 | EUR | 3 | t1,t2 | Copper | https://i.x/1.jpg | https://i.x/2.jpg |  |  |  |
        Print | d | 16,00 | EUR | 5 |  |  | https://i.x/3.jpg |  | Size | Size | A4,A3 | F-A4,F-A3
        """,
        ("Etsy", 2, 3),
        {},
        ("F-A4", "Print", "16.00", 1, ""),
    ),
    "Magento with store views": (
        """
        sku | store_view_code | attribute_set_code | product_type | categories | name | product_online | price | url_key | base_image | additional_images | qty | is_in_stock | visibility | configurable_variations | additional_attributes
        ST-1 |  | Strap | simple | Default Category/Gear,Default Category/Gear/Straps | Strap 6 | 1 | 14.0000 | strap-6 | /a/1.jpg | /a/2.jpg,/a/3.jpg | 5.0000 | 1 | Not Visible Individually |  | color=Red
        ST-1 | fr |  |  |  | Sangle 6 |  |  |  |  |  |  |  |  |  |
        ST-2 |  | Strap | simple | Default Category/Gear | Strap 8 | 1 | 15.0000 | strap-8 |  |  | 5.0000 | 1 | Not Visible Individually |  | color=Blue
        ST |  | Strap | configurable | Default Category/Gear | Strap | 1 |  | strap | /a/9.jpg |  | 0.0000 | 1 | Catalog, Search | sku=ST-1,color=Red~sku=ST-2,color=Blue |
        ST | fr |  |  |  | Sangle |  |  |  |  |  |  |  |  |  |
        OFF |  | Strap | simple | Default Category/Gear | Off | 2 | 9 | off |  |  | 5 | 1 | Catalog, Search |  |
        GC |  | Default | giftcard |  | Voucher card | 1 | 9 | gc |  |  | 5 | 1 | Catalog, Search |  |
        """,
        ("Magento 2", 3, 4),
        {"disabled products": 1, "gift card products": 1, "store view rows": 2},
        ("ST-1", "Strap 6", "14.0000", 4, "Red"),
    ),
    "Magento 1": (
        """
        sku | _store | _attribute_set | _type | _category | _root_category | _product_websites | name | price | qty | is_in_stock | status | visibility | _media_image | _media_position | _super_products_sku
        ST-1 |  | Default | simple | Gear | Default Category | base | Strap | 14 | 5 | 1 | 1 | 4 | /s/t/1.jpg | 1 |
         |  |  |  | Gear/Straps | Default Category |  |  |  |  |  |  |  | /s/t/2.jpg | 2 |
        ST-2 |  | Default | simple | Gear | Default Category | base | Other | 14 | 5 | 1 | 2 | 4 | /s/t/3.jpg | 1 |
        """,
        ("Magento 2", 2, 2),
        {"disabled products": 1, "image-only rows": 1},
        ("ST-1", "Strap", "14", 2, ""),
    ),
    "PrestaShop in French": (
        """
        ID | Actif (0/1) | Nom * | Catégories (x,y,z...) | Prix HT | Référence n° | Quantité | Tags (x,y,z...) | URL des images (x,y,z...)
        1 | 1 | Bol | Cuisine, Maison | 12,50 | B-1 | 3 | a,b | http://x.test/1.jpg,http://x.test/2.jpg
        2 | 0 | Tasse | Cuisine | 8,00 | T-1 | 3 |  |
        """,
        ("PrestaShop", 2, 2),
        {"disabled products": 1},
        ("B-1", "Bol", "12.50", 2, ""),
    ),
    "Tiendanube in Spanish": (
        """
        Identificador de URL | Nombre | Categorías | Nombre de propiedad 1 | Valor de propiedad 1 | Nombre de propiedad 2 | Valor de propiedad 2 | Precio | Precio promocional | Peso (kg) | Stock | SKU | Código de barras | Mostrar en tienda | Envío sin cargo | Descripción | Tags | Marca | Producto Físico | Costo
        mesa | Mesa | Casa > Mesas, Ofertas | Color | Rojo |  |  | 1.234,50 |  | 1 | 3 | M-R |  | SÍ | NO | <p>x</p> | a | B | SÍ |
        mesa |  |  | Color | Azul |  |  | 753,50 |  | 1 | 2 | M-A |  |  |  |  |  |  |  |
        off | Off | Casa |  |  |  |  | 10,00 |  | 1 | 2 | OFF |  | NO |  |  |  |  | SÍ |
        """,
        ("Tiendanube", 2, 3),
        {"hidden products": 1},
        ("M-A", "Mesa", "753.50", 0, "Azul"),
    ),
    "Nuvemshop in Portuguese": (
        """
        Identificador URL | Nome | Categorias | Nome da variação 1 | Valor da variação 1 | Preço | Preço promocional | Peso (kg) | Estoque | SKU | Código de barras | Exibir na loja | Frete gratis | Descrição | Tags | Marca | Produto Físico | Custo
        mesa | Mesa | Casa > Mesas | Cor | Azul | 1.234,50 |  | 1 | 3 | M-R |  | SIM | NÃO | x | a | B | SIM |
        off | Off | Casa |  |  | 10,00 |  | 1 | 2 | OFF |  | NÃO |  |  |  |  | SIM |
        """,
        ("Tiendanube", 2, 2),
        {"hidden products": 1},
        ("M-R", "Mesa", "1234.50", 0, "Azul"),
    ),
    "Prom.ua in Russian": (
        """
        Код_товара | Название_позиции | Название_позиции_укр | Поисковые_запросы | Описание | Тип_товара | Цена | Валюта | Единица_измерения | Ссылка_изображения | Наличие | Количество | Номер_группы | Название_группы | Уникальный_идентификатор | Производитель | ID_группы_разновидностей | Продукт_на_сайте | Название_Характеристики | Измерение_Характеристики | Значение_Характеристики | Название_Характеристики | Измерение_Характеристики | Значение_Характеристики
        A-1 | Чашка | Чашка | a, b | <b>x</b> | r | 120.50 | UAH | шт. | https://x.test/1.jpg, https://x.test/2.jpg | + | 4 | 1 | Посуда | 99 |  | 55 | https://s/p1 | Цвет |  | синий | Объем | мл | 300
        A-2 | Чашка красная |  |  |  | r | 99 | UAH | шт. | https://x.test/3.jpg | - |  | 1 | Посуда | 100 |  | 55 | https://s/p2 | Цвет |  | красный |  |  |
         | Без кода |  |  |  | r | 10 | UAH | шт. |  | + |  | 1 | Посуда | 101 |  |  |  |  |  |  |  |  |
        """,
        ("Prom.ua", 2, 3),
        {},
        ("A-1", "Чашка", "120.50", 2, ""),
    ),
    "Allegro's sheet": (
        """
        Tu znajdziesz instrukcję |  |  |  |  |  |  |  |  |  |  |  |
        Informacje o ofercie |  |  |  |  |  |  | Dane |  |  |  |  |
        Akcja | Status importu | ID oferty | Link do oferty | Status oferty | ID produktu (EAN/UPC/ISBN/ISSN/ID produktu Allegro) | Kategoria główna | Podkategoria | Sygnatura/SKU Sprzedającego | Liczba sztuk | Cena PL | Tytuł oferty | Zdjęcia
         |  | 123 | https://allegro.pl/oferta/123 | Aktywna | 590 | Dom i Ogród | Wyposażenie > Plakaty (123) | PL-1 | 10 | 26,00 | Plakat | https://x.test/1.jpg~https://x.test/2.jpg
         |  | 124 | https://allegro.pl/oferta/124 | Zakończona | 591 | Dom i Ogród | Wyposażenie > Plakaty (123) | PL-2 | 0 | 27,00 | Plakat 2 | https://x.test/3.jpg
        """,
        ("Allegro", 2, 2),
        {"ended listings": 1},
        ("PL-1", "Plakat", "26.00", 2, ""),
    ),
    "Amazon's report": (
        """
        item-name | item-description | listing-id | seller-sku | price | quantity | open-date | image-url | item-is-marketplace | product-id-type | item-note | item-condition | asin1 | product-id | add-delete | fulfillment-channel | merchant-shipping-group | status
        Pillow red | d | L1 | P-R | 19.99 | 5 | 2024-01-01 |  | y | 1 |  | 11 | B0 | B0 |  | DEFAULT |  | Active
        Pillow old | d | L2 | P-O | 19.99 | 0 | 2024-01-01 |  | y | 1 |  | 11 | B1 | B1 |  | DEFAULT |  | Inactive
        """,
        ("Amazon", 2, 2),
        {"inactive listings": 1},
        ("P-R", "Pillow red", "19.99", 0, ""),
    ),
    "Amazon's report in Japanese": (
        """
        商品名 | 出品ID | 出品者SKU | 価格 | 数量 | 出品日 | 商品IDタイプ | コンディション説明 | コンディション | 商品ID | フルフィルメント・チャンネル | ステータス
        あかいまくらのおおきいもの | L1 | P-R | 1999 | 5 | 2024 | 1 |  | 11 | B0 | DEFAULT | Active
        あおいまくらのちいさいもの | L2 | P-B | 1,999 | 5 | 2024 | 1 |  | 11 | B0 | DEFAULT | Active
        """,
        ("Amazon", 2, 2),
        {},
        ("P-B", "あおいまくらのちいさいもの", "1999", 0, ""),
    ),
    "Amazon's template of 2024": (
        """
        settings=attributeRow=5&contentLanguageTag=en_US&dataRow=7&labelRow=4&templateIdentifier=x |  |  |  |  |  |  |  |  |  |  |  |
         |  | Listing Identity |  |  |  |  |  |  |  |  |  |
         |  |  |  |  |  |  |  |  |  |  |  |
        Listing Status | SKU | Product Type | Listing Action | Item Name | Parentage Level | Parent SKU | Variation Theme Name | Main Image URL | Other Image URL | Quantity (US) | Your Price USD (Sell on Amazon, US) | Colour
        ::listing_status | contribution_sku#1.value | product_type#1.value | ::record_action | item_name[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value | parentage_level[marketplace_id=ATVPDKIKX0DER]#1.value | child_parent_sku_relationship[marketplace_id=ATVPDKIKX0DER]#1.parent_sku | variation_theme#1.name | main_product_image_locator[marketplace_id=ATVPDKIKX0DER]#1.media_location | other_product_image_locator_1[marketplace_id=ATVPDKIKX0DER]#1.media_location | fulfillment_availability#1.quantity | purchasable_offer[marketplace_id=ATVPDKIKX0DER]#1.our_price#1.schedule#1.value_with_tax | color[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value
         | ABC123 | PILLOW | Create or Replace (Full Update) | Example pillow |  |  |  |  |  |  |  |  |
         | P | PILLOW | Create | Pillow | Parent |  | COLOR | https://x.test/p.jpg |  |  |  |
         | P-R | PILLOW | Create | Pillow red | Child | P | COLOR | https://x.test/r.jpg | https://x.test/r2.jpg | 5 | 19.99 | Red
         | P-B | PILLOW | Delete | Pillow blue | Child | P | COLOR | https://x.test/b.jpg |  | 5 | 19.99 | Blue
        """,
        ("Amazon", 1, 2),
        {"deleted products": 1},
        ("P-R", "Pillow red", "19.99", 3, "Red"),
    ),
    "eBay File Exchange": (
        """
        *Action(SiteID=US;Country=US;Currency=USD;Version=1193;CC=UTF-8) | CustomLabel | *Category | StoreCategory | *Title | Subtitle | Relationship | RelationshipDetails | *ConditionID | *C:Brand | PicURL | *Description | *Format | *Duration | *StartPrice | BuyItNowPrice | *Quantity
        Add | SH | 123 |  | Shoe |  |  |  | 1000 | X | https://x.test/1.jpg~https://x.test/2.jpg | <div>x</div> | FixedPrice | GTC |  |  |
         | SH-8 |  |  |  |  | Variation | Size=8~Color=Red |  |  |  |  |  |  |  | 40.00 |  | 2
         | SH-9 |  |  |  |  | Variation | Size=9~Color=Red |  |  |  |  |  |  |  | 41.00 |  | 1
        Add | HAT | 124 |  | Hat |  |  |  | 1000 | X | https://x.test/h.jpg | d | FixedPrice | GTC | 12.00 |  | 3
        """,
        ("eBay", 2, 3),
        {},
        ("HAT", "Hat", "12.00", 1, ""),
    ),
    "eBay drafts": (
        """
        #INFO | Version=0.0.2 | Template= eBay-draft-listings-template_US |  |  |  |  |  |  |  |
        #INFO Action and Category ID are required fields |  |  |  |  |  |  |  |  |  |
        #INFO |  |  |  |  |  |  |  |  |  |
        Action(SiteID=US~Country=US~Currency=USD~Version=1193~CC=UTF-8) | Custom label (SKU) | Category ID | Title | UPC | Price | Quantity | Item photo URL | Condition ID | Description | Format
        Draft | A-1 | 123 | Card | 889 | 2.50 | 1 | https://x.test/a.jpg | NEW | <p>x</p> | FixedPrice
        """,
        ("eBay", 1, 1),
        {},
        ("A-1", "Card", "2.50", 1, ""),
    ),
    "eBay active listings": (
        """
        Item number | Title | Variation details | Custom label (SKU) | Available quantity | Format | Currency | Start price | Auction Buy It Now price | Reserve price | Current price | Sold quantity | Watchers | Bids | Start date | End date | eBay category 1 name | eBay category 1 number | Condition | P:UPC | P:EAN | Listing site
        111 | Shoe |  |  | 3 | FIXED_PRICE | USD | 40.0 |  |  | 40.0 | 5 | 1 |  | x | x | Shoes | 12 | New |  |  | US
        111 | Shoe | [Size:8, Color:Red] | SH-8 | 2 | FIXED_PRICE | USD | 40.0 |  |  | 40.0 | 3 | 1 |  | x | x | Shoes | 12 | New |  |  | US
        111 | Shoe | [Size:9, Color:Red] | SH-9 | 1 | FIXED_PRICE | USD | 41.0 |  |  | 41.0 | 2 | 1 |  | x | x | Shoes | 12 | New |  |  | US
        112 | Hat |  | HAT | 3 | FIXED_PRICE | USD | 12.0 |  |  | 12.0 | 0 | 1 |  | x | x | Hats | 13 | New |  |  | US
        """,
        ("eBay", 2, 3),
        {},
        ("SH-9", "Shoe", "41.0", 0, "9 / Red"),
    ),
    "Google Merchant with spaces": (
        """
        id | title | description | link | image link | additional image link | availability | price | sale price | brand | gtin | mpn | google product category | product type | item group id | color | size | condition
        G-1 | Scarf | a | https://x.test/p/scarf | https://x.test/1.jpg | https://x.test/2.jpg,https://x.test/3.jpg | in stock | 10.00 USD | 8.00 USD | B |  |  | Apparel & Accessories > Scarves | Home > Scarves | SC | red |  | new
        G-2 | Scarf | b | https://x.test/p/scarf | https://x.test/4.jpg |  | out_of_stock | 10,00 EUR |  | B |  |  | 212 |  | SC | blue |  | new
        """,
        ("Google Merchant", 1, 2),
        {},
        ("G-1", "Scarf", "10.00", 3, "red"),
    ),
    "Google Merchant in German": (
        """
        ID | Titel | Beschreibung | Link | Bildlink | Verfügbarkeit | Preis | Marke | GTIN | Google Produktkategorie | Zustand
        G-1 | Schal | b | https://x.test/p | https://x.test/1.jpg | auf Lager | 10,00 EUR | B |  | Bekleidung > Schals | neu
        """,
        ("Google Merchant", 1, 1),
        {},
        ("G-1", "Schal", "10.00", 1, ""),
    ),
    "Meta in full": (
        """
        id | title | description | availability | condition | price | link | image_link | brand | additional_image_link | age_group | color | gender | item_group_id | google_product_category | fb_product_category | material | pattern | product_type | sale_price | sale_price_effective_date | shipping | size | quantity_to_sell_on_facebook | status | video[0].url | video[0].tag[0] | gtin | product_tags[0] | product_tags[1] | style[0]
        M-1 | Kettle | d | in stock | new | 49.00 USD | http://x.test/k | http://x.test/k.jpg | B | http://x.test/k2.jpg,http://x.test/k3.jpg |  |  |  | K | Home | home & kitchen |  |  |  |  |  |  |  |  | 5 | active |  |  |  | hot | new |
        M-2 | Old | d | in stock | new | 49.00 USD | http://x.test/k | http://x.test/k.jpg | B |  |  |  |  |  |  |  |  |  |  |  |  |  |  | 5 | archived |  |  |  |  |  |
        """,
        ("Meta catalog", 2, 2),
        {"archived products": 1},
        ("M-1", "Kettle", "49.00", 3, ""),
    ),
    "Trendyol": (
        """
        Partner ID | Barkod | Komisyon Oranı | Model Kodu | Ürün Rengi | Beden | Boyut/Ebat | Cinsiyet | Marka | Kategori İsmi | Tedarikçi Stok Kodu | Ürün Adı | Ürün Açıklaması | Piyasa Satış Fiyatı (KDV Dahil) | Trendyol'da Satılacak Fiyat (KDV Dahil) | BuyBox Fiyatı | Ürün Stok Adedi | KDV Oranı | Desi | Görsel 1 | Görsel 2 | Görsel 3 | Sevkiyat Süresi | Durum | Trendyol.com Linki
        1 | 869001 | 10 | MK1 | Kırmızı | S |  |  | M | Kazak | ST-1 | Kazak | d | 200,00 | 180,50 |  | 4 | 10 | 1 | https://x.test/1.jpg | https://x.test/2.jpg |  |  | Satışta | https://t/p
        1 | 869002 | 10 | MK1 | Kırmızı | M |  |  | M | Kazak | ST-2 | Kazak | d | 200,00 | 180,50 |  | 0 | 10 | 1 | https://x.test/1.jpg |  |  |  | Satışta | https://t/p
        """,
        ("Trendyol", 1, 2),
        {},
        ("ST-1", "Kazak", "180.50", 2, "Kırmızı / S"),
    ),
    "Matrixify": (
        """
        ID | Handle | Command | Title | Body HTML | Vendor | Type | Tags | Tags Command | Status | Published | Template Suffix | Gift Card | URL | Row # | Top Row | Category: Name | Image Src | Image Command | Image Position | Image Alt Text | Variant ID | Variant Command | Option1 Name | Option1 Value | Variant SKU | Variant Barcode | Variant Image | Variant Price | Variant Inventory Qty | Inventory Available: Main St | Metafield: custom.wick [single_line_text_field]
        1 | lamp | MERGE | Lamp | <p>x</p> | V | Light | a, b | REPLACE | Active | TRUE |  | FALSE | https://s/products/lamp | 1 | TRUE | Lamps | https://x.test/1.jpg | MERGE | 1 |  | 11 | MERGE | Color | Red | L-R |  | https://x.test/1.jpg | 9.50 | 3 | 3 | wool
        1 | lamp | MERGE |  |  |  |  |  |  |  |  |  |  |  | 2 |  |  | https://x.test/2.jpg | MERGE | 2 |  | 12 | MERGE | Color | Blue | L-B |  |  | 9.50 | 3 | 3 |
        1 | lamp | MERGE |  |  |  |  |  |  |  |  |  |  |  | 3 |  |  | https://x.test/3.jpg | MERGE | 3 |  |  |  |  |  |  |  |  |  |  |  |  |
        2 | old | DELETE | Old |  |  |  |  |  | Active | TRUE |  |  |  | 4 | TRUE |  |  |  |  |  | 13 |  |  | Default Title | OLD |  |  | 1 |  |  |
        """,
        ("Matrixify", 2, 3),
        {"deleted products": 1, "image-only rows": 1},
        ("L-B", "Lamp", "9.50", 3, "Blue"),
    ),
    "Shopify by market": (
        """
        Handle | Title | Body (HTML) | Vendor | Product Category | Type | Tags | Published | Option1 Name | Option1 Value | Option1 Linked To | Option2 Name | Option2 Value | Variant SKU | Variant Grams | Variant Inventory Tracker | Variant Inventory Policy | Variant Price | Variant Compare At Price | Variant Barcode | Image Src | Image Position | Image Alt Text | Gift Card | SEO Title | Google Shopping / Google Product Category | Wick (product.metafields.custom.wick) | Variant Image | Cost per item | Included / United States | Price / United States | Status
        lamp | Lamp | <p>a</p> | V | Home & Garden > Lighting > Lamps | Light | a, b | TRUE | Color | Red | product.metafields.shopify.color |  |  | '0012 | 10 | shopify | deny | 10,00 |  | '123 | https://x.test/1.jpg | 1 |  | FALSE |  |  |  |  |  |  |  | active
        lamp |  |  |  |  |  |  |  | Color | Blue |  |  |  |  | 10 | shopify | deny | 10,00 |  |  | https://x.test/2.jpg | 2 |  |  |  |  |  |  |  |  |  |
        lamp |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  | https://x.test/3.jpg | 3 |  |  |  |  |  |  |  |  |  |
        gift | Gift Card |  |  |  |  |  | TRUE | Denominations | $10 |  |  |  |  |  | shopify | deny | 10,00 |  |  |  |  |  | TRUE |  |  |  |  |  |  |  | active
        d | Draft one |  |  |  |  |  | FALSE | Title | Default Title |  |  |  |  |  |  | deny | 0,00 |  |  |  |  |  | FALSE |  |  |  |  |  |  |  | draft
        u | Unlisted one |  |  |  |  |  | TRUE | Title | Default Title |  |  |  |  |  |  | deny | 5,00 |  |  |  |  |  | FALSE |  |  |  |  |  |  |  | unlisted
        """,
        ("Shopify", 4, 5),
        {"draft products": 1, "gift card products": 1, "image-only rows": 1},
        ("0012", "Lamp", "10.00", 3, "Red"),
    ),
}  # fmt: skip - tables read best as tables


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_recognised_counted_and_read(name: str, tmp_path: Path) -> None:
    """What a shop chose to export, and in which language, changes neither counts nor facts."""
    text, counts, skipped, (sku, title, price, pictures, options) = SHAPES[name]
    rows = [[cell.replace("~", "|") for cell in row] for row in table(text)]
    catalog = read([written(tmp_path / "export.csv", rows)])
    assert (catalog.format, catalog.products, catalog.variants) == counts
    assert catalog.skipped == skipped
    found = item(catalog, sku)
    assert (found.name, found.options) == (title, options)
    assert found.price == (Decimal(price) if price else None)
    assert len(found.images) == pictures
