from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.costing.shop import CHECKED, PRICE_BOOK, TODAY, price_rule
from tierbook.costing.choice import NoPrice
from tierbook.costing.price import SAFETY_FACTOR, Picture, Quote, is_stale, quote

EDIT = Picture(1000, 1000, has_source=True)
NEW = Picture(1000, 1000, has_source=False)


def quoted(choice, picture=EDIT, book=PRICE_BOOK, today=TODAY) -> Quote:
    answer = quote(choice, picture, book, today)
    assert isinstance(answer, Quote), answer
    return answer


def refused(choice, picture=EDIT, book=PRICE_BOOK, today=TODAY) -> NoPrice:
    answer = quote(choice, picture, book, today)
    assert isinstance(answer, NoPrice), answer
    return answer


@pytest.mark.parametrize(
    ("model", "micro_usd"),
    [("flux-2-pro", 45_000), ("flux-2-flex", 100_000), ("flux-2-max", 100_000)],
)
def test_flux_edit_of_one_megapixel_costs_what_its_maker_lists(model, micro_usd):
    """One megapixel in and out: 4.5, 10 and 10 cents."""
    assert quoted(model).micro_usd() == micro_usd


def test_part_megapixels_count_as_whole_ones_where_the_row_says_so():
    """1024 x 1024 is two megapixels of 1,000,000 once rounded up, in and out."""
    assert quoted("flux-2-pro", Picture(1024, 1024, True)).micro_usd() == 75_000


def test_without_a_photo_nothing_is_paid_for_one():
    """The input megapixels are priced only where a photo goes in."""
    assert quoted("flux-2-pro", NEW).micro_usd() == 30_000


def test_tokens_are_priced_from_the_table_and_the_prompt_by_its_bytes():
    """Output and photo tokens from the row, one token for each UTF-8 byte of the prompt."""
    answer = quoted("paint medium 1024x1024")
    assert answer.micro_usd() == 1757 * 30 + 1100 * 8
    assert answer.micro_usd(100) == 1757 * 30 + 1100 * 8 + 500
    assert answer.exactness == "bounded"


def test_a_size_outside_the_token_table_takes_the_dearest_at_least_as_large():
    """1,000 x 1,000 px is not listed: the dearer of both larger rows, and a quarter on top."""
    answer = quoted("paint medium", NEW)
    assert answer.micro_usd() == int(1757 * 30 * SAFETY_FACTOR) + 1
    assert answer.exactness == "estimate"


def test_a_size_beyond_the_token_table_grows_with_its_area():
    """Twice the largest listed area costs twice the dearest row, and a quarter on top."""
    answer = quoted("paint medium", Picture(2048, 1536, False))
    assert answer.micro_usd() == 1757 * 30 * 2 * SAFETY_FACTOR
    assert answer.exactness == "estimate"


@pytest.mark.parametrize(
    ("side", "micro_usd"), [(800, 33_600), (1024, 33_600), (1025, 113_400), (9000, 113_400)]
)
def test_an_unnamed_step_is_the_smallest_that_holds_the_picture(side, micro_usd):
    """Up to 1,024 x 1,024 px the 1K price holds, above it the 4K price."""
    assert quoted("banana", Picture(side, side, True)).micro_usd() == micro_usd


def test_a_named_step_that_is_not_listed_takes_the_next_larger_as_an_estimate():
    """2K lies between 1K and 4K, so 4K bounds it; beyond the largest there is no price."""
    answer = quoted("banana 2K")
    assert answer.micro_usd() == 113_400
    assert answer.exactness == "estimate"
    assert "8k" in refused("banana 8K").reason


def test_an_input_photo_can_have_a_price_of_its_own():
    """A fixed price for the photo is added only where there is one."""
    assert quoted("pro 2K").micro_usd() == 135_100
    assert quoted("pro 2K", NEW).micro_usd() == 134_000


def test_credits_and_seconds_become_dollars():
    """Credits times their worth is exact; seconds at the 95th percentile are an estimate."""
    assert quoted("cut").micro_usd() == 50_000
    assert quoted("cut").exactness == "exact"
    assert quoted("rented").micro_usd() == 12_000
    assert quoted("rented").exactness == "estimate"


def test_a_free_engine_costs_nothing_and_that_is_exact():
    """Pictures made on the seller's own machine cost $0, with a photo or without."""
    for picture in (EDIT, NEW, Picture(0, 0, False)):
        assert quoted("studio", picture).micro_usd() == 0
        assert quoted("studio", picture).exactness == "exact"


def test_a_price_for_the_other_operation_is_an_estimate():
    """A cut-out without a photo yet, and a photo sent to a model priced for none."""
    assert quoted("cut", NEW).exactness == "estimate"
    book = (price_rule("draw", "0.05", operation="generate"),)
    assert quoted("draw", EDIT, book).exactness == "estimate"
    assert quoted("draw", NEW, book).exactness == "exact"


def test_a_model_is_refused_from_its_last_day_with_its_replacement():
    """The day before it works; on the shutdown date it does not."""
    assert quoted("old", today=date(2026, 11, 30)).micro_usd() == 20_000
    answer = refused("old", today=date(2026, 12, 1))
    assert answer.code == "engine-shut-down"
    assert "banana 1K" in answer.reason
    assert answer.row == 30


def test_the_newest_price_in_force_holds():
    """A price of tomorrow does not hold today; of two in force the later one does."""
    book = (
        price_rule("m", "0.01"),
        price_rule("m", "0.02", effective_from=date(2026, 11, 1)),
        price_rule("m", "0.03", effective_from=TODAY + timedelta(days=1)),
    )
    assert quoted("m", book=book).micro_usd() == 20_000
    assert "starts on" in refused("m", book=book[2:]).reason


@pytest.mark.parametrize(
    "rule",
    [
        price_rule("m"),
        price_rule("m", kind="tokens"),
        price_rule("m", kind="credits", details={"credits": "2"}),
        price_rule("m", kind="time", details={"usd_per_s": "2"}),
        price_rule("m", "1", kind="barter"),
        price_rule("m", "-1"),
        price_rule("m", "1", operation="upscale"),
    ],
)
def test_a_row_that_does_not_say_enough_is_no_price(rule):
    """A hole in the price book is never $0."""
    assert refused("m", book=(rule,)).fix


def test_a_price_by_area_needs_a_size():
    """Without pixels a price per megapixel cannot be bounded."""
    assert "size" in refused("flux-2-pro", Picture(0, 0, True)).reason


def test_an_unnamed_quality_is_asked_for():
    """Medium and high differ fourfold, so neither is taken by itself."""
    assert "medium, high" in refused("paint").reason


def test_a_price_is_stale_after_sixty_days():
    """Sixty days are fine, sixty-one are not; free is never stale."""
    rule = price_rule("m", "1")
    assert not is_stale(rule, CHECKED + timedelta(days=60))
    assert is_stale(rule, CHECKED + timedelta(days=61))
    assert not is_stale(PRICE_BOOK[0], CHECKED + timedelta(days=999))


SIDES = st.integers(1, 6000)
PRICES = st.decimals(0, 10, places=9)


@given(PRICES, PRICES, PRICES, SIDES, SIDES, st.integers(0, 3000), st.booleans())
def test_a_larger_picture_or_prompt_never_costs_less(first, extra, photo, w, h, grow, round_up):
    """Prices by area grow with either side and with the prompt, and are never negative."""
    details = {"first_mp": first, "extra_mp": extra, "input_mp": photo, "text_in": "1.5"}
    book = (price_rule("m", kind="megapixel", details={**details, "round_up": int(round_up)}),)
    small = quoted("m", Picture(w, h, True), book)
    large = quoted("m", Picture(w + grow, h, True), book)
    assert 0 <= small.micro_usd(10) <= large.micro_usd(10) <= large.micro_usd(10 + grow)


@given(PRICES, st.decimals(0, 1000, places=6), st.integers(0, 100_000))
def test_amounts_are_the_exact_ones_rounded_up_once(price, text_in, prompt_bytes):
    """The amount is at least the exact one and less than one micro-dollar above it."""
    book = (price_rule("m", str(price), details={"text_in": text_in}),)
    exact = price * 1_000_000 + text_in * prompt_bytes
    amount = Decimal(quoted("m", NEW, book).micro_usd(prompt_bytes))
    assert exact <= amount < exact + 1
