"""How long to wait, in both spellings, and when to leave an engine alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.generation.pacing import Breaker, Rate, backoff, retry_after
from tierbook.generation.work import Pace

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Tue, 24 Nov 2026 12:01:00 -0000", 60.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_spellings(stated: str, seconds: float | None):
    """Seconds and dates are read; what has passed means now; nonsense means nothing."""
    assert retry_after({"retry-after": stated}, NOW) == seconds


@given(st.text())
def test_no_header_breaks_the_reading(stated: str):
    """A provider may write anything there."""
    found = retry_after({"retry-after": stated}, NOW)
    assert found is None or found >= 0


@given(st.integers(0, 60))
def test_backoff_stays_within_its_limit(tries: int):
    """However often it failed, the wait stays between nothing and the longest."""
    assert 0 <= backoff(tries, Pace()) <= Pace().longest_backoff


def test_a_breaker_closes_after_failures_in_a_row_only():
    """One success in between starts the count anew; the first reason stays."""
    breaker = Breaker(3)
    for outcome in ("bad", "bad", "", "bad", "bad"):
        breaker.worked() if not outcome else breaker.failed(outcome)
    assert breaker.closed == ""
    breaker.failed("third")
    breaker.close("later")
    assert breaker.closed == "third"


def test_starts_are_spread_over_the_minute_after_a_burst():
    """Two at once, then one an interval; a pause holds everyone back."""

    async def starts() -> list[float]:
        now = [100.0]
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(round(seconds, 3))
            now[0] += seconds

        rate = Rate(60, 2, lambda: now[0])
        asyncio_sleep, asyncio.sleep = asyncio.sleep, sleep  # type: ignore[assignment]
        try:
            for _ in range(4):
                await rate.take()
            rate.pause(10)
            await rate.take()
        finally:
            asyncio.sleep = asyncio_sleep  # type: ignore[assignment]
        return slept

    assert asyncio.run(starts()) == [1.0, 1.0, 10.0]
