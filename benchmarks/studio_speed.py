"""Measure what a finished 2000 px on-white picture costs, and that the pool uses every core.

    python benchmarks/studio_speed.py FOLDER

FOLDER holds product pictures with a true alpha channel, as for benchmarks/cutout.py. Photographs
of 2000 px are drawn first; fresh processes then make the pictures, checks included.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tierbook.engines.local_studio import ENGINE
from tierbook.engines.wire import PictureOrder, ReadyBytes, SourceImage

CPU_SECONDS, MEGABYTES = 2.0, 700


def order(path: str) -> PictureOrder:
    content = Path(path).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return PictureOrder(
        request_key=digest,
        model="local_studio",
        quality="",
        size="",
        operation="cutout",
        prompt="",
        avoid="",
        width=2000,
        height=2000,
        aspect_ratio="1:1",
        candidate=1,
        seed=1,
        source=SourceImage(content, "image/jpeg", 2000, 2000, digest, path),
        facts={"Background": "white"},
        lane="fast",
    )


def make(path: str) -> tuple[int, float]:
    """Make one picture; return the process and the CPU seconds it took."""
    before = time.process_time()
    outcome = ENGINE.make(order(path))
    assert isinstance(outcome, ReadyBytes), outcome
    return os.getpid(), time.process_time() - before


def worker(paths: list[str]) -> None:
    """In a fresh process: the first picture carries the imports and the loading of the network."""
    seconds = [make(path)[1] for path in paths]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again = [make(path)[1] for path in paths]  # of photos whose masks are known by now
    print(json.dumps({"seconds": seconds, "peak": peak, "again": again}))


def draw(folder: Path, target: Path) -> list[str]:
    from backdrops import KINDS, photograph, true_cutout

    paths: list[str] = []
    for index, path in enumerate(sorted(folder.glob("*.png"))):
        photo = photograph([true_cutout(path)], KINDS[index % 4], seed=index, size=2000)
        (target / f"{index}.jpg").write_bytes(photo.jpeg)
        paths.append(str(target / f"{index}.jpg"))
    return paths


def main() -> int:
    real = os.environ.get("TIERBOOK_REAL_FILES", "")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(real) / "photos" / "cutouts"
    with tempfile.TemporaryDirectory() as scratch:
        paths = draw(folder, Path(scratch))
        os.environ["TIERBOOK_HOME"] = str(Path(scratch, "home"))  # no mask is known yet
        words = [sys.executable, __file__, "--worker", *paths]
        told = json.loads(subprocess.run(words, capture_output=True, check=True, text=True).stdout)
        later = sorted(told["seconds"][1:])
        median = later[len(later) // 2]
        print(f"one thread, {len(paths)} pictures of 2000 x 2000 px, checks included")
        first, worst = told["seconds"][0], later[-1]
        print(f"  first picture {first:.2f} CPU s, then median {median:.2f}, worst {worst:.2f}")
        print(f"  a second picture of the same photo {sorted(told['again'])[len(paths) // 2]:.2f}")
        print(f"  peak memory {told['peak']:.0f} MB")
        os.environ["TIERBOOK_HOME"] = str(Path(scratch, "pool"))
        cores = os.cpu_count() or 1
        started = time.monotonic()
        with ProcessPoolExecutor(cores, mp_context=get_context("forkserver")) as pool:
            done = list(pool.map(make, paths))
        wall = time.monotonic() - started
        used = {process for process, _ in done}
        busy = sum(seconds for _, seconds in done) / wall
        print(f"  pool: {len(used)} of {cores} processes worked, {busy:.1f} cores busy on average")
    kept = median <= CPU_SECONDS and told["peak"] <= MEGABYTES and len(used) == cores
    print("every promise kept" if kept else "A PROMISE IS NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2:])
    else:
        raise SystemExit(main())
