"""A seller's own columns are read by what the rubric compares them with."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.books import SETTINGS, codes, sheet_of
from tierbook import workbook
from tierbook.model import CellRef, Configuration, Problem, RequestTable, Rubric, Rule
from tierbook.workbook.asked_kinds import asked_kinds


def asking(*cells: str) -> Configuration:
    """Make settings whose rubric asks for the column `Own` with these cells."""
    rules = tuple(Rule(f"R{n}", (cell,), (1,)) for n, cell in enumerate(cells, start=1))
    return replace(SETTINGS, rubric=Rubric(("own",), ("Tier",), rules))


def read_own(
    path: Path, settings: Configuration, cells: list[Any]
) -> tuple[RequestTable, list[Problem]]:
    """Read a sheet with a column `Own` by these settings."""
    rows = [["SKU", "Placement", "Own"], *([f"S{n}", "Gallery", c] for n, c in enumerate(cells))]
    return workbook.requests(workbook.read_book(sheet_of(path, rows)), settings)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ((">= 5000", "any", "100 to 200, 7"), "number"),
        (("2026-11-27", "< 2026-12-01"), "day"),
        (("yes", "not yes"), "yes or no"),
        (("yes", ">= 5"), None),
        (("bestseller, >= 5",), None),
        (("any", "-"), None),
        ((">= red", ">= 5"), "number"),
    ],
)
def test_the_kind_is_that_of_all_rules(cells: tuple[str, ...], kind: str | None) -> None:
    """One kind in all cells that can be read names the column's kind; two kinds name none."""
    assert asked_kinds(asking(*cells).rubric, ["Own", "Other"]).get("own") == kind


@pytest.mark.parametrize(
    ("rule", "cells", "read"),
    [
        (">= 5000", ["6.000,50", "1.200", "12 %", 7, None], [6000.5, 1200, 0.12, 7, None]),
        (">= 5000", ["$1,234.50", "3"], [1234.5, 3]),
        ("yes", ["ja", "no", True], [True, False, True]),
        ("2026-11-27", ["27.11.2026", "2026-12-01"], [date(2026, 11, 27), date(2026, 12, 1)]),
        ("red", ["1,5", "ja"], ["1,5", "ja"]),
    ],
)
def test_cells_are_read_by_the_kind(
    tmp_path: Path, rule: str, cells: list[Any], read: list[Any]
) -> None:
    """Decimal commas, currencies, percent, other languages and date orders mean what they say."""
    table, problems = read_own(tmp_path / "b.xlsx", asking(rule), cells)
    assert table.column("Own").tolist() == read
    assert problems == []


def test_what_cannot_be_compared_is_told_and_stays(tmp_path: Path) -> None:
    """A word among numbers is a warning at its cell; the row is decided all the same."""
    table, problems = read_own(tmp_path / "b.xlsx", asking(">= 5"), ["n/a", 7])
    assert table.column("Own").tolist() == ["n/a", 7]
    assert not table.bad.any()
    assert [(p.code, p.severity, p.cell) for p in problems] == [
        ("no-number", "warning", CellRef("List", 2, 3))
    ]


def test_many_such_cells_are_one_warning(tmp_path: Path) -> None:
    """A column of words under a rule for numbers does not drown the other problems."""
    _, problems = read_own(tmp_path / "b.xlsx", asking(">= 5"), ["n/a"] * 40)
    assert codes(problems) == ["no-number"]
    assert "40 cells" in problems[0].message and "C2" in problems[0].message
    assert problems[0].cell == CellRef("List", 0, 3)
