"""Cells and columns say what `matches` says."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.cell_strategies import TESTS, VALUES
from tierbook.model import text_column
from tierbook.routing.cells import InputCells, float_cut
from tierbook.routing.matching import match
from tierbook.routing.terms import matches
from tierbook.routing.unary import parse


@given(st.lists(TESTS, min_size=1, max_size=6), st.lists(VALUES, max_size=12))
@settings(max_examples=300)
def test_cells_agree_with_matches(tests: list[Any], values: list[Any]) -> None:
    """The table of cells gives every value the answer of the scalar rule."""
    cells = InputCells(tests)
    for value in values:
        answers = [matches(test, value) for test in tests]
        assert cells.accepts[cells.cell_of(value)].tolist() == answers


@given(st.lists(TESTS, min_size=1, max_size=6))
def test_examples_fall_into_their_cell(tests: list[Any]) -> None:
    """The example of a cell passes exactly the tests that accept the cell."""
    cells = InputCells(tests)
    for cell in range(1, cells.size):
        example = cells.example(cell)
        if example is not None:
            answers = [matches(test, example) for test in tests]
            assert cells.accepts[cell].tolist() == answers


COLUMNS = st.one_of(
    st.lists(st.floats(width=64)).map(lambda v: np.array(v, dtype=np.float64)),
    st.lists(st.floats(width=32)).map(lambda v: np.array(v, dtype=np.float32)),
    st.lists(st.sampled_from([0.1, 0.3, 2.5])).map(lambda v: np.array(v, dtype=np.float32)),
    st.lists(st.integers(-128, 127)).map(lambda v: np.array(v, dtype=np.int8)),
    st.lists(st.integers(0, 2**64 - 1)).map(lambda v: np.array(v, dtype=np.uint64)),
    st.lists(st.integers(-25, 25)).map(lambda v: np.array(v, dtype=np.int64)),
    st.lists(st.booleans()).map(lambda v: np.array(v, dtype=bool)),
    st.lists(st.one_of(st.integers(19990, 20490), st.none())).map(
        lambda v: np.array(v, dtype="datetime64[D]").astype("datetime64[ns]")
    ),
    st.lists(st.one_of(st.integers(), st.floats(), st.none())).map(text_column),
    st.lists(VALUES).map(text_column),
)


@given(st.lists(TESTS, min_size=1, max_size=70), COLUMNS)
@settings(max_examples=300)
def test_columns_agree_with_matches(tests: list[Any], column: Any) -> None:
    """Every kind of column gives each row the rules the scalar rule gives it."""
    matched = match([InputCells(tests)], [column], len(column), len(tests))
    for row, value in enumerate(column):
        answers = [matches(test, value) for test in tests]
        assert matched.rules[matched.pattern[row]].tolist() == answers


@pytest.mark.parametrize("bound", ["0.1", "0.1000000000000000055", "1e16", "1e400", "-1e400"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_float_cuts_are_exact(bound: str, dtype: str) -> None:
    """A cut is the least float whose written decimal reaches the bound."""
    for beyond in (False, True):
        cut = float_cut(Decimal(bound), dtype, beyond)
        with np.errstate(over="ignore"):
            below = np.nextafter(cut, np.dtype(dtype).type(-np.inf))
        reaches = [Decimal(str(value)) > Decimal(bound) for value in (cut, below)]
        equal = [Decimal(str(value)) == Decimal(bound) for value in (cut, below)]
        assert reaches[0] or (equal[0] and not beyond) or np.isinf(cut)
        assert not (reaches[1] or (equal[1] and not beyond)) or np.isinf(below)


def test_many_patterns_over_many_rules() -> None:
    """Two hundred rules and thousands of patterns come out as one by one."""
    rng = np.random.default_rng(3)
    lows = rng.integers(0, 1000, 200)
    tests = [parse(f"{low} to {low + 300}") for low in lows]
    column = rng.integers(0, 1500, 100_000)
    other = rng.integers(0, 1500, 100_000)
    cells = InputCells(tests)
    matched = match([cells, cells], [column, other], len(column), 200)
    both = [
        (column >= low) & (column <= low + 300) & (other >= low) & (other <= low + 300)
        for low in lows
    ]
    assert len(matched.rules) > 4096
    assert (matched.rules[matched.pattern] == np.stack(both, axis=1)).all()
