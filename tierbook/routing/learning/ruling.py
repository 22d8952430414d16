"""What the rules, the brand and the channel leave open to a learned router."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import Column, Configuration
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.matching import code_objects
from tierbook.routing.terms import fold

_RULED = frozenset(map(fold, contract.POLICY_GROUPS))
_STRICT = contract.STRICTNESS[-1]


def strict_brand(columns: Mapping[str, Column], count: int) -> NDArray[np.bool_]:
    """Tell which rows are of a strict brand, shape (n,): nothing is tried out on them."""
    return np.array([fold(text) == _STRICT for text in _texts(columns, contract.BRAND_STRICTNESS,
                                                             count)], np.bool_)  # fmt: skip


def allowed_by_rules(
    columns: Mapping[str, Column],
    rubric: NDArray[np.intp],
    tiers: int,
    configuration: Configuration,
) -> NDArray[np.bool_]:
    """Tell which tiers each row may take, by place, shape (n, tiers).

    Strict brands take nothing below the rubric's tier; placements whose channel says how the
    picture is made take the rubric's tier only.
    """
    count = len(rubric)
    places = placements_by_name(configuration)
    placed = code_objects(_column(columns, contract.PLACEMENT, count))
    known = [places.get(fold(str(name))) for name in placed.values]
    ruled_place = [place is not None and fold(place.group) in _RULED for place in known]
    ruled = np.array(ruled_place or [False], np.bool_)[placed.codes]
    groups = _texts(columns, contract.PLACEMENT_GROUP, count)
    ruled |= np.array([fold(group) in _RULED for group in groups], np.bool_)
    steps = np.arange(tiers)[None, :] - rubric[:, None]
    strict = strict_brand(columns, count)
    return (steps == 0) | (~ruled[:, None] & ((steps > 0) | ~strict[:, None]))


def visibility(
    columns: Mapping[str, Column], count: int, configuration: Configuration
) -> NDArray[np.float64]:
    """Give the visibility weight of each row's placement, 1 where it is unknown; shape (n,)."""
    places = placements_by_name(configuration)
    placed = code_objects(_column(columns, contract.PLACEMENT, count))
    known = [places.get(fold(str(name))) for name in placed.values]
    weights = [1.0 if place is None else float(place.visibility_weight) for place in known]
    return np.array(weights or [1.0], np.float64)[placed.codes]


def _column(columns: Mapping[str, Column], heading: str, count: int) -> Column:
    wanted = contract.folded(heading)
    found = next((c for h, c in columns.items() if contract.folded(h) == wanted), None)
    return np.full(count, None, dtype=object) if found is None else found


def _texts(columns: Mapping[str, Column], heading: str, count: int) -> list[str]:
    values = _column(columns, heading, count).tolist()
    return ["" if value is None else str(value) for value in values]
