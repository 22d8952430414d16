"""A reject may raise its row one tier, once: which rows, to which tier, and what that adds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.contract import folded
from tierbook.insights.history import APPROVE, Picture
from tierbook.insights.verdicts import verdicts
from tierbook.model import Configuration, MicroUsd, RequestTable

_RULED = frozenset(map(folded, contract.POLICY_GROUPS))


@dataclass(frozen=True, slots=True)
class Escalation:
    """A row whose last picture was not approved, and what one tier up would cost.

    Attributes:
        row: Its sheet row.
        rejected: What its pictures in the lower tier came to, in micro-USD; spent either way.
        more: What its pictures in the upper tier would cost, in micro-USD.
        reason: What the reviewer said.
    """

    request_id: str
    row: int
    sku: str
    placement: str
    from_tier: int
    to_tier: int
    rejected: MicroUsd
    more: MicroUsd
    reason: str

    @property
    def together(self) -> MicroUsd:
        """What the picture will have cost in all, the rejected one included."""
        return self.rejected + self.more


def escalations(
    pictures: Sequence[Picture],
    requests: RequestTable,
    configuration: Configuration,
    per_tier: NDArray[np.int64],
) -> tuple[Escalation, ...]:
    """Say which rows a reject raises one tier, cheapest first.

    A row is raised once: where it has pictures of two tiers already, a person decides. Rows of
    the highest tier, of placements whose channel says how a picture is made, those whose budget
    the upper tier passes, and those whose upper tier has no price, stay where they are.

    Args:
        pictures: What became of the rows' pictures.
        requests: The sheet's rows.
        configuration: Tiers and their candidates.
        per_tier: What each row costs in each tier, shape (n, tiers), -1 where not known.
    """
    numbers = [tier.number for tier in configuration.tiers]
    upper = dict(zip(sorted(numbers), sorted(numbers)[1:], strict=False))
    by_row: dict[str, list[Picture]] = {}
    for one in pictures:
        by_row.setdefault(one.request_id, []).append(one)
    budgets = requests.column(contract.BUDGET_PER_IMAGE)
    found: list[Escalation] = []
    for name, mine in by_row.items():
        said = verdicts(mine, configuration.tiers)
        if not said or said[-1].decision == APPROVE:
            continue
        last = said[-1]
        target = upper.get(last.tier)
        if target is None or len({one.tier for one in mine}) > 1 or folded(last.group) in _RULED:
            continue
        more = int(per_tier[last.index, numbers.index(target)])
        budget = budgets[last.index]
        if more < 0 or (
            budget is not None and _per_image(more, last, configuration, target, requests) > budget
        ):
            continue
        found.append(
            Escalation(
                request_id=name,
                row=int(requests.rows[last.index]),
                sku=last.sku,
                placement=last.placement,
                from_tier=last.tier,
                to_tier=target,
                rejected=sum(one.cost for one in mine),
                more=more,
                reason=last.reason or last.decision,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.more, one.row)))


def _per_image(
    amount: MicroUsd,
    picture: Picture,
    configuration: Configuration,
    target: int,
    requests: RequestTable,
) -> MicroUsd:
    tier = configuration.tier(target)
    angles = requests.column(contract.ANGLES)[picture.index] or 1
    return -(-amount // (max(1, int(angles)) * max(1, tier.candidates if tier else 1)))
