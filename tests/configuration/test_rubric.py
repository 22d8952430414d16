from datetime import date

import pytest

from tests.configuration.sheets import load, only, tab
from tierbook.model import CellRef

HEADER = ("On", "Rule", "Placement group", "Material", "Tier", "Review", "Why", "Since", "Remark")
LABELS = ("", "", "IF", "IF", "THEN", "THEN", "", "", "")
RULE = ("yes", "A1", "gallery", "glass, metal", 2.0, "human", "Shiny", date(2026, 11, 1), "ask Ann")


def test_if_and_then_are_told_apart_by_the_row_above_the_headings():
    """Any heading may stand under IF; notes under no label belong to neither side."""
    loaded, problems = load(tab("Rubric", ("My rubric",), LABELS, HEADER, RULE))
    rubric = loaded.rubric
    assert problems == []
    assert rubric.inputs == ("Placement group", "Material")
    assert rubric.outputs == ("Tier", "Review")
    assert (rubric.input_columns, rubric.output_columns) == ((3, 4), (5, 6))
    (rule,) = rubric.rules
    assert rule.when == ("gallery", "glass, metal")
    assert rule.then == (2.0, "human")
    assert (rule.why, rule.since, rule.on, rule.row) == ("Shiny", date(2026, 11, 1), True, 4)


def test_one_label_over_a_merged_group_counts_for_all_of_it():
    """A merged IF is one cell with text and blanks beside it."""
    labels = ("", "", "IF", None, "then", None, None, None, None)
    header = (*HEADER[:-1], "")
    loaded, _ = load(tab("Rubric", labels, header, RULE))
    assert loaded.rubric.inputs == ("Placement group", "Material")
    assert loaded.rubric.outputs == ("Tier", "Review")


def test_without_labels_columns_left_of_the_tier_are_asked():
    """A rubric typed without the IF / THEN row still reads; an unknown note is no output."""
    loaded, _ = load(tab("Rubric", HEADER, RULE))
    assert loaded.rubric.inputs == ("Placement group", "Material")
    assert loaded.rubric.outputs == ("Tier", "Review")


def test_the_same_heading_may_be_asked_and_answered():
    """Aspect ratio is an input of requests and an output of rules; the label decides."""
    labels = ("", "IF", "THEN", "THEN")
    header = ("Rule", "Aspect ratio", "Tier", "Aspect_ratio")
    loaded, _ = load(tab("Rubric", labels, header, ("A", "1:1", 1, "placement")))
    assert loaded.rubric.inputs == ("Aspect ratio",)
    assert loaded.rubric.outputs == ("Tier", "Aspect ratio")
    assert loaded.rubric.rules[0].when == ("1:1",)
    assert loaded.rubric.rules[0].then == (1, "placement")


def test_headings_of_the_contract_get_its_spelling():
    """`placement_GROUP` is the derived column; a seller's own heading keeps its spelling."""
    loaded, _ = load(
        tab(
            "Rubric",
            ("", "IF", "IF", "THEN"),
            ("Rule", "placement_GROUP", "my Col", "tier *"),
            ("A", "ad", "", 1),
        )
    )
    assert loaded.rubric.inputs == ("Placement group", "my Col")
    assert loaded.rubric.outputs == ("Tier",)
    assert loaded.rubric.rules[0].when == ("ad", None)


@pytest.mark.parametrize(
    ("title", "policy"),
    [
        (("Rubric", "", "Hit policy", "Unique"), "UNIQUE"),
        (("Hit policy: collect sum",), "COLLECT SUM"),
        (("Hit policy", "C+"), "COLLECT SUM"),
        (("Hit policy", "Output order"), "OUTPUT ORDER"),
        (("Hit policy", ""), "FIRST"),
        (("Rubric",), "FIRST"),
    ],
)
def test_the_hit_policy_stands_above_the_headings(title, policy):
    """Its word or DMN letter is read beside or after "Hit policy"; First without it."""
    loaded, problems = load(tab("Rubric", title, LABELS, HEADER, RULE))
    assert (loaded.rubric.hit_policy, problems) == (policy, [])


def test_an_unknown_hit_policy_is_first_and_said_so():
    """A misspelt policy must not change silently how rules are tried."""
    loaded, problems = load(tab("Rubric", ("Hit policy", "Best"), LABELS, HEADER, RULE))
    assert loaded.rubric.hit_policy == "FIRST"
    assert only(problems, "unknown-hit-policy").cell == CellRef("Rubric", 1, 2)


def test_a_rule_with_an_impossible_tier_is_left_out():
    """Tier 7 does not exist; the rule is named with its cell and the others stay."""
    bad = ("yes", "A0", "ad", "", "7", "", "", "", "")
    loaded, problems = load(tab("Rubric", LABELS, HEADER, bad, RULE))
    assert [rule.name for rule in loaded.rubric.rules] == ["A1"]
    assert only(problems, "unreadable-setting").cell == CellRef("Rubric", 3, 5)


def test_a_rule_that_is_off_stays_in_the_table_but_off():
    """`no` under On keeps the rule for later, and HOLD is a tier a rule may give."""
    off = ("no", "A0", "ad", "", "hold", "", "", "", "")
    loaded, _ = load(tab("Rubric", LABELS, HEADER, off, RULE))
    assert [(rule.name, rule.on) for rule in loaded.rubric.rules] == [("A0", False), ("A1", True)]
    assert loaded.rubric.rules[0].then[0] == "hold"


def test_two_rules_of_one_name_are_pointed_out():
    """Otherwise Hits and reasons could not tell them apart."""
    _, problems = load(tab("Rubric", LABELS, HEADER, RULE, RULE))
    assert only(problems, "rule-name-twice").cell == CellRef("Rubric", 4)


def test_examples_are_typed_like_requests():
    """Known columns of a rubric test become what a request would hold; others stay as they are."""
    header = (
        "Test",
        "Placement",
        "Human_model",
        "Angles",
        "Photo",
        "Sales 90 days",
        "Glaze",
        "Tier",
        "Rule",
    )
    good = ("One", "Gallery", "yes", "3", "no", "1 200", "moss", 1.0, "R16")
    bad = ("Two", "Gallery", "maybe", "", "", "", "", "HOLD", "")
    loaded, problems = load(tab("Rubric tests", header, good, bad))
    one, two = loaded.rubric_tests
    assert one.example == {
        "Placement": "Gallery",
        "Human model": True,
        "Angles": 3,
        "Photo": False,
        "Sales 90 days": 1200.0,
        "Glaze": "moss",
    }
    assert (one.tier, one.rule) == ("1", "R16")
    assert (two.example, two.tier) == ({"Placement": "Gallery"}, "HOLD")
    assert only(problems, "unreadable-setting").cell == CellRef("Rubric tests", 3, 3)


def test_a_condition_that_only_reads_as_empty_switches_its_rule_off():
    """A `#REF!` under IF is no `any`: the rule would send everything into its tier."""
    from dataclasses import replace

    written = tab("Rubric", LABELS, HEADER, ("yes", "A1", "gallery", None, *RULE[4:]))
    loaded, problems = load(replace(written, voids={(3, 4): "#REF!"}))
    problem = only([one for one in problems if one.code == "unreadable-cell"], "unreadable-cell")
    assert problem.cell == CellRef("Rubric", 3, 4)
    assert "#REF!" in problem.message
    assert [rule.on for rule in loaded.rubric.rules] == [False]
