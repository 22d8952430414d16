"""Facts by SKU from the tab `Products`, which fill blank cells of the requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tierbook.contract import ACTION, PLACEMENT, PRODUCTS, SKU
from tierbook.model import CellRef, Configuration, Problem
from tierbook.workbook.fields import type_columns
from tierbook.workbook.locating import find_header
from tierbook.workbook.reading import Book
from tierbook.workbook.values import by_column
from tierbook.workbook.words import sku_key

# What is asked for is a matter of the requests, never of the product.
_NOT_FACTS = frozenset({SKU, PLACEMENT, ACTION})


@dataclass(frozen=True)
class ProductFacts:
    """Columns of product facts; `rows` maps a folded SKU to its index in them."""

    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict[str, Sequence[Any]])
    rows: Mapping[str, int] = field(default_factory=dict[str, int])
    problems: tuple[Problem, ...] = ()


def product_facts(book: Book, configuration: Configuration) -> ProductFacts:
    """Read the tab `Products` of a book; nothing where there is none or it names no SKU."""
    tab = book.tabs.get(PRODUCTS)
    header = find_header(tab.rows) if tab is not None else None
    if tab is None or header is None or SKU not in header.recognised.columns:
        return ProductFacts()
    under = tab.rows[header.first_data_row - 1 :]
    typed = type_columns(
        by_column(under), header.headings, header.recognised.columns, configuration
    )
    problems = [
        Problem(
            complaint.code,
            "warning",
            f'{complaint.message} in column "{heading}"; the cell was taken as empty.',
            f"{complaint.fix}.",
            CellRef(tab.sheet, header.first_data_row + index, typed.letters[heading]),
        )
        for index, heading, complaint in typed.complaints
    ]
    facts = {h: cells for h, cells in typed.columns.items() if h not in _NOT_FACTS}
    rows: dict[str, int] = {}
    for index, sku in enumerate(typed.columns.get(SKU, ())):
        if sku is None:
            continue
        first = rows.setdefault(sku_key(sku), index)
        if first != index and any(cells[first] != cells[index] for cells in facts.values()):
            here = header.first_data_row + index
            problems.append(
                Problem(
                    "two-products",
                    "warning",
                    f"Rows {header.first_data_row + first} and {here} say different things of one "
                    "SKU; the upper row counts.",
                    "delete one of them.",
                    CellRef(tab.sheet, here, typed.letters[SKU]),
                    str(sku).strip(),
                )
            )
    return ProductFacts(facts, rows, tuple(problems))
