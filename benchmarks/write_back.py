"""Time the write-back against an openpyxl load and save of the same change, in one run.

    python benchmarks/write_back.py [ROWS ...]        (default 200 10000)

The change: twelve columns right of fifteen, and one tab. CPU seconds, best of a few; the proof is
included. openpyxl is left out above 20,000 rows, where it takes minutes.
"""

import io
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

import openpyxl
import xlsxwriter
from openpyxl.styles import Font, PatternFill

from tierbook import ooxml

INPUTS, OUTPUTS = 15, 12
OPENPYXL_LIMIT = 20_000
HEADER = ooxml.Style(bold=True, fill="D9D9D9")
PALETTE = (
    ooxml.Style(fill="0072B2", font_color="FFFFFF"),
    ooxml.Style(fill="E69F00"),
    ooxml.Style(fill="009E73"),
)


def source(rows: int) -> bytes:
    """Author a catalog: text, repeated text, numbers, dates, a formula with its result."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Requests")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [f"Heading {column}" for column in range(INPUTS)])
    for row in range(1, rows + 1):
        sheet.write_string(row, 0, f"SKU-{row:06d}")
        sheet.write_string(row, 1, f"A longer product name, number {row}")
        for column in range(2, 9):
            sheet.write_string(row, column, f"choice {(row * column) % 12}")
        for column in range(9, 13):
            sheet.write_number(row, column, row * column / 7)
        sheet.write_number(row, 13, 45_000 + row % 700, date)
        sheet.write_formula(row, 14, f"=J{row + 1}*2", None, row * 18 / 7)
    book.close()
    return out.getvalue()


def summary_tab() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    tab = book.add_worksheet("Cost summary")
    for row in range(20):
        tab.write_row(row, 0, [f"line {row}", row, row * 0.02])
    book.close()
    return out.getvalue()


def columns(rows: int) -> list[list[object]]:
    """Make the twelve columns of values, shared by both ways."""
    count = range(rows)
    return [
        [index % 3 + 1 for index in count],
        [("Standard", "Lifestyle", "Hero")[index % 3] for index in count],
        [f"R{index % 13:02d}: placement is choice {index % 12}" for index in count],
        [f"template {index % 9}" for index in count],
        ["2000x2000" for _ in count],
        [index + 1 for index in count],
        [index % 90 * 0.02 for index in count],
        ["OK" for _ in count],
        ["" for _ in count],
        [None for _ in count],
        [f"R{index % 13:02d}" for index in count],
        [f"{index:08x}" for index in count],
    ]


def patch(content: bytes, values: list[list[object]], *, new: bool = True) -> bytes:
    rows = list(range(2, len(values[0]) + 2))
    edits = tuple(
        ooxml.ColumnEdit(
            INPUTS + 1 + at, 1, f"Output {at}", rows, one, header_style=HEADER,
            palette=PALETTE if at == 0 else (),
            cell_styles=[int(tier) - 1 for tier in one] if at == 0 else None, width=12, new=new,
        )
        for at, one in enumerate(values)
    )  # fmt: skip
    plan = ooxml.EditPlan(
        (ooxml.SheetEdit("Requests", edits),),
        ooxml.Graft(summary_tab(), ("Cost summary",)),
        remove_tabs=() if new else ("Cost summary",),
    )
    return ooxml.edit(content, plan).content


def with_openpyxl(content: bytes, values: list[list[object]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Requests"]
    fills = [PatternFill("solid", fgColor=one.fill) for one in PALETTE]
    for at, one in enumerate(values):
        column = INPUTS + 1 + at
        sheet.cell(1, column, f"Output {at}").font = Font(bold=True)
        for row, value in enumerate(one, start=2):
            cell = sheet.cell(row, column, value)
            if at == 0:
                cell.fill = fills[int(value) - 1]
    tab = book.create_sheet("Cost summary")
    for row in range(20):
        tab.append([f"line {row}", row, row * 0.02])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def timed(action: Callable[[], bytes], times: int) -> tuple[float, bytes]:
    """Return the least CPU seconds of several calls, and what the last one gave."""
    best, result = float("inf"), b""
    for _ in range(times):
        start = time.process_time()
        result = action()
        best = min(best, time.process_time() - start)
    return best, result


def main() -> None:
    for rows in [int(one) for one in sys.argv[1:]] or [200, 10_000]:
        content, values = source(rows), columns(rows)
        times = 5 if rows <= OPENPYXL_LIMIT else 1
        ours, edited = timed(partial(patch, content, values), times)
        again, _ = timed(partial(patch, edited, values, new=False), times)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        line = f"{rows:>7} rows: first {ours:.3f} s, again {again:.3f} s, peak {peak:.0f} MB"
        if rows <= OPENPYXL_LIMIT:
            slow, _ = timed(partial(with_openpyxl, content, values), 2)
            line += f"; openpyxl {slow:.3f} s = {slow / ours:.1f}x / {slow / again:.1f}x"
        print(line)


if __name__ == "__main__":
    main()
