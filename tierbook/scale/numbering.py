"""Number what recurs: keys of whole columns to small integers, the same in every batch."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_KEY_BITS: Final = 63
_NUMBER_BITS: Final = 31


class Numbering:
    """Numbers distinct int64 keys in the order in which they are first seen."""

    def __init__(self) -> None:
        self._keys = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._keys)

    def number(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of each key, shape (n,); new keys get the next numbers."""
        import pyarrow as pa
        import pyarrow.compute as pc

        arrow, compute = pa, pc  # their stubs leave out most of what is used here
        found: Any = compute.index_in(arrow.array(keys), value_set=arrow.array(self._keys))
        numbers = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        unseen = np.flatnonzero(numbers < 0)
        if len(unseen):
            encoded: Any = arrow.array(keys[unseen]).dictionary_encode()
            numbers[unseen] = encoded.indices.to_numpy() + len(self._keys)
            self._keys = np.concatenate([self._keys, encoded.dictionary.to_numpy()])
        return numbers


class Packing:
    """Numbers rows of codes; each code must stay below 2 to the power of its column's width."""

    def __init__(self, widths: Sequence[int]) -> None:
        self._widths = tuple(widths)
        self._parts: list[Numbering] = []
        self._whole = Numbering()

    def __len__(self) -> int:
        return len(self._whole)

    def number(self, columns: Sequence[NDArray[Any]], rows: int) -> NDArray[np.int64]:
        """Return the number of each row of codes, shape (n,)."""
        packed, used, part = np.zeros(rows, np.int64), 0, 0
        for codes, width in zip(columns, self._widths, strict=True):
            if used + width > _KEY_BITS:
                # What is packed so far becomes one short code, and there is room again.
                if part == len(self._parts):
                    self._parts.append(Numbering())
                packed, used = self._parts[part].number(packed), _NUMBER_BITS
                part += 1
            packed <<= width
            packed |= codes
            used += width
        return self._whole.number(packed)


def first_rows(numbers: NDArray[np.int64], start: int, count: int) -> NDArray[np.intp]:
    """Return the first row of each number from `start` on, shape (count - start,)."""
    rows = np.flatnonzero(numbers >= start)
    first = np.zeros(count - start, np.intp)
    first[numbers[rows[::-1]] - start] = rows[::-1]
    return first
