from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.configuration.sheets import load, only, tab
from tierbook import configuration, contract
from tierbook.configuration.tabs import TABS
from tierbook.model import CellRef

TIER_HEADER = ("Tier*", "name", "ENGINE", "Redo_rate", "Review minutes", "Monthly cap")


def test_no_tab_at_all_is_the_built_in_configuration():
    """A workbook with only SKUs and placements works."""
    loaded, problems = configuration.load({})
    assert loaded == configuration.defaults()
    assert problems == []
    assert loaded.from_workbook == frozenset()


def test_a_present_tab_replaces_the_built_in_one_and_no_other():
    """One tier in the seller's tab means one tier; placements stay built in."""
    tiers = tab("Tiers", TIER_HEADER, (1.0, "Plain", "local_studio", "5 %", "30 s", "$12.50"))
    loaded, problems = load(tiers)
    assert [t.number for t in loaded.tiers] == [1]
    assert loaded.tiers[0].redo_rate == Decimal("0.05")
    assert loaded.tiers[0].review_minutes == Decimal("0.5")
    assert loaded.tiers[0].monthly_cap == 12_500_000
    assert loaded.tiers[0].row == 2
    assert loaded.placements == configuration.defaults().placements
    assert loaded.from_workbook == {"Tiers"}
    assert problems == []


def test_headings_are_found_under_titles_in_any_order_and_spelling():
    """Title rows, another order, case, underscores and the required mark do not hide a column."""
    rows = [
        ["Our places"],
        [],
        ["CHANNEL", None, "group*", "target_px", "Placement *"],
        ["shop", None, "gallery", "1 800", "Wall"],
    ]
    loaded, problems = load(tab("placements", *rows, first_row=4))
    assert problems == []
    (wall,) = loaded.placements
    assert (wall.name, wall.group, wall.channel, wall.target_px) == (
        "Wall",
        "gallery",
        "shop",
        1800,
    )
    assert wall.row == 7


def test_every_bad_cell_is_reported_with_its_address_and_a_fix():
    """All at once: three bad cells are three problems, each naming cell, value and fix."""
    tiers = tab(
        "Tiers",
        TIER_HEADER,
        (1, "Plain", "local_studio", "lots", "", ""),
        (2, "", "local_studio", "", "", ""),
        (3, "Best", "local_studio", "", "a while", ""),
    )
    loaded, problems = load(tiers)
    ours = [p for p in problems if p.cell and p.cell.sheet == "Tiers"]
    assert [(p.code, p.cell) for p in ours] == [
        ("unreadable-setting", CellRef("Tiers", 2, 4)),
        ("missing-setting", CellRef("Tiers", 3, 2)),
        ("unreadable-setting", CellRef("Tiers", 4, 5)),
    ]
    assert all(p.cell.a1 in p.message and p.fix for p in ours)
    assert [t.number for t in loaded.tiers] == [1, 3]
    assert loaded.tiers[0].redo_rate == 0


def test_a_cap_that_cannot_be_read_allows_no_spending():
    """A typing mistake in a cap must never mean no cap."""
    tiers = tab("Tiers", TIER_HEADER, (1, "Plain", "local_studio", "", "", "1,000"))
    loaded, problems = load(tiers)
    assert loaded.tiers[0].monthly_cap == 0
    assert any("nothing is spent" in p.message for p in problems)
    loaded, problems = load(tab("Settings", ("Setting", "Value"), ("Cap per run", "ten")))
    assert loaded.settings.cap_per_run == 0
    assert "nothing is spent" in only(problems, "unreadable-setting").message


@pytest.mark.parametrize("column", [6, 7, 8, 9])
def test_a_price_that_cannot_be_read_is_no_price(column):
    """Half a price would be too low: the row is left out, so its pictures wait."""
    row = [
        "gemini",
        "Google",
        "nano",
        "edit",
        "1K",
        "tier",
        "0.03",
        "image_in=1",
        "exact",
        "2027-01-01",
    ]
    header = [
        "Engine",
        "Provider",
        "Model",
        "Operation",
        "Size",
        "Kind",
        "Price",
        "Details",
        "Exactness",
        "Shutdown date",
    ]
    row[column] = "?"
    good = ["gemini", "Google", "other", "edit", "1K", "tier", 0.03, "", "", ""]
    loaded, problems = load(tab("Price book", header, row, good))
    assert [rule.model for rule in loaded.price_book] == ["other"]
    assert any(p.cell == CellRef("Price book", 2, column + 1) for p in problems)


def test_a_foreign_tab_of_the_same_name_is_passed_over_and_said_so():
    """A seller's own tab called Settings is not Tierbook's; the built-in one holds."""
    loaded, problems = load(tab("Settings", ("Colour", "Paper"), ("red", "A4")))
    assert loaded.settings == configuration.defaults().settings
    assert only(problems, "no-header").cell == CellRef("Settings")


def test_a_tab_without_a_usable_row_keeps_the_built_in_one():
    """Headings alone are not a price book."""
    loaded, problems = load(tab("Price book", ("Engine", "Provider", "Model", "Kind")))
    assert loaded.price_book == configuration.defaults().price_book
    assert only(problems, "empty-settings-tab").severity == "warning"
    loaded, problems = load(tab("Prompts"))
    assert (loaded.prompts, problems) == (configuration.defaults().prompts, [])


def test_the_first_of_two_rows_of_one_name_counts():
    """Two placements of one name would be a guess; the second is left out and named."""
    header = ("Placement", "Group")
    loaded, problems = load(
        tab("Placements", header, ("Wall", "gallery"), ("wall ", "hero"), ("Door", "ad"))
    )
    assert [(p.name, p.group) for p in loaded.placements] == [("Wall", "gallery"), ("Door", "ad")]
    assert only(problems, "settings-row-twice").cell == CellRef("Placements", 3)


def test_marked_rows_are_for_the_eye():
    """A row that begins with #example or #values is never read."""
    header = ("Template", "Text")
    rows = (("#example name", "{x}"), ("#values", ""), ("Plain", "One."))
    loaded, _ = load(tab("Prompts", header, *rows))
    assert [p.name for p in loaded.prompts] == ["Plain"]


def test_names_that_lead_nowhere_are_pointed_out():
    """A tier's engine without a price and a template that does not exist are found before a run."""
    tiers = tab(
        "Tiers",
        ("Tier", "Name", "Engine", "Fallback engines", "Prompt template"),
        (1, "A", "local_studio", "flux-2-pro, dreams 2K", "No such"),
        (2, "B", "gemini:gemini-3-pro-image 2K", "", ""),
        (3, "C", "no-model high", "", ""),
    )
    _, problems = load(tiers)
    found = sorted((p.code, p.cell.row) for p in problems)
    assert found == [("unknown-engine", 2), ("unknown-engine", 4), ("unknown-template", 2)]


def test_valid_values_are_read_by_their_headings():
    """Lists end at their own last value, and a seller's own word is among them."""
    lists = tab(
        "Valid values",
        ("Our lists",),
        ("Backgrounds", "Channels"),
        ("white", "etsy"),
        ("", "stall"),
    )
    loaded, problems = load(lists)
    assert loaded.valid_values == {"Backgrounds": ("white",), "Channels": ("etsy", "stall")}
    assert problems == []


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=True),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(
        [f.heading for t in TABS for f in t.fields] + ["IF", "THEN", "Hit policy", "#values"]
    ),
)


@given(
    st.dictionaries(
        st.sampled_from(contract.CONFIGURATION_TABS),
        st.lists(st.lists(CELLS, max_size=6), max_size=8),
    )
)
def test_no_workbook_makes_loading_fail(sheets):
    """Whatever the cells hold, loading gives a configuration with tiers, rules and prices."""
    loaded, problems = load(*(tab(name, *rows) for name, rows in sheets.items()))
    assert loaded.tiers and loaded.rubric.rules and loaded.price_book
    assert all(p.message and p.fix for p in problems)


@given(st.data())
def test_no_header_and_body_makes_loading_fail(data):
    """The same under a correct header, where every cell is read by its kind."""
    spec = data.draw(st.sampled_from([t for t in TABS if t.fields]))
    headings = [f.heading for f in spec.fields]
    row = st.lists(CELLS, min_size=len(headings), max_size=len(headings))
    rows = data.draw(st.lists(row, max_size=3))
    loaded, problems = load(tab(spec.name, headings, *rows))
    assert loaded.tiers and loaded.rubric.rules and loaded.price_book
    assert all(p.message and p.fix for p in problems)


def test_the_built_in_tests_go_with_the_built_in_rules():
    """A seller's own rubric is not held to examples nobody wrote for it; their own tests count."""
    rubric = tab("Rubric", ["Rule", "Placement", "Tier"], ["R1", "any", 1])
    tests = tab("Rubric tests", ["Test", "Placement", "Expected tier"], ["mine", "Gallery", 1])
    assert load()[0].rubric_tests
    assert load(rubric)[0].rubric_tests == ()
    assert [test.name for test in load(rubric, tests)[0].rubric_tests] == ["mine"]
