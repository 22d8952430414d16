"""Compare reading a workbook into requests with bare calamine, in one process and one run.

    python benchmarks/reading.py [ROWS ...]

Prints CPU seconds of each (the best of five), and their ratio; by default for 200, 10,000 and
100,000 rows of 15 columns.
"""

import gc
import io
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

from tierbook import configuration, workbook

HEADINGS = (
    "SKU",
    "Placement",
    "Product name",
    "Category",
    "Channel",
    "Background",
    "Human model",
    "Angles",
    "Long edge px",
    "Brand strictness",
    "Budget per image",
    "Campaign",
    "Source image",
    "Stock",
    "Price",
)
SETTINGS = configuration.defaults()
PLACES = ("Marketplace main", "Gallery", "Category page", "Homepage hero", "Paid ad")


def make_workbook(path: Path, rows: int) -> None:
    """Write a catalog as sellers keep them: texts that repeat, numbers, blanks."""
    chance = random.Random(7)  # noqa: S311 - the same made-up catalog every time
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Requests")
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, rows + 1):
        sheet.write_row(
            row,
            0,
            (
                f"SKU-{row // 5:06d}",
                PLACES[row % 5],
                f"Candle with scent number {row // 5}",
                chance.choice(("Candles", "Mugs", "Cushions", "Posters")),
                chance.choice(("store", "")),
                chance.choice(("white", "", "scene")),
                chance.choice(("yes", "no", "")),
                chance.choice((1, 2, 4)),
                chance.choice((1200, 1600, 2400)),
                chance.choice(("low", "medium", "high")),
                chance.choice((0.5, 0.25, 1.4)),
                chance.choice(("", "Winter sale")),
                f"photos/{row // 5}.jpg",
                chance.randrange(500),
                round(chance.random() * 90, 2),
            ),
        )
    book.close()


def bare(path: Path) -> None:
    """Read the same values with calamine alone."""
    content = io.BytesIO(path.read_bytes())
    source = python_calamine.CalamineWorkbook.from_filelike(content)
    source.get_sheet_by_name("Requests").to_python(skip_empty_area=False)


def reading(path: Path) -> None:
    """Read the book: values, headings, tabs and facts."""
    workbook.read_book(path)


def typed(path: Path) -> None:
    """Read the book and turn its rows into requests."""
    table, _ = workbook.requests(workbook.read_book(path), SETTINGS)
    if not len(table):
        raise SystemExit("no requests were read")


def cpu_seconds(work: Callable[[Path], None], path: Path, times: int) -> float:
    """Return the least CPU time of several runs, in seconds."""
    spent: list[float] = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work(path)
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> None:
    """Print one line a size."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [200, 10_000, 100_000]
    with tempfile.TemporaryDirectory() as folder:
        typed_once = Path(folder) / "warm.xlsx"
        make_workbook(typed_once, 10)
        typed(typed_once)
        for rows in sizes:
            path = Path(folder) / f"{rows}.xlsx"
            make_workbook(path, rows)
            times = 5 if rows <= 10_000 else 2
            base, read, full = (cpu_seconds(work, path, times) for work in (bare, reading, typed))
            print(
                f"{rows:>7,} rows: calamine {base:.4f} s, read_book {read:.4f} s "
                f"({read / base:.2f}x), with requests {full:.4f} s ({full / base:.2f}x)"
            )


if __name__ == "__main__":
    main()
