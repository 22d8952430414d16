"""Put a catalog into a workbook: facts into Products, SKU times placement into Requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tierbook import ooxml
from tierbook.catalogs import asking
from tierbook.catalogs.catalog import Catalog, Item
from tierbook.catalogs.memory import Memory, mark, marks_of, recall
from tierbook.catalogs.product_columns import FACTS, KEY_COLUMN, MEMORY_COLUMN, ProductColumn
from tierbook.catalogs.tab import NewColumn, Tab
from tierbook.contract import CATEGORY, PLACEMENT, PRODUCT_NAME, PRODUCTS, SKU, folded
from tierbook.errors import EditRefused
from tierbook.model import Configuration, Placement
from tierbook.ooxml import EditPlan
from tierbook.workbook.locating import find_header
from tierbook.workbook.marks import VERSION
from tierbook.workbook.reading import Book, ReadOptions
from tierbook.workbook.template_file import template_path
from tierbook.workbook.values import spelled
from tierbook.workbook.words import sku_key

# Facts that stand in Requests too, so that its rows can be read and summed by category.
_IN_REQUESTS: Final = (PRODUCT_NAME, CATEGORY)
_TEMPLATE_FONT: Final = 10.5


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import changed in a workbook.

    Attributes:
        added: Products new to the workbook.
        requests: Requests added.
        updated: Cells of known products brought up to date.
        kept: Cells the export has news of that the seller had typed in; they stay.
        notes: Sentences for the seller.
    """

    added: int
    requests: int
    updated: int
    kept: int
    notes: tuple[str, ...] = ()


def into_workbook(
    catalog: Catalog,
    placements: Sequence[str],
    configuration: Configuration,
    existing: bytes | None = None,
    name: str = "the workbook",
) -> tuple[bytes, ImportCounts]:
    """Fill a workbook with a catalog: a fresh one, or the seller's, which comes back whole.

    Args:
        catalog: What the exports say.
        placements: Names of the placements to ask pictures for; none means the marketplace main
            image.
        configuration: Placements and the hero share.
        existing: An .xlsx to bring up to date. Known products get new facts where the cell still
            holds what the last import wrote, or is blank; new ones are added. What the seller
            typed, and every result, stays.
        name: Its name, for messages.

    Raises:
        UsageError: A placement is not known.
        NothingToRoute: The workbook has no tab of requests.
        EditRefused: The edit would lose something of the seller's, or there is no column for it.
    """
    names = placements or (asking.DEFAULT_PLACEMENT,)
    wanted = asking.resolve(names, configuration)
    content = template_path().read_bytes() if existing is None else with_tab(existing, PRODUCTS)
    filling = _Filling(catalog, wanted, configuration, _opened(content, Path(name)))
    filling.products()
    filling.requests()
    edited = ooxml.edit(content, EditPlan(sheets=filling.edits()))
    notes = filling.notes()
    if not placements:
        notes = (f"No placement was named, so {names[0]} was asked for.", *notes)
    return edited.content, filling.counts((*notes, *edited.notes))


# --------------------------------------------------------------------------- the workbook


def with_tab(content: bytes, tab: str) -> bytes:
    """Return the workbook with a tab of the template, if it has none of that name.

    Raises:
        EditRefused: The workbook cannot take a tab without losing something.
    """
    present = {folded(sheet.name) for sheet in ooxml.inspect(content).sheets}
    if folded(tab) in present:
        return content
    graft = ooxml.Graft(template_path().read_bytes(), (tab,))
    return ooxml.edit(content, EditPlan(graft=graft)).content


def _opened(content: bytes, path: Path) -> tuple[Tab, Tab]:
    """Find the tabs Products and Requests of a workbook."""
    from tierbook.workbook.sheets import read_package

    book = read_package(path, content, ReadOptions())
    return _products_tab(book), _requests_tab(book)


def _font_size(book: Book) -> float | None:
    names = book.facts.names if book.facts else ()
    return _TEMPLATE_FONT if any(one.name == VERSION for one in names) else None


def _requests_tab(book: Book) -> Tab:
    tab = Tab(book.sheet, book.header_row, book.headings, book.rows, _font_size(book))
    for heading, column in book.recognised.items():
        tab.named(heading, column)
    if tab.column(PLACEMENT) is None:
        raise EditRefused(
            f'Tab "{book.sheet}" of {book.path.name} has no column for placements.',
            fix=f'add a column "{PLACEMENT}", or import into a new workbook.',
        )
    return tab


def _products_tab(book: Book) -> Tab:
    found = book.tabs.get(PRODUCTS)
    header = find_header(found.rows) if found else None
    if found is None or header is None or SKU not in header.recognised.columns:
        raise EditRefused(
            f'Tab "{PRODUCTS}" of {book.path.name} has no column {SKU} to tell its rows by.',
            fix=f"add the heading {SKU} to it, or import into a new workbook.",
        )
    rows = found.rows[header.first_data_row - 1 :]
    tab = Tab(found.sheet, header.row, header.headings, rows, _font_size(book))
    for heading, column in header.recognised.columns.items():
        tab.named(heading, column)
    return tab


# --------------------------------------------------------------------------- the filling


class _Filling:
    """One import into one workbook."""

    def __init__(
        self,
        catalog: Catalog,
        wanted: Sequence[Placement],
        configuration: Configuration,
        tabs: tuple[Tab, Tab],
    ) -> None:
        self._items, self._wanted = catalog.items, wanted
        self._products, self._requests = tabs
        share = configuration.settings.hero_share
        self._top = asking.top_sellers(self._items, share)
        self._share = share
        self._row_of = self._known_rows()
        self._skus = asking.workbook_skus(
            self._items,
            {key: self._sku_at(index) for key, index in self._row_of.items()},
        )
        self._named = [(folded(one.name), one.name) for one in wanted]
        heroes = {folded(one.name) for one in wanted if one.group in asking.HERO_GROUPS}
        self._without_heroes = [pair for pair in self._named if pair[0] not in heroes]
        self._old: dict[str, Memory] = {}
        self._facts: dict[str, list[Any]] = {}
        self._marks: dict[str, tuple[str, ...]] = {}
        self._counts = {"added": 0, "requests": 0, "updated": 0, "kept": 0}

    def counts(self, notes: tuple[str, ...]) -> ImportCounts:
        """Return what was changed."""
        return ImportCounts(**self._counts, notes=notes)

    def notes(self) -> tuple[str, ...]:
        """Say what a seller should know of the choices made."""
        kept = self._counts["kept"]
        heroes = asking.hero_note(self._items, self._wanted, self._share, self._top)
        if not kept:
            return heroes
        differ = (
            f"Cells of {PRODUCTS} that you typed in stay, though the shop has news of them "
            f"({kept:,})."
        )
        return (*heroes, differ)

    def edits(self) -> tuple[ooxml.SheetEdit, ...]:
        """Return the planned changes of both tabs."""
        return tuple(e for e in (self._products.edit(), self._requests.edit()) if e.columns)

    # ----------------------------------------------------------------- known rows

    def _sku_at(self, index: int) -> str:
        return spelled(self._products.value(index, SKU) or "").strip()

    def _known_rows(self) -> dict[str, int]:
        """Map row keys to the rows that hold them.

        A row whose key no item bears any more (a renamed handle or option) is known by its SKU.
        """
        tab = self._products
        keys = {item.key for item in self._items}
        by_key: dict[str, int] = {}
        by_sku: dict[str, int] = {}
        for index in tab.indices:
            key = spelled(tab.value(index, KEY_COLUMN.heading) or "")
            if key in keys:
                by_key.setdefault(key, index)
            elif sku := self._sku_at(index):
                by_sku.setdefault(sku_key(sku), index)
        for item in self._items:
            if item.key not in by_key and item.sku:
                index = by_sku.pop(sku_key(item.sku), None)
                if index is not None:
                    by_key[item.key] = index
        return by_key

    # ----------------------------------------------------------------- Products

    def products(self) -> None:
        """Add the products that are new, and bring the facts of the others up to date."""
        tab = self._products
        places = [_place(tab, column) for column in FACTS]
        key_place = _place(tab, KEY_COLUMN)
        for item in self._items:
            values = self._facts[item.key] = [column.value(item) for column in FACTS]
            self._marks[item.key] = marks_of(values)
            index = self._row_of.get(item.key)
            if index is not None:
                self._update(index, places, values, item)
                if spelled(tab.value(index, KEY_COLUMN.heading) or "") != item.key:
                    tab.put(index, key_place, item.key)

    def _update(self, index: int, places: Sequence[int], values: list[Any], item: Item) -> None:
        tab = self._products
        memory = recall(tab.value(index, MEMORY_COLUMN.heading)) or Memory()
        self._old[item.key] = memory
        marks = self._marks[item.key]
        if marks == memory.marks:
            return
        for at, (place, value) in enumerate(zip(places, values, strict=True)):
            if memory.knew(at, marks[at]):
                continue
            there = tab.value(index, FACTS[at].heading)
            if memory.wrote(at, there) or (there is None and not memory.marks):
                tab.put(index, place, value)
                self._counts["updated"] += 1
            elif mark(there) != marks[at]:
                self._counts["kept"] += 1

    def _add_products(self, memories: Mapping[str, str]) -> None:
        """Put the products that are new below the others, and renew every memory."""
        tab = self._products
        memory_place = _place(tab, MEMORY_COLUMN, hidden=True)
        columns = [tab.column(SKU) or 1, *(_place(tab, c) for c in (*FACTS, KEY_COLUMN))]
        new: list[list[Any]] = []
        for item in self._items:
            key = item.key
            if key in self._row_of:
                tab.put(self._row_of[key], memory_place, memories[key])
            else:
                new.append([self._skus[key], *self._facts[key], key, memories[key]])
        tab.append([*columns, memory_place], new)
        self._counts["added"] = len(new)

    # ----------------------------------------------------------------- Requests

    def requests(self) -> None:
        """Add the requests that were never asked for, and note which have been."""
        standing = self._standing()
        nothing = Memory()
        new: list[tuple[str, str, Any, Any]] = []
        memories: dict[str, str] = {}
        name_at, category_at = (_fact_at(heading) for heading in _IN_REQUESTS)
        for item in self._items:
            sku, facts = self._skus[item.key], self._facts[item.key]
            known = standing.get(sku_key(sku), {}) if standing else {}
            old = self._old.get(item.key, nothing)
            asked = set(old.placements)
            for folded_name, placement in self._for(item):
                if folded_name not in known and folded_name not in asked:
                    new.append((sku, placement, facts[name_at], facts[category_at]))
                asked.add(folded_name)
            if known and old.marks != self._marks[item.key]:
                self._refresh(known, old, facts)
            memories[item.key] = Memory(self._marks[item.key], frozenset(asked)).spelled()
        self._add_requests(new)
        self._add_products(memories)

    def _add_requests(self, new: Sequence[tuple[str, str, Any, Any]]) -> None:
        tab = self._requests
        headings = (SKU, PLACEMENT, *_IN_REQUESTS)
        places = [(at, place) for at, h in enumerate(headings) if (place := tab.column(h))]
        rows = [[row[at] for at, _ in places] for row in new]
        tab.append([place for _, place in places], rows)
        self._counts["requests"] = len(new)

    def _standing(self) -> dict[str, dict[str, list[int]]]:
        """Map the SKUs in Requests to the rows of each placement asked for."""
        tab = self._requests
        found: dict[str, dict[str, list[int]]] = {}
        names: dict[Any, str] = {}
        for index in tab.indices:
            sku, placement = tab.value(index, SKU), tab.value(index, PLACEMENT)
            if placement not in names:
                names[placement] = folded(spelled(placement or ""))
            if sku is not None:
                rows = found.setdefault(sku_key(spelled(sku)), {})
                rows.setdefault(names[placement], []).append(index)
        return found

    def _for(self, item: Item) -> Sequence[tuple[str, str]]:
        """Choose the placements of one item: heroes stand for the best sellers, where known."""
        return self._named if not self._top or item.key in self._top else self._without_heroes

    def _refresh(
        self, known: Mapping[str, Sequence[int]], old: Memory, facts: Sequence[Any]
    ) -> None:
        """Bring the facts repeated in Requests up to date where they are the import's own."""
        tab = self._requests
        for heading in _IN_REQUESTS:
            at, place = _fact_at(heading), tab.column(heading)
            if place is None:
                continue
            for index in (index for rows in known.values() for index in rows):
                there = tab.value(index, heading)
                if old.wrote(at, there) and mark(there) != mark(facts[at]):
                    tab.put(index, place, facts[at])


@cache
def _fact_at(heading: str) -> int:
    return next(at for at, column in enumerate(FACTS) if column.heading == heading)


def _place(tab: Tab, column: ProductColumn, *, hidden: bool = False) -> int:
    new = NewColumn(column.heading, column.help, column.width, hidden)
    return tab.ensure(new, number=column.number)
