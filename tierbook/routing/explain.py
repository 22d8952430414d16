"""Say what would make a picture cheaper: the one input to change, and what it saves.

For each input the rest of the row is held fixed: the rules that fit on all other inputs, with
the cells of this one, tell which value would let a rule of a cheaper tier decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import (
    ANGLES,
    ASPECT_RATIO,
    BACKGROUND,
    BRAND_STRICTNESS,
    BUDGET_PER_IMAGE,
    CAMPAIGN,
    CATEGORY,
    CHANNEL,
    HAS_PHOTO,
    HUMAN_MODEL,
    LONG_EDGE_PX,
    PLACEMENT,
    PLACEMENT_GROUP,
    PRODUCT_NAME,
    PROPS,
    SKU,
)
from tierbook.model import Column, Configuration, Decisions, RequestTable, text_column, usd
from tierbook.routing.cells import BLANK, NO, OTHER, YES, InputCells
from tierbook.routing.deciding import RUBRIC_ROUTER
from tierbook.routing.firing import Fired, fire, winning_rules
from tierbook.routing.matching import Placed, match_placed, place
from tierbook.routing.reasons import shown
from tierbook.routing.terms import Anything, Item, Word, YesNo, fold

# What a product is, and where its picture goes, is given; how the picture is made can change.
_FIXED = frozenset({SKU, PRODUCT_NAME, CATEGORY, CHANNEL, PLACEMENT, PLACEMENT_GROUP, HAS_PHOTO})
_LEVERS = (
    BACKGROUND,
    HUMAN_MODEL,
    PROPS,
    ANGLES,
    LONG_EDGE_PX,
    ASPECT_RATIO,
    BRAND_STRICTNESS,
    BUDGET_PER_IMAGE,
    CAMPAIGN,
)


@dataclass(frozen=True, slots=True)
class _Change:
    """One way to a cheaper tier: words such as `Angles 4 or fewer`, and the tier reached."""

    words: str
    tier: int
    lever: bool


def cheaper_if(
    requests: RequestTable,
    configuration: Configuration,
    decisions: Decisions,
    per_tier: NDArray[np.int64],
) -> Column:
    """Name the smallest single change of an input that reaches a cheaper tier.

    Inputs that say how the picture is made come before a seller's own columns; what the product
    is and where its picture goes is taken as given. Among several the greatest saving counts,
    and of one input the value nearest to the present one.

    Args:
        requests: The table.
        configuration: The settings.
        decisions: What was decided; only rows the rubric routed are explained.
        per_tier: Cost of each request in each tier of `configuration.tiers`, micro-USD,
            shape (n, tiers), -1 where unknown.

    Returns:
        Sentences such as `Angles 4 or fewer: tier 1, saves $0.16`, "" where no single change
        helps.
    """
    fired, _ = fire(requests, configuration)
    cells = fired.compiled.cells()
    placed = [place(*pair) for pair in zip(cells, fired.inputs.columns, strict=True)]
    sentences = text_column([""] * len(requests))
    routed = np.flatnonzero((decisions.tier > 1) & (decisions.router == RUBRIC_ROUTER))
    best = np.full(len(requests), -2, dtype=np.int64)
    from_lever = np.zeros(len(requests), dtype=bool)
    for at, heading in enumerate(fired.inputs.headings):
        if heading in _FIXED:
            continue
        for rows, change in _changes(fired, cells, placed, at, routed):
            saving = _saving(configuration, decisions, per_tier, rows, change.tier)
            better = (saving > best[rows]) & (from_lever[rows] <= change.lever)
            better |= change.lever & ~from_lever[rows] & (saving > -2)
            chosen = rows[better]
            best[chosen], from_lever[chosen] = saving[better], change.lever
            for row, saved in zip(chosen.tolist(), saving[better].tolist(), strict=True):
                sentences[row] = _sentence(change, saved)
    return sentences


def _sentence(change: _Change, saved: int) -> str:
    reached = f"{change.words}: tier {change.tier}"
    return f"{reached}, saves {usd(saved)}" if saved > 0 else reached


def _saving(
    configuration: Configuration,
    decisions: Decisions,
    per_tier: NDArray[np.int64],
    rows: NDArray[np.intp],
    tier: int,
) -> NDArray[np.int64]:
    """Return what each row saves in the tier; -1 where unknown, -2 where nothing is saved."""
    places = {one.number: at for at, one in enumerate(configuration.tiers)}
    if tier not in places:
        return np.full(len(rows), -1, dtype=np.int64)
    now = np.array([places.get(int(one), -1) for one in decisions.tier[rows]], dtype=np.intp)
    before, after = per_tier[rows, now], per_tier[rows, places[tier]]
    known = (now >= 0) & (before >= 0) & (after >= 0)
    return np.where(known, np.where(after < before, before - after, -2), -1)


def _changes(
    fired: Fired,
    cells: Sequence[InputCells],
    placed: Sequence[Placed],
    at: int,
    rows: NDArray[np.intp],
) -> Iterator[tuple[NDArray[np.intp], _Change]]:
    """Yield groups of rows with the change of input `at` that helps them, one per row."""
    compiled = fired.compiled
    mine = cells[at]
    others = [one for other, one in enumerate(cells) if other != at]
    columns = [one for other, one in enumerate(placed) if other != at]
    rest = match_placed(others, columns, len(fired.winner), len(compiled.rules))
    present = placed[at].cells[placed[at].index(slice(None))]
    # Rows alike in all other inputs and in this one's cell share the answer.
    keys, group = np.unique(rest.pattern[rows] * mine.size + present[rows], return_inverse=True)
    tiers = np.array([*(rule.answer.tier for rule in compiled.rules), 0], dtype=np.int64)
    for number, key in enumerate(keys.tolist()):
        pattern, cell = divmod(key, mine.size)
        fitting = mine.accepts & rest.rules[pattern]
        winners, _ = winning_rules(compiled, [np.flatnonzero(one).tolist() for one in fitting])
        change = _nearest(fired, at, mine, cell, tiers[winners])
        if change is not None:
            yield rows[group == number], change


def _nearest(
    fired: Fired, at: int, cells: InputCells, cell: int, tiers: NDArray[np.int64]
) -> _Change | None:
    """Choose the cell to move to: the cheapest tier below the present one, nearest first."""
    usable = [
        other
        for other in range(cells.size)
        if other not in (BLANK, cell) and 0 < tiers[other] < tiers[cell]
    ]
    if not usable:
        return None
    tier = int(min(tiers[other] for other in usable))
    targets = [other for other in usable if tiers[other] == tier]
    heading = fired.inputs.headings[at]
    words = _words(fired, at, cells, cell, targets)
    return _Change(f"{heading} {words}", tier, heading in _LEVERS) if words else None


def _words(fired: Fired, at: int, cells: InputCells, cell: int, targets: Sequence[int]) -> str:
    heading = fired.inputs.headings[at]
    measured = [other for other in targets if other >= cells.number_base]
    if cell >= cells.number_base:
        same_scale = [o for o in measured if (o < cells.day_base) == (cell < cells.day_base)]
        return _measured(cells, cell, same_scale, heading)
    for answer, word in ((YES, "yes"), (NO, "no")):
        if answer in targets and _asks_yes_no(fired, at):
            return word
    named = [other for other in targets if NO < other < cells.number_base]
    if named:
        return " or ".join(_as_written(fired, at, cells, other) for other in named[:3])
    if OTHER in targets and cell != OTHER:
        return f"other than {shown(cells.example(cell), heading)}"
    return _measured(cells, BLANK, measured, heading)


def _asks_yes_no(fired: Fired, at: int) -> bool:
    return any(isinstance(item, YesNo) for item in _items(fired, at))


def _as_written(fired: Fired, at: int, cells: InputCells, cell: int) -> str:
    """Return the word of the cell as the seller wrote it in the rubric."""
    folded = cells.example(cell)
    spelled = (
        item.text
        for item in _items(fired, at)
        if isinstance(item, Word) and fold(item.text) == folded
    )
    return next(spelled, str(folded))


def _items(fired: Fired, at: int) -> Iterator[Item]:
    for rule in fired.compiled.rules:
        test = rule.tests[at]
        yield from () if isinstance(test, Anything) else test.items


def _measured(cells: InputCells, cell: int, targets: Sequence[int], heading: str) -> str:
    """Word a move along a scale: `4 or fewer`, `below 100`, `5000 or more`, `above 10`."""
    if not targets:
        return ""
    numeric = targets[0] < cells.day_base
    base = cells.number_base if numeric else cells.day_base
    bounds: Sequence[Decimal | date] = cells.numbers if numeric else cells.days
    if not bounds:
        return "a number" if numeric else "a date"
    target, down = _target(cell, targets, base)
    at, on_bound = divmod(target - base, 2)
    if not on_bound:
        return (
            f"below {shown(bounds[at], heading)}"
            if down
            else f"above {shown(bounds[at - 1], heading)}"
        )
    bound = shown(bounds[at], heading)
    goes_on = (target - 1 if down else target + 1) in targets
    less, more = ("or less", "or more") if numeric else ("or earlier", "or later")
    if heading == ANGLES:
        less = "or fewer"
    return f"{bound} {less if down else more}" if goes_on else bound


def _target(cell: int, targets: Sequence[int], base: int) -> tuple[int, bool]:
    """Return the nearest cell to move to, and whether that is a move down the scale."""
    down = [other for other in targets if other < cell]
    if down:
        return max(down), True
    first = min(targets)
    if cell >= base or first != base:
        return first, False
    # A blank stands nowhere on the scale: name the upper end of what is cheap from the bottom.
    top = first
    while top + 1 in targets:
        top += 1
    return top, True
