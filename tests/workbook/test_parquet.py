"""Parquet: read with its types, written back with its schema and our typed columns."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.workbook.books import SETTINGS, read
from tierbook import workbook


def made(path: Path) -> Path:
    """Save a small catalog."""
    table = pa.table(
        {
            "sku": pa.array(["00123", "A-2", None]),
            "placement": pa.array(["Gallery", "Homepage hero", None]).dictionary_encode(),
            "angles": pa.array([2, None, None], pa.int16()),
            "budget": pa.array([Decimal("0.50"), None, None], pa.decimal128(8, 2)),
            "needed by": pa.array([datetime(2026, 12, 3), None, None], pa.timestamp("us")),  # noqa: DTZ001 - as files hold it
            "tags": pa.array([["a", "b"], [], None], pa.list_(pa.string())),
        }
    ).replace_schema_metadata({"made": "by the seller"})
    pq.write_table(table, path)
    return path


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    """Columns are recognised by name, nulls are blank, a row of nulls is no request."""
    table, problems = read(made(tmp_path / "list.parquet"))
    assert list(table.column("SKU")) == ["00123", "A-2"]
    assert list(table.column("Angles")) == [2, None]
    assert list(table.column("Budget per image")) == [500_000, None]
    assert str(table.column("Needed by")[0]) == "2026-12-03"
    assert list(table.rows) == [1, 2]
    assert not problems


def test_parquet_keeps_its_schema(tmp_path: Path) -> None:
    """Our columns are appended with their own types, and replaced the second time."""
    path = made(tmp_path / "list.parquet")
    before = pq.read_table(path)
    headings = ["Tier", "Tier name", "Why", "Prompt template", "Resolution target", "Result"]
    for _ in range(2):
        book = workbook.read_book(path)
        table, _ = workbook.requests(book, SETTINGS)
        columns = [[1, 3], ["Standard", "Hero"], ["a", "b"], ["p", "q"], ["1x1", "2x2"], [None] * 2]
        path.write_bytes(workbook.write_parquet(book, headings, columns, rows=list(table.rows)))
    after = pq.read_table(path)
    assert after.column_names == [*before.column_names, *headings]
    assert after.select(before.column_names).equals(before)
    assert after.schema.metadata[b"made"] == b"by the seller"
    assert after["Tier"].to_pylist() == [1, 3, None]
    assert after.schema.field("Tier").type == pa.int64()
    assert after.schema.field("Result").type == pa.string()


def test_a_column_of_tiers_and_holds_is_text(tmp_path: Path) -> None:
    """A tier number in one row and HOLD in another fit into one column, as text."""
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"SKU": ["a", "b"], "Placement": ["Gallery", "Swatch"]}), path)
    book = workbook.read_book(path)
    answered = workbook.write_parquet(book, ["Tier"], [[1, "HOLD"]], rows=[1, 2])
    assert pq.read_table(pa.BufferReader(answered))["Tier"].to_pylist() == ["1", "HOLD"]
