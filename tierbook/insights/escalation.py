"""A reject may raise its row one tier, once: which rows, to which tier, and what that adds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.contract import folded
from tierbook.insights.history import APPROVE, REDO, REJECT, Picture
from tierbook.insights.holdout import ROUTER as HOLDOUT_ROUTER
from tierbook.model import (
    NO_TIER,
    Column,
    Configuration,
    Decisions,
    MicroUsd,
    RequestTable,
    Tier,
    usd,
)
from tierbook.routing.deciding import LOCKED_ROUTER, OVERRIDE_ROUTER, RAISED_ROUTER, TRIED_ROUTER
from tierbook.routing.retiering import retier

_RULED = frozenset(map(folded, contract.POLICY_GROUPS))
# Rows a person decided, and rows that are an experiment, stay where they are.
_FIXED = (OVERRIDE_ROUTER, LOCKED_ROUTER, HOLDOUT_ROUTER, TRIED_ROUTER)
# A dearer engine makes the same size.
_NOT_MENDED = frozenset({folded("wrong size")})


@dataclass(frozen=True, slots=True)
class Escalation:
    """A row whose picture was rejected, and what one tier up costs.

    Attributes:
        index: Its place in the request table; `row` is its sheet row.
        rejected: What its pictures in the lower tier came to, in micro-USD; spent either way.
        more: What its pictures in the upper tier cost, in micro-USD.
        reason: What the reviewer said.
        made: Whether a picture of the upper tier was made already.
    """

    request_id: str
    index: int
    row: int
    sku: str
    placement: str
    from_tier: int
    to_tier: int
    rejected: MicroUsd
    more: MicroUsd
    reason: str
    made: bool = False

    @property
    def together(self) -> MicroUsd:
        """What the picture will have cost in all, the rejected one included."""
        return self.rejected + self.more


def base_tiers(decisions: Decisions, tiers: Iterable[Tier]) -> NDArray[np.int8]:
    """Give the tier each row has before any reject, `NO_TIER` where none may raise it; (n,)."""
    numbers = sorted(tier.number for tier in tiers)
    lower = {upper: number for number, upper in pairwise(numbers)}
    base = decisions.tier.copy()
    base[np.isin(decisions.router.astype(str), _FIXED)] = NO_TIER
    for index in np.flatnonzero(decisions.router == RAISED_ROUTER).tolist():
        base[index] = lower.get(int(base[index]), NO_TIER)
    return base


def escalations(
    pictures: Sequence[Picture],
    requests: RequestTable,
    configuration: Configuration,
    per_tier: NDArray[np.int64],
    base: NDArray[np.int8],
) -> tuple[Escalation, ...]:
    """Say which rows a reject raises one tier, cheapest first.

    A row is raised once, from the tier it has by rule to the next, and stays there. Rows stay
    where they are in the highest tier, at placements whose channel says how a picture is made,
    where another angle was approved or is to be made anew, where the size was wrong, where the
    upper tier passes the row's budget, and where it has no price.

    Args:
        pictures: What became of the rows' pictures, oldest first.
        requests: The sheet's rows.
        configuration: Tiers and their candidates.
        per_tier: What each row costs in each tier, shape (n, tiers), -1 where not known.
        base: See `base_tiers`.
    """
    by_row: dict[int, list[Picture]] = {}
    for one in pictures:
        if one.made and not one.removed and base[one.index] > 0:
            by_row.setdefault(one.index, []).append(one)
    prices = _Prices(requests, configuration, per_tier)
    found = (_escalation(mine, requests, prices, int(base[i])) for i, mine in by_row.items())
    return tuple(sorted((one for one in found if one), key=lambda one: (one.more, one.row)))


class _Prices:
    """What a row costs in a tier, and whether its budget allows that."""

    def __init__(
        self, requests: RequestTable, configuration: Configuration, per_tier: NDArray[np.int64]
    ) -> None:
        self.tiers = {tier.number: tier for tier in configuration.tiers}
        self._positions = {t.number: place for place, t in enumerate(configuration.tiers)}
        self._per_tier = per_tier
        self._budgets = requests.column(contract.BUDGET_PER_IMAGE)
        self._angles = requests.column(contract.ANGLES)

    def candidates(self, tier: int) -> int:
        """How many pictures compete for one angle."""
        return max(1, self.tiers[tier].candidates) if tier in self.tiers else 1

    def of(self, index: int, tier: int) -> MicroUsd | None:
        """Price a row's pictures in a tier; None without a price, or past the row's budget."""
        amount = int(self._per_tier[index, self._positions[tier]])
        budget = self._budgets[index]
        pictures = max(1, int(self._angles[index] or 1)) * self.candidates(tier)
        if amount < 0 or (budget is not None and -(-amount // pictures) > budget):
            return None
        return amount


def _escalation(
    mine: Sequence[Picture], requests: RequestTable, prices: _Prices, lower: int
) -> Escalation | None:
    upper = min((number for number in prices.tiers if number > lower), default=None)
    seen = {one.tier for one in mine}
    if upper is None or lower not in seen or not seen <= {lower, upper}:
        return None
    below = [one for one in mine if one.tier == lower]
    said = _reject(below, prices.candidates(lower))
    if said is None or folded(said.group) in _RULED or folded(said.reason) in _NOT_MENDED:
        return None
    paid = [one.cost for one in mine if one.tier == upper]
    more = sum(paid) if paid else prices.of(said.index, upper)
    if more is None:
        return None
    return Escalation(
        request_id=said.request_id,
        index=said.index,
        row=int(requests.rows[said.index]),
        sku=said.sku,
        placement=said.placement,
        from_tier=lower,
        to_tier=upper,
        rejected=sum(one.cost for one in below),
        more=more,
        reason=said.reason or said.decision,
        made=bool(paid),
    )


def _reject(pictures: Iterable[Picture], candidates: int) -> Picture | None:
    """Find the reject that raises a row: the newest pictures of an angle, every candidate."""
    newest = {one.number: one for one in pictures}
    if {one.decision for one in newest.values()} & {APPROVE, REDO}:
        return None
    angles: dict[int, list[Picture]] = {}
    for one in newest.values():
        angles.setdefault((one.number - 1) // candidates, []).append(one)
    lost = (a[-1] for a in angles.values() if all(one.decision == REJECT for one in a))
    return next(lost, None)


def raised(
    decisions: Decisions,
    requests: RequestTable,
    configuration: Configuration,
    found: Sequence[Escalation],
    ids: Column,
) -> Decisions:
    """Route the rows found one tier up, each with the reason and what the reject cost.

    Rows that repeat one of them go with it: theirs is the same picture. `ids` has shape (n,).
    """
    by_id = {one.request_id: one for one in found}
    rows = np.zeros(len(decisions), np.bool_)
    tiers, why = decisions.tier.copy(), decisions.why.copy()
    for index, name in enumerate(ids.tolist()):
        one = by_id.get(name)
        if one is None or decisions.tier[index] != one.from_tier:
            continue
        rows[index], tiers[index] = True, one.to_tier
        why[index] = (
            f'Raised one tier, once: its tier {one.from_tier} picture was rejected ("{one.reason}"'
            f"). That one cost {usd(one.rejected)}; with tier {one.to_tier} it comes to "
            f"{usd(one.together)}. {decisions.why[index]}"
        )
    return retier(decisions, requests, configuration, rows, tiers, why, RAISED_ROUTER)


def within_caps(
    found: Iterable[Escalation],
    left: MicroUsd | None,
    left_of_tier: Mapping[int, MicroUsd],
) -> tuple[Escalation, ...]:
    """Keep the rows whose upper tier still fits under the caps, the cheapest first.

    Pictures made already ask for nothing more.

    Args:
        found: Rows to raise.
        left: What may still be spent, None without a cap.
        left_of_tier: The same by tier, absent without a cap.
    """
    kept: list[Escalation] = []
    asked: dict[int, MicroUsd] = {}
    for one in found:
        if not one.made:
            of_tier = asked.get(one.to_tier, 0) + one.more
            every = sum(asked.values()) + one.more
            if of_tier > left_of_tier.get(one.to_tier, of_tier) or (
                left is not None and every > left
            ):
                continue
            asked[one.to_tier] = of_tier
        kept.append(one)
    return tuple(kept)
