"""The truth table, on real exports where TIERBOOK_REAL_FILES names their folder."""

import os
from pathlib import Path

import pytest

from tierbook.catalogs import read

_FOLDER = Path(os.environ.get("TIERBOOK_REAL_FILES", "")) / "catalogs"
pytestmark = pytest.mark.skipif(
    not os.environ.get("TIERBOOK_REAL_FILES"), reason="needs the folder of real exports"
)
# File -> format, products, variants, image-only rows, blank SKUs, repeated SKUs
TRUTH = {
    "levin_fashion_5024.csv": ("Shopify", 997, 3684, 1340, 0, 8),
    "levin_bicycles_1399.csv": ("Shopify", 284, 1121, 278, 3, 41),
    "NEWFORMAT_sahra_24.csv": ("Shopify", 3, 24, 0, 0, 0),
    "jewelery_official_41.csv": ("Shopify", 20, 23, 18, 23, 0),
    "apparel_official_22.csv": ("Shopify", 20, 22, 0, 22, 0),
    "watch_ragged_3.csv": ("Shopify", 3, 3, 0, 0, 0),
    "cupcakes_padded_25.csv": ("Shopify", 24, 24, 0, 24, 0),
    "sample_products_official.csv": ("WooCommerce", 18, 23, 0, 0, 0),
    "sample_products_override.csv": ("WooCommerce", 18, 23, 0, 0, 0),
    "etsy_orchids_14.csv": ("Etsy", 14, 28, 0, 5, 0),
    "wix_croix_100.csv": ("Wix", 43, 84, 0, 2, 1),
    "magento2_sample_7.csv": ("Magento 2", 4, 6, 0, 0, 0),
    "magento_watchstraps_7.csv": ("Magento 2", 7, 7, 0, 0, 0),
    "products_import_ps17.csv": ("PrestaShop", 7, 7, 0, 0, 0),
    "productos_cp1252_10.csv": ("Tiendanube", 10, 10, 0, 0, 0),
    "urunler_tr_417.csv": ("ikas", 144, 417, 0, 3, 266),
    "prom_template_0rows_529cols.csv": ("Prom.ua", 0, 0, 0, 0, 0),
    "allegro_offers_4.csv": ("Allegro", 4, 4, 0, 0, 0),
    "flatfile_variation_10.tsv": ("Amazon", 4, 7, 0, 0, 0),
    "amazon_handmade_home_template_2023.xlsm": ("Amazon", 0, 0, 0, 0, 0),
    "google_merchant_en_30.tsv": ("Google Merchant", 30, 30, 0, 0, 0),
    "meta_catalog_fr_comment_row_4.csv": ("Meta catalog", 3, 3, 0, 0, 0),
    "bigbasket_27555.csv": ("any table", 27554, 27554, 0, 27554, 0),
    "semicolon_10k.csv": ("any table", 10000, 10000, 0, 0, 0),
    "pouches_sections_41.csv": ("any table", 3, 3, 0, 3, 0),
}


@pytest.mark.parametrize("name", TRUTH)
def test_counts_match_the_truth_table(name: str) -> None:
    """Counts decided by a script, not by this reader, come out of every real export."""
    kind, products, variants, image_rows, blank, twice = TRUTH[name]
    catalog = read([_FOLDER / name])
    assert (catalog.format, catalog.products, catalog.variants) == (kind, products, variants)
    assert catalog.skipped.get("image-only rows", 0) == image_rows
    told = {problem.code: problem.message for problem in catalog.problems}
    for code, count in (("no-sku", blank), ("sku-twice", twice)):
        assert told.get(code, "0 none").split()[0] == f"{count:,}"


@pytest.mark.parametrize("path", sorted(_FOLDER.parent.glob("*/*.*")), ids=lambda path: path.name)
def test_no_real_file_ends_in_a_traceback(path: Path) -> None:
    """Exports, reports, sellers' workbooks and pictures: read, or refused in words."""
    from tierbook.errors import TierbookError

    try:
        read([path])
    except TierbookError as error:
        assert error.message
