"""Compiling the rubric of a workbook."""

from dataclasses import replace

import pytest

from tests.routing.shop import ROWS, rubric
from tierbook.errors import RubricError
from tierbook.model import HOLD_TIER, CellRef
from tierbook.routing.rubric import Answer, compile_rubric


def test_a_readable_rubric_compiles_whole() -> None:
    """Every rule that is on becomes tests and an answer, in table order."""
    compiled, problems = compile_rubric(rubric())
    assert problems == []
    assert compiled.names() == [row[0] for row in ROWS]
    assert compiled.rules[0].answer == Answer(tier=HOLD_TIER)
    assert compiled.rules[3].answer == Answer(
        tier=3, template="hero", long_edge=2400, ratio="placement", review="human", queue=2
    )


def test_a_bad_cell_takes_its_rule_out_and_no_other() -> None:
    """The problem names the cell; the other rules go on deciding."""
    rows = [ROWS[0], ("R02", "any|any|any|5-10|any|any|any", "1|||||", "x"), ROWS[-1]]
    compiled, problems = compile_rubric(rubric(rows))
    assert compiled.names() == ["R01", "R99"]
    assert [(one.code, one.severity, one.cell) for one in problems] == [
        ("unreadable-cell", "error", CellRef("Rubric", 5, 6))
    ]
    assert "5 to 10" in problems[0].fix


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("|||||", "tier is missing"),
        ("4.5|||||", "no tier"),
        ("maybe|||||", "no tier"),
        ("1||big|||", "whole number"),
        ("1||2000|wide||", "aspect ratio"),
        ("1||||sometimes|", "not one of"),
        ("1|||||0", "whole number"),
    ],
)
def test_bad_answers(then: str, words: str) -> None:
    """A THEN cell that cannot be acted on is an error at its own cell."""
    _, problems = compile_rubric(rubric([("R01", "|".join(["any"] * 7), then, "x")]))
    assert len(problems) == 1
    assert words in problems[0].message
    assert problems[0].fix


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("tier 2|||||", Answer(2)),
        ("hold|||||", Answer(HOLD_TIER)),
        ("1|-|2000 px|4 : 3||", Answer(1, long_edge=2000, ratio="4:3")),
        ("1||1600x900|||", Answer(1, size=(1600, 900))),
        ("1|||1.91:1||", Answer(1, ratio="1.91:1")),
        ("1||1600 × 900|||", Answer(1, size=(1600, 900))),
        (
            "1||placement|Placement|HUMAN|2",
            Answer(1, "", None, None, True, "placement", "human", 2),
        ),
    ],
)
def test_spellings_of_answers(then: str, expected: Answer) -> None:
    """Answers are read in the spellings sellers use."""
    compiled, problems = compile_rubric(rubric([("R01", "|".join(["any"] * 7), then, "x")]))
    assert problems == []
    assert compiled.rules[0].answer == expected


def test_own_then_columns_are_kept() -> None:
    """A THEN column Tierbook does not know travels along, and answers to no name of its own."""
    rows = [("R01", "any", "1|Ann|3", "x")]
    compiled, _ = compile_rubric(
        rubric(rows, inputs=["Angles"], outputs=["TIER*", "Owner", "candidates"])
    )
    assert compiled.rules[0].answer == Answer(1, candidates=3, others=(("Owner", "Ann"),))


def test_rules_switched_off_are_left_out() -> None:
    """On = no takes a rule out, its bad cells too."""
    own = rubric([("R01", "5-10|" + "any|" * 5 + "any", "1|||||", "x"), ROWS[-1]])
    off = replace(own, rules=(replace(own.rules[0], on=False), own.rules[1]))
    compiled, problems = compile_rubric(off)
    assert (compiled.names(), problems) == (["R99"], [])


def test_unusable_rubrics() -> None:
    """No tier column, an unknown policy, or one that gives no tier: nothing can be decided."""
    with pytest.raises(RubricError, match="no THEN column"):
        compile_rubric(replace(rubric(), outputs=("a", "b", "c", "d", "e", "f")))
    for policy in ("Sometimes", "COLLECT SUM", "C#"):
        with pytest.raises(RubricError, match="hit policy"):
            compile_rubric(rubric(hit_policy=policy))
