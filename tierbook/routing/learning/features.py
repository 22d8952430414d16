"""From columns to codes: what a model may know of a request, all of it known when routing.

Every feature becomes a small whole number: a word by its place in a kept vocabulary, a number by
the bin it falls in. So a model is a table of coefficients that a person can read, and a new value
is told apart from a known one.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import CellValue, Column, text_column
from tierbook.routing.matching import code_objects
from tierbook.routing.terms import fold, known

RUBRIC_TIER = "Rubric tier"
# Free text, names and links say nothing that carries over to another product; what a person
# decides afterwards, or Tierbook writes, is not known when routing.
_NOT_FEATURES = frozenset(
    map(
        contract.folded,
        (
            contract.SKU,
            contract.PRODUCT_NAME,
            contract.SOURCE_IMAGE,
            contract.SCENE_NOTES,
            contract.NEEDED_BY,
            contract.TIER_OVERRIDE,
            contract.ACTION,
            *contract.REQUEST_OUTPUTS,
        ),
    )
)
# A new value in one of these is a new kind of picture: the rubric decides it.
_KEY_FEATURES = frozenset(
    map(
        contract.folded,
        (contract.CATEGORY, contract.PLACEMENT, contract.PLACEMENT_GROUP, contract.CHANNEL),
    )
)
BLANK, OTHER, FIRST = 0, 1, 2
_SEEN_ENOUGH = 20
_MOST_WORDS = 300
_BINS = 6


@dataclass(frozen=True)
class Feature:
    """One heading and its codes: 0 blank, 1 any other value, then its words or its bins.

    `edges` cut numbers into half-open bins, rising; `words` are folded texts. One of them is
    empty.
    """

    heading: str
    words: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """How many codes there are."""
        return FIRST + (len(self.edges) + 1 if self.edges else len(self.words))

    @property
    def key(self) -> bool:
        """Whether a new value means a new kind of picture."""
        return contract.folded(self.heading) in _KEY_FEATURES

    def codes(self, column: Column) -> NDArray[np.int32]:
        """Code each value of the column, shape (n,)."""
        coded = code_objects(column)
        codes = np.array([self.code(value) for value in coded.values] or [BLANK], np.int32)
        return codes[coded.codes]

    def code(self, value: CellValue) -> int:
        """Code one value."""
        seen = known(value)
        if seen is None:
            return BLANK
        if self.edges:
            number = _number(seen)
            return OTHER if number is None else FIRST + bisect_right(self.edges, number)
        word = _word(seen)
        return FIRST + self.words.index(word) if word in self.words else OTHER

    def label(self, code: int) -> str:
        """Spell a code for a person: `Category mugs`, `Price 15 to 40`."""
        if code == BLANK:
            return f"{self.heading} blank"
        if code == OTHER:
            return f"{self.heading} other"
        place = code - FIRST
        if not self.edges:
            return f"{self.heading} {self.words[place]}"
        if place == 0:
            return f"{self.heading} under {self.edges[0]:g}"
        if place == len(self.edges):
            return f"{self.heading} {self.edges[-1]:g} or more"
        return f"{self.heading} {self.edges[place - 1]:g} to {self.edges[place]:g}"


@dataclass(frozen=True)
class Coding:
    """The features a model looks at, in order."""

    features: tuple[Feature, ...]

    def codes(self, columns: Mapping[str, Column], count: int) -> NDArray[np.int32]:
        """Code the columns, matched like headings; shape (n, features)."""
        by_key = {contract.folded(heading): column for heading, column in columns.items()}
        blank = np.full(count, None, dtype=object)
        coded = [f.codes(by_key.get(contract.folded(f.heading), blank)) for f in self.features]
        return np.stack(coded, axis=1) if coded else np.empty((count, 0), np.int32)

    def new_kind(self, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell which rows are of a kind the model has never learned from, shape (n,)."""
        keys = [place for place, feature in enumerate(self.features) if feature.key]
        return (codes[:, keys] == OTHER).any(axis=1)


def learn_coding(columns: Mapping[str, Column]) -> Coding:
    """Find the features in the columns of a log; constant columns and free text are left out."""
    found = (_feature(heading, column) for heading, column in columns.items())
    return Coding(tuple(feature for feature in found if feature is not None))


def routing_columns(
    columns: Mapping[str, Column], groups: Column, rubric_tier: NDArray[np.int8]
) -> dict[str, Column]:
    """Gather what is known of each request when it is routed, the rubric's own tier included."""
    return {
        **columns,
        contract.PLACEMENT_GROUP: groups,
        RUBRIC_TIER: text_column([f"tier {tier}" for tier in rubric_tier.tolist()]),
    }


def _feature(heading: str, column: Column) -> Feature | None:
    if contract.folded(heading) in _NOT_FEATURES:
        return None
    coded = code_objects(column)
    counts = np.bincount(coded.codes, minlength=len(coded.values)).tolist()
    seen = [(known(value), count) for value, count in zip(coded.values, counts, strict=True)]
    present = [(value, count) for value, count in seen if value is not None]
    numbers = [(number, count) for value, count in present
               if (number := _number(value)) is not None]  # fmt: skip
    if numbers and len(numbers) == len(present):
        edges = _edges(numbers)
        return Feature(heading, edges=edges) if edges else None
    words = Counter[str]()
    for value, count in present:
        words[_word(value)] += count
    kept = tuple(word for word, count in words.most_common(_MOST_WORDS) if count >= _SEEN_ENOUGH)
    telling = len(kept) + (sum(words.values()) < len(column)) + (len(words) > len(kept))
    # A column with a new word in nearly every row is free text.
    covered = sum(words[word] for word in kept) >= sum(words.values()) / 2
    return Feature(heading, words=kept) if kept and covered and telling > 1 else None


def _edges(numbers: Sequence[tuple[float, int]]) -> tuple[float, ...]:
    """Cut numbers into bins of about equal counts."""
    ordered = sorted(numbers)
    reached = list(accumulate(count for _, count in ordered))
    places = {bisect_right(reached, reached[-1] * part / _BINS) for part in range(1, _BINS)}
    return tuple(ordered[place][0] for place in sorted(places - {0}))


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    return float(value) if isinstance(value, int | float | Decimal) else None


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return fold(str(value))
