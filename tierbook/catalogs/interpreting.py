"""Tell which rows of an export make up a product, and which of them are its variants."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tierbook.catalogs import cells
from tierbook.catalogs.columns import Columns
from tierbook.catalogs.format import State

IMAGE_ROWS = "image-only rows"


@dataclass(slots=True)
class Row:
    """One row of one export; not frozen, as there is one for every row and freezing is dear."""

    columns: Columns
    at: int

    @property
    def kind(self) -> str:
        """What the row says it is, in lower case."""
        return self.columns.kind[self.at]

    @property
    def is_variant(self) -> bool:
        """Whether the row says itself that it is a variant of another row's product."""
        form = self.columns.format
        return bool(form.extends) or self.kind in form.grouping.variants

    @property
    def is_container(self) -> bool:
        """Whether the row says itself that it only holds variants."""
        return self.kind in self.columns.format.grouping.containers

    @property
    def only_shows(self) -> bool:
        """Whether the row can only add a picture to the product of the row above it."""
        grouping = self.columns.format.grouping
        if self.kind in grouping.pictures:
            return True
        if not grouping.follows or self.is_variant or self.is_container:
            return False
        named = self.names_variant or self.columns.text("name", self.at)
        return not (named or self.is_priced)

    @property
    def is_priced(self) -> bool:
        """Whether the price cell is filled."""
        return bool(self.columns.text("price", self.at))

    @property
    def names_variant(self) -> bool:
        """Whether the row has a SKU or option values."""
        return bool(self.columns.text("sku", self.at) or self.columns.options[self.at])


@dataclass(slots=True)
class Product:
    """The rows of one product.

    Attributes:
        key: What its rows share.
        rows: All of them, in order.
        variants: Those to picture; where no row is one, the first stands for the product.
        pictures: Those that only add a picture.
        base: The row its variants hang on, None where they stand for themselves.
        left_out: Reason to leave it out, "" to keep it.
    """

    key: str
    rows: list[Row] = field(default_factory=list[Row])
    variants: list[Row] = field(default_factory=list[Row])
    pictures: list[Row] = field(default_factory=list[Row])
    base: Row | None = None
    left_out: str = ""

    def facing(self) -> Iterator[Row]:
        """Yield the rows in the order in which they speak for the product."""
        if self.base is not None:
            yield self.base
        yield from self.rows


class Grouped:
    """The products of several exports, keyed over all of them.

    Attributes:
        products: Key -> product, in the order of the files.
        skipped: Reason -> rows or products left out.
        variants: How many variants there are; where a price makes a variant, rows with a price.
    """

    def __init__(self, exports: Sequence[Columns]) -> None:
        self.products: dict[str, Product] = {}
        self.skipped: Counter[str] = Counter()
        self.variants = 0
        self._parents: dict[str, str] = {}
        # Parents whose own row was met; another row of their name is another product.
        self._headed: set[str] = set()
        for columns in exports:
            self.skipped.update(columns.kept.skipped)
            self._group(columns)
        for product in self.products.values():
            self._settle(product)

    # ----------------------------------------------------------------- rows to products

    def _group(self, columns: Columns) -> None:
        grouping = columns.format.grouping
        if grouping.parent or grouping.children:
            self._name_parents(columns)
        retold = _retold(columns)
        last = ""
        for at in range(columns.count):
            row = Row(columns, at)
            if at in retold or row.kind in grouping.ignored:
                self.skipped[grouping.ignored.get(row.kind, "store view rows")] += 1
                continue
            last = self._key(row, last)
            product = self.products.get(last)
            if product is None:
                product = self.products[last] = Product(last)
            product.rows.append(row)

    def _name_parents(self, columns: Columns) -> None:
        """Note under which names other rows speak of a row, before any row does."""
        for at in range(columns.count):
            row = Row(columns, at)
            if row.is_variant:
                continue
            sku = columns.text("sku", at)
            key = sku or f"id:{columns.identity[at]}"
            for name in (sku, f"id:{columns.identity[at]}"):
                if name not in ("", "id:"):
                    self._parents.setdefault(name, key)
            for child in cells.children(columns.children[at]):
                self._parents[f"child:{child}"] = key

    def _key(self, row: Row, last: str) -> str:
        columns, at = row.columns, row.at
        grouping = columns.format.grouping
        named = columns.product[at] or columns.parent[at]
        if named:
            return self._parents.get(named, named)
        sku = columns.text("sku", at)
        if grouping.children and f"child:{sku}" in self._parents:
            return self._parents[f"child:{sku}"]
        if last and grouping.follows and (row.is_variant or _continues(row)):
            return last
        if grouping.parent or grouping.children:
            own = self._parents.get(sku or f"id:{columns.identity[at]}")
            if own is not None and own not in self._headed:
                self._headed.add(own)
                return own
        # A list of SKUs changes with every new variation, the title hardly ever.
        named = sku if not columns.format.sku_list else ""
        return self._fresh(
            named or cells.slug(columns.text("name", at)) or sku or f"row-{columns.line(at)}"
        )

    def _fresh(self, key: str) -> str:
        if key not in self.products:
            return key
        number = 2
        while f"{key}#{number}" in self.products:
            number += 1
        return f"{key}#{number}"

    # ----------------------------------------------------------------- products to variants

    def _settle(self, product: Product) -> None:
        self._choose_variants(product)
        product.left_out = _pseudo(product) or _state(product)
        if product.left_out:
            self.skipped[product.left_out] += 1

    def _choose_variants(self, product: Product) -> None:
        rows = product.rows
        if rows[0].columns.format.grouping.priced:
            priced = [row for row in rows if row.is_priced]
            self.variants += len(priced)
            product.variants = [row for row in rows if row.is_priced or row.names_variant]
            variants = {id(row) for row in product.variants or rows[:1]}
            for row in rows:
                if id(row) not in variants:
                    shown = row.columns.pictures[row.at]
                    self.skipped[IMAGE_ROWS if shown else "rows that name no variant"] += 1
        elif len(rows) == 1:
            product.base = rows[0] if rows[0].is_container else None
            product.variants = list(rows)
            self.variants += 1
        else:
            product.pictures = [row for row in rows[1:] if row.only_shows]
            self.skipped[IMAGE_ROWS] += len(product.pictures)
            sold = [row for row in rows if row not in product.pictures]
            named = [row for row in sold if row.is_variant] or _beside_a_head(sold)
            bases = [row for row in sold if row not in named and (row.is_container or named)]
            product.base = bases[0] if bases else None
            product.variants = [row for row in sold if row not in bases]
            self.variants += len(product.variants) or 1
        if not product.variants:
            product.variants = [product.base or rows[0]]


def _continues(row: Row) -> bool:
    """Tell a row that names no product of its own, so that it goes with the one above."""
    columns = row.columns
    if columns.text("name", row.at):
        return False
    return bool(columns.format.grouping.product) or row.only_shows


def _beside_a_head(rows: Sequence[Row]) -> list[Row]:
    """Choose the rows with option values, where a row without any stands at their head."""
    if len(rows) < 2 or not rows[0].columns.format.grouping.bare_head:
        return []
    named = [row for row in rows if row.columns.options[row.at]]
    return named if len(named) < len(rows) else []


def _retold(columns: Columns) -> frozenset[int]:
    """List the rows that say in another store view what a row of the same SKU says already."""
    if not any(columns.view):
        return frozenset()
    skus = [columns.text("sku", at) for at in range(columns.count)]
    told = {sku for sku, view in zip(skus, columns.view, strict=True) if not view}
    return frozenset(
        at for at, view in enumerate(columns.view) if view and skus[at] and skus[at] in told
    )


def _pseudo(product: Product) -> str:
    for row in product.facing():
        columns, at = row.columns, row.at
        if columns.pseudo[at] or columns.text("name", at):
            return columns.pseudo[at]
    return ""


def _state(product: Product) -> str:
    for row in product.facing():
        for state in row.columns.format.states:
            if state.unit == "product" and (word := _word(row, state)):
                return state.left_out.get(word, "")
    return ""


def variant_state(row: Row) -> str:
    """Return the reason to leave one variant out, "" to keep it."""
    for state in row.columns.format.states:
        if state.unit == "variant" and (reason := state.left_out.get(_word(row, state), "")):
            return reason
    return ""


def _word(row: Row, state: State) -> str:
    return row.columns.state(state)[row.at].casefold()
