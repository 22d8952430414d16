"""Write Tierbook's columns back into the CSV or Parquet file they were read from."""

from collections.abc import Sequence
from typing import Any

from tierbook.workbook.delimited import write_records
from tierbook.workbook.parquet import write_parquet as append_columns
from tierbook.workbook.reading import Book


def write_delimited(
    book: Book,
    headings: Sequence[str],
    columns: Sequence[Sequence[Any]],
    *,
    rows: Sequence[int],
) -> bytes:
    """Return the book's text table with these columns put in, all else byte for byte.

    Args:
        book: A book of kind "csv".
        headings: Output headings; those the table has already are replaced in place.
        columns: The values, one sequence a heading, each of shape (n,); None is an empty cell.
        rows: 1-based record of each value, shape (n,).
    """
    if book.text is None:
        raise ValueError("only a book read from text can be written as text")
    width = max(book.headings, default=0)
    return write_records(
        book.text,
        book.header_row,
        max(width, book.last_column),
        book.output_columns,
        _by_row(headings, columns, rows),
    )


def write_parquet(
    book: Book,
    headings: Sequence[str],
    columns: Sequence[Sequence[Any]],
    *,
    rows: Sequence[int],
) -> bytes:
    """Return the book's Parquet file with these columns appended or replaced, types kept.

    Args:
        book: A book of kind "parquet".
        headings: Output headings.
        columns: The values, one sequence a heading, each of shape (n,) and of one type.
        rows: 1-based row of each value, shape (n,).
    """
    return append_columns(book.content, book.output_columns, _by_row(headings, columns, rows))


def _by_row(
    headings: Sequence[str], columns: Sequence[Sequence[Any]], rows: Sequence[int]
) -> dict[str, dict[int, Any]]:
    numbers = [int(row) for row in rows]
    return {
        heading: dict(zip(numbers, values, strict=True))
        for heading, values in zip(headings, columns, strict=True)
    }
