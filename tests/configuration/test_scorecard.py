from tests.configuration.sheets import load, only, tab
from tierbook.model import CellRef

HEADER = ("Attribute", "Test", "Points", "Tier", "Why")


def test_points_and_totals_are_told_apart():
    """A line on Total points earns a tier; every other line gives points."""
    loaded, problems = load(
        tab(
            "Scorecard",
            HEADER,
            ("Margin %", ">= 50", "-2,5", "", "thin"),
            ("total points", ">= 60", "", 3.0, ""),
            ("Total points", "25 to 60", "", "2", ""),
            ("Total points", "< 25", "", 1, ""),
        )
    )
    assert problems == []
    (line,) = loaded.scorecard.lines
    assert (line.attribute, line.test, line.points, line.row) == ("Margin %", ">= 50", -2.5, 2)
    bands = [(b.low, b.high, b.tier) for b in loaded.scorecard.bands]
    assert bands == [(None, 25.0, 1), (25.0, 60.0, 2), (60.0, None, 3)]


def test_totals_that_leave_a_gap_or_overlap_are_pointed_out():
    """No total may have no tier, or two."""
    for upper in (">= 70", ">= 50"):
        _, problems = load(
            tab(
                "Scorecard",
                HEADER,
                ("Total points", upper, "", 3, ""),
                ("Total points", "< 60", "", 1, ""),
            )
        )
        assert only(problems, "scorecard-bands").severity == "error"


def test_a_line_that_says_nothing_is_left_out():
    """A line without points, and a total without a tier or a readable test, are reported."""
    loaded, problems = load(
        tab(
            "Scorecard",
            HEADER,
            ("Price", "> 5", "", "", ""),
            ("Total points", "many", "", 3, ""),
            ("Total points", ">= 5", "", "", ""),
        )
    )
    assert (loaded.scorecard.lines, loaded.scorecard.bands) == ((), ())
    assert [p.cell for p in problems] == [CellRef("Scorecard", row) for row in (2, 3, 4)]
