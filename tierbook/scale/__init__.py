"""Tables past one machine's memory: Parquet in parts, on one machine or on many."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook.model import Configuration

if TYPE_CHECKING:
    from tierbook.scale.parts import Asked
    from tierbook.scale.report import ScaleReport

__all__ = ["run_parquet"]


def run_parquet(
    path: Path,
    output: Path,
    configuration: Configuration,
    dask: str | None,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    today: date,
    asked: "Asked | None" = None,
) -> "ScaleReport":
    """Decide and price a Parquet file of any length into a folder of Parquet parts.

    Args:
        path: The table.
        output: The folder; a run that was stopped goes on in it.
        configuration: The settings.
        dask: A scheduler's address, `local` for workers on this machine, None for one process.
        on_progress: Told of rows answered so far and of all rows.
        today: The day prices are valid on.
        asked: What is asked of the run besides: headings, settings' place, columns left out.

    Raises:
        TierbookError: The file, the settings, the folder or the cluster cannot be used.
    """
    from tierbook.scale.streaming import decide_parquet, quiet

    told = on_progress or quiet
    if dask is None:
        return decide_parquet(
            path, output, configuration, today=today, asked=asked, on_progress=told
        )
    from tierbook.scale.cluster import decide_dask

    return decide_dask(
        path, output, configuration, dask, today=today, asked=asked, on_progress=told
    )
