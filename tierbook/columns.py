"""Small steps on whole columns that NumPy does not offer as they are needed here."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct values in rising order.

    `np.unique` without its options does the same, but loads NumPy's masked arrays to do it,
    which costs a short run more than all its sorting.
    """
    ordered = np.sort(values, axis=None)
    if not len(ordered):
        return ordered
    return ordered[np.append(True, ordered[1:] != ordered[:-1])]
