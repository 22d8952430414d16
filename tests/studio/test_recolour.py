"""Colour swaps: the main hue moves, everything else stays."""

import numpy as np
import pytest

from tierbook.studio import colour, recolour

WHOLE = np.full((120, 120), 255, np.uint8)


def shirt(body: tuple[int, int, int], print_colour: tuple[int, int, int]) -> np.ndarray:
    rgb = np.full((120, 120, 3), body, np.uint8)
    shade = np.linspace(0.75, 1.1, 120)[None, :, None]
    rgb = np.clip(rgb * shade, 0, 255).astype(np.uint8)
    rgb[50:70, 40:80] = print_colour
    return rgb


@pytest.mark.parametrize("target", ["#C8202A", "#1C54C4", "#26844A", "#701030"])
def test_the_main_colour_comes_near_the_one_asked_for(target: str) -> None:
    """The middle tone is within CIEDE2000 3 of the target."""
    goal = colour.parse(target)
    assert goal
    swap = recolour.swap(shirt((30, 90, 200), (245, 245, 245)), WHOLE, goal)
    assert swap.off < 3
    assert 0.8 < swap.coverage < 0.98


def test_a_white_print_stays_white() -> None:
    """The logo of a coloured product keeps its exact pixels, away from its edge."""
    before = shirt((30, 90, 200), (245, 245, 245))
    after = recolour.swap(before, WHOLE, (200, 30, 40)).rgb
    assert (after[54:66, 46:74] == before[54:66, 46:74]).all()


def test_the_print_of_a_neutral_product_keeps_its_hue() -> None:
    """Tinting a white shirt leaves its red print red."""
    before = shirt((236, 236, 236), (200, 30, 40))
    swap = recolour.swap(before, WHOLE, (60, 130, 90))
    assert swap.neutral
    assert (swap.rgb[54:66, 46:74] == before[54:66, 46:74]).all()
    assert swap.rgb[10, 60, 1] > swap.rgb[10, 60, 0]


def test_light_and_shade_survive() -> None:
    """The lighter side stays the lighter side, step by step."""
    after = recolour.swap(shirt((30, 90, 200), (245, 245, 245)), WHOLE, (200, 30, 40)).rgb
    row = colour.lab(after)[10, :, 0]
    assert (np.diff(row[::10]) >= 0).all()


def test_the_sellers_region_limits_the_swap() -> None:
    """Outside the region not one pixel changes."""
    before = shirt((30, 90, 200), (245, 245, 245))
    region = np.zeros((120, 120), np.uint8)
    region[:40] = 255
    after = recolour.swap(before, WHOLE, (200, 30, 40), region).rgb
    assert (after[40:] == before[40:]).all()
    assert (after[:40] != before[:40]).any()


def test_a_swap_always_waits_for_a_person() -> None:
    """However well it came out, it warns."""
    swap = recolour.swap(shirt((30, 90, 200), (245, 245, 245)), WHOLE, (200, 30, 40))
    assert [check.verdict for check in recolour.judged(swap, (200, 30, 40))] == ["pass", "warn"]
