"""Tell what kind of file a seller handed over, by its first bytes, never by its name."""

from pathlib import Path
from typing import Literal, TypeAlias

from tierbook.errors import NotAWorkbook, UsageError

Container: TypeAlias = Literal["package", "text", "parquet"]

_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TABLE_FIX = "save the table itself as an Excel workbook (.xlsx) or as CSV, and pass that file."
# First bytes -> what the file is, for files that can be no table.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"RIFF", "a picture or a sound"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7-Zip)"),
    (b"Rar!", "a packed file (RAR)"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"bplist00", "a placeholder of a cloud folder, not downloaded yet"),
)


def read_file(path: Path) -> bytes:
    """Read the whole file once.

    Raises:
        UsageError: There is no such file, or it is a folder.
        NotAWorkbook: The file is the owner note of an open workbook, or may not be read.
    """
    if path.name.startswith(("~$", ".~lock.")):
        raise NotAWorkbook(
            f"{path.name} is only the note a spreadsheet program leaves while a workbook is open.",
            fix=f"pass the workbook itself: {path.name.removeprefix('~$')}",
        )
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", fix="pass the workbook inside it.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"There is no file {path}.", fix="check the name and the folder, then try again."
        ) from None
    except OSError as error:
        raise NotAWorkbook(
            f"{path.name} cannot be read: {error.strerror or error}.",
            fix="close it in other programs, check that you may open it, or copy it elsewhere.",
        ) from None


def container_of(content: bytes) -> Container:
    """Tell a workbook package, a text table and Parquet apart.

    A "package" is anything the package reader has words for: zip files of every kind, old Office
    files, web pages and XML.

    Raises:
        NotAWorkbook: A picture, PDF, packed file, shortcut to an online sheet, or an empty file.
    """
    if content.startswith(_PARQUET):
        return "parquet"
    if content.startswith((_ZIP, b"PK\x05\x06", _OLE)):
        return "package"
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotAWorkbook(
            "The file is empty.",
            fix="if it lives in a cloud folder, wait until it is downloaded; else save it again.",
        )
    for magic, what in _OTHERS:
        if content.startswith(magic):
            raise NotAWorkbook(f"The file is {what}, not a table.", fix=_TABLE_FIX)
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{") and b"docs.google.com" in start:
        raise NotAWorkbook(
            "The file is a shortcut to a Google Sheet; the table itself is online.",
            fix="in Google Sheets choose File > Download > Microsoft Excel (.xlsx), and pass that.",
        )
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<?xml")):
        return "package"
    if not content.startswith(_UTF16) and _looks_binary(content[:4096]):
        raise NotAWorkbook("The file is not a table Tierbook can read.", fix=_TABLE_FIX)
    return "text"


def _looks_binary(start: bytes) -> bool:
    """Tell bytes no text file has in numbers; UTF-16 without a mark has its NULs in one lane."""
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in start)
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 5 and min(even, odd) * 8 <= max(even, odd):
        control -= even + odd
    return control * 20 > len(start)
