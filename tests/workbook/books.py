"""Small look-alikes of sellers' workbooks, made by the tests that read them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from tierbook import configuration, workbook
from tierbook.model import Problem, RequestTable

SETTINGS = configuration.defaults()


def made_with_openpyxl(path: Path, fill: Callable[[Any], None]) -> Path:
    """Save a workbook whose first sheet, called List, `fill` has written."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "List"
    fill(sheet)
    book.save(path)
    return path


def sheet_of(path: Path, rows: Sequence[Sequence[Any]], title: str = "List") -> Path:
    """Save a workbook with one sheet of these rows; `None` leaves a cell out."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet(title)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    book.close()
    return path


def read(path: Path, **options: Any) -> tuple[RequestTable, list[Problem]]:
    """Read a file into requests with the built-in settings."""
    book = workbook.read_book(path, workbook.ReadOptions(**options))
    return workbook.requests(book, SETTINGS)


def codes(problems: Sequence[Problem]) -> list[str]:
    """Return the codes of the problems, in order."""
    return [problem.code for problem in problems]
