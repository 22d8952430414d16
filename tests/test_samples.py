"""The worked samples: every run on them comes out as the committed text says, cell by cell.

`TIERBOOK_WRITE_EXPECTED=1 pytest tests/test_samples.py` writes the expected text anew; read the
difference before committing it.
"""

import csv
import io
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tierbook import app
from tierbook.model import usd

SAMPLES = Path(__file__).parents[1] / "samples"
SHOPS = {
    "candle-maker": "catalog.xlsx",
    "keramik-werkstatt": "bilderplan.xlsx",
    "gift-shop": "pictures.xlsx",
}
REWRITE = bool(os.environ.get("TIERBOOK_WRITE_EXPECTED"))


@dataclass(frozen=True)
class StillClock:
    """A clock that always tells the day the samples were worked out."""

    at: datetime = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def as_csv(rows: list[list[object]]) -> str:
    """Spell a tab as text, so that a changed cell is a changed line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([_spelled(cell) for cell in row])
    return text.getvalue()


def _spelled(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return str(cell)


@pytest.mark.parametrize("shop", SHOPS)
def test_a_sample_comes_out_as_expected(shop: str, tmp_path: Path) -> None:
    """Requests and Cost summary of each sample equal the committed text."""
    folder = tmp_path / shop
    shutil.copytree(SAMPLES / shop, folder)
    report = app.run(folder / SHOPS[shop], app.RunOptions(), StillClock())
    assert report.saved is not None
    book = CalamineWorkbook.from_path(str(report.saved.path))
    requests = report.answers.requests.sheet
    for tab, name in ((requests, "requests.csv"), ("Cost summary", "cost-summary.csv")):
        found = as_csv(book.get_sheet_by_name(tab).to_python(skip_empty_area=False))
        expected = SAMPLES / shop / "expected" / name
        if REWRITE:
            expected.parent.mkdir(exist_ok=True)
            expected.write_text(found, encoding="utf-8")
        assert found == expected.read_text(encoding="utf-8"), f"{shop}, tab {tab}"


@pytest.mark.parametrize("shop", SHOPS)
def test_the_tabs_foot_to_the_rows(shop: str, tmp_path: Path) -> None:
    """The estimate of the run is the sum of its rows, to the micro-dollar."""
    folder = tmp_path / shop
    shutil.copytree(SAMPLES / shop, folder)
    report = app.check(folder / SHOPS[shop], app.RunOptions(), StillClock())
    by_tier = sum(tier["estimate_micro_usd"] for tier in report.by_tier().values())
    total = report.answers.bill.total()
    assert by_tier == total
    assert usd(total).startswith("$")
