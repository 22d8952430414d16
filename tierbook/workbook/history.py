"""Backups beside the workbook, what each run replaced, and the way back."""

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from tierbook.errors import TierbookError, WorkbookError
from tierbook.workbook.atomic import explained, fingerprint, globbed, write_atomically
from tierbook.workbook.locking import opened_by

STATE_FOLDER = ".tierbook"
KEPT_BACKUPS = 10


@dataclass(frozen=True, slots=True)
class _Entry:
    """One write, as `history.jsonl` keeps it; paths are relative to the workbook's folder."""

    at: str
    workbook: str
    backup: str
    before: str
    after: str
    undone: bool = False


def back_up(target: Path, content: bytes, now: datetime) -> Path:
    """Keep a copy in `.tierbook/backups` beside the workbook; the oldest beyond ten are dropped."""
    folder = target.parent / STATE_FOLDER / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = now.strftime("%Y-%m-%d %H.%M.%S")
    backup = folder / f"{target.stem} {stamp} {fingerprint(content)[:8]}{target.suffix}"
    if not backup.exists():
        write_atomically(backup, content)
    kept = sorted(folder.glob(f"{globbed(target.stem)} ????-??-?? *{target.suffix}"))
    for old in kept[:-KEPT_BACKUPS]:
        with contextlib.suppress(OSError):
            old.unlink()
    return backup


def _history(target: Path) -> Path:
    return target.parent / STATE_FOLDER / "history.jsonl"


def _entries(target: Path) -> list[_Entry]:
    try:
        lines = _history(target).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    entries: list[_Entry] = []
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):
            entries.append(_Entry(**json.loads(line)))
    return entries


def remember(target: Path, backup: Path, before: bytes, after: bytes, now: datetime) -> None:
    """Note what a run replaced, so that it can be undone."""
    entry = _Entry(
        now.isoformat(timespec="seconds"),
        target.name,
        backup.name,
        fingerprint(before),
        fingerprint(after),
    )
    with _history(target).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did; `kept` is the copy of the workbook as it was before the undo."""

    path: Path
    restored: Path
    kept: Path
    edited_since: bool


def undo(path: Path, now: datetime) -> Undone:
    """Put the workbook back as it was before the last run; what it is now is kept as a copy.

    Raises:
        TierbookError: there is nothing to undo, or the backup is gone.
    """
    target = path.resolve()
    entries = _entries(target)
    index = next(
        (
            number
            for number in range(len(entries) - 1, -1, -1)
            if entries[number].workbook == target.name and not entries[number].undone
        ),
        None,
    )
    if index is None:
        raise TierbookError(
            f"There is no run of Tierbook on {path.name} to undo.",
            fix=f"older copies, if any, are in {target.parent / STATE_FOLDER / 'backups'}.",
        )
    entry = entries[index]
    backup = target.parent / STATE_FOLDER / "backups" / entry.backup
    try:
        content = backup.read_bytes()
    except OSError:
        content = b""
    if fingerprint(content) != entry.before:
        raise TierbookError(
            f"The backup {entry.backup} is gone or was changed, so nothing was undone.",
            fix=f"look for an older copy in {backup.parent}.",
        )
    program = opened_by(target)
    if program:
        raise WorkbookError(
            f"{path.name} is open in {program}, so it was not put back.",
            fix="close it and run `tierbook undo` again.",
        )
    with explained(target):
        current = target.read_bytes() if target.exists() else b""
        kept = back_up(target, current, now)
        write_atomically(target, content)
        entries[index] = replace(entry, undone=True)
        text = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in entries)
        write_atomically(_history(target), text.encode())
    return Undone(path, backup, kept, edited_since=fingerprint(current) != entry.after)
