"""Minimise a smooth convex function by limited-memory BFGS (Nocedal, 1980).

A short one of our own: SciPy's hands its small vectors to a threaded BLAS, whose waiting threads
burn more processor time than the whole fit takes.
"""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_Vector = NDArray[np.float64]

_MEMORY = 8
_ENOUGH_DESCENT = 1e-4
_HALVINGS = 20


def minimise(
    function: Callable[[_Vector], tuple[float, _Vector]],
    start: _Vector,
    most_steps: int,
    tolerance: float,
) -> _Vector:
    """Walk downhill until a step gains less than `tolerance` of the value.

    `function` gives the value and the slope at a point.
    """
    point, (value, slope) = start, function(start)
    memory: deque[tuple[_Vector, _Vector, float]] = deque(maxlen=_MEMORY)
    for _ in range(most_steps):
        direction = -_scaled(slope, memory)
        downhill = float(np.sum(direction * slope))
        length = 1.0 if memory else min(1.0, 1.0 / float(np.sum(np.abs(slope)) or 1.0))
        for _ in range(_HALVINGS):
            following = point + length * direction
            reached, steepness = function(following)
            if reached <= value + _ENOUGH_DESCENT * length * downhill:
                break
            length /= 2
        else:
            return point
        moved, bent = following - point, steepness - slope
        curve = float(np.sum(moved * bent))
        if curve > 0:
            memory.append((moved, bent, curve))
        gained = value - reached
        point, value, slope = following, reached, steepness
        if gained <= tolerance * max(1.0, abs(value)):
            break
    return point


def _scaled(slope: _Vector, memory: deque[tuple[_Vector, _Vector, float]]) -> _Vector:
    """Apply the remembered inverse curvature to the slope (the two-loop recursion)."""
    scaled = slope.copy()
    shares: list[float] = []
    for moved, bent, curve in reversed(memory):
        share = float(np.sum(moved * scaled)) / curve
        scaled -= share * bent
        shares.append(share)
    if memory:
        _, bent, curve = memory[-1]
        scaled *= curve / float(np.sum(bent * bent))
    for (moved, bent, curve), share in zip(memory, reversed(shares), strict=True):
        scaled += moved * (share - float(np.sum(bent * scaled)) / curve)
    return scaled
