"""Small tabs to read, written as rows."""

from collections.abc import Sequence
from typing import Any

from tierbook import configuration
from tierbook.model import CellValue, Configuration, Problem, TabRows


def tab(name: str, *rows: Sequence[CellValue], first_row: int = 1) -> TabRows:
    return TabRows(name, [list(row) for row in rows], first_row)


def load(*tabs: TabRows) -> tuple[Configuration, list[Problem]]:
    return configuration.load({one.sheet: one for one in tabs})


def only(problems: list[Problem], code: str) -> Problem:
    """Return the one problem of this code; there must be no other problem at all."""
    assert [problem.code for problem in problems] == [code], problems
    return problems[0]


def without_rows(values: Sequence[Any]) -> list[Any]:
    from dataclasses import replace

    return [replace(value, row=0) for value in values]
