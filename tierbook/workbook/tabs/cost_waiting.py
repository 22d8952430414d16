"""The cost summary's list of what waits for the seller, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

import numpy as np

from tierbook.contract import PROBLEMS, SKU
from tierbook.model import HOLD_TIER, Answers, CellRef
from tierbook.workbook.tabs.look import HEADER_INDENTED, LINK, STATUS_TINTS, Face, quoted_sheet
from tierbook.workbook.tabs.pen import Pen, count, text
from tierbook.workbook.tabs.problems import place_link

# The states in which a row waits for the seller.
WAITING_STATES: Final = ("ERROR", "HOLD", "UNKNOWN", "REFUSED", "FAILED")
_MOST_REASONS: Final = 5
_LONGEST_REASON: Final = 150
_REASON: Final = Face(ink=LINK, underline=True, indent=1)
_COLUMNS: Final = 9


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some rows wait; `cell` is the first of them."""

    state: str
    words: str
    rows: int
    cell: CellRef


def write_waiting(
    pen: Pen, row: int, answers: Answers, names: Mapping[str, str], present: Set[str]
) -> int:
    """Write the most frequent reasons with a link to the first row of each; return the row after.

    Nothing is written when nothing waits.
    """
    reasons = sorted(_reasons(answers), key=lambda reason: -reason.rows)
    if not reasons:
        return row
    pen.section(row, "What waits for you")
    pen.headings(row + 1, ("State", "Rows", *[""] * (_COLUMNS - 2)))
    pen.words(row + 1, 3, "Why", HEADER_INDENTED)
    here = row + 2
    for reason in reasons[:_MOST_REASONS]:
        pen.line(here, [text(reason.state, fill=STATUS_TINTS[reason.state]), count(reason.rows)])
        if reason.cell.sheet in present:
            tooltip = f"Go to {reason.cell.sheet} {reason.cell.a1}"
            pen.link(here, 3, place_link(reason.cell), _short(reason.words), _REASON, tooltip)
        else:
            pen.words(here, 3, _short(reason.words), Face(indent=1))
        here += 1
    more = len(reasons) - _MOST_REASONS
    if more > 0:
        place = f"internal:{quoted_sheet(names[PROBLEMS])}!A1"
        pen.link(here, 3, place, f"and {more} more: see tab {names[PROBLEMS]}", _REASON)
        here += 1
    return here + 1


def _reasons(answers: Answers) -> Iterator[Reason]:
    yield from _mistakes(answers)
    yield from _holds(answers)
    yield from _unfinished(answers)


def _mistakes(answers: Answers) -> Iterator[Reason]:
    """Group errors by kind; the words are the first one's."""
    errors = [
        problem
        for problem in answers.problems
        if problem.severity == "error" and problem.cell and problem.cell.row
    ]
    rows = Counter(problem.code for problem in errors)
    told: set[str] = set()
    for problem in errors:
        if problem.code not in told and problem.cell:
            told.add(problem.code)
            yield Reason("ERROR", problem.message, rows[problem.code], problem.cell)


def _holds(answers: Answers) -> Iterator[Reason]:
    """Group rows that a rule holds by the rule, rows that a price holds by its reason."""
    decisions, bill, requests = answers.decisions, answers.bill, answers.requests
    whys = {rule.name: rule.why for rule in answers.configuration.rubric.rules}
    keys: dict[str, str] = {}
    first: dict[str, int] = {}
    rows: Counter[str] = Counter()
    for index in np.flatnonzero(answers.status == "HOLD").tolist():
        if decisions.tier[index] == HOLD_TIER:
            rule = str(decisions.rule[index])
            key, words = f"rule {rule}", whys.get(rule) or str(decisions.why[index])
        elif bill.budget_check[index]:
            # Amounts differ from row to row; that they are too high does not.
            key, words = "budget", f"Over the budget per image: {bill.budget_check[index]}"
        else:
            key = words = str(bill.held[index] or answers.message[index] or "On hold.")
        keys.setdefault(key, words)
        first.setdefault(key, index)
        rows[key] += 1
    for key, words in keys.items():
        yield Reason("HOLD", words, rows[key], requests.cell(first[key], SKU))


def _unfinished(answers: Answers) -> Iterator[Reason]:
    for state in ("UNKNOWN", "REFUSED", "FAILED"):
        found = np.flatnonzero(answers.status == state)
        if len(found):
            index = int(found[0])
            words = str(answers.message[index] or state.capitalize())
            yield Reason(state, words, len(found), answers.requests.cell(index, SKU))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_REASON else f"{words[: _LONGEST_REASON - 1]}…"
