from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook import configuration, placements

BUILT_IN = configuration.defaults().placements


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("amazon_MAIN ", "Amazon main"),
        ("home page-hero", "Homepage hero"),
        ("PDP", "Gallery"),
        ("Newsletter", "Email header"),
        ("facebook ad", "Paid ad"),
    ],
)
def test_a_placement_is_found_by_any_of_its_names(typed, meant):
    """Case, spaces, underscores and hyphens do not count, and other names lead to it."""
    found = placements.find(BUILT_IN, typed)
    assert found is not None and found.name == meant
    assert placements.group(BUILT_IN, typed) == found.group


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Homepage hreo", "Homepage hero"),
        ("emial header", "Email header"),
        ("my gallery 2", "Gallery"),
    ],
)
def test_an_unknown_name_is_answered_with_the_likely_ones(typed, offered):
    """A typing mistake is not found, and what was meant is among the first offers."""
    assert placements.find(BUILT_IN, typed) is None
    assert placements.group(BUILT_IN, typed) == ""
    assert offered in placements.suggestions(BUILT_IN, typed)


def test_nothing_is_offered_for_nothing():
    """An empty or foreign name gets no misleading offer."""
    assert placements.suggestions(BUILT_IN, "") == ()
    assert placements.suggestions(BUILT_IN, "qqq") == ()


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [
        ("4:5", (Decimal(4), Decimal(5))),
        (" 1.91 : 1", (Decimal("1.91"), Decimal(1))),
        ("1,91:1", (Decimal("1.91"), Decimal(1))),
        ("16x9", (Decimal(16), Decimal(9))),
        ("3/2", (Decimal(3), Decimal(2))),
        ("square", None),
        ("0:1", None),
        ("4:5:6", None),
    ],
)
def test_ratios_are_read_as_people_write_them(typed, ratio):
    """Colon, x and slash part width from height; anything else is no ratio."""
    assert placements.parse_ratio(typed) == ratio


@pytest.mark.parametrize(
    ("edge", "ratio", "size"),
    [
        (1200, "1.91:1", (1200, 628)),
        (1350, "4:5", (1080, 1350)),
        (2000, "", (2000, 2000)),
        (1, "9:1", (1, 1)),
    ],
)
def test_the_long_edge_is_kept(edge, ratio, size):
    """The ratio shortens the other side, never below one pixel; no ratio is square."""
    assert placements.size(edge, ratio) == size


@given(st.integers(1, 20_000), st.integers(1, 40), st.integers(1, 40))
def test_a_size_has_its_long_edge_and_its_ratio(edge, width, height):
    """Whatever the ratio, the longer side is the edge and the shorter is off by half a pixel."""
    across, down = placements.size(edge, f"{width}:{height}")
    assert max(across, down) == edge
    assert abs(min(across, down) - edge * min(width, height) / max(width, height)) <= 1
