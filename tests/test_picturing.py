"""Making pictures from the command line: the bill, the question, one charge each, the links."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.providers.process import RunningProvider, running
from tests.providers.provider import KEY
from tierbook.ooxml import EditPlan, SheetEdit, edit
from tierbook.workbook import read_book

SAMPLES = Path(__file__).parents[1] / "samples"


class Shop:
    """The candle maker's folder, a ledger of its own, and a local provider for its key."""

    def __init__(self, folder: Path, provider: RunningProvider) -> None:
        shutil.copytree(SAMPLES / "candle-maker", folder / "shop")
        self.book = folder / "shop" / "catalog.xlsx"
        self.home = folder / "home"
        self.provider = provider

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tierbook", *words],
            cwd=self.book.parent,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={
                **os.environ,
                "TIERBOOK_HOME": str(self.home),
                "GEMINI_API_KEY": KEY,
                "GOOGLE_GEMINI_BASE_URL": self.provider.base,
            },
        )

    def make(self, *words: str) -> dict[str, Any]:
        """Make tier 2 pictures and return the JSON of it."""
        done = self.run(
            "run", "catalog.xlsx", "--generate", "--tier", "2", "--yes", "--json", *words
        )
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def made(self) -> int:
        """Count the rows with a picture; those a person has to look at first are on hold."""
        pairs = zip(self.column("Result file"), self.column("Status"), strict=True)
        return sum(status in ("DONE", "HOLD") for file, status in pairs if file)

    def column(self, heading: str) -> list[object]:
        rows = CalamineWorkbook.from_path(str(self.book)).get_sheet_by_name("Requests").to_python()
        head = next(row for row in rows if "Status" in row)
        return [row[head.index(heading)] for row in rows[rows.index(head) + 1 :]]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with running("gemini", tmp_path / "charges.jsonl") as provider:
        yield Shop(tmp_path, provider)


def test_nothing_is_sent_without_a_yes(shop: Shop) -> None:
    """In a pipe without --yes the bill is shown, the command refused, and nothing charged."""
    done = shop.run("run", "catalog.xlsx", "--generate", "--tier", "2")
    assert done.returncode == 2
    assert "At most" in done.stdout
    assert "Nothing was sent or charged" in done.stderr
    assert shop.provider.charges() == []


def test_a_dry_run_writes_and_sends_nothing(shop: Shop) -> None:
    """--dry-run shows the bill and leaves workbook, ledger and provider as they were."""
    before = shop.book.read_bytes()
    done = shop.run("run", "catalog.xlsx", "--generate", "--dry-run")
    assert "dry run" in done.stdout
    assert shop.book.read_bytes() == before
    assert shop.provider.charges() == []


def test_pictures_are_paid_once_and_linked(shop: Shop) -> None:
    """Each picture is charged once, linked in its row, and never paid again by another run."""
    first = shop.make()
    assert first["generated"]["made"] == len(shop.provider.charges()) > 0
    again = shop.make()
    assert again["generated"]["made"] == 0
    assert len(shop.provider.charges()) == first["generated"]["made"]
    assert shop.provider.invalid() == []
    files = [file for file in shop.column("Result file") if file]
    assert len(files) == first["generated"]["made"]
    assert all((shop.book.parent / str(file)).is_file() for file in files)
    assert shop.made() == len(files)


def test_a_free_run_keeps_what_was_made(shop: Shop) -> None:
    """A later `run` leaves links and statuses, and tells the month's spending from the ledger."""
    made = shop.make("--limit", "2")["generated"]["made"]
    assert made == 2
    shop.run("run", "catalog.xlsx")
    assert shop.made() == 2
    spent = json.loads(shop.run("spend", "--json").stdout)["spend"]
    assert sum(line["pictures"] for line in spent) == 2


def test_a_cap_stops_before_it_is_passed(shop: Shop) -> None:
    """With a cap below the bill, what fits is made, the exit code is 4, and the cap holds."""
    done = shop.run(
        "run", "catalog.xlsx", "--generate", "--tier", "2", "--yes", "--max-spend", "0.10"
    )
    assert done.returncode == 4, done.stderr
    charged = sum(int(charge["micro_usd"]) for charge in shop.provider.charges())
    assert 0 < charged <= 120_000  # the local provider's own round price of three pictures
    assert "cap" in done.stdout


def test_sync_puts_pictures_into_a_restored_workbook(shop: Shop) -> None:
    """After `undo`, `sync` brings the links back from the ledger without any charge."""
    shop.make("--limit", "2")
    charges = len(shop.provider.charges())
    shop.run("undo", "catalog.xlsx")
    shop.run("sync", "catalog.xlsx")
    assert shop.made() == 2
    assert len(shop.provider.charges()) == charges


def test_a_strict_brand_never_goes_to_an_engine_that_redraws(shop: Shop) -> None:
    """With Brand strictness high no picture is sent to a generator, and the bill says why."""
    book = read_book(shop.book)
    column = book.recognised["Brand strictness"]
    rows = range(book.first_data_row, book.first_data_row + len(book.rows))
    strict = SheetEdit(book.sheet, cells={(row, column): "high" for row in rows})
    shop.book.write_bytes(edit(book.content, EditPlan(sheets=(strict,))).content)
    done = shop.run("run", "catalog.xlsx", "--generate", "--tier", "2", "--yes")
    assert shop.provider.charges() == []
    assert "Brand strictness is high" in done.stdout + done.stderr


def test_the_key_is_written_nowhere(shop: Shop) -> None:
    """No file of the workbook's folder or of the ledger holds the key."""
    shop.make("--limit", "1")
    for path in (*shop.book.parent.rglob("*"), *shop.home.rglob("*")):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--max-spend", "5"], "add --generate"),
        (["--generate", "--max-spend", "lots"], "is no amount"),
        (["--generate", "--tier", "one"], "names no tiers"),
    ],
)
def test_options_that_make_no_sense_are_refused(shop: Shop, words: list[str], says: str) -> None:
    """Each is refused with exit code 2 and the way to say it right."""
    done = shop.run("run", "catalog.xlsx", *words)
    assert done.returncode == 2
    assert says in done.stderr
