"""How fast an engine is asked: slots, a rate, pauses it asks for, and when to leave it alone."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tierbook.generation.work import Pace


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read `Retry-After` in seconds, or as a date; None where it says nothing readable."""
    stated = headers.get("retry-after", "").strip()
    if not stated:
        return None
    try:
        return max(0.0, float(stated))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(stated)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def backoff(tries: int, pace: Pace) -> float:
    """Wait a random time up to a doubling limit, so that many clients do not come back at once."""
    return random.uniform(0, min(pace.longest_backoff, pace.backoff * 2**tries))  # noqa: S311 - spreads load, hides nothing


class Rate:
    """At most so many starts a minute, with a burst of one slot each; and pauses for all."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float]) -> None:
        self._interval = 60.0 / max(1, per_minute)
        self._burst = self._interval * max(0, burst - 1)
        self._clock = clock
        self._next = clock()

    def pause(self, seconds: float) -> None:
        """Start nothing for a while."""
        self._next = max(self._next, self._clock() + seconds + self._burst)

    async def take(self) -> None:
        """Wait for the next start."""
        start = max(self._next, self._clock())
        self._next = start + self._interval
        wait = start - self._burst - self._clock()
        if wait > 0:
            await asyncio.sleep(wait)


class Breaker:
    """Closes an engine after so many failures in a row, or at once for trouble of the account."""

    def __init__(self, failures_to_stop: int) -> None:
        self._limit = failures_to_stop
        self._failures = 0
        self.closed = ""

    def worked(self) -> None:
        """Note that the engine answered as it should."""
        self._failures = 0

    def failed(self, reason: str) -> None:
        """Note a failure that may be the engine's own."""
        self._failures += 1
        if self._failures >= self._limit:
            self.close(reason)

    def close(self, reason: str) -> None:
        """Ask this engine for nothing more; the first reason stays."""
        self.closed = self.closed or reason
