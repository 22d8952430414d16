"""Formulas of the workbook: whether there are any, and the order Excel keeps of them."""

import re

from tierbook.ooxml.book import Book
from tierbook.ooxml.draft import Draft

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>]")
_MARKS = (b"<f>", b"<f ", b":f>", b":f ", b"<f\t", b"<f\n", b"<f\r", b":f\t", b":f\n", b":f\r")


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
    return any(
        _holds_formula(draft.read(one.part))
        for one in book.sheets()
        if one.kind == "worksheet" and one.part in draft
    )


def _holds_formula(content: bytes) -> bool:
    # Plain searches for what every formula begins with are far quicker than the pattern.
    return any(mark in content for mark in _MARKS) and _FORMULA.search(content) is not None
