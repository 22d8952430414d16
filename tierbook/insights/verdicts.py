"""What people said of pictures: one verdict a picture kept, and rates by tier, rule, template."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tierbook.insights.alerts import Reviewed
from tierbook.insights.history import Picture
from tierbook.insights.rates import Rate, rate, shrunk
from tierbook.model import Tier

# Rules and templates gather reviews slowly: they are judged by a quarter, not by a month.
RECENT = timedelta(days=90)


def verdicts(pictures: Iterable[Picture], tiers: Sequence[Tier]) -> tuple[Picture, ...]:
    """Sum the reviews of candidates up to one verdict for each picture wanted, oldest first.

    Of several candidates one is to be kept: when one is approved the others were not rejected,
    they were not chosen. Pictures nobody has looked at give no verdict.
    """
    candidates = {tier.number: max(1, tier.candidates) for tier in tiers}
    kept: dict[tuple[str, int, int, int], Picture] = {}
    for one in pictures:
        if not one.reviewed:
            continue
        wanted = (one.number - 1) // candidates.get(one.tier, 1)
        key = (one.request_id, one.tier, wanted, one.round)
        before = kept.get(key)
        if before is None or (_later(one, before) and not before.approved) or one.approved:
            kept[key] = one
    return tuple(sorted(kept.values(), key=_when))


def _later(one: Picture, other: Picture) -> bool:
    return _when(one) >= _when(other)


def _when(one: Picture) -> tuple[float, int]:
    return (one.reviewed_at.timestamp() if one.reviewed_at else 0.0, one.index)


def as_reviewed(said: Iterable[Picture]) -> tuple[Reviewed, ...]:
    """Spell verdicts as the alerts take them."""
    return tuple(
        Reviewed(one.reviewed_at, one.tier, one.approved, one.rule, one.reason or one.decision)
        for one in said
        if one.reviewed_at is not None
    )


@dataclass(frozen=True, slots=True)
class Approval:
    """How often pictures of one kind were approved.

    `shrunk` pulls a small group's share towards its tier's; `reasons` are (reason, count) of
    what was not approved, most frequent first.
    """

    label: str
    tier: int
    rate: Rate
    shrunk: float
    reasons: tuple[tuple[str, int], ...]


def approval_by(
    said: Sequence[Picture], label: Callable[[Picture], str], tiers: Iterable[int] = ()
) -> tuple[Approval, ...]:
    """Rate the verdicts by tier and label, largest group first within a tier.

    A tier of `tiers` without a verdict gets a line of its own when labels are tiers' numbers.
    """
    groups: dict[tuple[int, str], list[Picture]] = {(tier, str(tier)): [] for tier in tiers}
    by_tier: dict[int, list[bool]] = {}
    for one in said:
        groups.setdefault((one.tier, label(one) or "(none)"), []).append(one)
        by_tier.setdefault(one.tier, []).append(one.approved)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    return tuple(
        Approval(name, tier, rate(sum(one.approved for one in found), len(found)),
                 _shrunk(found, by_tier.get(tier, [])), _reasons(found))
        for (tier, name), found in ordered
    )  # fmt: skip


def _shrunk(found: Sequence[Picture], tier: Sequence[bool]) -> float:
    # One made-up approval and one reject, so that a single review is no certainty.
    base = (sum(tier) + 1) / (len(tier) + 2)
    return shrunk(sum(one.approved for one in found), len(found), base)


def _reasons(found: Iterable[Picture]) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = {}
    for one in found:
        if not one.approved:
            reason = one.reason or f"{one.decision}, no reason given"
            counted[reason] = counted.get(reason, 0) + 1
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
