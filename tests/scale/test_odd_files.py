"""Parquet files of unusual shape, and disks that do not hold the answer."""

import resource
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.scale.shop import TODAY, as_one, in_parts, sample, settings, written
from tierbook.routers import choose, decide_by
from tierbook.scale.layout import ANSWERS
from tierbook.scale.parts import Asked, Cut
from tierbook.scale.streaming import decide_parquet
from tierbook.workbook import read_book, requests

ASKED = Asked(cut=Cut(part=20, batch=8))


def _odd(rows: int) -> pa.Table:
    """Make requests with columns of kinds that no spreadsheet has."""
    moments = [datetime(2026, 11, 1 + n % 28, tzinfo=UTC) for n in range(rows)]
    extra = {
        "Dimensions": pa.array([[n, n + 1] for n in range(rows)]),
        "Facts": pa.array([{"colour": "red", "size": n} for n in range(rows)]),
        "List price": pa.array([Decimal(n) / 4 for n in range(rows)], pa.decimal128(12, 2)),
        "Added": pa.array(moments, pa.timestamp("us", "Europe/Berlin")),
        "Barcode": pa.array([b"\x00\xff"] * rows),
    }
    table = sample(rows)
    for name, column in extra.items():
        table = table.append_column(name, column)
    place = table.column_names.index("Placement")
    table = table.set_column(place, "Placement", table.column("Placement").dictionary_encode())
    for number in range(180):
        table = table.append_column(f"Attribute {number}", pa.array([number] * rows))
    return table


def test_odd_columns_travel_along_unchanged(tmp_path: Path) -> None:
    """Nested, decimal, zoned and dictionary columns keep their values, 200 columns of them."""
    table = _odd(45)
    source = written(tmp_path, table, 7)
    decide_parquet(source, tmp_path / "out", settings(), today=TODAY, asked=ASKED)
    answered = pq.read_table(tmp_path / "out")
    assert answered.select(table.column_names).to_pylist() == table.to_pylist()
    whole, _ = as_one(source)
    assert in_parts(tmp_path / "out")["Tier"] == whole["Tier"]


def test_row_groups_without_rows_are_no_parts(tmp_path: Path) -> None:
    """Empty row groups, in front, between and behind, change nothing."""
    path, table = tmp_path / "gaps.parquet", sample(30)
    with pq.ParquetWriter(path, table.schema) as writer:
        for start, rows in ((0, 0), (0, 20), (20, 0), (20, 10), (30, 0)):
            writer.write_table(table.slice(start, rows))
    report = decide_parquet(path, tmp_path / "out", settings(), today=TODAY, asked=ASKED)
    assert (report.rows, report.parts) == (30, 2)
    assert pq.read_table(tmp_path / "out").column("SKU").equals(table.column("SKU"))


def test_a_scorecard_decides_a_stream_as_it_decides_a_sheet(tmp_path: Path) -> None:
    """Pinned in the settings, the scorecard gives each row the tier, cost and reason of a run."""
    shop = settings()
    shop = replace(shop, settings=replace(shop.settings, router="scorecard"))
    source = written(tmp_path, sample(90), 20)
    report = decide_parquet(source, tmp_path / "out", shop, today=TODAY, asked=ASKED)
    table, _ = requests(read_book(source), shop)
    decided, _ = decide_by(choose(90, shop, source), table, shop, TODAY)
    assert "scorecard" in set(decided.router.tolist())
    found = pq.read_table(tmp_path / "out").column("Why").to_pylist()
    assert found == [why or None for why in decided.why]
    assert report.why.startswith("The scorecard decides")


def test_columns_can_be_left_out(tmp_path: Path) -> None:
    """What is left out is not written, and nothing else changes."""
    source = written(tmp_path, sample(25))
    decide_parquet(source, tmp_path / "all", settings(), today=TODAY)
    brief = Asked(leave_out=frozenset({"Prompt", "Request ID", "Cheaper if"}))
    decide_parquet(source, tmp_path / "some", settings(), today=TODAY, asked=brief)
    every, some = pq.read_table(tmp_path / "all"), pq.read_table(tmp_path / "some")
    assert set(every.column_names) - set(some.column_names) == brief.leave_out
    assert every.select(some.column_names).equals(some)
    assert set(ANSWERS) <= set(every.column_names)


_RUN = """
import resource, signal, sys
from pathlib import Path
from tests.scale.shop import TODAY, settings
from tests.scale.test_odd_files import ASKED
from tierbook.errors import WorkbookError
from tierbook.scale.streaming import decide_parquet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    decide_parquet(Path(sys.argv[1]), Path(sys.argv[2]), settings(), today=TODAY, asked=ASKED)
except WorkbookError as error:
    sys.exit(error.message)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
def test_a_disk_that_takes_no_more_is_said(tmp_path: Path) -> None:
    """A part that cannot be written leaves no half of itself, and the next run goes on."""
    assert resource.RLIMIT_FSIZE is not None
    source = written(tmp_path, sample(60), 20)
    command = [sys.executable, "-c", _RUN, str(source), str(tmp_path / "out"), "5000"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["_tierbook.json"]
    report = decide_parquet(source, tmp_path / "out", settings(), today=TODAY, asked=ASKED)
    assert report.rows == 60
