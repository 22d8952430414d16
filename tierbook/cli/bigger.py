"""What `run` does past one sheet: compare settings, and answer tables of any length."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook.cli.screen import print_document, say
from tierbook.errors import UsageError

if TYPE_CHECKING:
    from tierbook.app import RunOptions


def compare(book: Path, options: "RunOptions", texts: tuple[str, ...], as_json: bool) -> None:
    """Carry out `run --what-if`: the same pictures under other settings; nothing is written."""
    from tierbook import app
    from tierbook.what_if import what_ifs

    clock = app.SystemClock()
    answers = app.check(book, options, clock).answers
    found = what_ifs(answers, answers.configuration, texts, clock.now().date())
    if as_json:
        print_document({"workbook": str(book), "what_if": [asdict(one) for one in found.outcomes]})
    say(found.told())
    say("Nothing was written. No money moved.")


def run_parts(book: Path, options: "RunOptions", dask: str | None, as_json: bool) -> None:
    """Carry out `run` on a big Parquet file: a folder of answered parts, taken up where it was."""
    from tierbook import app, configuration
    from tierbook.scale import run_parquet

    app.must_exist(book)
    if book.suffix.lower() != ".parquet":
        raise UsageError(
            f"Only .parquet files are answered in parts, not {book.name}.",
            fix="leave --dask out, and name a file after -o.",
        )
    output = options.output or book.with_name(f"{book.stem} - answered")
    report = run_parquet(
        book,
        output,
        configuration.defaults(),
        dask,
        today=app.SystemClock().now().date(),
        options=options.reading,
    )
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
