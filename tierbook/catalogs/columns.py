"""The columns of a recognised export as texts, one list a field over all its product rows."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any

from tierbook.catalogs import cells
from tierbook.catalogs.format import Field, Format, Headings, State
from tierbook.catalogs.recognising import Recognised
from tierbook.catalogs.rows import Kept
from tierbook.catalogs.tables import cell_text, kind_word
from tierbook.model import CellRef
from tierbook.workbook.numbers import decimal_mark
from tierbook.workbook.values import Complaint

# What a column of gift cards, or of kinds of products, says of one.
_GIFT_CARD_WORDS = frozenset({"true", "yes", "y", "1", "gift_card", "giftcard", "gift card"})


class Columns:
    """Read access to the product rows of one export, by what their cells mean.

    Args:
        table: The export.
        kept: Its product rows.
    """

    def __init__(self, table: Recognised, kept: Kept) -> None:
        self.table, self.kept = table, kept
        self.format: Format = table.format
        self.count = len(kept.rows)
        self._raw: dict[int, Sequence[Any]] = dict(
            enumerate(zip_longest(*kept.rows, fillvalue=""), 1)
        )
        self._blanks = [""] * self.count
        self._states: dict[Headings, list[str]] = {}
        self._prices: dict[Any, tuple[Decimal | None, str] | Complaint] = {}
        self._texts: dict[Field, list[str]] = {}
        self._fields: dict[Field, Sequence[Any]] = {}
        grouping = self.format.grouping
        self.product = self.texts(grouping.product)
        self.parent = self.texts(grouping.parent)
        self.identity = self.texts(grouping.identity)
        self.children = self.texts(grouping.children)
        self.view = self.texts(grouping.views)
        kinds = self.table.columns(grouping.kind)
        self.kind = [kind_word(row, kinds[0]) if kinds else "" for row in kept.rows]

    def field(self, field: Field) -> Sequence[Any]:
        """Return a field's cells, raw; blank ones fall through to its next column."""
        if field not in self._fields:
            self._fields[field] = self._first_filled(self.table.fields.get(field, ()))
        return self._fields[field]

    def text(self, field: Field, at: int) -> str:
        """Return one cell of a field as text."""
        texts = self._texts.get(field)
        if texts is None:
            texts = self._texts[field] = self._as_text(self.table.fields.get(field, ()))
        return texts[at]

    def texts(self, headings: Headings) -> list[str]:
        """Return the first filled cell of some columns, as text; blanks without such a column."""
        return self._as_text(self.table.columns(headings) if headings else ())

    def _as_text(self, columns: Sequence[int]) -> list[str]:
        if not columns:
            return self._blanks
        return ["" if value == "" else cell_text(value) for value in self._first_filled(columns)]

    def _first_filled(self, columns: Sequence[int]) -> Sequence[Any]:
        found = [self._raw[column] for column in columns if column in self._raw]
        if not found:
            return self._blanks
        if len(found) == 1:
            return found[0]
        return [next((v for v in row if cell_text(v)), "") for row in zip(*found, strict=True)]

    @cached_property
    def stock(self) -> list[Any]:
        """The pieces on hand, added up over the columns of several places."""
        columns = [self._raw[c] for c in self.table.fields.get("stock", ()) if c in self._raw]
        if len(columns) < 2:
            return [cells.quantity(value) for value in self.field("stock")]
        sums: list[Any] = []
        for row in zip(*columns, strict=True):
            known = [one for value in row if (one := cells.quantity(value)) is not None]
            sums.append(sum(known) if known else None)
        return sums

    @cached_property
    def pictures(self) -> list[tuple[str, ...]]:
        """The pictures of each row, over all picture columns."""
        return self._pictures(self.table.images)

    @cached_property
    def own_pictures(self) -> list[tuple[str, ...]]:
        """The pictures of each row that show this variant alone."""
        return self._pictures(self.table.columns(self.format.own_image))

    def _pictures(self, columns: Sequence[int]) -> list[tuple[str, ...]]:
        found = [self._raw[column] for column in columns if column in self._raw]
        if not found:
            return [()] * self.count
        separators = self.format.separators
        return [
            tuple(dict.fromkeys(p for v in row for p in cells.pictures(cell_text(v), separators)))
            for row in zip(*found, strict=True)
        ]

    @cached_property
    def options(self) -> list[str]:
        """The option values of each row: `Blue / Large`."""
        form = self.format
        columns = self.table.columns(form.options)
        found = [self._raw[column] for column in columns if column in self._raw]
        if form.options_in_name:
            found.append([self._name_of_variant(at) for at in range(self.count)])
        read = partial(cells.option, positioned=form.positioned_options, paired=form.paired_options)
        texts = [
            " / ".join(text for value in row if (text := read(cell_text(value))))
            for row in zip(*found, strict=True)
        ] or self._blanks
        if not form.grouping.children:
            return texts
        listed = {
            sku: values for cell in self.children for sku, values in cells.children(cell).items()
        }
        return [text or listed.get(self.text("sku", at), "") for at, text in enumerate(texts)]

    def _name_of_variant(self, at: int) -> str:
        return self.text("name", at) if self.kind[at] in self.format.grouping.variants else ""

    def price(self, at: int) -> tuple[Decimal | None, str] | Complaint:
        """Read a row's price and its currency sign; (None, "") where there is none."""
        value = self.field("price")[at]
        if value in ("", None):
            return None, ""
        if value not in self._prices:
            self._prices[value] = cells.price(value, self.price_mark)
        return self._prices[value]

    @cached_property
    def price_mark(self) -> str:
        """The decimal mark of the prices."""
        return decimal_mark(set(map(cell_text, self.field("price"))))

    @cached_property
    def sales_mark(self) -> str:
        """The decimal mark of the sales."""
        return decimal_mark(set(map(cell_text, self.field("sales"))))

    def ruined_barcodes(self) -> list[int]:
        """List the rows whose barcode a spreadsheet program turned into a number."""
        return [at for at, value in enumerate(self.field("gtin")) if cells.is_ruined(value)]

    @cached_property
    def surcharge(self) -> list[str]:
        """What each row adds to the price of its product."""
        return self.texts(self.format.surcharge)

    @cached_property
    def positions(self) -> list[str]:
        """Where the pictures of each row stand among those of their product."""
        return self.texts(self.format.image_position)

    @cached_property
    def pseudo(self) -> list[str]:
        """The reason why a row's product is none to picture, "" for a real product."""
        names = [self.text("name", at) for at in range(self.count)]
        found = [
            cells.pseudo_product(f"{name} | {kind}")
            for name, kind in zip(names, self._kinds(), strict=True)
        ]
        for at, word in enumerate(self.texts(self.format.gift_card)):
            if word and word.casefold() in _GIFT_CARD_WORDS:
                found[at] = cells.GIFT_CARDS
        return found

    @cached_property
    def categories(self) -> list[str]:
        """The category of each row as a path."""
        form = self.format
        read = partial(
            cells.category, separators=form.category_separators, steps=form.category_steps
        )
        return [read(text) for text in self._as_text(self.table.fields.get("category", ()))]

    def state(self, state: State) -> list[str]:
        """Return the words of a state's column."""
        if state.headings not in self._states:
            self._states[state.headings] = self.texts(state.headings)
        return self._states[state.headings]

    def _kinds(self) -> list[str]:
        """Join what each row says of the kind of product, over all its columns."""
        found = [self._raw[c] for c in self.table.fields.get("category", ()) if c in self._raw]
        if not found:
            return self._blanks
        return [" | ".join(map(cell_text, row)) for row in zip(*found, strict=True)]

    def line(self, at: int) -> int:
        """Return the 1-based sheet row."""
        return self.kept.lines[at]

    def cell(self, field: Field, at: int) -> CellRef:
        """Name the cell a field is read from."""
        columns = self.table.fields.get(field, ())
        row = self.kept.rows[at]
        filled = [c for c in columns if c <= len(row) and cell_text(row[c - 1])]
        column = (filled or [*columns, 0])[0]
        return CellRef(self.table.sheet.tab, self.kept.lines[at], column)
