"""Hold a ledger against what the providers themselves wrote down."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_WHAT = "picture of "


def violations(
    charges: Iterable[Mapping[str, Any]], home: Path, *, cap: int | None = None
) -> list[str]:
    """Return every broken promise: paid twice, over the cap, charged but not recorded.

    A charge names its picture by the prompt, which in these tests names the SKU.
    """
    found: list[str] = []
    paid: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for charge in charges:
        sku = str(charge["what"]).removeprefix(_WHAT)
        paid[sku] += charge["micro_usd"]
        times[sku] += charge["micro_usd"] > 0
    found += [f"paid twice: {sku} ({count} times)" for sku, count in times.items() if count > 1]
    total = sum(paid.values())
    if cap is not None and total > cap:
        found.append(f"over the cap: {total} > {cap}")
    recorded = _recorded(home)
    found += [
        f"not recorded: {sku} was charged {amount}, {recorded.get(sku, 0)} counts"
        for sku, amount in paid.items()
        if amount > recorded.get(sku, 0)
    ]
    if cap is not None and sum(recorded.values()) > cap:
        found.append(f"counted over the cap: {sum(recorded.values())} > {cap}")
    return found


def _recorded(home: Path) -> dict[str, int]:
    database = sqlite3.connect(home / "ledger.sqlite")
    try:
        rows = database.execute("SELECT sku, sum(counted_micro_usd) FROM attempts GROUP BY sku")
        return dict(rows.fetchall())
    finally:
        database.close()


def states(home: Path) -> dict[str, int]:
    """Count attempts by state."""
    database = sqlite3.connect(home / "ledger.sqlite")
    try:
        return dict(database.execute("SELECT state, count(*) FROM attempts GROUP BY state"))
    finally:
        database.close()
