"""The cost summary: its totals, its formulas' cached values, its charts."""

import re
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierbook.contract import COST_SUMMARY
from tierbook.model import Answers, Settings
from tierbook.workbook.tabs import build_tabs

from . import shop
from .libreoffice import formulas, values

ROWS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 0, -1]),
        st.sampled_from([-1, 0, 1, 39_000, 33_600, 1_399_999, 987_654_321]),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=60,
)


def summary(found: Answers, **more: Any) -> dict[str, object]:
    """Read the cached values of the cost summary by cell."""
    content = shop.workbook(found, shop.grid_of(found), **more)
    return {cell: value for (tab, cell), value in values(content).items() if tab == COST_SUMMARY}


def table(cells: dict[str, object], heading: str) -> dict[str, dict[str, object]]:
    """Read the table under a section heading: first cell of each line -> column -> value."""
    start = next(int(cell[1:]) for cell, value in cells.items() if value == heading)
    lines: dict[str, dict[str, object]] = {}
    row = start + 2
    while f"A{row}" in cells and f"B{row}" in cells:
        lines[str(cells[f"A{row}"])] = {
            column: cells.get(f"{column}{row}") for column in "BCDEFGHIJ"
        }
        row += 1
    return lines


def micro(amount: object) -> int:
    assert isinstance(amount, int | float)
    return round(amount * 1_000_000)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_totals_equal_the_sum_of_the_rows_to_the_micro_dollar(
    rows: list[tuple[int, int, int]],
) -> None:
    """Every table adds up to the bill, and so do its own lines."""
    found = shop.answers(*(list(column) for column in zip(*rows, strict=True)))
    cells = summary(found)
    bill = found.bill
    for heading, label in (("By tier", "Total"), ("By placement", "Total"), ("By engine", "Total")):
        if heading != "By tier" and not (found.decisions.tier > 0).any():
            continue
        lines = table(cells, heading)
        assert micro(lines[label]["D"]) == bill.total()
        assert (
            sum(micro(line["D"]) for name, line in lines.items() if name != label) == bill.total()
        )
        assert lines[label]["B"] == int((found.decisions.tier > 0).sum())
    tiers = table(cells, "By tier")["Total"]
    assert micro(tiers["F"]) == int(bill.redo.sum())
    assert micro(tiers["H"]) == int(bill.review.sum())
    assert micro(tiers["I"]) == int((bill.estimate + bill.redo + bill.review).sum())
    if bill.baseline.sum():
        compared = table(cells, "Routed against one model for everything")["Total"]
        assert micro(compared["C"]) == int(bill.baseline.sum())
        assert micro(compared["E"]) == int((bill.baseline - bill.estimate).sum())


def test_the_first_screen_answers_the_three_questions() -> None:
    """Cost, saving and what waits for the seller stand in the first seven rows."""
    found = shop.answers([1, 1, 2, 0, -1], [20_000, 20_000, 180_000, 0, 0], baseline=500_000)
    found = shop.with_problems(found, 1)
    cells = summary(found)
    assert (cells["A4"], cells["B4"]) == ("What will it cost?", 0.22)
    assert (cells["A5"], cells["B5"]) == ("What does routing save?", 1.28)
    assert cells["C5"] == "85% of what one model for everything would cost (gpt-image-2 medium)"
    assert (cells["A7"], cells["B7"]) == ("What needs you?", 2)
    assert cells["C7"] == "1 in error, 1 on hold: see tab Problems"


def test_a_request_without_a_price_is_told_apart_and_never_free() -> None:
    """It counts as a request, is named as waiting, and adds nothing to the cost."""
    found = shop.answers([1, 2], [20_000, -1])
    cells = summary(found)
    assert cells["C4"] == (
        "for 2 pictures in 2 requests; 1 of them wait and are not in the estimate"
    )
    assert table(cells, "For reference: the article's figures, not yours")["A picture of tier 1"][
        "C"
    ] == pytest.approx(0.02)


def test_an_unknown_baseline_claims_no_saving() -> None:
    """Without a price for one model, the page says so instead of showing zero or a loss."""
    cells = summary(shop.answers([1, 2], [20_000, 180_000], baseline=0))
    assert cells["B5"] == "not known"


def test_small_amounts_keep_their_digits() -> None:
    """A list of a few cents shows them; the stored number is exact."""
    cells = summary(shop.answers([1], [33_600]))
    assert cells["B4"] == 0.0336


def test_the_articles_figures_are_labelled_and_stand_beside_the_sellers_own() -> None:
    """Published prices are never mixed with this list's."""
    found = shop.answers([1, 3], [20_000, 300_000])
    lines = table(summary(found), "For reference: the article's figures, not yours")
    assert [lines[f"A picture of tier {n}"]["B"] for n in (1, 2, 3)] == [0.02, 0.18, 1.4]
    assert [lines[f"A picture of tier {n}"]["C"] for n in (1, 2, 3)] == [0.02, 0, 0.3]


def test_without_a_cap_the_page_says_how_to_set_one() -> None:
    """No chart is drawn against a cap that is not there."""
    found = shop.answers([1], [20_000], settings=Settings())
    content = shop.workbook(found, shop.grid_of(found))
    cells = values(content)
    assert any("No monthly cap is set" in str(value) for value in cells.values())
    assert len(charts(content)) == 3


def test_a_month_is_projected_from_the_sellers_volume() -> None:
    """The projection scales the list's own mean to the pictures a month in Settings."""
    found = shop.answers([1, 1], [20_000, 40_000])
    lines = table(summary(found), "At your volume")
    assert lines["Pictures a month"]["B"] == 1500
    assert lines["Pictures"]["B"] == 45
    assert lines["One model for everything, a month"]["B"] == 255


def charts(content: bytes) -> list[str]:
    package = zipfile.ZipFile(BytesIO(content))
    names = [name for name in package.namelist() if re.match(r"xl/charts/chart\d+\.xml", name)]
    return [package.read(name).decode() for name in names]


def test_charts_carry_titles_units_and_the_numbers_they_draw() -> None:
    """Previewers that do not calculate still draw every series, and name what they draw."""
    content = shop.workbook(found := shop.many(80), shop.grid_of(found))
    drawn = charts(content)
    assert len(drawn) == 4
    for chart in drawn:
        values_cached = re.findall(r"<c:numCache>.*?</c:numCache>", chart, re.S)
        assert len(values_cached) == chart.count("<c:val>") > 0
        assert all("<c:v>" in cache for cache in values_cached)
        assert "<c:title>" in chart
        assert re.search(r"US dollars|Share of all tiers", chart)
    drawing = zipfile.ZipFile(BytesIO(content)).read("xl/drawings/drawing1.xml").decode()
    assert len(re.findall(r'descr="[^"]{20,}"', drawing)) == 4


def test_only_plain_functions_are_used() -> None:
    """Excel 2016, LibreOffice and Google Sheets know every function of the tabs."""
    content = shop.workbook(found := shop.paid(shop.many(80)), shop.grid_of(found))
    used = {name for text in formulas(content).values() for name in re.findall(r"([A-Z]+)\(", text)}
    assert used <= {
        "SUM",
        "IF",
        "SUMIFS",
        "COUNTIFS",
        "SUMPRODUCT",
        "TRIM",
        "ISNUMBER",
        "ROUND",
        "FIXED",
    }


def test_the_same_answers_give_the_same_bytes() -> None:
    """Nothing of the moment or of chance is in the tabs."""
    found = shop.with_problems(shop.many(50), 20)
    twice = [build_tabs(found, shop.NAMES, shop.grid_of(found)) for _ in range(2)]
    assert twice[0] == twice[1]


def test_charts_leave_no_default_to_the_workbook_they_end_up_in() -> None:
    """Labels show amounts alone, without names and keys, beside a seller's newer file version."""
    found = shop.many(80)
    for chart in charts(build_tabs(found, shop.NAMES, shop.grid_of(found))):
        assert chart.count('<c:showSerName val="0"/>') == chart.count('<c:showVal val="1"/>')
        assert chart.count('<c:delete val="0"/>') == 2
        assert not re.findall(r'<c:dLbl><c:idx val="\d+"/>(?!<c:delete val="1"/>)', chart)
        for default in ("roundedCorners", "autoTitleDeleted", "varyColors"):
            assert chart.count(f'<c:{default} val="0"/>') == 1


def test_what_waits_is_told_by_reason_with_a_link_to_the_first_row() -> None:
    """A hundred rows held by one rule are one line, not a hundred."""
    found = shop.answers([0, 1, 0, 2, -1], [0, 20_000, 0, -1, 0])
    content = shop.workbook(found, shop.grid_of(found))
    sheet = openpyxl.load_workbook(BytesIO(content))[COST_SUMMARY]
    lines = [
        (row[0].value, row[1].value, row[2].value, row[2].hyperlink.location)
        for row in sheet.iter_rows(min_row=11, max_row=12)
    ]
    assert lines == [
        ("HOLD", 2, "Marketplaces accept nothing but a white background", "'Requests'!A4"),
        ("HOLD", 1, "No price.", "'Requests'!A7"),
    ]


def test_nothing_priced_draws_nothing() -> None:
    """Charts without a number would look like a fault."""
    found = shop.answers([0, -1], [0, 0])
    assert charts(build_tabs(found, shop.NAMES, shop.grid_of(found))) == []
