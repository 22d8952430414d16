"""Parts answered by workers in other processes, on a real dask scheduler."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scale.shop import TODAY, sample, settings, written
from tierbook.errors import EngineTrouble, UsageError
from tierbook.scale.cluster import decide_dask
from tierbook.scale.parts import Asked, Cut
from tierbook.scale.report import Totals
from tierbook.scale.streaming import decide_parquet

pytest.importorskip("distributed")
CUT = Asked(cut=Cut(part=300, batch=100))
ROOT = Path(__file__).parents[2]


def _started(module: str, *arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and its workers on loopback, each a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    at = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [_started("dask_scheduler", *at, "--port", str(port), folder=folder)]
    one = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
    processes += [_started("dask_worker", address, *one, folder=folder) for _ in range(workers)]
    try:
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def _parts(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.glob("part-*")}


def test_a_worker_that_dies_changes_nothing_in_the_output(tmp_path: Path) -> None:
    """Two workers, one killed after the first part: every byte is that of one machine alone."""
    source = written(tmp_path, sample(6000), 300)
    alone = decide_parquet(source, tmp_path / "alone", settings(), today=TODAY, asked=CUT)
    with _cluster(tmp_path, 2) as (address, workers):

        def kill_one(_point: str) -> None:
            if workers[0].poll() is None:
                workers[0].send_signal(signal.SIGKILL)

        together = decide_dask(
            source,
            tmp_path / "together",
            settings(),
            address,
            today=TODAY,
            asked=CUT,
            failpoint=kill_one,
        )
        assert workers[0].wait() == -signal.SIGKILL
    assert _parts(tmp_path / "together") == _parts(tmp_path / "alone")
    # Which row speaks for a blank column depends on what a worker saw before; nothing else may.
    assert _counted(together.totals) == _counted(alone.totals)
    leftovers = [one.name for one in (tmp_path / "together").iterdir() if one.name[0] == "."]
    assert leftovers == []


def test_a_cluster_without_workers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last worker dies, the run says so and keeps what was finished."""
    monkeypatch.setattr("tierbook.scale.cluster._LOOK_SECONDS", 1)
    monkeypatch.setattr("tierbook.scale.cluster._ALONE_SECONDS", 2)
    source = written(tmp_path, sample(6000), 300)
    with _cluster(tmp_path, 1) as (address, workers):

        def kill_it(_point: str) -> None:
            workers[0].kill()

        with pytest.raises(EngineTrouble, match="no worker for 2 seconds"):
            decide_dask(
                source, tmp_path / "out", settings(), address, today=TODAY, asked=CUT,
                failpoint=kill_it,
            )  # fmt: skip
    report = decide_parquet(source, tmp_path / "out", settings(), today=TODAY, asked=CUT)
    assert report.resumed >= 1


def test_a_cluster_goes_on_where_one_machine_stopped(tmp_path: Path) -> None:
    """What a single process finished is kept, and workers of this machine do the rest."""
    source = written(tmp_path, sample(1500), 300)
    target = tmp_path / "out"
    decide_parquet(source, target, settings(), today=TODAY, asked=CUT)
    before = _parts(target)
    (target / "part-00002.parquet").unlink()
    report = decide_dask(source, target, settings(), "local", today=TODAY, asked=CUT)
    assert (report.resumed, report.rows) == (4, 1500)
    assert _parts(target) == before


def test_no_scheduler_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address nobody answers at is named, with what to write instead."""
    monkeypatch.setattr("tierbook.scale.cluster._CONNECT_SECONDS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        source = written(tmp_path, sample(10))
        with pytest.raises(UsageError, match="No dask scheduler answers"):
            decide_dask(source, tmp_path / "out", settings(), address, today=TODAY)


def _counted(totals: Totals) -> object:
    """Everything of the totals but the words of problems that belong to no single row."""
    words = {
        key: (one.code, one.severity, one.rows, one.first_row, one.message if one.rows else "")
        for key, one in totals.problems.items()
    }
    return totals.rows, totals.tiers, totals.baseline_micro_usd, words
