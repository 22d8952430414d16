"""Runs that are killed go on where they stopped, and end with the same bytes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.scale.shop import TODAY, sample, settings, written
from tierbook.errors import UsageError
from tierbook.scale.manifest import FILE_NAME
from tierbook.scale.parts import Asked, Cut
from tierbook.scale.streaming import decide_parquet

CUT = Asked(cut=Cut(part=40, batch=16))
_KILLED = 77
_RUN_AND_DIE = """
import os, sys
from pathlib import Path
from tests.scale.shop import TODAY, settings
from tests.scale.test_restarting import CUT
from tierbook.scale.streaming import decide_parquet
point, left = sys.argv[3], 2
def die(name):
    global left
    left -= name == point
    if not left:
        os._exit(77)
decide_parquet(Path(sys.argv[1]), Path(sys.argv[2]), settings(), today=TODAY, asked=CUT,
               failpoint=die)
"""


def _parts(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.glob("part-*")}


@pytest.mark.parametrize("point", ["part-written", "part-noted"])
def test_a_killed_run_ends_with_the_same_bytes(tmp_path: Path, point: str) -> None:
    """The process dies beside the second part; the next run redoes nothing that was noted."""
    source = written(tmp_path, sample(200), 40)
    whole = decide_parquet(source, tmp_path / "whole", settings(), today=TODAY, asked=CUT)
    command = [sys.executable, "-c", _RUN_AND_DIE, str(source), str(tmp_path / "out"), point]
    died = subprocess.run(command, check=False, cwd=Path(__file__).parents[2])
    assert died.returncode == _KILLED
    resumed = decide_parquet(source, tmp_path / "out", settings(), today=TODAY, asked=CUT)
    assert resumed.resumed == (1 if point == "part-written" else 2)
    assert _parts(tmp_path / "out") == _parts(tmp_path / "whole")
    assert resumed.totals == whole.totals


def test_a_damaged_part_is_made_again(tmp_path: Path) -> None:
    """A part that lost its end is not taken for finished."""
    source = written(tmp_path, sample(120), 40)
    target = tmp_path / "out"
    decide_parquet(source, target, settings(), today=TODAY, asked=CUT)
    before = _parts(target)
    second = target / "part-00001.parquet"
    second.write_bytes(second.read_bytes()[:-10])
    assert decide_parquet(source, target, settings(), today=TODAY, asked=CUT).resumed == 2
    assert _parts(target) == before


def test_another_source_starts_over(tmp_path: Path) -> None:
    """Parts of an older version of the file never mix with those of the newer one."""
    target = tmp_path / "out"
    decide_parquet(written(tmp_path, sample(200), 40), target, settings(), today=TODAY, asked=CUT)
    source = written(tmp_path, sample(90), 40)
    report = decide_parquet(source, target, settings(), today=TODAY, asked=CUT)
    assert (report.rows, report.resumed, len(_parts(target))) == (90, 0, 3)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """A target that holds a stranger's file is refused before anything is written."""
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("keep")
    with pytest.raises(UsageError, match="not Tierbook's"):
        decide_parquet(written(tmp_path, sample(10)), target, settings(), today=TODAY)
    assert [one.name for one in target.iterdir()] == ["mine.txt"]


def test_the_manifest_tells_source_and_parts(tmp_path: Path) -> None:
    """The manifest names the file by size, time and hash, and adds up to the report."""
    source = written(tmp_path, sample(200), 40)
    report = decide_parquet(source, tmp_path / "out", settings(), today=TODAY, asked=CUT)
    kept = json.loads((tmp_path / "out" / FILE_NAME).read_text())
    assert kept["source"]["size"] == source.stat().st_size
    assert sum(part["totals"]["rows"] for part in kept["finished"].values()) == report.rows == 200


def test_runs_killed_at_any_moment_end_with_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL wherever the process happens to be, four times over: nothing is lost or doubled."""
    source = written(tmp_path, sample(4000), 40)
    whole = decide_parquet(source, tmp_path / "whole", settings(), today=TODAY, asked=CUT)
    target = tmp_path / "out"
    command = [sys.executable, "-c", _RUN_AND_DIE, str(source), str(target), "never"]
    finished = [0]
    for delay in (0.02, 0.05, 0.11, 0.17):
        running = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        # Importing takes longer than all the parts: the moments count from the next part on.
        while len(_parts(target)) == finished[-1] and running.poll() is None:
            time.sleep(0.001)
        time.sleep(delay)
        running.kill()
        running.wait()
        finished.append(len(_parts(target)))
    assert 0 < finished[1] < whole.parts
    resumed = decide_parquet(source, target, settings(), today=TODAY, asked=CUT)
    assert _parts(target) == _parts(tmp_path / "whole")
    assert resumed.totals == whole.totals
    assert [one.name for one in target.iterdir() if one.name[0] == "."] == []
