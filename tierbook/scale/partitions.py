"""A big Parquet file as a dask DataFrame: one partition a part, answered by `map_partitions`.

Reading and answering of a partition are one task, so that no table travels over the network:
what comes back of a partition is one row with its totals.
"""

import json
import threading
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as _pa

from tierbook.scale.parts import Job, Part, answer_part, part_rows
from tierbook.scale.report import Totals

# pyarrow comes without types.
pa: Any = _pa

_TOTALS: Final = "totals"


def rows_frame(job: Job, parts: list[Part]) -> Any:
    """Make the dask DataFrame of some parts; its index counts the rows of the whole table."""
    dask_frame: Any = import_module("dask.dataframe")
    return dask_frame.from_map(_read, parts, job=job, meta=_framed(job.schema.empty_table(), 0))


def answered_totals(rows: Any, job: Job, key: str, target: Path) -> list[Any]:
    """Answer every partition of `rows_frame` into a file of the folder `target`.

    Returns:
        One delayed value a partition, a frame that `totals_in` reads.
    """
    meta = pd.DataFrame({_TOTALS: pd.Series(dtype=object)})
    answered = rows.map_partitions(answer_rows, job, key, target, meta=meta)
    return answered.to_delayed()


def answer_rows(rows: pd.DataFrame, job: Job, key: str, target: Path) -> pd.DataFrame:
    """Answer the rows of one part and write them; the index tells which part they are."""
    part = next(one for one in job.parts if one.rows and one.first_row == rows.index[0])
    batches = pa.Table.from_pandas(rows, schema=job.schema, preserve_index=False).to_batches()
    answerer = _answerer(job, key)
    totals = answer_part(job, part, target / part.file_name, answerer, batches)
    return pd.DataFrame({_TOTALS: [json.dumps(totals.as_json())]})


def totals_in(answered: pd.DataFrame) -> Totals:
    """Read the totals of one partition."""
    return Totals.from_json(json.loads(answered[_TOTALS].iloc[0]))


def _read(part: Part, job: Job) -> pd.DataFrame:
    table = pa.Table.from_batches(list(part_rows(job, part)), job.schema)
    return _framed(table, part.first_row)


def _framed(table: Any, first_row: int) -> pd.DataFrame:
    """Wrap Arrow columns as they are: nothing is copied, batches stay what they were."""
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype, ignore_metadata=True)
    frame.index = pd.RangeIndex(first_row, first_row + len(frame))
    return frame


_kept = threading.local()


def _answerer(job: Job, key: str) -> Any:
    """Take the answerer this thread of a worker has: what it learned of a job serves the next."""
    if getattr(_kept, "key", None) != key:
        _kept.key, _kept.answerer = key, job.answerer()
    return _kept.answerer
