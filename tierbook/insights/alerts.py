"""When a tier's approval falls: look at the rules, not at the model.

Checked on windows that do not overlap. Testing after every review would raise a false alarm in
about half of all months; four checks of thirty reviews keep it near one in five, and two amber
windows running happen by chance about four times in a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tierbook.insights.rates import upper_bound

WINDOW = 30
BASE_PERIOD = timedelta(days=90)
CHEAPER_SHARE = 0.97
CHEAPER_COUNT = 60

Level = Literal["none", "amber", "red", "try cheaper"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One reviewed picture: when, by which rule it was routed, and what was said of it."""

    at: datetime
    tier: int
    approved: bool
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What to tell of one tier.

    `base` and `base_count` describe the ninety days before the window; `suspects` are the
    (rule, reason, count) behind the window's rejects, most frequent first.
    """

    tier: int
    level: Level
    approved: int
    count: int
    base: float
    base_count: int
    suspects: tuple[tuple[str, str, int], ...]
    message: str


def tier_alert(reviews: Sequence[Reviewed], tier: int) -> Alert:
    """Judge one tier by its last whole windows of reviews.

    Windows are cut from the first review on, so that a later check never looks at the same review
    twice; a window that is not full yet is not judged.
    """
    mine = sorted((one for one in reviews if one.tier == tier), key=lambda one: one.at)
    full = len(mine) // WINDOW
    levels = [_window_is_low(mine, number) for number in range(max(0, full - 2), full)]
    window = mine[(full - 1) * WINDOW : full * WINDOW] if full else []
    base, base_count = _base(mine, (full - 1) * WINDOW) if full else (0.0, 0)
    approved = sum(one.approved for one in window)
    suspects = _suspects(window)
    if levels and levels[-1]:
        level: Level = "red" if all(levels) and len(levels) == 2 else "amber"
        return Alert(
            tier, level, approved, len(window), base, base_count, suspects,
            f"Tier {tier}: {approved} of the last {len(window)} reviewed were approved, against "
            f"{base:.0%} before. Review the rules, not the model.",
        )  # fmt: skip
    recent = mine[-CHEAPER_COUNT:]
    kept = sum(one.approved for one in recent)
    if tier > 1 and len(recent) >= CHEAPER_COUNT and kept > CHEAPER_SHARE * len(recent):
        return Alert(
            tier, "try cheaper", kept, len(recent), base, base_count, (),
            f"Tier {tier}: {kept} of the last {len(recent)} were approved. "
            "Try one tier cheaper for some of them.",
        )  # fmt: skip
    return Alert(tier, "none", approved, len(window), base, base_count, (), "")


def _window_is_low(mine: Sequence[Reviewed], number: int) -> bool:
    """Tell whether the window's upper bound stays under the rate of the ninety days before it."""
    start = number * WINDOW
    base, count = _base(mine, start)
    if count < WINDOW:
        return False
    approved = sum(one.approved for one in mine[start : start + WINDOW])
    return upper_bound(approved, WINDOW) < base


def _base(mine: Sequence[Reviewed], start: int) -> tuple[float, int]:
    since = mine[start].at - BASE_PERIOD
    before = [one.approved for one in mine[:start] if one.at >= since]
    # One made-up approval and one reject: a spotless past must not make one reject an alarm.
    return (sum(before) + 1) / (len(before) + 2), len(before)


def _suspects(window: Sequence[Reviewed]) -> tuple[tuple[str, str, int], ...]:
    counted: dict[tuple[str, str], int] = {}
    for one in window:
        if not one.approved:
            key = (one.rule, one.reason)
            counted[key] = counted.get(key, 0) + 1
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple((rule, reason, count) for (rule, reason), count in ranked)
