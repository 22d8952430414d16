"""Time the import of a long export, in a process of its own each time.

    python benchmarks/import.py [EXPORT ...]

Without files, a made-up list of 27,000 products is imported. Prints CPU seconds of a cold process,
for one placement and for three, for a fresh workbook and for the same export once more.
"""

import csv
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PLACEMENTS = (["Marketplace main"], ["Marketplace main", "Gallery", "Homepage hero"])
RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tierbook.catalogs import import_exports
export, book, *places = sys.argv[1:]
report = import_exports([Path(export)], Path(book), places, now=datetime.now(UTC))
print(report.catalog.format, len(report.catalog.items), report.counts.requests)
"""


def made_up_list(path: Path, rows: int = 27_000) -> Path:
    """Write a list as a grocer keeps it."""
    chance = random.Random(7)  # noqa: S311 - the same made-up list every time
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["product", "category", "brand", "sale_price", "stock", "image"])
        for number in range(rows):
            kind = chance.choice(("Tea", "Soap", "Oil", "Rice", "Lamp"))
            brand = f"Brand {chance.randrange(2000)}"
            price = round(chance.random() * 90, 2)
            image = f"https://shop.test/{number}.jpg"
            writer.writerow(
                [f"{kind} number {number}", kind, brand, price, chance.randrange(500), image]
            )
    return path


def cpu_of(export: Path, book: Path, places: list[str]) -> tuple[float, str]:
    """Import in a new process and return its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(export), str(book), *places],
        check=True,
        capture_output=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return spent, done.stdout.strip()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = [Path(one) for one in sys.argv[1:]]
        for export in given or [made_up_list(Path(folder) / "made up.csv")]:
            for places in PLACEMENTS:
                book = Path(folder) / "catalog.xlsx"
                for what in ("fresh", "again"):
                    spent, told = cpu_of(export, book, places)
                    print(f"{export.name}: {spent:5.2f} CPU s, {what}, {told} requests")
                book.unlink()


if __name__ == "__main__":
    main()
