"""Write the reference pages that are generated from the code.

Run with `python docs/generate.py` after changing a command; a test fails while a page is stale.
"""

from pathlib import Path

import click

from tierbook.cli import main

HERE = Path(__file__).parent


def commands_page() -> str:
    """Return the command reference: the help of every verb, as a seller sees it."""
    parts = [
        "# Commands\n",
        "Every verb takes `--json`: one JSON document on stdout, words for people on stderr.\n",
        "Exit codes: 0 done; 1 done, some rows have problems; 2 the command cannot be carried out, "
        "or you said no; 3 the workbook or the rubric cannot be used; 4 a cap was reached; 5 an "
        "engine or the network failed; 6 charges need your decision; 130 interrupted.\n",
    ]
    for name, command in _leaves(main, ""):
        with click.Context(command, info_name=f"tierbook {name}", parent=None) as inner:
            inner.max_content_width = inner.terminal_width = 88
            parts.append(f"## tierbook {name}\n\n```\n{command.get_help(inner)}\n```\n")
    return "\n".join(parts)


def _leaves(group: click.Group, prefix: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _leaves(command, f"{prefix}{name} ")
        else:
            found.append((f"{prefix}{name}", command))
    return found


PAGES = {"commands.md": commands_page}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (HERE / file).write_text(page(), encoding="utf-8")
