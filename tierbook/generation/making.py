"""Make one picture with a remote engine: send, follow, fetch, store, settle.

This is the law of the money, in code: before each step that can cost something the ledger already
says the worst that may come of it, and a request is sent again only where the provider provably
did not take it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tierbook.engines.remote import is_loopback
from tierbook.engines.replies import short
from tierbook.engines.wire import (
    Failed,
    HttpReply,
    HttpRequest,
    Job,
    Lost,
    Outcome,
    Pending,
    PictureOrder,
    ReadyAt,
    ReadyBytes,
    Refused,
    RemoteEngine,
    Throttled,
    Trace,
    seed_of,
)
from tierbook.generation import failpoints, recipes
from tierbook.generation.endings import Ending, Handover
from tierbook.generation.fetching import Fetched, fetch_picture
from tierbook.generation.following import follow
from tierbook.generation.http import MaybeSent, NotSent, ReplyBroken
from tierbook.generation.images import NotAPicture
from tierbook.generation.keys import Secret
from tierbook.generation.ledger import Attempt, Facts, State
from tierbook.generation.lines import Line
from tierbook.generation.looking_up import look_up
from tierbook.generation.pacing import backoff, retry_after
from tierbook.generation.session import Session
from tierbook.generation.storing import keep_original, original_path, write_result
from tierbook.model import MicroUsd


@dataclass(frozen=True)
class Reach:
    """How a remote engine is reached: its address, and its key where it needs one."""

    engine: RemoteEngine
    base_url: str
    key: Secret | None


class RemoteMaker:
    """Makes pictures with one remote engine."""

    def __init__(self, session: Session, line: Line, reach: Reach) -> None:
        self._session = session
        self._line = line
        self._reach = reach
        self._engine = reach.engine
        self._pace = session.options.pace
        self._free = reach.engine.capabilities.charges_on == "never"

    # ------------------------------------------------------------------ the two ways in

    async def make(
        self,
        attempt: str,
        order: PictureOrder,
        recipe: recipes.Recipe,
        slots: asyncio.Semaphore,
    ) -> Ending | Handover:
        """Carry a reserved attempt to its end."""
        order = replace(order, seed=seed_of(attempt))
        async with slots:
            if self._session.stopped or self._line.breaker.closed:
                return await self._give_back(attempt)
            outcome = await self._in_flight(lambda: self._send_and_follow(attempt, order))
        return await self._conclude(attempt, outcome, recipe)

    async def resume(self, found: Attempt, slots: asyncio.Semaphore) -> Ending:
        """Take up an attempt that a dead run left behind; nothing is submitted again."""
        recipe = recipes.read(found.recipe)
        kept = original_path(self._session.desk.ledger.home, found.attempt)
        if found.state is State.SENDING:
            # The answer had arrived and was kept; only the note of it is missing.
            content = await self._session.in_studio(kept.read_bytes)
            await self._store(found.attempt, ReadyBytes(content), recipe)
            return await self._ending(found.attempt)
        if found.state is State.UNKNOWN:
            return await self._search(found, recipe, slots)
        job = Job(found.job_id, found.job_urls, found.quoted)
        outcome: Outcome
        if found.state is State.READY:
            outcome = ReadyAt(found.result_url, found.actual, found.provider_id)
        else:
            async with slots:
                outcome = await self._in_flight(lambda: self._follow(found.attempt, Pending(job)))
        ending = await self._conclude(found.attempt, outcome, recipe)
        return ending if isinstance(ending, Ending) else ending.ending

    async def _search(
        self, found: Attempt, recipe: recipes.Recipe, slots: asyncio.Semaphore
    ) -> Ending:
        """Look for an attempt in doubt at its provider; not found, it stays in doubt."""
        trace = Trace(found.request_key, found.model, seed_of(found.attempt), found.created)
        passed = (self._session.options.now() - found.changed).total_seconds()
        patience = self._pace.lookup_seconds - passed

        async def work() -> Outcome:
            outcome = await self._look_up(trace, patience)
            return await self._accepted(found.attempt, outcome or Lost("It cannot be looked up."))

        async with slots:
            outcome = await self._in_flight(work)
        if isinstance(outcome, Failed) and outcome.charged is None:
            outcome = Lost(outcome.reason)
        if not isinstance(outcome, Lost):
            await self._conclude(found.attempt, outcome, recipe)
        return await self._ending(found.attempt)

    async def _in_flight(self, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        self._line.started()
        try:
            return await work()
        finally:
            self._line.ended()

    async def _give_back(self, attempt: str) -> Ending | Handover:
        reason = self._session.stopped or self._line.breaker.closed
        await self._session.move(attempt, State.CANCELLED, Facts(reason=reason))
        if self._session.stopped:
            return await self._ending(attempt)
        return Handover(self._line.breaker.closed)

    # ------------------------------------------------------------------ sending

    async def _send_and_follow(self, attempt: str, order: PictureOrder) -> Outcome:
        return await self._accepted(attempt, await self._submit(attempt, order))

    async def _accepted(self, attempt: str, outcome: Outcome) -> Outcome:
        """Follow a job to its end, once its id and addresses are on the disk."""
        if not isinstance(outcome, Pending):
            return outcome
        job = outcome.job
        facts = Facts(job_id=job.job_id, job_urls=job.urls, quoted=job.quoted_cost)
        await self._session.move(attempt, State.SUBMITTED, facts, point=failpoints.SUBMITTED)
        return await self._follow(attempt, outcome)

    async def _submit(self, attempt: str, order: PictureOrder) -> Outcome:
        """Send until the provider took it or may have; `Throttled` means it never did."""
        not_sent = throttled = 0
        last = Throttled(reason=f"{self._engine.provider} took no request.")
        while not_sent < self._pace.tries and throttled < self._pace.throttled_tries:
            await self._line.rate.take()
            if self._session.stopped or self._line.breaker.closed:
                return Throttled(reason=self._session.stopped or self._line.breaker.closed)
            outcome, reply = await self._send_once(attempt, order)
            if not isinstance(outcome, Throttled):
                return outcome
            last = outcome
            await self._session.move(
                attempt,
                State.RESERVED,
                Facts(reason=self._clean(outcome.reason)),
                point=failpoints.PUT_BACK,
            )
            if reply is None:
                not_sent += 1
                if not_sent < self._pace.tries:
                    await asyncio.sleep(backoff(not_sent, self._pace))
            else:
                throttled += 1
                self._pause(outcome, reply, throttled)
        self._line.breaker.failed(last.reason)
        return last

    async def _send_once(
        self, attempt: str, order: PictureOrder
    ) -> tuple[Outcome, HttpReply | None]:
        try:
            request = self._engine.submit(order, self._reach.base_url)
        except Exception as error:
            return Failed(f"The order cannot be written: {error}", charged=False), None
        self._session.options.failpoint(failpoints.ABOUT_TO_SEND)
        before = self._session.options.now()
        # Durable before the first byte: from here on a crash leaves the charge in doubt.
        await self._session.move(attempt, State.SENDING, point=failpoints.SENDING)
        try:
            reply = await self._request(request)
        except NotSent as error:
            reason = f"{self._engine.provider} cannot be reached ({error}). Check your network."
            return Throttled(reason=reason), None
        except (MaybeSent, ReplyBroken) as error:
            reason = f"{self._engine.provider} did not answer: {error}."
            return await self._in_doubt(order, before, reason), None
        self._session.options.failpoint(failpoints.REPLIED)
        outcome = self._read(lambda: self._engine.read_submit(order, reply))
        if isinstance(outcome, Failed) and outcome.charged is None:
            outcome = await self._in_doubt(order, before, outcome.reason)
        return outcome, reply

    def _read(self, read: Callable[[], Outcome]) -> Outcome:
        try:
            outcome = read()
        except Exception as error:
            # An answer that trips the engine may still have been charged.
            outcome = Failed(
                f"{self._engine.provider}'s answer cannot be read ({type(error).__name__}).",
                charged=None,
            )
        if not isinstance(outcome, Failed | Throttled | Lost):
            self._line.breaker.worked()
        return outcome

    async def _in_doubt(self, order: PictureOrder, since: datetime, reason: str) -> Outcome:
        """Look an attempt up that may have been taken; where it is not found it stays in doubt."""
        trace = Trace(order.request_key, order.model, order.seed, since)
        found = await self._look_up(trace, self._pace.lookup_seconds)
        if found is not None and not isinstance(found, Lost):
            return found
        if self._free:
            return Throttled(reason=reason)
        return Failed(f"{reason} {found.reason}" if found else reason, charged=None)

    async def _look_up(self, trace: Trace, seconds: float) -> Outcome | None:
        base_url, send = self._reach.base_url, self._request
        return await look_up(self._session, self._engine, base_url, trace, send, seconds)

    def _pause(self, outcome: Throttled, reply: HttpReply, throttled: int) -> None:
        wait = outcome.wait
        if wait is None:
            wait = retry_after(reply.headers, self._session.options.now())
        if wait is None:
            wait = backoff(throttled, self._pace)
        self._line.rate.pause(min(wait, self._pace.longest_pause))

    async def _request(self, request: HttpRequest) -> HttpReply:
        """Send one request, with the key only where the engine trusts the address."""
        reach = self._reach
        headers: Mapping[str, str] = {}
        if reach.key and request.send_key and self._engine.trusts(request.url, reach.base_url):
            headers = self._engine.authorize(reach.key.reveal())
        timeout = self._engine.capabilities.read_timeout
        if self._pace.read_timeout is not None:
            timeout = min(timeout, self._pace.read_timeout)
        return await self._session.courier.send(request, headers, timeout)

    # ------------------------------------------------------------------ following and storing

    async def _follow(self, attempt: str, pending: Pending) -> Outcome:
        outcome = await follow(self._session, attempt, pending, self._ask)
        if isinstance(outcome, Failed) and outcome.scope == "engine":
            self._line.breaker.close(outcome.reason)
            return pending  # the job is still theirs, and is asked for again in the next run
        return outcome

    async def _ask(self, job: Job) -> tuple[Outcome, HttpReply]:
        reply = await self._request(self._engine.poll(job, self._reach.base_url))
        if reply.status == 429 or reply.status >= 500:
            return Throttled(reason=f"status {reply.status}"), reply
        if reply.status in (401, 402, 403):
            reason = f"{self._engine.provider} does not let this key ask for the job."
            return Failed(reason, charged=None, scope="engine"), reply
        return self._read(lambda: self._engine.read_poll(job, reply)), reply

    async def _conclude(
        self, attempt: str, outcome: Outcome, recipe: recipes.Recipe
    ) -> Ending | Handover:
        match outcome:
            case ReadyBytes():
                await self._store(attempt, outcome, recipe)
            case ReadyAt():
                await self._session.move(
                    attempt,
                    State.READY,
                    Facts(
                        result_url=outcome.url,
                        actual=outcome.actual_cost,
                        provider_id=self._clean(outcome.provider_id),
                    ),
                    point=failpoints.READY,
                )
                await self._fetch_and_store(attempt, outcome.url, recipe)
            case Throttled():
                reason = self._clean(outcome.reason)
                await self._settle(attempt, State.FAILED_UNCHARGED, reason)
                return Handover(reason)
            case Refused():
                await self._settle(attempt, State.REFUSED, outcome.reason, outcome.actual_cost)
            case Failed(charged=False):
                await self._settle(attempt, State.FAILED_UNCHARGED, outcome.reason)
                if outcome.scope == "engine":
                    self._line.breaker.close(outcome.reason)
                    return Handover(self._clean(outcome.reason))
            case Failed(charged=True):
                await self._settle(
                    attempt, State.FAILED_CHARGED, outcome.reason, outcome.actual_cost
                )
            case Failed() | Lost():
                await self._settle(attempt, State.UNKNOWN, outcome.reason)
                self._line.breaker.failed(outcome.reason)
            case Pending():
                pass  # it stays submitted, and is asked for again in the next run
        return await self._ending(attempt)

    async def _settle(
        self, attempt: str, target: State, reason: str, actual: MicroUsd | None = None
    ) -> None:
        facts = Facts(reason=self._clean(reason), actual=actual)
        await self._session.move(attempt, target, facts, point=failpoints.SETTLED)

    async def _fetch_and_store(self, attempt: str, url: str, recipe: recipes.Recipe) -> None:
        fetched = await fetch_picture(
            self._session, attempt, url, self._ask, local=is_loopback(self._reach.base_url)
        )
        if isinstance(fetched, Fetched):
            self._session.options.failpoint(failpoints.FETCHED)
            await self._store(attempt, ReadyBytes(fetched.content), recipe)
        elif fetched.state is not None:
            await self._settle(attempt, fetched.state, fetched.reason)

    async def _store(self, attempt: str, made: ReadyBytes, recipe: recipes.Recipe) -> None:
        """Keep the original, finish the picture, and only then call it downloaded."""
        home, failpoint = self._session.desk.ledger.home, self._session.options.failpoint
        try:
            original = await self._session.in_studio(
                lambda: keep_original(home, attempt, made.content, failpoint)
            )
            written = await self._session.in_studio(
                lambda: write_result(made.content, recipe, failpoint)
            )
        except NotAPicture as error:
            reason = f"{self._engine.provider} sent no picture: {error}."
            await self._settle(attempt, State.FAILED_CHARGED, reason, made.actual_cost)
            return
        except OSError as error:
            # The attempt stays as it is: in flight, counted, and finished by a later run.
            self._session.stop_writing(error)
            return
        checks = {**made.notes, **({"finish": "; ".join(written.notes)} if written.notes else {})}
        facts = Facts(
            actual=made.actual_cost,
            provider_id=self._clean(made.provider_id) or None,
            sha256=written.sha256,
            original=original.relative_to(home).as_posix(),
            result_file=written.file,
            notes={name: self._clean(words) for name, words in checks.items()},
        )
        await self._session.move(
            attempt, State.DOWNLOADED, facts, point=failpoints.DOWNLOADED, patient=True
        )

    async def _ending(self, attempt: str) -> Ending:
        return await self._session.ending(attempt)

    def _clean(self, words: str) -> str:
        return short(self._session.redactor.clean(words))
