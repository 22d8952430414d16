"""Small look-alikes of store exports, written by the tests that read them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tierbook.catalogs import Catalog, Item, read


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Spell rows as CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def table(text: str) -> list[list[str]]:
    """Cut a table drawn with `|` between its cells; blanks around them do not count."""
    lines = [line for line in text.strip("\n").splitlines() if line.strip()]
    return [[cell.strip() for cell in line.strip().split("|")] for line in lines]


def written(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",") -> Path:
    """Save rows as CSV in UTF-8."""
    path.write_text(csv_text(rows, delimiter), encoding="utf-8")
    return path


def catalog_of(tmp_path: Path, text: str, delimiter: str = ",") -> Catalog:
    """Read a drawn table as an export."""
    return read([written(tmp_path / "export.csv", table(text), delimiter)])


def item(catalog: Catalog, sku: str) -> Item:
    """Find the item of a SKU."""
    return next(one for one in catalog.items if one.sku == sku)
