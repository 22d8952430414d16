"""Where the ledger lives, and the marker that remembers it once existed."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tierbook.contract import HOME_VARIABLE
from tierbook.errors import LedgerError

_PAID_TWICE = "Without it, pictures that were already paid for could be paid for again."


def ledger_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the ledger: `TIERBOOK_HOME`, else the user's own data folder.

    Never a folder beside the workbook: that may lie on a network drive, where SQLite's locks
    cannot be relied on.
    """
    moved = environ.get(HOME_VARIABLE, "").strip()
    if moved:
        return Path(moved).expanduser().absolute()
    from platformdirs import user_data_dir

    return Path(user_data_dir("tierbook", appauthor=False))


@dataclass(frozen=True, slots=True)
class Marker:
    """Remembers outside the database that a ledger existed, and how many attempts it held."""

    ledger: str
    attempts: int


def marker_path(home: Path) -> Path:
    """Return where the marker of a ledger folder lies."""
    return home / "ledger-exists.json"


def read_marker(home: Path) -> Marker | None:
    """Read the marker; None where no ledger was ever kept here."""
    path = marker_path(home)
    try:
        content = json.loads(path.read_text("utf-8"))
        return Marker(str(content["ledger"]), int(content["attempts"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(
            f"The note that says which ledger belongs here, {path}, cannot be read ({error}).",
            fix=f"If the ledger {home / 'ledger.sqlite'} is the right one, delete {path}.",
            money="Nothing was sent or charged.",
        ) from error


def write_marker(home: Path, marker: Marker) -> None:
    """Write the marker in one step, so that a crash leaves the old or the new one."""
    path = marker_path(home)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({"ledger": marker.ledger, "attempts": marker.attempts}, file)
        file.flush()
        os.fsync(file.fileno())
    from tierbook.workbook.atomic import replace_patiently  # only those who pay write it

    replace_patiently(fresh, path)


def check_marker(home: Path, database: Path) -> None:
    """Stop where a ledger once existed and its file is gone."""
    if read_marker(home) is not None and not database.exists():
        raise LedgerError(
            f"The record of what was already paid for is gone: {database} does not exist. "
            + _PAID_TWICE,
            fix=f"Put the file back from a backup. To begin an empty record anyway, delete "
            f"{marker_path(home)}.",
            money="Nothing was sent or charged.",
        )


def check_same_ledger(home: Path, database: Path, found: Marker) -> None:
    """Stop where another ledger, or an older copy of this one, lies in its place."""
    marker = read_marker(home)
    if marker is None or (marker.ledger == found.ledger and marker.attempts <= found.attempts):
        return
    what = "an older copy" if marker.ledger == found.ledger else "another ledger"
    raise LedgerError(
        f"{database} is {what} of the record of what was paid for: it holds {found.attempts} "
        f"attempts, {marker.attempts} were noted. {_PAID_TWICE}",
        fix=f"Put the newest copy back. To go on with this one anyway, delete {marker_path(home)}.",
        money="Nothing was sent or charged.",
    )


def damaged(database: Path, detail: str) -> LedgerError:
    """Word the stop for a ledger that cannot be read."""
    return LedgerError(
        f"The record of what was already paid for, {database}, cannot be used: {detail}. "
        + _PAID_TWICE,
        fix=f"Put the file back from a backup. To begin an empty record anyway, move it away and "
        f"delete {marker_path(database.parent)}.",
        money="Paid work stopped; what was under way counts as spent until it is settled.",
    )


def in_use(database: Path) -> LedgerError:
    """Word the stop for a ledger that another program holds."""
    return LedgerError(
        f"Another program has held the record of what was paid for, {database}, for too long.",
        fix="Close what holds it (a backup, a file sync, a database viewer) and run again.",
        money="Paid work stopped; what was under way counts as spent until it is settled.",
    )


def not_writable(database: Path, detail: str) -> LedgerError:
    """Word the stop for a ledger that cannot be written."""
    return LedgerError(
        f"The record of what was paid for, {database}, cannot be written: {detail}. "
        "No picture is paid for without a record of it.",
        fix="Make its folder writable and see that the disk has room, then run again.",
        money="Paid work stopped; what was under way counts as spent until it is settled.",
    )
