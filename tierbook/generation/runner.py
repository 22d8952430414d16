"""Carry planned work out: every picture claimed, made, stored and settled, engines side by side."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tierbook.engines.wire import Engine, ScalingEngine, SourceImage
from tierbook.generation import failpoints, recipes
from tierbook.generation.desk import Desk
from tierbook.generation.endings import Ending, Handover, ending_of
from tierbook.generation.files import picture_stem
from tierbook.generation.http import Courier
from tierbook.generation.interrupts import Interrupts
from tierbook.generation.ledger import (
    MADE,
    Claim,
    Facts,
    Ledger,
    OverCap,
    Reserved,
    State,
    Taken,
)
from tierbook.generation.lines import Line
from tierbook.generation.local_pool import LocalPool
from tierbook.generation.making import RemoteMaker
from tierbook.generation.making_locally import LocalMaker
from tierbook.generation.opening import open_engine
from tierbook.generation.outcomes import Outcome, results_of
from tierbook.generation.photos import Photos
from tierbook.generation.progress import Board, OnProgress
from tierbook.generation.recovery import Resumption, take_up
from tierbook.generation.redaction import RedactedLogs, Redactor
from tierbook.generation.scales import Scales
from tierbook.generation.session import Session
from tierbook.generation.sources import PhotoPlace, UnusableSource
from tierbook.generation.storing import restore
from tierbook.generation.work import Offer, Picture, Work, WorkOptions, finish_of
from tierbook.model import usd

_CAPS = {
    "run": "the cap of this run",
    "month": "the cap of this month",
    "tier": "the monthly cap of its tier",
    "run_tier": "this run's cap of its tier",
}


async def carry_out(
    work: Work,
    ledger: Ledger,
    engines: Mapping[str, Engine],
    options: WorkOptions,
    on_progress: OnProgress | None = None,
) -> Outcome:
    """Make the planned pictures under the caps, and take up what an earlier run left behind.

    Args:
        work: What `plan_work` planned.
        ledger: Where every step is recorded before it is taken.
        engines: Every engine by name, as `engines.discover()` gives them.
        options: The options the work was planned with.
        on_progress: Called with the moment's numbers, at most ten times a second.

    Raises:
        LedgerError: The record cannot be written; paid work stopped.
        KeyboardInterrupt: Ctrl+C was pressed a second time; the next run resumes.
    """
    redactor = Redactor()
    board = Board(len(work.to_make), on_progress)
    pool = LocalPool()
    run = ledger.begin_run(work.workbook)
    try:
        ledger.note_redos(work.redos)
        with RedactedLogs(redactor):
            async with Courier() as courier, Desk(ledger, options.pace.patience) as desk:
                with ThreadPoolExecutor(os.cpu_count(), "studio") as studio:
                    photos = Photos(courier, desk, studio, options.pace)
                    session = Session(run, desk, courier, photos, board, redactor, options, studio)
                    return await _Run(session, work, engines, pool).to_the_end()
    finally:
        pool.close()
        ledger.end_run(run)


@dataclass(frozen=True)
class _Job:
    """A picture in line, the offer to try next, and why the offers before it did not do.

    `refusal` is how it stands where an engine refused it and no other takes it.
    """

    picture: Picture
    offer: int = 0
    passed: tuple[str, ...] = ()
    refusal: Ending | None = None


class _Run:
    def __init__(
        self, session: Session, work: Work, engines: Mapping[str, Engine], pool: LocalPool
    ) -> None:
        self._session = session
        self._work = work
        self._engines = engines
        self._pool = pool
        self._scales = Scales(session.photos, pool)
        self._lines: dict[str, Line] = {}
        self._makers: dict[str, RemoteMaker | LocalMaker] = {}
        self._endings: dict[tuple[str, int], Ending] = {}
        self._resumed: dict[str, Ending] = {}
        self._missed: set[str] = set()
        self._unmade: list[str] = []
        self._under_way: dict[str, asyncio.Future[Ending]] = {}
        self._outstanding = 0
        self._over = asyncio.Event()
        self._interrupted = False
        session.wake = self._wake

    async def to_the_end(self) -> Outcome:
        """Serve every line until each picture has come to its end."""
        resumptions = await take_up(self._session, self._engines)
        await self._restore_files()
        names = [offer.engine for picture in self._work.to_make for offer in picture.offers]
        names += [resumption.attempt.engine for resumption in resumptions]
        for name in dict.fromkeys(names):
            engine = self._engines.get(name)
            if engine is not None:
                line = Line(engine, self._session.options.pace, self._session.board)
                self._lines[name] = line
                self._makers[name] = await open_engine(self._session, line, engine, self._pool)
        self._line_up(resumptions)
        interrupts = Interrupts(self._drain, _cancel(asyncio.current_task()))
        guard = interrupts if self._session.options.handle_interrupts else contextlib.nullcontext()
        try:
            with guard:
                async with asyncio.TaskGroup() as lines:
                    for name, line in self._lines.items():
                        lines.create_task(line.serve(self._worker(name), self._over))
        except asyncio.CancelledError:
            if self._interrupted:
                raise KeyboardInterrupt from None
            raise
        except BaseExceptionGroup as group:
            raise _first(group) from None
        self._session.board.show(at_once=True)
        return await self._outcome()

    async def _restore_files(self) -> None:
        """Bring back files of finished pictures that were deleted, without paying again.

        Free pictures keep no original; those are let go here, to be made again.
        """
        home, folder = self._session.desk.ledger.home, self._work.folder
        for row in self._work.rows:
            for known in row.known.values():
                attempt = known.attempt
                if attempt.state not in MADE:
                    continue
                found = await self._session.in_studio(partial(restore, home, attempt, folder))
                if not found and not attempt.reserved:
                    reason = Facts(reason="Its file is gone, and it was free.")
                    await self._session.move(attempt.attempt, State.CANCELLED, reason)

    # ------------------------------------------------------------------ lines

    def _line_up(self, resumptions: list[Resumption]) -> None:
        for resumption in resumptions:
            attempt = resumption.attempt
            if attempt.engine in self._lines:
                self._under_way[attempt.attempt] = asyncio.get_running_loop().create_future()
                self._outstanding += 1
                self._lines[attempt.engine].put(resumption, "fast", (-1, 0, 0))
        for picture in self._work.to_make:
            self._outstanding += 1
            self._put(_Job(picture))
        if not self._outstanding:
            self._over.set()

    def _put(self, job: _Job) -> None:
        """Line a picture up before the first of its engines that is open."""
        picture, passed = job.picture, list(job.passed)
        for index in range(job.offer, len(picture.offers)):
            line = self._lines.get(picture.offers[index].engine)
            closed = "It is not known." if line is None else line.breaker.closed
            if line is not None and not closed:
                place = (picture.priority, picture.row, picture.number)
                line.put(replace(job, offer=index, passed=tuple(passed)), picture.lane, place)
                return
            self._missed.add(closed)
            passed.append(f"{picture.offers[index].text}: {closed}")
        if not self._session.stopped:
            self._unmade += passed
        if job.refusal is not None:
            self._finish(picture, _told(job.refusal, tuple(passed)))
            return
        reasons = " ".join(dict.fromkeys(passed))
        self._finish(picture, Ending("PLANNED", f"{reasons} Nothing was charged for it."))

    def _worker(self, name: str) -> Callable[[object, asyncio.Semaphore], Awaitable[None]]:
        async def work(job: object, slots: asyncio.Semaphore) -> None:
            if isinstance(job, Resumption):
                await self._resume(name, job, slots)
            elif isinstance(job, _Job):
                await self._make(job, slots)

        return work

    def _drain(self) -> None:
        self._interrupted = True
        self._session.stop("Stopped on request; run again to go on.")

    def _wake(self) -> None:
        for line in self._lines.values():
            line.wake()

    def _finish(self, picture: Picture, ending: Ending) -> None:
        self._endings[(picture.request_id, picture.number)] = ending
        self._session.board.finished()
        self._ended()

    def _ended(self) -> None:
        self._outstanding -= 1
        if not self._outstanding:
            self._over.set()
            self._wake()

    # ------------------------------------------------------------------ one job

    async def _resume(self, name: str, job: Resumption, slots: asyncio.Semaphore) -> None:
        maker = self._makers[name]
        attempt = job.attempt
        if isinstance(maker, RemoteMaker) and not self._lines[name].breaker.closed:
            ending = await maker.resume(attempt, slots)
        else:
            self._missed.add(self._lines[name].breaker.closed)
            ending = ending_of(attempt)
        self._resumed[attempt.attempt] = ending
        self._under_way[attempt.attempt].set_result(ending)
        self._ended()

    async def _make(self, job: _Job, slots: asyncio.Semaphore) -> None:
        picture, offer = job.picture, job.picture.offers[job.offer]
        result = await self._try(picture, offer, slots)
        last = job.offer + 1 == len(picture.offers)
        if isinstance(result, Handover):
            self._missed.add(result.reason)
            passed = (*job.passed, f"{offer.text}: {result.reason}")
            self._put(replace(job, offer=job.offer + 1, passed=passed))
        elif result.status == "REFUSED" and not last and not self._session.stopped:
            passed = (*job.passed, f"{offer.text}: {result.message}")
            self._put(_Job(picture, job.offer + 1, passed, result))
        else:
            self._finish(picture, _told(result, job.passed))

    async def _try(
        self, picture: Picture, offer: Offer, slots: asyncio.Semaphore
    ) -> Ending | Handover:
        if self._session.stopped:
            return Ending("PLANNED", f"{self._session.stopped} Nothing was charged for it.")
        source: SourceImage | None = None
        if picture.photo is not None:
            try:
                source = await self._load(picture.photo, offer)
            except UnusableSource as error:
                return Ending("FAILED", f"Source image: {error}. Nothing was charged.")
        key = picture.key(offer, source.sha256 if source else "")
        recipe = self._recipe(picture, offer, key)
        answer = await self._session.ask(
            lambda ledger: ledger.reserve(
                self._claim(picture, offer, key, recipe), self._session.run, self._work.caps
            ),
            # Free work is often over before patience would be.
            patient=not offer.free,
        )
        match answer:
            case OverCap():
                return self._over_cap(answer, offer)
            case Taken():
                return await self._taken(answer)
            case Reserved():
                return await self._claimed(answer.attempt, picture, offer, key, source, slots)

    async def _load(self, photo: PhotoPlace, offer: Offer) -> SourceImage:
        photos = self._session.photos
        local = isinstance(self._makers[offer.engine], LocalMaker)
        return await (photos.load_as_taken(photo) if local else photos.load(photo))

    async def _claimed(
        self,
        attempt: str,
        picture: Picture,
        offer: Offer,
        key: str,
        source: SourceImage | None,
        slots: asyncio.Semaphore,
    ) -> Ending | Handover:
        self._session.board.reserved(attempt, offer.worst_case)
        self._under_way[attempt] = asyncio.get_running_loop().create_future()
        self._session.options.failpoint(failpoints.CLAIMED)
        order = picture.order(offer, key, source)
        engine = self._engines[offer.engine]
        if isinstance(engine, ScalingEngine) and not self._session.stopped:
            order = await self._scales.applied(engine, order, picture.angles)
        maker = self._makers[offer.engine]
        result = await maker.make(attempt, order, self._recipe(picture, offer, key), slots)
        if isinstance(result, Handover):
            self._session.board.settled(attempt, 0)
        # A later picture of the same key finds this one in the ledger.
        self._under_way.pop(attempt).set_result(
            result if isinstance(result, Ending) else result.ending
        )
        return result

    async def _taken(self, answer: Taken) -> Ending:
        """Wait for another picture of this run with the same key, or say how it stands."""
        attempt = answer.attempt
        if attempt.state in MADE:
            home, folder = self._session.desk.ledger.home, self._work.folder
            await self._session.in_studio(lambda: restore(home, attempt, folder))
        waiting = self._under_way.get(attempt.attempt)
        if waiting is not None:
            return await asyncio.shield(waiting)
        return ending_of(attempt)

    def _over_cap(self, over: OverCap, offer: Offer) -> Ending:
        cap = f"{_CAPS[over.which]} ({usd(over.cap)}, {usd(over.counted)} of it counted)"
        self._session.over_cap.append(cap)
        return Ending(
            "PLANNED",
            f"{offer.text} costs up to {usd(offer.worst_case)}, which would pass {cap}. "
            "Nothing was charged for it.",
        )

    def _claim(self, picture: Picture, offer: Offer, key: str, recipe: recipes.Recipe) -> Claim:
        return Claim(
            request_key=key,
            request_id=picture.request_id,
            variant=picture.number,
            workbook=self._work.workbook,
            sku=picture.sku,
            placement=picture.placement_name,
            tier=picture.tier,
            engine=offer.engine,
            provider=offer.rule.provider or offer.engine,
            model=offer.rule.model or offer.engine,
            worst_case=offer.worst_case,
            recipe=recipes.spell(recipe),
        )

    def _recipe(self, picture: Picture, offer: Offer, key: str) -> recipes.Recipe:
        generated = isinstance(self._makers[offer.engine], RemoteMaker)
        return recipes.Recipe(
            finish_of(picture, offer, generated=generated),
            str(self._work.folder),
            self._work.image_folder,
            picture_stem(picture.sku, picture.placement_name, key),
        )

    # ------------------------------------------------------------------ the end

    async def _outcome(self) -> Outcome:
        session = self._session
        self._tell_resumed()
        results = results_of(self._work, self._endings)
        settled, reserved = await session.ask(lambda ledger: ledger.run_totals(session.run))
        unknown = await session.ask(lambda ledger: ledger.unknown())
        # An engine nobody went without is no trouble: the last fallback may well have no key.
        trouble = [one for line in self._lines.values() if (one := line.breaker.closed)]
        trouble = [one for one in trouble if one in self._missed]
        trouble += [one for one in self._unmade if not one.endswith(tuple(trouble) or "\n")]
        made = [e for e in self._endings.values() if e.status == "DONE"]
        return Outcome(
            run=session.run,
            results=tuple(results),
            made=len(made),
            settled=settled,
            reserved=reserved,
            cap_reached=session.over_cap[-1] if session.over_cap else "",
            trouble=tuple(dict.fromkeys(trouble)),
            unknown=tuple(one for one in unknown if one.workbook == self._work.workbook),
            stopped=session.stopped,
            interrupted=self._interrupted,
        )

    def _tell_resumed(self) -> None:
        """Let rows whose pictures were known when planned say how those ended now."""
        for row in self._work.rows:
            for number, known in row.known.items():
                ending = self._resumed.get(known.attempt.attempt)
                if ending is not None:
                    self._endings.setdefault((row.request_id, number), ending)


def _told(ending: Ending, passed: tuple[str, ...]) -> Ending:
    """Let a row say why another engine than its own made the picture."""
    if not passed:
        return ending
    reasons = " ".join(dict.fromkeys(passed))
    words = f"Handed on: {reasons}"
    return replace(ending, message=f"{ending.message} {words}".strip())


def _cancel(task: "asyncio.Task[Any] | None") -> Callable[[], None]:
    def cancel() -> None:
        if task is not None:
            task.cancel()

    return cancel


def _first(error: BaseException) -> BaseException:
    """Return the one exception that matters; the others followed from it."""
    within: Sequence[BaseException] = getattr(error, "exceptions", ())
    return _first(within[0]) if within else error
