"""The built-in configuration tabs: CSV files read as if they were tabs of a workbook."""

import csv
from pathlib import Path

from tierbook.configuration.spec import Tab
from tierbook.model import TabRows

_FOLDER = Path(__file__).parent / "defaults"


def builtin_tab(spec: Tab) -> TabRows:
    """Read the built-in rows of a tab, header included; empty cells are None."""
    path = _FOLDER / f"{spec.name.lower().replace(' ', '_')}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [[cell or None for cell in row] for row in csv.reader(lines)]
    return TabRows(f"built-in {spec.name}", rows)
