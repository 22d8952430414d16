"""The page about the rubric language says what the code does."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tierbook.routing.unary import UnreadableCell, parse

PAGE = (Path(__file__).parents[2] / "docs" / "rubric-language.md").read_text(encoding="utf-8")


def column(title: str, at: int) -> list[str]:
    """Take the `code` words of one column of the table under a heading."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[at] for line in section.splitlines() if line.startswith("| ")]
    return [cell for row in rows[1:] for cell in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("cell", column("What a cell may hold", 1))
def test_every_form_is_read(cell: str) -> None:
    """Each spelling the page offers is read."""
    parse(cell)


@pytest.mark.parametrize("cell", column("What is refused", 1))
def test_every_refusal_is_refused(cell: str) -> None:
    """Each spelling the page warns of is refused."""
    with pytest.raises(UnreadableCell):
        parse(cell)


@pytest.mark.parametrize("cell", column("What is refused", 2))
def test_every_correction_is_read(cell: str) -> None:
    """What the page says to type instead is read."""
    parse(cell)


def test_the_example_runs() -> None:
    """The Python on the page runs and decides as its rules say."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code, {})  # noqa: S102  the project's own page
    assert re.search(r"0\s+1\s+\[2, 3\]\n1\s+3\s+\[1, 3\]", said.getvalue())
