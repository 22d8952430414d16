"""The verbs of looking ahead: the best use of a budget, and training the learned router."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import app, configuration, costing, routing, workbook
from tierbook.contract import SETTINGS, TIER_OVERRIDE
from tierbook.errors import EditRefused, UsageError
from tierbook.model import (
    NO_TIER,
    Answers,
    MicroUsd,
    Problem,
)
from tierbook.ooxml import ColumnEdit, EditPlan, SheetEdit, edit
from tierbook.routers import choose, router_file
from tierbook.workbook.atomic import write_atomically
from tierbook.workbook.locking import locked
from tierbook.workbook.saving import Saved, save

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tierbook.costing.budget import BudgetFit
    from tierbook.routing.learning import TrainedRouter


_WORKBOOKS = (".xlsx", ".xlsm")
_RECORD_NOTE = "Written by `tierbook train`. A router with another seal decides nothing."


@dataclass(frozen=True)
class Fitted:
    """The best use of a budget, and its page; `saved` where tiers were written as overrides."""

    answers: Answers
    fit: "BudgetFit"
    problems: tuple[Problem, ...]
    page: Path
    saved: Saved | None = None


def fit(path: Path, budget: MicroUsd, clock: app.Clock, *, write: bool) -> Fitted:
    """Find the tiers that make a budget worth the most; write them only when asked.

    Raises:
        UsageError: the workbook has no column `Tier override` to write to.
    """
    from tierbook.costing.budget import fit_budget
    from tierbook.costing.budget_page import budget_page

    app.must_exist(path)
    with locked(path, clock.now()):
        book = workbook.read_book(path)
        today = clock.now().date()
        answers = app.answer(book, router=None, today=today)
        per_tier = costing.per_tier(
            answers.requests, answers.decisions, answers.configuration, answers.prompt, today
        )
        found, problems = fit_budget(
            answers.requests,
            answers.decisions,
            answers.configuration,
            per_tier,
            budget,
            _learned_odds(answers, path),
        )
        page = path.with_name(f"{path.stem}.budget.html")
        text = budget_page(found, answers.requests, answers.configuration, budget)
        write_atomically(page, text.encode())
        saved = None
        if write:
            content = _with_overrides(book, answers, found)
            saved = save(path, content, read_sha256=book.sha256, now=clock.now())
    return Fitted(answers, found, tuple(problems), page, saved)


def _learned_odds(answers: Answers, path: Path) -> "NDArray[np.float64] | None":
    """Take the odds of approval from the workbook's learned router, where it passed its gates."""
    trained = choose(0, answers.configuration, path).trained
    numbers = tuple(tier.number for tier in answers.configuration.tiers)
    if trained is None or not trained.passed or trained.tiers != numbers:
        return None
    from tierbook.routing.learning import approval_odds

    rubric, _ = routing.decide(answers.requests, answers.configuration)
    return approval_odds(answers.requests, answers.configuration, trained, rubric)


def _with_overrides(book: workbook.Book, answers: Answers, found: "BudgetFit") -> bytes:
    column = book.recognised.get(TIER_OVERRIDE)
    if f".{book.kind}" not in _WORKBOOKS or column is None:
        raise UsageError(
            f'{book.path.name} has no column "{TIER_OVERRIDE}" to write the tiers into.',
            fix=f'add a column with the heading "{TIER_OVERRIDE}", save, and run again.',
        )
    before = answers.requests.column(TIER_OVERRIDE)
    tiers = [
        int(tier) if tier != NO_TIER else kept
        for tier, kept in zip(found.tier.tolist(), before.tolist(), strict=True)
    ]
    change = ColumnEdit(
        column=column,
        header_row=book.header_row,
        header=book.headings[column],
        rows=answers.requests.rows.tolist(),
        values=tiers,
        new=False,
    )
    return edit(book.content, EditPlan(sheets=(SheetEdit(book.sheet, (change,)),))).content


@dataclass(frozen=True)
class Trained:
    """What training came to; `router` is None where nothing could be learned.

    `saved` tells where the record was written into the Settings tab, None where it was not.
    """

    router: "TrainedRouter | None"
    problems: tuple[Problem, ...]
    file: Path | None = None
    card: Path | None = None
    saved: Saved | None = None


def train(log: Path, book: Path | None, clock: app.Clock) -> Trained:
    """Learn a router, keep it beside the workbook, and its record in the tab Settings.

    Args:
        log: Past decisions with what became of them (.csv or .parquet); or a workbook, whose own
            pictures and reviews the ledger knows.
        book: The workbook it is for; its settings and placements count. None: the log's own name.
        clock: Tells the time of the backup.
    """
    from tierbook.past_decisions import read_log_file, remembered
    from tierbook.routing.learning import model_card
    from tierbook.routing.learning import save as saved_router
    from tierbook.routing.learning import train as learn

    app.must_exist(log)
    settings = configuration.defaults()
    own = log.suffix.lower() in _WORKBOOKS
    book = book or (log if own else None)
    if book is not None:
        app.must_exist(book)
        settings, _ = configuration.load(workbook.read_tabs(book))
    router, problems = learn(remembered(log) if own else read_log_file(log), settings)
    if router is None:
        return Trained(None, tuple(problems))
    target = router_file(book or log)
    card = target.with_suffix(".html")
    write_atomically(target, saved_router(router))
    write_atomically(card, model_card(router).encode())
    saved, told = (None, []) if book is None else _kept_in_settings(book, router, clock)
    return Trained(router, (*problems, *told), target, card, saved)


def _kept_in_settings(
    book: Path, router: "TrainedRouter", clock: app.Clock
) -> tuple[Saved | None, list[Problem]]:
    """Write the router's seal, period and gates into the tab Settings, where there is one."""
    from tierbook.routing.learning import record
    from tierbook.workbook.setting_lines import setting_lines_edit

    with locked(book, clock.now()):
        content = book.read_bytes()
        tab = workbook.read_tabs(book).get(SETTINGS)
        change = None if tab is None else setting_lines_edit(tab, record(router), _RECORD_NOTE)
        if change is None:
            return None, [_not_kept(f'{book.name} has no tab "{SETTINGS}"')]
        try:
            edited = edit(content, EditPlan(sheets=(change,))).content
        except EditRefused as refusal:
            return None, [_not_kept(refusal.message)]
        read = hashlib.sha256(content).hexdigest()
        return save(book, edited, read_sha256=read, now=clock.now()), []


def _not_kept(reason: str) -> Problem:
    return Problem(
        "record-beside",
        "info",
        f"{reason}. The record of the router (seal, period, gates) stands in its file and its card "
        "alone.",
        "Add the tab with `tierbook run --with-settings` and train again, if you want it there.",
    )
