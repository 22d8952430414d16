"""How an order's words become an operation."""

from collections.abc import Mapping

import pytest

from tierbook.engines.wire import PictureOrder
from tierbook.model import CellValue, Placement
from tierbook.studio import choose, ordering


def order(
    facts: Mapping[str, CellValue], lane: str = "standard", operation: str = "", group: str = ""
) -> PictureOrder:
    return PictureOrder(
        request_key="k",
        model="local_studio",
        quality="",
        size="",
        operation=operation,
        prompt="",
        avoid="",
        width=400,
        height=400,
        aspect_ratio="1:1",
        candidate=1,
        seed=1,
        source=None,
        placement=Placement("P", group) if group else None,
        facts=facts,
        lane=lane,
    )


@pytest.mark.parametrize(
    ("facts", "lane", "group", "expected"),
    [
        ({"Background": "white"}, "fast", "", "cutout"),
        ({"Background": "brand"}, "standard", "", "cutout"),
        ({"Background": "solid"}, "standard", "", "cutout"),
        ({}, "fast", "", "cutout"),
        ({"Background": "scene"}, "standard", "", "scene"),
        ({}, "standard", "", "scene"),
        ({}, "standard", "hero", "draft"),
        ({}, "review", "", "draft"),
        ({"Background": "white"}, "review", "", "draft"),
        ({"Tier": 3}, "standard", "", "draft"),
        ({"Tier": "2"}, "review", "", "scene"),
        ({"Scene notes": "mockup on a mug"}, "standard", "", "mockup"),
        ({"Mockup": "tote"}, "standard", "", "mockup"),
    ],
)
def test_tier_background_and_placement_choose(
    facts: dict[str, CellValue], lane: str, group: str, expected: str
) -> None:
    """One colour is a cut-out, hero work a draft, a named blank a mockup, the rest a scene."""
    assert choose(order(facts, lane, group=group)) == expected


def test_the_price_books_operation_wins() -> None:
    """An operation the order names is not second-guessed; a foreign word is passed over."""
    assert choose(order({"Background": "white"}, operation="scene")) == "scene"
    assert choose(order({"Background": "white"}, "fast", operation="generate")) == "cutout"


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"Scene notes": "Mock-up on a T-shirt, front"}, "tshirt"),
        ({"Scene notes": "mockup", "Product name": "Spring poster A3"}, "poster"),
        ({"Scene notes": "mockup", "Category": "Business cards"}, "business-card"),
        ({"Mockup": "my-own-cup-photo"}, "mug"),
        ({"Mockup": "cap front"}, "cap front"),
        ({"Scene notes": "a mug on a table"}, ""),
    ],
)
def test_the_blank_is_found_by_words(facts: dict[str, CellValue], name: str) -> None:
    """Notes, then name and category say which blank; a foreign name is a folder of the seller's."""
    assert ordering.mockup_name(order(facts)) == name


@pytest.mark.parametrize(
    ("facts", "colour"),
    [
        ({"Colour swap": "#C8202A"}, "#C8202A"),
        ({"Scene notes": "recolour to red"}, "red"),
        ({"Scene notes": "please change color to #1A5CFF"}, "#1A5CFF"),
        ({"Scene notes": "red wall behind"}, ""),
    ],
)
def test_a_colour_swap_is_asked_for_in_words(facts: dict[str, CellValue], colour: str) -> None:
    """Only a clear wish changes a product's colour."""
    assert ordering.swap_colour(order(facts)) == colour
