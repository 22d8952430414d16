"""The shared strings, read only to tell whether a cell already says what is planned."""

import html
import re

_ITEM = re.compile(rb"<(?:[\w.-]+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:[\w.-]+:)?si>)", re.S)
_PHONETIC = re.compile(rb"<(?:[\w.-]+:)?rPh\b.*?</(?:[\w.-]+:)?rPh>", re.S)
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)</", re.S)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def texts_of(content: bytes) -> tuple[str, ...]:
    """Return the plain text of every shared string, formatting and phonetics left out."""
    return tuple(plain_text(match[1] or b"") for match in _ITEM.finditer(content))


def plain_text(markup: bytes) -> str:
    """Return the text inside a string item, with entities and `_xHHHH_` decoded."""
    if b"rPh" in markup:
        markup = _PHONETIC.sub(b"", markup)
    text = html.unescape(b"".join(_TEXT.findall(markup)).decode())
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
