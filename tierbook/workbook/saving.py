"""Put new bytes where the seller's workbook is, so that nothing can be lost on the way.

The order is: lock, compare with what was read, back up, write a temporary file in the same
folder, flush it to the disk, read it back, replace in one step, flush the folder. A crash
between any two of these leaves either the old workbook or the new one, never half of one.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tierbook.errors import UsageError, WorkbookError
from tierbook.workbook.atomic import (
    Failpoint,
    explained,
    fingerprint,
    no_failpoint,
    sweep,
    write_atomically,
)
from tierbook.workbook.history import back_up, remember
from tierbook.workbook.locking import opened_by

_CLOSE, _UNPROTECT = "Close it", "Take its write protection off"


class WorkbookChanged(WorkbookError):
    """The seller saved the workbook while the run was going on; read it again."""

    code = "workbook-changed"


@dataclass(frozen=True, slots=True)
class Saved:
    """Where the answers went.

    Attributes:
        path: The file that now holds them.
        backup: The copy of the workbook as it was before, None when nothing was replaced.
        in_place: False when they went into a file beside the workbook.
        reason: Why they went beside it, or why nothing had to be written.
        remedy: What to do before the answers can be put into the workbook, "" where nothing helps.
    """

    path: Path
    backup: Path | None
    in_place: bool = True
    reason: str = ""
    remedy: str = ""


def save(
    path: Path,
    content: bytes,
    *,
    read_sha256: str,
    now: datetime,
    failpoint: Failpoint = no_failpoint,
) -> Saved:
    """Replace the workbook at `path` by `content`, after a backup; or save beside it.

    Args:
        path: The workbook that was read.
        content: Its new bytes, already proved.
        read_sha256: Fingerprint of the bytes the answers were made from.
        now: For the names of the backup and of a file beside the workbook.
        failpoint: Called with the name of each step, for crash tests.

    Raises:
        WorkbookChanged: the file is no longer what was read.
        WorkbookError: the disk is full or the folder cannot be written to; nothing was changed.
    """
    target = path.resolve()
    sweep(target)
    before = target.read_bytes()
    if fingerprint(before) != read_sha256:
        raise WorkbookChanged(
            f"{path.name} was saved by another program while Tierbook was working.",
            fix="run the command again.",
        )
    if content == before:
        return Saved(path, None, reason="Nothing had changed, so nothing was written.")
    program = opened_by(target)
    if program:
        return _save_beside(path, content, now, f"{path.name} is open in {program}.", _CLOSE)
    if not os.access(target, os.W_OK):
        return _save_beside(path, content, now, f"{path.name} is write-protected.", _UNPROTECT)
    with explained(target):
        failpoint("before backup")
        backup = back_up(target, before, now)
        failpoint("after backup")
        write_atomically(target, content, failpoint=failpoint)
        remember(target, backup, before, content, now)
        failpoint("after replace")
    return Saved(path, backup)


def save_as(path: Path, content: bytes, *, now: datetime) -> Saved:
    """Write `content` to `path`, another file than was read; one already there is backed up."""
    target = path.resolve()
    if not target.parent.is_dir():
        raise UsageError(
            f"There is no folder {target.parent}.", fix="make the folder first, or choose another."
        )
    if target.is_dir():
        raise UsageError(f"{path} is a folder.", fix="name a file in it after -o.")
    program = opened_by(target) if target.exists() else ""
    if program:
        return _save_beside(path, content, now, f"{path.name} is open in {program}.", _CLOSE)
    with explained(target):
        backup = None
        if target.exists():
            before = target.read_bytes()
            if before == content:
                return Saved(path, None, reason="Nothing had changed, so nothing was written.")
            backup = back_up(target, before, now)
            write_atomically(target, content)
            remember(target, backup, before, content, now)
        else:
            write_atomically(target, content)
    return Saved(path, backup)


def save_beside(path: Path, content: bytes, *, now: datetime, reason: str) -> Saved:
    """Write `content` into a new file beside `path`, named so that it is found at once."""
    return _save_beside(path, content, now, reason)


def _save_beside(path: Path, content: bytes, now: datetime, reason: str, remedy: str = "") -> Saved:
    stamp = now.strftime("%Y-%m-%d %H.%M")
    for number in range(1, 100):
        suffix = "" if number == 1 else f" {number}"
        beside = path.with_name(f"{path.stem} (Tierbook {stamp}{suffix}){path.suffix}")
        if not beside.exists():
            with explained(beside.resolve()):
                write_atomically(beside, content)
            return Saved(beside, None, in_place=False, reason=reason, remedy=remedy)
    raise WorkbookError(
        f"There are already 99 result files beside {path.name} from this minute.",
        fix="move some away and run the command again.",
    )
