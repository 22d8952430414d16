"""Bringing in tabs of a workbook authored by XlsxWriter, with drawings, charts, notes and tables.

The grafted sheets get unused part names, looks appended to the book's own, and their text inline,
so that no part the seller's tabs use has to change.
"""

import posixpath
import re
from collections.abc import Mapping, Sequence

from tierbook.errors import EditRefused
from tierbook.ooxml import markup
from tierbook.ooxml.book import Book, workbook_part
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.grafted_sheet import SheetTranslation
from tierbook.ooxml.namespaces import (
    OFFICE_RELATIONSHIPS,
    STRICT_OFFICE_RELATIONSHIPS,
    TO_STRICT,
)
from tierbook.ooxml.package import Package
from tierbook.ooxml.plan import Graft
from tierbook.ooxml.styles import StyleBook

_XML = (".xml", ".vml", ".rels")
_TABLE_TYPE = "spreadsheetml.table+xml"
_TABLE_ID = re.compile(rb'<(?:[\w.-]+:)?table\b[^>]*?\sid="(\d+)"')
_TABLE_NAME = re.compile(rb'<(?:[\w.-]+:)?table\b[^>]*?\sdisplayName="([^"]*)"')


class TabGraft:
    """One graft: translates looks once, then brings in tab after tab."""

    def __init__(self, draft: Draft, book: Book, styles: StyleBook, graft: Graft) -> None:
        self._draft, self._book = draft, book
        self._source = Draft(Package(graft.source))
        part = workbook_part(self._source.rels(""))
        self._origin = Book(self._source.read(part), part, self._source.rels(part))
        self._root = posixpath.dirname(book.part)
        self._tables = _TableNames(draft, book)
        theirs = self._source_styles()
        self._translation = SheetTranslation(
            styles=None if theirs is None else styles.adopt(theirs),
            source_styles=theirs,
            shared_strings=self._shared_strings(),
            date_shift=_date_shift(self._origin.date1904, book.date1904),
        )

    def _source_styles(self) -> StyleBook | None:
        found = self._origin.rels.first("styles")
        return StyleBook(self._source.read(found.target), found.target) if found else None

    def _shared_strings(self) -> bytes:
        found = self._origin.rels.first("sharedStrings")
        return self._source.read(found.target) if found else b""

    def bring(self, name: str, position: int | None, *, selected: bool) -> str:
        """Bring in one tab at a 0-based position, None for the end; returns its part name.

        Raises:
            EditRefused: The book has a tab of this name, or a defined name the tab needs is the
                seller's.
        """
        if any(one.name.casefold() == name.casefold() for one in self._book.sheets()):
            raise EditRefused(
                f'The workbook already has a tab "{name}".', fix="rename that tab and run again."
            )
        entry = self._origin.sheet(name)
        part = self._draft.unused(posixpath.join(self._root, "worksheets", "sheet{}.xml"))
        content = self._translation.translate(
            self._source.read(entry.part), entry.part, selected=selected
        )
        self._add(part, content, self._source.types.of(entry.part))
        self._copy_relationships(entry.part, part)
        space = self._book.relationship_space
        rel_id = self._book.rels.add(f"{space}/worksheet", part)
        self._book.add_sheet(entry.name, rel_id, position)
        if entry.state != "visible":
            self._book.set_state(entry.name, entry.state)
        self._carry_local_names(entry.name)
        return part

    # ----------------------------------------------------------------- parts

    def _add(self, part: str, content: bytes, content_type: str) -> None:
        if self._book.strict and part.lower().endswith(_XML):
            content = _as_strict(content)
        self._draft.write(part, content)
        self._draft.types.set(part, content_type)

    def _copy_relationships(self, source: str, part: str) -> None:
        """Copy what a part points at, keeping the ids its XML uses."""
        copied = self._draft.rels(part)
        for one in self._source.rels(source):
            kind = one.type
            if self._book.strict:
                kind = kind.replace(OFFICE_RELATIONSHIPS, STRICT_OFFICE_RELATIONSHIPS)
            target = one.target if one.external else self._copy_part(one.target)
            copied.put(one.id, kind, target, external=one.external)

    def _copy_part(self, source: str) -> str:
        stem, extension = posixpath.splitext(posixpath.basename(source))
        folder = posixpath.join(self._root, *source.split("/")[1:-1])
        pattern = posixpath.join(folder, stem.rstrip("0123456789") + "{}" + extension)
        part = self._draft.unused(pattern)
        content = self._source.read(source)
        content_type = self._source.types.of(source)
        if content_type.endswith(_TABLE_TYPE):
            content = self._tables.distinct(content, source)
        self._add(part, content, content_type)
        self._copy_relationships(source, part)
        return part

    # ----------------------------------------------------------------- names

    def _carry_local_names(self, tab: str) -> None:
        tabs = [one.name for one in self._book.sheets()]
        for one in self._origin.names():
            if one.scope == tab:
                self._book.set_name(one.name, one.formula, hidden=one.hidden, scope=tabs.index(tab))

    def carry_global_names(self, ours: Sequence[str]) -> list[str]:
        """Define the source's workbook-level names that speak of these tabs, and return them.

        Args:
            ours: Tabs that came or went; an old name that speaks of one of them may be replaced.

        Raises:
            EditRefused: The seller has a name spelled the same that means something else.
        """
        known: Mapping[str, str] = {
            one.name.casefold(): one.formula for one in self._book.names() if not one.scope
        }
        carried = [
            one for one in self._origin.names() if not one.scope and _speaks_of(one.formula, ours)
        ]
        for one in carried:
            old = known.get(one.name.casefold(), one.formula)
            if old != one.formula and not _speaks_of(old, ours):
                raise EditRefused(
                    f'The workbook already uses the name "{one.name}" for {old}.',
                    fix="rename it under Formulas > Name Manager, then run again.",
                )
            self._book.set_name(one.name, one.formula, hidden=one.hidden)
        return [one.name for one in carried]


def _speaks_of(formula: str, tabs: Sequence[str]) -> bool:
    return any(f"{tab}'!" in formula or f"{tab}!" in formula for tab in tabs)


class _TableNames:
    """Gives grafted tables an id and a name that no table of the book has."""

    def __init__(self, draft: Draft, book: Book) -> None:
        self._names = {one.name.casefold() for one in book.names()}
        self._last = 0
        for part in list(draft.parts()):
            if draft.types.of(part).endswith(_TABLE_TYPE):
                start = draft.read(part)
                if match := _TABLE_ID.search(start):
                    self._last = max(self._last, int(match[1]))
                if match := _TABLE_NAME.search(start):
                    self._names.add(match[1].decode().casefold())

    def distinct(self, content: bytes, part: str) -> bytes:
        root = markup.parse(content, part)
        self._last += 1
        root.set("id", str(self._last))
        name = first = root.get("displayName") or f"Table{self._last}"
        number = 2
        while name.casefold() in self._names:
            name = f"{first}_{number}"
            number += 1
        self._names.add(name.casefold())
        root.set("name", name)
        root.set("displayName", name)
        return markup.serialize(root)


def _date_shift(source_1904: bool, target_1904: bool) -> int:
    """Return what to add to a serial of the source for the book's epoch."""
    days_between = 1_462
    return (int(source_1904) - int(target_1904)) * days_between


def _as_strict(content: bytes) -> bytes:
    for transitional, strict in TO_STRICT.items():
        content = content.replace(b'"%b"' % transitional.encode(), b'"%b"' % strict.encode())
    return content
