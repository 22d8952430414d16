"""What another tier, or another engine for a tier, would cost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.costing.choice import Choice, NoPrice, area, choice_text, pixels, read_choice
from tierbook.costing.price import Quote
from tierbook.costing.quoting import (
    has_source_photo,
    pictures_wanted,
    prompt_bytes,
    quote_choice,
)
from tierbook.errors import UsageError
from tierbook.model import (
    Column,
    Configuration,
    Decisions,
    MicroUsd,
    PriceRule,
    RequestTable,
    Tier,
)

# A model about to be shut down is no advice.
_MUST_LIVE = timedelta(days=90)
_WHAT_IF = re.compile(r"^\s*(?:tier\s+)?(?P<tier>[^=]+?)\s*=\s*(?P<engine>.+?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One tier with another engine: the new total of all rows, and what it moves (micro-USD)."""

    label: str
    tier: int
    engine: str
    total_micro_usd: MicroUsd
    difference_micro_usd: MicroUsd


@dataclass(frozen=True, slots=True)
class _Sold:
    """An engine choice the price book offers; `area` is its largest in pixels, None for any."""

    text: str
    choice: Choice | NoPrice
    area: int | None


def per_tier(
    requests: RequestTable,
    decisions: Decisions,
    configuration: Configuration,
    prompts: Column,
    today: date,
) -> NDArray[np.int64]:
    """Price each row in each tier: micro-USD of shape (n, tiers), -1 where no price is known.

    Each row keeps its resolution and its prompt; the pictures are its angles times the
    candidates of the tier.
    """
    has_source = has_source_photo(requests)
    angles = pictures_wanted(requests)
    costs = np.full((len(requests), len(configuration.tiers)), -1, np.int64)
    for position, tier in enumerate(configuration.tiers):
        per_image = quote_choice(
            read_choice(tier.engine, configuration.price_book),
            decisions.width,
            decisions.height,
            has_source,
            prompts,
            configuration.price_book,
            today,
        ).per_image
        pictures = angles * max(1, tier.candidates)
        costs[:, position] = np.where(per_image < 0, -1, per_image * pictures)
    return costs


def what_if(
    decisions: Decisions,
    requests: RequestTable,
    configuration: Configuration,
    prompts: Column,
    today: date,
) -> list[WhatIf]:
    """Try the next cheaper and the next dearer engine of each tier, all else as it is.

    Only engines that do the same work are tried: the same operation, no smaller a named size, a
    price for every row of the tier, and no shutdown within 90 days.
    """
    has_source = has_source_photo(requests)
    sold = _sold(configuration, today)
    totals = {
        tier.number: _tier_totals(tier, sold, decisions, has_source, configuration, prompts, today)
        for tier in configuration.tiers
    }
    everything = sum(total[tier.engine] for tier, total in _with_total(configuration, totals))
    lines: list[WhatIf] = []
    for tier, options in _with_total(configuration, totals):
        now = options[tier.engine]
        cheaper = max((t for t in options.values() if t < now), default=None)
        dearer = min((t for t in options.values() if t > now), default=None)
        for total in (cheaper, dearer):
            if total is None:
                continue
            engine = next(name for name, amount in options.items() if amount == total)
            lines.append(
                WhatIf(
                    f"Tier {tier.number} = {engine}",
                    tier.number,
                    engine,
                    everything + total - now,
                    total - now,
                )
            )
    return lines


def apply_what_if(configuration: Configuration, text: str) -> Configuration:
    """Pin another engine to a tier, as in `Tier 2 = gemini-nano-banana-2.1 2K`.

    Raises:
        UsageError: The text, the tier or the engine is not known.
    """
    found = _WHAT_IF.match(text)
    if not found:
        raise UsageError(
            f'--what-if "{text}" is not understood.',
            fix='Write it like "Tier 2 = gemini-nano-banana-2.1 2K".',
        )
    wanted = found["tier"].casefold()
    tier = next(
        (t for t in configuration.tiers if wanted in (str(t.number), t.name.casefold())), None
    )
    if tier is None:
        names = ", ".join(f"{t.number} ({t.name})" for t in configuration.tiers)
        raise UsageError(
            f'There is no tier "{found["tier"]}" in tab "{contract.TIERS}".',
            fix=f"Use one of {names}.",
        )
    choice = read_choice(found["engine"], configuration.price_book)
    if isinstance(choice, NoPrice):
        raise UsageError(choice.reason, fix=choice.fix)
    changed = replace(tier, engine=found["engine"])
    tiers = tuple(changed if t is tier else t for t in configuration.tiers)
    return replace(configuration, tiers=tiers)


def _with_total(
    configuration: Configuration, totals: dict[int, dict[str, MicroUsd]]
) -> Iterator[tuple[Tier, dict[str, MicroUsd]]]:
    for tier in configuration.tiers:
        if tier.engine in totals[tier.number]:
            yield tier, totals[tier.number]


def _tier_totals(
    tier: Tier,
    sold: Sequence[_Sold],
    decisions: Decisions,
    has_source: NDArray[np.bool_],
    configuration: Configuration,
    prompts: Column,
    today: date,
) -> dict[str, MicroUsd]:
    """Price the rows of a tier with its own engine and with each that could stand in for it."""
    rows = np.flatnonzero(decisions.tier == tier.number)
    totals: dict[str, MicroUsd] = {}
    if not len(rows):
        return totals
    # Rows alike in size, photo and length of prompt cost the same with every engine.
    lengths = prompt_bytes(prompts[rows])
    sides = decisions.width[rows].astype(np.int64) << 20 | decisions.height[rows]
    keys = (sides << 1 | has_source[rows]) << 22 | np.minimum(lengths, (1 << 22) - 1)
    _, first, kind = np.unique(keys, return_index=True, return_inverse=True)
    images = np.zeros(len(first), np.int64)
    np.add.at(images, kind, decisions.images[rows])
    chosen, lengths = rows[first], lengths[first]
    work: frozenset[str] = frozenset()
    pinned = read_choice(tier.engine, configuration.price_book)
    for engine, choice in ((tier.engine, pinned), *_alternatives(tier, pinned, sold)):
        quotes = quote_choice(
            choice,
            decisions.width[chosen],
            decisions.height[chosen],
            has_source[chosen],
            lengths,
            configuration.price_book,
            today,
        )
        operations = frozenset(q.operation for q in quotes.answers if isinstance(q, Quote))
        if engine == tier.engine:
            work = operations
        if (quotes.per_image < 0).any():
            continue
        if operations == work:
            totals[engine] = int((quotes.per_image * images).sum())
    return totals


def _alternatives(
    tier: Tier, pinned: Choice | NoPrice, sold: Sequence[_Sold]
) -> Iterator[tuple[str, Choice | NoPrice]]:
    if isinstance(pinned, NoPrice):
        return
    least = area(pinned.size) or 0
    for one in sold:
        if one.text.casefold() != tier.engine.casefold() and (one.area or least) >= least:
            yield one.text, one.choice


def _sold(configuration: Configuration, today: date) -> list[_Sold]:
    """List each engine choice of the price book that is not about to be shut down, once."""
    book = configuration.price_book
    sellers: dict[str, set[str]] = {}
    for rule in book:
        sellers.setdefault(rule.model, set()).add(rule.engine)
    found: dict[str, _Sold] = {}
    for rule in book:
        if rule.shutdown_date is not None and rule.shutdown_date - today <= _MUST_LIVE:
            continue
        text = _spelled(rule, several_sell=len(sellers[rule.model]) > 1)
        largest = area(rule.size)
        before = found.get(text.casefold())
        if before is None:
            found[text.casefold()] = _Sold(text, read_choice(text, book), largest)
        elif before.area and largest:
            found[text.casefold()] = replace(before, area=max(before.area, largest))
    return list(found.values())


def _spelled(rule: PriceRule, *, several_sell: bool) -> str:
    """Spell the row's choice, with its engine where several engines sell the model.

    A size in pixels is left to each picture: it would force one shape on all of them.
    """
    text = choice_text(replace(rule, size="") if pixels(rule.size) else rule)
    return f"{rule.engine}:{text}" if rule.model and several_sell else text
