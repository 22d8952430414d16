"""Compare other settings with those of the workbook, side by side, without writing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from tierbook import configuration as settings_tabs
from tierbook import contract, costing, prompts, routers, workbook
from tierbook.errors import UsageError
from tierbook.model import (
    HOLD_TIER,
    NO_TIER,
    Answers,
    Bill,
    Configuration,
    Decisions,
    MicroUsd,
    RequestTable,
    usd_rounded,
)
from tierbook.routing.choosing import products

AS_IT_IS: Final = "as it is"
_WORKBOOKS: Final = (".xlsx", ".xlsm")
# The tab that holds each part of the settings another workbook may bring along.
_TABS: Final[Mapping[str, str]] = {
    contract.RUBRIC: "rubric",
    contract.SCORECARD: "scorecard",
    contract.TIERS: "tiers",
    contract.PLACEMENTS: "placements",
    contract.PROMPTS: "prompts",
    contract.PRICE_BOOK: "price_book",
}


@dataclass(frozen=True, slots=True)
class Share:
    """Rows and dollars of one tier or rule; `difference` is against the settings as they are."""

    name: str
    rows: int
    estimate_micro_usd: MicroUsd
    rows_difference: int
    difference_micro_usd: MicroUsd


@dataclass(frozen=True)
class Outcome:
    """What one variant of the settings comes to.

    Attributes:
        label: What was changed, as the seller typed it.
        estimate_micro_usd: The price of all rows.
        difference_micro_usd: Against the settings as they are.
        moved: Rows that change their tier.
        by_tier, by_rule: Shares, those of the settings as they are included where they end up
            empty.
    """

    label: str
    estimate_micro_usd: MicroUsd
    difference_micro_usd: MicroUsd
    moved: int
    by_tier: tuple[Share, ...]
    by_rule: tuple[Share, ...]


@dataclass(frozen=True)
class WhatIfReport:
    """The settings as they are, first, and every variant."""

    outcomes: tuple[Outcome, ...]

    def told(self) -> str:
        """Say it in lines: totals, then the tiers and rules that change."""
        lines: list[str] = []
        for one in self.outcomes:
            change = "" if one is self.outcomes[0] else _change(one)
            lines.append(f"{one.label}: {usd_rounded(one.estimate_micro_usd)}{change}")
            for kind, shares in (("tier", one.by_tier), ("rule", one.by_rule)):
                lines += [
                    f"  {kind} {_line(share)}"
                    for share in shares
                    if kind == "tier" or share.rows_difference or share.difference_micro_usd
                ]
        return "\n".join(lines)


def what_ifs(answers: Answers, texts: Sequence[str], book: Path) -> WhatIfReport:
    """Try what a seller typed: `Tier 2 = gemini-nano-banana-2.1 2K`, or another workbook's path.

    Args:
        answers: What a run said, by the settings as they are.
        texts: One variant each; a workbook brings its rubric and its other settings tabs.
        book: The workbook; a router that learned for it decides every variant as it decides a run.

    Raises:
        UsageError: A text, tier, engine or workbook is not known, or the workbook has no rubric.
    """
    now = answers.configuration
    variants = {AS_IT_IS: now, **{text: _variant(now, text) for text in texts}}
    return compare(variants, answers.requests, answers.today, book)


def compare(
    variants: Mapping[str, Configuration], requests: RequestTable, today: date, book: Path
) -> WhatIfReport:
    """Compare settings by label; the first are those the others are held against."""
    before: tuple[Decisions, Bill] | None = None
    outcomes: list[Outcome] = []
    for label, configuration in variants.items():
        after = _decided(configuration, requests, today, book)
        before = before or after
        outcomes.append(_outcome(label, before, after))
    return WhatIfReport(tuple(outcomes))


def _variant(configuration: Configuration, text: str) -> Configuration:
    path = Path(text.strip())
    if path.suffix.lower() not in _WORKBOOKS:
        return costing.apply_what_if(configuration, text)
    if not path.is_file():
        raise UsageError(
            f"--what-if {text}: there is no such workbook.",
            fix='name a workbook with a Rubric tab, or type a change like "Tier 2 = ENGINE".',
        )
    other, _ = settings_tabs.load(workbook.read_tabs(path))
    if contract.RUBRIC not in other.from_workbook:
        raise UsageError(
            f'--what-if {text}: {path.name} has no tab "{contract.RUBRIC}".',
            fix="name a workbook whose rubric should be tried.",
        )
    brought = {
        part: getattr(other, part) for tab, part in _TABS.items() if tab in other.from_workbook
    }
    return replace(configuration, **brought)


def _decided(
    configuration: Configuration, requests: RequestTable, today: date, book: Path
) -> tuple[Decisions, Bill]:
    router = routers.choose(products(requests), configuration, book)
    # What is tried out depends on prices too: it would blur what the settings themselves change.
    decisions, _ = routers.decide_by(router, requests, configuration, today, explore=False)
    prompt, _ = prompts.compose(requests, decisions, configuration)
    bill, _ = costing.estimate(decisions, requests, configuration, prompt, today)
    return decisions, bill


def _outcome(label: str, before: tuple[Decisions, Bill], after: tuple[Decisions, Bill]) -> Outcome:
    total, was = after[1].total(), before[1].total()
    return Outcome(
        label,
        total,
        total - was,
        int((before[0].tier != after[0].tier).sum()),
        _shares(_tiers(*before), _tiers(*after)),
        _shares(_rules(*before), _rules(*after)),
    )


def _tiers(decisions: Decisions, bill: Bill) -> dict[str, tuple[int, MicroUsd]]:
    words = {HOLD_TIER: contract.HOLD, NO_TIER: "undecided"}
    found: dict[str, tuple[int, MicroUsd]] = {}
    for number in np.unique(decisions.tier).tolist():
        rows = decisions.tier == number
        name = words.get(number, str(number))
        found[name] = int(rows.sum()), int(bill.estimate[rows].sum())
    return found


def _rules(decisions: Decisions, bill: Bill) -> dict[str, tuple[int, MicroUsd]]:
    names, rule = np.unique(decisions.rule.astype(str), return_inverse=True)
    # Whole micro-dollars stay below 2**53, where a double holds every one of them.
    money = np.bincount(rule, weights=bill.estimate, minlength=len(names))
    rows = np.bincount(rule, minlength=len(names))
    return {name: (int(rows[at]), int(money[at])) for at, name in enumerate(names.tolist()) if name}


def _shares(
    before: Mapping[str, tuple[int, MicroUsd]], after: Mapping[str, tuple[int, MicroUsd]]
) -> tuple[Share, ...]:
    shares: list[Share] = []
    for name in sorted({*before, *after}):
        rows, money = after.get(name, (0, 0))
        rows_before, money_before = before.get(name, (0, 0))
        shares.append(Share(name, rows, money, rows - rows_before, money - money_before))
    return tuple(shares)


def _change(one: Outcome) -> str:
    return f" ({_signed(one.difference_micro_usd)}), {one.moved:,} rows change their tier"


def _line(share: Share) -> str:
    told = f"{share.name}: {share.rows:,} rows, {usd_rounded(share.estimate_micro_usd)}"
    if not share.rows_difference and not share.difference_micro_usd:
        return told
    return f"{told} ({share.rows_difference:+,} rows, {_signed(share.difference_micro_usd)})"


def _signed(amount: MicroUsd) -> str:
    return ("+" if amount >= 0 else "") + usd_rounded(amount)
