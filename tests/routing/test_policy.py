"""Policy holds: what a channel or a brand forbids stops before money, and says its source."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tierbook import configuration
from tierbook.model import Configuration, RequestTable, text_column
from tierbook.routing import decide
from tierbook.routing.policy import PolicyHolds, policy_holds

TODAY = date(2026, 11, 24)
BUILT_IN = configuration.defaults()
KEEPS = {"local_studio": False}
# A seller who made Google's pictures 400 px wide, as was allowed once.
SMALL = replace(
    BUILT_IN,
    placements=tuple(
        replace(one, target_px=400, min_px=100) if one.name == "Google Merchant" else one
        for one in BUILT_IN.placements
    ),
)


def holds(
    today: date = TODAY,
    redraws: dict[str, bool] | None = None,
    settings: Configuration = BUILT_IN,
    **row: object,
) -> PolicyHolds:
    columns = {"SKU": "A", "Placement": "Gallery"} | {
        k.replace("_", " "): v for k, v in row.items()
    }
    requests = RequestTable(
        "Requests",
        np.array([2]),
        {heading: text_column([value]) for heading, value in columns.items()},
        {heading: at for at, heading in enumerate(columns, start=1)},
        np.zeros(1, np.bool_),
    )
    decisions, _ = decide(requests, settings)
    return policy_holds(requests, decisions, settings, today, KEEPS if redraws is None else redraws)


def codes(found: PolicyHolds) -> list[str]:
    return [problem.code for problem in found.problems]


def test_a_plain_picture_goes_on() -> None:
    """Nothing is forbidden of a white gallery picture made from a photo."""
    found = holds(Background="white", Source_image="a.jpg")
    assert not found.rows.any()
    assert found.problems == ()


def test_etsy_takes_no_rendering() -> None:
    """An edited photo goes on; an engine that redraws waits, with Etsy's policy as source."""
    assert not holds(Placement="Etsy listing").rows.any()
    found = holds(Placement="Etsy listing", Tier_override=2)
    assert codes(found) == ["etsy-real-item"]
    assert "Etsy listing image policy" in found.reason[0]
    assert "2026-11-23" in found.reason[0]


def test_an_engine_nobody_knows_counts_as_one_that_redraws() -> None:
    """Doubt holds the picture, it does not risk the listing."""
    assert codes(holds(Placement="Etsy listing", redraws={})) == ["etsy-real-item"]


@pytest.mark.parametrize("heading", ["Props", "Human_model"])
def test_a_main_image_shows_the_product_alone(heading: str) -> None:
    """A tier override does not carry props or people past the marketplace's rule."""
    found = holds(Placement="Amazon main", Tier_override=1, **{heading: True})
    assert codes(found) == ["main-image-product-alone"]
    assert "amazon" in found.reason[0]


def test_amazon_shows_clothes_on_a_person() -> None:
    """A rule of the seller's may allow a model for apparel on Amazon, and props never."""
    worn = {"Placement": "Amazon main", "Tier_override": 1, "Category": "Women's Dresses"}
    assert not holds(Human_model=True, **worn).rows.any()
    assert holds(Human_model=True, Props=True, **worn).rows.all()
    assert holds(Human_model=True, **(worn | {"Placement": "Walmart main"})).rows.all()
    assert holds(Human_model=True, **(worn | {"Category": "Dressers"})).rows.all()


def test_an_etsy_listing_is_known_by_its_channel() -> None:
    """A gallery picture whose channel is Etsy is held as a listing is; the shop's ad is not."""
    assert codes(holds(Channel="Etsy", Tier_override=2)) == ["etsy-real-item"]
    assert not holds(Channel="Etsy", Placement="Paid ad").rows.any()


def test_no_photo_of_the_product_holds_it_once_photos_are_spoken_of() -> None:
    """A row without a photo waits beside rows that have one, whatever tier a person chose."""
    assert codes(holds(Photo="no", Tier_override=2)) == ["no-source-photo"]
    assert not holds(Tier_override=2, Background="white").rows.any()


@pytest.mark.parametrize(
    ("today", "needed", "held"),
    [
        (TODAY, None, False),
        (date(2027, 1, 30), None, False),
        (date(2027, 1, 31), None, True),
        (TODAY, date(2027, 3, 1), True),
        (TODAY, date(2026, 12, 24), False),
    ],
)
def test_google_merchant_s_new_size_holds_from_its_day_on(
    today: date, needed: date | None, held: bool
) -> None:
    """Until then it is a warning; a picture needed after that day must keep the rule already."""
    found = holds(today, Placement="Google Merchant", settings=SMALL, Needed_by=needed)
    assert codes(found) == ["google-merchant-size"]
    assert bool(found.rows[0]) is held
    assert "support.google.com" in found.problems[0].message


@pytest.mark.parametrize(
    ("px", "category", "held", "floor"),
    [
        (90, "Mugs", True, "100 x 100"),
        (100, "Mugs", False, "500 x 500"),
        (200, "Apparel & Accessories > Clothing > Shirts", True, "of apparel below 250 x 250"),
        (200, "Home > Dressers", False, "500 x 500"),
        (249, "T-Shirts", True, "250 x 250"),
        (250, "T-Shirts", False, "500 x 500"),
        (240, "Abbigliamento", True, "250 x 250"),
    ],
)
def test_google_merchant_s_floor_of_today_depends_on_the_category(
    px: int, category: str, held: bool, floor: str
) -> None:
    """Apparel needs 250 px already, all else 100; what meets that is warned of the day to come."""
    small = replace(
        SMALL,
        placements=tuple(
            replace(one, target_px=px, min_px=50) if one.name == "Google Merchant" else one
            for one in SMALL.placements
        ),
    )
    found = holds(Placement="Google Merchant", settings=small, Category=category)
    assert bool(found.rows[0]) is held
    assert floor in found.problems[0].message


def test_google_merchant_takes_large_pictures_on_any_day() -> None:
    """Five hundred pixels on the shorter side are enough."""
    assert holds(date(2028, 1, 1), Placement="Google Merchant").problems == ()


def test_a_strict_brand_never_goes_to_an_engine_that_redraws() -> None:
    """The same row goes on with an engine that keeps the product as it is."""
    strict = {"Background": "scene", "Brand_strictness": "high", "Placement": "Lifestyle gallery"}
    assert codes(holds(**strict)) == ["brand-strictness"]
    engine = next(tier.engine for tier in BUILT_IN.tiers if tier.number == 2)
    assert not holds(redraws={engine: False}, **strict).rows.any()


def test_rows_on_hold_or_in_error_are_left_alone() -> None:
    """Nothing is made of them, so nothing is forbidden."""
    assert holds(Action="skip", Placement="Etsy listing", redraws={}).problems == ()


def test_a_problem_names_its_cell() -> None:
    """The seller is led to the cell that has to change."""
    found = holds(Placement="Amazon main", Tier_override=1, Props=True)
    cell = found.problems[0].cell
    assert cell is not None
    assert (cell.row, cell.column) == (2, 4)
