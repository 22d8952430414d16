from decimal import Decimal

import pytest

from tests.configuration.sheets import load, only, tab
from tierbook import configuration
from tierbook.configuration.tabs import SETTING_LINES
from tierbook.model import CellRef, Settings

HEADER = ("Setting", "Value", "Note")


def test_a_line_changes_its_setting_and_an_empty_value_keeps_the_built_in_one():
    """Each kind of setting, by its label in any spelling."""
    loaded, problems = load(
        tab(
            "Settings",
            HEADER,
            ("Brand_name", "Nordlicht", ""),
            ("brand colours", "#1F3A5F, #F4EDE4", ""),
            ("Cap per run", "$7.50", ""),
            ("Cap per month", None, ""),
            ("Cap per run, tier 3", 2.0, ""),
            ("Router", "Scorecard", ""),
            ("Time zone", "Europe/Berlin", ""),
            ("Hero share", 0.2, ""),
            ("holdout_share", "10 %", ""),
            ("Pictures per month", "1,200", ""),
        )
    )
    assert problems == []
    got, built_in = loaded.settings, configuration.defaults().settings
    assert (got.brand_name, got.brand_colours) == ("Nordlicht", ("#1F3A5F", "#F4EDE4"))
    assert (got.cap_per_run, got.cap_per_tier) == (7_500_000, {3: 2_000_000})
    assert got.cap_per_month == built_in.cap_per_month
    assert (got.router, got.time_zone, got.hero_share) == (
        "scorecard",
        "Europe/Berlin",
        Decimal("0.2"),
    )
    assert got.pictures_per_month == 1200
    assert (got.holdout_share, built_in.holdout_share) == (Decimal("0.1"), 0)
    assert got.baseline_engine == built_in.baseline_engine


def test_a_line_that_no_setting_declares_is_kept():
    """A seller's own lines are no mistakes, and the record of a learned router is read from one."""
    loaded, problems = load(tab("Settings", HEADER, ("Tone", "warm", "")))
    assert (loaded.settings.others, problems) == ({"Tone": "warm"}, [])


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Router", "best"),
        ("Time zone", "Berlin"),
        ("Time zone", "../etc/passwd"),
        ("Hero share", "300 %"),
        ("Holdout share", "yes"),
    ],
)
def test_a_value_that_cannot_be_used_keeps_the_built_in_one(label, value):
    """Nothing stops: the built-in value holds and the cell is named."""
    loaded, problems = load(tab("Settings", HEADER, (label, value, "")))
    assert loaded.settings == configuration.defaults().settings
    assert only(problems, "unreadable-setting").cell == CellRef("Settings", 2, 2)


def test_every_setting_has_a_line():
    """A field of Settings that no line fills could never be set by a seller.

    Two are not set but kept: lines nobody declared, and who named the router.
    """
    lines = {
        "cap_per_tier" if one.name.startswith("cap_tier_") else one.name for one in SETTING_LINES
    }
    assert lines == set(Settings.__dataclass_fields__) - {"others", "router_said_by"}


def test_a_cap_that_only_reads_as_empty_counts_as_nothing():
    """A cap whose formula has no stored result must not fall back to the built-in cap."""
    from dataclasses import replace

    written = tab("Settings", ("Setting", "Value"), ("Cap per run", None))
    loaded, problems = load(replace(written, voids={(2, 2): ""}))
    assert loaded.settings.cap_per_run == 0
    assert "formula" in only(problems, "unreadable-setting").message


def test_a_label_that_is_nearly_a_setting_is_said():
    """`Cap per runs` sets no cap; the seller has to hear it before money is at stake."""
    _, problems = load(
        tab("Settings", ("Setting", "Value"), ("Cap per runs", 5), ("Shop tone", "dry"))
    )
    assert '"Cap per run"' in only(problems, "unknown-setting").fix
