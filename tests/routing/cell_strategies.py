"""Random tests of the grammar and random values, for property tests."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tierbook.routing.terms import AnyOf, Anything, Day, NoneOf, Number, Within, Word, YesNo

PLAIN = ("solid", "White", "home, garden", "16:9", "Über Straße", "(new)", 'size 8"')
TRICKY = ("not done", "any", "yes", "5000", "007", "5-10", "a;b", "x or y", "2026-11-27")
FORMULAS = ("A1", "f(x)", "- x")
TEXTS = st.one_of(
    st.sampled_from([*PLAIN, *TRICKY, *FORMULAS]),
    st.text(min_size=1, max_size=8).map(lambda s: " ".join(s.split())).filter(bool),
)
NUMBERS = st.one_of(
    st.integers(-20, 20).map(Decimal),
    st.sampled_from(["0.1", "0.3", "2.5", "-0.5", "5000", "1e16", "0.30000000000000004"]).map(
        Decimal
    ),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9),
)
DAYS = st.dates(date(2025, 12, 20), date(2026, 1, 20))
LITERALS = st.one_of(TEXTS.map(Word), NUMBERS.map(Number), DAYS.map(Day), st.booleans().map(YesNo))


@st.composite
def ranges(draw: st.DrawFn) -> Within:
    kind, ends = draw(st.sampled_from([(Number, NUMBERS), (Day, DAYS)]))
    low, high = sorted([draw(ends), draw(ends)])
    if low == high:
        return Within(kind(low), kind(high))
    side = draw(st.sampled_from(["low", "high", "both"]))
    closed = draw(st.booleans()), draw(st.booleans())
    if side == "low":
        return Within(kind(low), None, low_closed=closed[0])
    if side == "high":
        return Within(None, kind(high), high_closed=closed[1])
    return Within(kind(low), kind(high), *closed)


ITEMS = st.lists(st.one_of(LITERALS, ranges()), min_size=1, max_size=4).map(tuple)
TESTS = st.one_of(st.just(Anything()), ITEMS.map(AnyOf), ITEMS.map(NoneOf))
VALUES = st.one_of(
    st.none(),
    st.just(float("nan")),
    st.just(""),
    st.booleans(),
    st.integers(-25, 25),
    st.floats(allow_nan=False),
    st.sampled_from([0.1, 0.3, 0.30000000000000004, 1e16, 5000, 1, True]),
    NUMBERS,
    DAYS,
    TEXTS,
    TEXTS.map(str.upper),
    TEXTS.map(lambda text: f"  {text}\u00a0"),
    NUMBERS.map(str),
    st.sampled_from(["YES", "true", "No", "$5.00", "50%", "1,234.50", "1,234", "2026-01-01"]),
)
