"""The verbs, each readable on one screen. What a seller types, without the typing."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tierbook import configuration, costing, prompts, routers, routing, workbook
from tierbook.contract import ESTIMATED_COST, SOURCE_IMAGE, TIER
from tierbook.errors import EditRefused, NothingToRoute, UsageError
from tierbook.model import (
    Answers,
    Configuration,
    Decisions,
    Finding,
    MicroUsd,
    Problem,
    RequestTable,
)
from tierbook.raising import raise_after_rejects
from tierbook.recall import Recalled, note_saved, recall
from tierbook.workbook.answers import paid_once, request_ids, status_and_message
from tierbook.workbook.locking import locked
from tierbook.workbook.milestones import RUBRIC_SHARED, note_step, steps_done
from tierbook.workbook.saving import Saved, WorkbookChanged, save, save_as, save_beside

if TYPE_CHECKING:
    from tierbook.generation import RequestResult
    from tierbook.studio.checks import PictureReport

_TEST = "test"  # the kind of finding that a failing rubric test is
# How often a run starts over because the seller saved the workbook under it.
_MOST_RETRIES = 3


class Clock(Protocol):
    """Tells the time; passed in, so that a run can be repeated."""

    def now(self) -> datetime:
        """Return the present moment with its time zone."""
        ...


class SystemClock:
    """The machine's own clock, in the machine's own time zone."""

    def now(self) -> datetime:
        """Return the present moment with its time zone."""
        return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a seller may ask of a run; see `tierbook run --help`."""

    reading: workbook.ReadOptions = field(default_factory=workbook.ReadOptions)
    output: Path | None = None
    router: str | None = None
    with_settings: bool = False


@dataclass(frozen=True)
class RunReport:
    """What a run did. `saved` is None when nothing was to be written."""

    path: Path
    answers: Answers
    saved: Saved | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that a seller should know, rows and settings together."""
        return self.answers.problems

    @property
    def exit_code(self) -> int:
        """0 when every row was answered, 1 when some have problems."""
        return int(any(problem.severity == "error" for problem in self.problems))

    def by_tier(self) -> dict[str, dict[str, int]]:
        """Count requests, images and the estimate of each tier, by the tier's number."""
        decided, bill = self.answers.decisions, self.answers.bill
        return {
            str(tier.number): {
                "requests": int((decided.tier == tier.number).sum()),
                "images": int(decided.images[decided.tier == tier.number].sum()),
                "estimate_micro_usd": int(bill.estimate[decided.tier == tier.number].sum()),
            }
            for tier in self.answers.configuration.tiers
        }

    def baseline(self) -> MicroUsd:
        """What one model for everything would have cost."""
        return int(self.answers.bill.baseline.sum())


def run(path: Path, options: RunOptions, clock: Clock) -> RunReport:
    """Route every request of the workbook at `path` and write the answers back.

    Raises:
        TierbookError: nothing could be done; the workbook is as it was.
    """
    must_exist(path)
    if options.with_settings and path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise UsageError(
            f"{path.name} cannot hold settings tabs: it is not an Excel workbook.",
            fix="save it as .xlsx first, or leave --with-settings out.",
        )
    with locked(path, clock.now()):
        return answer_and_write(path, options, clock)


def answer_and_write(
    path: Path, options: RunOptions, clock: Clock, fresh: "Sequence[RequestResult]" = ()
) -> RunReport:
    """Read, answer and write; start over where the seller saved the workbook meanwhile."""
    for _ in range(_MOST_RETRIES):
        book = workbook.read_book(path, options.reading)
        _must_suit(options.output, book)
        recalled = recall(
            answer(book, router=options.router, today=clock.now().date()), book, fresh
        )
        try:
            saved = _write(book, recalled, options, clock)
        except WorkbookChanged:
            continue
        if saved.in_place:
            note_saved(recalled, path)
        return RunReport(path, recalled.answers, saved)
    raise WorkbookChanged(
        f"{path.name} keeps being saved by another program while Tierbook works.",
        fix="close that program, or pause its automatic saving, and run the command again.",
    )


def check(path: Path, options: RunOptions, clock: Clock) -> RunReport:
    """Do all that `run` does except writing."""
    must_exist(path)
    book = workbook.read_book(path, options.reading)
    answers = answer(book, router=options.router, today=clock.now().date())
    # A run writes the rest of the rubric check into its tab; here is the only place to say it.
    rest = (f for f in answers.report.findings if f.kind != _TEST and f.severity != "info")
    told = (*answers.problems, *map(_as_problem, rest))
    return RunReport(path, replace(answers, problems=told))


def answer(book: workbook.Book, *, router: str | None, today: date) -> Answers:
    """Decide, explain and price every request of a workbook.

    Nothing is written. What `book` holds decides, and the rejects that the ledger knows of.
    """
    settings, problems = configuration.load(book.tabs)
    if router is not None:
        asked = replace(settings.settings, router=router, router_said_by="--router")
        settings = replace(settings, settings=asked)
    requests, row_problems = workbook.requests(book, settings)
    if not len(requests):
        where = f'Tab "{book.sheet}" of {book.path.name}' if book.sheet else book.path.name
        raise NothingToRoute(
            f"{where} has headings but no rows under them.",
            fix="fill in a SKU and a placement in the first row under the headings.",
        )
    routed = routers.decide(requests, settings, book.path, today)
    found = (*book.problems, *problems, *row_problems, *routed.problems)
    notes = (*book.notes, *_photo_note(requests), routed.why)
    answers = _priced(requests, settings, routed.decisions, found, notes, today)
    raised = raise_after_rejects(answers, book)
    if raised is not None:
        found = (*found, *raised.problems)
        answers = _priced(requests, settings, raised.decisions, found, notes, today)
    return replace(answers, steps_done=steps_done(book.path))


def _priced(
    requests: RequestTable,
    settings: Configuration,
    decisions: Decisions,
    found: Sequence[Problem],
    notes: tuple[str, ...],
    today: date,
) -> Answers:
    """Compose, price and explain what was decided."""
    ids = request_ids(requests)
    decisions = paid_once(decisions, ids)
    prompt, prompt_problems = prompts.compose(requests, decisions, settings)
    bill, price_problems = costing.estimate(decisions, requests, settings, prompt, today)
    per_tier = costing.per_tier(requests, decisions, settings, prompt, today)
    found = (*found, *prompt_problems, *price_problems)
    status, message = status_and_message(requests, decisions, bill, found)
    report = routing.check_rubric(
        settings,
        requests,
        decisions,
        bill,
        today=today,
        previous=requests.outputs.get(TIER),
        previous_cost=requests.outputs.get(ESTIMATED_COST),
    )
    return Answers(
        requests=requests,
        configuration=settings,
        decisions=decisions,
        bill=bill,
        prompt=prompt,
        cheaper_if=routing.cheaper_if(requests, settings, decisions, per_tier),
        status=status,
        message=message,
        request_id=ids,
        report=report,
        problems=(*found, *(_as_problem(f) for f in report.findings if f.kind == _TEST)),
        today=today,
        notes=notes,
    )


def _as_problem(finding: Finding) -> Problem:
    """Tell a finding of the rubric check among the problems of the run.

    Only a failing test stops work, so only that is an error of the run.
    """
    severity = "error" if finding.kind == _TEST else "warning"
    code = f"rubric-{finding.kind}"
    return Problem(code, severity, finding.message, finding.fix, finding.cell)


def _photo_note(requests: RequestTable) -> tuple[str, ...]:
    """Say that nothing was held for a missing photo where the sheet says nothing of photos."""
    if any(requests.column(SOURCE_IMAGE)):
        return ()
    return (
        f'No row names a photo in "{SOURCE_IMAGE}". Deciding and pricing need none; making '
        "pictures of a real product does.",
    )


def _write(book: workbook.Book, recalled: Recalled, options: RunOptions, clock: Clock) -> Saved:
    """Write the answers where they belong, or beside a workbook that would lose something."""
    now, answers = clock.now(), recalled.answers
    try:
        content = workbook.answered(book, answers, results=recalled.rows)
        if options.with_settings:
            content = workbook.with_settings(content)
    except EditRefused as refusal:
        results = workbook.standalone(book, answers)
        target = options.output or book.path.with_suffix(".xlsx")
        return save_beside(target, results, now=now, reason=f"{refusal.message} {refusal.fix}")
    if options.output is not None and options.output.resolve() != book.path.resolve():
        return save_as(options.output, content, now=now)
    return save(book.path, content, read_sha256=book.sha256, now=now)


def _must_suit(output: Path | None, book: workbook.Book) -> None:
    """Refuse an ending that says another kind of file than the answers will be."""
    if output is None or output.is_dir():
        return
    endings = {"csv": (".csv", ".tsv", ".txt")}.get(book.kind, (f".{book.kind}",))
    if output.suffix.lower() not in endings:
        raise UsageError(
            f"{output.name} does not end in {endings[0]}, and {book.path.name} is answered as a "
            "file of its own kind.",
            fix=f"name a file that ends in {endings[0]} after -o.",
        )


def must_exist(path: Path) -> None:
    """Refuse a path that is no file, naming the workbooks nearby."""
    if path.is_dir():
        raise UsageError(
            f"{path} is a folder, not a workbook.", fix="name the .xlsx file inside it."
        )
    if not path.exists():
        nearby = sorted(one.name for one in path.parent.glob("*.xlsx") if path.parent.is_dir())
        there = f" In that folder: {', '.join(nearby[:5])}." if nearby else ""
        raise UsageError(
            f"There is no file {path}.{there}",
            fix="check the name, or make a blank workbook with `tierbook new`.",
        )


def watch(
    path: Path,
    options: RunOptions,
    clock: Clock,
    *,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[RunReport]:
    """Run now and again after every save of the workbook; free work only. Ends with Ctrl+C.

    A save counts once the file has stood still for two looks, since programs save in steps.
    """
    seen = ""
    while True:
        looked = _looks(path)
        wait(1.0)
        if looked != seen and looked == _looks(path) and path.exists():
            yield run(path, options, clock)
            seen = _looks(path)


def _looks(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        return ""
    return f"{facts.st_mtime_ns} {facts.st_size}"


def new(path: Path, *, example: bool) -> Path:
    """Write the blank workbook, or the filled example with `example`; never over another file."""
    if path.exists():
        raise UsageError(
            f"{path} is already there, and was left as it is.", fix="choose another name."
        )
    path.write_bytes(workbook.build_template(example=example))
    return path


def share_rubric(path: Path, output: Path, today: date) -> Path:
    """Write the workbook's rubric as a page people (.html, .md) or other tools (.dmn) read."""
    must_exist(path)
    settings, _ = configuration.load(workbook.read_tabs(path))
    output.write_text(routing.share_rubric(settings, output.suffix), encoding="utf-8")
    note_step(path, RUBRIC_SHARED, today)
    return output


def check_pictures(folder: Path, book: Path | None, placement: str) -> "tuple[PictureReport, ...]":
    """Measure every picture file of a folder by the image rules of its placement.

    Args:
        folder: Where the pictures lie.
        book: A workbook whose Placements tab holds the rules; the built-in ones otherwise.
        placement: The placement all of them are for, "" to tell it from their names.
    """
    from tierbook.studio import missing

    lacking = missing()
    if lacking:
        raise UsageError("Checking pictures needs the studio.", fix=lacking)
    from tierbook.studio.checks import check_pictures as measure

    settings = configuration.defaults()
    if book is not None:
        settings, _ = configuration.load(workbook.read_tabs(book))
    return measure(folder, settings.placements, placement)
