"""The verbs around a run: import, performance, review, report."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tierbook.cli.screen import book_argument, json_option, print_document, say, say_report

if TYPE_CHECKING:
    from tierbook.afterwards import Audited, Reported


@click.command("import")
@click.argument("exports", nargs=-1, type=click.Path(path_type=Path), required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The workbook (.xlsx)."
)
@click.option(
    "--placements",
    default="",
    metavar='"Marketplace main, Gallery"',
    help="Where pictures are wanted, between commas.",
)
@json_option
def import_(exports: tuple[Path, ...], output: Path, placements: str, as_json: bool) -> None:
    """Start a workbook from a store's export, or bring one up to date."""
    from tierbook import app, telling
    from tierbook.catalogs import import_exports

    for export in exports:
        app.must_exist(export)
    named = [one.strip() for one in placements.split(",") if one.strip()]
    report = import_exports(exports, output, named, now=app.SystemClock().now())
    catalog = report.catalog
    if as_json:
        print_document(
            {
                "format": catalog.format,
                "products": catalog.products,
                "variants": catalog.variants,
                "requests": report.counts.requests,
                "skipped": dict(report.skipped),
                "problems": [telling.problem_document(one) for one in report.problems],
                "output": str(report.saved.path),
                "notes": list(report.notes),
            }
        )
    for text in telling.problems_words(report.problems, exports[0].name):
        say(text)
    for note in report.notes:
        say(f"note: {note}")
    say(
        f"{catalog.format}: {catalog.products:,} products, {catalog.variants:,} variants, "
        f"{report.counts.requests:,} pictures asked for."
    )
    for reason, count in report.skipped.items():
        say(f"  left out: {count:,} {reason}")
    say(f"The workbook is {report.saved.path}. Next: tierbook run {report.saved.path}")
    raise SystemExit(report.exit_code)


@click.command()
@book_argument
@click.argument("reports", nargs=-1, type=click.Path(path_type=Path), required=True)
@json_option
def performance(book: Path, reports: tuple[Path, ...], as_json: bool) -> None:
    """Bring in ad and analytics exports, summed by picture."""
    from tierbook import afterwards, app, telling

    for one in reports:
        app.must_exist(one)
    found, saved = afterwards.performance(book, reports, app.SystemClock())
    if as_json:
        print_document(
            {
                "workbook": str(book),
                "output": str(saved.path),
                "rows": found.rows,
                "matched": found.matched,
                "lines": len(found.lines),
                "unmatched": [asdict(one) for one in found.unmatched],
                "problems": [telling.problem_document(one) for one in found.problems],
            }
        )
    for text in telling.problems_words(found.problems, reports[0].name):
        say(text)
    for note in found.notes:
        say(f"note: {note}")
    say(
        f"{found.rows:,} rows read, {found.matched:,} of them about your pictures; "
        f"{len(found.lines):,} lines in the tab Performance of {saved.path}."
    )
    raise SystemExit(int(any(problem.severity == "error" for problem in found.problems)))


@click.command()
@book_argument
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
@json_option
def review(book: Path, no_browser: bool, as_json: bool) -> None:
    """Approve or reject pictures on a page of this computer."""
    from tierbook import afterwards, app, telling

    def ready(address: str) -> None:
        say(f"The review page is open at {address}")
        say("Press Ctrl+C here when you are done: the workbook is then brought up to date.")

    report = afterwards.review(book, app.SystemClock(), open_browser=not no_browser, on_ready=ready)
    if as_json:
        print_document(telling.run_document(report))
    say_report(report)
    say(f"Your decisions are in {report.path}.")


@click.command()
@book_argument
@click.option("--month", default="", metavar="YYYY-MM", help="Another month than this one.")
@click.option(
    "--add-rules", is_flag=True, help="Add the suggested rules to the Rubric tab, switched off."
)
@json_option
def report(book: Path, month: str, add_rules: bool, as_json: bool) -> None:
    """Write the monthly review: cost, approvals, sales, what to change."""
    from tierbook import afterwards, app

    done = afterwards.report(book, month, app.SystemClock(), add_rules=add_rules)
    _say_written({"workbook": str(book)}, done, as_json)


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--days", type=click.IntRange(1), default=90, help="How far back; 90 days.")
@click.option("--measure", is_flag=True, help="Also ask web addresses for their pictures' sizes.")
@json_option
def audit(source: Path, days: int, measure: bool, as_json: bool) -> None:
    """Say what past pictures cost, and what routing would have cost."""
    from tierbook import afterwards, app

    done = afterwards.audit(source, days, app.SystemClock(), measure=measure)
    _say_written({"source": str(source)}, done, as_json)


def _say_written(what: dict[str, str], done: "Reported | Audited", as_json: bool) -> None:
    """Say where a report and its page are, with the few words the seller needs before reading."""
    from tierbook.workbook.report_page import figure_words

    written, outcome = done.saved, done.outcome
    if as_json:
        print_document(
            {
                **what,
                "output": str(written.path) if written else None,
                "page": str(done.page),
                "headline": [
                    {"question": one.question, one.kind: one.shown, "beside": one.beside}
                    for one in outcome.page.figures
                ],
                "notes": list(outcome.notes),
            }
        )
    for one in outcome.page.figures:
        say(figure_words(one))
    for note in outcome.notes:
        say(f"note: {note}")
    if written is not None:
        say(f"The tab {outcome.page.tab} is in {written.path}.")
    say(f"The page to print or send is {done.page}. Nothing was sent or charged.")
