"""The verbs of deciding: new, check, run, watch, undo, rubric."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tierbook.cli.picturing import make_pictures
from tierbook.cli.screen import (
    book_argument,
    json_option,
    print_document,
    reading_options,
    run_options,
    say,
    say_report,
)
from tierbook.errors import UsageError

if TYPE_CHECKING:
    from tierbook.app import RunReport


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("Tierbook.xlsx"))
@click.option("--example", is_flag=True, help="Filled with a small shop, to look at.")
@json_option
def new(path: Path, example: bool, as_json: bool) -> None:
    """Make a blank workbook to fill in."""
    from tierbook import app

    written = app.new(path, example=example)
    if as_json:
        return print_document({"workbook": str(written)})
    say(f'{written} is ready. Open it, read "Start here", fill in "Requests", save, then run:')
    return say(f"  tierbook run {written}")


@click.command()
@click.argument("book", type=click.Path(path_type=Path), required=False)
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, exists=True),
    help="Check the picture files of this folder against a placement's image rules.",
)
@reading_options
@json_option
def check(book: Path | None, pictures: Path | None, as_json: bool, **reading: Any) -> None:
    """Check inputs, rubric, prices and rubric tests; write nothing."""
    from tierbook import app

    if pictures is not None:
        from tierbook.cli.picturing import check_folder

        return check_folder(pictures, book, reading["placement"] or "", as_json)
    if book is None:
        raise UsageError("There is nothing to check.", fix="name a workbook, or --pictures FOLDER.")
    return _tell(app.check(book, run_options(reading), app.SystemClock()), as_json)


@click.command()
@book_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write there instead.")
@click.option(
    "--router",
    type=click.Choice(["auto", "rubric", "scorecard", "learned"]),
    help="Who decides; the Settings tab says so otherwise.",
)
@click.option(
    "--with-settings",
    is_flag=True,
    help="Also bring in the settings tabs (rubric, tiers, prices ...) to change them.",
)
@click.option("--generate", is_flag=True, help="Show the bill, ask, and make the pictures.")
@click.option("--max-spend", metavar="USD", help="Spend at most this in this run.")
@click.option("--yes", is_flag=True, help="Do not ask; needs a cap.")
@click.option("--dry-run", is_flag=True, help="With --generate: show the bill and stop.")
@click.option("--limit", type=click.IntRange(1), help="Make pictures for this many rows at most.")
@click.option("--tier", "tiers", metavar="1,2", help="Make pictures of these tiers only.")
@click.option(
    "--what-if",
    "what_ifs",
    multiple=True,
    metavar='"Tier 2 = gemini-nano-banana-2.1 2K"',
    help="Compare another engine for a tier, or another workbook's settings; writes nothing.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Spread a big .parquet over a Dask cluster (or `local`), into a folder of parts.",
)
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    metavar="BOOK",
    help="For a big .parquet: take rubric, tiers, prices ... from this workbook.",
)
@click.option(
    "--leave-out",
    multiple=True,
    metavar="HEADING",
    help='For a big .parquet: do not write this column, such as "Prompt".',
)
@reading_options
@json_option
def run(
    book: Path,
    output: Path | None,
    router: str | None,
    with_settings: bool,
    generate: bool,
    max_spend: str | None,
    yes: bool,
    dry_run: bool,
    limit: int | None,
    tiers: str | None,
    what_ifs: tuple[str, ...],
    dask: str | None,
    settings: Path | None,
    leave_out: tuple[str, ...],
    as_json: bool,
    **reading: Any,
) -> None:
    """Decide, price and write the answers back. Free, unless you add --generate."""
    from tierbook import app

    options = run_options(reading, output=output, router=router, with_settings=with_settings)
    if generate:
        return make_pictures(
            book, options, max_spend=max_spend, yes=yes, dry_run=dry_run, limit=limit,
            tiers=tiers, as_json=as_json,
        )  # fmt: skip
    if max_spend or yes or dry_run or limit or tiers:
        raise UsageError(
            "--max-spend, --yes, --dry-run, --limit and --tier are about making pictures.",
            fix="add --generate, or leave them out.",
        )
    if what_ifs:
        from tierbook.cli.bigger import compare

        return compare(book, options, what_ifs, as_json)
    from tierbook.cli.bigger import belongs_in_parts, run_parts

    if dask is not None or settings is not None or leave_out or belongs_in_parts(book, output):
        return run_parts(book, options, dask, settings, leave_out, as_json)
    return _tell(app.run(book, options, app.SystemClock()), as_json)


@click.command()
@book_argument
@reading_options
@json_option
def watch(book: Path, as_json: bool, **reading: Any) -> None:
    """Run again on every save; free work only. Ctrl+C ends it."""
    from tierbook import app

    app.must_exist(book)
    say(f"Watching {book}. Save it in your spreadsheet program; Ctrl+C ends this.")
    for report in app.watch(book, run_options(reading), app.SystemClock()):
        _tell(report, as_json, leave=False)


@click.command()
@book_argument
@json_option
def undo(book: Path, as_json: bool) -> None:
    """Put the workbook back as it was before the last run."""
    from tierbook import app
    from tierbook.workbook.history import undo as undo_last

    undone = undo_last(book, app.SystemClock().now())
    if as_json:
        return print_document(
            {"workbook": str(book), "restored": str(undone.restored), "kept": str(undone.kept)}
        )
    say(f"{book} is as it was before the last run.")
    if undone.edited_since:
        say("It had been edited since that run; those edits are only in the copy named next.")
    return say(f"What it was until now is kept as {undone.kept}. Pictures and money are as before.")


@click.command()
@book_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=".html, .md or .dmn"
)
@json_option
def rubric(book: Path, output: Path, as_json: bool) -> None:
    """Share the rubric: a page for people, or DMN for other tools."""
    from tierbook import app

    written = app.share_rubric(book, output, app.SystemClock().now().date())
    if as_json:
        return print_document({"workbook": str(book), "output": str(written)})
    return say(f"The rubric of {book} is in {written}.")


def _tell(report: "RunReport", as_json: bool, *, leave: bool = True) -> None:
    """Print a report and, unless told to stay, leave with its exit code."""
    from tierbook import telling

    if as_json:
        print_document(telling.run_document(report))
    say_report(report)
    for sentence in (*telling.where_sentences(report), telling.next_step(report)):
        say(sentence)
    if leave:
        raise SystemExit(report.exit_code)
