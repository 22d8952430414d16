"""What the runner asks of a ledger, whatever database keeps it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from tierbook.generation.ledger.records import (
    Attempt,
    Caps,
    Claim,
    ClaimAnswer,
    Facts,
    Redo,
    Review,
    Routing,
    Spend,
)
from tierbook.generation.ledger.states import State


class Ledger(Protocol):
    """The record of every charge and every picture, shared by all runs of one seller.

    Each call is one durable transaction; inside `together()` many calls are one. Every method
    raises `LedgerError` where the record cannot be read or written.
    """

    @property
    def home(self) -> Path:
        """The folder where originals of the pictures are kept."""
        ...

    def month(self) -> str:
        """Name the month that charges of now belong to, as `2026-11`, in the ledger's zone."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Make all calls inside one transaction."""
        ...

    def begin_run(self, workbook: str) -> str:
        """Register a run and hold its lock until `end_run`, or until this process dies."""
        ...

    def end_run(self, run: str) -> None:
        """Give the run's lock back."""
        ...

    def adopt_unknown(self, run: str, engines: Iterable[str]) -> tuple[Attempt, ...]:
        """Hand over to `run` what dead runs of these engines left in doubt without a job id."""
        ...

    def adopt(self, run: str) -> tuple[Attempt, ...]:
        """Hand attempts in flight whose run is dead over to `run`, and return them."""
        ...

    def reserve(self, claim: Claim, run: str, caps: Caps) -> ClaimAnswer:
        """Check every cap and reserve the worst case in one transaction."""
        ...

    def advance(self, attempt: str, target: State, facts: Facts = ...) -> None:
        """Move an attempt along `states.MOVES`, durably, before this returns."""
        ...

    def remember(self, attempt: str, facts: Facts) -> None:
        """Add facts to an attempt without moving it."""
        ...

    def find(self, prefix: str) -> tuple[Attempt, ...]:
        """Find attempts whose name begins with `prefix`."""
        ...

    def payable(self, keys: Iterable[str]) -> Mapping[str, Attempt]:
        """By request key, the attempt that was, is being or may have been paid for."""
        ...

    def of_requests(self, request_ids: Iterable[str]) -> Mapping[str, Sequence[Attempt]]:
        """By request id, every attempt, oldest first."""
        ...

    def of_workbooks(self, workbooks: Iterable[str]) -> tuple[Attempt, ...]:
        """Return every attempt made for these files, oldest first."""
        ...

    def unknown(self) -> tuple[Attempt, ...]:
        """Return charges that wait for a person's decision."""
        ...

    def spend(self, workbook: str | None = None, month: str | None = None) -> tuple[Spend, ...]:
        """Add up by workbook, month and tier; None is all of them."""
        ...

    def counted(self, *, run: str | None = None, month: str | None = None) -> int:
        """Return what counts against a cap, in micro-USD."""
        ...

    def run_totals(self, run: str) -> tuple[int, int]:
        """Return what a run came to, settled and still reserved (or unknown), in micro-USD."""
        ...

    def redos(self, request_ids: Iterable[str]) -> Mapping[str, Redo]:
        """Return how often each picture was asked for anew."""
        ...

    def note_redos(self, redos: Mapping[str, Redo]) -> None:
        """Keep how often each picture was asked for anew."""
        ...

    def known_sources(self, urls: Iterable[str]) -> Mapping[str, str]:
        """By address, the SHA-256 of what it gave last time."""
        ...

    def note_source(self, url: str, sha256: str) -> None:
        """Keep the SHA-256 of what an address gave."""
        ...

    def decide(self, attempt: str, decision: str, reason: str, reviewer: str) -> None:
        """Keep a person's decision; "redo" also asks for the picture anew."""
        ...

    def reviews(self, attempts: Iterable[str]) -> Mapping[str, Review]:
        """Return the newest decision about each picture."""
        ...

    def log_routings(self, run: str, routings: Iterable[Routing]) -> None:
        """Keep what the router saw and chose."""
        ...

    def routings(self) -> Iterable[Routing]:
        """Return all that was kept of the router, oldest first."""
        ...

    def close(self) -> None:
        """Let go of the database and of every run's lock."""
        ...
