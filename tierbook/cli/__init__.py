"""The command line: parse, call the app, print, exit code. The only room that prints.

Nothing heavy is imported here: `tierbook --help` answers before NumPy would have loaded.
"""

import gc
import sys
from pathlib import Path

import click

from tierbook import __version__
from tierbook.cli import afterwards, ahead, deciding, picturing, upkeep
from tierbook.cli.screen import print_document, say_error
from tierbook.errors import TierbookError, UsageError

__all__ = ["main", "run_command_line"]

# A command makes many cells and texts and lets few go before its end: looking for garbage as
# seldom as this saves about a tenth of a long run.
_OBJECTS_BEFORE_COLLECTING = 50_000
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


for verb in (
    deciding.new,
    afterwards.import_,
    deciding.check,
    deciding.run,
    deciding.watch,
    deciding.undo,
    deciding.rubric,
    afterwards.review,
    afterwards.report,
    afterwards.audit,
    afterwards.performance,
    ahead.fit,
    ahead.train,
    picturing.sync,
    picturing.resolve,
    picturing.spend,
    upkeep.engines,
    upkeep.doctor,
    upkeep.key,
    upkeep.models,
):
    main.add_command(verb)


def run_command_line() -> None:
    """Run the command line so that a seller never sees a traceback."""
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING, 20, 50)
    try:
        main(standalone_mode=False)
    except TierbookError as error:
        say_error(error)
        raise SystemExit(error.exit_code) from None
    except (click.exceptions.Abort, KeyboardInterrupt):
        print("Stopped. The workbook is whole; run the command again to go on.", file=sys.stderr)
        raise SystemExit(130) from None
    except click.ClickException as error:
        if "--json" in sys.argv:
            from tierbook.wording import error_document

            asked = error.ctx if isinstance(error, click.UsageError) else None
            fix = f"see `{asked.command_path} --help`." if asked else ""
            print_document(error_document(UsageError(error.format_message(), fix=fix)))
        error.show()
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        _apologise(error)


def _apologise(error: Exception) -> None:
    """Keep the traceback in the log and say sorry on the screen."""
    import logging

    from platformdirs import user_log_path

    folder = user_log_path("tierbook", ensure_exists=True)
    log = folder / "tierbook.log"
    logging.basicConfig(filename=log, level=logging.ERROR, format="%(asctime)s %(message)s")
    logging.exception("Tierbook %s failed", __version__, exc_info=error)
    if "--json" in sys.argv:
        print_document({"error": {"code": "bug", "message": type(error).__name__}})
    print(
        f"error[bug] Sorry: this is a mistake in Tierbook, not yours ({type(error).__name__}).\n"
        f"  The workbook is whole: it is replaced in one step, or not at all.\n"
        f"  fix: please send the end of {log} with a word on what you did.",
        file=sys.stderr,
    )
    raise SystemExit(_BUG_EXIT)
