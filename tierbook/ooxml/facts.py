"""What a workbook holds besides values: tabs, names, protection, and facts of single sheets."""

from collections.abc import Callable
from functools import cached_property

from tierbook.errors import EditRefused
from tierbook.ooxml.book import DefinedName, SheetEntry, open_book
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.package import Package
from tierbook.ooxml.sheet_facts import SheetFacts
from tierbook.ooxml.signing import is_signed
from tierbook.ooxml.styles import StyleBook


def inspect(content: bytes) -> "PackageFacts":
    """Look at a workbook without reading its values.

    Args:
        content: The bytes of a file, whatever its name.

    Raises:
        NotAWorkbook: It is another kind of file, is damaged, has a password, could exhaust the
            computer, or declares a document type. The message says how to save it instead.
    """
    package = Package(content)
    package.refuse_doctypes()
    return PackageFacts(package)


class PackageFacts:
    """Facts of one workbook; those of a sheet are read when asked for.

    Attributes:
        sheets: The tabs in order: name, state (`visible`, `hidden`, `veryHidden`), part, kind
            (`worksheet`, `chartsheet`, ...).
        names: Defined names.
        date1904: Whether serial dates count from 1904.
        strict: Whether the package is Strict OOXML.
        signed: Whether it is digitally signed.
        macro: Whether it holds macros.
        structure_protected: Whether Excel forbids adding or removing tabs.
    """

    def __init__(self, package: Package) -> None:
        self._draft = Draft(package)
        self._book = open_book(self._draft)
        self.sheets: tuple[SheetEntry, ...] = self._book.sheets()
        self.names: tuple[DefinedName, ...] = self._book.names()
        self.date1904: bool = self._book.date1904
        self.strict: bool = self._book.strict
        self.signed: bool = is_signed(self._draft.rels(""))
        self.macro: bool = self._book.rels.first("vbaProject") is not None
        self.structure_protected: bool = self._book.structure_protected
        self._known: dict[str, SheetFacts] = {}

    @cached_property
    def _number_format(self) -> Callable[[int], str]:
        found = self._book.rels.first("styles")
        if found is None or found.target not in self._draft:
            return lambda _index: "General"
        return StyleBook(self._draft.read(found.target), found.target).number_format

    def sheet(self, name: str) -> SheetFacts:
        """Return the facts of a worksheet.

        Raises:
            EditRefused: There is no such tab, or it holds no cells.
            NotAWorkbook: Its part is missing or damaged.
        """
        entry = self._book.sheet(name)
        if entry.part not in self._known:
            if entry.part not in self._draft:
                raise EditRefused(
                    f'The tab "{name}" has lost its cells (a part is missing).',
                    fix='in Excel, choose File > Open and "Open and Repair", then save.',
                )
            self._known[entry.part] = SheetFacts(
                self._draft, entry, lambda index: self._number_format(index)
            )
        return self._known[entry.part]
