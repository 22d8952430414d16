"""One sheet of a grafted workbook in the terms of the book it joins."""

import re
from decimal import Decimal

from tierbook.errors import EditRefused
from tierbook.ooxml import markup
from tierbook.ooxml.sheet_text import split_sheet
from tierbook.ooxml.styles import AdoptedStyles, StyleBook

_CELL = re.compile(
    rb'<c r="([A-Z]+\d+)"(?: s="(\d+)")?( t="s"><v>(\d+)</v>| t="\w+">|>|/>)(?:<v>([^<]*)</v>)?'
)
_ROW_STYLE = re.compile(rb'(<row [^>]*?\ss=")(\d+)(")')
_STRING_ITEM = re.compile(rb"<si(?:/>|>(.*?)</si>)", re.S)
_ARRAY_METADATA = re.compile(rb"<c [^>]*\s[cv]m=")


class SheetTranslation:
    """Translates style numbers, shared strings and dates of sheets of one source."""

    def __init__(
        self,
        *,
        styles: AdoptedStyles | None,
        source_styles: StyleBook | None,
        shared_strings: bytes,
        date_shift: int,
    ) -> None:
        self._styles, self._source_styles = styles, source_styles
        self._strings = [match[1] or b"<t/>" for match in _STRING_ITEM.finditer(shared_strings)]
        self._date_shift = date_shift
        self._spelled: dict[bytes, bytes] = {}

    def translate(self, content: bytes, part: str, *, selected: bool) -> bytes:
        """Return the sheet with the book's style numbers and inline text.

        Raises:
            EditRefused: The sheet uses dynamic arrays or pictures in cells.
        """
        text = split_sheet(content, part)
        if _ARRAY_METADATA.search(text.rows):
            raise EditRefused(
                "A summary tab uses dynamic arrays, which cannot be brought into a workbook.",
                fix="report this; the workbook itself is fine.",
            )
        frame = markup.parse(text.frame(), part)
        for column in frame.iter("{*}col"):
            if column.get("style") is not None:
                column.set("style", self._format(column.get("style") or "0"))
        for rule in frame.iter("{*}cfRule", "{*}filterColumn", "{*}colorFilter"):
            if rule.get("dxfId") is not None and self._styles is not None:
                rule.set("dxfId", self._styles.differential_format(rule.get("dxfId") or "0"))
        for view in frame.iter("{*}sheetView"):
            markup.drop(view, "tabSelected")
            if selected:
                view.set("tabSelected", "1")
        shell = split_sheet(markup.serialize(frame), part)
        rows = _ROW_STYLE.sub(
            lambda match: match[1] + self._format(match[2].decode()).encode() + match[3], text.rows
        )
        rows = _CELL.sub(self._cell, rows)
        return b"".join((shell.head, text.opening, rows, b"</sheetData>", shell.tail))

    def _format(self, index: str) -> str:
        return index if self._styles is None else self._styles.cell_format(index)

    def _style(self, index: bytes | None) -> bytes:
        """Spell a cell's style; one without keeps the source's default look, not the book's."""
        key = index or b"0"
        known = self._spelled.get(key)
        if known is None:
            number = self._format(key.decode())
            known = b"" if number == "0" else b' s="%b"' % number.encode()
            self._spelled[key] = known
        return known

    def _cell(self, match: "re.Match[bytes]") -> bytes:
        place, index, rest, string, value = match.groups()
        start = b'<c r="%b"%b' % (place, self._style(index))
        if string is not None:
            return b'%b t="inlineStr"><is>%b</is>' % (start, self._strings[int(string)])
        if value is None:
            return start + rest
        if self._date_shift and rest == b">" and self._shows_date(index):
            value = format(Decimal(value.decode()) + self._date_shift, "f").encode()
        return b"%b%b<v>%b</v>" % (start, rest, value)

    def _shows_date(self, index: bytes | None) -> bool:
        return self._source_styles is not None and self._source_styles.shows_date(int(index or 0))
