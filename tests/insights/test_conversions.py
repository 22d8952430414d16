"""Conversion: pooled, bounded, and "cannot tell yet" unless there is enough."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tierbook.insights.conversions import (
    Performed,
    between,
    conversion_by_placement,
    conversion_by_tier,
    conversion_of_holdout,
    read_performance,
)
from tierbook.model import TabRows

HEADINGS = ["SKU", "Placement", "Source", "From", "To", "Impressions", "Clicks", "Orders"]


def performance(*rows: list[object]) -> TabRows:
    return TabRows("Performance", [HEADINGS, *rows])  # type: ignore[list-item]


def test_two_small_placements_cannot_be_told_apart() -> None:
    """A few hundred visits hide a difference of a fifth."""
    found = conversion_by_placement(
        [Performed("a", "Gallery", 300, 6), Performed("a", "Email header", 300, 8)]
    )
    assert {one.verdict for one in found} == {"cannot tell yet"}
    assert found[0].needed > 10_000
    assert found[0].comparison.low < found[0].share < found[0].comparison.high


def test_a_large_difference_with_many_visits_is_told() -> None:
    """Twice the rate over thousands of visits is no chance."""
    found = {
        one.label: one.verdict
        for one in conversion_by_placement(
            [Performed("a", "Gallery", 8000, 160), Performed("a", "Email header", 8000, 320)]
        )
    }
    assert found == {"Gallery": "worse", "Email header": "better"}


def test_one_placement_alone_has_nothing_to_be_compared_with() -> None:
    """No verdict without another side."""
    found = conversion_by_placement([Performed("a", "Gallery", 8000, 160)])
    assert found[0].verdict == "nothing to compare with"


@given(
    st.lists(
        st.tuples(st.sampled_from(["Gallery", "gallery ", "Email header", "Swatch"]),
                  st.integers(1, 5000), st.floats(0, 1)),
        max_size=30,
    )
)  # fmt: skip
def test_pooling_loses_no_visit_and_no_order(rows: list[tuple[str, int, float]]) -> None:
    """Spellings of one placement are one group, and all groups together are everything."""
    lines = [Performed("a", place, visits, int(visits * share)) for place, visits, share in rows]
    found = conversion_by_placement(lines)
    assert sum(one.visits for one in found) == sum(one.visits for one in lines)
    assert sum(one.orders for one in found) == sum(one.orders for one in lines)
    assert len(found) <= 3


def test_a_lines_without_clicks_and_more_orders_than_clicks() -> None:
    """No visit says nothing; several orders of one visit count once, and are told."""
    lines, problems = read_performance(
        performance(
            ["A", "Gallery", "Ads", "2026-11-01", "2026-11-30", 900, 0, 3],
            ["A", "Gallery", "Ads", "2026-11-01", "2026-11-30", 900, 10, 12],
            ["B", "Gallery", "Ads", "", "", 900, "many", 1],
        )
    )
    assert [(one.visits, one.orders) for one in lines] == [(10, 10)]
    assert {one.code for one in problems} == {"more-orders-than-visits", "unreadable-setting"}


def test_no_tab_is_no_performance() -> None:
    """A workbook without the tab, or with an empty one, is nothing to complain of."""
    assert read_performance(None) == ((), ())
    assert read_performance(TabRows("Performance", [])) == ((), ())


def test_periods_count_where_they_touch() -> None:
    """A line counts when one of its days is among those looked at, or when it has none."""
    lines = [
        Performed("a", "G", 1, 0, date(2026, 10, 1), date(2026, 11, 1)),
        Performed("b", "G", 1, 0, date(2026, 12, 1), date(2026, 12, 31)),
        Performed("c", "G", 1, 0),
        Performed("d", "G", 1, 0, date(2026, 9, 1)),
    ]
    kept = between(lines, date(2026, 11, 1), date(2026, 11, 30))
    assert [one.sku for one in kept] == ["a", "c"]


def test_tiers_are_compared_within_one_placement_only() -> None:
    """A gallery picture says nothing of an email, and an unknown SKU says nothing at all."""
    lines = [
        Performed("a", "Gallery", 900, 9),
        Performed("b", "Gallery", 900, 90),
        Performed("a", "Email header", 900, 300),
        Performed("gone", "Gallery", 900, 9),
    ]
    found = conversion_by_tier(
        lines, {("a", "gallery"): 1, ("b", "gallery"): 2, ("a", "emailheader"): 2}
    )
    assert {(one.label, one.verdict) for one in found} == {
        ("Gallery, tier 1", "worse"),
        ("Gallery, tier 2", "better"),
    }


def test_the_held_out_stand_beside_the_others() -> None:
    """Two lines, or none where one side has no visits."""
    lines = [Performed("a", "Gallery", 500, 9), Performed("b", "Gallery", 500, 9)]
    assert [one.label for one in conversion_of_holdout(lines, lambda sku: sku == "a")] == [
        "Held out",
        "Others",
    ]
    assert conversion_of_holdout(lines, lambda _: False) == ()
