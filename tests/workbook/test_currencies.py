"""Currency signs: which currencies they can stand for, and who settles a shared one."""

import pytest

from tierbook.workbook.currencies import candidates, currencies_in, currency_of
from tierbook.workbook.numbers import money, split_amount
from tierbook.workbook.values import Complaint


@pytest.mark.parametrize(
    ("sign", "own", "code"),
    [
        ("€", "", "EUR"),
        ("zł", "", "PLN"),
        ("грн.", "", "UAH"),
        ("AED", "", "AED"),
        ("$", "", "USD"),
        ("$", "MXN", "MXN"),
        ("kr", "", ""),
        ("kr.", "NOK", "NOK"),
        ("kr", "EUR", ""),
        ("¥", "", ""),
        ("¥", "CNY", "CNY"),
        ("Rs.", "INR", "INR"),
        ("stk", "", ""),
    ],
)
def test_a_shared_sign_is_settled_by_the_shops_own_currency_only(
    sign: str, own: str, code: str
) -> None:
    """A krona may be of four countries and a yen sign of two: nothing is guessed."""
    assert currency_of(sign, own) == code


def test_what_is_no_currency_stays_beside_its_digits() -> None:
    """Pieces and remarks are no money."""
    assert split_amount("1\u00a0299,00 kr") == ("1299,00", "kr")
    assert split_amount("12 pieces") == ("12 pieces", "")
    assert candidates("pieces") == ()


def test_a_shared_sign_in_a_heading_lists_what_it_can_mean() -> None:
    """The warning over a column names every currency it may be in."""
    assert currencies_in("Budget (kr)") == ("SEK", "NOK", "DKK", "ISK")
    assert currencies_in("Budget per image") == ()
    assert "USD" in currencies_in("Budget ($)")


def test_money_in_a_currency_that_may_be_the_books_own_is_not_told() -> None:
    """Yen draw a warning in dollar books, and none where the books are in yen."""
    told = money("")("¥120")
    assert isinstance(told, Complaint)
    assert told.code == "other-currency"
    assert money("", "JPY")("¥120") == 120_000_000
