"""Colour arithmetic against published values."""

import numpy as np
import pytest

from tierbook.studio import colour


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_difference_agrees_with_the_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    """CIEDE2000 equals the reference data of its authors to four decimals."""
    assert float(colour.difference(np.array(first), np.array(second))) == pytest.approx(
        expected, abs=1e-4
    )


def test_contrast_of_black_and_white_is_21() -> None:
    """The WCAG ratio has its known extremes, and #767676 on white is the known 4.54."""
    white, black = colour.luminance(np.array([[255] * 3, [0] * 3], np.uint8))
    grey = float(colour.luminance(np.array([118] * 3, np.uint8)))
    assert colour.contrast(float(white), float(black)) == pytest.approx(21)
    assert colour.contrast(grey, float(white)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#1A5CFF", (26, 92, 255)),
        ("fff", (255, 255, 255)),
        (" Navy ", (24, 36, 84)),
        ("purplish", None),
        ("", None),
        ("#12345", None),
    ],
)
def test_colours_are_read_as_sellers_write_them(
    text: str, expected: tuple[int, int, int] | None
) -> None:
    """Hex codes with or without the mark and plain names are read; anything else is None."""
    assert colour.parse(text) == expected
