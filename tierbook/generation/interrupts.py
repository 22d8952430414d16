"""Ctrl+C, or the system asking to end: the first drains what is under way, the second quits."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

# Windows never sends the second; a computer that shuts down or a scheduler elsewhere does.
_ASKING_TO_STOP = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Counts both while inside; outside the main thread it does nothing."""

    def __init__(self, on_first: Callable[[], None], on_second: Callable[[], None]) -> None:
        self._actions = [on_first, on_second]
        self._before: dict[int, object] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> None:
        """Listen."""
        if threading.current_thread() is threading.main_thread():
            self._loop = asyncio.get_running_loop()
            for number in _ASKING_TO_STOP:
                self._before[number] = signal.signal(number, self._pressed)

    def __exit__(self, *exc_info: object) -> None:
        """Give the signals back to whoever had them."""
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]

    def _pressed(self, _number: int, _frame: FrameType | None) -> None:
        if self._actions and self._loop is not None:
            self._loop.call_soon_threadsafe(self._actions.pop(0))
