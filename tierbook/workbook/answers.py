"""Put together what every room said of a request: its status, its message, its lasting id."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import ACTION, PLACEMENT, SKU
from tierbook.model import (
    HOLD_TIER,
    NO_TIER,
    Bill,
    CellRef,
    Column,
    Decisions,
    Problem,
    RequestTable,
    text_column,
)
from tierbook.workbook.words import plain, sku_key


def request_ids(requests: RequestTable) -> Column:
    """Name each request by its SKU and placement, so that sorting and inserting change nothing.

    Exact repeats share an id: they are one picture.
    """
    skus, placements = requests.column(SKU), requests.column(PLACEMENT)
    return text_column(
        [
            hashlib.sha256((sku_key(str(sku)) + id_ending(place)).encode()).hexdigest()[:12]
            for sku, place in zip(skus, placements, strict=True)
        ]
    )


def id_ending(placement: str | None) -> str:
    """Spell what a placement adds to the SKU of a request before both become its id."""
    return f"\x1f{plain(str(placement))}"


def paid_once(decisions: Decisions, ids: Column) -> Decisions:
    """Leave exact repeats without pictures of their own: theirs are those of the first such row.

    Args:
        decisions: Of every request.
        ids: The requests' ids, shape (n,).
    """
    repeats = _repeats(decisions, ids)
    if not repeats:
        return decisions
    images = decisions.images.copy()
    images[list(repeats)] = 0
    return replace(decisions, images=images)


def pictures_shown(decisions: Decisions, ids: Column) -> NDArray[np.int32]:
    """Count the pictures each row shows; a repeat shows those of the row it repeats."""
    shown = decisions.images.copy()
    for index, first in _repeats(decisions, ids).items():
        shown[index] = decisions.images[first]
    return shown


def _repeats(decisions: Decisions, ids: Column) -> dict[int, int]:
    """Map each decided row to an earlier one of the same id; rows that differ are not decided."""
    if len(set(ids)) == len(ids):
        return {}
    first: dict[str, int] = {}
    places = np.flatnonzero(decisions.tier > HOLD_TIER).tolist()
    firsts = {index: first.setdefault(ids[index], index) for index in places}
    return {index: before for index, before in firsts.items() if before != index}


def problems_by_row(sheet: str, problems: Iterable[Problem]) -> Mapping[int, list[Problem]]:
    """Group the problems of one tab by sheet row; those of a whole tab or column are left out."""
    grouped: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.cell is not None and problem.cell.row and problem.cell.sheet == sheet:
            grouped[problem.cell.row].append(problem)
    return grouped


def status_and_message(
    requests: RequestTable,
    decisions: Decisions,
    bill: Bill,
    problems: Sequence[Problem],
) -> tuple[Column, Column]:
    """Say how each request stands, in one word and one sentence.

    An error of the row wins over everything, then skipping, then a hold, then a warning.
    """
    grouped = problems_by_row(requests.sheet, problems)
    status = np.full(len(requests), "OK", dtype=object)
    message = np.full(len(requests), None, dtype=object)

    held_by_price = bill.held != ""
    held = (decisions.tier == HOLD_TIER) | held_by_price
    status[held] = "HOLD"
    message[held_by_price] = bill.held[held_by_price]
    by_rule = (decisions.tier == HOLD_TIER) & ~held_by_price
    message[by_rule] = decisions.why[by_rule]

    undecided = (decisions.tier == NO_TIER) & ~requests.bad
    skipped = undecided & (requests.column(ACTION) == "skip")
    status[skipped] = "SKIPPED"
    message[skipped] = "Skipped, because Action says so."
    status[(undecided & ~skipped) | requests.bad] = "ERROR"

    index_of_row = {int(row): index for index, row in enumerate(requests.rows)}
    for row, found in grouped.items():
        index = index_of_row.get(row)
        if index is None:
            continue
        has_error = any(problem.severity == "error" for problem in found)
        has_warning = any(problem.severity == "warning" for problem in found)
        if has_error:
            status[index] = "ERROR"
        elif has_warning and status[index] == "OK":
            status[index] = "WARN"
        told = " ".join(_sentence(problem) for problem in found if problem.severity != "info")
        if told:
            # What holds the row is often told with its cell and its fix; once is enough.
            held_for = message[index] or ""
            message[index] = told if held_for in told else f"{held_for} {told}"
    return status, message


def _sentence(problem: Problem) -> str:
    place = f"{problem.cell.a1}: " if isinstance(problem.cell, CellRef) else ""
    fix = f" Fix: {problem.fix}" if problem.fix else ""
    return f"{place}{problem.message}{fix}"
