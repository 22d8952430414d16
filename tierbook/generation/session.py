"""What all attempts of one run share, and the two ways a run is told to stop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TypeVar

from tierbook.generation.desk import Desk
from tierbook.generation.endings import Ending, ending_of
from tierbook.generation.http import Courier
from tierbook.generation.ledger import IN_FLIGHT, Attempt, Facts, Ledger, State
from tierbook.generation.photos import Photos
from tierbook.generation.progress import Board
from tierbook.generation.redaction import Redactor
from tierbook.generation.work import WorkOptions
from tierbook.model import usd

T = TypeVar("T")
_NO_FACTS = Facts()


@dataclass
class Session:
    """One run under way. `stopped` says why nothing more is started, "" while work goes on.

    `studio` is where pictures are opened, finished and written: one thread a core, since more
    would only take turns with the loop that keeps the providers busy.
    """

    run: str
    desk: Desk
    courier: Courier
    photos: Photos
    board: Board
    redactor: Redactor
    options: WorkOptions
    studio: Executor
    stopped: str = ""
    over_cap: list[str] = field(default_factory=list[str])
    wake: Callable[[], None] = lambda: None

    def stop(self, reason: str) -> None:
        """Start nothing more; what is under way is brought to its end."""
        self.stopped = self.stopped or reason
        self.board.draining = True
        self.board.show(at_once=True)
        self.wake()

    def stop_writing(self, error: OSError) -> None:
        """Stop the run where pictures cannot be written; what was paid for is taken up later."""
        self.stop(
            f"Pictures cannot be written ({error.strerror or error}). Make room, or close what "
            "holds them open, and run again: nothing is paid for twice."
        )

    async def in_studio(self, work: Callable[[], T]) -> T:
        """Do work on pictures off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.studio, work)

    async def ask(self, call: Callable[[Ledger], T], *, patient: bool = False) -> T:
        """Make one call of the ledger, durably."""
        return await self.desk(lambda: call(self.desk.ledger), patient=patient)

    async def find(self, attempt: str) -> Attempt:
        """Read one attempt."""
        return (await self.desk.read(lambda: self.desk.ledger.find(attempt)))[0]

    async def move(
        self,
        attempt: str,
        target: State,
        facts: Facts = _NO_FACTS,
        *,
        point: str = "",
        patient: bool = False,
    ) -> None:
        """Move an attempt, durably, and pass the failpoint behind it."""
        await self.ask(lambda ledger: ledger.advance(attempt, target, facts), patient=patient)
        if point:
            self.options.failpoint(point)

    async def ending(self, attempt: str) -> Ending:
        """Say how an attempt stands, and stop the run where its bill passed its reservation."""
        found = await self.find(attempt)
        if found.state not in IN_FLIGHT and found.state is not State.UNKNOWN:
            self.board.settled(attempt, found.counted)
        if found.counted > found.reserved:
            self.stop(
                f"{found.provider} charged {usd(found.counted)} for a picture priced at "
                f"{usd(found.reserved)} at most; the run stopped. Correct the price of "
                f"{found.model} in the price book before going on."
            )
        return ending_of(found)
