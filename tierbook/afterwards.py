"""The verbs of afterwards: bring reports in, review a month, look at pictures together."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import app, catalogs, configuration, workbook
from tierbook.contract import PLACEMENT
from tierbook.errors import NothingToRoute, UsageError
from tierbook.model import Answers
from tierbook.recall import ledger_exists, recall
from tierbook.workbook.atomic import write_atomically
from tierbook.workbook.locking import locked
from tierbook.workbook.milestones import AUDITED, REVIEWED, note_step
from tierbook.workbook.saving import Saved, save, save_as

if TYPE_CHECKING:
    from tierbook.generation import Ledger
    from tierbook.insights import AuditOutcome, ReportOutcome
    from tierbook.insights.performance import PerformanceReport


@dataclass(frozen=True)
class Reported:
    """A monthly review as it was written: the workbook's tab, and a page beside it."""

    outcome: "ReportOutcome"
    page: Path
    saved: Saved | None


def report(path: Path, month: str, clock: app.Clock, *, add_rules: bool = False) -> Reported:
    """Review a month, write the tab `Monthly review` and an HTML page beside the workbook.

    With `add_rules`, suggested rules are added below the seller's rubric, each one off.
    """
    from tierbook import insights

    app.must_exist(path)
    with locked(path, clock.now()):
        book = workbook.read_book(path)
        answers = recall(app.answer(book, router=None, today=clock.now().date()), book).answers
        with _record(answers) as ledger:
            outcome = insights.report(
                book, answers, clock.now(), month=month, ledger=ledger, add_rules=add_rules
            )
        saved = None
        if outcome.content is not None:
            saved = save(path, outcome.content, read_sha256=book.sha256, now=clock.now())
        note_step(path, REVIEWED, clock.now().date())
        page = path.with_name(f"{path.stem} - monthly review.html")
        write_atomically(page, outcome.html.encode())
    return Reported(outcome, page, saved)


@dataclass(frozen=True)
class Audited:
    """An audit as it was written: the tab in a workbook (or one of its own), and a page."""

    outcome: "AuditOutcome"
    page: Path
    saved: Saved | None


def audit(path: Path, days: int, clock: app.Clock, *, measure: bool = False) -> Audited:
    """Audit a list of past pictures, or a store's export, and write tab and page.

    A file that names placements is a list of pictures; anything else is read as an export, and
    its audit goes into a workbook of its own beside it. With `measure`, web addresses of pictures
    are asked for their sizes; local files always are.
    """
    from tierbook import insights
    from tierbook.generation.measuring import size_of_address

    ask = size_of_address if measure else None

    app.must_exist(path)
    page = path.with_name(f"{path.stem} - audit.html")
    book = _picture_list(path)
    if book is None:
        outcome = insights.audit_catalog(
            catalogs.read([path]),
            configuration.defaults(),
            path,
            clock.now(),
            days=days,
            fetch_size=ask,
        )
        beside = path.with_name(f"{path.stem} - audit.xlsx")
        saved = save_as(beside, outcome.content, now=clock.now()) if outcome.content else None
    else:
        with locked(path, clock.now()):
            answers = recall(app.answer(book, router=None, today=clock.now().date()), book).answers
            with _record(answers) as ledger:
                outcome = insights.audit_book(book, answers, clock.now(), days=days, ledger=ledger)
            saved = None
            if outcome.content is not None:
                saved = save(path, outcome.content, read_sha256=book.sha256, now=clock.now())
    note_step(path, AUDITED, clock.now().date())
    write_atomically(page, outcome.html.encode())
    return Audited(outcome, page, saved)


def _picture_list(path: Path) -> workbook.Book | None:
    """Read a file as a list of pictures; None where it names no placements."""
    try:
        book = workbook.read_book(path)
    except NothingToRoute:
        return None
    return book if PLACEMENT in book.recognised else None


@contextmanager
def _record(answers: Answers) -> "Generator[Ledger | None]":
    """Open the record of payments, where there is one."""
    if not ledger_exists():
        yield None
        return
    from tierbook import generation

    zone = answers.configuration.settings.time_zone
    with closing(generation.open_ledger(time_zone=zone)) as ledger:
        yield ledger


def performance(
    path: Path, reports: Sequence[Path], clock: app.Clock
) -> "tuple[PerformanceReport, Saved]":
    """Sum ad and analytics exports by picture into the tab `Performance`."""
    from tierbook.insights.performance import performance_rows, write_performance

    app.must_exist(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise UsageError(
            f"{path.name} holds no tab for performance.", fix="name the workbook (.xlsx)."
        )
    with locked(path, clock.now()):
        book = workbook.read_book(path)
        settings, _ = configuration.load(book.tabs)
        requests, _ = workbook.requests(book, settings)
        found = performance_rows(reports, requests, settings.placements)
        content = write_performance(book.content, found, path.name)
        saved = save(path, content, read_sha256=book.sha256, now=clock.now())
    return found, saved


def review(
    path: Path, clock: app.Clock, *, open_browser: bool, on_ready: Callable[[str], None]
) -> app.RunReport:
    """Serve the review page until it is closed, then write the decisions into the workbook."""
    from tierbook import generation
    from tierbook.review import desk_for, serve

    app.must_exist(path)
    if not ledger_exists():
        raise UsageError(
            "No picture was made yet, so there is nothing to review.",
            fix=f"make some first: tierbook run {path.name} --generate",
        )
    # What was typed into the sheet since the last run shows on the page, too.
    app.run(path, app.RunOptions(), clock)
    book = workbook.read_book(path)
    answers = app.answer(book, router=None, today=clock.now().date())
    zone = answers.configuration.settings.time_zone
    with closing(generation.open_ledger(time_zone=zone)) as ledger:
        desk = desk_for(answers, path, ledger)
        serve(desk, open_browser=open_browser, on_ready=on_ready)
    return app.run(path, app.RunOptions(), clock)
