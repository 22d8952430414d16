"""Follow a job the provider accepted until it ends; only ever asks, never submits."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from tierbook.engines.wire import HttpReply, Job, Lost, Outcome, Pending, Throttled
from tierbook.generation import failpoints
from tierbook.generation.http import MaybeSent, NotSent, ReplyBroken
from tierbook.generation.ledger import Facts
from tierbook.generation.pacing import retry_after
from tierbook.generation.session import Session

Ask: TypeAlias = Callable[[Job], Awaitable[tuple[Outcome, HttpReply]]]
_SLOWER = 1.5


async def follow(session: Session, attempt: str, pending: Pending, ask: Ask) -> Outcome:
    """Ask for a job until it is done, refused, failed or lost.

    A network that fails while asking costs nothing and changes nothing. One "unknown job" is not
    believed: providers say so for a moment after accepting.

    Returns:
        The job's end; `Pending` where it took longer than a run waits.
    """
    pace = session.options.pace
    interval, lost = pace.poll_floor, 0
    deadline = time.monotonic() + pace.job_seconds
    while time.monotonic() < deadline:
        if pending.wait > 0:
            await asyncio.sleep(interval)
            interval = min(pace.poll_ceiling, interval * _SLOWER)
        try:
            outcome, reply = await ask(pending.job)
        except (NotSent, MaybeSent, ReplyBroken):
            pending = Pending(pending.job)
            continue
        session.options.failpoint(failpoints.POLLED)
        match outcome:
            case Pending():
                lost = 0
                if outcome.job != pending.job:
                    urls = outcome.job.urls
                    facts = Facts(job_urls=urls)
                    await session.ask(lambda ledger, f=facts: ledger.remember(attempt, f))
                pending = outcome
            case Throttled():
                wait = retry_after(reply.headers, session.options.now()) or 0.0
                await asyncio.sleep(min(wait, pace.longest_pause))
                pending = Pending(pending.job)
            case Lost() if lost + 1 < pace.lost_answers:
                lost += 1
                pending = Pending(pending.job)
            case _:
                return outcome
    return pending
