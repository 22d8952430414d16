"""Estimate against actual: per engine, with the prices that are off marked."""

from dataclasses import replace

import numpy as np

from tests.workbook.tabs import shop
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs.cost_drift import drifts


def picture(request_id: str, engine: str, cost: int | None) -> ResultRow:
    return ResultRow("S", "Gallery", 2, "a.jpg", None, engine, "", cost, "", "", "", request_id)


def test_drift_is_summed_by_engine_and_marked_past_two_percent() -> None:
    """A price that is off by three percent is marked, one off by one percent is not."""
    found = shop.many(4)
    prices = np.array([100_000, 100_000, 50_000, -1], dtype=np.int64)
    found = replace(
        found,
        bill=replace(found.bill, per_image=prices),
        request_id=np.array(["a", "b", "c", "d"], dtype=object),
    )
    rows = [
        picture("a", "Acme one", 103_000),
        picture("b", "Acme one", 103_000),
        picture("c", "Other two", 50_500),
        picture("c", "Other two", None),
        picture("d", "No price", 9_000),
    ]
    acme, other = drifts(found, rows)
    assert (acme.engine, acme.pictures, acme.estimate, acme.actual) == (
        "Acme one", 2, 200_000, 206_000,
    )  # fmt: skip
    assert acme.too_far
    assert (other.pictures, other.estimate, other.actual) == (1, 50_000, 50_500)
    assert not other.too_far


def test_a_charge_for_what_was_free_is_always_marked() -> None:
    """A picture estimated at nothing that cost something is off, whatever the percentage."""
    found = shop.many(1)
    found = replace(
        found,
        bill=replace(found.bill, per_image=np.array([0], dtype=np.int64)),
        request_id=np.array(["a"], dtype=object),
    )
    (free,) = drifts(found, [picture("a", "this computer", 0)])
    (charged,) = drifts(found, [picture("a", "this computer", 1)])
    assert not free.too_far
    assert charged.too_far
