"""Kinds of files: told by content, and refused with words for the seller."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.workbook.books import read, sheet_of
from tierbook import workbook
from tierbook.errors import NotAWorkbook, UsageError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: bytes) -> bytes:
    """Make a zip of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/"), part)
    return content.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "only line ends": (b"\r\n\r\n", "empty"),
    "password": (OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "xls": (OLE + b"\0" * 512 + "Workbook".encode("utf-16-le"), ".xls"),
    "ods": (
        zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "OpenDocument",
    ),
    "xlsb": (zipped(xl__workbook_bin=b"x").replace(b"workbook_bin", b"workbook.bin"), ".xlsb"),
    "zip": (zipped(readme=b"x"), "zip"),
    "pdf": (b"%PDF-1.7 \xe2\xe3", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
    "html": (b"<html><table><tr><td>SKU</td></tr></table></html>", "web page"),
    "google shortcut": (b'{"url": "https://docs.google.com/spreadsheets/d/x"}', "Google"),
    "gzip": (b"\x1f\x8b\x08\0", "packed"),
    "noise": (bytes(range(256)) * 8, "not a table"),
    "cut-off zip": (b"PK\x03\x04" + b"\0" * 60, "damaged"),
    "cut-off parquet": (b"PAR1" + b"\0" * 60, "Parquet"),
    "cut-off UTF-16": (b"\xff\xfeS\0K\0U", "damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_files_are_refused_with_a_way_out(tmp_path: Path, kind: str) -> None:
    """The message says what the file is and how to save it instead; the name does not matter."""
    content, word = REFUSED[kind]
    path = tmp_path / "catalog.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook) as refused:
        workbook.read_book(path)
    assert word in refused.value.message
    assert refused.value.fix


def test_a_cut_off_workbook_is_refused(tmp_path: Path) -> None:
    """Half a download is told from a workbook."""
    path = sheet_of(tmp_path / "half.xlsx", [["SKU"], ["A-1"]])
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(NotAWorkbook, match="damaged"):
        workbook.read_book(path)


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    """A mistyped name is the command's fault, not the workbook's."""
    with pytest.raises(UsageError, match="no file"):
        workbook.read_book(tmp_path / "none.xlsx")
    with pytest.raises(UsageError, match="folder"):
        workbook.read_book(tmp_path)


def test_the_owner_note_of_an_open_workbook_is_refused(tmp_path: Path) -> None:
    """The file Excel leaves beside an open workbook is named for what it is."""
    path = tmp_path / "~$catalog.xlsx"
    path.write_bytes(b"\x06seller")
    with pytest.raises(NotAWorkbook, match="open"):
        workbook.read_book(path)


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv", "list.parquet", "list"])
def test_the_extension_does_not_decide(tmp_path: Path, name: str) -> None:
    """A workbook is read as one under any name, and so is text."""
    book = workbook.read_book(sheet_of(tmp_path / name, [["SKU"], ["A-1"]]))
    assert book.kind == "xlsx"
    text = tmp_path / f"text-{name}"
    text.write_text("SKU;Placement\nA-1;Gallery\n")
    assert workbook.read_book(text).kind == "csv"
    table, _ = read(text)
    assert list(table.column("SKU")) == ["A-1"]
