"""The verbs that make pictures and settle what they cost; each readable on one screen."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierbook import app, workbook
from tierbook.contact import write_contact_sheet
from tierbook.errors import UsageError
from tierbook.holding import held_by_policy
from tierbook.model import Answers, MicroUsd
from tierbook.routing.learning.features import RUBRIC_TIER
from tierbook.workbook.locking import locked
from tierbook.workbook.milestones import PICTURES_MADE, note_step

if TYPE_CHECKING:
    from tierbook.engines import Engine
    from tierbook.generation import Ledger, Outcome, Progress, Resolution, Work, WorkBill
    from tierbook.generation.ledger import Attempt, Spend
    from tierbook.generation.ledger.records import Routing
    from tierbook.generation.outcomes import RequestResult


@dataclass(frozen=True, slots=True)
class MakeOptions:
    """What a seller may ask of making pictures, on top of a run's own options."""

    run: app.RunOptions
    max_spend: MicroUsd | None = None
    limit: int | None = None
    tiers: frozenset[int] | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class MakeReport:
    """What making pictures did; `outcome` is None where only the bill was shown.

    `planned` are the answers the bill was made from, with what policy holds.
    """

    planned: Answers
    report: app.RunReport
    bill: "WorkBill"
    outcome: "Outcome | None" = None
    contact_sheet: Path | None = None

    @property
    def exit_code(self) -> int:
        """The outcome's own code where it has something to say, else the rows'."""
        made = self.outcome.exit_code if self.outcome else 0
        return made or self.report.exit_code


def make(
    path: Path,
    options: MakeOptions,
    clock: app.Clock,
    *,
    approve: Callable[[Answers, "WorkBill", Mapping[str, str]], bool],
    on_progress: "Callable[[Progress], None] | None" = None,
) -> MakeReport:
    """Plan, show the bill, ask, make the pictures, and write them into the workbook.

    Args:
        path: The workbook.
        options: What the seller asked for.
        clock: Tells the day.
        approve: Asked once, with the answers, the bill, and what engines that the pictures are
            pinned to lack.
        on_progress: Shown the moment's numbers.

    Raises:
        UsageError: the seller said no, or asked for a tier that is not there; nothing was sent
            or charged.
        TierbookError: paid work cannot start; nothing was sent or charged.
    """
    from tierbook import engines, generation

    app.must_exist(path)
    with locked(path, clock.now()):
        book = workbook.read_book(path, options.run.reading)
        answers = app.answer(book, router=options.run.router, today=clock.now().date())
        _refuse_unknown_tiers(options.tiers, answers)
        every = engines.discover()
        answers = held_by_policy(answers, every)
        zone = answers.configuration.settings.time_zone
        with closing(generation.open_ledger(time_zone=zone)) as ledger:
            wanted = generation.WorkOptions(
                path, max_spend=options.max_spend, limit=options.limit, tiers=options.tiers
            )
            work = generation.plan_work(answers, ledger, wanted)
            bill = generation.bill(work)
            if options.dry_run:
                return MakeReport(answers, app.RunReport(path, answers), bill)
            if bill.pictures and not approve(answers, bill, _unready(work, every)):
                raise UsageError(
                    "You said no.", fix="nothing to undo.", money="Nothing was sent or charged."
                )
            outcome = asyncio.run(generation.carry_out(work, ledger, every, wanted, on_progress))
            ledger.log_routings(outcome.run, routings_of(answers, outcome.results))
        if outcome.made and PICTURES_MADE not in answers.steps_done:
            note_step(path, PICTURES_MADE, clock.now().date())
        report = app.answer_and_write(path, options.run, clock, outcome.results)
    sheet = write_contact_sheet(report.answers, outcome, path)
    return MakeReport(answers, report, bill, outcome, sheet)


def _refuse_unknown_tiers(asked: frozenset[int] | None, answers: Answers) -> None:
    known = sorted(tier.number for tier in answers.configuration.tiers)
    unknown = sorted((asked or frozenset()).difference(known))
    if unknown:
        raise UsageError(
            f"--tier {unknown[0]}: this workbook has no such tier.",
            fix=f"name some of {', '.join(map(str, known))}, between commas.",
            money="Nothing was sent or charged.",
        )


def routings_of(answers: Answers, results: "Iterable[RequestResult]") -> "list[Routing]":
    """Say what the router saw of each row it had a picture made for, and what it chose."""
    from tierbook.generation.ledger.records import Routing

    decided, columns = answers.decisions, answers.requests.columns
    rubric = decided.tier if decided.rubric_tier is None else decided.rubric_tier
    kept: list[Routing] = []
    for result in results:
        if not result.attempts:
            continue
        index = result.index
        seen = {heading: column[index] for heading, column in columns.items()}
        seen[RUBRIC_TIER] = int(rubric[index])
        kept.append(
            Routing(
                request_id=result.request_id,
                features={heading: value for heading, value in seen.items() if value is not None},
                tier=int(decided.tier[index]),
                rule=str(decided.rule[index] or ""),
                router=str(decided.router[index] or ""),
                propensity=1.0 if decided.propensity is None else float(decided.propensity[index]),
            )
        )
    return kept


def _unready(work: "Work", every: "Mapping[str, Engine]") -> dict[str, str]:
    """Say what the engines that pictures go to first lack, before the seller says yes."""
    from tierbook.generation.keys import readiness

    names = sorted({picture.offers[0].engine for picture in work.to_make})
    lacks = {name: readiness(every[name]) for name in names if name in every}
    return {name: words for name, words in lacks.items() if words}


def sync(path: Path, options: app.RunOptions, clock: app.Clock) -> app.RunReport:
    """Write what the ledger knows of this workbook's pictures into it; nothing is sent.

    For a workbook that was open when its pictures were made, was restored from a backup, or was
    renamed.
    """
    return app.run(path, options, clock)


def resolve(attempt: str, *, charged: bool, amount: MicroUsd | None = None) -> "Resolution":
    """Settle a charge that could not be confirmed, by what the provider's usage page says.

    Before one is let go, its provider is asked for it where that is possible: a picture that was
    made after all is not paid for again.
    """
    from tierbook import generation

    with closing(generation.open_ledger()) as ledger:
        if not charged:
            _look_up(ledger)
        return generation.resolve(ledger, attempt, charged=charged, amount=amount)


@dataclass(frozen=True)
class Doubtful:
    """Charges that were in doubt and were `found` at their providers, and those `left` in doubt."""

    found: "tuple[Attempt, ...]"
    left: "tuple[Attempt, ...]"


def waiting() -> Doubtful:
    """List the charges that wait for `resolve`, after asking the providers that can be asked."""
    from tierbook import generation

    with closing(generation.open_ledger()) as ledger:
        before = ledger.unknown()
        _look_up(ledger)
        left = ledger.unknown()
        open_ones = {one.attempt for one in left}
        settled = [one.attempt for one in before if one.attempt not in open_ones]
        return Doubtful(tuple(ledger.find(name)[0] for name in settled), left)


def _look_up(ledger: "Ledger") -> None:
    """Ask providers for attempts in doubt; nothing is sent, and pictures found are fetched."""
    from tierbook import engines, generation
    from tierbook.generation.keys import readiness
    from tierbook.generation.looking_up import can_be_looked_up

    doubtful = {one.engine for one in ledger.unknown() if not one.job_id}
    asked = [engines.find(name) for name in doubtful]
    if not any(one and can_be_looked_up(one) and readiness(one) == "" for one in asked):
        return
    nothing = generation.nothing_to_make(ledger)
    asyncio.run(
        generation.carry_out(nothing, ledger, engines.discover(), generation.WorkOptions(Path()))
    )


def spending(path: Path | None = None, month: str | None = None) -> "tuple[Spend, ...]":
    """Say what pictures came to, by workbook, month and tier.

    Raises:
        UsageError: `month` is no month; or there is no such workbook, now or in the ledger.
    """
    from tierbook import generation
    from tierbook.insights.months import Month

    written = Month.parse(month).key if month is not None else None
    with closing(generation.open_ledger()) as ledger:
        found = ledger.spend(str(path.absolute()) if path else None, written)
    if path is not None and not found:
        app.must_exist(path)
    return found


def made_document(report: MakeReport) -> dict[str, Any]:
    """Return what was made as plain values, for the JSON of `run --generate`."""
    bill, outcome = report.bill, report.outcome
    document: dict[str, Any] = {
        "pictures": bill.pictures,
        "at_most_micro_usd": bill.at_most,
        "month": bill.month,
        "month_counted_micro_usd": bill.month_counted,
    }
    if outcome is not None:
        statuses = [result.status for result in outcome.results]
        document |= {
            "made": outcome.made,
            "settled_micro_usd": outcome.settled,
            "reserved_micro_usd": outcome.reserved,
            "cap_reached": outcome.cap_reached,
            "trouble": list(outcome.trouble),
            "unknown": [attempt.attempt for attempt in outcome.unknown],
            "contact_sheet": str(report.contact_sheet) if report.contact_sheet else None,
            "by_status": {word: statuses.count(word) for word in sorted(set(statuses))},
        }
    return document
