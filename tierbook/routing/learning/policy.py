"""From odds to tiers: expected value, when to leave a row to the rubric, and what to try."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A gain below this share of what an approved picture is worth is noise: the rubric stands.
MIN_GAIN = 0.02
EXPLORE_LEAST, EXPLORE_MOST = 0.05, 0.15
# What trying out dearer tiers may add to the cost of the run.
EXPLORE_COST = 0.05


@dataclass(frozen=True)
class Setting:
    """What a choice depends on besides the odds; tiers are places in the tiers tab, not numbers.

    Attributes:
        value: What an approved picture of each row is worth, micro-USD, shape (n,).
        cost: Micro-USD in each tier, -1 where no price is known, shape (n, tiers).
        rubric: The rubric's tier, shape (n,).
        allowed: Tiers the row's rules, brand and budget allow, shape (n, tiers).
        unsure: Rows of a kind the model has not learned from, shape (n,).
        untried: Moves from the rubric's tier (row) to another (column) that too few rows of the log
            have made, shape (tiers, tiers). What was never tried is not known.
    """

    value: NDArray[np.float64]
    cost: NDArray[np.int64]
    rubric: NDArray[np.intp]
    allowed: NDArray[np.bool_]
    unsure: NDArray[np.bool_]
    untried: NDArray[np.bool_]


@dataclass(frozen=True)
class Chosen:
    """A tier for each row, shape (n,): its place, its gain over the rubric's, and who said so.

    `abstained` marks rows left to the rubric although another tier looked better, or could not
    be judged.
    """

    tier: NDArray[np.intp]
    gain: NDArray[np.float64]
    abstained: NDArray[np.bool_]


def expected_value(odds: NDArray[np.float64], setting: Setting) -> NDArray[np.float64]:
    """Odds x value - cost of each tier, micro-USD, shape (n, tiers); -inf where it may not go."""
    worth = odds * setting.value[:, None] - setting.cost
    return np.where(setting.allowed & (setting.cost >= 0), worth, -np.inf)


def choose(odds: NDArray[np.float64], setting: Setting) -> Chosen:
    """Take the tier of the highest expected value, or leave the row to the rubric.

    The rubric keeps rows where the gain is small, the kind of picture is new, or the better tier
    was hardly ever tried.
    """
    rows = np.arange(len(odds))
    worth = expected_value(odds, setting)
    worth[setting.untried[setting.rubric]] = -np.inf
    at_rubric = odds[rows, setting.rubric] * setting.value - setting.cost[rows, setting.rubric]
    best = worth.argmax(axis=1)
    gain = worth[rows, best] - at_rubric
    differs = best != setting.rubric
    unpriced = setting.cost[rows, setting.rubric] < 0
    takes = differs & (gain > MIN_GAIN * setting.value) & ~setting.unsure & ~unpriced
    takes &= ~setting.untried[setting.rubric, setting.rubric]
    return Chosen(
        np.where(takes, best, setting.rubric),
        np.where(takes, gain, 0.0),
        ~takes & (differs | setting.unsure),
    )


@dataclass(frozen=True)
class Exploration:
    """What is tried out: the tier of each row and the probability with which it was drawn."""

    tier: NDArray[np.intp]
    propensity: NDArray[np.float64]
    explored: NDArray[np.bool_]


def explore(
    chosen: NDArray[np.intp],
    setting: Setting,
    free: NDArray[np.bool_],
    share: float,
    drawn: NDArray[np.float64],
) -> Exploration:
    """Give a share of the `free` rows the tier above or below, so that there is news to learn.

    The share is held between 5 and 15 percent; 0 tries nothing. Where the expected extra cost of
    dearer tiers would pass five percent of the plan, the dearest are drawn less often. The
    probability of what was drawn is exact, which off-policy estimates need. `drawn` (n,) holds a
    number from 0 to 1 for each row, by chance.
    """
    rows = np.arange(len(chosen))
    share = float(np.clip(share, EXPLORE_LEAST, EXPLORE_MOST)) if share > 0 else 0.0
    tiers = setting.cost.shape[1]
    base = np.where(setting.cost[rows, chosen] < 0, 0, setting.cost[rows, chosen])
    chance = np.zeros((len(chosen), 2))
    extra = np.zeros((len(chosen), 2))
    for place, step in enumerate((-1, 1)):
        to = np.clip(chosen + step, 0, tiers - 1)
        open_to = free & (to != chosen) & setting.allowed[rows, to]
        open_to &= setting.cost[rows, to] >= 0
        chance[:, place] = np.where(open_to, share / 2, 0.0)
        extra[:, place] = np.where(open_to, np.maximum(0, setting.cost[rows, to] - base), 0)
    level = _level(chance * extra, EXPLORE_COST * float(base.sum()))
    chance = np.minimum(chance, np.divide(level, extra, out=np.ones_like(extra), where=extra > 0))
    down, up = drawn < chance[:, 0], drawn >= 1 - chance[:, 1]
    tier = chosen - down.astype(np.intp) + up.astype(np.intp)
    stay = 1 - chance.sum(axis=1)
    propensity = np.where(down, chance[:, 0], np.where(up, chance[:, 1], stay))
    return Exploration(tier, propensity, down | up)


def _level(expected: NDArray[np.float64], most: float) -> float:
    """Find the most that any one row may add, so that all together add no more than `most`."""
    ordered = np.sort(expected, axis=None)
    if not len(ordered) or ordered.sum() <= most:
        return float("inf")
    below = np.concatenate([[0.0], ordered.cumsum()[:-1]])
    over = below + ordered * np.arange(len(ordered), 0, -1) > most
    first = int(over.argmax())
    return float((most - below[first]) / (len(ordered) - first))
