"""Keep what an earlier run said of a row whose Action is `lock`."""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import (
    ACTION,
    HOLD,
    PROMPT_TEMPLATE,
    QUEUE_PRIORITY,
    RESOLUTION_TARGET,
    RULE,
    TIER,
    WHY,
)
from tierbook.model import HOLD_TIER, NO_TIER, Column, Configuration, Decisions, RequestTable
from tierbook.routing.terms import fold, known, number_in

_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")
_LOCKED = "Locked: "


def tier_number(value: Any) -> int:
    """Read what a run wrote into the column Tier; `NO_TIER` where it is no tier."""
    seen = known(value)
    if isinstance(seen, str):
        if fold(seen) == fold(HOLD):
            return HOLD_TIER
        seen = number_in(re.sub(r"^tier\s*", "", fold(seen)))
    if seen is None or isinstance(seen, bool) or not hasattr(seen, "to_integral_value"):
        return NO_TIER
    return int(seen) if seen == int(seen) and 1 <= seen <= 9 else NO_TIER  # pyright: ignore


@dataclass(frozen=True)
class Locked:
    """Rows that keep an earlier run's answers.

    Attributes:
        rows: Which rows, bool, shape (n,); a row without an earlier tier is not among them.
        tier: The earlier tier of each row, `NO_TIER` elsewhere.
        outputs: The earlier answers by heading.
    """

    rows: NDArray[np.bool_]
    tier: NDArray[np.int8]
    outputs: dict[str, Column]

    def restore(self, decisions: Decisions, allowed: NDArray[np.bool_]) -> Decisions:
        """Put the earlier answers back where rows are locked and `allowed`."""
        rows = np.flatnonzero(self.rows & allowed)
        if not len(rows):
            return decisions
        changed = {
            name: getattr(decisions, name).copy()
            for name in ("rule", "why", "template", "resolution", "width", "height", "priority")
        }
        for row in rows.tolist():
            for name, heading in (("rule", RULE), ("template", PROMPT_TEMPLATE)):
                changed[name][row] = self._text(heading, row)
            why = self._text(WHY, row).removeprefix(_LOCKED)
            changed["why"][row] = f"{_LOCKED}{why or 'the tier of an earlier run'}"
            size = _SIZE.fullmatch(self._text(RESOLUTION_TARGET, row))
            if size:
                changed["resolution"][row] = size[0]
                changed["width"][row], changed["height"][row] = int(size[1]), int(size[2])
            queue = number_in(self._text(QUEUE_PRIORITY, row))
            if queue is not None:
                changed["priority"][row] = int(queue)
        return replace(decisions, **changed)

    def _text(self, heading: str, row: int) -> str:
        column = self.outputs.get(heading)
        value = None if column is None else column[row]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


def locked_rows(requests: RequestTable, configuration: Configuration) -> Locked:
    """Find the rows with Action `lock` that an earlier run has decided."""
    numbers = {HOLD_TIER, *(tier.number for tier in configuration.tiers)}
    tier = np.full(len(requests), NO_TIER, dtype=np.int8)
    earlier = requests.outputs.get(TIER)
    if earlier is not None:
        for row, action in enumerate(requests.column(ACTION).tolist()):
            if action == "lock" and (number := tier_number(earlier[row])) in numbers:
                tier[row] = number
    return Locked(tier != NO_TIER, tier, dict(requests.outputs))
