"""Open, check and migrate the database; run transactions in it."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tierbook.errors import LedgerError
from tierbook.generation.ledger.schema import APPLICATION_ID, MIGRATIONS
from tierbook.generation.ledger_place import damaged, in_use, not_writable

# Another run's commit takes milliseconds; half a minute of waiting means something is wrong.
_BUSY_SECONDS = 30.0


class Connection:
    """One SQLite connection with durable, nestable transactions; used by one thread at a time."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self._depth = 0
        database.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._raw = sqlite3.connect(
                database, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._raw.row_factory = sqlite3.Row
            self._prepare()
        except sqlite3.Error as error:
            raise unusable(database, error) from error

    def _prepare(self) -> None:
        run = self._raw.execute
        # A rollback journal with full syncs: the slowest mode, and the one whose commit means
        # that the charge is on the disk. macOS needs its own pragma to reach the platter.
        run("PRAGMA journal_mode = DELETE")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA fullfsync = ON")
        run("PRAGMA foreign_keys = ON")
        verdict = run("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise damaged(self.database, f"its integrity check says: {verdict}")
        with self.transaction():
            self._migrate()

    def _migrate(self) -> None:
        version = self._raw.execute("PRAGMA user_version").fetchone()[0]
        application = self._raw.execute("PRAGMA application_id").fetchone()[0]
        if application not in (0, APPLICATION_ID) or (version and not application):
            raise damaged(self.database, "it is another program's database")
        if version > len(MIGRATIONS):
            raise LedgerError(
                f"{self.database} was written by a newer Tierbook (schema {version}).",
                fix="Update Tierbook.",
                money="Nothing was sent or charged.",
            )
        for migration in MIGRATIONS[version:]:
            for statement in statements(migration):
                self._raw.execute(statement)
        if version < len(MIGRATIONS):
            self._raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._raw.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make everything inside one transaction that is on the disk when this ends."""
        outermost = self._depth == 0
        name = f"step{self._depth}"
        self.execute("BEGIN IMMEDIATE" if outermost else f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
            # A failing COMMIT (a full disk) must be rolled back like any other failure.
            self.execute("COMMIT" if outermost else f"RELEASE {name}")
        except BaseException:
            if outermost:
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")
            else:
                self._raw.execute(f"ROLLBACK TO {name}")
                self._raw.execute(f"RELEASE {name}")
            raise
        finally:
            self._depth -= 1

    def execute(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement; SQLite's own errors become a `LedgerError`."""
        try:
            return self._raw.execute(statement, tuple(values))
        except sqlite3.Error as error:
            raise unusable(self.database, error) from error

    def rows(self, statement: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """Return every row of a query."""
        try:
            return self._raw.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise unusable(self.database, error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


def unusable(database: Path, error: sqlite3.Error) -> LedgerError:
    """Say what SQLite's error means for the seller: held, not writable, or damaged."""
    words = str(error)
    if "locked" in words or "busy" in words:
        return in_use(database)
    if "readonly" in words or "unable to open" in words or "disk is full" in words:
        return not_writable(database, words)
    return damaged(database, words)


def statements(script: str) -> Iterator[str]:
    """Split a script into statements: `executescript` would commit the transaction around it."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
