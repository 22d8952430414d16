"""Take the ledger's slow, durable writes off the event loop, many in one transaction.

A write is on the disk when its `await` returns, as if it were alone; those that arrive while
another is being synced share the next sync.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from tierbook.generation.ledger import Ledger

T = TypeVar("T")
_Call = tuple[Callable[[], Any], "asyncio.Future[Any]"]
_MOST_TOGETHER = 64


class Desk:
    """One thread that speaks with the ledger, for all tasks of a run."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting: list[_Call] = []
        self._clerk: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Open the desk."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what was handed in and close."""
        if self._clerk is not None:
            await self._clerk
        self._thread.shutdown()

    async def __call__(self, call: Callable[[], T]) -> T:
        """Make one call of the ledger; it is durable when this returns."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answer))
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.create_task(self._work())
        # A task that is cancelled while it waits must not take the others' answers with it.
        return await asyncio.shield(answer)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
            calls = [call for call, _ in batch]
            outcomes = await loop.run_in_executor(self._thread, self._together, calls)
            for (_, answer), (value, error) in zip(batch, outcomes, strict=True):
                if answer.cancelled():
                    continue
                if error is not None:
                    answer.set_exception(error)
                else:
                    answer.set_result(value)

    def _together(self, calls: list[Callable[[], Any]]) -> list[tuple[Any, BaseException | None]]:
        outcomes: list[tuple[Any, BaseException | None]] = []
        try:
            with self.ledger.together():
                outcomes.extend(self._one(call) for call in calls)
        except BaseException as error:  # the commit failed: nobody's write is on the disk
            return [(None, error)] * len(calls)
        return outcomes

    def _one(self, call: Callable[[], Any]) -> tuple[Any, BaseException | None]:
        error: BaseException | None = None
        with contextlib.suppress(BaseException):
            try:
                with self.ledger.together():
                    return call(), None
            except BaseException as raised:
                error = raised
                raise
        return None, error
