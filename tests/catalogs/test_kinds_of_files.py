"""Exports in every kind of file shops hand out: packed, old, marked up."""

import gzip
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.catalogs.exports import csv_text, item
from tierbook.catalogs import read
from tierbook.errors import NotAWorkbook, NothingToRoute

ROWS = [
    ["Handle", "Title", "Option1 Value", "Variant SKU", "Variant Price", "Image Src"],
    ["lamp", "Lämp & Söhne", "Red", "0012", "10.50", "https://x.test/1.jpg"],
    ["lamp", "", "Blue", "L-B", "1299.00", ""],
]


def _web_page(rows: list[list[str]], encoding: str) -> bytes:
    lines = ["".join(f"<td>{c.replace('&', '&amp;')}</td>" for c in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    page = f'<html><meta charset="{encoding}"><table><tr></tr>{body}</table></html>'
    return page.encode(encoding)


def _excel_2003(rows: list[list[str]]) -> bytes:
    """Leave blank cells out, as Excel does: the next one says where it stands."""
    lines = [
        "".join(
            f'<Cell ss:Index="{place}"><Data>{cell.replace("&", "&amp;")}</Data></Cell>'
            for place, cell in enumerate(row, 1)
            if cell
        )
        for row in rows
    ]
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    body = "".join(f"<Row>{line}</Row>" for line in lines)
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}">'
        f"<Worksheet><Table>{body}</Table></Worksheet></Workbook>"
    ).encode()


def _zipped(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


KINDS = {
    "page.xls": _web_page(ROWS, "utf-8"),
    "old page.xls": _web_page(ROWS, "iso-8859-1"),
    "excel 2003.xls": _excel_2003(ROWS),
    "packed.csv.gz": gzip.compress(csv_text(ROWS).encode()),
    "packed.zip": _zipped({"a/products.csv": csv_text(ROWS), "__MACOSX/._products.csv": "x"}),
    "with a sep line.csv": b"sep=;\r\n" + csv_text(ROWS, ";").encode(),
    "bars.txt": csv_text(ROWS, "|").encode(),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_file_does_not_change_what_it_says(name: str, tmp_path: Path) -> None:
    """Headings, zeros, umlauts and blank cells come out of every kind alike."""
    path = tmp_path / name
    path.write_bytes(KINDS[name])
    catalog = read([path])
    assert (catalog.format, catalog.products, catalog.variants) == ("Shopify", 1, 2)
    red, blue = item(catalog, "0012"), item(catalog, "L-B")
    assert (red.name, red.price, red.images) == ("Lämp & Söhne", 10.5, ("https://x.test/1.jpg",))
    assert (blue.name, blue.price, blue.options) == ("Lämp & Söhne", 1299, "Blue")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice writes the old kinds")
def test_old_and_foreign_workbooks_are_read(tmp_path: Path) -> None:
    """An export only has to be read, so .xls and .ods will do; their numbers stay numbers."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["E2"] = 10.5
    book.save(tmp_path / "list.xlsx")
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    for kind in ("xls", "ods"):
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", kind, "list.xlsx"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        catalog = read([tmp_path / f"list.{kind}"])
        assert (item(catalog, "0012").price, catalog.variants) == (10.5, 2)


def test_the_parts_of_an_archive_are_one_catalog(tmp_path: Path) -> None:
    """Long exports come as several files in one archive, beside files that are no products."""
    head, *rows = ROWS
    path = tmp_path / "parts.zip"
    parts = {f"part {n}.csv": csv_text([head, row]) for n, row in enumerate(rows, 1)}
    path.write_bytes(_zipped({**parts, "read me.txt": "How to import these files"}))
    catalog = read([path])
    assert (catalog.products, catalog.variants) == (1, 2)
    assert item(catalog, "L-B").name == "Lämp & Söhne"
    path.write_bytes(_zipped({"read me.txt": "How to import these files"}))
    with pytest.raises(NothingToRoute):
        read([path])


def test_an_xml_feed_of_products(tmp_path: Path) -> None:
    """What an entry says several times, such as its pictures, is a list."""
    path = tmp_path / "feed.xml"
    path.write_text(
        '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
        "<title>Shop</title><item><g:id>A-1</g:id><title>Scarf</title>"
        "<link>https://x.test/p</link><g:image_link>https://x.test/1.jpg</g:image_link>"
        "<g:additional_image_link>https://x.test/2.jpg</g:additional_image_link>"
        "<g:additional_image_link>https://x.test/3.jpg</g:additional_image_link>"
        "<g:shipping><g:price>9 EUR</g:price></g:shipping>"
        "<g:price>10.00 EUR</g:price></item></channel></rss>",
        encoding="utf-8",
    )
    catalog = read([path])
    scarf = item(catalog, "A-1")
    assert (catalog.format, scarf.price, scarf.currency) == ("Google Merchant", 10, "EUR")
    assert len(scarf.images) == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.csv.gz", gzip.compress(b"SKU,Name\n" * 99)[:-20]),
        ("cut.zip", _zipped({"a.csv": "SKU,Name\n"})[:-30]),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><rss><item/></rss>'),
        ("broken.xml", b'<?xml version="1.0"?><rss><item><id>1</id></rss>'),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("empty page.xls", b"<html><body>Log in</body></html>"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_cannot_be_read_is_refused_in_words(name: str, content: bytes, tmp_path: Path) -> None:
    """Damaged archives, entities, log-in pages: each says what to do."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook) as error:
        read([path])
    assert error.value.fix


def test_an_empty_file_in_an_archive_is_passed_over_and_named(tmp_path: Path) -> None:
    """An export with a part that holds nothing still imports what the other parts hold."""
    path = tmp_path / "parts.zip"
    path.write_bytes(_zipped({"empty.csv": "", "products.csv": csv_text(ROWS)}))
    catalog = read([path])
    assert catalog.variants == 2
    assert any("empty.csv holds no products" in note for note in catalog.notes)
