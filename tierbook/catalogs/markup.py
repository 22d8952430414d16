"""Tables written as markup: web pages named .xls, Excel 2003 XML, and XML product feeds."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree  # feeds with entities of their own are refused before parsing

_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE[^>]*\[)", re.IGNORECASE)
_START = 65_536


def tables_in(content: bytes) -> Iterator[list[list[str]]]:
    """Yield the tables of a marked-up export, nothing where there are none.

    Each is a list of rows of texts, the headings in its first filled row.
    """
    start = content[:_START].lower()
    if b"<?xml" in start[:200] and b"<html" not in start:
        if _ENTITY.search(content):
            return
        try:
            yield from _xml_tables(content, start)
        except ElementTree.ParseError:
            return
    elif b"<table" in content.lower():
        yield from _web_tables(content)


# --------------------------------------------------------------------------- web pages


class _Tables(HTMLParser):
    """Collects the cells of the tables of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[str] | None = None

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - the parser's own signature
    ) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
            self._open = None
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._open = []
            self.tables[-1][-1].append("")
        elif tag == "br" and self._open is not None:
            self._open.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)
            self.tables[-1][-1][-1] = "".join(self._open).strip()


def _web_tables(content: bytes) -> Iterator[list[list[str]]]:
    from tierbook.workbook.encodings import encoding_of

    said = re.search(rb"charset=[\"']?([\w-]+)", content[:_START], re.IGNORECASE)
    guessed, bom, _ = encoding_of(content)
    encoding = said[1].decode("ascii") if said and not bom else guessed
    try:
        text = content[len(bom) :].decode(encoding, "replace")
    except LookupError:
        text = content[len(bom) :].decode(guessed, "replace")
    page = _Tables()
    page.feed(text)
    page.close()
    yield from (rows for rows in page.tables if any(rows))


# --------------------------------------------------------------------------- XML


def _xml_tables(content: bytes, start: bytes) -> Iterator[list[list[str]]]:
    root = ElementTree.parse(io.BytesIO(content)).getroot()  # noqa: S314 - no entities, see above
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        for table in root.iter(f"{_SPREADSHEET}Table"):
            yield [_spreadsheet_row(row) for row in table.iter(f"{_SPREADSHEET}Row")]
    else:
        entries = [one for one in root.iter() if _name(one) in ("item", "entry")]
        if entries:
            yield _feed_rows(entries)


def _spreadsheet_row(row: ElementTree.Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_SPREADSHEET}Cell"):
        place = cell.get(f"{_SPREADSHEET}Index", "")
        if place.isdecimal():  # cells left out in front
            cells += [""] * min(int(place) - 1 - len(cells), 16_384)
        cells.append("".join(cell.itertext()).strip())
    return cells


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _feed_rows(entries: list[ElementTree.Element]) -> list[list[str]]:
    """Lay the entries of a feed out as rows; what an entry says several times is a list."""
    said: list[dict[str, str]] = []
    for entry in entries:
        cells: dict[str, str] = {}
        for element in entry:
            text = (element.text or element.get("href") or "").strip()
            if text and not len(element):
                name = _name(element)
                cells[name] = f"{cells[name]},{text}" if name in cells else text
        said.append(cells)
    headings = list(dict.fromkeys(name for cells in said for name in cells))
    return [headings, *([cells.get(name, "") for name in headings] for cells in said)]
