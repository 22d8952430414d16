"""One million requests through reading, deciding and pricing, in memory, in CPU seconds.

python benchmarks/scale_million.py
"""

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pyarrow.parquet as pq

from benchmarks.scale_rows import write_catalog
from tierbook import configuration
from tierbook.scale.parts import Asked, plan

ROWS = 1_000_000
# Deciding and pricing alone, without the long texts of single rows.
TEXTS = frozenset({"Prompt", "Request ID", "Cheaper if"})


def main() -> None:
    for mixed in (False, True):
        with tempfile.TemporaryDirectory(prefix="scale-") as name:
            source = Path(name) / "catalog.parquet"
            write_catalog(source, ROWS, mixed=mixed)
            job = plan(source, configuration.defaults(), date(2026, 11, 24), Asked(leave_out=TEXTS))
            file = pq.ParquetFile(source, read_dictionary=list(job.dictionaries))
            batches = list(file.iter_batches(batch_size=job.cut.batch))
            answerer = job.answerer()
            wall, cpu = time.perf_counter(), time.process_time()
            estimate = sum(answerer.answer(one, 1)[1].estimate_micro_usd for one in batches)
            print(
                f"{'mixed' if mixed else 'recipes'}: {time.process_time() - cpu:.2f} CPU s, "
                f"{time.perf_counter() - wall:.2f} s, {estimate / 1e6:,.2f} USD"
            )


if __name__ == "__main__":
    main()
