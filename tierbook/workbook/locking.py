"""Who is using the workbook: one Tierbook run at a time, and never under an open program."""

import contextlib
import json
import os
from collections.abc import Generator
from datetime import datetime
from pathlib import Path

from tierbook.errors import WorkbookError


class WorkbookBusy(WorkbookError):
    """Another Tierbook run is using the workbook."""

    code = "workbook-busy"


@contextlib.contextmanager
def locked(path: Path, now: datetime) -> Generator[None]:
    """Hold the workbook for one run; a lock whose process is gone is taken over.

    Raises:
        WorkbookBusy: another run that is alive holds it.
    """
    lock = path.with_name(f".{path.name}.tierbook-lock")
    mine = json.dumps({"pid": os.getpid(), "since": now.isoformat(timespec="seconds")})
    held = _claim(lock, mine)
    try:
        yield
    finally:
        if held:
            lock.unlink(missing_ok=True)


def _claim(lock: Path, mine: str) -> bool:
    for _ in range(2):
        try:
            with lock.open("x", encoding="utf-8") as file:
                file.write(mine)
            return True
        except FileExistsError:
            holder = _holder(lock)
            if holder is not None and alive(int(holder["pid"])):
                raise WorkbookBusy(
                    f"Another Tierbook run (started {holder['since']}) is using this workbook.",
                    fix="wait until it is done, then run the command again.",
                    money="This run sent nothing.",
                ) from None
            lock.unlink(missing_ok=True)
        except OSError:
            # A folder that cannot be written to needs no lock: nothing will be replaced in it.
            return False
    return False


def _holder(lock: Path) -> dict[str, str] | None:
    try:
        found = json.loads(lock.read_text(encoding="utf-8"))
        return {"pid": str(int(found["pid"])), "since": str(found["since"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def alive(pid: int) -> bool:
    """Tell whether the process still runs."""
    if pid == os.getpid():
        return True
    if os.name == "nt":
        return True  # os.kill would end the process there; the seller can delete the lock file
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def opened_by(path: Path) -> str:
    """Name the program that seems to have the workbook open, or "".

    Excel leaves an owner file `~$name`, LibreOffice `.~lock.name#`. Either may be stale after a
    crash; saving beside the workbook is then merely inconvenient, while replacing an open one
    would lose our answers at the program's next save.
    """
    if path.with_name(f"~${path.name}").exists():
        return "Excel"
    # Excel cuts the first two characters of longer names.
    if len(path.name) > 10 and path.with_name(f"~${path.name[2:]}").exists():
        return "Excel"
    if path.with_name(f".~lock.{path.name}#").exists():
        return "LibreOffice"
    if os.name == "nt" and path.exists():
        try:
            with path.open("r+b"):
                return ""
        except PermissionError:
            return "another program"
    return ""
