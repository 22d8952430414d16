"""Rows of codes, numbered."""

import numpy as np
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from tierbook.scale.numbering import Packing, first_rows


@given(
    widths=st.lists(st.integers(1, 31), min_size=1, max_size=8),
    batches=st.lists(st.integers(0, 2**32), min_size=1, max_size=4),
)
@how(deadline=None)
def test_equal_rows_have_equal_numbers_in_every_batch(
    widths: list[int], batches: list[int]
) -> None:
    """Numbers stand for rows of codes one to one, across batches and however wide the codes are."""
    packing = Packing(widths)
    known: dict[tuple[int, ...], int] = {}
    for seed in batches:
        chance = np.random.default_rng(seed)
        few = [np.minimum(chance.integers(0, 3, 40) * (1 << w) // 3, (1 << w) - 1) for w in widths]
        before = len(packing)
        numbers = packing.number(few, 40)
        for row, number in zip(zip(*(c.tolist() for c in few), strict=True), numbers, strict=True):
            assert known.setdefault(row, int(number)) == number
        assert sorted(known.values()) == list(range(len(packing)))
        for number, row in enumerate(first_rows(numbers, before, len(packing)), before):
            assert numbers[row] == number
            assert number not in numbers[:row]
