from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costing.shop import CONFIGURATION, PRICE_BOOK, TODAY, decisions, requests, with_settings
from tierbook.costing import Picture, Quote, estimate, quote
from tierbook.model import text_column


def no_prompts(count):
    return np.full(count, None, dtype=object)


def bill_of(tiers, configuration=CONFIGURATION, table=None, prompts=None, today=TODAY, **how):
    table = table if table is not None else requests(len(tiers))
    prompts = prompts if prompts is not None else no_prompts(len(tiers))
    return estimate(decisions(tiers, configuration, **how), table, configuration, prompts, today)


def with_engine(number, engine):
    tiers = tuple(
        replace(t, engine=engine) if t.number == number else t for t in CONFIGURATION.tiers
    )
    return replace(CONFIGURATION, tiers=tiers)


def test_each_part_of_the_bill_is_worked_out_on_its_own():
    """Tier 3: three candidates a picture, a quarter redone, one review for all candidates."""
    bill, problems = bill_of([1, 2, 3], table=requests(3, Angles=[2, 2, 2]), angles=2)
    assert bill.per_image.tolist() == [0, 33_600, 134_000]
    assert bill.estimate.tolist() == [0, 67_200, 804_000]
    assert bill.redo.tolist() == [0, 6_720, 201_000]
    assert bill.review.tolist() == [0, 100_000, 5_000_000]
    assert bill.baseline.tolist() == [268_000, 268_000, 804_000]
    assert bill.exactness.tolist() == ["exact", "bounded", "exact"]
    assert problems == []


def test_the_prompt_and_the_photo_are_on_the_bill():
    """A prompt is priced by its bytes, not its characters; a photo by its own price."""
    table = requests(2, Source_image=["a.jpg", None])
    prompts = text_column(["é" * 100, "e" * 100])
    bill, _ = bill_of([2, 2], table=table, prompts=prompts)
    assert bill.per_image.tolist() == [33_600 + 300, 33_600 + 150]
    bill, _ = bill_of([3, 3], table=table, prompts=prompts)
    assert bill.per_image.tolist() == [135_100, 134_000]


@pytest.mark.parametrize("tier", [0, -1])
def test_nothing_is_billed_where_nothing_is_made(tier):
    """Held and undecided rows cost nothing and are not compared with anything."""
    bill, problems = bill_of([tier])
    assert (bill.per_image[0], bill.estimate[0], bill.baseline[0]) == (-1, 0, 0)
    assert (bill.exactness[0], bill.held[0]) == ("", "")
    assert problems == []


def test_no_price_holds_the_row_and_is_reported_once():
    """Rows without a price wait, with one problem for all of them that names the tier's row."""
    bill, problems = bill_of([2, 2, 3], with_engine(2, "nobody"))
    assert bill.estimate.tolist() == [0, 0, 402_000]
    assert bill.baseline.tolist() == [0, 0, 402_000]
    assert "nobody" in bill.held[0]
    assert bill.held[2] == ""
    (problem,) = problems
    assert (problem.code, problem.severity) == ("no-price", "error")
    assert "2 rows" in problem.message
    assert problem.cell.sheet == "Tiers"
    assert problem.cell.row == 3


def test_a_dead_model_holds_the_row_and_names_its_replacement():
    """On the shutdown date the row waits, and the message says what to use."""
    bill, (problem,) = bill_of([2], with_engine(2, "old"), today=TODAY + timedelta(days=7))
    assert bill.total() == 0
    assert problem.code == "engine-shut-down"
    assert "banana 1K" in problem.fix


def test_a_row_over_its_own_budget_waits():
    """The budget is for one image; exactly on budget is within it, blank is none."""
    table = requests(3, Budget_per_image=[33_599, 33_600, None])
    bill, (problem,) = bill_of([2, 2, 2], table=table)
    assert bill.estimate.tolist() == [0, 33_600, 33_600]
    assert bill.budget_check[0] == "$0.0336 per image is over the budget of $0.033599."
    assert bill.held[0] == bill.budget_check[0]
    assert (problem.code, problem.cell.a1, problem.sku) == ("over-budget", "A2", "S0")


def test_a_zero_budget_allows_only_free_pictures():
    """A budget of $0 is a budget."""
    bill, _ = bill_of([1, 2], table=requests(2, Budget_per_image=[0, 0]))
    assert bill.held[0] == ""
    assert bill.held[1]


def test_caps_are_compared_with_the_whole_run():
    """Each cap that would be passed is named; a cap exactly reached is not passed."""
    shop = with_settings(cap_per_run=402_000, cap_per_month=401_999, cap_per_tier={3: 1})
    tiers = tuple(replace(t, monthly_cap=2) for t in shop.tiers)
    bill, problems = bill_of([1, 3], replace(shop, tiers=tiers))
    assert bill.total() == 402_000
    assert [(p.code, p.cell.sheet, p.cell.row) for p in problems] == [
        ("over-cap", "Settings", 0),
        ("over-cap", "Settings", 0),
        ("over-cap", "Tiers", 4),
    ]
    assert "Cap per month" in problems[0].message


def test_a_stated_baseline_price_wins_over_the_baseline_engine():
    """The seller's own number for one model for everything is taken as it is."""
    bill, _ = bill_of([1, 2], with_settings(baseline_price=450_000))
    assert bill.baseline.tolist() == [450_000, 450_000]


def test_an_unknown_baseline_is_said_and_counts_nothing():
    """A baseline that cannot be priced is zero for every row, with a warning."""
    bill, (problem,) = bill_of([1, 2], with_settings(baseline_engine="nobody"))
    assert bill.baseline.tolist() == [0, 0]
    assert problem.code == "no-baseline"


def test_stale_prices_in_use_are_named_once():
    """Each price looked at too long ago is one warning; prices nobody uses are none."""
    _, problems = bill_of([2, 2, 3], today=TODAY + timedelta(days=60))
    assert [p.code for p in problems] == ["stale-price", "stale-price"]


def test_a_row_in_error_is_not_billed():
    """A row the reader marked as bad has no price, whatever its tier says."""
    table = requests(2)
    bill, _ = bill_of([2, 2], table=replace(table, bad=np.array([True, False])))
    assert bill.estimate.tolist() == [0, 33_600]


def test_no_requests_make_an_empty_bill():
    """An empty table is priced like any other."""
    bill, problems = bill_of([])
    assert bill.total() == 0
    assert problems == []


SHOPS = st.sampled_from(
    ["studio", "banana", "banana 1K", "flux-2-pro", "flux-2-max", "paint high", "rented", "nobody"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1, 3), st.booleans(), st.integers(0, 40)), max_size=12),
    SHOPS,
    st.tuples(st.integers(1, 5000), st.integers(1, 5000)),
    st.integers(1, 4),
)
def test_rows_agree_with_single_quotes_and_totals_are_their_sum(rows, engine, size, angles):
    """Whole columns price as one picture at a time does; parts are never negative."""
    shop = with_engine(2, engine)
    tiers = [tier for tier, _, _ in rows]
    table = requests(len(rows), Source_image=["p.png" if photo else None for _, photo, _ in rows])
    prompts = text_column(["ü" * length or None for _, _, length in rows])
    bill, _ = bill_of(tiers, shop, table, prompts, size=size, angles=angles)
    expected = []
    for tier, photo, length in rows:
        pinned = shop.tier(tier)
        answer = pinned and quote(pinned.engine, Picture(*size, photo), PRICE_BOOK, TODAY)
        known = answer.micro_usd(2 * length) if isinstance(answer, Quote) else -1
        expected.append(max(known, 0) * angles * pinned.candidates if pinned else 0)
    assert bill.estimate.tolist() == expected
    assert bill.total() == sum(expected)
    for part in (bill.redo, bill.review, bill.baseline):
        assert (part >= 0).all()
    assert all(bool(held) == (tier == 2 and engine == "nobody")
               for held, tier in zip(bill.held, tiers, strict=True))  # fmt: skip


@given(st.integers(0, 10**12), st.decimals(0, 1, places=6))
def test_a_share_is_rounded_up_to_the_micro_dollar(amount, share):
    """The redo part is the exact share, less than a micro-dollar above it."""
    from tierbook.costing.bill import share_of

    taken = int(share_of(np.array([amount], np.int64), share)[0])
    assert amount * share <= Decimal(taken) < amount * share + 1
