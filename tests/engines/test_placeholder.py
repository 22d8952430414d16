"""The placeholder draws a card in the exact size, at no cost."""

import io

import pytest
from PIL import Image

from tierbook.engines.examples import example_order
from tierbook.engines.placeholder import Placeholder
from tierbook.engines.wire import ReadyBytes


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (1200, 300), (300, 2000)])
def test_a_card_has_the_size_that_was_ordered(size: tuple[int, int]):
    """Any size works, with words that fit or fewer of them."""
    made = Placeholder().make(example_order("placeholder", width=size[0], height=size[1]))
    assert isinstance(made, ReadyBytes)
    assert made.actual_cost == 0
    assert Image.open(io.BytesIO(made.content)).size == size


def test_the_card_carries_words():
    """A card of some size is not blank."""
    made = Placeholder().make(example_order("placeholder", width=600, height=600))
    assert isinstance(made, ReadyBytes)
    colours = Image.open(io.BytesIO(made.content)).getcolors(100_000)
    assert colours is not None and len(colours) > 3
