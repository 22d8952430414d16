"""The verbs of looking ahead: the best use of a budget, and training the learned router."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tierbook import app, configuration, costing, workbook
from tierbook.contract import SKU, TIER, TIER_OVERRIDE
from tierbook.errors import UsageError
from tierbook.model import (
    MICRO,
    NO_TIER,
    Answers,
    CellValue,
    Column,
    MicroUsd,
    Problem,
    text_column,
)
from tierbook.ooxml import ColumnEdit, EditPlan, SheetEdit, edit
from tierbook.routers import router_file
from tierbook.workbook.atomic import write_atomically
from tierbook.workbook.locking import locked
from tierbook.workbook.saving import Saved, save

if TYPE_CHECKING:
    from tierbook.costing.budget import BudgetFit
    from tierbook.routing.learning import TrainedRouter


@dataclass(frozen=True)
class Fitted:
    """The best use of a budget; `saved` where the tiers were written as overrides."""

    answers: Answers
    fit: "BudgetFit"
    problems: tuple[Problem, ...]
    saved: Saved | None = None


def fit(path: Path, budget: MicroUsd, clock: app.Clock, *, write: bool) -> Fitted:
    """Find the tiers that make a budget worth the most; write them only when asked.

    Raises:
        UsageError: the workbook has no column `Tier override` to write to.
    """
    from tierbook.costing.budget import fit_budget

    app.must_exist(path)
    with locked(path, clock.now()):
        book = workbook.read_book(path)
        today = clock.now().date()
        answers = app.answer(book, router=None, today=today)
        per_tier = costing.per_tier(
            answers.requests, answers.decisions, answers.configuration, answers.prompt, today
        )
        found, problems = fit_budget(
            answers.requests, answers.decisions, answers.configuration, per_tier, budget
        )
        saved = None
        if write:
            content = _with_overrides(book, answers, found)
            saved = save(path, content, read_sha256=book.sha256, now=clock.now())
    return Fitted(answers, found, tuple(problems), saved)


def _with_overrides(book: workbook.Book, answers: Answers, found: "BudgetFit") -> bytes:
    column = book.recognised.get(TIER_OVERRIDE)
    if book.kind not in ("xlsx", "xlsm") or column is None:
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
    """What training came to; `router` is None where nothing could be learned."""

    router: "TrainedRouter | None"
    problems: tuple[Problem, ...]
    file: Path | None = None
    card: Path | None = None


def train(log: Path, book: Path | None) -> Trained:
    """Learn a router and keep it beside the workbook.

    Args:
        log: Past decisions with what became of them (.csv or .parquet); or a workbook, whose own
            pictures and reviews the ledger knows.
        book: The workbook it is for; its settings and placements count. None: the log's own name.
    """
    from tierbook.routing.learning import model_card
    from tierbook.routing.learning import save as saved_router
    from tierbook.routing.learning import train as learn

    app.must_exist(log)
    settings = configuration.defaults()
    own = log.suffix.lower() in (".xlsx", ".xlsm")
    book = book or (log if own else None)
    if book is not None:
        app.must_exist(book)
        settings, _ = configuration.load(workbook.read_tabs(book))
    router, problems = learn(_remembered(log) if own else _columns(log), settings)
    if router is None:
        return Trained(None, tuple(problems))
    target = router_file(book or log)
    card = target.with_suffix(".html")
    write_atomically(target, saved_router(router))
    write_atomically(card, model_card(router).encode())
    return Trained(router, tuple(problems), target, card)


def _columns(log: Path) -> Mapping[str, Column]:
    """Read the columns of a log as they are: text, numbers, dates, blanks as None."""
    import pandas as pd

    if log.suffix.lower() == ".parquet":
        frame = pd.read_parquet(log)
    elif log.suffix.lower() in (".csv", ".tsv", ".txt"):
        frame = pd.read_csv(log, sep=None, engine="python", dtype={"SKU": str})
    else:
        raise UsageError(
            f"{log.name} is no log the router can learn from.", fix="name a .csv or .parquet file."
        )
    plain = frame.astype(object).where(frame.notna(), None)
    return {str(name): text_column(plain[name].tolist()) for name in plain.columns}


def _remembered(book: Path) -> Mapping[str, Column]:
    """Make a log of what the ledger knows of a workbook: each picture made, seen and judged."""
    from tierbook import generation
    from tierbook.routing.learning import log

    with closing(generation.open_ledger()) as ledger:
        routings = {routing.request_id: routing for routing in ledger.routings()}
        attempts = [
            attempt
            for made in ledger.of_requests(routings).values()
            for attempt in made
            if Path(attempt.workbook) == book.absolute()
        ]
        reviews = ledger.reviews(attempt.attempt for attempt in attempts)
    judged = [attempt for attempt in attempts if attempt.attempt in reviews]
    if not judged:
        raise UsageError(
            f"No picture of {book.name} was made and reviewed yet, so there is nothing to learn.",
            fix="approve or reject pictures first (`tierbook review`), or name a log.",
        )
    columns: dict[str, list[CellValue]] = {
        SKU: [attempt.sku for attempt in judged],
        TIER: [attempt.tier for attempt in judged],
        log.DECIDED_ON: [attempt.created for attempt in judged],
        log.OUTCOME_ON: [reviews[attempt.attempt].at for attempt in judged],
        log.APPROVED: [reviews[attempt.attempt].decision == "approve" for attempt in judged],
        log.PROPENSITY: [routings[attempt.request_id].propensity for attempt in judged],
        log.COST: [attempt.counted / MICRO for attempt in judged],
    }
    seen = [routings[attempt.request_id].features for attempt in judged]
    for heading in sorted({heading for features in seen for heading in features} - {SKU}):
        columns[heading] = [cast("CellValue", features.get(heading)) for features in seen]
    return {heading: text_column(values) for heading, values in columns.items()}
