"""Parquet to Parquet: Tierbook in parts against DuckDB's CASE WHEN, taking turns in one run.

Tierbook decides, explains and prices each row and writes fifteen columns (the long texts of
single rows are left out, which the query does not make either); DuckDB writes the six
that the rubric's query gives (rule, tier, template, lane, queue, engine), no price and no reason.
Each turn is a process of its own; ratios count, not seconds.

    python benchmarks/scale_against_duckdb.py [--rows 10000000] [--turns 3] [--mixed]
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.scale_rows import write_catalog

_MEASURED = """
import json, sys, time
from datetime import date
from pathlib import Path
sys.path.insert(0, {root!r})
from tierbook import configuration
settings = configuration.defaults()
source, target = Path({source!r}), Path({target!r})
{setup}
wall, cpu = time.perf_counter(), time.process_time()
{work}
# The kernel's own count: that of getrusage begins with the parent's.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({{"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
  "peak_mb": peak / 1024, "tiers": tiers}}))
"""
_OURS = (
    "from tierbook.scale.parts import Asked; from tierbook.scale.streaming import decide_parquet; "
    "asked = Asked(leave_out=frozenset({'Prompt', 'Request ID', 'Cheaper if'}))",
    "tiers = {str(n): t.requests for n, t in decide_parquet(source, target, settings, "
    "today=date(2026, 11, 24), asked=asked).totals.tiers.items() if n >= 0}",
)
_DUCKDB = (
    "import duckdb; from tierbook.routing.rubric import compile_rubric; "
    "from tierbook.routing.sql import kind_of, sql; db = duckdb.connect(); "
    "db.execute(\"SET memory_limit = '2GB'; SET threads = 2; SET enable_progress_bar = false\"); "
    'file = "\'" + str(source) + "\'"; '
    "kinds = {r[0]: kind_of(r[1]) for r in db.execute('DESCRIBE FROM ' + file).fetchall()}",
    "query = sql(compile_rubric(settings.rubric)[0], settings, kinds, table=file)\n"
    "target.mkdir()\n"
    "db.execute(f\"COPY ({query}) TO '{target / 'out.parquet'}' (FORMAT parquet)\")\n"
    "tiers = {str({'HOLD': 0}.get(t, t)): n for t, n in db.execute('SELECT \"Tier\", count(*) "
    "FROM read_parquet(?) GROUP BY 1', [str(target / 'out.parquet')]).fetchall()}",
)


def _turn(folder: Path, source: Path, setup: str, work: str) -> dict[str, float]:
    target = folder / "out"
    shutil.rmtree(target, ignore_errors=True)
    root = str(Path(__file__).parents[1])
    script = _MEASURED.format(
        root=root, source=str(source), target=str(target), setup=setup, work=work
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.PIPE)
    shutil.rmtree(target, ignore_errors=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--turns", type=int, default=3)
    asked.add_argument("--mixed", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        source = folder / "catalog.parquet"
        write_catalog(source, options.rows, mixed=options.mixed)
        print(f"{options.rows:,} rows, {source.stat().st_size / 1e6:.0f} MB")
        turns: dict[str, list[dict[str, float]]] = {"tierbook": [], "duckdb": []}
        for _ in range(options.turns):
            for engine, (setup, work) in (("tierbook", _OURS), ("duckdb", _DUCKDB)):
                turns[engine].append(_turn(folder, source, setup, work))
                print(engine, turns[engine][-1])
        for measure in ("wall", "cpu", "peak_mb"):
            middle = {e: statistics.median(t[measure] for t in ts) for e, ts in turns.items()}
            ratio = middle["duckdb"] / middle["tierbook"]
            print(f"{measure}: tierbook {middle['tierbook']:.2f}, duckdb {middle['duckdb']:.2f}, "
                  f"duckdb / tierbook {ratio:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
