"""Whether a cell already says what is planned, however the last program to save it spelled it."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from tierbook.ooxml.cells import clean_text
from tierbook.ooxml.shared_strings import plain_text

_TYPE = re.compile(rb'\st="(\w+)"')
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)<")
_NUMBER = re.compile(r"v>([^<]*)<")


def says_the_same(
    tag: bytes,
    inside: bytes,
    value: str | int | float | bool | Decimal | date | None,
    body: str,
    shared_strings: Callable[[], Sequence[str]],
) -> bool:
    """Compare an existing cell with a planned value.

    Args:
        tag: The cell's start tag.
        inside: What follows it up to the end of the cell, b"" if self-closing.
        value: The planned value.
        body: The planned value as cell XML.
        shared_strings: Called only when the cell points into them.
    """
    kind = match[1] if (match := _TYPE.search(tag)) else b"n"
    found = _VALUE.search(inside)
    raw = found[1].decode() if found else ""
    if kind == b"inlineStr":
        return 't="inlineStr"' in body and plain_text(inside) == _text(value)
    if not raw:
        return body == "/>"
    if kind == b"s":
        strings = shared_strings()
        index = int(raw) if raw.isdigit() else len(strings)
        return 't="inlineStr"' in body and index < len(strings) and strings[index] == _text(value)
    planned = _NUMBER.search(body)
    if planned is None:
        return False
    if kind == b"b":
        return isinstance(value, bool) and raw in (str(int(value)), str(value).lower())
    try:
        return kind == b"n" and not isinstance(value, bool) and float(raw) == float(planned[1])
    except ValueError:
        return False


def _text(value: object) -> str:
    return clean_text(value.isoformat() if isinstance(value, date) else str(value))
