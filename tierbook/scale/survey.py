"""Look over a whole Parquet file for the few facts that no part of it can tell by itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pyarrow.compute as pc

from tierbook import contract
from tierbook.routing.choosing import MANY, SCORECARD_TO
from tierbook.scale.layout import Layout, is_text
from tierbook.workbook.days import day_order
from tierbook.workbook.numbers import decimal_mark
from tierbook.workbook.values import is_blank

# A SKU for the rows that only bear witness.
_WITNESS: Final = "witness"


def count_products(parquet: Any, layout: Layout) -> int:
    """Count the distinct SKUs, `MANY` where there are more than a choice of router asks for."""
    field = layout.field(contract.SKU)
    if field is None:
        return 0
    seen: set[Any] = set()
    name = layout.names[field.position]
    for batch in parquet.iter_batches(columns=[name], batch_size=SCORECARD_TO):
        seen.update(value for value in batch.column(0).to_pylist() if not is_blank(value))
        if len(seen) > SCORECARD_TO:
            return MANY
    return len(seen)


def witnesses(parquet: Any, layout: Layout) -> list[list[Any]]:
    """Pick rows that make a part of the file be read as the whole would be.

    Whether photos are named at all, and how decimals and days are written, is told by whole
    columns. One text for each thing said of them says the same to every part.

    Args:
        parquet: A pyarrow `ParquetFile`.
        layout: Its columns.
    """
    settled: dict[str, list[str]] = {
        contract.SOURCE_IMAGE: _first_text(parquet, layout, contract.SOURCE_IMAGE),
        contract.BUDGET_PER_IMAGE: _telling(
            parquet, layout, contract.BUDGET_PER_IMAGE, decimal_mark
        ),
        contract.NEEDED_BY: _telling(parquet, layout, contract.NEEDED_BY, day_order),
    }
    rows: list[list[Any]] = []
    for number in range(max(map(len, settled.values()))):
        row: list[Any] = [None] * len(layout.names)
        for heading, texts in settled.items():
            field = layout.field(heading)
            if field is not None and number < len(texts):
                row[field.position] = texts[number]
        sku = layout.field(contract.SKU)
        if sku is not None:
            row[sku.position] = f"{_WITNESS} {number}"
        rows.append(row)
    return rows


def _texts(parquet: Any, layout: Layout, heading: str) -> Iterator[list[Any]]:
    """Yield the distinct texts of a column, row group by row group."""
    field = layout.field(heading)
    if field is None or not is_text(parquet.schema_arrow.field(field.position).type):
        return
    for group in range(parquet.num_row_groups):
        chunk = parquet.metadata.row_group(group).column(field.position)
        known = chunk.statistics
        if known is not None and known.has_null_count and known.null_count == chunk.num_values:
            continue
        column: Any = parquet.read_row_group(group, columns=[layout.names[field.position]]).column(
            0
        )
        compute: Any = pc
        yield compute.unique(column).to_pylist()


def _first_text(parquet: Any, layout: Layout, heading: str) -> list[str]:
    for texts in _texts(parquet, layout, heading):
        for text in texts:
            if not is_blank(text):
                return [text]
    return []


def _telling(
    parquet: Any, layout: Layout, heading: str, tell: Callable[[Sequence[Any]], str]
) -> list[str]:
    """Return one text for each answer that single texts give."""
    found: dict[str, str] = {}
    for texts in _texts(parquet, layout, heading):
        for text in texts:
            found.setdefault(tell([text]), text)
    return [text for answer, text in found.items() if answer]
