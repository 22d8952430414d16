"""The command line: parse, call the app, print, exit code. The only file that prints."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tierbook import __version__
from tierbook.errors import TierbookError, UsageError

if TYPE_CHECKING:
    from tierbook.app import RunOptions, RunReport
    from tierbook.workbook import ReadOptions

_BUG_EXIT = 70  # EX_SOFTWARE of sysexits.h: our fault, none of the seller's codes


class _Verbs(click.Group):
    """The verbs in the order of a seller's day; a file alone means `run`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((arg for arg in args if not arg.startswith("-")), "")
        if first and first not in self.commands and (Path(first).suffix or Path(first).exists()):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tierbook")
def main() -> None:
    """Product pictures at the right price.

    Keep one row a picture in a spreadsheet (a SKU in a placement), save it, and run:

        tierbook run catalog.xlsx

    Tierbook writes tier, prompt template, size, priority, reason and estimated cost into new
    columns of that workbook and adds a Cost summary. It is free, and the workbook as it was is
    kept; `tierbook undo catalog.xlsx` puts it back.
    """


# --------------------------------------------------------------------------- shared options

_book = click.argument("book", type=click.Path(path_type=Path))
_json = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def _reading(verb: Callable[..., None]) -> Callable[..., None]:
    """Add the options that tell an unusual sheet apart."""
    for option in (
        click.option("--sheet", help="The tab with the requests, when it is not clear."),
        click.option("--header-row", type=click.IntRange(1), help="The row the headings are in."),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar='"SKU=Artikel"',
            help="Which of your headings (or column letters) is which of ours; repeatable.",
        ),
        click.option("--placement", help="The placement of rows that name none."),
    ):
        verb = option(verb)
    return verb


def _read_options(
    sheet: str | None, header_row: int | None, mapping: tuple[str, ...], placement: str | None
) -> "ReadOptions":
    from tierbook.workbook import ReadOptions

    pairs: dict[str, str] = {}
    for pair in mapping:
        ours, separator, theirs = pair.partition("=")
        if not separator or not ours.strip() or not theirs.strip():
            raise UsageError(
                f'--map "{pair}" is not of the form OURS=YOURS.',
                fix='for example: --map "SKU=Artikel" or --map "SKU=B"',
            )
        pairs[ours.strip()] = theirs.strip()
    return ReadOptions(sheet=sheet, header_row=header_row, mapping=pairs, placement=placement)


def _say(text: str = "") -> None:
    """Print for people; where the console knows fewer letters than Unicode, others become `?`."""
    stream = sys.stderr if _speaks_json() else sys.stdout
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream)


def _speaks_json() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("as_json"))


def _document(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=1, default=str))


# --------------------------------------------------------------------------- verbs


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("Tierbook.xlsx"))
@click.option("--example", is_flag=True, help="Filled with a small shop, to look at.")
@_json
def new(path: Path, example: bool, as_json: bool) -> None:
    """Make a blank workbook to fill in."""
    from tierbook import app

    written = app.new(path, example=example)
    if as_json:
        return _document({"workbook": str(written)})
    _say(f'{written} is ready. Open it, read "Start here", fill in "Requests", save, then run:')
    return _say(f"  tierbook run {written}")


@main.command()
@_book
@_reading
@_json
def check(book: Path, as_json: bool, **reading: Any) -> None:
    """Check inputs, rubric, prices and rubric tests; write nothing."""
    from tierbook import app

    _tell(app.check(book, _options(reading), app.SystemClock()), as_json)


@main.command()
@_book
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
@_reading
@_json
def run(
    book: Path,
    output: Path | None,
    router: str | None,
    with_settings: bool,
    as_json: bool,
    **reading: Any,
) -> None:
    """Decide, price and write the answers back. Free."""
    from tierbook import app

    _tell(
        app.run(
            book,
            _options(reading, output=output, router=router, with_settings=with_settings),
            app.SystemClock(),
        ),
        as_json,
    )


@main.command()
@_book
@_reading
@_json
def watch(book: Path, as_json: bool, **reading: Any) -> None:
    """Run again on every save; free work only. Ctrl+C ends it."""
    from tierbook import app

    if not as_json:
        _say(f"Watching {book}. Save it in your spreadsheet program; Ctrl+C ends this.")
    for report in app.watch(book, _options(reading), app.SystemClock()):
        _tell(report, as_json, leave=False)


@main.command()
@_book
@_json
def undo(book: Path, as_json: bool) -> None:
    """Put the workbook back as it was before the last run."""
    from tierbook import app
    from tierbook.workbook.history import undo as undo_last

    undone = undo_last(book, app.SystemClock().now())
    if as_json:
        return _document(
            {"workbook": str(book), "restored": str(undone.restored), "kept": str(undone.kept)}
        )
    _say(f"{book} is as it was before the last run.")
    if undone.edited_since:
        _say("It had been edited since that run; those edits are only in the copy named next.")
    return _say(
        f"What it was until now is kept as {undone.kept}. Pictures and money are as before."
    )


@main.command()
@_book
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=".html, .md or .dmn"
)
@_json
def rubric(book: Path, output: Path, as_json: bool) -> None:
    """Share the rubric: a page for people, or DMN for other tools."""
    from tierbook import app

    written = app.share_rubric(book, output)
    if as_json:
        return _document({"workbook": str(book), "output": str(written)})
    return _say(f"The rubric of {book} is in {written}.")


# --------------------------------------------------------------------------- telling


def _options(reading: dict[str, Any], **others: Any) -> "RunOptions":
    from tierbook.app import RunOptions

    return RunOptions(reading=_read_options(**reading), **others)


def _tell(report: "RunReport", as_json: bool, *, leave: bool = True) -> None:
    """Print a report and, unless told to stay, leave with its exit code."""
    from tierbook import telling

    if as_json:
        _document(telling.run_document(report))
    for text in telling.problems_words(report.problems, report.path.name):
        _say(text)
    if report.problems:
        _say()
    for note in report.answers.notes:
        _say(f"note: {note}")
    heads = ("Tier", "Requests", "Pictures", "Estimate")
    for line in telling.plain_table(telling.tier_lines(report), heads):
        _say(line)
    _say()
    for sentence in (
        telling.saving_sentence(report),
        *telling.where_sentences(report),
        telling.next_step(report),
    ):
        _say(sentence)
    if leave:
        raise SystemExit(report.exit_code)


def run_command_line() -> None:
    """Run the command line so that a seller never sees a traceback."""
    try:
        main(standalone_mode=False)
    except TierbookError as error:
        _leave_with(error)
    except click.exceptions.Abort:
        _interrupted()
    except KeyboardInterrupt:
        _interrupted()
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        _apologise(error)


def _leave_with(error: TierbookError) -> None:
    from tierbook import telling

    if "--json" in sys.argv:
        _document(telling.error_document(error))
    print(telling.error_words(error), file=sys.stderr)
    raise SystemExit(error.exit_code)


def _interrupted() -> None:
    print("Stopped. The workbook is whole; run the command again to go on.", file=sys.stderr)
    raise SystemExit(130)


def _apologise(error: Exception) -> None:
    """Keep the traceback in the log and say sorry on the screen."""
    from platformdirs import user_log_path

    folder = user_log_path("tierbook", ensure_exists=True)
    log = folder / "tierbook.log"
    logging.basicConfig(filename=log, level=logging.ERROR, format="%(asctime)s %(message)s")
    logging.exception("Tierbook %s failed", __version__, exc_info=error)
    print(
        f"error[bug] Sorry: this is a mistake in Tierbook, not yours ({type(error).__name__}).\n"
        f"  Your workbook was not changed by this command after the mistake.\n"
        f"  fix: please send the end of {log} with a word on what you did.",
        file=sys.stderr,
    )
    raise SystemExit(_BUG_EXIT)


if __name__ == "__main__":
    run_command_line()
