"""A worksheet's XML as bytes: what stands before, in and after `sheetData`, and its rows.

Rows are found by searching bytes, not by parsing: a sheet of 100,000 rows costs no tree. Offsets
are kept so that an edit copies everything between the planned cells unchanged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tierbook.errors import EditRefused
from tierbook.ooxml.kinds import damaged
from tierbook.ooxml.ranges import column_number

_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^>]*?)?(/?)>")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>\s*", re.S)
# What may hold text that looks like markup: comments, CDATA, processing instructions.
_OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)
_R = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d*)["']""")


@dataclass(frozen=True, slots=True)
class SheetText:
    """A worksheet in three pieces.

    Attributes:
        head: Everything before the `sheetData` element.
        rows: Everything between its tags, b"" for a self-closing one.
        tail: Everything after it.
        prefix: Namespace prefix with its colon, b"" for none.
        opening: The start tag as written, without the self-closing slash.
        scannable: `rows` with comments and CDATA blanked out, of the same length.
    """

    head: bytes
    rows: bytes
    tail: bytes
    prefix: bytes
    opening: bytes
    scannable: bytes

    def frame(self) -> bytes:
        """Return the sheet with an empty `sheetData`, small enough for a tree."""
        return b"%b<%bsheetData/>%b" % (self.head, self.prefix, self.tail)


@dataclass(frozen=True, slots=True)
class RowText:
    """One row element as offsets into `rows`; `inner` to `close` hold its cells."""

    number: int
    start: int
    inner: int
    close: int
    end: int


def split_sheet(content: bytes, name: str) -> SheetText:
    """Cut a worksheet at its `sheetData`.

    Raises:
        NotAWorkbook: There is no `sheetData`, or it does not end.
    """
    content = _as_utf8(content)
    masked = mask(content)
    match = _DATA.search(masked)
    if match is None:
        raise damaged(f'the sheet part "{name}" has no cell area')
    prefix = match[1]
    if match[2]:
        opening = content[match.start() : match.end() - 2].rstrip() + b">"
        return SheetText(
            content[: match.start()], b"", content[match.end() :], prefix, opening, b""
        )
    closing = b"</%bsheetData" % prefix
    close = masked.find(closing, match.end())
    end = masked.find(b">", close) + 1
    if close < 0 or not end:
        raise damaged(f'the cell area of the sheet part "{name}" does not end')
    rows = content[match.end() : close]
    return SheetText(
        head=content[: match.start()],
        rows=rows,
        tail=content[end:],
        prefix=prefix,
        opening=match[0],
        scannable=rows if masked is content else masked[match.end() : close],
    )


def mask(content: bytes) -> bytes:
    """Blank out comments, CDATA and instructions, keeping the length; the same object if none."""
    if content.find(b"<!") < 0 and content.find(b"<?", 1) < 0:
        return content
    return _OPAQUE.sub(lambda match: b" " * len(match[0]), content)


def _as_utf8(content: bytes) -> bytes:
    """Re-encode a sheet that is in UTF-16 or an old code page; UTF-8 comes back as it is."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(content[:200])
        encoding = declared[1].decode() if declared else "utf-8"
        if encoding.lower() in ("utf-8", "utf8", "us-ascii", "ascii"):
            return content
    try:
        text = content.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        raise damaged(
            f"a sheet is written in an encoding that cannot be read ({encoding})"
        ) from None
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return _DECLARATION.sub(declaration, text, count=1).encode()


def iterate_rows(sheet: SheetText) -> Iterator[RowText]:
    """Yield the rows in order; a row without a number follows the one before it.

    Raises:
        EditRefused: Rows are out of order.
        NotAWorkbook: A row does not end.
    """
    text, prefix = sheet.scannable, sheet.prefix
    opening, closing = b"<%brow" % prefix, b"</%brow>" % prefix
    opening_length, closing_length = len(opening), len(closing)
    find = text.find
    at = find(opening)
    previous = 0
    while at >= 0:
        inner = find(b">", at) + 1
        tag = text[at:inner]
        if tag[opening_length] not in b" \t\r\n/>":  # another element whose name starts alike
            at = find(opening, inner)
            continue
        match = _R.search(tag)
        number = int(match[2]) if match else previous + 1
        if number <= previous:
            raise _out_of_order(number, previous)
        previous = number
        if tag.endswith(b"/>"):
            yield RowText(number, at, inner, inner, inner)
            at = find(opening, inner)
            continue
        close = find(closing, inner)
        if close < 0:
            raise damaged(f"row {number} of a sheet does not end")
        end = close + closing_length
        yield RowText(number, at, inner, close, end)
        at = find(opening, end)


def refuse_disorder(sheet: SheetText, start: int) -> None:
    """Look at the numbers alone of the rows that begin at or after `start`.

    Raises:
        EditRefused: Rows are out of order.
    """
    found = re.compile(rb'<%brow r="(\d+)"' % re.escape(sheet.prefix))
    numbers = list(map(int, found.findall(sheet.scannable, start)))
    for previous, number in pairwise(numbers):
        if number <= previous:
            raise _out_of_order(number, previous)


def _out_of_order(number: int, previous: int) -> EditRefused:
    return EditRefused(
        f"The sheet lists row {number} after row {previous}, so its rows are out of order.",
        fix="open the workbook in Excel or LibreOffice, save it, and try again.",
    )


def row_numbers_missing(sheet: SheetText) -> bool:
    """Tell whether cells or rows leave out where they stand."""
    if addresses_lead(sheet, b"row") and addresses_lead(sheet, b"c"):
        return False
    bare = re.compile(rb"<%b(?:row|c)(?![^>]*\sr=)[\s/>]" % re.escape(sheet.prefix))
    return bare.search(sheet.scannable) is not None


def addresses_lead(sheet: SheetText, element: bytes) -> bool:
    """Tell whether every `row` or `c` spells its address first, as nearly all programs do."""
    late = re.compile(rb'<%b%b(?! r=")[\s/>]' % (re.escape(sheet.prefix), element))
    return late.search(sheet.scannable) is None


@dataclass(frozen=True, slots=True)
class CellText:
    """One cell element as offsets into `rows`."""

    column: int
    start: int
    tag_end: int
    end: int


def iterate_cells(sheet: SheetText, row: RowText) -> Iterator[CellText]:
    """Yield the cells of a row; a cell without an address follows the one before it."""
    text, prefix = sheet.scannable, sheet.prefix
    opening, closing = b"<%bc" % prefix, b"</%bc>" % prefix
    width = len(opening)
    find = text.find
    at = find(opening, row.inner, row.close)
    previous = 0
    while at >= 0:
        tag_end = find(b">", at) + 1
        if text[at + width] not in b" \t\r\n/>":
            at = find(opening, tag_end, row.close)
            continue
        match = _R.search(text, at, tag_end)
        column = column_number(match[1]) if match else previous + 1
        previous = column
        if text[tag_end - 2 : tag_end - 1] == b"/":
            end = tag_end
        else:
            close = find(closing, tag_end, row.close)
            if close < 0:
                raise damaged(f"a cell in row {row.number} of a sheet does not end")
            end = close + len(closing)
        yield CellText(column, at, tag_end, end)
        at = find(opening, end, row.close)
