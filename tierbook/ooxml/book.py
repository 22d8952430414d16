"""The workbook part: its sheets in order, defined names, and how it wants to be calculated."""

from collections.abc import Callable
from dataclasses import dataclass

from tierbook.errors import EditRefused
from tierbook.ooxml import markup
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.kinds import damaged
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.namespaces import (
    OFFICE_RELATIONSHIPS,
    STRICT_MAIN,
    STRICT_OFFICE_RELATIONSHIPS,
)
from tierbook.ooxml.relationships import Relationships

STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One tab as the workbook part lists it; `part` is "" where the target is missing."""

    name: str
    part: str
    state: str
    rel_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name of the workbook; `scope` is the tab it belongs to, "" for the whole workbook."""

    name: str
    scope: str
    formula: str
    hidden: bool


def workbook_part(root_rels: Relationships) -> str:
    """Find the workbook part, wherever it lies.

    Raises:
        NotAWorkbook: The package has none.
    """
    main = root_rels.first("officeDocument")
    if main is None:
        raise damaged("it does not say where its workbook is")
    return main.target


class Book:
    """The workbook part, open for change."""

    def __init__(self, content: bytes, part: str, rels: Relationships) -> None:
        self.part, self.rels = part, rels
        self.root = markup.parse(content, part)
        if markup.local(self.root) != "workbook":
            raise damaged(f'the part "{part}" is not a workbook')
        self._before, self._spelled = content, markup.serialize(self.root)
        self.space = markup.namespace(self.root)
        self.strict = self.space == STRICT_MAIN
        self.relationship_space = (
            STRICT_OFFICE_RELATIONSHIPS if self.strict else OFFICE_RELATIONSHIPS
        )

    def content(self) -> bytes:
        """Return the part; the very bytes it came in if nothing changed."""
        spelled = markup.serialize(self.root)
        return self._before if spelled == self._spelled else spelled

    # ----------------------------------------------------------------- sheets

    def _sheet_elements(self) -> list[Tree]:
        listed = markup.child(self.root, "sheets")
        return [] if listed is None else markup.children(listed, "sheet")

    def sheets(self) -> tuple[SheetEntry, ...]:
        """List the tabs in order."""
        targets = {one.id: one for one in self.rels}
        entries: list[SheetEntry] = []
        for element in self._sheet_elements():
            rel_id = element.get(f"{{{self.relationship_space}}}id") or ""
            target = targets.get(rel_id)
            entries.append(
                SheetEntry(
                    name=element.get("name") or "",
                    part=target.target if target and not target.external else "",
                    state=element.get("state") or "visible",
                    rel_id=rel_id,
                    kind=target.kind if target else "",
                )
            )
        return tuple(entries)

    def sheet(self, name: str) -> SheetEntry:
        """Find a tab by name, without regard to case as Excel does.

        Raises:
            EditRefused: There is none, or it is no worksheet.
        """
        for entry in self.sheets():
            if entry.name.casefold() == name.casefold():
                if not entry.part:
                    raise EditRefused(
                        f'The part that holds the tab "{name}" is missing from the file.',
                        fix="open the workbook in Excel or LibreOffice, save it, and try again.",
                    )
                if entry.kind != "worksheet":
                    raise EditRefused(
                        f'The tab "{name}" is not a worksheet (a chart or dialog sheet).',
                        fix="choose a tab that holds cells.",
                    )
                return entry
        raise EditRefused(
            f'The workbook has no tab "{name}".', fix="check the tab's name and try again."
        )

    def add_sheet(self, name: str, rel_id: str, position: int | None) -> None:
        """List a tab at a 0-based position, None for the end."""
        elements = self._sheet_elements()
        numbers = [int(one.get("sheetId") or 0) for one in elements]
        listed = markup.child(self.root, "sheets")
        assert listed is not None  # noqa: S101 - a workbook without sheets does not open
        element = listed.makeelement(
            f"{{{markup.namespace(self.root)}}}sheet",
            {"name": name, "sheetId": str(max(numbers, default=0) + 1)},
            # Declared, or a prefix would be made up that differs from run to run.
            nsmap={"r": self.relationship_space},
        )
        if position is None or position >= len(elements):
            position = len(elements)
            listed.append(element)
        else:
            elements[position].addprevious(element)
        element.set(f"{{{self.relationship_space}}}id", rel_id)
        self._shift(lambda index: index if index < position else index + 1)

    def set_state(self, name: str, state: str) -> None:
        """Hide a tab, or make it very hidden."""
        for element in self._sheet_elements():
            if element.get("name") == name:
                element.set("state", state)

    def remove_sheet(self, name: str) -> int:
        """Take a tab out of the list with its names, and return where it stood."""
        elements = self._sheet_elements()
        position = [one.get("name") for one in elements].index(name)
        listed = markup.child(self.root, "sheets")
        assert listed is not None  # noqa: S101 - its elements were just found
        listed.remove(elements[position])

        def move(index: int) -> int | None:
            return None if index == position else index - int(index > position)

        self._shift(move)
        return position

    def _shift(self, move: Callable[[int], int | None]) -> None:
        """Renumber everything that counts tabs: local names, the active and first tab, views."""
        self._shift_names(move)
        views = markup.child(self.root, "bookViews")
        for view in () if views is None else markup.elements(views):
            for attribute in ("activeTab", "firstSheet"):
                old = view.get(attribute)
                if old:
                    view.set(attribute, str(move(int(old)) or 0))

    def _shift_names(self, move: Callable[[int], int | None]) -> None:
        names = markup.child(self.root, "definedNames")
        if names is None:
            return
        for one in markup.children(names, "definedName"):
            scope = one.get("localSheetId")
            if scope is None:
                continue
            moved = move(int(scope))
            if moved is None:
                names.remove(one)
            else:
                one.set("localSheetId", str(moved))
        if not len(names):
            self.root.remove(names)

    def active_position(self) -> int:
        """Return the 0-based position of the tab that opens first."""
        views = markup.child(self.root, "bookViews")
        view = None if views is None else markup.child(views, "workbookView")
        return int(view.get("activeTab") or 0) if view is not None else 0

    def show_first(self, position: int) -> None:
        """Make the tab at a 0-based position the one that opens."""
        views = markup.child(self.root, "bookViews")
        if views is None:
            views = markup.insert_ordered(self.root, "bookViews", markup.WORKBOOK_ORDER)
            markup.append(views, "workbookView")
        for view in markup.children(views, "workbookView"):
            if int(view.get("activeTab") or 0) != position:
                view.set("activeTab", str(position))
            if int(view.get("firstSheet") or 0) > position:
                view.set("firstSheet", str(position))

    # ----------------------------------------------------------------- names

    def names(self) -> tuple[DefinedName, ...]:
        """List the defined names."""
        listed = markup.child(self.root, "definedNames")
        tabs = [one.get("name") or "" for one in self._sheet_elements()]
        found: list[DefinedName] = []
        for one in () if listed is None else markup.children(listed, "definedName"):
            scope = one.get("localSheetId")
            tab = tabs[int(scope)] if scope and int(scope) < len(tabs) else ""
            found.append(
                DefinedName(
                    one.get("name") or "", tab, one.text or "", markup.is_true(one.get("hidden"))
                )
            )
        return tuple(found)

    def set_name(
        self, name: str, formula: str | None, *, hidden: bool, scope: int | None = None
    ) -> None:
        """Set a defined name, or delete it when `formula` is None."""
        listed = markup.child(self.root, "definedNames")
        if listed is None:
            if formula is None:
                return
            listed = markup.insert_ordered(self.root, "definedNames", markup.WORKBOOK_ORDER)
        local = None if scope is None else str(scope)
        found = [
            one
            for one in markup.children(listed, "definedName")
            if (one.get("name") or "").casefold() == name.casefold()
            and one.get("localSheetId") == local
        ]
        if formula is None:
            for one in found:
                listed.remove(one)
            if not len(listed):
                self.root.remove(listed)
            return
        element = found[0] if found else markup.append(listed, "definedName", name=name)
        if element.text != formula:
            element.text = formula
        if local is not None:
            element.set("localSheetId", local)
        if hidden:
            element.set("hidden", "1")

    # ----------------------------------------------------------------- properties

    @property
    def date1904(self) -> bool:
        """Whether serial dates count from 1904."""
        properties = markup.child(self.root, "workbookPr")
        return properties is not None and markup.is_true(properties.get("date1904"))

    @property
    def structure_protected(self) -> bool:
        """Whether tabs may not be added, moved or removed in Excel."""
        protection = markup.child(self.root, "workbookProtection")
        return protection is not None and markup.is_true(protection.get("lockStructure"))

    def recalculate_on_opening(self) -> None:
        """Ask Excel to compute every formula when it opens the workbook."""
        settings = markup.child(self.root, "calcPr")
        if settings is None:
            settings = markup.insert_ordered(self.root, "calcPr", markup.WORKBOOK_ORDER)
        settings.set("fullCalcOnLoad", "1")


def open_book(draft: Draft) -> Book:
    """Open the workbook part of a package for change."""
    part = draft.spelled(workbook_part(draft.rels("")))
    if part not in draft:
        raise damaged(f'the part "{part}" is missing')
    return Book(draft.read(part), part, draft.rels(part))
