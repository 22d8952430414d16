"""What would make a picture cheaper."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.shop import configuration, requests, rubric
from tests.routing.test_deciding import GALLERY
from tierbook.model import Configuration
from tierbook.routing import cheaper_if, decide

PRICES = [20_000, 180_000, 1_400_000]


def cheaper(
    *rows: dict[str, Any], own: Configuration | None = None, prices: Any = PRICES
) -> list[str]:
    table, settled = requests(rows), own or configuration()
    decisions, _ = decide(table, settled)
    per_tier = np.array([prices] * len(rows), dtype=np.int64).reshape(len(rows), 3)
    return cheaper_if(table, settled, decisions, per_tier).tolist()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, ""),
        ({"Angles": 6}, "Angles 4 or fewer: tier 1, saves $0.16"),
        ({"Angles": None}, "Angles 4 or fewer: tier 1, saves $0.16"),
        ({"Long edge px": 3000}, "Long edge px 2400 or less: tier 1, saves $0.16"),
        ({"Background": "scene"}, "Background solid or white: tier 1, saves $0.16"),
        ({"Props": True}, "Props no: tier 1, saves $0.16"),
        ({"Angles": 6, "Props": True}, ""),
        ({"Placement": "Homepage hero"}, ""),
        ({"Placement": "Paid ad", "Campaign": "yes", "Background": "scene"}, None),
    ],
)
def test_single_changes(change: dict[str, Any], sentence: str | None) -> None:
    """The one input to change, in words, with what it saves; the placement is taken as given."""
    found = cheaper(GALLERY | change)[0]
    assert found == (sentence if sentence is not None else "Campaign no: tier 2, saves $1.22")


def test_unknown_and_equal_prices() -> None:
    """No price, no amount; no saving, no advice."""
    assert cheaper(GALLERY | {"Angles": 6}, prices=[-1, 180_000, 0]) == [
        "Angles 4 or fewer: tier 1"
    ]
    assert cheaper(GALLERY | {"Angles": 6}, prices=[180_000, 180_000, 0]) == [""]


def test_overridden_rows_get_no_advice() -> None:
    """Where a person chose the tier, no rule stands in the way."""
    assert cheaper(GALLERY | {"Tier override": 3}) == [""]


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("< 100", 500, "below 100"),
        ("> 100", 100, "above 100"),
        (">= 100", 5, "100 or more"),
        ("100", 5, "100"),
        ("[10..20)", 25, "below 20"),
        ("not scene", "scene", "other than scene"),
        ("2026-12-01", None, "2026-12-01"),
        (">= 2026-12-01", "2026-11-01", "2026-12-01 or later"),
        ("Studio, loft", "x", "loft or Studio"),
        ("yes", "no", "yes"),
    ],
)
def test_wordings(cell: str, value: Any, words: str) -> None:
    """Each kind of test has its own words; an own column serves where no lever does."""
    own = configuration(
        rubric(
            [("R1", cell, "1", "x"), ("R2", "any", "2", "x")], inputs=["Extra"], outputs=["Tier"]
        )
    )
    expected = f"Extra {words}: tier 1, saves $0.16"
    assert cheaper(GALLERY | {"Extra": value}, own=own) == [expected]


ROW = st.fixed_dictionaries(
    {
        "Placement": st.sampled_from(["Gallery", "Email header", "Paid ad", "Swatch"]),
        "Background": st.sampled_from(["white", "solid", "scene", None]),
        "Props": st.sampled_from([True, False, None]),
        "Angles": st.sampled_from([1, 4, 5, None]),
        "Long edge px": st.sampled_from([2400, 2401, None]),
        "Campaign": st.sampled_from(["yes", "no", None]),
    }
)
LEVERS: dict[str, list[Any]] = {
    "Background": ["white", "solid", "scene"],
    "Props": [True, False],
    "Angles": [1, 4, 5],
    "Long edge px": [2400, 2401],
    "Campaign": ["yes", "no"],
}


@given(st.lists(ROW, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_advice_is_true_and_complete(rows: list[dict[str, Any]]) -> None:
    """Deciding the changed row again reaches the tier named; no advice, and no change helps."""
    full = [{"SKU": "a", "Source image": "a.jpg"} | row for row in rows]
    tiers = decide(requests(full), configuration())[0].tier
    for row, tier, sentence in zip(full, tiers, cheaper(*full), strict=True):
        changes = [row | {name: value} for name, values in LEVERS.items() for value in values]
        reached = decide(requests(changes), configuration())[0].tier
        best = min((one for one in reached if one > 0), default=tier)
        assert (f"tier {best}," in sentence) if best < tier else sentence == ""
