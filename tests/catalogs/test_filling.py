"""A catalog into a workbook: fresh, again, and into a seller's own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.catalogs.exports import catalog_of, table, written
from tierbook import configuration, workbook
from tierbook.catalogs import Catalog, import_exports, into_workbook, read
from tierbook.catalogs.memory import Memory, mark, marks_of, recall
from tierbook.catalogs.product_columns import FACTS, KEY_COLUMN, MEMORY_COLUMN
from tierbook.errors import UsageError
from tierbook.workbook.headings import alias_of

SETTINGS = configuration.defaults()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LIST = """
    SKU | Name | Category | Price | Stock | Image | Sold
    00123 | Amber candle | Candles | 12.50 | 40 | https://x.test/1.jpg, https://x.test/2.jpg | 900
    M-1 | =HYPERLINK("x") | Mugs | 8.00 | 2 | | 10
    M-2 | Mug two | Mugs | 9.00 | 3 | https://x.test/3.jpg | 30
"""
PLACES = ("Marketplace main", "Gallery")


def cells(content_or_path: Any, tab: str) -> list[dict[str, Any]]:
    """Read a tab as openpyxl, a second program, sees it: one dictionary a row."""
    book = openpyxl.load_workbook(content_or_path)
    rows = list(book[tab].iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if row[0] == "SKU*" or row[0] == "SKU")
    names = [str(name).rstrip("*") for name in rows[header]]
    return [dict(zip(names, row, strict=True)) for row in rows[header + 1 :] if any(row)]


def filled(tmp_path: Path, catalog: Catalog, *places: str, existing: bytes | None = None) -> Path:
    content, _ = into_workbook(catalog, places or PLACES, SETTINGS, existing)
    path = tmp_path / "catalog.xlsx"
    path.write_bytes(content)
    return path


def test_a_fresh_workbook_holds_facts_and_requests_as_they_stand(tmp_path: Path) -> None:
    """Zeros stay, numbers are numbers, text that looks like a formula stays text."""
    path = filled(tmp_path, catalog_of(tmp_path, LIST))
    products = cells(path, "Products")
    assert [row["SKU"] for row in products] == ["00123", "M-1", "M-2"]
    assert products[0]["Price"] == 12.5
    assert products[0]["Source image"] == "https://x.test/1.jpg"
    assert products[0]["More pictures"] == "https://x.test/2.jpg"
    assert products[1]["Product name"] == '=HYPERLINK("x")'
    sheet = openpyxl.load_workbook(path)["Products"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    requests = cells(path, "Requests")
    assert [(row["SKU"], row["Placement"]) for row in requests[:3]] == [
        ("00123", "Marketplace main"),
        ("00123", "Gallery"),
        ("M-1", "Marketplace main"),
    ]
    assert len(requests) == 6


def test_an_imported_workbook_runs(tmp_path: Path) -> None:
    """The reader finds every request, with the facts of Products in its blank cells."""
    path = filled(tmp_path, catalog_of(tmp_path, LIST))
    book = workbook.read_book(path)
    requests, problems = workbook.requests(book, SETTINGS)
    assert len(requests) == 6
    assert not requests.bad.any()
    assert requests.column("Source image")[0] == "https://x.test/1.jpg"
    assert requests.column("Sales 90 days")[0] == 900
    assert not [problem for problem in problems if problem.severity != "info"]


def test_heroes_go_to_the_top_sellers_where_sales_are_known(tmp_path: Path) -> None:
    """The share of Settings decides how many; without sales all get them, and a note says so."""
    catalog = catalog_of(tmp_path, LIST)
    path = filled(tmp_path, catalog, "Gallery", "Homepage hero")
    heroes = [row["SKU"] for row in cells(path, "Requests") if row["Placement"] == "Homepage hero"]
    assert heroes == ["00123"]
    unsold = catalog_of(tmp_path, "SKU | Name | Price\nA | a | 1.00\nB | b | 2.00")
    _, counts = into_workbook(unsold, ["Homepage hero"], SETTINGS)
    assert counts.requests == 2
    assert any("no sales" in note for note in counts.notes)


def test_a_second_import_changes_nothing_where_nothing_changed(tmp_path: Path) -> None:
    """The same export twice gives the same bytes."""
    catalog = catalog_of(tmp_path, LIST)
    path = filled(tmp_path, catalog)
    again, counts = into_workbook(catalog, PLACES, SETTINGS, path.read_bytes())
    assert again == path.read_bytes()
    assert (counts.added, counts.requests, counts.updated, counts.kept) == (0, 0, 0, 0)


def test_a_second_import_updates_facts_and_adds_what_is_new(tmp_path: Path) -> None:
    """A new price, a new name and a new product arrive; nothing is asked for twice."""
    path = filled(tmp_path, catalog_of(tmp_path, LIST))
    later = LIST.replace("12.50", "13.00").replace("Amber candle", "Amber candle XL")
    later += "    N-1 | New | Mugs | 5.00 | 1 | | 0\n"
    content, counts = into_workbook(
        catalog_of(tmp_path, later), PLACES, SETTINGS, path.read_bytes()
    )
    path.write_bytes(content)
    products, requests = cells(path, "Products"), cells(path, "Requests")
    assert (products[0]["Price"], products[0]["Product name"]) == (13, "Amber candle XL")
    assert [row["SKU"] for row in products] == ["00123", "M-1", "M-2", "N-1"]
    assert len(requests) == 8
    assert requests[0]["Product name"] == "Amber candle XL"
    assert (counts.added, counts.requests, counts.updated) == (1, 2, 2)


def test_what_a_seller_typed_stays(tmp_path: Path) -> None:
    """Edited, emptied and added cells, deleted requests and results outlive every import."""
    path = filled(tmp_path, catalog_of(tmp_path, LIST))
    book = openpyxl.load_workbook(path)
    book["Products"]["B3"] = "My own name"
    book["Products"]["C3"] = None
    book["Requests"]["P3"] = "breakfast table"
    book["Requests"]["T3"] = 2
    book["Requests"].delete_rows(4)
    book.save(path)
    later = LIST.replace("Amber candle", "Renamed").replace("12.50", "13.00")
    catalog = catalog_of(tmp_path, later.replace("| Candles |", "| Lights |"))
    content, counts = into_workbook(catalog, PLACES, SETTINGS, path.read_bytes())
    path.write_bytes(content)
    product, request = cells(path, "Products")[0], cells(path, "Requests")[0]
    assert (product["Product name"], product["Category"], product["Price"]) == (
        "My own name",
        None,
        13,
    )
    assert (request["Scene notes"], request["Tier"]) == ("breakfast table", 2)
    assert len(cells(path, "Requests")) == 5
    assert counts.kept == 2
    assert counts.requests == 0


def test_a_new_placement_is_asked_for_on_top(tmp_path: Path) -> None:
    """Importing again with one more placement adds only that one, for every product."""
    catalog = catalog_of(tmp_path, LIST)
    path = filled(tmp_path, catalog, "Gallery")
    content, counts = into_workbook(
        catalog, ["Gallery", "email header"], SETTINGS, path.read_bytes()
    )
    path.write_bytes(content)
    assert counts.requests == 3
    assert [row["Placement"] for row in cells(path, "Requests")][3:] == ["Email header"] * 3


def test_blank_and_repeated_skus_get_a_row_of_their_own(tmp_path: Path) -> None:
    """The row key stands in, and the next import finds the row by it."""
    text = """
        Handle | Title | Option1 Value | Variant SKU | Variant Price
        lamp | Lamp | Red | L-1 | 10.00
        lamp | | Blue | | 10.00
        mug | Mug | Default Title | L-1 | 8.00
    """
    catalog = catalog_of(tmp_path, text)
    path = filled(tmp_path, catalog, "Gallery")
    assert [row["SKU"] for row in cells(path, "Requests")] == ["L-1", "lamp/Blue", "mug"]
    with_sku = catalog_of(tmp_path, text.replace("Blue | |", "Blue | L-2 |"))
    _, counts = into_workbook(with_sku, ["Gallery"], SETTINGS, path.read_bytes())
    assert (counts.added, counts.requests) == (0, 0)


def test_a_renamed_product_is_still_the_same_row(tmp_path: Path) -> None:
    """A new handle changes the row key; the SKU leads to the row, which gets the new key."""
    text = "Handle | Title | Variant SKU | Variant Price\nlamp | Lamp | L-1 | 10.00"
    path = filled(tmp_path, catalog_of(tmp_path, text), "Gallery")
    renamed = catalog_of(tmp_path, text.replace("lamp |", "red-lamp |"))
    content, counts = into_workbook(renamed, ["Gallery"], SETTINGS, path.read_bytes())
    path.write_bytes(content)
    assert (counts.added, counts.requests) == (0, 0)
    assert [row["Row key"] for row in cells(path, "Products")] == ["red-lamp"]


def test_a_sellers_own_workbook_gets_products_beside_it(tmp_path: Path) -> None:
    """A workbook with only a list of requests comes back whole, with Products added."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bilder"
    sheet.append(["Art-Nr", "Einsatzort", "Notiz"])
    sheet.append(["00123", "Gallery", "=1+1"])
    path = tmp_path / "own.xlsx"
    book.save(path)
    report = import_exports([written(tmp_path / "list.csv", table(LIST))], path, PLACES, now=NOW)
    assert (report.counts.added, report.counts.requests) == (3, 5)
    after = openpyxl.load_workbook(path)
    assert after["Bilder"]["C2"].value == "=1+1"
    assert after["Bilder"]["B3"].value == "Marketplace main"
    assert [row["SKU"] for row in cells(path, "Products")] == ["00123", "M-1", "M-2"]
    assert report.saved.backup is not None


def test_a_placement_that_is_not_known_stops_before_anything_is_written(tmp_path: Path) -> None:
    """A mistyped placement names the nearest ones; no file appears."""
    export = written(tmp_path / "list.csv", table(LIST))
    with pytest.raises(UsageError, match="Galery") as error:
        import_exports([export], tmp_path / "out.xlsx", ["Galery"], now=NOW)
    assert "Gallery" in error.value.fix
    assert not (tmp_path / "out.xlsx").exists()


def test_an_empty_export_makes_an_empty_workbook_and_says_so(tmp_path: Path) -> None:
    """Headings alone are no failure, but the exit code tells a script."""
    export = written(tmp_path / "list.csv", [["Handle", "Title", "Variant SKU", "Variant Price"]])
    report = import_exports([export], tmp_path / "out.xlsx", [], now=NOW)
    assert (report.counts.requests, report.exit_code) == (0, 1)
    assert any("No placement was named" in note for note in report.notes)


def test_marks_follow_the_value_not_its_storage() -> None:
    """A number read back as a float, or text with its spaces changed, still bears its mark."""
    assert mark(12.5) == mark("12.5")
    assert mark("a  b\n") == mark("a b")
    assert mark(None) == mark("")
    memory = Memory(marks_of(["a", 1, None]), frozenset({"gallery"}))
    back = recall(memory.spelled())
    assert back is not None
    assert [back.wrote(at, value) for at, value in enumerate(["a", 1.0, ""])] == [True] * 3
    assert not back.wrote(0, "b")
    assert recall("2:abc:") is None


def test_the_added_columns_mean_nothing_else_to_the_reader() -> None:
    """A heading of ours that reads as a contract field would overwrite it."""
    for column in (*FACTS[5:], KEY_COLUMN, MEMORY_COLUMN):
        assert alias_of(column.heading) is None, column.heading


def test_several_parts_of_an_export_are_one(tmp_path: Path) -> None:
    """Shops cut long exports into several files, sometimes inside a product."""
    head = ["Handle", "Title", "Option1 Value", "Variant SKU", "Variant Price"]
    first = written(tmp_path / "1.csv", [head, ["lamp", "Lamp", "Red", "L-R", "1.00"]])
    second = written(tmp_path / "2.csv", [head, ["lamp", "", "Blue", "L-B", "1.00"]])
    catalog = read([first, second])
    assert (catalog.products, catalog.variants) == (1, 2)
    assert catalog.items[1].name == "Lamp"
