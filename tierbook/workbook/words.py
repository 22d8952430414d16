"""The words sellers use in cells, by field and language: data in `words.csv` beside this module."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("words.csv")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

YES_OR_NO = "yes or no"
TOTAL = "total"


def plain(text: str) -> str:
    """Fold a text for comparing: width, case, invisible characters and spaces do not count.

    The value itself is never rewritten with this.
    """
    if text.isascii():
        folded = text.lower()
    else:
        folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(folded.split())


def sku_key(sku: str) -> str:
    """Fold a SKU for comparing; the apostrophe that guards numbers in CSV does not count."""
    return plain(sku).lstrip("'")


@cache
def meanings(field: str) -> Mapping[str, str]:
    """Map each folded word of a field to what it means there."""
    found: dict[str, str] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if line["field"] == field:
                found.update({plain(word): line["meaning"] for word in line["words"].split("|")})
    return found
