"""Time whole cold processes: `tierbook --help`, and `tierbook run` on 200 to 100,000 rows.

    python benchmarks/whole_run.py [ROWS ...]

CPU seconds (user and system) of each process as the operating system counts them, the least of
several runs. The peer is openpyxl loading the same workbook, setting the same number of cells and
saving it, in a process of its own. Prints ratios of figures taken in this one run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

SPOTS = ["Marketplace main", "Gallery", "Category page", "Email header", "Paid ad", "Homepage hero"]
HEADS = ["SKU", "Placement", "Product name", "Category", "Background", "Human model", "Props",
         "Angles", "Brand strictness", "Price", "Stock", "Supplier", "Colour", "Notes",
         "Sales 90 days"]  # fmt: skip

OPENPYXL = """
import sys
import openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = book.active
wide = sheet.max_column
for row in range(1, sheet.max_row + 1):
    for column in range(1, 19):
        sheet.cell(row, wide + column, "R07 standard angle" if column % 3 else column)
book.create_sheet("Cost summary")
book.save(sys.argv[2])
"""


def make_workbook(path: Path, rows: int) -> None:
    """Write a seller's sheet of `rows` requests and fifteen columns."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Pictures")
    sheet.write_row(0, 0, HEADS)
    for row in range(rows):
        spot = SPOTS[row % len(SPOTS)]
        sheet.write_row(
            row + 1,
            0,
            [f"SKU-{row // len(SPOTS):06d}", spot, f"Product number {row // len(SPOTS)}",
             f"Category {row % 37}", "white" if spot == "Marketplace main" else "scene",
             "no", "no", 1 + row % 4, ("low", "medium", "high")[row % 3], 9.5 + row % 90,
             row % 300, f"Supplier {row % 23}", f"Colour {row % 11}",
             "as last year, a little brighter", (row * 37) % 9000],
        )  # fmt: skip
    book.close()


def cpu_seconds(command: list[str], *, times: int) -> tuple[float, float]:
    """Return the least CPU seconds of a command over several runs, and its peak memory in MB."""
    best, peak = float("inf"), 0.0
    for _ in range(times):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        assert os.waitstatus_to_exitcode(status) in (0, 1), command
        best = min(best, used.ru_utime + used.ru_stime)
        peak = max(peak, used.ru_maxrss / 1024)
    return best, peak


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [200, 10_000, 100_000]
    tierbook = [sys.executable, "-m", "tierbook"]
    with tempfile.TemporaryDirectory() as folder:
        seconds, _ = cpu_seconds([*tierbook, "--help"], times=10)
        print(f"--help                {seconds * 1000:8.0f} ms CPU")
        for rows in sizes:
            source, target = Path(folder) / f"{rows}.xlsx", Path(folder) / "out.xlsx"
            make_workbook(source, rows)
            times = 5 if rows <= 1_000 else 2
            ours, peak = cpu_seconds(
                [*tierbook, "run", str(source), "-o", str(target)], times=times
            )
            print(f"run, {rows:>7,} rows      {ours:8.2f} s CPU, peak {peak:6.0f} MB", end="")
            if rows <= 10_000:
                peer, _ = cpu_seconds(
                    [sys.executable, "-c", OPENPYXL, str(source), str(target)], times=1
                )
                print(f"; openpyxl load+save {peer:6.2f} s, ratio {ours / peer:.2f}", end="")
            print()


if __name__ == "__main__":
    main()
