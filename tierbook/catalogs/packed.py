"""Exports that arrive packed: a .gz of one file, or a .zip of several."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tierbook.errors import NotAWorkbook

_GZIP = b"\x1f\x8b"
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xml")
_MOST_BYTES = 500_000_000


def unpacked(path: Path, content: bytes) -> Iterator[tuple[Path, bytes]]:
    """Yield the tables packed in a file, or the file itself where it is none.

    Raises:
        NotAWorkbook: The archive is damaged, has a password, or unpacks to more than 500 MB.
    """
    if content.startswith(_GZIP):
        yield Path(path.name.removesuffix(".gz")), _gunzipped(path, content)
        return
    members = list(_members(path, content)) if content.startswith(b"PK\x03\x04") else []
    yield from members or [(path, content)]


def _gunzipped(path: Path, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            found = stream.read(_MOST_BYTES + 1)
    except (OSError, EOFError, ValueError):
        raise _damaged(path) from None
    if len(found) > _MOST_BYTES:
        raise _too_big(path)
    return found


def _members(path: Path, content: bytes) -> Iterator[tuple[Path, bytes]]:
    """Read the tables of an archive that is no spreadsheet itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if not {"[Content_Types].xml", "mimetype"}.isdisjoint(names):
                return
            left = _MOST_BYTES
            for name in filter(_is_table, names):
                left -= archive.getinfo(name).file_size
                if left < 0:
                    raise _too_big(path)
                yield Path(PurePosixPath(name).name), archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        raise _damaged(path) from None


def _is_table(name: str) -> bool:
    within = PurePosixPath(name)
    return within.suffix.lower() in _TABLES and not within.name.startswith((".", "~$", "__MACOSX"))


def _damaged(path: Path) -> NotAWorkbook:
    return NotAWorkbook(
        f"{path.name} is damaged or has a password, so it cannot be unpacked.",
        fix="unpack it and pass the file inside.",
    )


def _too_big(path: Path) -> NotAWorkbook:
    return NotAWorkbook(
        f"{path.name} unpacks to more than 500 MB.", fix="unpack it and pass the files inside."
    )
