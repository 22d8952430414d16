"""The limits a bill is held against, as problems: prices, budgets, caps."""

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.columns import distinct
from tierbook.costing.choice import NoPrice
from tierbook.costing.price import STALE_AFTER, Quote, is_stale
from tierbook.costing.quoting import Quotes
from tierbook.model import (
    Bill,
    CellRef,
    Column,
    Configuration,
    Decisions,
    Problem,
    RequestTable,
    usd,
)


def price_problems(
    quotes: Quotes,
    unpriced: NDArray[np.bool_],
    routed: NDArray[np.bool_],
    decisions: Decisions,
    requests: RequestTable,
    configuration: Configuration,
    today: date,
) -> Iterator[Problem]:
    """Report each reason for a missing price once with its rows, and each stale price in use."""
    reasons: dict[NoPrice, list[int]] = {}
    for index in np.flatnonzero(unpriced).tolist():
        answer = quotes.of(index)
        if isinstance(answer, NoPrice):
            reasons.setdefault(answer, []).append(index)
    for answer, rows in reasons.items():
        first = rows[0]
        yield Problem(
            answer.code,
            "error",
            f"{answer.reason} {_rows(len(rows))} of tier {decisions.tier[first]} "
            "cannot be priced, so they wait (HOLD).",
            answer.fix,
            _price_cell(answer, int(decisions.tier[first]), configuration),
            str(requests.column(contract.SKU)[first] or "") if len(rows) == 1 else "",
        )
    yield from _stale(quotes, routed, today)


def budget_problems(
    requests: RequestTable, over: NDArray[np.intp], budget_check: Column
) -> Iterator[Problem]:
    """Report each row whose price passes its own budget."""
    skus = requests.column(contract.SKU)
    for index in over.tolist():
        yield Problem(
            "over-budget",
            "warning",
            f"{budget_check[index]} The row waits (HOLD).",
            'Raise "Budget per image", lower the tier with "Tier override", '
            'or pick a cheaper engine in tab "Tiers".',
            requests.cell(index, contract.BUDGET_PER_IMAGE),
            str(skus[index] or ""),
        )


def cap_problems(
    bill: Bill, tiers: NDArray[np.int8], configuration: Configuration
) -> Iterator[Problem]:
    """Report each cap that the whole run would pass; nothing starts that passes a cap."""
    settings = configuration.settings
    total = bill.total()
    for name, cap in (
        ("Cap per run", settings.cap_per_run),
        ("Cap per month", settings.cap_per_month),
    ):
        if cap is not None and total > cap:
            yield _over_cap(
                f'This run would cost {usd(total)}, over "{name}" of {usd(cap)} in tab "Settings"',
                CellRef(contract.SETTINGS),
            )
    for tier in configuration.tiers:
        spent = int(bill.estimate[tiers == tier.number].sum())
        for cap, place in (
            (settings.cap_per_tier.get(tier.number), CellRef(contract.SETTINGS)),
            (tier.monthly_cap, CellRef(contract.TIERS, tier.row)),
        ):
            if cap is not None and spent > cap:
                yield _over_cap(
                    f"Tier {tier.number} ({tier.name}) would cost {usd(spent)}, over its cap of "
                    f'{usd(cap)} in tab "{place.sheet}"',
                    place,
                )


def _over_cap(message: str, place: CellRef) -> Problem:
    return Problem(
        "over-cap",
        "warning",
        f"{message}. Picture-making stops before the cap is passed.",
        "Make part of the rows (--limit, --tier), move rows to a cheaper tier, or raise the cap.",
        place,
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _price_cell(answer: NoPrice, tier: int, configuration: Configuration) -> CellRef:
    if answer.row:
        return CellRef(contract.PRICE_BOOK, answer.row)
    found = configuration.tier(tier)
    return CellRef(contract.TIERS, found.row if found else 0)


def _stale(quotes: Quotes, routed: NDArray[np.bool_], today: date) -> Iterator[Problem]:
    used: list[int] = distinct(quotes.chosen[routed]).tolist()
    seen: set[int] = set()
    for index in used:
        answer = quotes.answers[index]
        if not isinstance(answer, Quote) or id(answer.rule) in seen:
            continue
        seen.add(id(answer.rule))
        if is_stale(answer.rule, today):
            yield Problem(
                "stale-price",
                "warning",
                f"The price of {answer.rule.model or answer.rule.engine} was last checked on "
                f"{answer.rule.checked_on}, more than {STALE_AFTER.days} days ago.",
                'Compare it with its source and write today in "Checked on" of tab "Price book".',
                CellRef(contract.PRICE_BOOK, answer.rule.row),
            )
