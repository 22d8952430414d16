"""The verbs of upkeep: engines, doctor, key, models."""

import sys
from dataclasses import asdict

import click

from tierbook.cli.screen import json_option, print_document, say, say_table
from tierbook.errors import UsageError


@click.command()
@json_option
def engines(as_json: bool) -> None:
    """List what can make pictures, and what each one needs."""
    from tierbook import upkeep

    found = upkeep.engine_states()
    if as_json:
        return print_document({"engines": [asdict(one) for one in found]})
    rows: list[tuple[str, ...]] = [
        (one.name, one.provider, "ready" if not one.missing else "not ready", one.price)
        for one in found
    ]
    say_table(rows, ("Engine", "Provider", "State", "Prices from"))
    for one in found:
        if one.missing:
            say(f"{one.name}: {one.missing}")
    return None


@click.command()
@click.argument("book", type=click.Path(), required=False)
@json_option
def doctor(book: str | None, as_json: bool) -> None:
    """Say whether everything is in order: engines, keys, prices, ledger, model file."""
    from tierbook import app, upkeep

    findings = upkeep.examine(book, app.SystemClock().now())
    if as_json:
        print_document({"findings": [asdict(one) for one in findings]})
    for one in findings:
        say(f"{'ok  ' if one.ok else 'look'}  {one.what}")
        if one.fix:
            say(f"      fix: {one.fix}")
    raise SystemExit(0 if all(one.ok for one in findings) else 1)


@click.group()
def key() -> None:
    """Keep providers' keys in this computer's key store."""


@key.command("set")
@click.argument("engine")
@json_option
def set_key(engine: str, as_json: bool) -> None:
    """Ask for an engine's key and keep it; it is never shown or written anywhere else."""
    from tierbook import upkeep

    variable = upkeep.key_variable(engine)
    upkeep.keep(variable, _typed_key(engine))
    if as_json:
        return print_document({"engine": engine, "variable": variable, "kept": True})
    return say(
        f"The key is kept under {variable}. `tierbook engines` shows whether {engine} is ready."
    )


def _typed_key(engine: str) -> str:
    """Ask for a key, or take the line a program pipes in; never from the command line."""
    if sys.stdin.isatty():
        return click.prompt(f"Key for {engine} (hidden while you type)", hide_input=True, err=True)
    piped = sys.stdin.readline().strip()
    if not piped:
        raise UsageError(
            "There is nobody to type the key, and none was piped in.",
            fix=f"run `tierbook key set {engine}` in a terminal, or pipe the key into it.",
        )
    return piped


@key.command("forget")
@click.argument("engine")
@json_option
def forget(engine: str, as_json: bool) -> None:
    """Remove an engine's key from the key store."""
    from tierbook import upkeep

    variable = upkeep.key_variable(engine)
    if not upkeep.forget(variable):
        raise UsageError(f"No key for {engine} is kept here.", fix="nothing to do.")
    if as_json:
        return print_document({"engine": engine, "variable": variable, "kept": False})
    return say(f"The key for {engine} is gone from this computer's key store.")


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask before the download.")
@json_option
def models(yes: bool, as_json: bool) -> None:
    """Get the local cut-out model once (4.2 MB), or say where it is."""
    from tierbook import upkeep

    place = upkeep.model_file()
    if place is None:

        def agree(question: str) -> bool:
            return yes or click.confirm(question, default=True, err=True)

        with click.progressbar(length=100, label="u2netp", file=sys.stderr) as bar:
            place = upkeep.fetch_model(agree, lambda percent: bar.update(percent - bar.pos))
    if as_json:
        return print_document({"model": str(place)})
    return say(f"The cut-out model is in {place}.")
