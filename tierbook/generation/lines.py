"""The line in front of each engine: who is next, and how many are served at once.

A picture of the fast lane is never stuck behind slow ones: where an engine has several slots, a
share of them serves the fast lane first.
"""

import asyncio
import heapq
import itertools
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tierbook.engines.wire import Engine, RemoteEngine
from tierbook.generation.pacing import Breaker, Rate
from tierbook.generation.progress import Board, EngineProgress
from tierbook.generation.work import Pace

_FAST_SHARE = 4
# Photos are read, orders written and money reserved for so many pictures ahead of each slot.
_AHEAD = 2

T = TypeVar("T")


@dataclass(order=True)
class _Place:
    priority: tuple[int, int, int]
    arrival: int
    job: object = field(compare=False)


class Line:
    """One engine during a run: its waiting pictures, slots, rate and breaker."""

    def __init__(self, engine: Engine, pace: Pace, board: Board) -> None:
        self.engine = engine
        slots = engine.capabilities.concurrency
        if not isinstance(engine, RemoteEngine):
            slots = os.cpu_count() or 1
        self.slots = max(1, slots)
        self.breaker = Breaker(pace.failures_to_stop)
        self.rate = Rate(engine.capabilities.per_minute, self.slots, time.monotonic)
        self._board = board
        self._fast: list[_Place] = []
        self._others: list[_Place] = []
        self._arrivals = itertools.count()
        self._arrived = asyncio.Event()
        self._in_flight = 0

    def put(self, job: object, lane: str, priority: tuple[int, int, int]) -> None:
        """Line a job up."""
        place = _Place(priority, next(self._arrivals), job)
        heapq.heappush(self._fast if lane == "fast" else self._others, place)
        self._arrived.set()
        self._show()

    def wake(self) -> None:
        """Let every waiting worker look again."""
        self._arrived.set()

    async def serve(
        self, work: Callable[[object, asyncio.Semaphore], Awaitable[None]], over: asyncio.Event
    ) -> None:
        """Work through the line until `over`; `work` holds the semaphore while it is in flight."""
        fast = max(1, self.slots // _FAST_SHARE) if self.slots > 1 else 0
        groups = [(fast, True), (self.slots - fast, self.slots == 1)]
        async with asyncio.TaskGroup() as workers:
            for size, fast_first in groups:
                slots = asyncio.Semaphore(size)
                for _ in range(size * _AHEAD):
                    workers.create_task(self._serve(work, slots, fast_first, over))

    async def _serve(
        self,
        work: Callable[[object, asyncio.Semaphore], Awaitable[None]],
        slots: asyncio.Semaphore,
        fast_first: bool,
        over: asyncio.Event,
    ) -> None:
        while True:
            job = self._take(fast_first)
            if job is not None:
                await work(job, slots)
            elif over.is_set():
                return
            else:
                self._arrived.clear()
                await self._arrived.wait()

    def _take(self, fast_first: bool) -> object | None:
        ordered = (self._fast, self._others) if fast_first else (self._others, self._fast)
        for waiting in ordered:
            if waiting:
                return heapq.heappop(waiting).job
        return None

    def started(self) -> None:
        """Note that an attempt is under way."""
        self._in_flight += 1
        self._show()

    def ended(self) -> None:
        """Note that an attempt came to its end."""
        self._in_flight -= 1
        self._show()

    def _show(self) -> None:
        waiting = len(self._fast) + len(self._others)
        self._board.engine(
            self.engine.name, EngineProgress(self._in_flight, waiting, self.breaker.closed)
        )
