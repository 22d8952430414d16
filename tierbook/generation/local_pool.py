"""Worker processes for engines on this machine, one a core."""

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from tierbook import engines
from tierbook.engines.wire import (
    Failed,
    LocalEngine,
    PictureOrder,
    ReadyBytes,
    Refused,
    ScalingEngine,
)


class LocalPool:
    """Starts workers with the first picture, and again after one died."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def make(self, name: str, order: PictureOrder) -> ReadyBytes | Refused | Failed:
        """Make a picture in a worker; a worker that dies fails its picture and no other run."""
        loop = asyncio.get_running_loop()
        pool = self._started()
        try:
            return await loop.run_in_executor(pool, make_locally, name, order)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
                pool.shutdown(wait=False)
            return Failed("The worker process died, perhaps for lack of memory.", charged=False)

    async def measure(self, name: str, order: PictureOrder) -> float | None:
        """Measure an angle in a worker; what goes wrong is told when its own picture is made."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._started(), measure_locally, name, order)
        except BrokenProcessPool:
            return None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # A plain fork would copy the event loop and the ledger's thread half-alive.
            methods = multiprocessing.get_all_start_methods()
            method = "forkserver" if "forkserver" in methods else "spawn"
            self._pool = ProcessPoolExecutor(
                os.cpu_count() or 1,
                mp_context=multiprocessing.get_context(method),
                initializer=_leave_interrupts_to_the_parent,
            )
        return self._pool

    def close(self) -> None:
        """Stop the workers; pictures still waiting are dropped."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def make_locally(name: str, order: PictureOrder) -> ReadyBytes | Refused | Failed:
    """Make a picture in this process; whatever goes wrong is that picture's failure."""
    engine = engines.find(name)
    if not isinstance(engine, LocalEngine):
        return Failed(f'There is no engine "{name}" on this machine.', charged=False)
    try:
        return engine.make(order)
    except Exception as error:
        return Failed(f"{name} failed on it: {type(error).__name__}: {error}", charged=False)


def measure_locally(name: str, order: PictureOrder) -> float | None:
    """Measure an angle in this process; None where nothing can be measured."""
    engine = engines.find(name)
    try:
        return engine.own_scale(order) if isinstance(engine, ScalingEngine) else None
    except Exception:
        return None


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
