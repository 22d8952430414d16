"""The same table answered by one dask worker and by two, each a process of its own.

Every worker has one core to itself (`taskset`) and one thread, Arrow's included, so that a
second worker is a second core and nothing else. Turns alternate. The scheduler and the client
run where there is room. Beside the seconds stands the processor time of the busiest worker,
which is what the run takes on cores that nothing else uses.

    python benchmarks/scale_workers.py [--rows 50000000] [--turns 2] [--mixed]
"""

import argparse
import hashlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from distributed import Client

from benchmarks.scale_rows import write_catalog
from tierbook import configuration
from tierbook.scale.cluster import decide_dask

ROOT = Path(__file__).parents[1]


def _started(module: str, *arguments: str, core: int | None = None) -> "subprocess.Popen[bytes]":
    pinned = () if core is None else ("taskset", "-c", str(core))
    return subprocess.Popen(
        [*pinned, sys.executable, "-m", f"distributed.cli.{module}", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _loaded() -> None:
    import tierbook.scale.partitions  # noqa: F401 - loading it is all that is asked


def _processor_seconds(address: str) -> float:
    with Client(address, timeout=60) as client:
        return max(client.run(time.process_time).values())


def _run(source: Path, target: Path, workers: int) -> tuple[float, float, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [_started("dask_scheduler", *here, "--port", str(port))]
    one = (address, *here, "--nthreads", "1", "--no-nanny")
    processes += [_started("dask_worker", *one, core=core) for core in range(workers)]
    try:
        # Every worker is up and has loaded the program: their start is not what is measured.
        with Client(address, timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
            client.run(_loaded)
        before, started = _processor_seconds(address), time.perf_counter()
        decide_dask(source, target, configuration.defaults(), address, today=date(2026, 11, 24))
        seconds = time.perf_counter() - started
        busiest = _processor_seconds(address) - before
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
    hashed = hashlib.sha256()
    for part in sorted(target.glob("part-*")):
        hashed.update(part.read_bytes())
    shutil.rmtree(target)
    return seconds, busiest, hashed.hexdigest()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=50_000_000)
    asked.add_argument("--turns", type=int, default=2)
    asked.add_argument("--mixed", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        source = Path(name) / "catalog.parquet"
        write_catalog(source, options.rows, mixed=options.mixed)
        measured: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
        bytes_written: set[str] = set()
        for turn in range(options.turns):
            for workers in (1, 2):
                took, busiest, hashed = _run(source, Path(name) / "answered", workers)
                measured[workers].append((took, busiest))
                bytes_written.add(hashed)
                print(f"turn {turn + 1}, {workers} worker(s): {took:.1f} s, busiest worker "
                      f"{busiest:.1f} CPU s, load {_load()}", flush=True)  # fmt: skip
        same = "the same" if len(bytes_written) == 1 else "DIFFERENT"
        for at, measure in enumerate(("seconds", "CPU seconds of the busiest worker")):
            one, two = (statistics.median(t[at] for t in measured[n]) for n in (1, 2))
            print(f"{options.rows:,} rows, {measure}: one worker {one:.1f}, two {two:.1f}, "
                  f"ratio {one / two:.2f}, {same} bytes")  # fmt: skip


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    main()
