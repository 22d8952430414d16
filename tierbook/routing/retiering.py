"""Move rows of a decision to another tier: what the rubric keeps, and what follows from a tier."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import ANGLES, PLACEMENT, PLACEMENT_GROUP, POLICY_GROUPS, folded
from tierbook.model import Column, Configuration, Decisions, RequestTable, Tier, text_column
from tierbook.routing.deciding import RUBRIC_ROUTER
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.matching import code_objects
from tierbook.routing.terms import fold

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
    places = placements_by_name(configuration)
    placed = code_objects(requests.column(PLACEMENT))
    known = [places.get(fold(str(name))) for name in placed.values]
    groups = [None if place is None else place.group for place in known]
    return text_column(groups)[placed.codes] if groups else requests.column(PLACEMENT)


def retier(
    decisions: Decisions,
    requests: RequestTable,
    configuration: Configuration,
    rows: NDArray[np.bool_],
    tiers: NDArray[np.int8],
    why: Column,
    router: str | Column,
) -> Decisions:
    """Decide `rows` anew: where the tier stays, what the rubric's rule said of it stays too.

    `tiers`, `why` and `router` (or one name for all) have shape (n,) and count where `rows` is
    True. Size and queue follow from the placement and the rule, not from the tier, and are kept.
    """
    moved = rows & (tiers != decisions.tier)
    numbers = {tier.number: tier for tier in configuration.tiers}
    candidates = np.array([max(1, numbers[n].candidates) for n in tiers[moved].tolist()], np.int32)

    def follow(column: Column, pick: Callable[[Tier], Any]) -> Column:
        changed = column.copy()
        for number in np.unique(tiers[moved]).tolist():
            changed[moved & (tiers == number)] = pick(numbers[number])
        return changed

    return replace(
        decisions,
        tier=np.where(rows, tiers, decisions.tier).astype(np.int8),
        why=np.where(rows, why, decisions.why),
        template=follow(decisions.template, lambda tier: tier.prompt_template),
        review=follow(decisions.review, lambda tier: tier.review),
        lane=follow(decisions.lane, lambda tier: tier.lane),
        engine=follow(decisions.engine, lambda tier: tier.engine),
        images=_images(decisions, requests, moved, candidates),
        router=np.where(rows, router, decisions.router),
    )


def _images(
    decisions: Decisions,
    requests: RequestTable,
    moved: NDArray[np.bool_],
    candidates: NDArray[np.int32],
) -> NDArray[np.int32]:
    images = decisions.images.copy()
    angles = [max(1, int(a)) if a else 1 for a in requests.column(ANGLES)[moved].tolist()]
    images[moved] = np.array(angles, np.int32) * candidates
    return images
