from datetime import date

import numpy as np

from tests.costing.shop import requests
from tierbook import configuration, costing
from tierbook.costing.budget_page import budget_page
from tierbook.model import MICRO, text_column
from tierbook.routing import decide


def test_the_page_shows_the_curve_the_budget_and_what_is_left_out():
    """Plain HTML: the plan as a dot, rows left out by sheet row, and a seller's text as text."""
    settings = configuration.defaults()
    table = requests(
        3, SKU=["<b>A", "B", "C"], Placement=["Homepage hero"] * 3, Source_image=["a.jpg"] * 3,
        Background=["scene"] * 3,
    )  # fmt: skip
    decisions, _ = decide(table, settings)
    prices = costing.per_tier(
        table, decisions, settings, text_column(["x"] * 3), date(2026, 11, 24)
    )
    prices[:, 0] = -1
    budget = int(prices[0, 1])
    found, _ = costing.fit_budget(table, decisions, settings, prices, budget)
    page = budget_page(found, table, settings, budget)
    assert page.count("<circle") == 1
    assert "your budget" in page
    assert "Left out: 2 requests" in page
    assert "<b>" not in page
    left = np.flatnonzero(found.left_out)
    assert all(f"<td>{table.rows[row]}</td>" in page for row in left.tolist())
    rich, _ = costing.fit_budget(table, decisions, settings, prices, 1_000 * MICRO)
    assert "Nothing: every request" in budget_page(rich, table, settings, 1_000 * MICRO)
