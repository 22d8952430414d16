"""The common routing mistakes, looked for in this sheet, each with what to do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from tierbook.contract import BUDGET_PER_IMAGE, PLACEMENT
from tierbook.model import CellRef, Configuration, Decisions, Finding, RequestTable
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.terms import fold

PRICES_STALE_AFTER_DAYS = 60
RULES_STALE_AFTER_DAYS = 90
_TOP_TIER = 3
_NEARLY_ALL = 0.9
_ENOUGH_ROWS = 20  # below this a share says nothing
_NAMED = 5
# A slot that weighs less than this share of the most visible one is seen by few.
_LITTLE_SEEN = 0.25


def routing_mistakes(
    configuration: Configuration, requests: RequestTable, decisions: Decisions, today: date
) -> tuple[Finding, ...]:
    """Look for the mistakes that cost sellers most, in the settings and in what was decided."""
    return (
        *_one_tier(decisions),
        *_unseen_heroes(configuration, requests, decisions),
        *_one_prompt(configuration, decisions),
        *_unreviewed_heroes(configuration, decisions),
        *_no_budget(configuration, requests),
        *_no_engine(configuration),
        *_no_reason(configuration),
        *_stale_prices(configuration, today),
        *_stale_rules(configuration, today),
    )


def _mistake(message: str, fix: str, *, rule: str = "", cell: CellRef | None = None) -> Finding:
    return Finding("mistake", "warning", message, fix, rule=rule, cell=cell)


def named(names: Sequence[str]) -> str:
    """List the first few names, and say how many more there are."""
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown


def counted(number: int, thing: str) -> str:
    """Say how many: `1 row`, `12 rows`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _one_tier(decisions: Decisions) -> Iterator[Finding]:
    decided = decisions.tier[decisions.tier > 0]
    if len(decided) < _ENOUGH_ROWS:
        return
    tiers: list[int] = decided.tolist()
    tier, count = Counter(tiers).most_common(1)[0]
    share = count / len(decided)
    if share >= _NEARLY_ALL:
        fix = (
            "Look for pictures many people see (homepage, campaign) that deserve a higher tier."
            if tier == 1
            else "Add rules that send cut-outs, plain backgrounds and colour swaps to tier 1."
        )
        yield _mistake(f"{share:.0%} of the pictures are in tier {tier}.", fix)


def _unseen_heroes(
    configuration: Configuration, requests: RequestTable, decisions: Decisions
) -> Iterator[Finding]:
    weights = {
        name: place.visibility_weight for name, place in placements_by_name(configuration).items()
    }
    if not weights:
        return
    limit = float(max(weights.values())) * _LITTLE_SEEN
    placed = requests.column(PLACEMENT)
    wasted = Counter(
        str(placed[row])
        for row in np.flatnonzero(decisions.tier == _TOP_TIER).tolist()
        if float(weights.get(fold(str(placed[row])), limit)) < limit
    )
    for placement, count in wasted.most_common(_NAMED):
        yield _mistake(
            f'{counted(count, "picture")} for "{placement}" in tier {_TOP_TIER}, a placement that '
            "few people see.",
            f'Add a rule that sends "{placement}" to a lower tier, or raise its visibility '
            "weight in the tab Placements.",
        )


def _one_prompt(configuration: Configuration, decisions: Decisions) -> Iterator[Finding]:
    made = decisions.tier > 0
    tiers = set(decisions.tier[made].tolist())
    templates = set(decisions.template[made].tolist())
    defaults = {tier.prompt_template for tier in configuration.tiers}
    if (len(tiers) > 1 and len(templates) == 1) or (
        len(configuration.tiers) > 1 and len(defaults) == 1
    ):
        yield _mistake(
            f'Every tier uses the prompt template "{next(iter(templates or defaults))}".',
            "Write one template per tier: a short one for cut-outs, a scene for tier 2, the "
            "full brief for tier 3.",
        )


def _unreviewed_heroes(configuration: Configuration, decisions: Decisions) -> Iterator[Finding]:
    rows = (decisions.tier == _TOP_TIER) & (decisions.review == "none")
    top = configuration.tier(_TOP_TIER)
    if rows.any():
        rules = sorted({str(rule) for rule in decisions.rule[rows].tolist() if rule})
        by = f" (rules {named(rules)})" if rules else ""
        yield _mistake(
            f"{counted(int(rows.sum()), 'picture')} of tier {_TOP_TIER} without review before "
            f"going out{by}.",
            'Set Review to "human" in those rules or in the tab Tiers.',
        )
    elif top is not None and top.review == "none":
        yield _mistake(
            f"Tier {_TOP_TIER} has no review.", 'Set its Review to "human" in the tab Tiers.'
        )


def _no_budget(configuration: Configuration, requests: RequestTable) -> Iterator[Finding]:
    settings = configuration.settings
    capped = (
        settings.cap_per_run is not None
        or settings.cap_per_month is not None
        or bool(settings.cap_per_tier)
        or any(tier.monthly_cap is not None for tier in configuration.tiers)
        or any(value is not None for value in requests.column(BUDGET_PER_IMAGE).tolist())
    )
    if not capped:
        yield _mistake(
            "There is no budget: no cap per run, month or tier, and no budget per image.",
            'Set "Cap per month" in the tab Settings.',
        )


def _no_engine(configuration: Configuration) -> Iterator[Finding]:
    for tier in configuration.tiers:
        if not tier.engine:
            yield _mistake(
                f"Tier {tier.number} ({tier.name}) has no engine, so its pictures cannot be "
                "priced or made.",
                "Name an engine of the price book in the tab Tiers.",
            )


def _no_reason(configuration: Configuration) -> Iterator[Finding]:
    silent = [rule for rule in configuration.rubric.rules if rule.on and not rule.why.strip()]
    if silent:
        names = [rule.name for rule in silent]
        yield _mistake(
            f"{counted(len(silent), 'rule')} without a reason: {named(names)}.",
            "Write in the column Why what the rule is for; it is shown beside every picture.",
            rule=names[0],
            cell=CellRef(configuration.rubric.sheet, silent[0].row),
        )


def _stale_prices(configuration: Configuration, today: date) -> Iterator[Finding]:
    pinned = {
        word
        for tier in configuration.tiers
        for engine in (tier.engine, *tier.fallback_engines)
        for word in engine.split()[:1]
    }
    stale = sorted(
        {
            price.model
            for price in configuration.price_book
            if {price.model, price.engine} & pinned
            and price.kind != "free"
            and price.checked_on is not None
            and (today - price.checked_on).days > PRICES_STALE_AFTER_DAYS
        }
    )
    if stale:
        yield _mistake(
            f"The prices of {named(stale)} were checked more than {PRICES_STALE_AFTER_DAYS} "
            "days ago.",
            "Compare them with the provider's price list, and set Checked on in the tab "
            "Price book.",
        )


def _stale_rules(configuration: Configuration, today: date) -> Iterator[Finding]:
    old = [
        rule
        for rule in configuration.rubric.rules
        if rule.on and rule.since is not None and (today - rule.since).days > RULES_STALE_AFTER_DAYS
    ]
    if old:
        names = [rule.name for rule in old]
        yield _mistake(
            f"{counted(len(old), 'rule')} not reviewed for {RULES_STALE_AFTER_DAYS} days: "
            f"{named(names)}.",
            "Look at their hits and rejections, then set Since to today.",
            rule=names[0],
            cell=CellRef(configuration.rubric.sheet, old[0].row),
        )
