"""Tell a seller's own headings: which contract field a column holds.

Headings are compared through `heading_key`, and known by the alias table `headings.csv` beside
this module: one line a field, rank and language, aliases parted by `|`. Rank 0 is the contract's
own name, 1 a clear alias, 2 a word that counts only where nothing clearer is there (an `ID` beside
a `SKU`).
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from tierbook import contract

_TABLE = Path(__file__).with_name("headings.csv")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_NOT_WORD = re.compile(r"[\W_]+")
# Marks that decomposing parts from their letters: accents, and the voicing of kana.
_ACCENTS = re.compile("[\u0300-\u036f\u3099\u309a]")
# Letters that carry a stroke instead of a separable accent.
_STROKES = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d"})


@lru_cache(maxsize=8192)
def heading_key(text: str) -> str:
    """Fold a heading so that spellings of the same one are equal.

    Case, accents, width, spaces, punctuation, a required mark and units in brackets do not count;
    `#` and `№` read as "no".
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.replace("#", " no ")
    folded = _NOT_WORD.sub("", _fold(_BRACKETED.sub(" ", plain)))
    return folded or _NOT_WORD.sub("", _fold(plain))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _ACCENTS.sub("", decomposed).translate(_STROKES)


@cache
def aliases() -> Mapping[str, tuple[str, int]]:
    """Map every known heading key to its contract heading and rank (0 exact, 1 clear, 2 weak)."""
    found: dict[str, tuple[str, int]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            rank = int(line["rank"])
            for alias in line["aliases"].split("|"):
                key = heading_key(alias)
                if key not in found or found[key][1] > rank:
                    found[key] = (line["heading"], rank)
    for heading in contract.REQUEST_INPUTS:
        found[heading_key(heading)] = (heading, 0)
    return found


def alias_of(text: str) -> tuple[str, int] | None:
    """Name the contract heading a text stands for, and its rank, or nothing."""
    return aliases().get(heading_key(text))


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the headings of one row mean.

    Attributes:
        columns: Contract heading -> 1-based column.
        twins: Contract heading -> the columns that claim it with equal right; in none of them.
    """

    columns: Mapping[str, int]
    twins: Mapping[str, tuple[int, ...]]


def recognise(
    headings: Mapping[int, str],
    chosen: Mapping[str, int] | None = None,
    ours: Iterable[int] = (),
) -> Recognised:
    """Find the contract fields among the headings of a row.

    Args:
        headings: 1-based column -> text.
        chosen: Contract heading -> column, as the seller said; beats every alias.
        ours: Columns Tierbook itself wrote, which are no inputs.
    """
    columns = dict(chosen or {})
    taken = {*columns.values(), *ours}
    claims: dict[str, dict[int, list[int]]] = {}
    for column, text in headings.items():
        alias = None if column in taken else alias_of(text)
        if alias is not None and alias[0] not in columns:
            claims.setdefault(alias[0], {}).setdefault(alias[1], []).append(column)
    twins: dict[str, tuple[int, ...]] = {}
    for heading, by_rank in claims.items():
        best = by_rank[min(by_rank)]
        if len(best) == 1:
            columns[heading] = best[0]
        else:
            twins[heading] = tuple(best)
    return Recognised(columns, twins)
