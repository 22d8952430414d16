"""Answer the parts of a Parquet file on many machines through dask; they share one file system."""

import logging
import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from tierbook.errors import EngineTrouble, UsageError
from tierbook.model import Configuration
from tierbook.scale.manifest import Manifest, note_part, report_of, resume, sweep
from tierbook.scale.parts import Asked, Job, Part, plan
from tierbook.scale.report import ScaleReport, Totals
from tierbook.scale.streaming import Failpoint, Progress, quiet, unbroken

LOCAL: Final = "local"
_CONNECT_SECONDS: Final = 20
_LOOK_SECONDS: Final = 5
_ALONE_SECONDS: Final = 60


def decide_dask(
    source: Path,
    target: Path,
    configuration: Configuration,
    address: str,
    *,
    today: date,
    asked: Asked | None = None,
    on_progress: Progress = quiet,
    failpoint: Failpoint = unbroken,
) -> ScaleReport:
    """Do what `decide_parquet` does, its parts spread over the workers of a dask cluster.

    Parts, manifest and bytes are those of one machine, so either can finish what the other began.
    A worker that dies costs the parts it was at; another one answers them.

    Args:
        source: The file, at a path that means the same on every worker.
        target: The folder of parts, likewise.
        configuration: The settings.
        address: The scheduler, as `tcp://host:8786`, or `local` for workers on this machine.
        today: The day prices are valid on.
        asked: What is asked of the run besides.
        on_progress: Told of rows answered so far and of all rows.
        failpoint: Called as each part is noted.

    Raises:
        UsageError: dask is not installed, or no scheduler answers at the address.
        EngineTrouble: Workers kept dying, or none is left; what was finished is kept.
    """
    job = plan(source.resolve(), configuration, today, asked or Asked())
    manifest = resume(job, target)
    resumed = len(manifest.finished)
    waiting = [part for part in job.parts if part.number not in manifest.finished]
    rows = sum(part.rows for part in job.parts)
    with _client(address) as client:
        for part, totals in _answered(client, job, manifest, waiting, target.resolve()):
            manifest = note_part(manifest, target, part, totals)
            failpoint("part-noted")
            on_progress(manifest.totals().rows, rows)
    # A worker that was killed may have left the beginning of a part behind.
    sweep(target)
    return report_of(manifest, job, target, resumed)


def _answered(
    client: Any, job: Job, manifest: Manifest, parts: list[Part], target: Path
) -> Iterator[tuple[Part, Totals]]:
    """Yield each part with its totals as workers finish them."""
    if not parts:
        return
    dask: Any = import_module("dask")
    distributed: Any = import_module("distributed")
    from tierbook.scale.partitions import answered_totals, rows_frame, totals_in

    # Columns are Arrow's and stay so: turning texts into another kind would copy all of them.
    with dask.config.set({"dataframe.convert-string": False}):
        key = f"{manifest.source} {manifest.settings}"
        tasks = answered_totals(rows_frame(job, parts), job, key, target)
    waiting = dict(zip(client.compute(tasks), parts, strict=True))
    for future in _finished(client, waiting):
        try:
            totals = totals_in(future.result())
        except distributed.KilledWorker as died:
            raise EngineTrouble(
                f"{waiting[future].file_name} could not be answered: every worker that tried died.",
                fix="look at the workers' memory, then run the command again; finished parts stay.",
            ) from died
        yield waiting[future], totals


def _finished(client: Any, futures: Iterable[Any]) -> Iterator[Any]:
    """Yield futures as they end; give up where no worker is left for a while.

    dask itself would wait for a new worker for ever.
    """
    distributed: Any = import_module("distributed")
    pending, alone = list(futures), 0
    while pending:
        try:
            ended, pending = distributed.wait(pending, _LOOK_SECONDS, "FIRST_COMPLETED")
        except distributed.TimeoutError:
            alone = 0 if client.scheduler_info()["workers"] else alone + 1
            if alone * _LOOK_SECONDS >= _ALONE_SECONDS:
                raise EngineTrouble(
                    f"The cluster has had no worker for {_ALONE_SECONDS} seconds.",
                    fix="start workers again, then run the command again; finished parts stay.",
                ) from None
            continue
        alone, pending = 0, list(pending)
        yield from ended


@contextmanager
def _client(address: str) -> Generator[Any]:
    """Connect to a scheduler, or start workers on this machine; quiet about what dask survives."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise UsageError(
            "Answering on a cluster needs dask, which is not installed.",
            fix='pip install "tierbook[scale]", or leave --dask out.',
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loggers = [logging.getLogger(name) for name in ("distributed", "distributed.scheduler")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            with _connected(distributed, address) as client:
                yield client
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


@contextmanager
def _connected(distributed: Any, address: str) -> Generator[Any]:
    if address == LOCAL:
        with (
            distributed.LocalCluster(
                threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"No dask scheduler answers at {address}: {error}.",
            fix='give its address, as tcp://host:8786, or "local" for this machine.',
        ) from None
    try:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise UsageError(
                f"The dask scheduler at {address} has no workers.",
                fix=f"start some with `dask worker {address}`, then run the command again.",
            ) from None
        yield client
    finally:
        client.close()
