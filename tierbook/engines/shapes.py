"""Fit the picture wanted into the shapes a provider offers."""

import math
from collections.abc import Sequence


def ratio_of(spelled: str) -> float:
    """Read `4:5` as 0.8."""
    width, _, height = spelled.partition(":")
    return float(width) / float(height)


def nearest_ratio(width: int, height: int, offered: Sequence[str]) -> str:
    """Pick the offered aspect ratio closest to the picture's."""
    wanted = math.log(width / height)
    return min(offered, key=lambda spelled: abs(math.log(ratio_of(spelled)) - wanted))


def in_steps(
    width: int, height: int, *, step: int, smallest: int, longest: int, most_pixels: int
) -> tuple[int, int]:
    """Scale a size into a provider's limits, both sides multiples of `step`, shape kept."""
    scale = min(1.0, longest / max(width, height), math.sqrt(most_pixels / (width * height)))
    scale = max(scale, smallest / min(width, height))
    # Rounding up one step may pass the pixel limit, so the scaled sides are rounded down then.
    sides = [max(smallest, math.ceil(side * scale / step) * step) for side in (width, height)]
    if sides[0] * sides[1] > most_pixels or max(sides) > longest:
        sides = [max(smallest, math.floor(side * scale / step) * step) for side in (width, height)]
    return sides[0], sides[1]
