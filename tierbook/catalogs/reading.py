"""Read exports into one catalog: recognise, group, read the cells, count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from tierbook.catalogs.catalog import Catalog, Item
from tierbook.catalogs.columns import Columns
from tierbook.catalogs.complaints import Complaints
from tierbook.catalogs.format import FIELDS, Field
from tierbook.catalogs.interpreting import Grouped
from tierbook.catalogs.items import Found, ItemMaker
from tierbook.catalogs.joining import joined
from tierbook.catalogs.recognising import Recognised, recognise
from tierbook.catalogs.rows import product_rows
from tierbook.catalogs.tables import sheets_of
from tierbook.errors import NothingToRoute, UsageError
from tierbook.workbook.currencies import candidates
from tierbook.workbook.words import sku_key

# What every picture is asked for by, or made from; the rest is good to have.
_WANTED: Final[tuple[tuple[Field, str], ...]] = (
    ("sku", "each product goes by its row key instead"),
    ("name", "prompts will have no product name"),
    ("price", "the scorecard will not know the price"),
)
_MOST_HEADINGS: Final = 12
# A shop may be closed for a rebuild: these reasons do not count when they hit every product.
_ALL_MAY_HAVE: Final = frozenset(
    {
        "draft products",
        "unpublished products",
        "hidden products",
        "private products",
        "disabled products",
        "inactive products",
        "inactive variants",
        "inactive listings",
    }
)


def read(paths: Sequence[Path]) -> Catalog:
    """Read one or more exports of a shop; what wrote them is told by their headings.

    Several files are read as one: parts of an export, a file of combinations, or a table of
    facts by SKU (such as sales) beside an export.

    Raises:
        UsageError: There is no such file, or none was named.
        NotAWorkbook: A file is of another kind, damaged, or has a password.
        NothingToRoute: A file has no headings that name products.
    """
    if not paths:
        raise UsageError("No export was named.", fix="pass the file your shop exported.")
    passed_over: list[str] = []
    tables = [table for path in paths for table in _tables(path, passed_over)]
    # What only adds to products comes after them, whatever the order of the files.
    tables.sort(key=lambda table: (bool(table.format.extends), not table.format.signature))
    return _catalog(tables, passed_over)


def _tables(path: Path, passed_over: list[str]) -> list[Recognised]:
    """Recognise each file of a path: itself, or those of an archive that hold products."""
    files = groupby(sheets_of(path), key=lambda sheet: sheet.file)
    found: list[Recognised] = []
    refused: NothingToRoute | None = None
    for name, sheets in files:
        try:
            found.append(recognise(sheets))
        except NothingToRoute as error:
            refused = error
            passed_over.append(f"{path.name}: {name} holds no products, so it was passed over.")
    if refused and not found:
        raise refused
    return found


def _catalog(tables: Sequence[Recognised], passed_over: Sequence[str]) -> Catalog:
    complaints = Complaints()
    # A plain table beside an export tells of its products; it has none of its own.
    facts = {table.sheet.file for table in tables[1:] if not table.format.signature}
    facts -= {tables[0].sheet.file}
    exports = [Columns(table, product_rows(table)) for table in tables]
    grouped = Grouped(exports)
    skipped = Counter(grouped.skipped)
    maker = ItemMaker(complaints, skipped)
    found = [one for product in grouped.products.values() for one in maker.items(product)]
    notes = [*passed_over, *(table.sheet.note for table in tables if table.sheet.note)]
    items = _kept(found, skipped, notes)
    _say_of_skus([one.item for one in found if one.item.file not in facts], complaints)
    _say_of_barcodes(exports, complaints)
    _say_of_currencies(maker, complaints)
    for export in exports:
        if export.table.sheet.file not in facts:
            _say_what_is_missing(export, complaints, notes)
    lists = any(export.format.sku_list for export in exports)
    return joined(
        Catalog(
            format=tables[0].format.name,
            products=len(grouped.products),
            variants=len(found) if lists else grouped.variants,
            items=tuple(items),
            skipped=dict(sorted((+skipped).items())),
            problems=complaints.all(),
            notes=tuple(notes),
            taken=_taken(tables),
        ),
        frozenset(facts),
    )


def _kept(found: Sequence[Found], skipped: Counter[str], notes: list[str]) -> list[Item]:
    """Keep what is on sale; where nothing is, keep all of it and say so."""
    kept = [one.item for one in found if not one.left_out]
    reasons = {one.left_out for one in found}
    if kept or not found or not reasons <= _ALL_MAY_HAVE:
        return kept
    for reason in reasons:
        del skipped[reason]
    notes.append(
        f"No product is on sale in the shop ({', '.join(sorted(reasons))}), so all were taken."
    )
    return [one.item for one in found]


def _taken(tables: Sequence[Recognised]) -> Mapping[str, str]:
    taken: dict[str, str] = {}
    for table in tables:
        for what, where in table.taken().items():
            taken.setdefault(what, where)
    return taken


# --------------------------------------------------------------------------- what to know


def _say_of_skus(items: Sequence[Item], complaints: Complaints) -> None:
    blank = sum(not item.sku for item in items)
    if blank:
        complaints.say(
            "no-sku",
            f"{blank:,} of {len(items):,} variants have no SKU; their row key (product and "
            "options) stands in for it.",
            "nothing to do, or give them SKUs in the shop and export again before you go on.",
        )
    keys = [sku_key(item.sku) for item in items if item.sku]
    twice = len(keys) - len(set(keys))
    if twice:
        seen: set[str] = set()
        again = next(
            i for i in items if i.sku and (sku_key(i.sku) in seen or seen.add(sku_key(i.sku)))
        )
        complaints.say(
            "sku-twice",
            f"{twice:,} {'variant bears' if twice == 1 else 'variants bear'} a SKU that an "
            "earlier one has, the first in row "
            f"{again.line} of {again.file} (SKU {again.sku}); their row key stands in for it.",
            "give each variant a SKU of its own in the shop.",
        )


def _say_of_barcodes(exports: Sequence[Columns], complaints: Complaints) -> None:
    for export in exports:
        ruined = export.ruined_barcodes()
        if ruined:
            first = export.cell("gtin", ruined[0])
            complaints.say(
                "gtin-changed",
                f"{export.table.sheet.file}, {first.a1}: barcodes were turned into numbers and "
                f"lost digits ({len(ruined):,} in this column); they were not used.",
                "format the column as Text before opening the file in a spreadsheet program, or "
                "export it again.",
            )


def _say_of_currencies(maker: ItemMaker, complaints: Complaints) -> None:
    for (file, sign), count in maker.unclear.items():
        complaints.say(
            "currency-unclear",
            f'{file}: prices are marked "{sign}" ({count:,} of them), which can be '
            f"{' or '.join(candidates(sign))}; the column Currency was left empty.",
            "type the currency in the column Currency of the tab Products; imports leave it.",
        )


def _say_what_is_missing(export: Columns, complaints: Complaints, notes: list[str]) -> None:
    """Say what a partial file leaves open, and which columns a table was read by."""
    table = export.table
    where = f'{table.sheet.file}, tab "{table.sheet.tab}"' if table.sheet.tab else table.sheet.file
    if not export.count:
        complaints.say(
            "no-products",
            f"{where} has {len(table.headings)} {table.format.name} headings in row "
            f"{table.header_row} but no products under them.",
            "export again with products chosen, or fill in the template first.",
            severe=True,
        )
    if not table.format.extends:
        for field, effect in _WANTED:
            if not table.fields.get(field):
                notes.append(f"{where} has no column for {FIELDS[field]}: {effect}.")
        if not table.images:
            notes.append(f"{where} has no column of pictures: no row has a source image.")
    if not table.format.signature:
        taken = "; ".join(f"{what} from {where}" for what, where in table.taken().items())
        alone = ", ".join(table.left_alone()[:_MOST_HEADINGS])
        rest = f" Not used: {alone}." if alone else ""
        notes.append(f"{where} was read as a list of products: {taken}.{rest}")
