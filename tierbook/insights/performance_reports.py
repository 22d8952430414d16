"""The reports that say what pictures did, each declared by its headings.

Headings are spelled as in `tierbook.catalogs.format`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from tierbook.catalogs.format import Headings
from tierbook.workbook.headings import heading_key
from tierbook.workbook.words import plain

_WORDS: Final = Path(__file__).with_name("performance_words.csv")

KeyKind: TypeAlias = Literal["sku", "asin", "url", "ad name"]
Measure: TypeAlias = Literal["impressions", "clicks", "orders", "revenue", "cost"]
MEASURES: Final[tuple[Measure, ...]] = ("impressions", "clicks", "orders", "revenue", "cost")


@dataclass(frozen=True, slots=True)
class Report:
    """One kind of report.

    Attributes:
        name: What it is called in the column Source.
        signature: Groups of headings that all have to be there, any one of each group.
        keys: How its rows name a product, the surest way first.
        measures: What is counted -> headings, the preferred one first.
        groups: Placement groups its figures belong to, the likeliest first.
        placement: The placement they are noted for where no picture of these groups was asked.
        start, end: Columns with the first and last day, or the day of the row.
        currency: Column that names the currency of the money.
    """

    name: str
    signature: tuple[Headings, ...]
    keys: Mapping[KeyKind, Headings]
    measures: Mapping[Measure, Headings]
    groups: tuple[str, ...]
    placement: str
    start: Headings = ()
    end: Headings = ()
    currency: Headings = ()

    @property
    def headings(self) -> Headings:
        """Every heading the report is declared by."""
        groups = (*self.signature, *self.keys.values(), *self.measures.values())
        return (*(one for group in groups for one in group), *self.start, *self.end, *self.currency)

    def spoken(self, headings: Mapping[int, str]) -> Mapping[int, str]:
        """Say a table's headings in English, where that is a heading of this report.

        Words of one language mean different things in different reports: 表示回数 counts
        impressions in one and page views in another.
        """
        own = {heading_key(one) for one in self.headings}
        return {
            column: next((e for e in _english(text) if heading_key(e) in own), text)
            for column, text in headings.items()
        }


def _english(text: str) -> Headings:
    words = _words()
    return words.get(plain(text), ()) or words.get(heading_key(text), ())


@cache
def _words() -> Mapping[str, Headings]:
    """Map headings of other languages, folded, to the English ones they may stand for."""
    found: dict[str, Headings] = {}
    with _WORDS.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            for word in line["Also called"].split(" | "):
                for key in dict.fromkeys((plain(word), heading_key(word))):
                    found[key] = (*found.get(key, ()), line["English"])
    return found


_ADS = ("ad", "social", "marketplace main")
_LISTING = ("marketplace main", "etsy", "gallery")
_SHOP = ("gallery", "category", "marketplace main")

REPORTS: Final = (
    Report(
        name="Google Ads",
        signature=(
            ("Impr.", "Impressions"),
            ("Cost",),
            ("Campaign", "Final URL", "Asset", "Ad group", "Item ID", "Product ID", "Landing page"),
            ("Interactions", "Clicks", "CTR", "Conversions", "Currency code"),
        ),
        keys={
            "sku": ("Item ID", "Product ID"),
            "url": ("Final URL", "Landing page", "Ad final URL"),
            "ad name": ("Product title", "Ad name", "Asset", "Ad group", "Campaign"),
        },
        measures={
            "impressions": ("Impr.", "Impressions"),
            "clicks": ("Clicks", "Interactions"),
            "orders": ("Conversions",),
            "revenue": ("Conv. value", "Total conv. value", "All conv. value"),
            "cost": ("Cost",),
        },
        groups=_ADS,
        placement="Paid ad",
        start=("Day", "Week", "Month"),
        end=("Day",),
        currency=("Currency code", "Currency"),
    ),
    Report(
        name="Meta Ads",
        signature=(
            ("Ad name", "Ad ID", "ad_id", "Ad set name", "Campaign name"),
            ("Impressions", "Reach"),
            ("Amount spent", "Spent", "Link clicks", "Clicks (all)"),
        ),
        keys={
            "sku": ("Product ID", "Content ID"),
            "url": ("Website URL", "Link", "Destination URL"),
            "ad name": ("Ad name", "Ad set name", "Campaign name", "Ad ID", "ad_id"),
        },
        measures={
            "impressions": ("Impressions",),
            "clicks": ("Link clicks", "Clicks (all)", "Clicks"),
            "orders": ("Purchases", "Website purchases", "Approved_Conversion", "Results"),
            "revenue": ("Purchases conversion value", "Website purchases conversion value"),
            "cost": ("Amount spent*", "Amount spent", "Spent"),
        },
        groups=_ADS,
        placement="Paid ad",
        start=("Reporting starts", "Day", "Date"),
        end=("Reporting ends", "Day", "Date"),
        currency=("Currency",),
    ),
    Report(
        name="Amazon Business Report",
        signature=(
            ("(Child) ASIN", "(Parent) ASIN", "Child ASIN", "Parent ASIN", "ASIN"),
            ("Sessions", "Sessions - Total", "Sessions Total", "Page Views", "Page Views - Total"),
            ("Units Ordered", "Total Order Items", "Ordered Product Sales"),
        ),
        keys={
            "sku": ("SKU",),
            "asin": ("(Child) ASIN", "Child ASIN", "ASIN", "(Parent) ASIN", "Parent ASIN"),
            "ad name": ("Title",),
        },
        measures={
            "impressions": ("Page Views", "Page Views - Total"),
            "clicks": ("Sessions", "Sessions - Total"),
            "orders": ("Total Order Items", "Units Ordered"),
            "revenue": ("Ordered Product Sales",),
        },
        groups=_LISTING,
        placement="Marketplace main",
        start=("Date",),
        end=("Date",),
    ),
    Report(
        name="Amazon Ads",
        signature=(
            ("Advertised SKU", "Advertised ASIN", "SKU", "ASIN"),
            ("Impressions",),
            ("Clicks",),
            ("Spend", "Spend*"),
            ("Campaign Name", "Campaign", "Ad Group Name", "Ad Group"),
        ),
        keys={
            "sku": ("Advertised SKU", "SKU"),
            "asin": ("Advertised ASIN", "ASIN"),
            "ad name": ("Ad Group Name", "Campaign Name", "Ad Group", "Campaign"),
        },
        measures={
            "impressions": ("Impressions",),
            "clicks": ("Clicks",),
            "orders": (
                "7 Day Total Orders",
                "14 Day Total Orders",
                "30 Day Total Orders",
                "Purchases",
                "Orders",
            ),
            "revenue": ("7 Day Total Sales", "14 Day Total Sales", "30 Day Total Sales", "Sales"),
            "cost": ("Spend", "Spend*"),
        },
        groups=_LISTING,
        placement="Marketplace main",
        start=("Start Date", "Date"),
        end=("End Date", "Date"),
        currency=("Currency",),
    ),
    Report(
        name="Etsy orders",
        signature=(("Item Name",), ("Listing ID",), ("Sale Date",), ("Quantity",)),
        keys={"sku": ("SKU", "Listing ID"), "ad name": ("Item Name",)},
        measures={"orders": ("Quantity",), "revenue": ("Item Total",)},
        groups=("etsy", "marketplace main", "gallery"),
        placement="Etsy listing",
        start=("Sale Date",),
        end=("Sale Date",),
        currency=("Currency",),
    ),
    Report(
        name="Etsy",
        signature=(
            ("Listing", "Listing ID", "Listing title", "Title"),
            ("Visits", "Views"),
            ("Orders", "Favorites", "Favourites"),
        ),
        keys={
            "sku": ("SKU", "Listing ID"),
            "url": ("Listing URL", "URL"),
            "ad name": ("Listing title", "Title", "Listing"),
        },
        measures={
            "impressions": ("Views", "Impressions"),
            "clicks": ("Visits", "Clicks"),
            "orders": ("Orders",),
            "revenue": ("Revenue",),
            "cost": ("Spend", "Ad spend"),
        },
        groups=("etsy", "marketplace main", "gallery"),
        placement="Etsy listing",
        start=("Date", "Day", "Month"),
        end=("Date", "Day"),
    ),
    Report(
        name="Shopify analytics",
        signature=(
            (
                "Product variant SKU",
                "Variant SKU",
                "Product title",
                "Landing page path",
                "Landing page URL",
                "Product variant title",
                "Variant title",
            ),
            (
                "Net items sold",
                "Net sales",
                "Gross sales",
                "Total sales",
                "Sessions",
                "Total sessions",
                "Online store visitors",
                "Total visitors",
            ),
        ),
        keys={
            "sku": ("Product variant SKU", "Variant SKU", "SKU"),
            "url": ("Landing page path", "Landing page URL", "Product handle", "Page path"),
            "ad name": ("Product title", "Product variant title"),
        },
        measures={
            "impressions": ("Page views", "Product page views", "View sessions"),
            "clicks": (
                "Sessions",
                "Total sessions",
                "Online store visitors",
                "Total visitors",
                "Visitors",
            ),
            "orders": (
                "Orders",
                "Total orders placed",
                "Sessions that completed checkout",
                "Net items sold",
                "Net quantity",
                "Ordered item quantity",
            ),
            "revenue": ("Net sales", "Total sales", "Gross sales"),
        },
        groups=_SHOP,
        placement="Gallery",
        start=("Day", "Week", "Month"),
        end=("Day",),
    ),
    Report(
        name="GA4",
        signature=(
            (
                "Page path and screen class",
                "Page path",
                "Page path + query string",
                "Landing page",
                "Landing page + query string",
                "Page location",
                "Page title and screen class",
                "Page title",
                "Item ID",
                "Item name",
            ),
            (
                "Views",
                "Sessions",
                "Event count",
                "Active users",
                "Users",
                "Items viewed",
                "Items purchased",
                "Item revenue",
                "Purchase revenue",
                "Total revenue",
            ),
        ),
        keys={
            "sku": ("Item ID",),
            "url": (
                "Page path and screen class",
                "Page path",
                "Page path + query string",
                "Landing page",
                "Landing page + query string",
                "Page location",
            ),
            "ad name": ("Item name", "Page title and screen class", "Page title"),
        },
        measures={
            "impressions": ("Views", "Items viewed", "Event count"),
            "clicks": ("Sessions", "Active users", "Users"),
            "orders": (
                "Transactions",
                "Ecommerce purchases",
                "Items purchased",
                "Key events",
                "Conversions",
            ),
            "revenue": ("Purchase revenue", "Item revenue", "Total revenue"),
        },
        groups=_SHOP,
        placement="Gallery",
        start=("Date",),
        end=("Date",),
    ),
    Report(
        name="Rakuten RPP",
        signature=(
            ("商品管理番号", "商品ページURL"),
            ("クリック数(合計)", "クリック数", "CTR(%)", "アクセス人数", "売上件数"),
        ),
        keys={
            "sku": ("商品管理番号", "商品番号"),
            "url": ("商品ページURL",),
            "ad name": ("商品名",),
        },
        measures={
            "impressions": ("表示回数(合計)", "表示回数"),
            "clicks": ("クリック数(合計)", "クリック数", "アクセス人数"),
            "orders": ("売上件数(合計720時間)", "売上件数(合計12時間)", "売上件数"),
            "revenue": ("売上金額(合計720時間)", "売上金額(合計12時間)", "売上金額", "売上"),
            "cost": ("実績額(合計)", "実績額", "ご利用金額"),
        },
        groups=("marketplace main", "ad"),
        placement="Marketplace main",
        start=("日付", "期間"),
        end=("日付",),
    ),
)  # fmt: skip - lists of headings read best as blocks
