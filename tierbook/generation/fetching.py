"""Fetch a picture that is ready and paid for, as often as it takes, before its address dies."""

import asyncio
from dataclasses import dataclass

from tierbook.engines.wire import Job, ReadyAt
from tierbook.generation.following import Ask
from tierbook.generation.http import MaybeSent, NotFetched, NotSent, ReplyBroken
from tierbook.generation.images import NotAPicture, format_of
from tierbook.generation.ledger import Facts, State
from tierbook.generation.pacing import backoff
from tierbook.generation.session import Session


@dataclass(frozen=True, slots=True)
class Fetched:
    """The picture's bytes; they begin as a picture does."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Unfetched:
    """Why there is no picture; `state` None leaves the attempt ready, for the next run."""

    reason: str
    state: State | None


async def fetch_picture(
    session: Session, attempt: str, url: str, ask: Ask, *, local: bool
) -> Fetched | Unfetched:
    """Fetch a picture; only the fetching is repeated, never the making.

    Args:
        session: The run.
        attempt: Whose picture it is.
        url: The address the provider gave.
        ask: Asks the provider for the job once more, for a fresh address.
        local: The provider is on this machine, and so are its pictures.
    """
    pace = session.options.pace
    refreshed, reason, no_picture = False, "", False
    for tries in range(pace.tries):
        try:
            content = await session.courier.fetch(url, allow_loopback=local)
            format_of(content)
            return Fetched(content)
        except NotAPicture as error:
            # A page of regret served with status 200; the picture may follow.
            reason, no_picture = f"What the provider serves is no picture: {error}.", True
        except NotFetched as error:
            reason, no_picture = f"The picture cannot be fetched: {error}.", False
            if error.final:
                return Unfetched(reason, State.FAILED_CHARGED)
            if error.gone:
                fresh = None if refreshed else await _fresh_address(session, attempt, ask)
                if fresh is None:
                    return Unfetched(f"{reason} Its address has expired.", State.EXPIRED)
                url, refreshed = fresh, True
                continue
        await asyncio.sleep(backoff(tries, pace))
    return Unfetched(reason, State.FAILED_CHARGED if no_picture else None)


async def _fresh_address(session: Session, attempt: str, ask: Ask) -> str | None:
    found = await session.find(attempt)
    if not found.job_id:
        return None
    try:
        outcome, _ = await ask(Job(found.job_id, found.job_urls, found.quoted))
    except (NotSent, MaybeSent, ReplyBroken):
        return None
    if not isinstance(outcome, ReadyAt):
        return None
    facts = Facts(result_url=outcome.url)
    await session.ask(lambda ledger: ledger.remember(attempt, facts))
    return outcome.url
