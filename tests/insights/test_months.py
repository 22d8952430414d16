"""Calendar months: reading, stepping back, and where a moment falls."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.errors import UsageError
from tierbook.insights.months import Month, local_day


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(0, 60))
def test_stepping_back_lands_on_the_month_that_many_before(
    year: int, number: int, back: int
) -> None:
    """The last day of each earlier month is the day before the first of the next."""
    month = Month(year, number)
    assert Month.parse(month.key) == month
    earlier = month.before(back + 1)
    assert earlier.last.toordinal() + 1 == month.before(back).first.toordinal()


@pytest.mark.parametrize("typed", ["2026-13", "2026-00", "November", "2026", "0000-01", ""])
def test_what_is_no_month_is_refused_with_an_example(typed: str) -> None:
    """A slip of the pen must not review another month."""
    with pytest.raises(UsageError) as caught:
        Month.parse(typed)
    assert "2026-11" in caught.value.fix


def test_a_month_to_come_is_refused() -> None:
    """There is nothing to review of next month."""
    with pytest.raises(UsageError):
        Month(2026, 12).not_after(date(2026, 11, 30))
    assert Month(2026, 11).not_after(date(2026, 11, 1)) == Month(2026, 11)


def test_the_seller_s_own_clock_ends_the_month() -> None:
    """Just before midnight in London it is December in Auckland already."""
    moment = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert local_day(moment, "UTC") == date(2026, 11, 30)
    assert local_day(moment, "Pacific/Auckland") == date(2026, 12, 1)
    assert local_day(moment, "America/New_York") == date(2026, 11, 30)
