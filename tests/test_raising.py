"""A reject raises its row one tier, once, from the command line, in money and in the sheet."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.providers.process import RunningProvider, running
from tests.providers.provider import KEY
from tierbook import configuration, workbook
from tierbook.ooxml import EditPlan, SheetEdit, edit

SAMPLES = Path(__file__).parents[1] / "samples"


class Shop:
    """The candle maker's folder, a ledger of its own, and a local provider for its key."""

    def __init__(self, folder: Path, provider: RunningProvider) -> None:
        shutil.copytree(SAMPLES / "candle-maker", folder / "shop")
        self.book = folder / "shop" / "catalog.xlsx"
        self.provider = provider
        self._home = folder / "home"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tierbook", words[0], str(self.book), *words[1:]],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={
                **os.environ,
                "TIERBOOK_HOME": str(self._home),
                "GEMINI_API_KEY": KEY,
                "GOOGLE_GEMINI_BASE_URL": self.provider.base,
            },
        )

    def make(self, *words: str) -> int:
        """Make pictures and return how many came out of it."""
        done = self.run("run", "--generate", "--yes", "--json", *words)
        assert done.returncode != 70, done.stderr  # a mistake of ours
        made: dict[str, Any] = json.loads(done.stdout)["generated"]
        return int(made["made"])

    def type(self, row: int, **cells: object) -> None:
        """Type into cells of a row, by heading."""
        book = workbook.read_book(self.book)
        settings, _ = configuration.load(book.tabs)
        requests, _ = workbook.requests(book, settings)
        columns = {**book.recognised, **book.output_columns}
        sheet_row = int(requests.rows[row])
        typed = {(sheet_row, columns[name.replace("_", " ")]): v for name, v in cells.items()}
        plan = EditPlan(sheets=(SheetEdit(book.sheet, cells=typed),))
        self.book.write_bytes(edit(book.content, plan).content)

    def column(self, heading: str) -> list[Any]:
        book = workbook.read_book(self.book)
        settings, _ = configuration.load(book.tabs)
        requests, _ = workbook.requests(book, settings)
        return list(requests.outputs[heading])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with running("gemini", tmp_path / "charges.jsonl") as provider:
        yield Shop(tmp_path, provider)


def a_reject(shop: Shop, **cells: object) -> int:
    """Make one tier 2 picture, reject it in the sheet, and return its row."""
    assert shop.make("--tier", "2", "--limit", "1") == 1
    row = next(index for index, file in enumerate(shop.column("Result file")) if file)
    shop.type(row, Review="reject", Review_reason="style", **cells)
    return row


def test_a_reject_raises_its_row_once_and_is_made_once(shop: Shop) -> None:
    """Typed, routed, made, rejected again, run again: two tiers, and never a third charge."""
    row = a_reject(shop)
    before = shop.column("Tier")
    shop.run("run")
    after = shop.column("Tier")
    assert [index for index, tier in enumerate(after) if tier != before[index]] == [row]
    assert (before[row], after[row]) == (2, 3)
    why = str(shop.column("Why")[row])
    assert why.startswith('Raised one tier, once: its tier 2 picture was rejected ("style")')
    assert shop.column("Status")[row] == "PLANNED"
    first = shop.column("Actual cost")[row]

    count = shop.make("--tier", "3")
    charges = len(shop.provider.charges())
    assert count == charges - 1 > 0
    assert shop.column("Review")[row] in (None, "")
    assert shop.column("Actual cost")[row] > first
    shop.type(row, Review="reject", Review_reason="style")
    assert shop.make("--tier", "3") >= 0
    assert shop.column("Tier")[row] == 3
    of_row = [r for r, file in enumerate(shop.column("Result file")) if file]
    assert row in of_row
    assert shop.column("Why")[row] == why


def test_the_raise_goes_away_with_the_reject(shop: Shop) -> None:
    """A second thought puts the row back into its tier, and undo the workbook back as it was."""
    row = a_reject(shop)
    typed = shop.book.read_bytes()
    shop.run("run")
    shop.run("undo")
    assert shop.book.read_bytes() == typed
    shop.run("run")
    assert shop.column("Tier")[row] == 3
    shop.type(row, Review="approve", Review_reason=None)
    shop.run("run")
    assert shop.column("Tier")[row] == 2


@pytest.mark.parametrize(
    "cells",
    [
        {"Tier_override": 2},
        {"Budget_per_image": 0.05},
        {"Brand_strictness": "high"},
        {"Action": "lock"},
    ],
)
def test_no_row_is_raised_past_what_its_seller_said(shop: Shop, cells: dict[str, object]) -> None:
    """An override, a budget, a strict brand and a lock each keep the row in its tier."""
    row = a_reject(shop, **cells)
    shop.run("run")
    assert shop.column("Tier")[row] == 2


def test_a_row_that_policy_keeps_is_told_so_without_a_word_of_caps(shop: Shop) -> None:
    """A strict brand keeps its tier for a reason that no higher cap would change."""
    row = a_reject(shop, Brand_strictness="high")
    problems = json.loads(shop.run("run", "--json").stdout)["problems"]
    (stays,) = (one for one in problems if one["code"] == "stays-after-reject")
    assert shop.column("Tier")[row] == 2
    assert "Brand strictness is high" in stays["message"]
    assert "cap" not in stays["fix"]
