"""Find all rules that fit each row: columns to cells, cells to rule bits, bits AND-ed.

Works on NumPy arrays alone, in blocks that stay in the processor's cache. Rows with the same
set of matching rules share one pattern, so that everything after costs as much as there are
patterns, not rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tierbook.model import text_column
from tierbook.routing.cells import BLANK, InputCells, float_cut, integer_cut

_BLOCK = 1 << 15
_SLOT_BITS = 18
_EXACT_IN_FLOAT = 1 << 53
_FEW = 100  # values up to which looking at each is quick enough
_TABLED_RANGE = 1 << 14
_COUNTED_CUTS = 24  # above this many cuts a binary search beats comparing with each


@dataclass(frozen=True)
class Coded:
    """A column as dictionary codes: row `i` holds `values[codes[i]]`, or a blank where -1."""

    codes: NDArray[Any]
    values: Sequence[Any]


InputColumn: TypeAlias = NDArray[Any] | Coded


@dataclass(frozen=True)
class Matched:
    """The rules that fit each row.

    Attributes:
        pattern: Which row of `rules` holds for each row, intp, shape (n,).
        rules: Distinct sets of matching rules, bool, shape (patterns, rules).
    """

    pattern: NDArray[np.intp]
    rules: NDArray[np.bool_]

    def fitting(self, first: int = 0) -> list[list[int]]:
        """List the matching rules of each pattern in table order, counted from `first`."""
        _, rules = np.nonzero(self.rules)
        ends = np.cumsum(self.rules.sum(axis=1)).tolist()
        flat = (rules + first).tolist()
        return [flat[start:end] for start, end in zip([0, *ends], ends, strict=False)]


class Placed(Protocol):
    """A column whose values are placed: row `i` falls into the input's cell `cells[index[i]]`."""

    cells: NDArray[np.intp]

    def index(self, rows: slice) -> NDArray[Any]:
        """Point each of the rows into `cells`."""
        ...


class _Dictionary:
    def __init__(self, codes: NDArray[Any], cells: Sequence[int]) -> None:
        self._codes = codes
        # Code -1 is the last entry, which is where NumPy looks for it.
        self.cells = np.array([*cells, BLANK], dtype=np.intp)

    def index(self, rows: slice) -> NDArray[Any]:
        return self._codes[rows]


class _Measured:
    """Numbers, placed by counting the cuts they pass; cuts no rule can tell apart are dropped."""

    def __init__(
        self, values: NDArray[Any], cuts: NDArray[Any], cells: InputCells, base: int
    ) -> None:
        accepts = cells.accepts[base : base + len(cuts) + 1]
        telling = np.flatnonzero((accepts[1:] != accepts[:-1]).any(axis=1))
        self._values, self._cuts = values, cuts[telling]
        self.cells = np.array([base, *(base + 1 + telling), BLANK], dtype=np.intp)

    def index(self, rows: slice) -> NDArray[Any]:
        block = self._values[rows]
        if len(self._cuts) > _COUNTED_CUTS:
            passed = np.searchsorted(self._cuts, block, side="right")
        else:
            passed = np.zeros(len(block), dtype=np.uint8)
            for cut in self._cuts:
                passed += block >= cut
        if block.dtype.kind == "f":
            missing = np.isnan(block)
            if missing.any():
                passed[missing] = len(self._cuts) + 1
        return passed


class _Tabled:
    """Integers of a short range, placed by their distance from the least."""

    def __init__(self, values: NDArray[Any], least: int, cells: NDArray[np.intp]) -> None:
        self._values, self._least = values, values.dtype.type(least)
        self.cells = cells

    def index(self, rows: slice) -> NDArray[Any]:
        return self._values[rows] - self._least


class _Days:
    def __init__(self, values: NDArray[Any], cells: InputCells) -> None:
        days = values.astype("datetime64[D]")
        self._missing = np.isnat(days)
        cuts = [day.toordinal() - date(1970, 1, 1).toordinal() for day in cells.days]
        both = np.array([cut + beyond for cut in cuts for beyond in (0, 1)], dtype=np.int64)
        self._measured = _Measured(days.astype(np.int64), both, cells, cells.day_base)
        self.cells = self._measured.cells

    def index(self, rows: slice) -> NDArray[Any]:
        passed = self._measured.index(rows)
        passed[self._missing[rows]] = len(self.cells) - 1
        return passed


def place(cells: InputCells, column: InputColumn) -> Placed:
    """Find the cell of each distinct value, once for however many matches."""
    if isinstance(column, Coded):
        return _Dictionary(column.codes, _cells_of(cells, column.values))
    kind = column.dtype.kind
    if kind == "b":
        return _Dictionary(column.view(np.uint8), [cells.cell_of(False), cells.cell_of(True)])
    if kind in "iu":
        return _place_integers(cells, column)
    if kind == "f":
        name = column.dtype.name
        cuts = [
            float_cut(bound, name, beyond) for bound in cells.numbers for beyond in (False, True)
        ]
        return _Measured(column, np.array(cuts, dtype=column.dtype), cells, cells.number_base)
    if kind == "M":
        return _Days(column, cells)
    return _place_objects(cells, column)


def _place_integers(cells: InputCells, column: NDArray[Any]) -> Placed:
    cuts = _integer_cuts(cells, column.dtype)
    least, most = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    if most - least >= _TABLED_RANGE or column.dtype.itemsize < 4:
        return _Measured(column, cuts, cells, cells.number_base)
    # A short range of integers is looked up by its distance from the least.
    every = np.arange(least, most + 1, dtype=column.dtype)
    passed = np.searchsorted(cuts, every, side="right")
    return _Tabled(column, least, cells.number_base + passed)


def _integer_cuts(cells: InputCells, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return the cuts in a type that compares exactly, past the column's own range included."""
    cuts = [integer_cut(bound, beyond) for bound in cells.numbers for beyond in (False, True)]
    limits = np.iinfo(dtype)
    if all(limits.min <= cut <= limits.max for cut in cuts):
        return np.array(cuts, dtype=dtype)
    wide = np.empty(len(cuts), dtype=object)
    wide[:] = cuts
    return wide


def _place_objects(cells: InputCells, column: NDArray[Any]) -> Placed:
    kinds = set(map(type, column))
    if kinds <= {int, float, type(None)} and kinds != {type(None)}:
        numbers = column.astype(np.float64) if _exact_in_float(column, kinds) else None
        if numbers is not None:
            return place(cells, numbers)
    coded = code_objects(column, kinds)
    return _Dictionary(coded.codes, [cells.cell_of(value) for value in coded.values])


def _cells_of(cells: InputCells, values: Sequence[Any]) -> Sequence[int]:
    """Find the cell of each value; numbers alone are placed all at once."""
    if len(values) <= _FEW or not set(map(type, values)) <= {int, float, type(None)}:
        return [cells.cell_of(value) for value in values]
    placed = place(cells, text_column(values))
    return placed.cells[placed.index(slice(None))].tolist()


def _exact_in_float(column: NDArray[Any], kinds: set[type]) -> bool:
    return int not in kinds or all(
        -_EXACT_IN_FLOAT <= value <= _EXACT_IN_FLOAT for value in column if type(value) is int
    )


class _Numbering(dict[Any, int]):
    """Number each key at its first sight."""

    def __missing__(self, key: Any) -> int:
        number = len(self)
        self[key] = number
        return number


def code_objects(column: NDArray[Any], kinds: set[type] | None = None) -> Coded:
    """Number the distinct values of an object column; True and 1 stay apart.

    Values that cannot be hashed count as their text.
    """
    kinds = set(map(type, column)) if kinds is None else kinds
    numbering = _Numbering()
    # Equal hashes across kinds (True == 1 == 1.0) need the kind in the key; text equals text only.
    mixed = len(kinds - {type(None), str}) > 1
    keys = zip(map(type, column), column, strict=True) if mixed else column
    try:
        codes = np.fromiter(map(numbering.__getitem__, keys), dtype=np.int32, count=len(column))
    except TypeError:
        texts = np.array([_hashable(value) for value in column], dtype=object)
        return code_objects(texts)
    values = [key[1] for key in numbering] if mixed else list(numbering)
    return Coded(codes, values)


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return str(value)
    return value


def match(
    inputs: Sequence[InputCells], columns: Sequence[InputColumn], rows: int, rules: int
) -> Matched:
    """Find the rules that fit each of `rows` rows; inputs and columns go in pairs."""
    placed = [place(cells, column) for cells, column in zip(inputs, columns, strict=True)]
    return match_placed(inputs, placed, rows, rules)


def match_placed(
    inputs: Sequence[InputCells], columns: Sequence[Placed], rows: int, rules: int
) -> Matched:
    """Find the rules that fit each of `rows` rows of columns that are placed already."""
    words = max(1, -(-rules // 64))
    width = next(w for w in (8, 16, 32, 64) if w >= min(rules, 64))
    dtype = np.dtype(f"u{width // 8}")
    tables = [
        np.ascontiguousarray(_bits(cells.accepts, words, dtype)[:, column.cells])
        for cells, column in zip(inputs, columns, strict=True)
    ]
    everything = _bits(np.ones((1, rules), dtype=bool), words, dtype)
    numbering = _Patterns(words, dtype)
    pattern = np.empty(rows, dtype=np.intp)
    for start in range(0, rows, _BLOCK):
        block = slice(start, min(start + _BLOCK, rows))
        bits = np.repeat(everything, block.stop - start, axis=1)
        for table, column in zip(tables, columns, strict=True):
            index = column.index(block)
            for word in range(words):
                # "wrap" reads code -1 as the last entry and skips the bounds check.
                bits[word] &= table[word].take(index, mode="wrap")
        pattern[block] = numbering.number(bits)
    return Matched(pattern, numbering.rules(rules))


def _bits(accepts: NDArray[np.bool_], words: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Pack (cells, rules) booleans into rule bits of shape (words, cells), rule 0 lowest."""
    padded = np.zeros((len(accepts), words * dtype.itemsize * 8), dtype=bool)
    padded[:, : accepts.shape[1]] = accepts
    little = dtype.newbyteorder("<")
    packed = np.packbits(padded, axis=1, bitorder="little").view(little).astype(dtype)
    return np.ascontiguousarray(packed.T)


class _Patterns:
    """Number distinct rule bits as they come, through a hash table the cache can hold."""

    def __init__(self, words: int, dtype: np.dtype[Any]) -> None:
        self._seen: list[NDArray[Any]] = [np.zeros((words, 0), dtype=dtype)]
        self._count = 0
        self._aside: dict[tuple[int, ...], int] = {}
        self._kept = np.zeros((words, 1 << _SLOT_BITS), dtype=dtype)
        # One more than the pattern's number, so that zero is an empty slot.
        self._next_at = np.zeros(1 << _SLOT_BITS, dtype=np.int32)

    def number(self, bits: NDArray[Any]) -> NDArray[np.int32]:
        """Return the pattern number of each column of `bits`, shape (words, n)."""
        slots = self._slots(bits)
        numbers = self._next_at.take(slots, mode="wrap")
        numbers -= 1
        missed = numbers < 0
        for word, kept in zip(bits, self._kept, strict=True):
            missed |= kept.take(slots, mode="wrap") != word
        if missed.any():
            at = np.flatnonzero(missed)
            numbers[at] = self._learn(bits[:, at], slots[at])
        return numbers

    def _slots(self, bits: NDArray[Any]) -> NDArray[np.intp]:
        if bits.dtype.itemsize <= 2:
            return bits[0].astype(np.intp)
        if bits.dtype.itemsize == 4:
            return ((bits[0] * np.uint32(0x9E3779B1)) >> np.uint32(32 - _SLOT_BITS)).astype(np.intp)
        mixed = bits[0].copy()
        for word in bits[1:]:
            mixed *= np.uint64(0x9E3779B97F4A7C15)
            mixed ^= word
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(64 - _SLOT_BITS)).astype(np.intp)

    def _learn(self, bits: NDArray[Any], slots: NDArray[np.intp]) -> NDArray[np.int32]:
        _, first, inverse = np.unique(_sortable(bits), return_index=True, return_inverse=True)
        keys, at = bits[:, first], slots[first]
        # One new key can move into each empty slot; what finds its slot taken goes to the side.
        empty = np.flatnonzero(self._next_at[at] == 0)
        moving = empty[np.unique(at[empty], return_index=True)[1]]
        numbers = np.full(len(first), -1, dtype=np.int32)
        numbers[moving] = self._add(keys[:, moving])
        self._next_at[at[moving]] = numbers[moving] + 1
        self._kept[:, at[moving]] = keys[:, moving]
        for place in np.flatnonzero(numbers < 0).tolist():
            key = tuple(keys[:, place].tolist())
            if key not in self._aside:
                self._aside[key] = int(self._add(keys[:, place : place + 1])[0])
            numbers[place] = self._aside[key]
        return numbers[inverse]

    def _add(self, keys: NDArray[Any]) -> NDArray[np.int32]:
        self._seen.append(keys)
        start, self._count = self._count, self._count + keys.shape[1]
        return np.arange(start, self._count, dtype=np.int32)

    def rules(self, count: int) -> NDArray[np.bool_]:
        """Unpack every pattern seen into booleans, shape (patterns, `count`)."""
        words = np.concatenate(self._seen, axis=1).T
        little = np.ascontiguousarray(words, dtype=words.dtype.newbyteorder("<"))
        octets = little.view(np.uint8)
        return np.unpackbits(octets, axis=1, count=count, bitorder="little").view(np.bool_)


def _sortable(bits: NDArray[Any]) -> NDArray[Any]:
    """Make one key a column: the word itself, or the octets of several."""
    if len(bits) == 1:
        return bits[0]
    return np.ascontiguousarray(bits.T).view(f"V{len(bits) * bits.dtype.itemsize}")[:, 0]
