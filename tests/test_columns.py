"""Distinct values of a column."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tierbook.columns import distinct


@given(st.lists(st.integers(-5, 5)))
def test_distinct_agrees_with_a_set(values: list[int]) -> None:
    """Each value comes once, in rising order, whatever the column holds."""
    assert distinct(np.array(values, dtype=np.int64)).tolist() == sorted(set(values))


def test_distinct_loads_no_masked_arrays() -> None:
    """A short run does not pay for a part of NumPy it never uses."""
    code = (
        "import sys, numpy as np; from tierbook.columns import distinct;"
        "distinct(np.array([2, 1, 2])); print('numpy.ma' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "False", printed.stderr
