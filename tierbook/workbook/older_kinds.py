"""Spreadsheets that are read for what they say but never written back: .xls, .xlsb and .ods.

A workbook that Tierbook fills has to be an .xlsx; an export only has to be read.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import python_calamine

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_older_kind(content: bytes) -> bool:
    """Tell an old or foreign spreadsheet from what the package reader takes."""
    if content.startswith(_OLE):
        return True
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return not {"xl/workbook.bin", "content.xml"}.isdisjoint(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def older_sheets(content: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the visible sheets: name, and rows from row 1 and column A; "" for empty cells.

    Raises:
        ValueError: The file is damaged, has a password, or is no spreadsheet.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            one.name
            for one in book.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
            and one.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        for name in shown:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of calamine's is no Exception
        raise ValueError(str(error)) from None
