"""Look over a whole table for the few facts that no part of it can tell by itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import pyarrow.compute as pc

from tierbook import contract
from tierbook.routing.choosing import MANY, SCORECARD_TO
from tierbook.scale.layout import Field, Layout, is_text
from tierbook.workbook.days import day_order
from tierbook.workbook.numbers import decimal_mark
from tierbook.workbook.values import is_blank

# A SKU for the rows that only bear witness.
_WITNESS: Final = "witness"


# Yields the values of a column, some at a time; each needs to be there only once.
Values: TypeAlias = Callable[[Field], Iterator[list[Any]]]


def count_products(layout: Layout, values: Values) -> int:
    """Count the distinct SKUs; `MANY` where there are more than a choice of router asks for."""
    field = layout.field(contract.SKU)
    seen: set[Any] = set()
    for some in values(field) if field is not None else ():
        seen.update(value for value in some if not is_blank(value))
        if len(seen) > SCORECARD_TO:
            return MANY
    return len(seen)


def witnesses(layout: Layout, texts: Values) -> list[list[Any]]:
    """Pick rows that make a part of the table be read as the whole would be.

    Whether photos are named at all, and how decimals and days are written, is told by whole
    columns. One text for each thing said of them says the same to every part.

    Args:
        layout: The columns of the table.
        texts: Yields the texts of a column; nothing where it holds none.
    """
    settled: dict[str, list[str]] = {}
    for heading, tell in (
        (contract.SOURCE_IMAGE, None),
        (contract.BUDGET_PER_IMAGE, decimal_mark),
        (contract.NEEDED_BY, day_order),
    ):
        field = layout.field(heading)
        found = texts(field) if field is not None else iter(())
        settled[heading] = _first_text(found) if tell is None else _telling(found, tell)
    rows: list[list[Any]] = []
    for number in range(max(map(len, settled.values()))):
        row: list[Any] = [None] * len(layout.names)
        for heading, said in settled.items():
            field = layout.field(heading)
            if field is not None and number < len(said):
                row[field.position] = said[number]
        sku = layout.field(contract.SKU)
        if sku is not None:
            row[sku.position] = f"{_WITNESS} {number}"
        rows.append(row)
    return rows


def values_in_file(parquet: Any, layout: Layout) -> Values:
    """Read single columns of a pyarrow `ParquetFile`, batch by batch."""

    def values(field: Field) -> Iterator[list[Any]]:
        name = layout.names[field.position]
        for batch in parquet.iter_batches(columns=[name], batch_size=SCORECARD_TO):
            yield batch.column(0).to_pylist()

    return values


def texts_in_file(parquet: Any, layout: Layout) -> Values:
    """Read the distinct texts of single columns, row group by row group."""
    compute: Any = pc

    def texts(field: Field) -> Iterator[list[Any]]:
        if not is_text(parquet.schema_arrow.field(field.position).type):
            return
        for group in range(parquet.num_row_groups):
            chunk: Any = parquet.metadata.row_group(group).column(field.position)
            known = chunk.statistics
            nulls = known.null_count if known is not None and known.has_null_count else 0
            if nulls == chunk.num_values:
                continue
            name = layout.names[field.position]
            column: Any = parquet.read_row_group(group, columns=[name]).column(0)
            yield compute.unique(column).to_pylist()

    return texts


def values_in_table(table: Any) -> Values:
    """Take the distinct values of single columns of a pyarrow table."""
    compute: Any = pc
    return lambda field: iter([compute.unique(table.column(field.position)).to_pylist()])


def texts_in_table(table: Any) -> Values:
    """Take the distinct texts of single columns of a pyarrow table."""
    every = values_in_table(table)
    return lambda field: every(field) if is_text(table.schema[field.position].type) else iter(())


def _first_text(found: Iterator[list[Any]]) -> list[str]:
    for texts in found:
        for text in texts:
            if not is_blank(text):
                return [text]
    return []


def _telling(found: Iterator[list[Any]], tell: Callable[[Sequence[Any]], str]) -> list[str]:
    """Return one text for each answer that single texts give."""
    told: dict[str, str] = {}
    for texts in found:
        for text in texts:
            told.setdefault(tell([text]), text)
    return [text for answer, text in told.items() if answer]
