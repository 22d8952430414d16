"""Big Parquet files, answered in parts."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.scale.shop import TODAY, as_one, catalogs, in_parts, sample, settings, table, written
from tierbook.errors import NotAWorkbook, NothingToRoute
from tierbook.scale.parts import Asked, Cut
from tierbook.scale.streaming import decide_parquet


@given(rows=catalogs(), group=st.integers(1, 9), batch=st.integers(1, 9))
@how(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_part_says_what_a_run_over_the_whole_says(
    tmp_path: Path, rows: list[tuple[Any, ...]], group: int, batch: int
) -> None:
    """Every output cell of a stream equals that of `tierbook run`, however the table is cut."""
    source = written(tmp_path, table(rows), group)
    target = tmp_path / "out"
    shutil.rmtree(target, ignore_errors=True)
    decide_parquet(
        source, target, settings(), today=TODAY, asked=Asked(cut=Cut(part=5, batch=batch))
    )
    whole, blanks = as_one(source)
    parts = in_parts(target)
    for row in blanks:  # a stream tells of them once, since it cannot know how many there are
        for heading in ("Status", "Message"):
            whole[heading][row] = parts[heading][row]
    for heading, cells in whole.items():
        assert parts[heading] == cells, heading


def test_a_second_run_replaces_what_the_first_one_wrote(tmp_path: Path) -> None:
    """Columns of an earlier run stay in place and are filled anew; locked rows keep theirs."""
    decide_parquet(written(tmp_path, sample(60)), tmp_path / "one", settings(), today=TODAY)
    first = pq.read_table(tmp_path / "one" / "part-00000.parquet")
    locked = pa.array(["lock" if n == 7 else None for n in range(60)], pa.string())
    held = pa.array(["HOLD" if n == 7 else "3" for n in range(60)], pa.string())
    again = first.set_column(first.column_names.index("Action"), "Action", locked)
    again = again.set_column(again.column_names.index("Tier"), "Tier", held)
    source = written(tmp_path, again)
    decide_parquet(source, tmp_path / "two", settings(), today=TODAY)
    second = pq.read_table(tmp_path / "two")
    assert second.column_names == first.column_names
    tiers = second.column("Tier").to_pylist()
    assert tiers.pop(7) == "HOLD"
    assert second.column("Why").to_pylist()[7].startswith("Locked: ")
    before = first.column("Tier").to_pylist()
    assert tiers == before[:7] + before[8:]


def test_totals_add_up_to_the_rows(tmp_path: Path) -> None:
    """The report's counts and micro-dollars are those of the cells, to the last one."""
    source = written(tmp_path, sample(300), 50)
    asked = Asked(cut=Cut(part=100, batch=37))
    report = decide_parquet(source, tmp_path / "out", settings(), today=TODAY, asked=asked)
    cells = in_parts(tmp_path / "out")
    dollars = sum(Decimal(repr(cost)) for cost in cells["Est. cost"] if cost is not None)
    assert report.estimate_micro_usd == dollars * 1_000_000
    for tier, total in report.by_tier().items():
        assert total["requests"] == cells["Tier"].count(tier)
    assert report.rows == 300


def test_a_table_without_rows_or_sku_is_said(tmp_path: Path) -> None:
    """What cannot be routed is refused before a folder is made."""
    for rows in (sample(3).slice(0, 0), sample(3).select(["Placement", "Angles"])):
        with pytest.raises(NothingToRoute):
            decide_parquet(written(tmp_path, rows), tmp_path / "out", settings(), today=TODAY)
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(NotAWorkbook):
        decide_parquet(tmp_path / "damaged.parquet", tmp_path / "out", settings(), today=TODAY)
    assert not (tmp_path / "out").exists()
