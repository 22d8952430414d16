"""Pictures of the past, made up one by one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from tierbook.insights.history import Picture
from tierbook.model import RequestTable, Tier, text_column

TIERS = (
    Tier(1, "Standard", "local_studio", review_minutes=Decimal("0.2"), prompt_template="White"),
    Tier(2, "Lifestyle", "banana", review_minutes=Decimal(1), prompt_template="Scene"),
    Tier(3, "Hero", "pro", candidates=3, review_minutes=Decimal(5), prompt_template="Banner"),
)


def picture(index: int = 0, **changes: Any) -> Picture:
    """Make a picture of tier 2, approved on 10 November, unless told otherwise."""
    facts: dict[str, Any] = {
        "request_id": f"id-{index}",
        "index": index,
        "sku": f"SKU-{index}",
        "month": "2026-11",
        "day": date(2026, 11, 10),
        "tier": 2,
        "number": 1,
        "round": 0,
        "again": False,
        "made": True,
        "cost": 33_600,
        "baseline": 135_000,
        "decision": "approve",
        "reason": "",
        "reviewed_at": datetime(2026, 11, 10, 12, tzinfo=UTC),
        "rule": "R12",
        "template": "Scene",
        "placement": "Category page",
        "group": "category",
        "category": "mugs",
    }
    facts |= changes
    if not facts["decision"]:
        facts["reviewed_at"] = None
    return Picture(**facts)


def table(**columns: list[object]) -> RequestTable:
    """Make rows of one tab from their columns; three of them by default."""
    count = len(next(iter(columns.values()))) if columns else 3
    base = {"SKU": [f"SKU-{i}" for i in range(count)], "Placement": ["Category page"] * count}
    return RequestTable(
        "Requests",
        np.arange(2, count + 2, dtype=np.int64),
        {name.replace("_", " "): text_column(list(v)) for name, v in (base | columns).items()},
        {},
        np.zeros(count, np.bool_),
    )


def rejected(index: int = 0, **changes: Any) -> Picture:
    """Make a picture that was rejected for its style."""
    return picture(index, **({"decision": "reject", "reason": "style"} | changes))
