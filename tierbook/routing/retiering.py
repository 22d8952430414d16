"""Move rows of a decision to another tier: what the rubric keeps, and what follows from a tier."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import PLACEMENT, PLACEMENT_GROUP, POLICY_GROUPS, folded
from tierbook.model import Column, Configuration, Decisions, RequestTable, Tier, text_column
from tierbook.routing.deciding import RUBRIC_ROUTER
from tierbook.routing.matching import code_objects

_RULED = frozenset(map(folded, POLICY_GROUPS))


def open_rows(
    requests: RequestTable, configuration: Configuration, decisions: Decisions
) -> NDArray[np.bool_]:
    """Tell which rows another router may decide, shape (n,).

    Rows the rubric holds or leaves undecided stay so; a person's override or lock stands; and
    placements whose channel says how the picture is made keep the rubric's tier.
    """
    groups = code_objects(placement_groups(requests, configuration))
    ruled = np.array([folded(str(group or "")) in _RULED for group in groups.values], np.bool_)
    by_rubric = decisions.router == RUBRIC_ROUTER
    return (decisions.tier > 0) & by_rubric.astype(np.bool_) & ~ruled[groups.codes]


def placement_groups(requests: RequestTable, configuration: Configuration) -> Column:
    """Give the placement group of each row, the seller's own column first; shape (n,)."""
    if PLACEMENT_GROUP in requests:
        return requests.column(PLACEMENT_GROUP)
    groups = {
        folded(name): place.group
        for place in reversed(configuration.placements)
        for name in (place.name, *place.aliases)
    }
    placed = code_objects(requests.column(PLACEMENT))
    known = [groups.get(folded(str(name or ""))) for name in placed.values]
    return text_column(known)[placed.codes] if known else requests.column(PLACEMENT)


def retier(
    decisions: Decisions,
    configuration: Configuration,
    rows: NDArray[np.bool_],
    tiers: NDArray[np.int8],
    why: Column,
    router: str,
) -> Decisions:
    """Decide `rows` anew: where the tier stays, what the rubric's rule said of it stays too.

    `tiers` and `why` have shape (n,) and count where `rows` is True. Size and queue follow from
    the placement and the rule, not from the tier, and are kept.
    """
    moved = rows & (tiers != decisions.tier)
    numbers = {tier.number: tier for tier in configuration.tiers}
    before = decisions.tier

    def follow(column: Column, pick: Callable[[Tier], Any]) -> Column:
        changed = column.copy()
        for number in np.unique(tiers[moved]).tolist():
            changed[moved & (tiers == number)] = pick(numbers[number])
        return changed

    return replace(
        decisions,
        tier=np.where(rows, tiers, before).astype(np.int8),
        why=np.where(rows, why, decisions.why),
        template=follow(decisions.template, lambda tier: tier.prompt_template),
        review=follow(decisions.review, lambda tier: tier.review),
        lane=follow(decisions.lane, lambda tier: tier.lane),
        engine=follow(decisions.engine, lambda tier: tier.engine),
        images=_images(decisions, numbers, moved, tiers),
        router=np.where(rows, router, decisions.router),
    )


def _images(
    decisions: Decisions,
    numbers: dict[int, Tier],
    moved: NDArray[np.bool_],
    tiers: NDArray[np.int8],
) -> NDArray[np.int32]:
    """Keep the angles, and take the candidates of the new tier."""
    images = decisions.images.copy()
    most = max(numbers, default=0)
    candidates = np.ones(most + 1, np.int32)
    for number, tier in numbers.items():
        candidates[number] = max(1, tier.candidates)
    angles = np.maximum(1, images[moved] // candidates[decisions.tier[moved]])
    images[moved] = angles * candidates[tiers[moved]]
    return images
