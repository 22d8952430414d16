"""What `run` does past one sheet: compare settings, and answer tables of any length."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tierbook.cli.screen import print_document, say
from tierbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierbook.app import RunOptions
    from tierbook.model import Configuration

# A longer Parquet file is not read into memory at once.
_ROWS_OF_ONE_FILE: Final = 500_000


def compare(book: Path, options: "RunOptions", texts: tuple[str, ...], as_json: bool) -> None:
    """Carry out `run --what-if`: the same pictures under other settings; nothing is written."""
    from tierbook import app
    from tierbook.what_if import what_ifs

    answers = app.check(book, options, app.SystemClock()).answers
    found = what_ifs(answers, texts, book)
    if as_json:
        print_document({"workbook": str(book), "what_if": [asdict(one) for one in found.outcomes]})
    say(found.told())
    say("Nothing was written. No money moved.")


def belongs_in_parts(book: Path, output: Path | None) -> bool:
    """Tell whether a table is to be answered as a folder of parts: a long one, or one begun so."""
    if book.suffix.lower() != ".parquet" or not book.is_file():
        return False
    if output is not None and output.is_dir():
        return True
    from tierbook.scale.parts import rows_in

    rows = rows_in(book)
    if rows <= _ROWS_OF_ONE_FILE:
        return False
    if output is not None and output.suffix:
        raise UsageError(
            f"{book.name} has {rows:,} rows, and a table that long is answered as a folder of "
            "Parquet parts, not as one file.",
            fix="name a folder after -o.",
        )
    return True


def run_parts(
    book: Path,
    options: "RunOptions",
    dask: str | None,
    settings: Path | None,
    leave_out: tuple[str, ...],
    as_json: bool,
) -> None:
    """Carry out `run` on a big Parquet file: a folder of answered parts, taken up where it was."""
    from tierbook import app
    from tierbook.scale import run_parquet
    from tierbook.scale.parts import Asked
    from tierbook.workbook.locking import locked

    app.must_exist(book)
    if book.suffix.lower() != ".parquet":
        raise UsageError(
            f"Only .parquet files are answered in parts, not {book.name}.",
            fix="leave --dask, --settings and --leave-out out, and name a file after -o.",
        )
    output = options.output or book.with_name(f"{book.stem} - answered")
    say(f"{book.name} is answered in parts, into the folder {output}.")
    asked, now = Asked(options.reading, settings, _left_out(leave_out)), app.SystemClock().now()
    configuration = _settings(settings, options.router)
    try:
        with locked(output.absolute(), now):
            report = run_parquet(
                book, output, configuration, dask, _percent_teller(), today=now.date(), asked=asked
            )
    except KeyboardInterrupt:
        say("Stopped. Finished parts stay; the same command goes on from there.")
        raise
    if as_json:
        print_document(
            {
                "workbook": str(book),
                "output": str(output),
                "rows": report.rows,
                "by_tier": report.by_tier(),
                "estimate_micro_usd": report.estimate_micro_usd,
                "baseline_micro_usd": report.totals.baseline_micro_usd,
                "problems": [asdict(one) for one in report.totals.problems.values()],
            }
        )
    say(report.told())
    say(f"The answered parts are in {output}. No money moved.")
    raise SystemExit(report.exit_code)


def _settings(book: Path | None, router: str | None) -> "Configuration":
    """Take the settings from a workbook's tabs, or the built-in ones."""
    from tierbook import app, configuration, workbook

    found = configuration.defaults()
    if book is not None:
        app.must_exist(book)
        found, problems = configuration.load(workbook.read_tabs(book))
        for one in problems:
            say(f"{one.severity}[{one.code}] {book.name}: {one.message} fix: {one.fix}")
    if router is None:
        return found
    asked = replace(found.settings, router=router, router_said_by="--router")
    return replace(found, settings=asked)


def _left_out(headings: tuple[str, ...]) -> frozenset[str]:
    """Read the headings of columns that are not wanted."""
    from tierbook.contract import folded
    from tierbook.scale.layout import ANSWERS

    known = {folded(heading): heading for heading in ANSWERS}
    for heading in headings:
        if folded(heading) not in known:
            raise UsageError(
                f'--leave-out "{heading}": Tierbook writes no such column.',
                fix=f"name one of {', '.join(ANSWERS)}.",
            )
    return frozenset(known[folded(heading)] for heading in headings)


def _percent_teller() -> "Callable[[int, int], None]":
    """Make what tells of progress: a line for every tenth of the table."""
    told = -1

    def tell(done: int, every: int) -> None:
        nonlocal told
        if done * 10 // every > told:
            told = done * 10 // every
            say(f"  {done:,} of {every:,} rows ({done * 100 // every} %)")

    return tell
