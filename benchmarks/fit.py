"""Fit a budget to catalogs of growing size: seconds, and how near the best the plan is.

python benchmarks/fit.py
"""

import time
from dataclasses import replace
from datetime import date

import numpy as np

from tierbook import configuration, costing
from tierbook.model import Configuration, Decisions, RequestTable, text_column

TODAY = date(2026, 11, 24)
SIZES = (2_000, 10_000, 100_000)


def catalog(count: int, settings: Configuration) -> tuple[RequestTable, Decisions]:
    """Make requests with sales like a shop's, few best sellers and a long tail, and tiers."""
    rng = np.random.default_rng(count)
    places = [place.name for place in settings.placements]
    blank = np.full(count, "", dtype=object)
    columns = {
        "SKU": text_column([f"S{row}" for row in range(count)]),
        "Placement": text_column(rng.choice(places, count).tolist()),
        "Angles": text_column(rng.integers(1, 5, count).tolist()),
        "Sales 90 days": text_column(rng.lognormal(5, 1.5, count).round(2).tolist()),
        "Source image": text_column(["photo.jpg"] * count),
    }
    requests = RequestTable(
        "Requests", np.arange(2, count + 2), columns, {}, np.zeros(count, np.bool_)
    )
    tier = rng.choice([1, 2, 3], count, p=[0.6, 0.3, 0.1]).astype(np.int8)
    side = np.full(count, 2000, np.int32)
    decisions = Decisions(
        tier, blank, blank, blank, blank, blank, blank, blank, blank,
        side, side, side, side, blank, blank,
    )  # fmt: skip
    return requests, replace(decisions, images=np.ones(count, np.int32))


def main() -> None:
    """Print one line a size and budget."""
    settings = configuration.defaults()
    print(f"{'requests':>9} {'budget':>9} {'seconds':>8} {'CPU s':>6}  plan")
    for count in SIZES:
        requests, decisions = catalog(count, settings)
        prompts = text_column(["x" * (80 + row % 300) for row in range(count)])
        prices = costing.per_tier(requests, decisions, settings, prompts, TODAY)
        for share in (0.02, 0.3):
            budget = int(prices.max(axis=1).sum() * share)
            wall, cpu = time.perf_counter(), time.process_time()
            fitted, _ = costing.fit_budget(requests, decisions, settings, prices, budget)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            plan = fitted.plan
            said = "the best there is" if plan.proven else f"within {plan.gap:.6%} of the best"
            print(f"{count:>9,} {budget / 1e6:>8,.0f}$ {wall:>8.2f} {cpu:>6.2f}  {said}")


if __name__ == "__main__":
    main()
