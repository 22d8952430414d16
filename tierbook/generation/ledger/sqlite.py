"""The ledger in a SQLite file of the user's own."""

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tierbook.generation.ledger import rows
from tierbook.generation.ledger.connection import Connection
from tierbook.generation.ledger.liveness import RunLock, is_alive
from tierbook.generation.ledger.records import (
    Attempt,
    Caps,
    Claim,
    ClaimAnswer,
    Facts,
    OverCap,
    Redo,
    Reserved,
    Review,
    Routing,
    Spend,
    Taken,
)
from tierbook.generation.ledger.states import IN_FLIGHT, RELEASED, State
from tierbook.generation.ledger_place import (
    Marker,
    check_marker,
    check_same_ledger,
    ledger_home,
    read_marker,
    write_marker,
)

Clock = Callable[[], datetime]
_NO_FACTS = Facts()
# SQLite takes at most 999 values in one statement in its older builds.
_CHUNK = 900
_RELEASED = rows.listed(RELEASED)
_IN_FLIGHT = rows.listed(IN_FLIGHT)


def utc_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


class SqliteLedger:
    """`Ledger` in one SQLite file; safe for many processes, used by one thread at a time."""

    def __init__(self, home: Path, *, clock: Clock = utc_now, time_zone: str = "UTC") -> None:
        self._home = home
        database = home / "ledger.sqlite"
        check_marker(home, database)
        self._base = Connection(database)
        self._clock = clock
        self._locks: dict[str, RunLock] = {}
        with self._base.transaction():
            self._base.execute(
                "INSERT OR IGNORE INTO facts VALUES ('ledger', ?), ('time_zone', ?), "
                "('last_seen', '')",
                (secrets.token_hex(8), time_zone),
            )
        # The zone of the first opening stays: a month must not move under its own charges.
        self._zone = ZoneInfo(self._fact("time_zone"))
        found = self._marker()
        check_same_ledger(home, database, found)
        if read_marker(home) is None:
            write_marker(home, found)

    # ------------------------------------------------------------------ time and place

    @property
    def home(self) -> Path:
        """The folder where originals of the pictures are kept."""
        return self._home

    @property
    def time_zone(self) -> str:
        """The zone in which months are counted."""
        return self._zone.key

    def month(self) -> str:
        """Name the month that charges of now belong to, as `2026-11`."""
        return self._month_of(self._now())

    def _month_of(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%Y-%m")

    def _now(self) -> datetime:
        # A clock set back must not bring a closed month, and its unused cap, back.
        seen = self._fact("last_seen")
        now = self._clock().astimezone(UTC)
        return max(now, datetime.fromisoformat(seen)) if seen else now

    def _fact(self, name: str) -> str:
        return str(self._base.rows("SELECT value FROM facts WHERE name = ?", (name,))[0][0])

    def _marker(self) -> Marker:
        attempts = self._base.rows("SELECT count(*) FROM attempts")[0][0]
        return Marker(self._fact("ledger"), int(attempts))

    def together(self) -> AbstractContextManager[None]:
        """Make all calls inside one transaction."""
        return self._base.transaction()

    # ------------------------------------------------------------------ runs

    def begin_run(self, workbook: str) -> str:
        """Register a run and hold its lock until `end_run`, or until this process dies."""
        run = secrets.token_hex(6)
        lock = RunLock(self._lock_path(run))
        if not lock.take():  # a name of 48 random bits is never held by another
            raise RuntimeError(f"run {run} exists")
        self._locks[run] = lock
        with self._base.transaction():
            self._base.execute(
                "INSERT INTO runs VALUES (?, ?, ?, NULL)", (run, workbook, self._now().isoformat())
            )
        return run

    def end_run(self, run: str) -> None:
        """Give the run's lock back."""
        with self._base.transaction():
            self._base.execute(
                "UPDATE runs SET ended = ? WHERE run = ?", (self._now().isoformat(), run)
            )
        self._locks.pop(run).release()

    def _lock_path(self, run: str) -> Path:
        return self._home / "runs" / f"{run}.lock"

    def adopt(self, run: str) -> tuple[Attempt, ...]:
        """Hand attempts in flight whose run is dead over to `run`, and return them."""
        return self._take_over(run, f"state IN {_IN_FLIGHT} AND owner <> ?", [run])

    def adopt_unknown(self, run: str, engines: Iterable[str]) -> tuple[Attempt, ...]:
        """Hand over to `run` what dead runs of these engines left in doubt without a job id.

        One run at a time looks for them, so that no two settle the same attempt.
        """
        names = [*dict.fromkeys(engines)]
        doubtful = f"state = 'unknown' AND job_id = '' AND engine IN ({_marks(names)})"
        return self._take_over(run, doubtful, names)

    def _take_over(self, run: str, which: str, values: Sequence[Any] = ()) -> tuple[Attempt, ...]:
        with self._base.transaction():
            owners = self._base.rows(
                f"SELECT DISTINCT owner FROM attempts WHERE {which} AND owner <> ?", (*values, run)
            )
            dead = [str(row[0]) for row in owners if not is_alive(self._lock_path(str(row[0])))]
            orphans = f"({which}) AND owner IN ({_marks([run, *dead])})"
            found = self._attempts(orphans, (*values, run, *dead))
            self._base.execute(
                f"UPDATE attempts SET owner = ? WHERE {orphans}", (run, *values, run, *dead)
            )
        for owner in dead:
            self._lock_path(owner).unlink(missing_ok=True)
        return tuple(replace(orphan, owner=run) for orphan in found)

    # ------------------------------------------------------------------ money

    def reserve(self, claim: Claim, run: str, caps: Caps) -> ClaimAnswer:
        """Check every cap and reserve the worst case in one transaction."""
        with self._base.transaction():
            taken = self.payable([claim.request_key])
            if taken:
                return Taken(taken[claim.request_key])
            now = self._now()
            month = self._month_of(now)
            over = self._over_cap(claim, run, month, caps)
            if over:
                return over
            attempt = secrets.token_hex(6)
            self._base.execute(
                rows.INSERT_ATTEMPT,
                rows.new_attempt(claim, attempt, run, month, now.isoformat()),
            )
            self._base.execute(
                "UPDATE facts SET value = ? WHERE name = 'last_seen'", (now.isoformat(),)
            )
        return Reserved(attempt)

    def _over_cap(self, claim: Claim, run: str, month: str, caps: Caps) -> OverCap | None:
        if claim.worst_case == 0:
            return None
        run_cap, month_cap = caps.run_tier.get(claim.tier), caps.tier.get(claim.tier)
        checks = (
            OverCap("run", caps.run, self.counted(run=run)) if caps.run is not None else None,
            OverCap("month", caps.month, self.counted(month=month))
            if caps.month is not None
            else None,
            OverCap("tier", month_cap, self._sum("month = ? AND tier = ?", (month, claim.tier)))
            if month_cap is not None
            else None,
            OverCap("run_tier", run_cap, self._sum("run = ? AND tier = ?", (run, claim.tier)))
            if run_cap is not None
            else None,
        )
        return next(
            (over for over in checks if over and over.counted + claim.worst_case > over.cap), None
        )

    def _sum(self, where: str, values: Sequence[Any]) -> int:
        found = self._base.rows(
            f"SELECT coalesce(sum(counted_micro_usd), 0) FROM attempts WHERE {where}", values
        )
        return int(found[0][0])

    def counted(self, *, run: str | None = None, month: str | None = None) -> int:
        """Return what counts against a cap, in micro-USD."""
        wanted = {"run": run, "month": month}
        given = {name: value for name, value in wanted.items() if value is not None}
        return self._sum(" AND ".join(f"{name} = ?" for name in given) or "1", (*given.values(),))

    def run_totals(self, run: str) -> tuple[int, int]:
        """Return what a run came to, settled and still reserved (or unknown), in micro-USD."""
        open_states = rows.listed({*IN_FLIGHT, State.UNKNOWN})
        reserved = self._sum(f"run = ? AND state IN {open_states}", (run,))
        return self.counted(run=run) - reserved, reserved

    def advance(self, attempt: str, target: State, facts: Facts = _NO_FACTS) -> None:
        """Move an attempt along `states.MOVES`, durably, before this returns."""
        changes = rows.changes(facts)
        changes["state"] = str(target)
        self._update(attempt, changes)

    def remember(self, attempt: str, facts: Facts) -> None:
        """Add facts to an attempt without moving it."""
        self._update(attempt, rows.changes(facts))

    def _update(self, attempt: str, changes: dict[str, Any]) -> None:
        with self._base.transaction():
            changes["changed"] = self._now().isoformat()
            places = ", ".join(f"{name} = ?" for name in changes)
            self._base.execute(
                f"UPDATE attempts SET {places} WHERE attempt = ?", (*changes.values(), attempt)
            )

    # ------------------------------------------------------------------ questions

    def _attempts(self, where: str, values: Sequence[Any] = ()) -> tuple[Attempt, ...]:
        found = self._base.rows(f"SELECT * FROM attempts WHERE {where} ORDER BY number", values)
        return tuple(rows.attempt(row) for row in found)

    def find(self, prefix: str) -> tuple[Attempt, ...]:
        """Find attempts whose name begins with `prefix`."""
        if not prefix or not prefix.isalnum():
            return ()
        return self._attempts("attempt >= ? AND attempt < ?", (prefix, prefix + "~"))

    def payable(self, keys: Iterable[str]) -> Mapping[str, Attempt]:
        """By request key, the attempt that was, is being or may have been paid for."""
        return {
            attempt.request_key: attempt
            for chunk in _chunks(keys)
            for attempt in self._attempts(
                f"request_key IN ({_marks(chunk)}) AND state NOT IN {_RELEASED}", chunk
            )
        }

    def of_requests(self, request_ids: Iterable[str]) -> Mapping[str, Sequence[Attempt]]:
        """By request id, every attempt, oldest first."""
        found: dict[str, list[Attempt]] = {}
        for chunk in _chunks(request_ids):
            for attempt in self._attempts(f"request_id IN ({_marks(chunk)})", chunk):
                found.setdefault(attempt.request_id, []).append(attempt)
        return found

    def of_workbooks(self, workbooks: Iterable[str]) -> tuple[Attempt, ...]:
        """Return every attempt made for these files, oldest first."""
        return tuple(
            attempt
            for chunk in _chunks(workbooks)
            for attempt in self._attempts(f"workbook IN ({_marks(chunk)})", chunk)
        )

    def unknown(self) -> tuple[Attempt, ...]:
        """Return charges that wait for a person's decision."""
        return self._attempts("state = 'unknown'")

    def spend(self, workbook: str | None = None, month: str | None = None) -> tuple[Spend, ...]:
        """Add up by workbook, month and tier; None is all of them."""
        found = self._base.rows(rows.SPEND, (workbook, workbook, month, month))
        return tuple(Spend(*row) for row in found)

    # ------------------------------------------------------------------ around pictures

    def redos(self, request_ids: Iterable[str]) -> Mapping[str, Redo]:
        """Return how often each picture was asked for anew."""
        return {
            str(row["request_id"]): Redo(int(row["number"]), bool(row["open"]))
            for chunk in _chunks(request_ids)
            for row in self._base.rows(
                f"SELECT * FROM redos WHERE request_id IN ({_marks(chunk)})", chunk
            )
        }

    def note_redos(self, redos: Mapping[str, Redo]) -> None:
        """Keep how often each picture was asked for anew."""
        with self._base.transaction():
            for request_id, redo in redos.items():
                self._base.execute(
                    "INSERT OR REPLACE INTO redos VALUES (?, ?, ?)",
                    (request_id, redo.number, int(redo.open)),
                )

    def known_sources(self, urls: Iterable[str]) -> Mapping[str, str]:
        """By address, the SHA-256 of what it gave last time."""
        return {
            str(row["url"]): str(row["sha256"])
            for chunk in _chunks(urls)
            for row in self._base.rows(
                f"SELECT url, sha256 FROM sources WHERE url IN ({_marks(chunk)})", chunk
            )
        }

    def note_source(self, url: str, sha256: str) -> None:
        """Keep the SHA-256 of what an address gave."""
        with self._base.transaction():
            self._base.execute(
                "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)",
                (url, sha256, self._now().isoformat()),
            )

    def decide(self, attempt: str, decision: str, reason: str, reviewer: str) -> None:
        """Keep a person's decision; "redo" also asks for the picture anew."""
        with self._base.transaction():
            self._base.execute(
                "INSERT INTO reviews (attempt, decision, reason, reviewer, at) "
                "VALUES (?, ?, ?, ?, ?)",
                (attempt, decision, reason, reviewer, self._now().isoformat()),
            )
            if decision == "redo":
                self._base.execute(
                    "INSERT INTO redos SELECT request_id, 1, 0 FROM attempts WHERE attempt = ? "
                    "ON CONFLICT (request_id) DO UPDATE SET number = number + 1",
                    (attempt,),
                )

    def reviews(self, attempts: Iterable[str]) -> Mapping[str, Review]:
        """Return the newest decision about each picture."""
        return {
            str(row["attempt"]): rows.review(row)
            for chunk in _chunks(attempts)
            for row in self._base.rows(
                f"SELECT * FROM reviews WHERE attempt IN ({_marks(chunk)}) ORDER BY line", chunk
            )
        }

    def log_routings(self, run: str, routings: Iterable[Routing]) -> None:
        """Keep what the router saw and chose."""
        with self._base.transaction():
            at = self._now().isoformat()
            for routing in routings:
                self._base.execute(rows.INSERT_ROUTING, rows.new_routing(routing, run, at))

    def routings(self) -> Iterable[Routing]:
        """Return all that was kept of the router, oldest first."""
        return [rows.routing(row) for row in self._base.rows("SELECT * FROM routings")]

    def close(self) -> None:
        """Let go of the database and of every run's lock; note how many attempts it holds."""
        noted = read_marker(self._home)
        found = self._marker()
        # Two runs closing at once may write the smaller number last; that only weakens the check.
        if noted is None or noted.attempts < found.attempts:
            write_marker(self._home, found)
        for run in tuple(self._locks):
            self._locks.pop(run).release()
        self._base.close()


def open_ledger(
    home: Path | None = None,
    *,
    clock: Clock = utc_now,
    time_zone: str = "UTC",
    environ: Mapping[str, str] = os.environ,
) -> SqliteLedger:
    """Open the user's ledger, making it at first use.

    Args:
        home: Its folder; None takes `TIERBOOK_HOME` or the user's data folder.
        clock: Tells the time, with a zone.
        time_zone: Where months begin and end; kept from the first opening on.
        environ: The environment to look `TIERBOOK_HOME` up in.

    Raises:
        LedgerError: It is lost, damaged, an older copy, or of a newer Tierbook.
    """
    return SqliteLedger(home or ledger_home(environ), clock=clock, time_zone=time_zone)


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    every = list(dict.fromkeys(values))
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
