"""Find rows that ask for the same picture twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.columns import distinct
from tierbook.contract import ACTION, PLACEMENT, SKU

# A SKU typed with another case is told of elsewhere, and an action says nothing of the picture.
_NOT_COMPARED = frozenset({SKU, PLACEMENT, ACTION})


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row that names the SKU and placement of an earlier one; `differs` holds headings."""

    index: int
    first: int
    differs: tuple[str, ...]


def find_repeats(
    keys: Sequence[str],
    places: Sequence[Any],
    usable: NDArray[np.bool_],
    columns: Mapping[str, Sequence[Any]],
) -> Iterator[Repeat]:
    """Yield every later row of a SKU and placement, with the columns in which it differs.

    Args:
        keys: Folded SKU of each row.
        places: Placement of each row.
        usable: Rows to look at.
        columns: Heading -> values that make the picture.
    """
    if _all_different(keys, places):
        return
    pairs = list(zip(keys, places, strict=True))
    compared = {h: cells for h, cells in columns.items() if h not in _NOT_COMPARED}
    first: dict[tuple[str, Any], int] = {}
    for index, pair in enumerate(pairs):
        if not usable[index]:
            continue
        before = first.setdefault(pair, index)
        if before != index:
            differs = (h for h, cells in compared.items() if cells[index] != cells[before])
            yield Repeat(index, before, tuple(differs))


def _all_different(keys: Sequence[str], places: Sequence[Any]) -> bool:
    """Tell that no pair occurs twice; on numbers, which is far quicker than on pairs of texts."""
    sku_codes = {key: code for code, key in enumerate(set(keys))}
    place_codes = {place: code for code, place in enumerate(set(places))}
    skus = np.fromiter(map(sku_codes.__getitem__, keys), np.int64, len(keys))
    shown = np.fromiter(map(place_codes.__getitem__, places), np.int64, len(keys))
    return len(distinct(skus * len(place_codes) + shown)) == len(keys)
