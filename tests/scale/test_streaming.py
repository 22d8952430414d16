"""Big Parquet files, answered in parts."""

import shutil
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.scale.shop import ROW, TODAY, as_one, in_parts, settings, table, written
from tierbook.scale.parts import Cut
from tierbook.scale.streaming import decide_parquet


@given(
    rows=st.lists(ROW, min_size=1, max_size=25), group=st.integers(1, 9), batch=st.integers(1, 9)
)
@how(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_part_says_what_a_run_over_the_whole_says(
    tmp_path: Path, rows: list[tuple[Any, ...]], group: int, batch: int
) -> None:
    """Every output cell of a stream equals that of `tierbook run`, however the table is cut."""
    source = written(tmp_path, table(rows), group)
    target = tmp_path / "out"
    shutil.rmtree(target, ignore_errors=True)
    decide_parquet(source, target, settings(), today=TODAY, cut=Cut(part=5, batch=batch))
    whole, blanks = as_one(source)
    parts = in_parts(target)
    for row in blanks:  # a stream tells of them once, since it cannot know how many there are
        for heading in ("Status", "Message"):
            whole[heading][row] = parts[heading][row]
    for heading, cells in whole.items():
        assert parts[heading] == cells, heading
