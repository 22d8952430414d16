"""Cell addresses and the patterns that find them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tierbook.ooxml.ranges import LAST_COLUMN, column_letters, letters_from

_COLUMNS = st.one_of(
    st.integers(1, LAST_COLUMN), st.sampled_from([1, 26, 27, 52, 53, 702, 703, LAST_COLUMN])
)


@given(_COLUMNS, _COLUMNS)
def test_letters_from_fits_a_column_and_all_right_of_it(first: int, other: int) -> None:
    """The pattern fits exactly the letters of columns at or right of the first."""
    fits = re.fullmatch(letters_from(first), column_letters(other).encode()) is not None
    assert fits == (other >= first)
