"""Ad and analytics reports into the Performance tab."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tierbook import configuration
from tierbook.catalogs import Catalog, Item, into_workbook
from tierbook.errors import NothingToRoute, TierbookError
from tierbook.insights.conversions import read_performance
from tierbook.insights.performance import performance_rows, write_performance
from tierbook.insights.performance_days import period_above
from tierbook.insights.performance_joining import page_keys
from tierbook.model import RequestTable, TabRows, text_column

SETTINGS = configuration.defaults()


def requests(*rows: tuple[str, str], **columns: list[str | None]) -> RequestTable:
    """Make requests of (SKU, placement), with further columns by name."""
    named = {name.replace("_", " "): text_column(cells) for name, cells in columns.items()}
    return RequestTable(
        "Requests",
        np.arange(3, 3 + len(rows)),
        {
            "SKU": text_column([sku for sku, _ in rows]),
            "Placement": text_column([placement for _, placement in rows]),
            **named,
        },
        {"SKU": 1, "Placement": 2},
        np.zeros(len(rows), dtype=bool),
    )


SHOP = requests(
    ("MUG-11", "Gallery"),
    ("MUG-11", "Paid ad"),
    ("LAMP-RED", "Amazon main"),
    ("VASE", "Etsy listing"),
    Shop_page=["blue-mug", "blue-mug", "https://x.test/products/red-lamp", None],
    Product_name=["Blue mug", "Blue mug", "Red lamp", "Tall vase"],
)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "report.csv"
    path.write_bytes(text.encode(encoding))
    return path


GOOGLE = """Ad report
"January 20, 2026 - January 21, 2026"
Ad status\tFinal URL\tCampaign\tCurrency code\tImpr.\tInteractions\tCost\tConv. rate\tConversions
Enabled\thttps://x.test/products/blue-mug?utm=1\tMugs\tUSD\t"1,042"\t31\t133.89\t3.23%\t2.00
Enabled\thttps://x.test/products/blue-mug\tMugs\tUSD\t58\t --\t1.11\t --\t --
Enabled\thttps://x.test/\tBrand\tUSD\t7\t1\t0.50\t0.00%\t0.00
Total: Search\t\t\tUSD\t"1,107"\t32\t135.50\t3.2%\t2.00
Total: Account\t\t\tUSD\t"1,107"\t32\t135.50\t3.2%\t2.00
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_google_ads(tmp_path: Path, encoding: str) -> None:
    """Title lines, totals and `--` go; pages join by their handle; rows of a picture are summed."""
    report = performance_rows([written(tmp_path, GOOGLE, encoding)], SHOP)
    (line,) = report.lines
    assert (line.sku, line.placement, line.source) == ("MUG-11", "Paid ad", "Google Ads")
    assert (line.start, line.end) == (date(2026, 1, 20), date(2026, 1, 21))
    assert line.figures == {
        "impressions": 1100,
        "clicks": 31,
        "orders": Decimal("2.00"),
        "cost": Decimal("135.00"),
    }
    assert (report.rows, report.matched) == (3, 2)
    assert [one.key for one in report.unmatched] == ["https://x.test/"]
    assert any("https://x.test/" in note for note in report.notes)


def test_meta_ads_by_the_name_of_the_ad(tmp_path: Path) -> None:
    """An ad's name holds the SKU; a currency may stand in the heading."""
    head = (
        "Ad name,Reach,Impressions,Results,Amount spent (EUR),Link clicks,Purchases,"
        "Reporting starts,Reporting ends\n"
    )
    text = """Autumn | MUG-11 | v2,900,1000,3,"12,50",40,3,2026-11-01,2026-11-15
Autumn_LAMP-RED_v1,100,200,1,"2,25",4,1,2026-11-01,2026-11-15
Autumn MUG-112,1,1,0,"0,10",0,0,2026-11-01,2026-11-15
"""
    report = performance_rows([written(tmp_path, head + text)], SHOP)
    found = {line.sku: line for line in report.lines}
    assert found["MUG-11"].figures["cost"] == Decimal("12.50")
    assert found["LAMP-RED"].figures["clicks"] == 4
    assert found["MUG-11"].end == date(2026, 11, 15)
    assert [one.key for one in report.unmatched] == ["Autumn MUG-112"]


def test_amazon_business_report(tmp_path: Path) -> None:
    """The child's SKU counts, not the parent's; amounts carry signs and thousands."""
    head = (
        "(Parent) ASIN,(Child) ASIN,Title,SKU,Sessions - Total,Session Percentage - Total,"
        "Page Views - Total,Units Ordered,Units Ordered - B2B,Unit Session Percentage,"
        "Ordered Product Sales,Total Order Items\n"
    )
    text = """B00P,B00C,Red lamp,LAMP-RED,"1,234",10.00%,"2,000",40,1,3.24%,"£1,856.78",38
B00P,B00D,Other,,12,1.00%,20,1,0,8.33%,£10.00,1
"""
    report = performance_rows([written(tmp_path, head + text)], SHOP)
    (line,) = report.lines
    assert (line.sku, line.placement) == ("LAMP-RED", "Amazon main")
    assert line.figures == {
        "impressions": 2000,
        "clicks": 1234,
        "orders": 38,
        "revenue": Decimal("1856.78"),
    }
    assert report.unmatched[0].key == "B00D"


def test_etsy_and_shopify(tmp_path: Path) -> None:
    """A listing joins by its title; a variant by its SKU."""
    etsy = "Listing,Views,Visits,Orders,Revenue\nTall vase,300,200,4,$80.00\n"
    shopify = (
        "Product title,Product variant SKU,Net items sold,Net sales\nBlue mug,MUG-11,7,91.00\n"
    )
    first = performance_rows([written(tmp_path, etsy)], SHOP).lines[0]
    second = performance_rows([written(tmp_path, shopify)], SHOP).lines[0]
    assert (first.sku, first.placement, first.figures["orders"]) == ("VASE", "Etsy listing", 4)
    assert (second.sku, second.placement, second.figures["revenue"]) == ("MUG-11", "Gallery", 91)


def test_ga4_with_several_tables(tmp_path: Path) -> None:
    """Remarks, tables of other things and a grand total first lose no page and add none."""
    text = """# ----------------------------------------
# Start date: 20260401
# End date: 20260430
Nth day,Users
0000,4

# Start date: 20260401
# End date: 20260430
Page path and screen class,Views,Sessions,Purchase revenue
,50,30,20.50,Grand total
/products/blue-mug,40,25,20.50
/cart,10,5,0.00
"""
    report = performance_rows([written(tmp_path, text)], SHOP)
    (line,) = report.lines
    assert (line.sku, line.figures["impressions"], line.start) == (
        "MUG-11",
        40,
        date(2026, 4, 1),
    )
    assert report.rows == 2


def test_rakuten(tmp_path: Path) -> None:
    """Six lines stand above the headings, in a Japanese encoding; the whole, not a part, counts."""
    text = """RPP商品別レポート
対象期間,2026年04月01日～2026年04月30日
集計単位,全期間


商品ページURL,商品管理番号,CTR(%),クリック数(新規),クリック数(合計),実績額(合計),売上件数(合計12時間),売上件数(合計720時間),売上金額(合計720時間)
https://item.rakuten.co.jp/shop/vase/,vase,1.20,10,120,"2,400",3,5,"15,000"
"""
    (line,) = performance_rows([written(tmp_path, text, "cp932")], SHOP).lines
    assert (line.sku, line.start, line.end) == ("VASE", date(2026, 4, 1), date(2026, 4, 30))
    assert line.figures["clicks"] == 120
    assert line.figures["orders"] == 5
    assert line.figures["revenue"] == 15000


def test_what_names_no_product_is_refused_in_words(tmp_path: Path) -> None:
    """A table of countries says nothing of pictures."""
    with pytest.raises(NothingToRoute, match=r"report\.csv"):
        performance_rows([written(tmp_path, "Country,Users\nPeru,4\n")], SHOP)


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://x.test/products/blue-mug?variant=4#top", "blue-mug"),
        ("/collections/all/products/blue-mug", "blue-mug"),
        ("blue-mug", "blue-mug"),
        ("https://x.test/Blue-Mug.html", "blue-mug.html"),
        ("https://x.test/p/blue%20mug/", "blue mug"),
    ],
)
def test_pages_are_known_by_their_handle(address: str, handle: str) -> None:
    """Host, query, capitals and escapes do not tell two pages apart."""
    assert list(page_keys(address))[-1] == handle


def test_one_script_for_all_pages_names_none() -> None:
    """`produit.php?id=24` is known by its query alone."""
    assert list(page_keys("http://x.test/produit.php?id=24")) == ["produit.php?id=24"]


@given(st.text(max_size=40))
def test_no_address_ends_in_a_traceback(address: str) -> None:
    """Whatever stands in a column of pages can be asked for its keys."""
    assert all(key for key in page_keys(address))


def test_lines_written_twice_count_once(tmp_path: Path) -> None:
    """The same report again renews its lines; another period is added; the reader sees both."""
    catalog = Catalog("any table", 1, 1, (Item("MUG-11", "MUG-11", "MUG-11"),))
    content, _ = into_workbook(catalog, ["Paid ad"], SETTINGS)
    report = performance_rows([written(tmp_path, GOOGLE)], SHOP)
    once = write_performance(content, report)
    assert write_performance(once, report) == once
    later = performance_rows([written(tmp_path, GOOGLE.replace("20, 2026", "10, 2026"))], SHOP)
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_performance(once, later))
    sheet = openpyxl.load_workbook(path)["Performance"]
    rows = list(sheet.iter_rows(values_only=True))
    lines, problems = read_performance(TabRows("Performance", rows))
    assert not problems
    assert [(line.sku, line.visits, line.orders) for line in lines] == [("MUG-11", 31, 2)] * 2
    assert lines[1].start == date(2026, 1, 10)


_FIGURES = st.sampled_from(["", " --", "1,042", "2.98%", "$4", "x", "Total", "#", "1e9", "NaN"])


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cells=st.lists(_FIGURES | st.text(max_size=6), min_size=9, max_size=18))
def test_no_report_ends_in_a_traceback(tmp_path: Path, cells: list[str]) -> None:
    """Figures of any spelling are summed, or reported."""
    head = GOOGLE.splitlines()[2]
    text = head + "\n" + "\t".join(cells[:9]) + "\n" + "\t".join(cells[9:]) + "\n"
    path = tmp_path / "report.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        performance_rows([path], SHOP)
    except TierbookError as error:
        assert error.message


@pytest.mark.skipif(
    not os.environ.get("TIERBOOK_REAL_FILES"), reason="needs the folder of real reports"
)
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("gads_ad_report_2026_22.csv", 15),
        ("gads_campaign_2025.csv", 2),
        ("meta_KAG_conversion_1143.csv", 1143),
        ("ga4_home_sections.csv", 1),
    ],
)
def test_real_reports(name: str, rows: int) -> None:
    """Real reports are read to the row, totals and remarks left out."""
    report = performance_rows(
        [Path(os.environ["TIERBOOK_REAL_FILES"]) / "performance" / name], SHOP
    )
    assert report.rows == rows


LANGUAGES = {
    "Google Ads, German": (
        "Anzeigenbericht\n1. November 2026 - 23. November 2026\n"
        "Anzeigenstatus;Finale URL;Kampagne;Anzeigengruppe;Währungscode;Klicks;Impr.;CTR;Kosten;"
        "Conversions;Conv.-Wert\n"
        "Aktiviert;https://x.test/products/blue-mug;K;A;EUR;1.204;45.120;2,67 %;493,64;31,00;9,5\n"
        "Gesamt: Konto;--;--;--;EUR;1.204;45.120;2,67 %;493,64;31,00;9,5\n",
        "Paid ad",
        (45120, 1204, 31),
    ),
    "Google Ads, Japanese": (
        "広告レポート\n2026年11月1日～2026年11月23日\n"
        "最終ページ URL,キャンペーン,広告グループ,通貨コード,"
        "クリック数,表示回数,費用,コンバージョン\n"
        "https://x.test/products/blue-mug,A,B,JPY,4,90,10,1\n",
        "Paid ad",
        (90, 4, 1),
    ),
    "Meta Ads, Spanish": (
        "Inicio del informe,Fin del informe,Nombre del anuncio,Alcance,Impresiones,"
        "Importe gastado (EUR),Clics en el enlace,Compras\n"
        "2026-11-01,2026-11-23,MUG-11 carrusel,80,900,9.20,30,2\n"
        ",,Resultados de 1 anuncio,80,900,9.20,30,2\n",
        "Paid ad",
        (900, 30, 2),
    ),
    "Amazon Business Report, German": (
        "(Übergeordnete) ASIN,(Untergeordnete) ASIN,Titel,SKU,Sitzungen – Summe,"
        "Seitenaufrufe – Summe,Bestellte Einheiten,Zahl der Bestellposten\n"
        "P,C,Tasse,MUG-11,300,450,12,11\n",
        "Gallery",
        (450, 300, 11),
    ),
    "GA4, French": (
        "# Date de début: 20261101\n# Date de fin: 20261123\n"
        "Chemin de la page et classe de l'écran,Vues,Utilisateurs actifs,Événements clés\n"
        "/products/blue-mug,500,300,12\n,500,300,12\n",
        "Gallery",
        (500, 300, 12),
    ),
}


@pytest.mark.parametrize("name", LANGUAGES)
def test_reports_in_other_languages(tmp_path: Path, name: str) -> None:
    """The program's name, its columns and its totals are known by their words in each language."""
    text, placement, figures = LANGUAGES[name]
    report = performance_rows([written(tmp_path, text)], SHOP)
    (line,) = report.lines
    assert (line.sku, line.placement, line.source) == ("MUG-11", placement, name.split(",")[0])
    assert tuple(line.figures[one] for one in ("impressions", "clicks", "orders")) == figures
    assert report.unmatched == ()


def test_rows_that_name_nothing_are_totals(tmp_path: Path) -> None:
    """A grand total before the rows counts in no picture, and is told."""
    text = (
        "Landing page,Sessions,Key events\n,90,9\n"
        "/products/blue-mug,60,6\n/products/red-lamp,30,3\n"
    )
    report = performance_rows([written(tmp_path, text)], SHOP)
    assert sum(line.figures["clicks"] for line in report.lines) == 90
    assert report.rows == report.matched == 2
    assert any("1 row without a product" in note for note in report.notes)


@pytest.mark.parametrize(
    ("heading", "text", "sku"),
    [
        ("Landing page", "https://x.test/shop/tall-vase?ref=1", "VASE"),
        ("Landing page", "/en/p/tall-vase.html", "VASE"),
        ("Item name", "Tall vase | hand-made | gift", "VASE"),
        ("Item name", "NEW! Red Lamp - carousel 2", "LAMP-RED"),
        ("Item name", "Small cup", None),
        ("Landing page", "/collections/vases", None),
    ],
)
def test_a_product_is_known_by_its_name_in_pages_and_ads(
    tmp_path: Path, heading: str, text: str, sku: str | None
) -> None:
    """A shop's page is spelled like its product's name; words of the name alone say nothing."""
    table = f"{heading},Views,Sessions,Items viewed\n{text},5,4,3\n"
    report = performance_rows([written(tmp_path, table)], SHOP)
    assert [line.sku for line in report.lines] == ([sku] if sku else [])


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("1 novembre 2026 - 23 décembre 2026", (date(2026, 11, 1), date(2026, 12, 23))),
        ("1 de marzo de 2026 - 3 de abril de 2026", (date(2026, 3, 1), date(2026, 4, 3))),
        ("Mar 5, 2026 - May 6, 2026", (date(2026, 3, 5), date(2026, 5, 6))),
        ("31. Februar 2026", (None, None)),
        ("12 Monate 2026", (None, None)),
    ],
)
def test_the_period_above_the_headings(line: str, days: tuple[date | None, date | None]) -> None:
    """Days are read in the words of the report's language; what is no day is none."""
    assert period_above([[line]]) == days
