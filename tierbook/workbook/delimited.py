"""CSV and its kin: read any dialect, and write Tierbook's columns back into the same one.

Every record keeps its own text, so that writing back changes no byte the seller wrote.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from tierbook.errors import NotAWorkbook
from tierbook.workbook.encodings import encoding_of
from tierbook.workbook.headings import alias_of

DELIMITERS = (",", ";", "\t", "|")
_HEADER_SEARCH = 40
_LONGEST_CELL = 100_000_000
_MOST_LINES_IN_A_RECORD = 2_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# What `surrogateescape` makes of bytes that are no letters.
_NO_LETTERS = re.compile("[\ud800-\udfff]")
_OPEN_QUOTE = re.compile(r'"(?:[^"]|"")*+')
_NUMBER_TEXT = re.compile(r"[+-]\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written.

    Attributes:
        encoding: Name Python knows it by, without a byte order mark.
        bom: The byte order mark in front, b"" for none.
        delimiter: Between the cells of a record.
        newline: Behind each record.
        quote_all: Every cell stands in quotation marks.
        guessed: The encoding was guessed from its letters.
    """

    encoding: str
    bom: bytes
    delimiter: str
    newline: str
    quote_all: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class TextTable:
    """The records of a text file: `raw[i]` is the text of `rows[i]`, line end included."""

    dialect: Dialect
    rows: Sequence[Sequence[str]]
    raw: Sequence[str]


def read_delimited(content: bytes) -> TextTable:
    """Read a text table, whatever its encoding, delimiter and line ends.

    Raises:
        NotAWorkbook: A quotation mark is never closed, so that the rest reads as one cell.
    """
    encoding, bom, guessed = encoding_of(content)
    text = _decoded(content[len(bom) :], encoding)
    lines = _LINES.findall(text)
    delimiter = _delimiter_of(lines[: _HEADER_SEARCH * 5])
    rows: list[list[str]] = []
    raw: list[str] = []
    for row, own in _records(lines, delimiter):
        rows.append(row)
        raw.append(own)
    first_line = lines[0] if lines else "\n"
    newline = first_line[len(first_line.rstrip("\r\n")) :] or "\n"
    dialect = Dialect(encoding, bom, delimiter, newline, _quotes_all(raw, delimiter), guessed)
    return TextTable(dialect, [[_clean(cell) for cell in row] for row in rows], raw)


def _decoded(content: bytes, encoding: str) -> str:
    two_bytes = encoding.startswith("utf-16")
    try:
        if not two_bytes and content.count(0) * 20 > len(content):
            raise ValueError("every second byte is NUL, but not in step")
        return content.decode(encoding, errors=_errors(encoding))
    except ValueError:
        raise NotAWorkbook(
            f"The text is damaged: some of its bytes are missing ({encoding}).",
            fix="save it again as CSV UTF-8 in the program that made it.",
        ) from None


def _errors(encoding: str) -> str:
    # Bytes that are no letters must come back as they were; two-byte encodings cannot hold them.
    return "strict" if encoding.startswith("utf-16") else "surrogateescape"


def _clean(cell: str) -> str:
    if cell.isascii() and "\0" not in cell:
        return cell
    # NULs and a byte order mark behind junk are leavings of export programs, never content.
    return _NO_LETTERS.sub("\ufffd", cell.replace("\0", "").replace("\ufeff", ""))


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[list[str], str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    start = 0
    for row in reader:
        end = reader.line_num
        own = lines[start] if end == start + 1 else "".join(lines[start:end])
        if '"' in own and (end == len(lines) or end - start > _MOST_LINES_IN_A_RECORD):
            _refuse_open_quote(own, delimiter, start + 1)
        yield row, own
        start = end


def _refuse_open_quote(record: str, delimiter: str, line: int) -> None:
    if _OPEN_QUOTE.fullmatch(split_record(record, delimiter)[-1]):
        raise NotAWorkbook(
            f"A quotation mark opened on line {line} is never closed, so all that follows reads "
            "as one cell.",
            fix=f"close or remove the quotation mark on line {line} in a text editor.",
        )


def _delimiter_of(lines: Sequence[str]) -> str:
    """Take the delimiter under which a line reads most like a header, else the most regular one.

    Counting characters is fooled by comment lines and by commas inside cells.
    """
    return max(DELIMITERS, key=lambda delimiter: _fitness(lines, delimiter))


def _fitness(lines: Sequence[str], delimiter: str) -> tuple[int, int, int]:
    rows = list(csv.reader(lines, delimiter=delimiter))[:_HEADER_SEARCH]
    known = max(
        (sum(alias_of(c) is not None for c in row if len(c) < 60) for row in rows), default=0
    )
    widths = [len(row) for row in rows if len(row) > 1]
    common = max(set(widths), key=widths.count) if widths else 0
    return known if common else 0, widths.count(common), common


def _quotes_all(raw: Sequence[str], delimiter: str) -> bool:
    sample = [record.rstrip("\r\n") for record in raw[:20] if record.strip()]
    cells = [cell for record in sample for cell in split_record(record, delimiter)]
    return bool(cells) and all(cell.startswith('"') and cell.endswith('"') for cell in cells)


def split_record(record: str, delimiter: str) -> list[str]:
    """Cut a record into the texts of its cells, quotation marks kept, where `csv` would cut it."""
    if '"' not in record:
        return record.split(delimiter)
    cell = _cell_pattern(delimiter)
    cells: list[str] = []
    at = 0
    while at <= len(record):
        found = cell.match(record, at)
        assert found is not None  # noqa: S101 - the pattern matches the empty text too
        cells.append(found[0])
        at = found.end() + 1
    return cells


@cache
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    """Match one cell: quoted, with whatever stands behind the closing mark, or plain."""
    return re.compile(r'"(?:[^"]|"")*+(?:"[^{0}]*)?|[^{0}]*'.format(re.escape(delimiter)))


# --------------------------------------------------------------------------- writing back


def write_records(
    table: TextTable,
    header_row: int,
    width: int,
    places: Mapping[str, int],
    answers: Mapping[str, Mapping[int, Any]],
) -> bytes:
    """Put columns into a text table and leave every other byte as it is.

    Args:
        table: The table as read.
        header_row: 1-based record of the headings.
        width: Columns the seller's table has; new ones go behind.
        places: Heading -> 1-based column it already has in the table.
        answers: Heading -> 1-based record -> value, in the order new columns are to stand.
    """
    at = _columns_for(answers, places, width)
    rows = {header_row, *(row for column in answers.values() for row in column)}
    texts: list[str] = []
    for number, raw in enumerate(table.raw, 1):
        if number not in rows:
            texts.append(raw)
            continue
        changes = {
            column: heading if number == header_row else answers[heading].get(number)
            for heading, column in at.items()
        }
        texts.append(_changed_record(raw, changes, table.dialect))
    own = "".join(texts)
    encoding = table.dialect.encoding
    return table.dialect.bom + own.encode(encoding, errors=_errors(encoding))


def _columns_for(
    headings: Mapping[str, Any], places: Mapping[str, int], width: int
) -> dict[str, int]:
    at = {heading: places[heading] for heading in headings if heading in places}
    free = max([width, *places.values()])
    for heading in headings:
        if heading not in at:
            free += 1
            at[heading] = free
    return at


def _changed_record(raw: str, changes: Mapping[int, Any], dialect: Dialect) -> str:
    body = raw.rstrip("\r\n")
    end = raw[len(body) :] or (dialect.newline if not raw else "")
    cells = split_record(body, dialect.delimiter)
    cells += [""] * (max(changes) - len(cells))
    for column, value in changes.items():
        cells[column - 1] = _cell_text(value, dialect)
    return dialect.delimiter.join(cells) + end


def _cell_text(value: Any, dialect: Dialect) -> str:
    encodable = _spelled(value).encode(dialect.encoding, errors="replace")
    text = guarded(encodable.decode(dialect.encoding))
    if dialect.quote_all or any(c in text for c in (dialect.delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _spelled(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def guarded(text: str) -> str:
    """Put an apostrophe before text a spreadsheet would run as a formula; numbers stay numbers."""
    if text.startswith(_FORMULA_STARTS) and not _NUMBER_TEXT.fullmatch(text):
        return "'" + text
    return text
