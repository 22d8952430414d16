"""Decision tables over DataFrames: hit policies, blanks, dtypes, faults."""

import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tierbook import DecisionTable
from tierbook.errors import RubricError
from tierbook.routing.hits import NUMERIC, HitPolicy


def table(hit_policy: str, **more: Any) -> DecisionTable:
    """Three overlapping rules on one number, with outputs that repeat."""
    return DecisionTable.from_rows(
        inputs=["n"],
        outputs=["tier", "points"],
        rules=[
            {"when": [">= 10"], "then": ["low", 1]},
            {"when": [">= 20"], "then": ["high", 5]},
            {"when": ["20 to 30"], "then": ["high", 3]},
        ],
        hit_policy=hit_policy,
        **more,
    )


def row(decided: pd.DataFrame, at: int) -> list[Any]:
    return decided.iloc[at].tolist()


NUMBERS = pd.DataFrame({"n": [5, 15, 25, 40]})


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("FIRST", ["low", 1]),
        ("f", ["low", 1]),
        ("PRIORITY", ["high", 5]),
        ("RULE ORDER", [["low", "high", "high"], [1, 5, 3]]),
        ("rule_order", [["low", "high", "high"], [1, 5, 3]]),
        ("OUTPUT ORDER", [["high", "high", "low"], [5, 3, 1]]),
        ("COLLECT", [["low", "high", "high"], [1, 5, 3]]),
    ],
)
def test_hit_policies(policy: str, expected: list[Any]) -> None:
    """Each policy makes its own answer of the same three matching rules."""
    decided = table(policy, output_values=[["high", "low"], [5, 3, 1]]).decide(NUMBERS)
    assert row(decided, 2) == [*expected, [1, 2, 3]]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("COLLECT SUM", 9),
        ("C+", 9),
        ("Collect (sum)", 9),
        ("COLLECT +", 9),
        ("C<", 1),
        ("COLLECT MAX", 5),
        ("C#", 3),
    ],
)
def test_collected_numbers(policy: str, expected: int) -> None:
    """Sum, least, greatest and count of the outputs of all rules that fit."""
    points = DecisionTable.from_rows(
        ["n"],
        ["points"],
        [
            {"when": [">= 10"], "then": [1]},
            {"when": [">= 20"], "then": [5]},
            {"when": ["20 to 30"], "then": [3]},
        ],
        policy,
    )
    assert points.decide(NUMBERS)["points"].tolist()[2] == expected


@pytest.mark.parametrize(
    "policy",
    [policy.value for policy in HitPolicy if policy not in NUMERIC],
)
def test_no_hit(policy: str) -> None:
    """No rule fits: the outputs are None and no rule is listed, whatever the policy."""
    decided = table(policy, output_values=[["high", "low"], [5, 3, 1]]).decide(NUMBERS.iloc[:1])
    assert row(decided, 0) == [None, None, []]


@pytest.mark.parametrize("default", [["none", 0], {"tier": "none", "points": 0}])
def test_default(default: Any) -> None:
    """The default answers where no rule fits, and no rule is listed for it."""
    assert row(table("FIRST", default=default).decide(NUMBERS), 0) == ["none", 0, []]


def test_unique_names_row_and_rules() -> None:
    """Two rules that fit under UNIQUE are an error that names the row and both rules."""
    frame = NUMBERS.set_index(pd.Index(["a", "b", "c", "d"]))
    with pytest.raises(RubricError, match=r"Row 'c' fits rules 1, 2 and 3; hit policy UNIQUE"):
        table("UNIQUE").decide(frame)
    assert row(table("UNIQUE").decide(frame.iloc[:2]), 1) == ["low", 1, [1]]


def test_any_wants_agreement() -> None:
    """ANY accepts rules that agree and refuses rules that do not; True does not agree with 1."""
    agreeing = [{"when": ["> 1"], "then": [1]}, {"when": ["> 2"], "then": [1]}]
    decided = DecisionTable.from_rows(["n"], ["o"], agreeing, "ANY").decide(NUMBERS)
    assert row(decided, 0) == [1, [1, 2]]
    differing = [{"when": ["> 1"], "then": [1]}, {"when": ["> 2"], "then": [True]}]
    with pytest.raises(RubricError, match="Row 0 fits rules 1 and 2; hit policy ANY"):
        DecisionTable.from_rows(["n"], ["o"], differing, "ANY").decide(NUMBERS)


def test_violations_as_values() -> None:
    """Below `decide`, violations come back as values and leave the other rows decided."""
    unique = table("UNIQUE")
    matched = unique.match({"n": np.array([15, 25])}, 2)
    outcomes = unique.outcomes(matched)
    assert outcomes.values[matched.pattern[0]] == ("low", 1)
    assert outcomes.values[matched.pattern[1]] is None
    assert [violation.rules for violation in outcomes.violations] == [(0, 1, 2)]


def test_priority_by_first_output_first() -> None:
    """Compound outputs rank by the first output, then the second; unlisted values come last."""
    rules = [
        {"when": ["any"], "then": ["b", "x"]},
        {"when": ["any"], "then": ["a", "z"]},
        {"when": ["any"], "then": ["A", "y"]},
        {"when": ["any"], "then": ["c", "x"]},
    ]
    values = [["a", "b"], ["x", "y", "z"]]
    decided = DecisionTable.from_rows(["n"], ["p", "q"], rules, "P", values).decide(NUMBERS)
    assert row(decided, 0)[:2] == ["A", "y"]
    ordered = DecisionTable.from_rows(["n"], ["p", "q"], rules, "O", values).decide(NUMBERS)
    assert row(ordered, 0)[0] == ["A", "a", "b", "c"]


COLUMNS: list[Any] = [
    pd.Series(["a", "B ", None, "c"], dtype=object),
    pd.Series(["a", "B ", None, "c"], dtype="str"),
    pd.Series(["a", "B ", None, "c"], dtype="string"),
    pd.Series(["a", "B ", None, "c"], dtype=pd.StringDtype("python")),
    pd.Series(["a", "B ", None, "c"], dtype="category"),
    pd.Series(["a", "B ", None, "c"], dtype="string[pyarrow]"),
    pd.Series(["a", "B ", "", "c"]),
    pd.Series(["a", "b", pd.NA, 3], dtype=object),
]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.dtype))
def test_text_dtypes(column: Any) -> None:
    """However pandas keeps text, the same rows fit."""
    rules = [{"when": ["A"], "then": [1]}, {"when": ["not c, 3"], "then": [2]}]
    decided = DecisionTable.from_rows(["t"], ["o"], rules).decide(pd.DataFrame({"t": column}))
    assert decided["o"].tolist() == [1, 2, None, None]


NUMERIC: list[Any] = [
    pd.Series([1, 5, None, 9], dtype="Int64"),
    pd.Series([1, 5, None, 9], dtype="float32"),
    pd.Series([1, 5, None, 9], dtype="Float64"),
    pd.Series([1, 5, None, 9], dtype="int64[pyarrow]"),
    pd.Series([1, 5, None, 9], dtype=object),
    pd.Series([Decimal(1), Decimal("5.0"), None, Decimal(9)], dtype=object),
    pd.Series(["1", "5", None, "9"]),
    pd.Series([1, 5, np.nan, 9]).astype("category"),
]


@pytest.mark.parametrize("column", NUMERIC, ids=lambda column: str(column.dtype))
def test_numeric_dtypes(column: Any) -> None:
    """However pandas keeps numbers, the same rows fit; a missing number fits no comparison."""
    rules = [{"when": ["< 5"], "then": ["a"]}, {"when": ["not 9"], "then": ["b"]}]
    decided = DecisionTable.from_rows(["n"], ["o"], rules).decide(pd.DataFrame({"n": column}))
    assert decided["o"].tolist() == ["a", "b", None, None]


@pytest.mark.parametrize("dtype", ["bool", "boolean", "bool[pyarrow]", "object", "category"])
def test_bool_dtypes(dtype: str) -> None:
    """Yes and no fit no number, in any dtype."""
    rules = [{"when": [1], "then": ["one"]}, {"when": ["yes"], "then": ["y"]}]
    frame = pd.DataFrame({"b": pd.Series([True, False]).astype(dtype)})
    assert DecisionTable.from_rows(["b"], ["o"], rules).decide(frame)["o"].tolist() == ["y", None]


def test_mixed_objects() -> None:
    """True, 1 and 1.0 share a hash and still keep apart; lists count as their text."""
    rules = [{"when": [1], "then": ["one"]}, {"when": ["yes"], "then": ["y"]}]
    frame = pd.DataFrame({"b": [True, 1, 1.0, "yes", [1, 2], None]})
    decided = DecisionTable.from_rows(["b"], ["o"], rules).decide(frame)
    assert decided["o"].tolist() == ["y", "one", "one", "y", None, None]


@pytest.mark.parametrize(
    "dtype", ["datetime64[ns]", "datetime64[s]", "datetime64[ns, Asia/Tokyo]", "object"]
)
def test_dates(dtype: str) -> None:
    """A time counts as its own local day; NaT is blank."""
    times = pd.Series(pd.to_datetime(["2026-11-27 23:30", None, "2026-11-28 00:00"]))
    column = times.dt.tz_localize("Asia/Tokyo") if "Tokyo" in dtype else times.astype(dtype)
    rules = [{"when": ["2026-11-27"], "then": [1]}, {"when": ["> 2026-11-27"], "then": [2]}]
    decided = DecisionTable.from_rows(["d"], ["o"], rules).decide(pd.DataFrame({"d": column}))
    assert decided["o"].tolist() == [1, None, 2]


def test_index_and_types_survive() -> None:
    """The index comes back, duplicates too; numbers stay numbers and text text."""
    frame = pd.DataFrame({"n": [15, 15, 5]}, index=pd.Index([7, 7, 8], name="sku"))
    decided = table("FIRST").decide(frame)
    assert decided.index.equals(frame.index)
    assert decided.index.name == "sku"
    assert list(decided.columns) == ["tier", "points", "matched_rules"]
    assert [type(value) for value in decided["points"]] == [int, int, type(None)]
    assert decided["tier"].tolist() == ["low", "low", None]


def test_empty_frame_and_no_rules() -> None:
    """No rows give no rows, and no rules fit nothing."""
    assert table("FIRST").decide(NUMBERS.iloc[:0]).shape == (0, 3)
    nothing = DecisionTable.from_rows(["n"], ["o"], []).decide(NUMBERS)
    assert nothing["matched_rules"].tolist() == [[], [], [], []]
    open_table = DecisionTable.from_rows([], ["o"], [{"when": [], "then": [1]}]).decide(NUMBERS)
    assert open_table["o"].tolist() == [1, 1, 1, 1]


def test_headings_match_loosely_and_faults_are_named() -> None:
    """A column is found without case; a missing or double one is named with what is there."""
    assert table("FIRST").decide(NUMBERS.rename(columns={"n": " N "})).shape == (4, 3)
    with pytest.raises(RubricError, match=r'"n" is missing\. The columns are: m'):
        table("FIRST").decide(NUMBERS.rename(columns={"n": "m"}))
    with pytest.raises(RubricError, match="more than once"):
        table("FIRST").decide(pd.concat([NUMBERS, NUMBERS], axis=1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rules": [{"when": ["> x"], "then": [1]}]}, 'Rule 1, input "n"'),
        ({"rules": [{"when": [], "then": [1]}]}, "0 cells"),
        ({"rules": [{"when": ["any"], "then": "text"}]}, '"then"'),
        ({"rules": [{"then": [1]}]}, '"when"'),
        ({"hit_policy": "SOMETIMES"}, "SOMETIMES"),
        ({"hit_policy": "PRIORITY"}, "order"),
        ({"hit_policy": "C+", "rules": [{"when": ["any"], "then": ["x"]}]}, "numbers"),
        ({"outputs": ["matched_rules"]}, "twice"),
        ({"inputs": ["n", "n"]}, "twice"),
        ({"default": [1, 2]}, "default"),
        ({"default": {"p": 1}}, "default"),
    ],
)
def test_unusable_tables(change: dict[str, Any], words: str) -> None:
    """A table that cannot decide is refused when it is built, with what to change."""
    good: dict[str, Any] = {
        "inputs": ["n"],
        "outputs": ["o"],
        "rules": [{"when": ["1"], "then": [1]}],
    }
    with pytest.raises(RubricError, match=words) as refused:
        DecisionTable.from_rows(**(good | change))
    assert refused.value.fix


def test_lists_stay_single_values() -> None:
    """An output may itself be a list; it is not spread over the rows."""
    rules = [{"when": ["any"], "then": [[1, 2]]}]
    assert (
        DecisionTable.from_rows(["n"], ["o"], rules).decide(NUMBERS)["o"].tolist() == [[1, 2]] * 4
    )


def test_more_rules_than_a_word_has_bits() -> None:
    """Rules past the 64th match like the first."""
    rules = [{"when": [f">= {at}"], "then": [at]} for at in range(130)]
    decided = DecisionTable.from_rows(["n"], ["o"], rules, "RULE ORDER").decide(
        pd.DataFrame({"n": [0, 63, 64, 129]})
    )
    assert decided["matched_rules"].map(len).tolist() == [1, 64, 65, 130]


def test_core_needs_no_pandas() -> None:
    """Matching NumPy columns leaves pandas and pyarrow alone: a run must start fast."""
    code = (
        "import sys, numpy as np; from tierbook import DecisionTable;"
        "t = DecisionTable.from_rows(['n'], ['o'], [{'when': ['> 1'], 'then': [1]}]);"
        "t.outcomes(t.match({'n': np.array([1, 2])}, 2));"
        "sys.exit(bool({'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
