"""Answer a Parquet file of any length on one machine, part by part, in the memory of a batch."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tierbook.model import Configuration
from tierbook.scale.manifest import note_part, report_of, resume
from tierbook.scale.parts import Asked, answer_part, part_rows, plan
from tierbook.scale.report import ScaleReport

# Told of progress: rows answered so far, and all rows.
Progress = Callable[[int, int], None]
# Called at named points; a test raises or kills there.
Failpoint = Callable[[str], None]


def quiet(_done: int, _all: int) -> None:
    """Tell nobody."""


def unbroken(_point: str) -> None:
    """Do nothing."""


def decide_parquet(
    source: Path,
    target: Path,
    configuration: Configuration,
    *,
    today: date,
    asked: Asked | None = None,
    on_progress: Progress = quiet,
    failpoint: Failpoint = unbroken,
) -> ScaleReport:
    """Decide and price every row of a Parquet file into a folder of Parquet parts.

    Row order is kept: part names sort as the rows do. What a killed run finished stays, and the
    next one goes on from there; the parts are the same bytes either way.

    Raises:
        TierbookError: The file, the settings or the target cannot be used.
    """
    job = plan(source, configuration, today, asked or Asked())
    manifest = resume(job, target)
    resumed, answerer = len(manifest.finished), job.answerer()
    for part in job.parts:
        if part.number in manifest.finished:
            continue
        rows = part_rows(job, part)
        totals = answer_part(job, part, target / part.file_name, answerer, rows)
        failpoint("part-written")
        manifest = note_part(manifest, target, part, totals)
        failpoint("part-noted")
        on_progress(manifest.totals().rows, sum(one.rows for one in job.parts))
    return report_of(manifest, job, target, resumed)
