"""The same table answered by one dask worker and by two, each a process of its own.

python benchmarks/scale_workers.py [--rows 50000000]
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.scale_rows import write_catalog
from tierbook import configuration
from tierbook.scale.cluster import decide_dask

ROOT = Path(__file__).parents[1]


def _started(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _run(source: Path, target: Path, workers: int) -> tuple[float, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [_started("dask_scheduler", *here, "--port", str(port))]
    one = (address, *here, "--nthreads", "1", "--no-nanny")
    processes += [_started("dask_worker", *one) for _ in range(workers)]
    try:
        time.sleep(12)  # let every worker come up: their start is not what is measured
        started = time.perf_counter()
        decide_dask(source, target, configuration.defaults(), address, today=date(2026, 11, 24))
        seconds = time.perf_counter() - started
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
    hashed = hashlib.sha256()
    for part in sorted(target.glob("part-*")):
        hashed.update(part.read_bytes())
    shutil.rmtree(target)
    return seconds, hashed.hexdigest()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=50_000_000)
    rows = asked.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        source = Path(name) / "catalog.parquet"
        write_catalog(source, rows)
        one, first = _run(source, Path(name) / "one", 1)
        two, second = _run(source, Path(name) / "two", 2)
        print(f"{rows:,} rows: one worker {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f}, "
              f"{'the same' if first == second else 'DIFFERENT'} bytes")  # fmt: skip


if __name__ == "__main__":
    main()
