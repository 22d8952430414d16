from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.configuration.cells import Unreadable, number, read, text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("$0.0336", "0.0336"),
        ("0,0336", "0.0336"),
        ("12,5", "12.5"),
        ("1,204.50", "1204.50"),
        ("1.204,50", "1204.50"),
        ("1,234,567", "1234567"),
        ("1 200 €", "1200"),
        ("1\u00a0200", "1200"),
        ("1’200", "1200"),
        ("US$ 3", "3"),
        ("2000 px", "2000"),
        ("-5", "-5"),
        (0.1, "0.1"),
        (7, "7"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, meant):
    """Currency signs, units, spaces and both decimal marks do not hinder a number."""
    assert number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["12,500", "1,234", "-1,000"])
def test_a_comma_with_two_meanings_is_never_guessed(typed):
    """`12,500` is twelve thousand to one seller and twelve and a half to another."""
    with pytest.raises(Unreadable) as raised:
        number(typed)
    assert " or " in raised.value.fix


@pytest.mark.parametrize(
    "typed", ["n/a", "1.2.3,4,5", "--5", "five", True, date(2026, 1, 1), float("nan")]
)
def test_what_is_no_number_is_said_so(typed):
    """Words, dates, yes and NaN do not become numbers."""
    with pytest.raises(Unreadable):
        number(typed)


@given(st.decimals("0.0001", "999999", places=4, allow_nan=False, allow_infinity=False))
def test_every_way_of_writing_an_amount_is_the_same_amount(amount):
    """Point or comma decimals with grouping, and a currency sign, read back as written."""
    english = f"${amount:,.4f}"
    german = english.replace(",", " ").replace(".", ",").strip("$") + " €"
    assert number(english) == number(german) == amount
    assert read("money", english) == int(amount * 1_000_000)


@given(st.floats(0, 1e9, allow_nan=False))
def test_a_float_is_the_number_the_seller_typed(value):
    """0.1 stays 0.1, not the binary fraction nearest to it."""
    assert str(number(value)) == repr(value) or number(value) == Decimal(repr(value))


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        ("percent", "15 %", Decimal("0.15")),
        ("percent", 15, Decimal("0.15")),
        ("percent", 0.15, Decimal("0.15")),
        ("percent", "1%", Decimal("0.01")),
        ("percent", 1, Decimal(1)),
        ("minutes", "2 min", Decimal(2)),
        ("minutes", "90 s", Decimal("1.5")),
        ("minutes", "1 h", Decimal(60)),
        ("minutes", "1,5", Decimal("1.5")),
        ("minutes", 2.5, Decimal("2.5")),
        ("whole", "2,000", 2000),
        ("whole", 4.0, 4),
        ("money", 0.0000001, 1),
        ("date", "2026-11-23", date(2026, 11, 23)),
        ("date", "23.11.2026", date(2026, 11, 23)),
        ("date", "23 Nov 2026", date(2026, 11, 23)),
        ("date", datetime.fromisoformat("2026-11-23T08:30"), date(2026, 11, 23)),
        ("date", 46349.0, date(2026, 11, 23)),
        ("yes_no", "Yes", True),
        ("yes_no", "FALSE", False),
        ("yes_no", 1, True),
        ("texts", "a, b;c\nd,", ("a", "b", "c", "d")),
        ("pairs", "text_in=5; Image_out = 30", {"text_in": Decimal(5), "image_out": Decimal(30)}),
        ("text", 5.0, "5"),
        ("cell", "  any ", "any"),
    ],
)
def test_each_kind_of_cell_reads_what_people_type(kind, typed, meant):
    """The kinds a column may have, each with the spellings it must take."""
    assert read(kind, typed) == meant


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("percent", "150 %"),
        ("percent", 250),
        ("money", "-1"),
        ("whole", "1.5"),
        ("whole", -3),
        ("date", "11/12/2026"),
        ("date", "soon"),
        ("date", float("nan")),
        ("date", float("inf")),
        ("yes_no", "maybe"),
        ("pairs", "text_in"),
        ("pairs", "text_in=cheap"),
        ("minutes", "a while"),
    ],
)
def test_what_a_kind_cannot_mean_is_unreadable(kind, typed):
    """Amounts below zero, more than 100 %, and dates with two meanings are refused with a fix."""
    with pytest.raises(Unreadable) as raised:
        read(kind, typed)
    assert raised.value.fix


def test_whole_numbers_are_spelled_without_point():
    """A spreadsheet hands 1 over as 1.0; a rule or a tier is still called 1."""
    assert [text(v) for v in (1.0, 1.5, True, None, date(2026, 1, 2), " a ")] == [
        "1",
        "1.5",
        "yes",
        "",
        "2026-01-02",
        "a",
    ]
