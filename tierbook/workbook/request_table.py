"""Turn the rows of a book into typed, filled requests, and say what is wrong with any of them.

The order matters: rows that are no requests go first, cells are typed, blanks are filled from
`Products` and then from the placement, and only then are repeats compared.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tierbook import contract, placements
from tierbook.configuration.cells import EPOCH
from tierbook.contract import ACTION, BUDGET_PER_IMAGE, PLACEMENT, SKU, folded
from tierbook.errors import UsageError
from tierbook.model import (
    CellRef,
    Column,
    Configuration,
    Placement,
    Problem,
    RequestTable,
    text_column,
)
from tierbook.workbook import request_rows
from tierbook.workbook.cell_faults import (
    Fault,
    banner_rows,
    merge_faults,
    void_faults,
    void_notices,
)
from tierbook.workbook.currencies import currencies_in
from tierbook.workbook.days import EPOCH_1904
from tierbook.workbook.fields import type_columns
from tierbook.workbook.product_facts import product_facts
from tierbook.workbook.reading import Book
from tierbook.workbook.repeats import find_repeats
from tierbook.workbook.row_problems import RowProblems
from tierbook.workbook.shown_numbers import as_shown
from tierbook.workbook.values import Complaint, by_column, cell_value, is_blank, read_column
from tierbook.workbook.words import meanings, plain, sku_key

# Past this many cells of a seller's own column one warning speaks for all.
_NAMED_CELLS = 10


def requests(book: Book, configuration: Configuration) -> tuple[RequestTable, list[Problem]]:
    """Read the requests of a book as typed columns, blanks filled in.

    Args:
        book: What `read_book` found.
        configuration: Placements, tiers and words the cells are read by.

    Returns:
        The requests in sheet order, rows with an error marked `bad`, and every problem found.

    Raises:
        UsageError: The placement passed for rows without one is not known.
    """
    return _Requests(book, configuration).table()


def _indices(rows: frozenset[int], first: int, count: int) -> frozenset[int]:
    """Turn sheet rows into indices of the rows under the headings."""
    return frozenset(row - first for row in rows if first <= row < first + count)


def _passed_over(sheet: str, skipped: Counter[str]) -> list[Problem]:
    """Say which rows were no requests, where one of them might have been meant as a product."""
    if not set(skipped) - request_rows.EXPECTED:
        return []
    return [
        Problem(
            "rows-passed-over",
            "info",
            f"{request_rows.told(skipped)} passed over.",
            "nothing to do, unless one of them was meant as a product: give it a SKU.",
            CellRef(sheet),
        )
    ]


class _Requests:
    """One reading of one book; each step fills in columns and marks bad rows."""

    def __init__(self, book: Book, configuration: Configuration) -> None:
        self.book, self.configuration = book, configuration
        self.faults = self._faults()
        raw = by_column(book.rows)
        kept = self._kept_rows(raw)
        self.passed_over = _passed_over(book.sheet, kept.skipped)
        self._show_sku_numbers(raw)
        whole = len(kept.indices) == len(book.rows)
        self.raw = (
            raw if whole else {c: [cells[i] for i in kept.indices] for c, cells in raw.items()}
        )
        self.rows = np.asarray(kept.indices, dtype=np.int64) + book.first_data_row
        ours = set(book.output_columns.values())
        headings = {c: text for c, text in book.headings.items() if c not in ours}
        epoch = EPOCH_1904 if book.facts and book.facts.date1904 else EPOCH
        self.typed = type_columns(
            self.raw,
            headings,
            book.recognised,
            configuration,
            epoch,
            typed_by_hand=book.kind != "parquet",
        )
        self.columns = self.typed.columns
        skipped = np.array([a == "skip" for a in self._column(ACTION)], dtype=bool)
        letters = self.typed.letters
        self.problems = RowProblems(book, self.rows, self.columns, letters, skipped)

    def table(self) -> tuple[RequestTable, list[Problem]]:
        """Run the steps in order."""
        self._report_faults()
        self._report_complaints()
        self._require_skus()
        keys = self._sku_keys()
        self._fill_from_products(keys)
        self._resolve_placements()
        self._report_repeats(keys)
        columns = {heading: text_column(cells) for heading, cells in self.columns.items()}
        outputs: dict[str, Column] = {
            heading: text_column(read_column(self.raw[column], cell_value)[0])
            for heading, column in self.book.output_columns.items()
            if column in self.raw
        }
        letters = {h: c for h, c in self.typed.letters.items() if h in columns}
        table = RequestTable(
            self.book.sheet, self.rows, columns, letters, self.problems.bad, outputs
        )
        return table, [*self.passed_over, *self.problems.found]

    # ------------------------------------------------------------------- rows

    def _faults(self) -> list[Fault]:
        """Find cells of columns that matter which hold no value of their own."""
        book = self.book
        if not book.voids and not book.merges:
            return []
        matter = self._columns_that_matter()
        merged = merge_faults(book.merges, book.rows, book.first_data_row, matter)
        return [*void_faults(book.voids, matter), *merged]

    def _columns_that_matter(self) -> dict[int, str]:
        """Name the columns a decision may hang on: the contract's, and inputs of the rubric."""
        named = {column: heading for heading, column in self.book.recognised.items()}
        asked = {folded(name) for name in self.configuration.rubric.inputs}
        ours = set(self.book.output_columns.values())
        for column, text in self.book.headings.items():
            if column not in ours and folded(text) in asked:
                named.setdefault(column, " ".join(text.split()))
        return named

    def _kept_rows(self, raw: Mapping[int, Sequence[Any]]) -> request_rows.Kept:
        book, first = self.book, self.book.first_data_row
        column = book.recognised[SKU]
        banners = banner_rows(book.merges)
        return request_rows.request_rows(
            book.rows,
            raw,
            (column, book.headings.get(column, "")),
            frozenset(book.output_columns.values()),
            banners=_indices(banners, first, len(book.rows)),
            totals=_indices(book.totals, first, len(book.rows)),
            left_out=_indices(book.left_out, first, len(book.rows)),
            certain={fault.row - first for fault in self.faults if fault.row not in banners}
            | self._placed_without_sku(raw),
        )

    def _placed_without_sku(self, raw: Mapping[int, Sequence[Any]]) -> set[int]:
        """Find the rows that name a placement but no SKU: a picture of nothing, not a title."""
        skus = raw.get(self.book.recognised[SKU], ())
        named = raw.get(self.book.recognised.get(PLACEMENT, 0), ())
        blank = {sku for sku in set(skus) if is_blank(sku)}
        if not blank:
            return set()
        return {
            i
            for i, (sku, name) in enumerate(zip(skus, named, strict=False))
            if sku in blank and isinstance(name, str) and name and self._placement(name) is not None
        }

    def _show_sku_numbers(self, raw: dict[int, Sequence[Any]]) -> None:
        """Give SKUs that are numbers back the zeros their number format shows."""
        facts, column = self.book.sheet_facts, self.book.recognised[SKU]
        cells = raw.get(column, ())
        if facts is not None and not {float, int}.isdisjoint(map(type, cells)):
            formats = facts.number_formats(column)
            raw[column] = as_shown(cells, formats, self.book.first_data_row)

    def _column(self, heading: str) -> Sequence[Any]:
        return self.columns.get(heading) or [None] * len(self.rows)

    # ------------------------------------------------------------------- problems

    def _report_faults(self) -> None:
        indices = {int(row): index for index, row in enumerate(self.rows)} if self.faults else {}
        for fault in self.faults:
            if fault.row in indices:
                self.problems.report(indices[fault.row], fault.heading, fault.complaint)
        if self.book.voids:
            matter = self._columns_that_matter()
            others = {c: t for c, t in self.book.headings.items() if c not in matter}
            rows = set(self.rows.tolist())
            self.problems.found.extend(void_notices(self.book.voids, rows, others, self.book.sheet))

    def _report_complaints(self) -> None:
        own = Counter(h for _, h, _ in self.typed.complaints if h not in contract.REQUEST_INPUTS)
        many = {heading for heading, count in own.items() if count > _NAMED_CELLS}
        for index, heading, complaint in self.typed.complaints:
            if heading not in many:
                self.problems.report(index, heading, complaint)
        for heading in sorted(many):
            self._report_together(heading)
        self._report_currency()

    def _report_together(self, heading: str) -> None:
        """Tell once of a seller's own column that holds many cells the rubric cannot compare."""
        found = [(i, one) for i, h, one in self.typed.complaints if h == heading]
        index, first = found[0]
        cell = CellRef(
            self.book.sheet, int(self.rows[index]), self.typed.letters.get(heading, 0)
        ).a1
        self.problems.found.append(
            Problem(
                first.code,
                "warning",
                f"{len(found)} cells of column {self.problems.label(heading)} cannot be compared "
                f"as the rubric asks. The first is {cell}: {first.message}.",
                f"{first.fix}.",
                CellRef(self.book.sheet, 0, self.typed.letters.get(heading, 0)),
            )
        )

    def _report_currency(self) -> None:
        """Warn once where the heading of the budgets names another currency than dollars."""
        column = self.typed.letters.get(BUDGET_PER_IMAGE, 0)
        named = currencies_in(self.book.headings.get(column, ""))
        if named and "USD" not in named:
            self.problems.found.append(
                Problem(
                    "other-currency",
                    "warning",
                    f"Column {self.problems.label(BUDGET_PER_IMAGE)} names {' or '.join(named)}; "
                    "its amounts are read as US dollars and not converted.",
                    "type the amounts in US dollars, and name the column so.",
                    CellRef(self.book.sheet, self.book.header_row, column),
                )
            )

    def _require_skus(self) -> None:
        missing = (i for i, sku in enumerate(self._column(SKU)) if sku is None)
        for index in missing:
            if not self.problems.told(index, SKU):
                self.problems.say(
                    index,
                    SKU,
                    Complaint(
                        "no-sku",
                        "The row has no SKU.",
                        "type the SKU, or type skip in the column Action.",
                    ),
                )

    # ------------------------------------------------------------------- filling in

    def _sku_keys(self) -> list[str]:
        """Fold the SKUs for comparing, and warn where that makes different texts one."""
        skus = self._column(SKU)
        folded = {sku: sku_key(sku) for sku in dict.fromkeys(skus) if sku is not None}
        keys = [folded.get(sku, "") for sku in skus]
        if len(set(folded.values())) < len(folded):
            self._report_spellings(folded)
        return keys

    def _report_spellings(self, folded: Mapping[str, str]) -> None:
        skus = list(self._column(SKU))
        first: dict[str, str] = {}
        for typed, key in folded.items():
            before = first.setdefault(key, typed)
            if before != typed:
                complaint = Complaint(
                    "sku-spelling",
                    f'"{typed}" and "{before}" in row {self.rows[skus.index(before)]} differ only '
                    "in case or spaces; they count as one SKU.",
                    "type both the same way, or give one of them another SKU.",
                    "warning",
                )
                self.problems.say(skus.index(typed), SKU, complaint)

    def _fill_from_products(self, keys: Sequence[str]) -> None:
        facts = product_facts(self.book, self.configuration)
        self.problems.found.extend(facts.problems)
        if not facts.rows:
            return
        found = [facts.rows.get(key, -1) for key in keys]
        for heading, known in facts.columns.items():
            own = self._column(heading)
            self.columns[heading] = [
                known[row] if value is None and row >= 0 else value
                for value, row in zip(own, found, strict=True)
            ]

    def _resolve_placements(self) -> None:
        """Put every placement's proper name in, and fill in what it knows of its pictures."""
        default = self._default_placement()
        typed = [default if name is None else name for name in self._column(PLACEMENT)]
        known = {name: None if name is None else self._placement(name) for name in set(typed)}
        proper = {name: place.name if place else name for name, place in known.items()}
        self.columns[PLACEMENT] = [proper[name] for name in typed]
        for heading, attribute in contract.FROM_PLACEMENT.items():
            facts = {n: getattr(place, attribute, "") or None for n, place in known.items()}
            self.columns[heading] = [
                facts[name] if value is None else value
                for value, name in zip(self._column(heading), typed, strict=True)
            ]
        unknown = {name for name, place in known.items() if place is None}
        for index, name in enumerate(typed) if unknown else ():
            if name in unknown and not self.problems.told(index, PLACEMENT):
                self.problems.say(index, PLACEMENT, self._no_placement(name))

    def _placement(self, name: str) -> Placement | None:
        """Find a placement by the tab's own names for it, or by a common word in any language."""
        known = self.configuration.placements
        found = placements.find(known, name)
        if found is None and (common := meanings(PLACEMENT).get(plain(name))):
            return placements.find(known, common)
        return found

    def _default_placement(self) -> str | None:
        """Return the placement of rows that name none, as the seller passed it."""
        name = self.book.placement
        if name and self._placement(name) is None:
            raise UsageError(
                f'--placement "{name}": there is no such placement.',
                fix=self._no_placement(name).fix,
            )
        return name or None

    def _no_placement(self, name: str | None) -> Complaint:
        known: Sequence[Placement] = self.configuration.placements
        if name is None:
            shown = known[0].name if known else "Gallery"
            return Complaint(
                "no-placement",
                "The row names no placement.",
                f'type where the picture is shown, such as "{shown}", '
                "or pass --placement NAME for all rows without one.",
            )
        near = placements.suggestions(known, name) or tuple(place.name for place in known[:3])
        offered = " or ".join(f'"{one}"' for one in near)
        return Complaint(
            "unknown-placement",
            f'"{name}" is no placement of the tab Placements.',
            f"type {offered}, or add it to the tab Placements.",
        )

    # ------------------------------------------------------------------- repeats

    def _report_repeats(self, keys: Sequence[str]) -> None:
        usable = ~(self.problems.bad | self.problems.skipped)
        compared = {
            heading: cells
            for heading, cells in self.columns.items()
            if heading in contract.REQUEST_INPUTS or heading in self.configuration.rubric.inputs
        }
        told: set[int] = set()
        for repeat in find_repeats(keys, self._column(PLACEMENT), usable, compared):
            row, before = int(self.rows[repeat.index]), int(self.rows[repeat.first])
            if not repeat.differs:
                self.problems.say(
                    repeat.index,
                    SKU,
                    Complaint(
                        "repeated-row",
                        f"Row {row} asks for the same picture as row {before}; it is made and "
                        "paid once.",
                        "delete one of the rows, if that is not meant.",
                        "warning",
                    ),
                )
                continue
            for index in (repeat.index, repeat.first):
                if index not in told:
                    told.add(index)
                    self.problems.say(
                        index,
                        SKU,
                        Complaint(
                            "two-rows",
                            f"Rows {before} and {row} ask for the same SKU in the same placement, "
                            f"but differ in {', '.join(repeat.differs)}.",
                            "delete one of them, or make both the same.",
                        ),
                    )
