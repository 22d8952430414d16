"""Take the ledger's slow, durable writes off the event loop, many in one transaction.

A write is on the disk when its `await` returns, as if it were alone. Those that arrive while
another is being synced share the next sync, and those nobody is held up by wait a moment for one.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from tierbook.generation.ledger import Ledger

T = TypeVar("T")
_MOST_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class _Call:
    make: Callable[[], Any]
    answer: "asyncio.Future[Any]"


class Desk:
    """One thread that speaks with the ledger, for all tasks of a run.

    A sync costs more than everything else the ledger does, so a write that holds up no provider
    waits up to `patience` seconds for one that does.
    """

    def __init__(self, ledger: Ledger, patience: float) -> None:
        self.ledger = ledger
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting: list[_Call] = []
        self._clerk: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

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
        self._hurry.set()
        if self._clerk is not None:
            await self._clerk
        self._thread.shutdown()

    async def __call__(self, call: Callable[[], T], *, patient: bool = False) -> T:
        """Make one call of the ledger; it is durable when this returns.

        A patient call may wait a moment for others; an impatient one takes them along at once.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(call, answer))
        if not patient:
            self._hurry.set()
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.create_task(self._work())
        # A task that is cancelled while it waits must not take the others' answers with it.
        return await asyncio.shield(answer)

    async def read(self, call: Callable[[], T]) -> T:
        """Ask the ledger something; nothing is written, so nothing is waited for."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._hurry.wait()
            self._hurry.clear()
            batch, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
            if self._waiting:
                self._hurry.set()
            calls = [one.make for one in batch]
            outcomes = await loop.run_in_executor(self._thread, self._together, calls)
            for one, (value, error) in zip(batch, outcomes, strict=True):
                if one.answer.cancelled():
                    continue
                if error is not None:
                    one.answer.set_exception(error)
                else:
                    one.answer.set_result(value)

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
