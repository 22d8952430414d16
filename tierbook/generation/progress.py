"""What a person sees while pictures are made."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tierbook.model import MicroUsd

_LEAST_SECONDS_BETWEEN = 0.1


@dataclass(frozen=True, slots=True)
class EngineProgress:
    """What one engine is doing: attempts under way, pictures waiting for it, why it stopped."""

    in_flight: int = 0
    waiting: int = 0
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """A moment of a run.

    `settled` and `reserved` are micro-USD; `seconds_left` is None until it can be told.
    """

    done: int
    total: int
    settled: MicroUsd
    reserved: MicroUsd
    seconds_left: float | None
    engines: Mapping[str, EngineProgress] = field(default_factory=dict[str, EngineProgress])
    draining: bool = False


OnProgress = Callable[[Progress], None]


class Board:
    """Keeps the numbers of a run and shows them, at most ten times a second."""

    def __init__(self, total: int, on_progress: OnProgress | None) -> None:
        self._total = total
        self._show = on_progress
        self._done = 0
        self._settled: MicroUsd = 0
        self._reserved: dict[str, MicroUsd] = {}
        self._engines: dict[str, EngineProgress] = {}
        self._started = time.monotonic()
        self._shown = 0.0
        self.draining = False

    def reserved(self, attempt: str, amount: MicroUsd) -> None:
        """Note money set aside."""
        self._reserved[attempt] = amount

    def settled(self, attempt: str, amount: MicroUsd) -> None:
        """Note what became of money set aside."""
        self._reserved.pop(attempt, None)
        self._settled += amount

    def engine(self, name: str, progress: EngineProgress) -> None:
        """Note what an engine is doing."""
        self._engines[name] = progress

    def finished(self) -> None:
        """Note that a picture came to its end, whichever it was."""
        self._done += 1
        self.show()

    def show(self, *, at_once: bool = False) -> None:
        """Show the moment, unless one was just shown."""
        now = time.monotonic()
        if self._show is None or not (at_once or now - self._shown > _LEAST_SECONDS_BETWEEN):
            return
        self._shown = now
        left = None
        if self._done:
            left = (now - self._started) / self._done * (self._total - self._done)
        self._show(
            Progress(
                self._done,
                self._total,
                self._settled,
                sum(self._reserved.values()),
                left,
                dict(self._engines),
                self.draining,
            )
        )
