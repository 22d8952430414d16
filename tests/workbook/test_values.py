"""Cells: understood as people type them, or reported; never guessed."""

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.workbook import values
from tierbook.workbook.days import EPOCH_1904, day, day_order
from tierbook.workbook.numbers import decimal_mark, money, parse_number, whole_number
from tierbook.workbook.ratios import ratio
from tierbook.workbook.shown_numbers import shown_number
from tierbook.workbook.values import Complaint, read_column


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,299.00", "1299.00"),
        ("1.299,00", "1299.00"),
        ("3,5", "3.5"),
        ("0,125", "0.125"),
        ("1,299,000", "1299000"),
        ("1.299.000", "1299000"),
        ("1 299,5", "1299.5"),
        ("1\u00a0299", "1299"),
        ("1'299.50", "1299.50"),
        ("-4", "-4"),
        ("\u22124", "-4"),
        (".5", "0.5"),
        ("12345,678", "12345.678"),
    ],
)
def test_numbers_with_one_meaning_are_read(typed: str, meant: str) -> None:
    """Commas, points, spaces and apostrophes are told apart by where they stand."""
    assert parse_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1,299", "1.299", "-12,500"])
def test_a_number_with_two_meanings_is_reported(typed: str) -> None:
    """A single group of three digits is a thousand or a fraction; the fix names both."""
    found = parse_number(typed)
    assert isinstance(found, Complaint)
    assert found.code == "two-meanings"
    assert found.fix.count(" or ") == 1


def test_the_rest_of_a_column_settles_a_comma() -> None:
    """`1,299` is a fraction beside `3,5`, and thousands beside `2.50`."""
    assert decimal_mark(["3,5", "1,299", 7.0]) == ","
    assert parse_number("1,299", ",") == Decimal("1.299")
    assert parse_number("1,299", decimal_mark(["2.50"])) == Decimal(1299)
    assert decimal_mark(["3,5", "2.50"]) == "", "a column of both settles nothing"


def test_a_whole_number_needs_no_such_help() -> None:
    """1.2 pixels mean nothing, so `1,200` and `1.200 px` are twelve hundred."""
    pixels = whole_number(16, 20_000, "px")
    assert [pixels(typed) for typed in ("1,200", "1.200", "2400px", 1600.0)] == [
        1200,
        1200,
        2400,
        1600,
    ]
    assert isinstance(pixels("12,5"), Complaint)
    assert isinstance(pixels(5), Complaint)


@pytest.mark.parametrize("typed", ["n/a", "1,2,3", "12-5", "1..5", "five", "1,23,456.7", ""])
def test_what_is_no_number_is_reported(typed: str) -> None:
    """Nothing is stripped from a text until a number is left."""
    assert isinstance(parse_number(typed), Complaint)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_grouped_numbers_come_back(whole: int, cents: int) -> None:
    """Any amount with two decimals reads the same in English and in German spelling."""
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english) == parse_number(german) == Decimal(f"{whole}.{cents:02d}")


@given(st.text(max_size=12))
def test_number_reading_never_fails(typed: str) -> None:
    """Any text gives a number or a complaint."""
    assert isinstance(parse_number(typed), Decimal | Complaint)
    money("")(typed)


def test_money_is_read_and_never_converted() -> None:
    """Dollars are exact micro-dollars; another currency is read at face value with a warning."""
    read = money(decimal_mark(["0,50 €"]))
    assert money("")("$0.0336") == 33_600
    assert money("")("1.40 USD") == 1_400_000
    assert money("")(0.18) == 180_000
    euros = read("0,50 €")
    assert (euros.severity, euros.value) == ("warning", 500_000)
    assert isinstance(money("")("-1.00"), Complaint)
    assert isinstance(money("")("about 2"), Complaint)


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "Ja",
        "OUI",
        "sí",
        "Sì",
        "sim",
        "tak",
        "Evet",
        "да",
        "так",
        "はい",
        "是",
        "x",
        "✓",
        True,
        1.0,
        "1",
        "ＹＥＳ",
        " yes\u00a0",
    ],
)
def test_yes_in_many_languages(word: Any) -> None:
    """Every language of the alias table can say yes."""
    assert values.yes_no(word) is True


@pytest.mark.parametrize(
    "word",
    ["no", "Nein", "non", "não", "nee", "nie", "Hayır", "нет", "ні", "いいえ", "否", False, 0.0],
)
def test_no_in_many_languages(word: Any) -> None:
    """And every one can say no."""
    assert values.yes_no(word) is False


def test_maybe_is_reported() -> None:
    """A word for neither is an error."""
    assert values.yes_no("maybe").code == "no-yes-or-no"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("16:9", "16:9"),
        ("16 x 9", "16:9"),
        ("4×5", "4:5"),
        ("1.91:1", "1.91:1"),
        ("4-5", "4:5"),
        ("16：9", "16:9"),
        ("1080x1350", "4:5"),
        ("1080 / 1080", "1:1"),
        ("square", "1:1"),
        (time(16, 9), "16:9"),
        (time(4, 5), "4:5"),
        (time(1, 1), "1:1"),
        (timedelta(hours=32, minutes=9), "32:9"),
        (969 / 1440, "16:9"),
        ("1,91:1", "1.91:1"),
    ],
)
def test_aspect_ratios_survive_excel(typed: Any, meant: str) -> None:
    """A ratio typed into a spreadsheet comes back, also from the time Excel made of it."""
    assert ratio(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [datetime(2026, 5, 4), date(2026, 4, 5), time(1, 0), time(16, 9, 30), 0.8, "wide", "0:5"],  # noqa: DTZ001 - cells know no time zone
)
def test_a_lost_ratio_is_reported(typed: Any) -> None:
    """`4-5` turned into a date, or a number, is never taken for a ratio; the fix says Text."""
    found = ratio(typed)
    assert isinstance(found, Complaint)
    assert "Text" in found.fix


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("3.12.2026", date(2026, 12, 3)),
        (46_359.0, date(2026, 12, 3)),
        ("24/12/2026", date(2026, 12, 24)),
        ("12/24/2026", date(2026, 12, 24)),
        ("2026年12月3日", date(2026, 12, 3)),
        ("3 Dec 2026", date(2026, 12, 3)),
        (datetime(2026, 12, 3, 9), date(2026, 12, 3)),  # noqa: DTZ001 - cells know no time zone
        ("5/5/2026", date(2026, 5, 5)),
    ],
)
def test_dates_with_one_meaning_are_read(typed: Any, meant: date) -> None:
    """ISO, dotted, serial and spelled dates are read."""
    assert day()(typed) == meant


def test_a_slashed_date_needs_its_column() -> None:
    """`3/4/2026` is reported alone and read beside `24/12/2026`."""
    assert day()("3/4/2026").code == "two-meanings"
    assert day(day_order(["24/12/2026"]))("3/4/2026") == date(2026, 4, 3)
    assert day(day_order(["12/24/2026"]))("3/4/2026") == date(2026, 3, 4)


def test_serial_dates_follow_the_books_epoch() -> None:
    """A workbook that counts from 1904 is four years and a day off the others."""
    assert day(epoch=EPOCH_1904)(44_897.0) == date(2026, 12, 3)


@pytest.mark.parametrize("typed", ["31.02.2026", "soon", 12.0, math.inf, "2026-13-01"])
def test_what_is_no_date_is_reported(typed: Any) -> None:
    """An impossible day is an error, not an exception."""
    assert day()(typed).code == "no-date"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("00123", "00123"),
        (" A-1\u00a0", " A-1\u00a0"),
        (123.0, "123"),
        (8_806_091_234_567.0, "8806091234567"),
        ("12345678901234567", "12345678901234567"),
        ("1E10", "1E10"),
        (12.5, "12.5"),
        (True, "TRUE"),
    ],
)
def test_skus_survive(typed: Any, meant: str) -> None:
    """A SKU is the text that was typed; whole numbers lose their `.0` and nothing else."""
    assert values.sku(typed) == meant


@pytest.mark.parametrize(
    "typed", ["1.2E+11", "8,80609E+12", 1.2e11, 1.2345678901234567e16, date(2026, 2, 1), time(1, 2)]
)
def test_a_ruined_sku_is_reported_and_never_repaired(typed: Any) -> None:
    """What Excel made of a long number or a date is an error."""
    assert values.sku(typed).code == "sku-changed"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (123.0, "00000", "00123"),
        (123456.0, "000-000", "123-456"),
        (7.0, '"A-"000', "A-007"),
        (1234567.0, "000\\-000", "1234-567"),
        (5.0, "0", 5.0),
        (5.5, "0000", 5.5),
        (1234.0, "#,##0", 1234.0),
        (1.2e11, "0.00E+00", "1.20E+11"),
        (3.0, "0.00", 3.0),
        (12.0, "@", 12.0),
    ],
)
def test_number_formats_give_zeros_back(value: float, code: str, shown: Any) -> None:
    """A number shown as 00123 is the SKU 00123; other formats change nothing."""
    assert shown_number(value, code) == shown


def test_equal_values_of_other_kinds_stay_apart() -> None:
    """True, 1 and 1.0 are one dictionary key, and three different cells."""
    column, _ = read_column([True, 1, 1.0, "1"], values.text)
    assert column == ["TRUE", "1", "1", "1"]


def test_a_column_reports_each_bad_cell() -> None:
    """A word that is bad twice is reported twice, and blanks are not reported."""
    column, complaints = read_column(["yes", "maybe", "", "maybe", "\u00a0"], values.yes_no)
    assert column == [True, None, None, None, None]
    assert [index for index, _ in complaints] == [1, 3]


def test_tiers_are_named_or_numbered() -> None:
    """`2`, `Tier 2` and a tier's name are the same; an unknown one is reported."""
    read = values.tier({"1": 1, "2": 2, "lifestyle": 2})
    assert [read(typed) for typed in (2.0, "2", "Tier 2", "LIFESTYLE")] == [2, 2, 2, 2]
    assert read("7").code == "unknown-tier"
    assert read(True).code == "unknown-tier"
