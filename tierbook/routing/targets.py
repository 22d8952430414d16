"""Work out the size of each picture: its ratio, its long edge, width and height."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import ASPECT_RATIO, LONG_EDGE_PX, PLACEMENT
from tierbook.model import Column, Configuration, Placement, RequestTable, text_column
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.matching import code_objects
from tierbook.routing.rubric import FROM_PLACEMENT, Answer
from tierbook.routing.terms import fold

_SQUARE = "1:1"
# Where neither rule, request nor placement names a size: the long edge the tier is made for.
_TIER_LONG_EDGE = {1: 2000, 2: 2048, 3: 2400}
_FALLBACK_LONG_EDGE = 2000


@dataclass(frozen=True)
class Targets:
    """Sizes of the pictures, every array of shape (n,)."""

    resolution: Column
    ratio: Column
    width: NDArray[np.int32]
    height: NDArray[np.int32]


def targets(
    requests: RequestTable,
    configuration: Configuration,
    winner: NDArray[np.intp],
    tier: NDArray[np.int8],
    answers: Sequence[Answer | None],
) -> Targets:
    """Size every picture; `answers[winner[i]]` is the answer of row `i`'s rule, last for none.

    The ratio is the request's, else the rule's, else the placement's, else 1:1. The long edge is
    the rule's, else the request's, else the placement's target, else the tier's; where the rule
    says `placement`, the placement's comes before the request's.
    """
    keys = [
        winner + 1,
        tier.astype(np.int64) + 1,
        *(code_objects(requests.column(h)) for h in (PLACEMENT, ASPECT_RATIO, LONG_EDGE_PX)),
    ]
    number = np.zeros(len(requests), dtype=np.int64)
    for key in keys:
        codes = key if isinstance(key, np.ndarray) else key.codes
        number = number * (int(codes.max(initial=0)) + 1) + codes
        number = np.unique(number, return_inverse=True)[1]
    rows: list[int] = np.unique(number, return_index=True)[1].tolist()
    placements = placements_by_name(configuration)
    placed, ratios, edges = (
        cast("list[Any]", requests.column(h).tolist())
        for h in (PLACEMENT, ASPECT_RATIO, LONG_EDGE_PX)
    )
    sized = [
        _size(
            answers[int(winner[row])],
            int(tier[row]),
            placements.get(fold(str(placed[row]))),
            ratios[row],
            edges[row],
        )
        for row in rows
    ]
    shape = np.array([(w, h) for _, w, h in sized], dtype=np.int32).reshape(-1, 2)[number]
    return Targets(
        resolution=text_column([f"{w}x{h}" for _, w, h in sized])[number],
        ratio=text_column([ratio for ratio, _, _ in sized])[number],
        width=shape[:, 0],
        height=shape[:, 1],
    )


def _size(
    answer: Answer | None,
    tier: int,
    placement: Placement | None,
    asked_ratio: str | None,
    asked_edge: int | None,
) -> tuple[str, int, int]:
    ruled = answer.ratio if answer and answer.ratio != FROM_PLACEMENT else ""
    if answer and answer.size:
        width, height = answer.size
        common = gcd(width, height)
        return ruled or f"{width // common}:{height // common}", width, height
    ratio = asked_ratio or ruled or (placement.aspect_ratio if placement else "") or _SQUARE
    target = placement.target_px if placement else None
    wishes = (
        (target, asked_edge)
        if answer and answer.from_placement
        else (answer.long_edge if answer else None, asked_edge, target)
    )
    long_edge = next((edge for edge in wishes if edge), None)
    return ratio, *fit(ratio, long_edge or _TIER_LONG_EDGE.get(tier, _FALLBACK_LONG_EDGE))


def fit(ratio: str, long_edge: int) -> tuple[int, int]:
    """Return width and height of this ratio with the given long edge; a bad ratio is square."""
    across, _, down = ratio.partition(":")
    try:
        wide, high = float(across), float(down)
    except ValueError:
        return long_edge, long_edge
    if not (wide > 0 and high > 0):
        return long_edge, long_edge
    if wide >= high:
        return long_edge, max(1, int(long_edge * high / wide + 0.5))
    return max(1, int(long_edge * wide / high + 0.5)), long_edge
