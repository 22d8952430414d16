"""Carrying out a whole plan on a workbook, and proving the result before it is handed out."""

from collections.abc import Sequence
from functools import cache

from tierbook.errors import EditRefused
from tierbook.ooxml.book import STYLES_TYPE, Book, open_book
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.graft import TabGraft
from tierbook.ooxml.package import Package
from tierbook.ooxml.plan import Edited, EditPlan
from tierbook.ooxml.proof import TouchedSheet, prove
from tierbook.ooxml.properties import correct_titles
from tierbook.ooxml.recalculation import drop_calculation_chain, has_formulas
from tierbook.ooxml.removal import remove_tab
from tierbook.ooxml.selection import select_tab
from tierbook.ooxml.shared_strings import texts_of
from tierbook.ooxml.sheet_edit import SheetChange, edit_sheet
from tierbook.ooxml.signing import is_signed
from tierbook.ooxml.styles import EMPTY_STYLES, StyleBook


def edit(content: bytes, plan: EditPlan) -> Edited:
    """Carry out a plan on the bytes of a workbook and prove that nothing else changed.

    Args:
        content: An .xlsx or .xlsm file.
        plan: What to change.

    Returns:
        The new bytes, what was compared, and notes on what was left as it was. The same content
        and plan give the same bytes.

    Raises:
        NotAWorkbook: The content is no workbook, is damaged, or has a password.
        EditRefused: The edit would lose or break something of the seller's.
    """
    package = Package(content)
    package.refuse_doctypes()
    draft = Draft(package)
    if is_signed(draft.rels("")):
        raise EditRefused(
            "The workbook is digitally signed, and any change would break the signature.",
            fix="in Excel: File > Info > View Signatures, remove it, and save; or use a copy.",
        )
    book = open_book(draft)
    change = _Change(draft, book)
    change.sheets(plan)
    change.names(plan)
    change.tabs(plan)
    change.recalculation(plan)
    change.finish()
    new, touched = draft.finish()
    sheets = change.proof_sheets(package, touched)
    proof = prove(
        package,
        new,
        touched,
        sheets,
        removed_tabs=plan.remove_tabs,
        taken_out=draft.taken_out,
        names=change.free_names,
    )
    return Edited(new, proof, tuple(change.notes))


class _Change:
    """The steps of one edit, sharing the book and its styles."""

    def __init__(self, draft: Draft, book: Book) -> None:
        self._draft, self._book = draft, book
        self._styles: StyleBook | None = None
        self._styles_part = ""
        self.done: list[SheetChange] = []
        self.notes: list[str] = []
        self.free_names: set[str] = set()
        self._brought: set[str] = set()

    def _style_book(self) -> StyleBook:
        if self._styles is None:
            found = self._book.rels.first("styles")
            if found is None or found.target not in self._draft:
                self._styles_part, content = self._make_styles()
            else:
                self._styles_part = self._draft.spelled(found.target)
                content = self._draft.read(self._styles_part)
            self._styles = StyleBook(content, self._styles_part)
        return self._styles

    def _make_styles(self) -> tuple[str, bytes]:
        """Give a workbook without any look a styles part of the plainest kind."""
        folder = self._book.part.rpartition("/")[0]
        part = f"{folder}/styles.xml".lstrip("/")
        content = EMPTY_STYLES % self._book.space.encode()
        self._draft.write(part, content)
        self._draft.types.set(part, STYLES_TYPE)
        self._book.rels.add(f"{self._book.relationship_space}/styles", part)
        return part, content

    def sheets(self, plan: EditPlan) -> None:
        """Edit the cells of existing sheets."""

        @cache
        def shared_strings() -> Sequence[str]:
            found = self._book.rels.first("sharedStrings")
            return texts_of(self._draft.read(found.target)) if found else ()

        for one in plan.sheets:
            done = edit_sheet(self._draft, self._book, self._style_book(), one, shared_strings)
            self.done.append(done)
            self.notes += done.notes

    def tabs(self, plan: EditPlan) -> None:
        """Take tabs out and bring others in, keeping everyone's place."""
        book = self._book
        wanted = plan.graft.tabs if plan.graft else ()
        if not plan.remove_tabs and not wanted and plan.active_tab is None:
            return
        if (plan.remove_tabs or wanted) and book.structure_protected:
            # The lock binds Excel's menus, not the file; the seller asked for these tabs.
            self.notes.append(
                "The workbook's structure is protected: to move or delete the added tabs, switch "
                "it off under Review > Protect Workbook."
            )
        before = [one.name for one in book.sheets()]
        active = before[book.active_position()] if before else ""
        if plan.remove_tabs or wanted:
            # First, or its freed relationship id would go to another tab on the next edit.
            drop_calculation_chain(self._draft, book)
        for name in plan.remove_tabs:
            remove_tab(self._draft, book, name)
        if plan.graft:
            self._bring(plan, before, active)
        after = tuple(one.name for one in book.sheets())
        if plan.remove_tabs or wanted:
            correct_titles(self._draft, tuple(before), after)
        show = plan.active_tab or active
        if show in after:
            select_tab(self._draft, book, show, moving=plan.active_tab is not None)

    def _bring(self, plan: EditPlan, before: Sequence[str], active: str) -> None:
        assert plan.graft is not None  # noqa: S101 - the caller looked
        graft = TabGraft(self._draft, self._book, self._style_book(), plan.graft)
        places = {name.casefold(): place for place, name in enumerate(before)}
        for name in plan.graft.tabs:
            place = places.get(name.casefold())
            position = None
            if place is not None:
                earlier = {one.casefold() for one in before[:place]}
                position = sum(one.name.casefold() in earlier for one in self._book.sheets())
            self._brought.add(graft.bring(name, position, selected=name == active))
        self.free_names.update(graft.carry_global_names((*plan.remove_tabs, *plan.graft.tabs)))

    def names(self, plan: EditPlan) -> None:
        """Set or delete the hidden names of the plan."""
        self.free_names.update(plan.names)
        for name, formula in sorted(plan.names.items()):
            self._book.set_name(name, formula, hidden=True)

    def recalculation(self, plan: EditPlan) -> None:
        """Ask Excel to recalculate where formulas could depend on what was written."""
        wanted = plan.recalculate
        if wanted is None:
            wanted = any(one.overwritten for one in self.done) and has_formulas(
                self._draft, self._book
            )
        if wanted:
            self._book.recalculate_on_opening()

    def proof_sheets(self, package: Package, touched: frozenset[str]) -> list[TouchedSheet]:
        """List the sheets of the seller's that may differ, and in which cells."""
        cells = {one.part: one.cells for one in self.done}
        return [
            TouchedSheet(part, cells.get(part, {}))
            for entry in self._book.sheets()
            if (part := self._draft.spelled(entry.part)) in touched
            and part in package
            and part not in self._brought
            and entry.kind == "worksheet"
        ]

    def finish(self) -> None:
        """Write the workbook part and the styles where they changed."""
        if self._styles is not None:
            self._settle(self._styles_part, self._styles.content())
        self._settle(self._book.part, self._book.content())

    def _settle(self, part: str, content: bytes) -> None:
        if content != self._draft.read(part):
            self._draft.write(part, content)
