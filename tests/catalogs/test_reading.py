"""What real exports do to a reader: encodings, strange rows, strange cells, partial files."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogs.exports import catalog_of, csv_text, item, table, written
from tierbook.catalogs import Catalog, read
from tierbook.errors import NothingToRoute, TierbookError, UsageError

SHOPIFY = """
    Handle | Title | Type | Published | Option1 Value | Option2 Value | Variant SKU | Variant Price | Variant Barcode | Image Src | Gift Card | Status
    lamp | Lamp | Light | true | Red | S | '30235 | 10.00 | | https://x.test/1.jpg | false | active
    lamp | | | | Red | L | | 10.00 | | | |
    lamp | | | | | | | | | https://x.test/2.jpg | |
    mug | Mug | Cups | true | Default Title | | 12345678901234567 | 8.00 | | | false | draft
    old | Old | Cups | true | Default Title | | O-1 | 8.00 | | | false | Archived
    card | Voucher | Gift Cards | true | 25 | | GC | 25.00 | | | true | active
    ship | Shipping Protection | | true | Default Title | | SP | 1.00 | | | false | active
    bowl | Gift card holder | Paper | true | Default Title | | 30235 | 3.00 | | | false | active
"""


def codes(catalog: Catalog) -> set[str]:
    """Return the codes of a catalog's problems."""
    return {problem.code for problem in catalog.problems}


def test_image_rows_drafts_and_what_cannot_be_pictured_are_counted_by_reason(
    tmp_path: Path,
) -> None:
    """Products and variants count all that is in the file; what is left out is named."""
    catalog = catalog_of(tmp_path, SHOPIFY)
    assert (catalog.products, catalog.variants) == (6, 7)
    assert catalog.skipped == {
        "archived products": 1,
        "draft products": 1,
        "gift card products": 1,
        "image-only rows": 1,
        "shipping protection products": 1,
    }
    assert {one.product for one in catalog.items} == {"lamp", "bowl"}


def test_row_keys_survive_blank_and_repeated_skus(tmp_path: Path) -> None:
    """Handle and options tell a variant where its SKU is blank or another's."""
    catalog = catalog_of(tmp_path, SHOPIFY)
    assert [one.key for one in catalog.items] == ["lamp/Red / S", "lamp/Red / L", "bowl"]
    assert {"no-sku", "sku-twice"} <= codes(catalog)


def test_skus_keep_every_character(tmp_path: Path) -> None:
    """The apostrophe that guards a number goes, its digits and zeros stay."""
    catalog = catalog_of(
        tmp_path,
        """
        SKU | Name | Price
        '00123 | A | 1.00
        12345678901234567 | B | 2.00
        4006381333931 | C | 3.00
        """,
    )
    assert [one.sku for one in catalog.items] == ["00123", "12345678901234567", "4006381333931"]


def test_ruined_codes_are_reported_with_their_cell_and_never_repaired(tmp_path: Path) -> None:
    """A spreadsheet program's 8.80609E+12 is no SKU and no barcode any more."""
    catalog = catalog_of(
        tmp_path,
        """
        SKU | Name | EAN
        8.80609E+12 | A | 4.00638E+12
        B-1 | B | 4006381333931
        """,
    )
    assert [one.sku for one in catalog.items] == ["", "B-1"]
    found = {problem.code: problem for problem in catalog.problems}
    assert found["sku-changed"].cell is not None
    assert found["sku-changed"].cell.a1 == "A2"
    assert "C2" in found["gtin-changed"].message


@pytest.mark.parametrize(
    ("typed", "others", "price"),
    [
        ("822,271.00", "9.50", "822271.00"),
        ("3,5", "1.200,00", "3.5"),
        ("352 AED", "9.50", "352"),
        ("10.00 USD", "9.50", "10.00"),
        ("€ 12,50", "7,25", "12.50"),
        ("1 299,00", "7,25", "1299.00"),
        ("-1.00", "9.50", None),
        ("N/A", "9.50", None),
        ("", "9.50", None),
    ],
)
def test_prices_in_odd_spellings(
    tmp_path: Path, typed: str, others: str, price: str | None
) -> None:
    """Currencies, thousands and decimal marks of the column are understood; -1 means none."""
    rows = [["SKU", "Name", "Price"], ["A", "a", typed], ["B", "b", others]]
    catalog = read([written(tmp_path / "list.csv", rows)])
    assert item(catalog, "A").price == (None if price is None else Decimal(price))
    assert not codes(catalog)


def test_a_price_that_is_none_is_named_by_its_cell(tmp_path: Path) -> None:
    """An unreadable price leaves the product in and says where to look; hundreds are counted."""
    rows = [["SKU", "Name", "Price"], *([f"S{n}", "n", "ask us"] for n in range(60))]
    catalog = read([written(tmp_path / "list.csv", rows)])
    assert len(catalog.items) == 60
    told = [problem for problem in catalog.problems if problem.code == "no-number"]
    assert len(told) == 20
    assert told[0].cell is not None
    assert told[0].cell.a1 == "C2"
    assert "40 more" in catalog.problems[-1].message


def test_rows_that_are_no_products(tmp_path: Path) -> None:
    """Sections, comments, totals, repeated headings and repeated rows are left out, by name."""
    catalog = catalog_of(
        tmp_path,
        """
        Price list 2026 | | |
        SKU | Name | Price | Stock
        CANDLES | | |
        C-1 | Amber | 10.00 | 4
        C-1 | Amber | 10.00 | 4
        # a remark | | |
        SKU | Name | Price | Stock
        MUGS | | |
        M-1 | Mug | 8.00 | 2
        Total | | 28.00 | 10
        """,
    )
    assert [one.sku for one in catalog.items] == ["C-1", "M-1"]
    assert catalog.skipped == {
        "comment rows": 1,
        "repeated heading rows": 1,
        "repeated rows": 1,
        "section rows": 2,
        "total rows": 1,
    }


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "cp1252"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-16 with and without its mark, Japanese and Western encodings are told by the bytes."""
    names = {"cp932": "あかいマグカップのおおきいもの", "cp1252": "Grüne Tasse für süße Träume"}
    name = names.get(encoding, "Grüne Tasse")
    rows = [["SKU", "Name", "Price"], *([f"T-{n}", name, "4.00"] for n in range(8))]
    path = tmp_path / "list.csv"
    path.write_bytes(csv_text(rows, "\t").encode(encoding))
    assert item(read([path]), "T-3").name == name


def test_a_byte_order_mark_behind_junk(tmp_path: Path) -> None:
    """Some shops write an empty line, a tab and only then the mark: the heading is still `ID`."""
    path = tmp_path / "export.csv"
    text = csv_text(
        table(
            """
            ID | Type | SKU | Name | Published | Regular price | Categories | Images | Parent
            1 | simple | A-1 | Cup | 1 | 5 | Cups | https://x.test/1.jpg |
            """
        )
    )
    path.write_bytes("\n\t\ufeff".encode() + text.encode())
    catalog = read([path])
    assert (catalog.format, item(catalog, "A-1").price) == ("WooCommerce", 5)


def test_ragged_and_blank_rows(tmp_path: Path) -> None:
    """Rows shorter and longer than the headings, and blank ones between, lose nothing."""
    path = tmp_path / "export.csv"
    path.write_text(
        "Handle,Title,Variant SKU,Variant Price,Image Src\n"
        "a,A,A-1,5.00\n\n,,,,\n"
        "b,B,B-1,6.00,https://x.test/b.jpg,,,stray\n",
        encoding="utf-8",
    )
    catalog = read([path])
    assert [(one.sku, len(one.images)) for one in catalog.items] == [("A-1", 0), ("B-1", 1)]


def test_headings_padded_with_spaces(tmp_path: Path) -> None:
    """An editor that aligns columns pads headings and cells alike."""
    path = tmp_path / "export.csv"
    path.write_text(
        "Handle      ,Title    ,Variant SKU ,Variant Price\ncake-one    ,Cake     ,C-1         ,4.00    \n",
        encoding="utf-8",
    )
    cake = item(read([path]), "C-1")
    assert (cake.product, cake.name, cake.price) == ("cake-one", "Cake", 4)


def test_headings_alone_say_what_is_missing(tmp_path: Path) -> None:
    """A template without rows is recognised, 480 repeated headings and all, and said to be empty."""
    headings = ["Код_товару", "Назва_позиції", "Ціна", "Валюта"]
    headings += ["Назва_Характеристики", "Одиниця_виміру", "Значення_Характеристики"] * 160
    catalog = read([written(tmp_path / "prom.csv", [headings], ";")])
    assert (catalog.format, catalog.products, catalog.items) == ("Prom.ua", 0, ())
    (problem,) = [one for one in catalog.problems if one.code == "no-products"]
    assert "484 Prom.ua headings in row 1" in problem.message


def test_partial_files_say_what_is_missing(tmp_path: Path) -> None:
    """Handles and pictures alone are products; what the file leaves open is said."""
    catalog = catalog_of(
        tmp_path,
        """
        Handle | Image Src
        lamp | https://x.test/1.jpg
        lamp | https://x.test/2.jpg
        mug | https://x.test/3.jpg
        """,
    )
    assert [(one.key, len(one.images)) for one in catalog.items] == [("lamp", 2), ("mug", 1)]
    missing = " ".join(catalog.notes)
    assert all(what in missing for what in ("SKU", "Product name", "Price"))


def test_a_shop_with_everything_hidden_is_still_imported(tmp_path: Path) -> None:
    """A closed shop exports every product hidden: leaving all out would leave nothing."""
    catalog = catalog_of(
        tmp_path,
        """
        Identificador de URL | Nombre | Precio | SKU | Mostrar en tienda
        | Mesa | 10,00 | M-1 | NO
        | Silla | 12,00 | S-1 | NO
        """,
    )
    assert len(catalog.items) == 2
    assert catalog.skipped == {}
    assert any("all were taken" in note for note in catalog.notes)


def test_a_workbook_is_read_by_the_tab_that_explains_most(tmp_path: Path) -> None:
    """The example tab of a marketplace's template is no product list; numbers stay exact."""
    book = openpyxl.Workbook()
    example, template = book.active, book.create_sheet("Template")
    example.title = "Example"
    headings = ["feed_product_type", "item_sku", "item_name", "standard_price", "main_image_url"]
    for sheet, skus in ((example, ["X-1", "X-2"]), (template, ["00123", 45678])):
        sheet.append(["TemplateType=home", "Version=1"])
        sheet.append(["Product Type", "Seller SKU", "Title", "Price", "Main Image"])
        sheet.append(headings)
        for sku in skus:
            sheet.append(["home", sku, "Pillow", 19.99, "https://x.test/p.jpg"])
    book.save(tmp_path / "template.xlsx")
    catalog = read([tmp_path / "template.xlsx"])
    assert [one.sku for one in catalog.items] == ["00123", "45678"]
    assert catalog.items[0].price == Decimal("19.99")


def test_a_table_of_sales_fills_the_export_beside_it(tmp_path: Path) -> None:
    """Facts by SKU from a second file fill blanks and add no products of their own."""
    export = written(tmp_path / "products.csv", table(SHOPIFY))
    sales = written(tmp_path / "sales.csv", [["SKU", "Units sold"], ["30235", "640"]])
    for paths in ([export, sales], [sales, export]):
        catalog = read(paths)
        assert (catalog.format, catalog.products, catalog.variants) == ("Shopify", 6, 7)
        assert catalog.items[0].sales_90_days == 640


def test_no_headings_no_guess(tmp_path: Path) -> None:
    """A table whose headings say nothing of products stops with what was seen."""
    path = written(tmp_path / "list.csv", [["Shift", "Good", "Bad"], ["1", "20", "3"]])
    with pytest.raises(NothingToRoute, match="Shift"):
        read([path])
    with pytest.raises(UsageError):
        read([tmp_path / "nowhere.csv"])
    with pytest.raises(UsageError):
        read([])


_WORDS = st.sampled_from(
    ["Handle", "Variant Price", "SKU", "Name", "Price", "'1", "=1+1", "\ufeff", "1,2,3", "€", "#"]
)
_CELLS = st.one_of(_WORDS, st.text(max_size=12))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(_CELLS, max_size=6), max_size=8))
def test_no_table_of_text_ends_in_a_traceback(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever stands in the cells, the answer is a catalog or words for the seller."""
    path = tmp_path / "list.csv"
    path.write_bytes(csv_text(rows).encode("utf-8", "surrogatepass"))
    try:
        catalog = read([path])
    except TierbookError as error:
        assert error.message
        return
    keys = [one.key for one in catalog.items]
    assert len(keys) == len(set(keys))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_no_bytes_end_in_a_traceback(tmp_path: Path, content: bytes) -> None:
    """A file of any kind is read or refused in words."""
    path = tmp_path / "export.csv"
    path.write_bytes(b"SKU,Name\n" + content)
    try:
        read([path])
    except TierbookError as error:
        assert error.message
