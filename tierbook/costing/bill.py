"""What the decided pictures cost: per row, against the budget, against one model for everything."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.costing.choice import NoPrice, read_choice
from tierbook.costing.limits import budget_problems, cap_problems, price_problems
from tierbook.costing.price import Quote
from tierbook.costing.quoting import (
    Quotes,
    has_source_photo,
    pictures_wanted,
    quote_choice,
    quote_rows,
)
from tierbook.model import (
    Bill,
    Column,
    Configuration,
    Decisions,
    MicroUsd,
    Problem,
    RequestTable,
    Tier,
    text_column,
    usd,
)

_MILLIONTHS = 1_000_000
# The share of pictures a person looks at where a tier's review says `sample`.
SAMPLE_SHARE = Decimal("0.1")


def estimate(
    decisions: Decisions,
    requests: RequestTable,
    configuration: Configuration,
    prompts: Column,
    today: date,
) -> tuple[Bill, list[Problem]]:
    """Price every decided request; columns of shape (n,), money in micro-USD, rounded up per row.

    A row without a price, or over its own budget, is held with the reason and costs nothing in
    the totals, baseline included, so that both totals count the same pictures.
    """
    has_source = has_source_photo(requests)
    routed = (decisions.tier > 0) & ~requests.bad
    engines = np.where(routed, decisions.engine, "").astype(object)
    quotes = quote_rows(
        engines,
        decisions.width,
        decisions.height,
        has_source,
        prompts,
        configuration.price_book,
        today,
    )
    unpriced = routed & (quotes.per_image < 0)
    over, budget_check = _over_budget(requests, quotes.per_image, routed & ~unpriced)
    made = routed & ~unpriced & ~over
    per_image = np.where(routed, quotes.per_image, -1)
    costs = np.where(made, per_image * decisions.images, 0)
    baseline, missing_baseline = _baseline(
        decisions, has_source, configuration, prompts, made, today
    )
    bill = Bill(
        per_image=per_image,
        estimate=costs,
        redo=_redo(costs, decisions.tier, configuration),
        review=_review(
            decisions, pictures_wanted(requests), made & (decisions.images > 0), configuration
        ),
        baseline=baseline,
        exactness=_by_answer(quotes, lambda a: a.exactness if isinstance(a, Quote) else "", made),
        budget_check=budget_check,
        held=np.where(
            over,
            budget_check,
            _by_answer(quotes, lambda a: a.reason if isinstance(a, NoPrice) else "", unpriced),
        ).astype(object),
    )
    problems = [
        *price_problems(quotes, unpriced, routed, decisions, requests, configuration, today),
        *budget_problems(requests, np.flatnonzero(over), budget_check),
        *cap_problems(bill, decisions.tier, configuration),
        *missing_baseline,
    ]
    return bill, problems


def _by_answer(
    quotes: Quotes, word: Callable[[Quote | NoPrice], str], where: NDArray[np.bool_]
) -> Column:
    words = text_column([word(answer) for answer in quotes.answers] or [""])
    return np.where(where, words[quotes.chosen], "").astype(object)


def _over_budget(
    requests: RequestTable, per_image: NDArray[np.int64], priced: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Column]:
    """Tell which rows cost more than the seller allows, and say so."""
    sentences = np.full(len(requests), "", dtype=object)
    if contract.BUDGET_PER_IMAGE not in requests:
        return np.zeros(len(requests), np.bool_), sentences
    budgets = np.fromiter(
        (-1 if b is None else b for b in requests.column(contract.BUDGET_PER_IMAGE)),
        np.int64,
        len(requests),
    )
    over = priced & (budgets >= 0) & (per_image > budgets)
    for index in np.flatnonzero(over).tolist():
        price, budget = usd(int(per_image[index])), usd(int(budgets[index]))
        sentences[index] = f"{price} per image is over the budget of {budget}."
    return over, sentences


def share_of(amounts: NDArray[np.int64], share: Decimal) -> NDArray[np.int64]:
    """Take the share of each amount, rounded up, without leaving integers."""
    millionths = int((share * _MILLIONTHS).to_integral_value(rounding=ROUND_CEILING))
    return -(-(amounts * millionths) // _MILLIONTHS)


def _redo(
    costs: NDArray[np.int64], tiers: NDArray[np.int8], configuration: Configuration
) -> NDArray[np.int64]:
    redo = np.zeros_like(costs)
    for tier in configuration.tiers:
        rows = tiers == tier.number
        redo[rows] = share_of(costs[rows], tier.redo_rate)
    return redo


def _review(
    decisions: Decisions,
    pictures: NDArray[np.int64],
    made: NDArray[np.bool_],
    configuration: Configuration,
) -> NDArray[np.int64]:
    """Price a person's minutes: one look at all candidates of a picture, at the hourly cost."""
    review = np.zeros(len(decisions), np.int64)
    for tier in configuration.tiers:
        per_picture = _per_picture(tier, configuration.settings.review_cost_per_hour)
        if not per_picture:
            continue
        for mode, share in (("human", Decimal(1)), ("sample", SAMPLE_SHARE)):
            rows = made & (decisions.tier == tier.number) & (decisions.review == mode)
            review[rows] = share_of(pictures[rows] * per_picture, share)
    return review


def _per_picture(tier: Tier, per_hour: MicroUsd) -> MicroUsd:
    numerator, denominator = (tier.review_minutes * per_hour / 60).as_integer_ratio()
    return -(-numerator // denominator)


def _baseline(
    decisions: Decisions,
    has_source: NDArray[np.bool_],
    configuration: Configuration,
    prompts: Column,
    made: NDArray[np.bool_],
    today: date,
) -> tuple[NDArray[np.int64], list[Problem]]:
    """Price the same images with one model: the stated price, or the stated engine's."""
    settings = configuration.settings
    images = np.where(made, decisions.images, 0).astype(np.int64)
    if settings.baseline_price is not None:
        return images * settings.baseline_price, []
    if not settings.baseline_engine:
        return np.zeros_like(images), []
    quotes = quote_choice(
        read_choice(settings.baseline_engine, configuration.price_book),
        decisions.width,
        decisions.height,
        has_source,
        prompts,
        configuration.price_book,
        today,
    )
    unknown = np.flatnonzero(made & (quotes.per_image < 0))
    if not len(unknown):
        return images * quotes.per_image.clip(min=0), []
    answer = quotes.of(int(unknown[0]))
    reason = answer.reason if isinstance(answer, NoPrice) else ""
    # A baseline that covers only some rows would understate what one model costs.
    return np.zeros_like(images), [
        Problem(
            "no-baseline",
            "warning",
            f"What one model for everything would cost is not known: {reason}",
            'Correct "Baseline engine" in tab "Settings", or give a "Baseline price".',
        )
    ]
