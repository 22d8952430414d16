"""The grammar of a rubric cell."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.cell_strategies import TESTS
from tierbook.errors import RubricError
from tierbook.routing.terms import AnyOf, Anything, Day, NoneOf, Number, Within, Word, YesNo
from tierbook.routing.unary import UnreadableCell, parse, spell


def number(text: str) -> Number:
    return Number(Decimal(text))


BELOW_3 = Within(None, number("3"), True, False)
NOVEMBER_1, NOVEMBER_30 = date(2026, 11, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "-", "–", "—", "any", " ANY ", float("nan"), pd.NA, pd.NaT]
)
def test_open_cells(cell: object) -> None:
    """Blank, a dash and `any` leave an input open."""
    assert parse(cell) == Anything()


@pytest.mark.parametrize(
    ("cell", "test"),
    [
        ("solid", AnyOf((Word("solid"),))),
        ("hero,  Campaign  banner", AnyOf((Word("hero"), Word("Campaign banner")))),
        ('"home, garden", kitchen', AnyOf((Word("home, garden"), Word("kitchen")))),
        ('"say ""hi"""', AnyOf((Word('say "hi"'),))),
        ("“quoted”", AnyOf((Word("quoted"),))),
        ('12" vinyl', AnyOf((Word('12" vinyl'),))),
        ("not scene", NoneOf((Word("scene"),))),
        ("not(a, b)", NoneOf((Word("a"), Word("b")))),
        ("NOT (a, b)", NoneOf((Word("a"), Word("b")))),
        ("not a, b", NoneOf((Word("a"), Word("b")))),
        ("!= 5", NoneOf((number("5"),))),
        ("<> red", NoneOf((Word("red"),))),
        ("= red", AnyOf((Word("red"),))),
        ("= 4", AnyOf((number("4"),))),
        (">= 5000", AnyOf((Within(number("5000"), None),))),
        ("≥5000", AnyOf((Within(number("5000"), None),))),
        (
            "< 3, > 7",
            AnyOf((Within(None, number("3"), True, False), Within(number("7"), None, False))),
        ),
        ("<5,>=10", AnyOf((Within(None, number("5"), True, False), Within(number("10"), None)))),
        ("100 to 5000", AnyOf((Within(number("100"), number("5000")),))),
        ("[1..5]", AnyOf((Within(number("1"), number("5")),))),
        ("(1..5]", AnyOf((Within(number("1"), number("5"), False),))),
        ("]1..5]", AnyOf((Within(number("1"), number("5"), False),))),
        ("[1..5)", AnyOf((Within(number("1"), number("5"), True, False),))),
        ("]1..5[", AnyOf((Within(number("1"), number("5"), False, False),))),
        ("not([1..5], 9)", NoneOf((Within(number("1"), number("5")), number("9")))),
        ("yes", AnyOf((YesNo(True),))),
        ("False", AnyOf((YesNo(False),))),
        ("$0.50", AnyOf((number("0.5"),))),
        ("<= $1,500", AnyOf((Within(None, number("1500")),))),
        ("50%", AnyOf((number("0.5"),))),
        ("5,000", AnyOf((number("5000"),))),
        (">= 5,000", AnyOf((Within(number("5000"), None),))),
        ("1,000 to 5,000", AnyOf((Within(number("1000"), number("5000")),))),
        ("100, 200", AnyOf((number("100"), number("200")))),
        ("00123", AnyOf((Word("00123"),))),
        ("16:9", AnyOf((Word("16:9"),))),
        ("face to face", AnyOf((Word("face to face"),))),
        ("2026-11-27", AnyOf((Day(date(2026, 11, 27)),))),
        (
            "2026-11-01 to 2026-12-24",
            AnyOf((Within(Day(date(2026, 11, 1)), Day(date(2026, 12, 24))),)),
        ),
        ("< 2026-12-01", AnyOf((Within(None, Day(date(2026, 12, 1)), True, False),))),
        ('date("2026-11-01")', AnyOf((Day(NOVEMBER_1),))),
        ('@"2026-11-01"', AnyOf((Day(NOVEMBER_1),))),
        ("date(2026, 11, 1), date(2026,11,30)", AnyOf((Day(NOVEMBER_1), Day(NOVEMBER_30)))),
        ('not(date( "2026-11-01" ))', NoneOf((Day(NOVEMBER_1),))),
        ('> date("2026-11-01")', AnyOf((Within(Day(NOVEMBER_1), None, False),))),
        (
            '[date("2026-11-01") .. date("2026-11-30"))',
            AnyOf((Within(Day(NOVEMBER_1), Day(NOVEMBER_30), True, False),)),
        ),
        ('"date(2026, 11, 1)"', AnyOf((Word("date(2026, 11, 1)"),))),
        ("＞＝ ５００", AnyOf((Within(number("500"), None),))),
        ("白，黒", AnyOf((Word("白"), Word("黒")))),
        ('"白，黒"', AnyOf((Word("白，黒"),))),
        (True, AnyOf((YesNo(True),))),
        (1, AnyOf((number("1"),))),
        (np.int64(1), AnyOf((number("1"),))),
        (np.bool_(True), AnyOf((YesNo(True),))),
        (pd.Timestamp("2026-11-01"), AnyOf((Day(NOVEMBER_1),))),
        (0.1, AnyOf((number("0.1"),))),
        (date(2026, 11, 27), AnyOf((Day(date(2026, 11, 27)),))),
        (datetime(2026, 11, 27), AnyOf((Day(date(2026, 11, 27)),))),  # noqa: DTZ001  as a sheet holds it
    ],
)
def test_forms(cell: object, test: object) -> None:
    """Every spelling a seller or a DMN tool uses reads as the test it means."""
    assert parse(cell) == test


@pytest.mark.parametrize(
    ("cell", "word_of_fix"),
    [
        ("=SUM(A1:A3)", "quote"),
        ("=A1+B2", "value itself"),
        ('starts with(?, "a")', "quote"),
        ("date(today)", "quote"),
        ('date("2026-02-30")', "year-month-day"),
        ("100〜500", "5 to 10"),
        ("*", "blank"),
        ("白、黒", "commas"),
        ("? > 5", "value itself"),
        ("5000 * 2", "result"),
        ("5-10", "5 to 10"),
        ("5 – 10", "5 to 10"),
        ("5000+", ">="),
        ("27.11.2026", "year-month-day"),
        ("11/27/2026", "year-month-day"),
        ("2026-02-30", "year-month-day"),
        ("a; b", "commas"),
        ("white or solid", "commas"),
        ("5 or more", "commas"),
        ("> red", "number"),
        (">= 2400 px", "number"),
        (">= 5 and <= 10", "number"),
        ("100 to 5ooo", "number"),
        ("x > 5", "sign first"),
        ("5 to 1", "smaller"),
        ("(5..5]", "smaller"),
        ("5 to 2026-01-01", "two numbers"),
        ("1..5", "1 to 5"),
        ("[1..5", "[1..5]"),
        ("100,200", "100200"),
        (">= 0,5", "point"),
        ("a,,b", "comma"),
        ("a,", "comma"),
        ("a, any", "blank"),
        ("a, not b", "not(...)"),
        ("a, != b", "not(a, b)"),
        ("Mug (big, red)", "quotes"),
        ('"open', "quotes"),
        ('""', "blank"),
        (">=", "number"),
        ("=", "value"),
        (datetime(2026, 11, 27, 14, 30), "date alone"),  # noqa: DTZ001  as a sheet holds it
        (float("inf"), "number"),
        (["a"], "text"),
    ],
)
def test_refused(cell: object, word_of_fix: str) -> None:
    """What a cell cannot mean is refused with what to type, not taken as a word that never fits."""
    with pytest.raises(UnreadableCell) as refused:
        parse(cell)
    assert word_of_fix in refused.value.fix
    assert isinstance(refused.value, RubricError)


@given(TESTS)
@settings(max_examples=400)
def test_round_trip(test: object) -> None:
    """What is spelled reads back as the same test, whatever the words hold."""
    assert parse(spell(test)) == test  # type: ignore[arg-type]


@given(st.text(max_size=30))
@settings(max_examples=400)
def test_any_text(text: str) -> None:
    """Any text is read or refused with a fix; nothing else is ever raised."""
    try:
        test = parse(text)
    except UnreadableCell as refused:
        assert refused.fix
    else:
        assert parse(spell(test)) == test
