"""The rubric check of a sheet."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.routing.shop import (
    PLACEMENTS,
    ROWS,
    TIERS,
    configuration,
    requests,
    rubric,
    test_row,
)
from tests.routing.test_deciding import GALLERY
from tierbook.model import (
    Bill,
    CellRef,
    Column,
    Configuration,
    Move,
    RubricReport,
    Settings,
    text_column,
)
from tierbook.routing import check_rubric, decide, run_tests

TODAY = date(2026, 11, 24)


def bill(micro: list[int]) -> Bill:
    nothing = np.zeros(len(micro), dtype=np.int64)
    estimate = np.array(micro, dtype=np.int64)
    words = text_column([""] * len(micro))
    return Bill(nothing, estimate, nothing, nothing, nothing, words, words, words)


def report(
    *rows: dict[str, Any],
    own: Configuration | None = None,
    previous: Column | None = None,
    previous_cost: Column | None = None,
    cost: int = 20_000,
) -> RubricReport:
    table, settled = requests(rows), own or configuration()
    decisions, _ = decide(table, settled)
    return check_rubric(
        settled,
        table,
        decisions,
        bill([cost] * len(rows)),
        today=TODAY,
        previous=previous,
        previous_cost=previous_cost,
    )


def mistakes(found: RubricReport) -> list[str]:
    return [one.message for one in found.findings if one.kind == "mistake"]


def test_tests_run_like_rows() -> None:
    """An example passes when tier and rule are as written; text, numbers and yes/no are read."""
    own = configuration(
        rubric_tests=(
            test_row("angle", "1", "r07", Placement="gallery", Background="WHITE", Props="no",
                     Angles="4", Long_edge_px=2400.0, Photo="yes"),
            test_row("no photo", "hold", Placement="Gallery", Photo=False),
            test_row("wrong tier", "3", Placement="Swatch", Photo="yes"),
            test_row("wrong rule", "2", "R08", Placement="Swatch", Photo="yes"),
        )
    )  # fmt: skip
    results = run_tests(own)
    assert [one.passed for one in results] == [True, True, False, False]
    assert (results[2].expected, results[2].got) == ("tier 3", "tier 2, rule R99")
    failed = [one for one in report(GALLERY, own=own).findings if one.kind == "test"]
    assert [one.severity for one in failed] == ["error", "error"]
    assert failed[0].cell == CellRef("Rubric tests", 9)


def test_tests_see_the_budget_in_dollars_and_lack_nothing() -> None:
    """A budget in a test is dollars as in the sheet; a column it leaves out is blank."""
    own_rubric = rubric(
        [("R1", "<= 0.1|any", "1", "x"), ("R9", "any|any", "2", "x")],
        inputs=["Budget per image", "Sales"],
        outputs=["Tier"],
    )
    tests = (test_row("cheap", "1", budget_per_image=0.1), test_row("dear", "2"))
    results = run_tests(configuration(own_rubric, rubric_tests=tests))
    assert [one.passed for one in results] == [True, True]


def test_examples_stand_alone() -> None:
    """What one example says of photo or group changes nothing for another that says nothing."""
    alone = test_row("alone", "3", Placement="Homepage hero")
    other = test_row("other", "HOLD", Photo="no", Placement_group="gallery")
    assert [one.passed for one in run_tests(configuration(rubric_tests=(alone,)))] == [True]
    both = run_tests(configuration(rubric_tests=(alone, other)))
    assert [one.passed for one in both] == [True, True]


def test_hits_of_every_rule() -> None:
    """Each rule has its number of rows; a rule that decided none is mentioned once."""
    found = report(GALLERY, GALLERY, GALLERY | {"Placement": "Swatch"})
    assert found.hits == {row[0]: 0 for row in ROWS} | {"R07": 2, "R99": 1}
    silent = {one.rule for one in found.findings if one.kind == "never-hit"}
    assert silent == {row[0] for row in ROWS} - {"R07", "R99"}


def test_what_a_change_moved() -> None:
    """Rows and dollars by move, from the sheet's own earlier columns; new rows do not count."""
    found = report(
        GALLERY,
        GALLERY,
        GALLERY,
        GALLERY,
        previous=text_column([2.0, "2", "HOLD", None]),
        previous_cost=text_column([0.18, "0.18", None, None]),
    )
    assert found.moves == (Move("HOLD", "1", 1, 20_000), Move("2", "1", 2, -320_000))
    change = [one.message for one in found.findings if one.kind == "change"]
    assert change[0] == "1 row moved from tier HOLD to tier 1: $0.02 more than in the last run."
    assert change[1] == "2 rows moved from tier 2 to tier 1: $0.32 less than in the last run."
    micro = report(
        GALLERY, previous=text_column([2]), previous_cost=np.array([180_000], dtype=np.int64)
    )
    assert micro.moves[0].difference == -160_000


def test_a_sound_sheet_has_no_mistakes() -> None:
    """A sheet with several tiers, reviews, a cap and fresh prices is left in peace."""
    own = configuration(rubric([(n, when, then, why or "x") for n, when, then, why in ROWS]))
    assert mistakes(report(GALLERY, GALLERY | {"Placement": "Homepage hero"}, own=own)) == []


def test_nearly_everything_in_one_tier() -> None:
    """Ninety percent in one tier is said from twenty rows on."""
    assert any(
        "100% of the pictures are in tier 1" in one for one in mistakes(report(*[GALLERY] * 20))
    )
    assert mistakes(report(*[GALLERY] * 19)) == []


def test_tier_3_on_slots_few_people_see() -> None:
    """A swatch in tier 3 is money nobody sees."""
    own = configuration(
        rubric([("R1", "any", "3", "x")], inputs=["Angles"], outputs=["Tier"]),
        placements=(*PLACEMENTS, replace(PLACEMENTS[0], name="Big", visibility_weight=Decimal(8))),
    )
    found = mistakes(report(GALLERY | {"Placement": "Swatch"}, own=own))
    assert any('1 picture for "Swatch" in tier 3' in one for one in found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"settings": Settings()}, "no budget"),
        ({"tiers": (replace(TIERS[0], engine=""), *TIERS[1:])}, "Tier 1 (Standard) has no engine"),
        ({"tiers": (*TIERS[:2], replace(TIERS[2], review="none"))}, "Tier 3 has no review"),
        (
            {"tiers": tuple(replace(tier, prompt_template="one") for tier in TIERS)},
            "Every tier uses the prompt template",
        ),
        (
            {"price_book": (replace(configuration().price_book[0], checked_on=date(2026, 9, 1)),)},
            "prices of painter were checked more than 60 days ago",
        ),
    ],
)
def test_mistakes_in_settings(changes: dict[str, Any], words: str) -> None:
    """Each mistake of the settings tabs is found, with what to do."""
    found = report(GALLERY, own=configuration(**changes))
    (one,) = [one for one in found.findings if one.kind == "mistake"]
    assert words in one.message
    assert one.fix


def test_mistakes_in_rules() -> None:
    """Unreviewed tier 3 rows, rules without a reason, and rules left alone for 90 days."""
    rows = [("R1", "any", "3|none", ""), ("R2", "any", "1|none", "x")]
    own = rubric(rows, inputs=["Angles"], outputs=["Tier", "Review"])
    old = replace(own, rules=tuple(replace(rule, since=date(2026, 8, 25)) for rule in own.rules))
    found = mistakes(report(GALLERY, own=configuration(old)))
    assert any("1 picture of tier 3 without review" in one and "R1" in one for one in found)
    assert any("1 rule without a reason: R1" in one for one in found)
    assert any("2 rules not reviewed for 90 days: R1, R2" in one for one in found)
    fresh = replace(old, rules=tuple(replace(r, since=date(2026, 8, 26)) for r in old.rules))
    assert not any("reviewed" in one for one in mistakes(report(GALLERY, own=configuration(fresh))))


def test_no_rows() -> None:
    """A sheet without rows is checked for what the settings show."""
    found = report()
    assert not [one for one in found.findings if one.kind == "never-hit"]
    assert set(found.hits.values()) == {0}
