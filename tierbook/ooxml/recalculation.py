"""Formulas of the workbook: whether there are any, and the order Excel keeps of them."""

import re

from tierbook.ooxml.book import Book
from tierbook.ooxml.draft import Draft

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>]")


def drop_calculation_chain(draft: Draft, book: Book) -> None:
    """Remove the chain, which names cells of tabs that are gone; Excel builds it anew."""
    found = book.rels.first("calcChain")
    if found is None:
        return
    if found.target in draft:
        draft.remove(found.target)
    book.rels.remove(found.id)


def has_formulas(draft: Draft, book: Book) -> bool:
    """Tell whether any tab holds a formula."""
    if book.rels.first("calcChain") is not None:
        return True
    parts = [one.part for one in book.sheets() if one.kind == "worksheet" and one.part in draft]
    # The small ones first: one formula answers the question, and a large sheet takes long.
    return any(
        _FORMULA.search(draft.read(part)) is not None for part in sorted(parts, key=draft.size)
    )
