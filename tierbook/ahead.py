"""The verbs of looking ahead: the best use of a budget, and training the learned router."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import app, configuration, costing, workbook
from tierbook.contract import TIER_OVERRIDE
from tierbook.errors import UsageError
from tierbook.model import NO_TIER, Answers, Column, MicroUsd, Problem, text_column
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
    """Learn a router from a log (.csv or .parquet) and keep it beside the workbook.

    Args:
        log: Past decisions with what became of them.
        book: The workbook it is for; its settings and placements count. None: the log's own name.
    """
    from tierbook.routing.learning import model_card
    from tierbook.routing.learning import save as saved_router
    from tierbook.routing.learning import train as learn

    app.must_exist(log)
    settings = configuration.defaults()
    if book is not None:
        app.must_exist(book)
        settings, _ = configuration.load(workbook.read_tabs(book))
    router, problems = learn(_columns(log), settings)
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
