"""Ctrl+C: the first stops sending and drains what is under way, the second quits."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType


class Interrupts:
    """Counts Ctrl+C while inside; outside the main thread it does nothing."""

    def __init__(self, on_first: Callable[[], None], on_second: Callable[[], None]) -> None:
        self._actions = [on_first, on_second]
        self._before: object = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> None:
        """Listen."""
        if threading.current_thread() is threading.main_thread():
            self._loop = asyncio.get_running_loop()
            self._before = signal.signal(signal.SIGINT, self._pressed)

    def __exit__(self, *exc_info: object) -> None:
        """Give the key back to whoever had it."""
        if self._loop is not None:
            signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type]

    def _pressed(self, _number: int, _frame: FrameType | None) -> None:
        if self._actions and self._loop is not None:
            self._loop.call_soon_threadsafe(self._actions.pop(0))
