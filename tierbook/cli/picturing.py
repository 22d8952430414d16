"""The verbs of making pictures: run --generate, sync, resolve, spend, check --pictures."""

import sys
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tierbook.cli.screen import (
    book_argument,
    json_option,
    print_document,
    reading_options,
    run_options,
    say,
    say_report,
    say_table,
)
from tierbook.errors import UsageError

if TYPE_CHECKING:
    from tierbook.app import RunOptions
    from tierbook.cli.progress_bar import ProgressBar
    from tierbook.generation import Progress as Moment
    from tierbook.generation import WorkBill
    from tierbook.model import Answers
    from tierbook.pictures import Doubtful, MakeReport


def make_pictures(
    book: Path,
    run: "RunOptions",
    *,
    max_spend: str | None,
    yes: bool,
    dry_run: bool,
    limit: int | None,
    tiers: str | None,
    as_json: bool,
) -> None:
    """Carry out `run --generate`: bill, question, pictures, results."""
    from tierbook import app, pictures

    options = pictures.MakeOptions(
        run, dollars(max_spend, "--max-spend"), limit, _tiers(tiers), dry_run
    )

    def approve(answers: "Answers", bill: "WorkBill", unready: Mapping[str, str]) -> bool:
        _say_bill(answers, bill)
        for words in unready.values():
            say(f"warning[not-ready] {words} Its pictures go to the next engine of their tier.")
        return _approved(bill, yes)

    progress = _Progress()
    try:
        report = pictures.make(
            book, options, app.SystemClock(), approve=approve, on_progress=progress.show
        )
    finally:
        progress.close()
    _tell_made(report, as_json, dry_run=dry_run)


def dollars(text: str | None, option: str) -> int | None:
    """Read an amount in dollars as micro-USD; refuse what is none."""
    from tierbook.model import to_micro_usd

    if text is None:
        return None
    try:
        amount = Decimal(text.strip().lstrip("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise UsageError(f'{option} "{text}" is no amount.', fix=f"for example: {option} 12.50")
    return to_micro_usd(amount)


def _tiers(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdigit() for part in parts):
        raise UsageError(f'--tier "{text}" names no tiers.', fix="for example: --tier 1,2")
    return frozenset(int(part) for part in parts)


def _say_bill(answers: "Answers", bill: "WorkBill") -> None:
    """Show what this run can cost, before anyone says yes."""
    from tierbook.model import usd_rounded

    names = {tier.number: f"{tier.number} {tier.name}" for tier in answers.configuration.tiers}
    rows = [
        (names.get(tier, str(tier)), f"{one.pictures:,}", usd_rounded(one.at_most))
        for tier, one in bill.by_tier.items()
    ]
    say_table(rows, ("Tier", "Pictures", "At most"))
    kinds = ", ".join(
        f"{usd_rounded(amount)} {kind}" for kind, amount in bill.by_exactness.items() if amount
    )
    say()
    say(
        f"{bill.pictures:,} pictures for {bill.rows:,} rows, at most "
        f"{usd_rounded(bill.at_most)}{f' ({kinds})' if kinds else ''}; {bill.free:,} cost nothing."
    )
    run_cap = "no cap" if bill.caps.run is None else usd_rounded(bill.caps.run)
    month_cap = "no cap" if bill.caps.month is None else usd_rounded(bill.caps.month)
    say(
        f"This run's cap {run_cap}; {bill.month} so far {usd_rounded(bill.month_counted)} "
        f"of {month_cap}."
    )
    if bill.fitting < bill.pictures:
        say(f"Only {bill.fitting:,} of them fit under the caps; the others are left for later.")
    if bill.done:
        say(f"{bill.done:,} pictures are there already and are not paid again.")
    words = [
        str(m) for m, word in zip(answers.message, answers.status, strict=True) if word == "HOLD"
    ]
    for reason, rows in Counter(words).items():
        say(f"On hold: {rows:,} {'row' if rows == 1 else 'rows'}. {reason}")
    if bill.unknown:
        say(f"Charges in doubt: {bill.unknown}; they count as spent. See `tierbook resolve`.")


def _approved(bill: "WorkBill", yes: bool) -> bool:
    if yes:
        if bill.at_most and bill.caps.run is None and bill.caps.month is None:
            raise UsageError(
                "--yes without any cap could spend without end.",
                fix="add --max-spend USD, or set a cap in the Settings tab.",
                money="Nothing was sent or charged.",
            )
        return True
    if not sys.stdin.isatty():
        raise UsageError(
            "There is nobody to ask, so nothing was made.",
            fix="add --yes (and --max-spend USD) when a program runs Tierbook.",
            money="Nothing was sent or charged.",
        )
    return click.confirm("Go ahead?", default=False, err=True)


def _tell_made(report: "MakeReport", as_json: bool, *, dry_run: bool) -> None:
    """Say what became of the pictures, where they are, and what they came to."""
    from tierbook import pictures, telling
    from tierbook.model import usd_rounded

    if as_json:
        print_document(telling.run_document(report.report, pictures.made_document(report)))
    outcome = report.outcome
    if dry_run or outcome is None:
        _say_bill(report.planned, report.bill)
        say("This was a dry run: nothing was made, sent, charged or written.")
        raise SystemExit(report.exit_code)
    if not report.bill.pictures:
        _say_bill(report.planned, report.bill)
    say_report(report.report)
    statuses = [result.status for result in outcome.results]
    counts = ", ".join(f"{statuses.count(word)} {word}" for word in sorted(set(statuses)))
    say(f"{outcome.made:,} pictures made now ({counts or 'nothing to make'}).")
    for trouble in outcome.trouble:
        say(f"warning[engine] {trouble}")
    if outcome.trouble:
        say(
            "  fix: `tierbook doctor` says what each engine needs; then run again. Nothing was "
            "charged for pictures no engine took."
        )
    if outcome.cap_reached:
        say(f"Stopped at {outcome.cap_reached}; run again with a higher one to go on.")
    for attempt in outcome.unknown:
        say(
            f'warning[maybe-charged] SKU {attempt.sku}, placement "{attempt.placement}": '
            f"{attempt.reason}\n  fix: look at your {attempt.provider} usage page, then run "
            f"`tierbook resolve {attempt.attempt} --charged` or `--not-charged`."
        )
    for sentence in telling.where_sentences(report.report, money=False):
        say(sentence)
    if report.contact_sheet is not None:
        say(f"Before and after, side by side: {report.contact_sheet}")
    say(f"Spent in this run: {usd_rounded(outcome.settled)}; reserved: "
        f"{usd_rounded(outcome.reserved)}.")  # fmt: skip
    if outcome.stopped:
        say(outcome.stopped)
    raise SystemExit(report.exit_code)


class _Progress:
    """A bar on a screen; nothing in a pipe."""

    def __init__(self) -> None:
        self._live: ProgressBar | None = None

    def show(self, moment: "Moment") -> None:
        """Draw one moment, on a screen only."""
        from tierbook.cli.progress_bar import ProgressBar

        if not sys.stderr.isatty():
            return
        if self._live is None:
            self._live = ProgressBar()
        self._live.show(moment)

    def close(self) -> None:
        """End the drawing."""
        if self._live is not None:
            self._live.close()


# --------------------------------------------------------------------------- after the fact


@click.command()
@book_argument
@reading_options
@json_option
def sync(book: Path, as_json: bool, **reading: object) -> None:
    """Write pictures made earlier into the workbook; nothing is sent."""
    from tierbook import app, pictures, telling

    report = pictures.sync(book, run_options(dict(reading)), app.SystemClock())
    if as_json:
        print_document(telling.run_document(report))
    say_report(report)
    for sentence in telling.where_sentences(report):
        say(sentence)
    raise SystemExit(report.exit_code)


@click.command()
@click.argument("attempt", required=False)
@click.option("--charged", "charged", flag_value=True, type=bool, help="It was charged.")
@click.option("--not-charged", "charged", flag_value=False, type=bool, help="It was not.")
@click.option("--amount", metavar="USD", help="What the usage page says it came to.")
@json_option
def resolve(attempt: str | None, charged: bool | None, amount: str | None, as_json: bool) -> None:
    """Settle a charge that could not be confirmed; alone, look for them and list the rest."""
    from tierbook import pictures
    from tierbook.model import usd

    if attempt is None:
        return _say_waiting(pictures.waiting(), as_json)
    if charged is None:
        raise UsageError(
            "Say what the provider's usage page shows.", fix="add --charged or --not-charged."
        )
    done = pictures.resolve(attempt, charged=charged, amount=dollars(amount, "--amount"))
    if as_json:
        return print_document({"attempt": done.attempt.attempt, "counted_micro_usd": done.counted})
    return say(
        f"{done.attempt.attempt} (SKU {done.attempt.sku}) now counts {usd(done.counted)}. "
        "Run the workbook again to go on."
    )


def _say_waiting(doubtful: "Doubtful", as_json: bool) -> None:
    from tierbook.model import usd

    if as_json:
        found = [{"attempt": one.attempt, "state": str(one.state)} for one in doubtful.found]
        unknown = [one.attempt for one in doubtful.left]
        return print_document({"found": found, "unknown": unknown})
    for one in doubtful.found:
        say(
            f"{one.attempt}  found at {one.provider}: {one.state.replace('_', ' ')}, "
            f"{usd(one.counted)}  SKU {one.sku}, {one.placement}"
        )
    for one in doubtful.left:
        say(f"{one.attempt}  {usd(one.counted)}  SKU {one.sku}, {one.placement}: {one.reason}")
    if doubtful.found:
        say("Run `tierbook sync` on their workbook to write the found ones into it.")
    if doubtful.left:
        say("Look at the provider's usage page, then `tierbook resolve NAME --charged` or "
            "`--not-charged`. Until then they count as spent.")  # fmt: skip
    return say(f"Charges in doubt: {len(doubtful.left)}. Nothing was sent or charged.")


@click.command()
@click.argument("book", type=click.Path(path_type=Path), required=False)
@click.option("--month", metavar="YYYY-MM", help="Only this month.")
@json_option
def spend(book: Path | None, month: str | None, as_json: bool) -> None:
    """Say what pictures came to, by workbook, month and tier."""
    from tierbook import pictures
    from tierbook.model import usd

    found = pictures.spending(book, month)
    if as_json:
        return print_document(
            {
                "spend": [
                    {
                        "workbook": one.workbook,
                        "month": one.month,
                        "tier": one.tier,
                        "pictures": one.pictures,
                        "settled_micro_usd": one.settled,
                        "in_flight_micro_usd": one.in_flight,
                        "unknown_micro_usd": one.unknown,
                    }
                    for one in found
                ]
            }
        )
    rows: list[tuple[str, ...]] = [
        (
            Path(one.workbook).name,
            one.month,
            str(one.tier),
            f"{one.pictures:,}",
            usd(one.settled),
            usd(one.in_flight + one.unknown),
        )
        for one in found
    ]
    if not rows:
        return say("No pictures were made yet.")
    return say_table(rows, ("Workbook", "Month", "Tier", "Pictures", "Settled", "Unsettled"))


def check_folder(folder: Path, book: Path | None, placement: str, as_json: bool) -> None:
    """Carry out `check --pictures`: measure every picture file of a folder."""
    from tierbook import app

    reports = app.check_pictures(folder, book, placement)
    if as_json:
        print_document(
            {
                "pictures": [
                    {
                        "file": str(one.path),
                        "placement": one.placement,
                        "checks": [
                            {
                                "name": check.name,
                                "verdict": check.verdict,
                                "value": check.value,
                                "limit": check.limit,
                                "message": check.message,
                            }
                            for check in one.checks
                        ],
                    }
                    for one in reports
                ]
            }
        )
    failed = 0
    for one in reports:
        worst = [check for check in one.checks if check.verdict != "pass"]
        failed += any(check.verdict == "fail" for check in worst)
        say(f"{one.path}: {'all checks passed' if not worst else ''}".rstrip(": "))
        for check in worst:
            say(f"  {check.verdict}[{check.name}] {check.message}")
    say(f"{len(reports)} pictures checked, {failed} with a failed check. Nothing was written.")
    raise SystemExit(int(failed > 0))
