"""Write a file so that it holds either its old content or all of the new, whatever happens."""

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Generator
from pathlib import Path

from tierbook.errors import WorkbookError
from tierbook.workbook.locking import alive

# Windows reports these while a virus scanner, an indexer or a sync client holds the file.
_PASSING_WINDOWS_ERRORS = (5, 32, 33)
_RETRY_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)

Failpoint = Callable[[str], None]


def no_failpoint(_: str) -> None:
    """Do nothing; tests pass a function that kills the process at a named point."""


def fingerprint(content: bytes) -> str:
    """Return the sha256 of the bytes in hex."""
    return hashlib.sha256(content).hexdigest()


def write_atomically(target: Path, content: bytes, *, failpoint: Failpoint = no_failpoint) -> None:
    """Write the bytes so that `target` holds either its old content or all of the new."""
    temporary = target.with_name(f".{target.name}.tierbook-{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        failpoint("after temporary file")
        if temporary.read_bytes() != content:
            raise WorkbookError(
                f"The disk did not keep what was written beside {target.name}.",
                fix="check the disk, then run the command again. The workbook is untouched.",
            )
        if target.exists():
            shutil.copymode(target, temporary)
        failpoint("before replace")
        replace_patiently(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(target.parent)


def replace_patiently(temporary: Path, target: Path) -> None:
    """Put one file in another's place; on Windows, wait a little for whoever looks into it."""
    for wait in (*_RETRY_WAITS, None):
        try:
            temporary.replace(target)
            return
        except OSError as error:
            if wait is None or getattr(error, "winerror", None) not in _PASSING_WINDOWS_ERRORS:
                raise
            time.sleep(wait)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(target: Path) -> None:
    """Remove temporary files of runs that were killed; their process is gone."""
    for left in target.parent.glob(f".{globbed(target.name)}.tierbook-*.tmp"):
        pid = left.name.rsplit("-", 1)[-1].removesuffix(".tmp")
        if pid.isdigit() and not alive(int(pid)):
            with contextlib.suppress(OSError):
                left.unlink()


def globbed(name: str) -> str:
    """Escape the letters of a file name that `Path.glob` would read as a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


@contextlib.contextmanager
def explained(target: Path) -> Generator[None]:
    """Turn what the operating system says into words, with the workbook untouched."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise WorkbookError(
                f"The disk is full, so {target.name} was not written. It is as it was.",
                fix="free some space, then run the command again.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise WorkbookError(
                f"Tierbook may not write in the folder {target.parent}. Nothing was changed.",
                fix="pass `-o` with a file in a folder you may write to.",
            ) from error
        raise WorkbookError(
            f"{target.name} could not be written ({error.strerror}). It is as it was.",
            fix="check the disk or the network drive, then run the command again.",
        ) from error
