"""Make one picture on the seller's own machine: the same path through the ledger, at no cost."""

import asyncio

from tierbook.engines.replies import short
from tierbook.engines.wire import Engine, PictureOrder, ReadyBytes, Refused
from tierbook.generation import failpoints, recipes
from tierbook.generation.endings import Ending, Handover
from tierbook.generation.images import NotAPicture
from tierbook.generation.ledger import Facts, State
from tierbook.generation.lines import Line
from tierbook.generation.local_pool import LocalPool
from tierbook.generation.session import Session
from tierbook.generation.storing import write_result


class LocalMaker:
    """Makes pictures with one engine of this machine."""

    def __init__(self, session: Session, line: Line, engine: Engine, pool: LocalPool) -> None:
        self._session = session
        self._line = line
        self._engine = engine
        self._pool = pool

    async def make(
        self,
        attempt: str,
        order: PictureOrder,
        recipe: recipes.Recipe,
        slots: asyncio.Semaphore,
    ) -> Ending | Handover:
        """Carry a reserved attempt to its end."""
        move = self._session.move
        async with slots:
            if self._session.stopped:
                await move(attempt, State.CANCELLED, Facts(reason=self._session.stopped))
                return await self._session.ending(attempt)
            if self._line.breaker.closed:
                await move(attempt, State.CANCELLED, Facts(reason=self._line.breaker.closed))
                return Handover(self._line.breaker.closed)
            await move(attempt, State.SENDING, point=failpoints.SENDING)
            self._line.started()
            try:
                outcome = await self._pool.make(self._engine.name, order)
            finally:
                self._line.ended()
        if isinstance(outcome, ReadyBytes):
            await self._store(attempt, outcome, recipe)
        elif isinstance(outcome, Refused):
            await move(attempt, State.REFUSED, Facts(reason=short(outcome.reason), actual=0))
        else:
            await move(attempt, State.FAILED_UNCHARGED, Facts(reason=short(outcome.reason)))
            if outcome.scope == "engine":
                self._line.breaker.close(outcome.reason)
                return Handover(outcome.reason)
        return await self._session.ending(attempt)

    async def _store(self, attempt: str, made: ReadyBytes, recipe: recipes.Recipe) -> None:
        # No original is kept: making it again costs nothing.
        try:
            failpoint = self._session.options.failpoint
            written = await self._session.in_studio(
                lambda: write_result(made.content, recipe, failpoint)
            )
        except NotAPicture as error:
            reason = f"{self._engine.name} made no picture: {error}."
            await self._session.move(attempt, State.FAILED_UNCHARGED, Facts(reason=reason))
            return
        except OSError as error:
            self._session.stop_writing(error)
            return
        checks = {**made.notes, **({"finish": "; ".join(written.notes)} if written.notes else {})}
        facts = Facts(actual=0, sha256=written.sha256, result_file=written.file, notes=checks)
        await self._session.move(attempt, State.DOWNLOADED, facts, point=failpoints.DOWNLOADED)
