"""Say why the learned router chose: odds and cost in both tiers, and the strongest features."""

import numpy as np
from numpy.typing import NDArray

from tierbook.model import Column, text_column, usd
from tierbook.routing.learning.model import TrainedRouter
from tierbook.routing.learning.policy import Exploration, Setting

_STRONGEST = 3


def reasons(
    router: TrainedRouter,
    codes: NDArray[np.int32],
    odds: NDArray[np.float64],
    setting: Setting,
    drawn: Exploration,
) -> Column:
    """Write one sentence for each row, shape (n,)."""
    rows = np.arange(len(codes))
    names = strongest(router, codes, drawn.tier, setting.rubric)
    here = _offers(odds[rows, drawn.tier], setting.cost[rows, drawn.tier])
    there = _offers(odds[rows, setting.rubric], setting.cost[rows, setting.rubric])
    sentences: list[str] = []
    for row, (tier, rubric, explored) in enumerate(
        zip(drawn.tier.tolist(), setting.rubric.tolist(), drawn.explored.tolist(), strict=True)
    ):
        said = f"tier {router.tiers[tier]} is approved {here[row]}"
        if tier == rubric:
            sentences.append(f"Learned: {said}, as the rubric says ({names[row]})")
            continue
        other = f"tier {router.tiers[rubric]} {there[row]}"
        sentences.append(
            f"Tried out, to learn from it: {said}, {other}"
            if explored
            else f"Learned: {said}, {other} ({names[row]})"
        )
    return text_column(sentences)


def strongest(
    router: TrainedRouter,
    codes: NDArray[np.int32],
    tier: NDArray[np.intp],
    rubric: NDArray[np.intp],
) -> list[str]:
    """Name the features of each row that speak most for its tier, against the rubric's if moved.

    They are read from the logistic model, also where gradient boosting decides.
    """
    pull = np.zeros(codes.shape)
    tiers = len(router.tiers)
    pairs = tier * tiers + rubric
    for pair in np.unique(pairs).tolist():
        to, away = divmod(pair, tiers)
        rows = pairs == pair
        pull[rows] = (
            np.abs(router.logistic.weights(codes[rows], to))
            if to == away
            else router.logistic.moved(codes[rows], to, away)
        )
    order = np.argsort(-pull, axis=1, kind="stable")[:, :_STRONGEST]
    speaks = np.take_along_axis(pull, order, axis=1) > 0
    labels = text_column([f.label(code) for f in router.coding.features for code in range(f.size)])
    places = np.take_along_axis(codes + router.logistic.offsets, order, axis=1)
    return [
        ", ".join(label for label, heard in zip(line, row, strict=True) if heard)
        for line, row in zip(labels[places].tolist(), speaks.tolist(), strict=True)
    ]


def _offers(odds: NDArray[np.float64], cost: NDArray[np.int64]) -> list[str]:
    """Spell odds and price: `91% of the time for $0.02`."""
    amounts = {amount: usd(amount) for amount in np.unique(cost).tolist()}
    return [
        f"{chance:.0%} of the time for {amounts[amount]}"
        for chance, amount in zip(odds.tolist(), cost.tolist(), strict=True)
    ]
