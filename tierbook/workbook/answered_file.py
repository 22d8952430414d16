"""The answered file: the seller's own with our columns and tabs in it, or a results workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from tierbook import contract, ooxml
from tierbook.model import Answers, Column
from tierbook.workbook.output_columns import output_values
from tierbook.workbook.planning import GROUPED_BY, plan
from tierbook.workbook.reading import Book
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs import write_tabs
from tierbook.workbook.tabs.grid import OutputGrid

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


def answered(book: Book, answers: Answers, *, results: Sequence[ResultRow] = ()) -> bytes:
    """Return the seller's file with the answers in it, all else as it was.

    Raises:
        EditRefused: writing in place would lose or overwrite something of the seller's.
    """
    if book.kind in ("xlsx", "xlsm"):
        return ooxml.edit(book.content, plan(book, answers, results=results)).content
    from tierbook.workbook.writing_tables import write_delimited, write_parquet

    values = _shown(answers)
    columns = [_plain(column) for column in values.values()]
    rows = answers.requests.rows.tolist()
    write = write_parquet if book.kind == "parquet" else write_delimited
    return write(book, list(values), columns, rows=rows)


def standalone(book: Book, answers: Answers) -> bytes:
    """Return a workbook of its own with the requests, the answers and the summary tabs.

    For a file that cannot be written in place. The seller's cells stand in it as values.
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    workbook = Workbook(stream, {"in_memory": True, "strings_to_formulas": False,
                                 "strings_to_urls": False, "nan_inf_to_errors": True,
                                 "default_date_format": "yyyy-mm-dd"})  # fmt: skip
    created = datetime.combine(answers.today, time(), UTC).replace(tzinfo=None)
    workbook.set_properties({"created": created, "author": "Tierbook"})
    sheet = workbook.add_worksheet(contract.REQUESTS)
    letters = _write_requests(workbook, sheet, book, answers)
    # The tabs look at this workbook's own rows, not at those of the file it came from.
    requests = replace(answers.requests, rows=np.arange(2, len(answers.requests) + 2))
    answers = replace(answers, requests=requests)
    grid = OutputGrid(
        contract.REQUESTS,
        2,
        len(requests) + 1,
        letters,
        {name: requests.column(name) for name in GROUPED_BY if name in letters},
    )
    tabs = (
        contract.COST_SUMMARY,
        contract.RUBRIC_CHECK,
        contract.PROBLEMS,
        contract.CHECKLIST,
    )
    write_tabs(
        workbook, answers, {tab: tab for tab in tabs}, grid, present=frozenset(), what_ifs=(),
        results=(),
    )  # fmt: skip
    workbook.close()
    return stream.getvalue()


def _shown(answers: Answers) -> dict[str, Column]:
    """Pick the output columns this run writes, in the contract's order."""
    values = output_values(answers)
    return {h: values[h] for h in contract.REQUEST_OUTPUTS if h in values}


def _plain(column: Column) -> list[Any]:
    """Spell links as the paths they lead to: text tables have no links."""
    return [value.target if isinstance(value, ooxml.Link) else value for value in column.tolist()]


def _write_requests(
    workbook: "Workbook", sheet: "Worksheet", book: Book, answers: Answers
) -> Mapping[str, int]:
    """Write the seller's known cells and the answers; return the column of each heading."""
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    text = workbook.add_format({"num_format": "@"})
    money = workbook.add_format({"num_format": "$#,##0.00##"})
    requests = answers.requests
    inputs: Mapping[str, Column] = {
        heading: _as_seen(book, requests.rows, column)
        for heading, column in requests.letters.items()
    }
    outputs = {h: np.array(_plain(c), dtype=object) for h, c in _shown(answers).items()}
    letters: dict[str, int] = {}
    for number, (heading, column) in enumerate([*inputs.items(), *outputs.items()], start=1):
        letters.setdefault(heading, number)
        sheet.write_string(0, number - 1, heading, head)
        style = money if heading in (contract.ESTIMATED_COST, contract.ACTUAL_COST) else None
        style = text if heading == contract.SKU else style
        for row, value in enumerate(column.tolist(), start=1):
            if value is not None:
                sheet.write(row, number - 1, value, style)
        sheet.set_column(number - 1, number - 1, 16)
    letters |= {h: number for number, h in enumerate([*inputs, *outputs], start=1) if h in outputs}
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(requests), len(letters) - 1)
    return letters


def _as_seen(book: Book, rows: Any, column: int) -> Column:
    """Take the cells of one of the seller's columns as they were read."""
    taken = np.full(len(rows), None, dtype=object)
    for place, row in enumerate(rows.tolist()):
        cells = book.rows[row - book.first_data_row]
        if column <= len(cells) and cells[column - 1] not in (None, ""):
            taken[place] = cells[column - 1]
    return taken
