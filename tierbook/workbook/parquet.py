"""Parquet: read the columns of a file, and append Tierbook's own with their types."""

import io
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from tierbook.errors import NotAWorkbook

_NESTED = (list, dict, bytes)


def read_parquet(content: bytes) -> tuple[list[str], list[list[Any]]]:
    """Read the column names and the rows.

    Raises:
        NotAWorkbook: The file is damaged or holds something pyarrow cannot read.
    """
    table = _table(content)
    columns = [_plain(column.to_pylist()) for column in table.columns]
    return list(table.column_names), [list(row) for row in zip(*columns, strict=True)]


def write_parquet(
    content: bytes,
    places: Mapping[str, int],
    answers: Mapping[str, Mapping[int, Any]],
) -> bytes:
    """Append columns to a Parquet file, or replace those at `places`; the rest keeps its type.

    Args:
        content: The file as read.
        places: Heading -> 1-based column it already has.
        answers: Heading -> 1-based row -> value.
    """
    pa, pq = _arrow()
    table = _table(content)
    for heading, by_row in answers.items():
        column = pa.array(_of_one_kind([by_row.get(row) for row in range(1, table.num_rows + 1)]))
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if heading in places:
            table = table.set_column(places[heading] - 1, heading, column)
        else:
            table = table.append_column(heading, column)
    written = io.BytesIO()
    pq.write_table(table, written)
    return written.getvalue()


def _arrow() -> tuple[Any, Any]:
    """Load pyarrow, which is dear to import and has no types."""
    return import_module("pyarrow"), import_module("pyarrow.parquet")


def _table(content: bytes) -> Any:
    pa, pq = _arrow()
    try:
        return pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise NotAWorkbook(
            f"The Parquet file is damaged or of a kind Tierbook cannot read: {error}.",
            fix="write it again with the program that made it, or save the table as CSV.",
        ) from None


def _of_one_kind(values: list[Any]) -> list[Any]:
    """Spell a column of words and numbers (a tier, or HOLD) as text: a column has one type."""
    words = any(isinstance(value, str) for value in values)
    if not words or all(value is None or isinstance(value, str) for value in values):
        return values
    return [None if value is None else str(value) for value in values]


def _plain(values: Sequence[Any]) -> list[Any]:
    """Leave single values as they are and spell nested ones as text."""
    return [str(value) if type(value) in _NESTED else value for value in values]
