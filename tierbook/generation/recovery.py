"""Take up what a dead run left behind, without paying for anything again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from tierbook.engines.wire import Engine
from tierbook.generation.ledger import Attempt, Facts, State
from tierbook.generation.looking_up import can_be_looked_up
from tierbook.generation.session import Session
from tierbook.generation.storing import original_path


@dataclass(frozen=True, slots=True)
class Resumption:
    """An attempt to carry on with, and where its waiting pictures learn how it ended."""

    attempt: Attempt


async def take_up(session: Session, engines: Mapping[str, Engine]) -> list[Resumption]:
    """Settle what can be settled of attempts whose run is dead; return what must be carried on.

    Reserved was never sent. Sending may have been: free work is let go, an answer already kept on
    the disk is used, and anything else becomes unknown. Submitted is asked for, ready is fetched.
    What is unknown is looked for where the provider can be asked for it.
    """
    resumptions: list[Resumption] = []
    for attempt in await session.ask(lambda ledger: ledger.adopt(session.run)):
        match attempt.state:
            case State.RESERVED:
                reason = "The run ended before it was sent."
                await session.move(attempt.attempt, State.CANCELLED, Facts(reason=reason))
            case State.SENDING:
                if await _was_kept(session, attempt):
                    resumptions.append(Resumption(attempt))
                else:
                    await _let_go(session, attempt, engines.get(attempt.engine))
            case _:
                resumptions.append(Resumption(attempt))
    asked = [name for name, engine in engines.items() if can_be_looked_up(engine)]
    doubtful = await session.ask(lambda ledger: ledger.adopt_unknown(session.run, asked))
    return resumptions + [Resumption(attempt) for attempt in doubtful]


async def _was_kept(session: Session, attempt: Attempt) -> bool:
    kept = original_path(session.desk.ledger.home, attempt.attempt)
    return await asyncio.to_thread(kept.is_file)


async def _let_go(session: Session, attempt: Attempt, engine: Engine | None) -> None:
    if engine is not None and engine.capabilities.charges_on == "never":
        reason = "The run ended while it was made."
        await session.move(attempt.attempt, State.FAILED_UNCHARGED, Facts(reason=reason))
        return
    reason = f"The run ended while {attempt.provider} was being asked."
    await session.move(attempt.attempt, State.UNKNOWN, Facts(reason=reason))
