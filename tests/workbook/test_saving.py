"""Saving: the workbook is the old one or the new one, whatever happens in between."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tierbook.errors import TierbookError, WorkbookError
from tierbook.workbook.atomic import fingerprint
from tierbook.workbook.history import KEPT_BACKUPS, undo
from tierbook.workbook.locking import WorkbookBusy, locked, opened_by
from tierbook.workbook.saving import WorkbookChanged, save, save_as

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
OLD = b"the seller's workbook"
NEW = b"the same with answers"

STEPS = ("before backup", "after backup", "after temporary file", "before replace", "after replace")

KILLED_RUN = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tierbook.workbook.atomic import fingerprint
from tierbook.workbook.saving import save

def die(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

path = Path(sys.argv[1])
save(path, b"the same with answers", read_sha256=fingerprint(path.read_bytes()),
     now=datetime(2026, 11, 24, 14, 5, tzinfo=UTC), failpoint=die)
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "catalog [2026].xlsx"
    path.write_bytes(OLD)
    return path


def test_saving_replaces_after_a_backup(book: Path) -> None:
    """The new bytes are in place and the old ones lie in the backup folder."""
    saved = save(book, NEW, read_sha256=fingerprint(OLD), now=NOW)
    assert book.read_bytes() == NEW
    assert saved.in_place
    assert saved.backup is not None
    assert saved.backup.read_bytes() == OLD


def test_equal_bytes_write_nothing(book: Path) -> None:
    """A run that changes nothing leaves the file's time and makes no backup."""
    before = book.stat().st_mtime_ns
    saved = save(book, OLD, read_sha256=fingerprint(OLD), now=NOW)
    assert saved.backup is None
    assert book.stat().st_mtime_ns == before
    assert list(book.parent.iterdir()) == [book]


def test_a_workbook_saved_meanwhile_is_not_overwritten(book: Path) -> None:
    """What the seller saved while the run was going on survives."""
    with pytest.raises(WorkbookChanged):
        save(book, NEW, read_sha256=fingerprint(b"read earlier"), now=NOW)
    assert book.read_bytes() == OLD


@pytest.mark.parametrize(
    ("owner", "program"),
    [("~$catalog [2026].xlsx", "Excel"), (".~lock.catalog [2026].xlsx#", "LibreOffice")],
)
def test_an_open_workbook_gets_its_answers_beside_it(book: Path, owner: str, program: str) -> None:
    """Replacing a workbook under an open program would be undone at its next save."""
    book.with_name(owner).touch()
    assert opened_by(book) == program
    saved = save(book, NEW, read_sha256=fingerprint(OLD), now=NOW)
    assert book.read_bytes() == OLD
    assert saved.path.name == "catalog [2026] (Tierbook 2026-11-24 14.05).xlsx"
    assert saved.path.read_bytes() == NEW
    again = save(book, NEW, read_sha256=fingerprint(OLD), now=NOW)
    assert again.path != saved.path


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_a_whole_workbook(book: Path, step: str) -> None:
    """SIGKILL between any two steps leaves the old bytes or the new, and the next run goes on."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED_RUN, str(book), step], check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL
    content = book.read_bytes()
    assert content == (NEW if step == "after replace" else OLD)
    saved = save(book, NEW, read_sha256=fingerprint(content), now=NOW)
    assert book.read_bytes() == NEW
    assert not list(book.parent.glob(".*.tmp")), saved


def test_undo_puts_the_workbook_back_and_keeps_what_it_was(book: Path) -> None:
    """Undo restores the exact bytes and never drops the state it replaced."""
    save(book, NEW, read_sha256=fingerprint(OLD), now=NOW)
    undone = undo(book, NOW)
    assert book.read_bytes() == OLD
    assert undone.kept.read_bytes() == NEW
    assert not undone.edited_since
    with pytest.raises(TierbookError):
        undo(book, NOW)


def test_undo_walks_back_run_by_run(book: Path) -> None:
    """Two runs are undone by two undos, newest first."""
    save(book, NEW, read_sha256=fingerprint(OLD), now=NOW)
    save(book, b"third", read_sha256=fingerprint(NEW), now=NOW.replace(minute=6))
    undo(book, NOW.replace(minute=7))
    assert book.read_bytes() == NEW
    undo(book, NOW.replace(minute=8))
    assert book.read_bytes() == OLD


def test_undo_refuses_a_tampered_backup(book: Path) -> None:
    """A backup that is not what was backed up is never put in place."""
    saved = save(book, NEW, read_sha256=fingerprint(OLD), now=NOW)
    assert saved.backup is not None
    saved.backup.write_bytes(b"something else")
    with pytest.raises(TierbookError, match="gone or was changed"):
        undo(book, NOW)
    assert book.read_bytes() == NEW


def test_only_the_newest_backups_are_kept(book: Path) -> None:
    """The backup folder does not grow without end."""
    content = OLD
    for number in range(KEPT_BACKUPS + 3):
        new = f"run {number}".encode()
        save(book, new, read_sha256=fingerprint(content), now=NOW.replace(second=number))
        content = new
    assert len(list((book.parent / ".tierbook" / "backups").iterdir())) == KEPT_BACKUPS


def test_two_runs_at_once_are_refused(book: Path) -> None:
    """The second run says which run holds the workbook."""
    with locked(book, NOW), pytest.raises(WorkbookBusy, match="2026-11-24"), locked(book, NOW):
        pass


def test_the_lock_of_a_dead_run_is_taken_over(book: Path) -> None:
    """A killed run does not lock the seller out."""
    code = "import os; print(os.getpid())"
    dead = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    lock = book.with_name(f".{book.name}.tierbook-lock")
    lock.write_text(json.dumps({"pid": int(dead.stdout), "since": "yesterday"}))
    with locked(book, NOW):
        assert lock.exists()
    assert not lock.exists()


def test_permissions_and_links_survive(book: Path) -> None:
    """A workbook behind a link is replaced where it really is, with its mode."""
    book.chmod(0o640)
    link = book.with_name("link.xlsx")
    link.symlink_to(book)
    save(link, NEW, read_sha256=fingerprint(OLD), now=NOW)
    assert link.is_symlink()
    assert book.read_bytes() == NEW
    assert stat.S_IMODE(book.stat().st_mode) == 0o640


def test_a_full_disk_leaves_the_workbook(tmp_path: Path) -> None:
    """ENOSPC becomes words, the old bytes stay, and no temporary file is left."""
    tiny = tmp_path / "tiny"
    tiny.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tiny)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        book = tiny / "catalog.xlsx"
        book.write_bytes(OLD)
        with pytest.raises(WorkbookError, match="disk is full"):
            save(book, os.urandom(200_000), read_sha256=fingerprint(OLD), now=NOW)
        assert book.read_bytes() == OLD
        assert not list(tiny.glob(".*.tmp"))
    finally:
        subprocess.run(["umount", str(tiny)], check=True)


def test_saving_elsewhere_backs_up_what_was_there(tmp_path: Path) -> None:
    """`-o` over an existing file keeps that file's bytes too."""
    out = tmp_path / "out.xlsx"
    assert save_as(out, NEW, now=NOW).backup is None
    saved = save_as(out, b"newer", now=NOW)
    assert saved.backup is not None
    assert saved.backup.read_bytes() == NEW
