"""What the verbs share: reading options, and printing for people and for programs."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tierbook.errors import TierbookError, UsageError

if TYPE_CHECKING:
    from tierbook.app import RunOptions, RunReport
    from tierbook.workbook import ReadOptions

book_argument = click.argument("book", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def reading_options(verb: Callable[..., None]) -> Callable[..., None]:
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
        click.option("--visible-only", is_flag=True, help="Leave out hidden and filtered rows."),
    ):
        verb = option(verb)
    return verb


def read_options(
    sheet: str | None,
    header_row: int | None,
    mapping: tuple[str, ...],
    placement: str | None,
    visible_only: bool,
) -> "ReadOptions":
    """Turn the words of the command line into the reader's options."""
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
    return ReadOptions(
        sheet=sheet,
        header_row=header_row,
        mapping=pairs,
        placement=placement,
        visible_only=visible_only,
    )


def run_options(reading: dict[str, Any], **others: Any) -> "RunOptions":
    """Join reading options with those of a run."""
    from tierbook.app import RunOptions

    return RunOptions(reading=read_options(**reading), **others)


def say(text: str = "") -> None:
    """Print for people; letters the console does not know become `?`."""
    stream = sys.stderr if _speaks_json() else sys.stdout
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream)


def _speaks_json() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("as_json"))


def print_document(document: dict[str, Any]) -> None:
    """Print the one JSON document of a command."""
    print(json.dumps(document, ensure_ascii=False, indent=1, default=str))


def say_error(error: TierbookError) -> None:
    """Print what stopped a command: as words on stderr and, when asked for, as JSON."""
    from tierbook import wording

    if "--json" in sys.argv:
        print_document(wording.error_document(error))
    print(wording.error_words(error), file=sys.stderr)


def say_report(report: "RunReport") -> None:
    """Print what a run found: problems, notes, the tier table, where the answers are."""
    from tierbook import telling

    for text in telling.problems_words(report.problems, report.path.name):
        say(text)
    if report.problems:
        say()
    for note in report.answers.notes:
        say(f"note: {note}")
    say_table(telling.tier_lines(report), ("Tier", "Requests", "Pictures", "Estimate"))
    say()
    say(telling.saving_sentence(report))


def say_table(rows: list[tuple[str, ...]], heads: tuple[str, ...]) -> None:
    """Print a table: drawn with rules on a screen, lined up with spaces in a pipe."""
    if not rows:
        return
    if not sys.stdout.isatty() or _speaks_json():
        from tierbook.wording import plain_table

        for line in plain_table(rows, heads):
            say(line)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
