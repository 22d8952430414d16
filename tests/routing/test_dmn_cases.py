"""Cases in the manner of DMN's conformance kit: small tables, one per hit policy."""

from typing import Any

import pandas as pd
import pytest

from tierbook import DecisionTable

# A return desk: days since purchase, condition, and whether the box was opened.
INPUTS = ["days", "condition", "opened"]
CASES = pd.DataFrame(
    {
        "days": [3, 20, 45, None],
        "condition": ["new", "used", "damaged", "new"],
        "opened": [False, True, True, None],
    }
)


def decided(
    outputs: list[str], rules: list[tuple[list[Any], list[Any]]], policy: str, **more: Any
) -> list[tuple[Any, ...]]:
    rows = [{"when": when, "then": then} for when, then in rules]
    table = DecisionTable.from_rows(INPUTS, outputs, rows, policy, **more)
    return list(table.decide(CASES)[outputs].itertuples(index=False, name=None))


APART = [
    (["<= 14", '"new"', "false"], ["refund", 0]),
    (["(14..30]", "-", "true"], ["credit", 10]),
    (["> 30", 'not("new")', "-"], ["refuse", 0]),
]
CROSSING = [
    (["<= 30", "-", "-"], ["credit", 10]),
    (["[0..14]", "new, used", "-"], ["refund", 0]),
    (["-", "damaged", "true"], ["refuse", 5]),
    ([">= 20", "-", "true"], ["credit", 10]),
]


def test_unique() -> None:
    """Rules that exclude each other: each case its own, several outputs; a null fits none."""
    assert decided(["answer", "fee"], APART, "U") == [
        ("refund", 0),
        ("credit", 10),
        ("refuse", 0),
        (None, None),
    ]


def test_any() -> None:
    """Overlapping rules that agree answer once."""
    agreeing = [CROSSING[0], (["15 to 30", "-", "-"], ["credit", 10])]
    assert decided(["answer", "fee"], agreeing, "A")[1] == ("credit", 10)


ORDER = [["refuse", "refund", "credit"], [10, 5, 0]]


@pytest.mark.parametrize(
    ("policy", "first", "second", "third"),
    [
        ("F", ("credit", 10), ("credit", 10), ("refuse", 5)),
        ("P", ("refund", 0), ("credit", 10), ("refuse", 5)),
        (
            "R",
            (["credit", "refund"], [10, 0]),
            (["credit", "credit"], [10, 10]),
            (["refuse", "credit"], [5, 10]),
        ),
        (
            "O",
            (["refund", "credit"], [0, 10]),
            (["credit", "credit"], [10, 10]),
            (["refuse", "credit"], [5, 10]),
        ),
        (
            "C",
            (["credit", "refund"], [10, 0]),
            (["credit", "credit"], [10, 10]),
            (["refuse", "credit"], [5, 10]),
        ),
    ],
)
def test_overlapping_rules(policy: str, first: Any, second: Any, third: Any) -> None:
    """First and Priority answer once, the others with all, in their own order."""
    answers = decided(["answer", "fee"], CROSSING, policy, output_values=ORDER)
    assert answers[:3] == [first, second, third]
    assert answers[3] == (None, None)


@pytest.mark.parametrize(
    ("policy", "fees"),
    [
        ("C+", [10, 20, 15, None]),
        ("C<", [0, 10, 5, None]),
        ("C>", [10, 10, 10, None]),
        ("C#", [2, 2, 2, None]),
    ],
)
def test_collected(policy: str, fees: list[Any]) -> None:
    """Sum, least, greatest and count over every rule that fits."""
    rules = [(when, then[1:]) for when, then in CROSSING]
    assert [one[0] for one in decided(["fee"], rules, policy)] == fees


def test_default_output() -> None:
    """The default output stands in where no rule fits, null inputs included."""
    assert decided(["answer", "fee"], APART, "U", default=["ask", None])[3] == ("ask", None)
