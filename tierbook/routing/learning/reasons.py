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
    """Write one sentence for each row, shape (n,); rows alike in everything share one."""
    rows = np.arange(len(codes))
    cost = setting.cost[rows, drawn.tier]
    before = setting.cost[rows, setting.rubric]
    keys = [*codes.T, drawn.tier, setting.rubric, cost, before, drawn.explored]
    number = np.zeros(len(codes), np.int64)
    for key in keys:
        # Renumbering at every step keeps the key below rows x values, far from overflow.
        values = np.unique(key, return_inverse=True)[1]
        number = np.unique(number * (int(values.max(initial=0)) + 1) + values,
                           return_inverse=True)[1]  # fmt: skip
    _, first = np.unique(number, return_index=True)
    sentences = [
        _sentence(router, codes[row], odds[row], int(drawn.tier[row]), int(setting.rubric[row]),
                  int(cost[row]), int(before[row]), bool(drawn.explored[row]))
        for row in first.tolist()
    ]  # fmt: skip
    return text_column(sentences)[number] if sentences else np.empty(0, dtype=object)


def strongest(
    router: TrainedRouter, codes: NDArray[np.int32], tier: int, rubric: int
) -> tuple[str, ...]:
    """Name the features of one row that speak most for its tier, against the rubric's if it moved.

    They are read from the logistic model, also where gradient boosting decides.
    """
    line = codes[None, :]
    if tier == rubric:
        pull = np.abs(router.logistic.weights(line, tier)[0])
    else:
        pull = router.logistic.moved(line, tier, rubric)[0]
    order: list[int] = np.argsort(-pull, kind="stable")[:_STRONGEST].tolist()
    features = router.coding.features
    return tuple(features[at].label(int(codes[at])) for at in order if pull[at] > 0)


def _sentence(
    router: TrainedRouter,
    codes: NDArray[np.int32],
    odds: NDArray[np.float64],
    tier: int,
    rubric: int,
    cost: int,
    before: int,
    explored: bool,
) -> str:
    numbers = router.tiers
    named = ", ".join(strongest(router, codes, tier, rubric))
    here = f"tier {numbers[tier]} is approved {odds[tier]:.0%} of the time for {usd(cost)}"
    if tier == rubric:
        return f"Learned: {here}, as the rubric says ({named})"
    there = f"tier {numbers[rubric]} {odds[rubric]:.0%} for {usd(before)}"
    if explored:
        return f"Tried out, to learn from it: {here}, {there}"
    return f"Learned: {here}, {there} ({named})"
