"""Deciding requests by the rubric."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.routing.shop import INPUTS, PLACEMENTS, ROWS, TIERS, configuration, requests, rubric
from tierbook.model import HOLD_TIER, NO_TIER, CellRef, Configuration, Decisions, Problem
from tierbook.routing import decide

GALLERY: dict[str, Any] = {
    "SKU": "MUG-1",
    "Placement": "Gallery",
    "Background": "solid",
    "Props": False,
    "Angles": 4,
    "Long edge px": 1800,
    "Source image": "mug.jpg",
}


def decided(
    *rows: dict[str, Any], settings: Configuration | None = None, **more: Any
) -> tuple[Decisions, list[Problem]]:
    return decide(requests(rows, **more), settings or configuration())


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def test_a_row_is_decided_and_explained() -> None:
    """Tier, template, size, queue and every matching rule, with a reason that says what it saw."""
    one, problems = decided(GALLERY)
    assert problems == []
    assert (one.tier[0], one.rule[0], one.matched[0]) == (1, "R07", ("R07", "R08", "R99"))
    assert one.why[0] == (
        "R07 standard angle on one colour (Placement group gallery, Background solid, Props no, "
        "Angles 4, Long edge px 1800)"
    )
    assert (one.template[0], one.resolution[0], one.ratio[0]) == ("white_angle", "2000x2000", "1:1")
    assert (one.review[0], one.lane[0], one.priority[0]) == ("sample", "fast", 3)
    assert (one.images[0], one.engine[0], one.router[0]) == (4, "local_studio", "rubric")


def test_blank_then_cells_fall_back_to_the_tier() -> None:
    """Template, review, candidates and lane come from the tier, queue from the middle."""
    one, _ = decided(GALLERY | {"Background": "scene", "Angles": 3})
    assert (one.rule[0], one.template[0], one.review[0]) == ("R11", "lifestyle", "sample")
    assert (one.images[0], one.lane[0], one.engine[0]) == (6, "standard", "painter 1K")


@pytest.mark.parametrize(
    ("row", "size", "ratio"),
    [
        ({"Placement": "Email header", "Background": "white"}, "1800x600", "3:1"),
        (
            {"Placement": "Email header", "Background": "white", "Long edge px": None},
            "1200x400",
            "3:1",
        ),
        ({"Placement": "Email header", "Background": "scene"}, "1200x400", "3:1"),
        ({"Placement": "Gallery", "Aspect ratio": "2:3"}, "1333x2000", "2:3"),
        ({"Placement": "Homepage hero"}, "2400x1350", "16:9"),
        ({"Placement": "Swatch", "Long edge px": None}, "400x400", "1:1"),
        ({"Placement": "Elsewhere", "Long edge px": None}, "2048x2048", "1:1"),
    ],
)
def test_sizes(row: dict[str, Any], size: str, ratio: str) -> None:
    """Pixels: rule, else request, placement, tier; ratio: request, else rule, placement."""
    one, _ = decided(GALLERY | row)
    assert (one.resolution[0], one.ratio[0]) == (size, ratio)
    assert f"{one.width[0]}x{one.height[0]}" == size


def test_other_names_of_a_placement() -> None:
    """A placement's other names find its group and its sizes."""
    own = configuration(placements=(replace(PLACEMENTS[4], aliases=("Startseite",)),))
    one, _ = decided(GALLERY | {"Placement": "startseite"}, settings=own)
    assert (one.rule[0], one.resolution[0]) == ("R05", "2400x1350")


def test_a_fixed_size_brings_its_own_ratio() -> None:
    """A rule that says 1600x900 is taken at its word."""
    own = rubric([("R1", "any", "1|1600x900", "x")], inputs=["Angles"], outputs=["Tier", "px"])
    one, _ = decided(GALLERY, settings=configuration(own))
    assert (one.resolution[0], one.ratio[0]) == ("1600x900", "16:9")


def test_derived_inputs() -> None:
    """Photo and Placement group are derived, unless the sheet has columns of that name."""
    held, _ = decided(GALLERY | {"Source image": "  "}, GALLERY)
    assert (held.tier[0], held.rule[0], held.images[0]) == (HOLD_TIER, "R01", 0)
    own, _ = decided(GALLERY | {"Source image": None, "photo ": "yes", "Placement_Group": "hero"})
    assert own.rule[0] == "R05"


def test_no_photo_anywhere_is_unknown_not_missing() -> None:
    """Where no row names a photo, none is held for lack of one, and no rule is blamed."""
    one, problems = decided(GALLERY | {"Source image": None}, GALLERY | {"Source image": ""})
    assert one.rule.tolist() == ["R07", "R07"]
    assert problems == []


def test_a_persons_word_comes_first() -> None:
    """Skip leaves a row out, an override replaces the tier and takes that tier's template."""
    rows = (GALLERY | {"Action": "skip"}, GALLERY | {"Tier override": 2}, GALLERY)
    one, problems = decided(*rows)
    assert problems == []
    assert one.tier.tolist() == [NO_TIER, 2, 1]
    assert one.router.tolist() == ["", "override", "rubric"]
    assert (one.template[1], one.engine[1], one.images[1]) == ("lifestyle", "painter 1K", 8)
    assert one.why[1].startswith("Tier override 2; the rubric says R07")
    assert one.why[0] == "Skipped by Action"


def test_an_override_to_no_tier() -> None:
    """An override the tab Tiers does not have is an error at its cell, and decides nothing."""
    one, problems = decided(GALLERY | {"Tier override": 7})
    assert one.tier[0] == NO_TIER
    assert codes(problems) == ["unknown-tier"]
    assert problems[0].cell == CellRef("Requests", 2, 8)


def test_lock_keeps_the_earlier_answer() -> None:
    """A locked row keeps what the last run wrote; without an earlier run the rubric decides."""
    earlier = {
        "Tier": [2.0, None],
        "Rule": ["R11", None],
        "Why": ["R11 scene", None],
        "Prompt template": ["old", None],
        "Resolution target": ["800x600", None],
        "Queue priority": [4.0, None],
    }
    locked = GALLERY | {"Action": "lock"}
    one, problems = decided(locked, locked, outputs=earlier)
    assert problems == []
    assert (one.tier.tolist(), one.router.tolist()) == ([2, 1], ["locked", "rubric"])
    assert (one.template[0], one.resolution[0], one.width[0]) == ("old", "800x600", 800)
    assert (one.rule[0], one.why[0], one.priority[0]) == ("R11", "Locked: R11 scene", 4)
    again, _ = decided(locked, outputs={"Tier": ["HOLD"], "Why": ["Locked: no photo"]})
    assert (again.tier[0], again.why[0]) == (HOLD_TIER, "Locked: no photo")


def test_bad_rows_decide_nothing_and_stop_no_other() -> None:
    """A row with an error stays undecided; its neighbours are decided."""
    one, problems = decided(GALLERY, GALLERY, bad=[0])
    assert (one.tier.tolist(), problems) == ([NO_TIER, 1], [])


def test_no_rule_fits() -> None:
    """Without a default rule, a row nothing fits is an error that shows what the row holds."""
    one, problems = decided(
        GALLERY | {"Placement": "Nowhere"}, settings=configuration(rubric(ROWS[:-1]))
    )
    assert (one.tier[0], one.rule[0], one.matched[0]) == (NO_TIER, "", ())
    assert codes(problems) == ["no-rule-fits"]
    assert problems[0].sku == "MUG-1"
    assert one.why[0].startswith("No rule fits (Placement group Nowhere, Background solid")


def test_a_blank_that_mattered_is_said() -> None:
    """A blank that kept a rule from firing is named; one that changes nothing is not."""
    one, problems = decided(
        GALLERY | {"Background": None}, GALLERY | {"Placement": "Homepage hero"}
    )
    assert one.rule.tolist() == ["R99", "R05"]
    assert codes(problems) == ["blank-input"]
    assert problems[0].cell == CellRef("Requests", 2, 3)
    assert "R07" in problems[0].message
    assert "R99 decided" in problems[0].message


def test_an_unanswered_yes_no_question_is_said_once() -> None:
    """Blank yes/no cells are one warning naming them where a plain "no" changes nothing."""
    rows = [("R1", "yes", "HOLD", "x"), ("R2", "no", "1", "x"), ("R9", "any", "2", "x")]
    own = rubric(rows[::2], inputs=["Props"], outputs=["Tier"])
    four = [GALLERY | {"Props": None}] * 4
    _, problems = decided(*four, settings=configuration(own))
    assert codes(problems) == ["blank-input"]
    assert "in 4 rows (D2, D3, D4 and 1 more), where rule R1 would" in problems[0].message
    assert problems[0].cell == CellRef("Requests", 0, 4)
    _, problems = decided(
        four[0], settings=configuration(rubric(rows, inputs=["Props"], outputs=["Tier"]))
    )
    assert problems[0].cell == CellRef("Requests", 2, 4)


def test_a_blank_below_the_rule_that_fired_is_not_said() -> None:
    """Under First, a rule below the one that fired compares nothing; under Collect Max all do."""
    rows = [("R1", "gallery|any", "1", "x"), ("R2", "any|scene", "2", "x")]
    for hit_policy, said in (("FIRST", []), ("COLLECT MAX", ["blank-input"])):
        own = rubric(rows, inputs=INPUTS[:2], outputs=["Tier"], hit_policy=hit_policy)
        _, problems = decided(GALLERY | {"Background": None}, settings=configuration(own))
        assert codes(problems) == said


def test_many_blanks_speak_once() -> None:
    """A thousand blanks of one column are one warning, at the column."""
    one, problems = decided(*[GALLERY | {"Background": None}] * 1000)
    assert len(one) == 1000
    assert codes(problems) == ["blank-input"]
    assert "1000 rows" in problems[0].message
    assert "In 1000 of them a value could have changed" in problems[0].message
    assert problems[0].cell == CellRef("Requests", 0, 3)


def test_a_sheet_of_skus_and_placements_is_decided() -> None:
    """Contract columns that a sheet lacks are blank, said once each as information."""
    one, problems = decided({"SKU": "a", "Placement": "Homepage hero", "Source image": "a.jpg"})
    assert (one.tier[0], problems) == (3, [])
    _, problems = decided({"SKU": "a", "Placement": "Gallery", "Source image": "a.jpg"})
    assert {one.severity for one in problems} == {"info"}
    assert len(problems) == len({one.message for one in problems})


def test_headings_of_the_rubric_that_the_sheet_lacks() -> None:
    """A slip of the pen is an error naming the right heading; a strange heading a warning."""
    rows = [("R1", "solid", "1", "x"), ("R9", "any", "2", "x")]
    slip = rubric(rows, inputs=["Backgruond"], outputs=["Tier"])
    one, problems = decided(GALLERY, settings=configuration(slip))
    assert (one.rule[0], problems[0].code, problems[0].severity) == ("R9", "unknown-input", "error")
    assert '"Background"' in problems[0].fix
    strange = rubric(rows, inputs=["Margin"], outputs=["Tier"])
    _, problems = decided(GALLERY, settings=configuration(strange))
    assert (problems[0].severity, problems[0].cell) == ("warning", CellRef("Rubric", 0, 3))
    assert "SKU, Placement" in problems[0].message


def test_own_columns_are_inputs() -> None:
    """A seller's own column decides, found without case, spaces or star."""
    own = rubric(
        [("R1", ">= 5000", "2", "top seller"), ("R9", "any", "1", "x")],
        inputs=["sales_90 days*"],
        outputs=["Tier"],
    )
    one, _ = decided(
        GALLERY | {"Sales 90 Days": 5000},
        GALLERY | {"Sales 90 Days": "80"},
        settings=configuration(own),
    )
    assert one.tier.tolist() == [2, 1]
    assert one.why[0] == "R1 top seller (Sales 90 Days 5000)"


def test_budgets_are_compared_in_dollars() -> None:
    """The table holds micro-USD, the rubric speaks of dollars; the bound itself is inside."""
    own = rubric(
        [("R1", "<= $0.10", "1", "cheap"), ("R9", "any", "2", "x")],
        inputs=["Budget per image"],
        outputs=["Tier"],
    )
    rows = [GALLERY | {"Budget per image": micro} for micro in (100_000, 100_001, None)]
    one, _ = decided(*rows, settings=configuration(own))
    assert one.tier.tolist() == [1, 2, 2]
    assert one.why[0] == "R1 cheap (Budget per image $0.10)"


@pytest.mark.parametrize(
    ("policy", "tier", "code"),
    [
        ("PRIORITY", HOLD_TIER, None),
        ("COLLECT MAX", HOLD_TIER, None),
        ("COLLECT MIN", 1, None),
        ("RULE ORDER", 2, None),
        ("UNIQUE", NO_TIER, "rules-disagree"),
        ("ANY", NO_TIER, "rules-disagree"),
    ],
)
def test_other_hit_policies(policy: str, tier: int, code: str | None) -> None:
    """Priority takes the most careful tier, Collect Min the cheapest; Unique and Any object."""
    rows = [("R1", "any", "2", "x"), ("R2", "any", "HOLD", "x"), ("R3", "any", "1", "x")]
    own = rubric(rows, inputs=["Angles"], outputs=["Tier"], hit_policy=policy)
    one, problems = decided(GALLERY, settings=configuration(own))
    assert one.tier[0] == tier
    assert codes(problems) == ([code] if code else [])
    if code:
        assert "R1, R2 and R3" in problems[0].message


def test_a_tier_the_tab_lacks() -> None:
    """A rule for a tier that is not in the tab Tiers is an error at its cell, told once."""
    own = replace(configuration(), tiers=TIERS[:2])
    _, problems = decided(GALLERY, settings=own)
    assert codes(problems) == ["unknown-tier"] * 2
    assert problems[0].cell == CellRef("Rubric", 7, 10)
    _, problems = decided(GALLERY, settings=replace(own, from_workbook=frozenset()))
    assert codes(problems) == ["unknown-tier"]
    assert "(rules R05, R06)" in problems[0].message


def test_no_rows_and_no_rules() -> None:
    """Nothing to decide, or nothing to decide by, is no crash."""
    assert len(decided()[0]) == 0
    one, problems = decided(GALLERY, settings=configuration(rubric([])))
    assert (one.tier[0], codes(problems)) == (NO_TIER, ["no-rule-fits"])


def test_dates_and_own_kinds_in_why() -> None:
    """Days and fractions are shown as a person writes them."""
    own = rubric(
        [("R1", "< 2026-12-01|> 1", "1", "soon")], inputs=["Needed by", "Weight"], outputs=["Tier"]
    )
    row = GALLERY | {"Needed by": date(2026, 11, 27), "Weight": 1.50}
    one, _ = decided(row, settings=configuration(own))
    assert one.why[0] == "R1 soon (Needed by 2026-11-27, Weight 1.5)"


def test_deciding_needs_no_pandas() -> None:
    """The run path must start fast: deciding imports neither pandas nor pyarrow."""
    code = (
        "import sys; from tests.routing.shop import configuration, requests;"
        "from tierbook import routing;"
        "routing.decide(requests([{'SKU': 'a', 'Placement': 'Gallery'}]), configuration());"
        "sys.exit(bool({'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
