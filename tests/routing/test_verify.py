"""Verifying rubrics: exact, with examples, over valid values."""

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.shop import configuration, rubric
from tierbook.model import Finding
from tierbook.routing.domain import Choices, valid_choices
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.terms import matches
from tierbook.routing.verify import verify


def findings(
    rows: Sequence[tuple[str, str]],
    inputs: Sequence[str],
    choices: dict[str, Choices] | None = None,
    hit_policy: str = "FIRST",
) -> dict[str, list[Finding]]:
    named = [(f"R{at}", when, then, "why") for at, (when, then) in enumerate(rows, start=1)]
    own = rubric(named, inputs=inputs, outputs=["Tier"], hit_policy=hit_policy)
    compiled, problems = compile_rubric(own)
    assert problems == []
    found: dict[str, list[Finding]] = {}
    for one in verify(compiled, choices or {}):
        found.setdefault(one.kind, []).append(one)
    return found


def test_a_rule_hidden_by_one_above() -> None:
    """A rule inside one above it never fires; the rule that hides it is named."""
    found = findings([("a, b|any", "1"), ("a|> 5", "2"), ("any|any", "3")], ["w", "n"])
    (hidden,) = found["unreachable"]
    assert (hidden.rule, hidden.severity) == ("R2", "error")
    assert "R1 above it takes" in hidden.message
    assert hidden.cell is not None
    assert hidden.cell.row == 5


def test_a_rule_hidden_only_by_two_together() -> None:
    """Neither rule above covers it alone; together they do. Comparing pairs misses this."""
    found = findings([("<= 10|any", "1"), ("> 9|any", "2"), ("5 to 15|x", "3")], ["n", "w"])
    (hidden,) = found["unreachable"]
    assert hidden.rule == "R3"
    assert "R1 and R2 above it together take" in hidden.message


def test_a_rule_for_no_valid_value() -> None:
    """A misspelt group can never fire; the cell with the word is named."""
    found = findings(
        [("gallrey", "1"), ("any", "2")], ["Placement group"], dict(valid_choices(configuration()))
    )
    (never,) = found["unreachable"]
    assert "`gallrey`" in never.message
    assert never.cell is not None
    assert (never.cell.row, never.cell.column) == (4, 3)


def test_blank_keeps_a_rule_alive() -> None:
    """A last rule that only blanks reach can still fire."""
    found = findings(
        [("yes", "1"), ("no", "2"), ("any", "3")], ["Props"], dict(valid_choices(configuration()))
    )
    assert set(found) == {"complete"}


def test_a_gap_comes_with_an_example() -> None:
    """What no rule fits is shown as a concrete product."""
    found = findings(
        [("white|<= 4", "1"), ("not white|any", "2")],
        ["Background", "Angles"],
        dict(valid_choices(configuration())),
    )
    (gap,) = found["gap"]
    assert gap.example == "Background white, Angles 5"
    assert "complete" not in found


def test_whole_numbers_have_no_gap_between_neighbours() -> None:
    """Between 4 and 5 angles lies nothing; between $4 and $5 lies a lot."""
    rows = [("<= 4", "1"), (">= 5", "2")]
    known = dict(valid_choices(configuration()))
    assert set(findings(rows, ["Angles"], known)) == {"complete"}
    assert findings(rows, ["Budget per image"], known)["gap"][0].example == (
        "Budget per image $4.10"
    )
    below = findings([(">= 1", "1")], ["Angles"], known)
    assert set(below) == {"complete"}


def test_many_gaps_are_cut_short() -> None:
    """Ten examples, then a word that there are more."""
    rows = [(f"{word}|{word}|{word}|{word}", "1") for word in "abcdefgh"]
    found = findings(rows, ["p", "q", "r", "s"])
    assert len(found["gap"]) == 11
    assert "more" in found["gap"][-1].message


def test_conflicts_only_where_they_matter() -> None:
    """Special above general is no conflict; crossing rules of different tiers are worth a look."""
    nested = findings([("a|> 5", "1"), ("a|any", "2"), ("any|any", "3")], ["w", "n"])
    assert "conflict" not in nested
    crossing = findings([("a|any", "1"), ("any|> 5", "2"), ("any|any", "3")], ["w", "n"])
    (conflict,) = crossing["conflict"]
    assert (conflict.severity, conflict.rule) == ("info", "R2")
    assert conflict.example == "w a, n 6"
    same_tier = findings([("a|any", "1"), ("any|> 5", "1"), ("any|any", "3")], ["w", "n"])
    assert "conflict" not in same_tier
    covered = findings(
        [("a|> 5", "3"), ("a|any", "1"), ("any|> 5", "2"), ("any|any", "3")], ["w", "n"]
    )
    assert "conflict" not in covered


def test_conflicts_under_unique_and_any() -> None:
    """Unique forbids every overlap, Any only those that disagree; neither has hidden rules."""
    rows = [("a|any", "1"), ("any|> 5", "1"), ("b|<= 5", "2")]
    unique = findings(rows, ["w", "n"], hit_policy="UNIQUE")
    assert [one.severity for one in unique["conflict"]] == ["error"]
    assert "conflict" not in findings(rows, ["w", "n"], hit_policy="ANY")
    assert "unreachable" not in findings([("a", "1"), ("a", "1")], ["w"], hit_policy="ANY")


def test_priority_hides_by_tier_not_by_order() -> None:
    """Under Priority the careful rule below hides the cheap one above."""
    found = findings([("a", "1"), ("any", "3")], ["w"], hit_policy="PRIORITY")
    assert [one.rule for one in found["unreachable"]] == ["R1"]


def test_duplicates() -> None:
    """Two rules that ask the same are named, with whether they answer the same."""
    found = findings([("a, b", "1"), ("b, a", "1"), ("any", "2")], ["w"])
    assert "answers the same" in found["duplicate"][0].message


def test_no_rules() -> None:
    """An empty rubric is one gap, not a crash."""
    assert findings([], ["w"])["gap"][0].severity == "error"


CELLS = {
    "w": ["any", "a", "b", "a, b", "not a", "not(a, b)"],
    "n": ["any", "< 3", ">= 3", "2 to 4", "3", "not 3", "(2..4)"],
    "f": ["any", "yes", "no"],
}
VALUES: dict[str, list[Any]] = {
    "w": ["a", "b", "c", None],
    "n": [1, 2, 2.5, 3, 3.5, 4, 5, None],
    "f": [True, False, None],
}
RULES = st.lists(
    st.tuples(*(st.sampled_from(cells) for cells in CELLS.values()), st.sampled_from("123")),
    min_size=1,
    max_size=7,
)


@given(RULES)
@settings(max_examples=200, deadline=None)
def test_agrees_with_trying_every_product(rules: list[tuple[str, str, str, str]]) -> None:
    """Dead rules and completeness are exactly those found by trying every kind of product."""
    rows = [("|".join(rule[:3]), rule[3]) for rule in rules]
    named = [(f"R{at}", when, then, "w") for at, (when, then) in enumerate(rows, start=1)]
    compiled, _ = compile_rubric(rubric(named, inputs=list(CELLS), outputs=["Tier"]))
    alive: set[str] = set()
    complete = True
    for product in itertools.product(*VALUES.values()):
        fitting = [
            rule.rule.name for rule in compiled.rules if all(map(matches, rule.tests, product))
        ]
        alive.update(fitting[:1])
        complete &= bool(fitting) or None in product
    found = findings(rows, list(CELLS))
    dead = {one.rule for one in found.get("unreachable", [])}
    assert dead == {rule.rule.name for rule in compiled.rules} - alive
    assert ("complete" in found) == complete


def test_large_random_rubrics_finish() -> None:
    """Two hundred rules on ten inputs are searched through, or said to be too large."""
    rows = [
        ("|".join(["any"] * (at % 10) + [f"{at} to {at + 40}"] + ["any"] * (9 - at % 10)), "1")
        for at in range(200)
    ]
    found = findings(rows, [f"i{at}" for at in range(10)])
    assert found["gap"]
