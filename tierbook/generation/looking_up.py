"""Look for an attempt that was cut off while sending at its provider; only asks, never sends."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from tierbook.engines.wire import (
    Elsewhere,
    Engine,
    HttpReply,
    HttpRequest,
    Lost,
    Outcome,
    RemoteEngine,
    Trace,
)
from tierbook.generation.http import MaybeSent, NotSent, ReplyBroken
from tierbook.generation.session import Session

Send: TypeAlias = Callable[[HttpRequest], Awaitable[HttpReply]]
_SLOWER = 1.5
# Lists begin with the newest; what lies further back was sent by others since.
_MOST_PAGES = 10


def can_be_looked_up(engine: Engine | None) -> bool:
    """Tell whether an attempt whose job id never arrived can be found again at its provider."""
    return isinstance(engine, RemoteEngine) and engine.capabilities.lookup in (
        "by_list",
        "by_client_ref",
    )


async def look_up(
    session: Session, engine: RemoteEngine, base_url: str, trace: Trace, send: Send, seconds: float
) -> Outcome | None:
    """Look for an attempt at least once, and again for `seconds`: lists lag behind.

    Returns:
        What the provider says of it; `Lost` where it shows nothing, which proves nothing; None
        where the provider cannot be asked.
    """
    first = engine.find(trace, base_url)
    if first is None:
        return None
    interval, deadline = session.options.pace.poll_floor, time.monotonic() + seconds
    while True:
        found = await _look_once(engine, base_url, trace, first, send)
        over = session.stopped or time.monotonic() + interval > deadline
        if over or not isinstance(found, Lost):
            return found
        await asyncio.sleep(interval)
        interval = min(session.options.pace.poll_ceiling, interval * _SLOWER)


async def _look_once(
    engine: RemoteEngine, base_url: str, trace: Trace, request: HttpRequest, send: Send
) -> Outcome:
    for _ in range(_MOST_PAGES):
        try:
            found = engine.read_find(trace, await send(request))
        except (NotSent, MaybeSent, ReplyBroken) as error:
            return Lost(f"{engine.provider} could not be asked for it: {error}.")
        except Exception as error:
            # What trips the engine here was said by the provider, and settles nothing.
            return Lost(f"{engine.provider}'s list cannot be read ({type(error).__name__}).")
        if not isinstance(found, Elsewhere):
            return found
        if not engine.trusts(found.request.url, base_url):
            return Lost(f"{engine.provider}'s list leads to another address.")
        request = found.request
    return Lost(f"{engine.provider} does not list it among its newest requests.")
