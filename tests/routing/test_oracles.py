"""Two independent engines decide the same random rubrics: DuckDB's CASE WHEN and zen-engine.

Each random condition is written three times, by hand of this test: as a cell, as SQL, and as
zen's own expression. Nothing of Tierbook's parser is used for the other two.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import zen
from hypothesis import given, settings
from hypothesis import strategies as st

from tierbook import DecisionTable

TEXT_INPUTS = ("placement", "background")
NUMBER_INPUTS = ("angles", "budget")
FLAG_INPUTS = ("campaign",)
INPUTS = (*TEXT_INPUTS, *NUMBER_INPUTS, *FLAG_INPUTS)
WORDS = ("gallery", "homepage hero", "email", "white", "solid", "home, garden")
BOUNDS = ("0", "1", "3", "4", "0.1", "0.3", "2.5", "5000")


@dataclass(frozen=True)
class Condition:
    cell: str
    sql: str  # with {c} for the column
    zen: str


ANY = Condition("any", "TRUE", "")


def _cased(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from([text, text.upper(), text.title(), f" {text} "]))


@st.composite
def text_conditions(draw: st.DrawFn) -> Condition:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
    cells = [_cased(draw, word) for word in words]
    listed = ", ".join(f'"{cell}"' if "," in cell else cell for cell in cells)
    sql = "lower(trim({c})) IN (" + ", ".join(f"'{word}'" for word in words) + ")"
    quoted = ", ".join(f'"{word}"' for word in words)
    if draw(st.booleans()):
        return Condition(listed, sql, quoted)
    spelled = f"not({listed})" if len(words) > 1 or draw(st.booleans()) else f"not {listed.strip()}"
    negated = sql.replace(" IN ", " NOT IN ")
    return Condition(spelled, negated, f"$ != null and $ not in [{quoted}]")


@st.composite
def number_conditions(draw: st.DrawFn) -> Condition:
    bound = draw(st.sampled_from(BOUNDS))
    shape = draw(st.sampled_from(["compare", "equal", "not", "range", "pair"]))
    if shape == "compare":
        sign = draw(st.sampled_from(["<", "<=", ">", ">="]))
        return Condition(f"{sign} {bound}", f"{{c}} {sign} {bound}", f"{sign} {bound}")
    if shape == "equal":
        return Condition(bound, f"{{c}} = {bound}", bound)
    if shape == "not":
        return Condition(f"not {bound}", f"{{c}} != {bound}", f"$ != null and $ != {bound}")
    low, high = sorted(
        draw(st.lists(st.sampled_from(BOUNDS), min_size=2, max_size=2, unique=True)), key=float
    )
    if shape == "pair":
        return Condition(
            f"< {low}, >= {high}",
            f"({{c}} < {low} OR {{c}} >= {high})",
            f"< {low}, >= {high}",
        )
    left, right = draw(st.booleans()), draw(st.booleans())
    cell = f"{'[' if left else '('}{low}..{high}{']' if right else ')'}"
    if left and right and draw(st.booleans()):
        cell = f"{low} to {high}"
    sql = f"({{c}} >{'=' if left else ''} {low} AND {{c}} <{'=' if right else ''} {high})"
    condition = f"$ >{'=' if left else ''} {low} and $ <{'=' if right else ''} {high}"
    return Condition(cell, sql, f"$ != null and {condition}")


@st.composite
def flag_conditions(draw: st.DrawFn) -> Condition:
    wanted = draw(st.booleans())
    spelled = draw(st.sampled_from(["yes", "TRUE"] if wanted else ["no", "false"]))
    return Condition(spelled, f"{{c}} = {wanted}", str(wanted).lower())


def _conditions(name: str) -> st.SearchStrategy[Condition]:
    if name in TEXT_INPUTS:
        return st.one_of(st.just(ANY), text_conditions())
    if name in NUMBER_INPUTS:
        return st.one_of(st.just(ANY), number_conditions())
    return st.one_of(st.just(ANY), flag_conditions())


RUBRICS = st.lists(st.tuples(*(_conditions(name) for name in INPUTS)), min_size=1, max_size=9)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    text = st.one_of(st.none(), st.sampled_from([*WORDS, "other"]))
    row: dict[str, Any] = {}
    for name in TEXT_INPUTS:
        word = draw(text)
        row[name] = word if word is None else _cased(draw, word)
    row["angles"] = draw(st.one_of(st.none(), st.integers(0, 6), st.just(5000)))
    row["budget"] = draw(
        st.one_of(st.none(), st.sampled_from([0.1, 0.2, 0.3, 0.1 + 0.2, 2.5, 4.0]))
    )
    row["campaign"] = draw(st.one_of(st.none(), st.booleans()))
    return row


def _frame(sheet: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(sheet, columns=list(INPUTS))
    return frame.astype({"angles": "Int64", "budget": "float64", "campaign": "boolean"})


def _ours(rubric: list[tuple[Condition, ...]], frame: pd.DataFrame) -> pd.DataFrame:
    rules = [
        {"when": [condition.cell for condition in rule], "then": [number]}
        for number, rule in enumerate(rubric, start=1)
    ]
    return DecisionTable.from_rows(INPUTS, ["rule"], rules).decide(frame)


def _sql(rule: tuple[Condition, ...]) -> str:
    parts = [f"({one.sql.format(c=name)})" for one, name in zip(rule, INPUTS, strict=True)]
    return " AND ".join(parts)


@given(RUBRICS, st.lists(rows(), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_duckdb_agrees(rubric: list[tuple[Condition, ...]], sheet: list[dict[str, Any]]) -> None:
    """First hits, and every single match, are those of SQL."""
    frame = _frame(sheet)
    cases = " ".join(f"WHEN {_sql(rule)} THEN {at}" for at, rule in enumerate(rubric, start=1))
    every = ", ".join(f"coalesce({_sql(rule)}, FALSE)" for rule in rubric)
    with duckdb.connect() as base:
        base.register("frame", frame.assign(position=range(len(frame))))
        query = f"SELECT CASE {cases} END, [{every}] FROM frame ORDER BY position"  # noqa: S608
        found = base.sql(query).fetchall()
    ours = _ours(rubric, frame)
    assert ours["rule"].tolist() == [first for first, _ in found]
    listed = [[at for at, fits in enumerate(each, start=1) if fits] for _, each in found]
    assert ours["matched_rules"].tolist() == listed


def _zen_graph(rubric: list[tuple[Condition, ...]]) -> dict[str, Any]:
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in INPUTS],
        "outputs": [{"id": "o", "name": "rule", "field": "rule"}],
        "rules": [
            {"_id": f"r{at}", "o": str(at)}
            | {name: one.zen for one, name in zip(rule, INPUTS, strict=True)}
            for at, rule in enumerate(rubric, start=1)
        ],
        "inputField": "rows",
        "outputPath": "decided",
        "executionMode": "loop",
        "passThrough": False,
    }
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {
                "id": "t",
                "type": "decisionTableNode",
                "name": "t",
                "position": place,
                "content": table,
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "t"},
            {"id": "e2", "type": "edge", "sourceId": "t", "targetId": "out"},
        ],
    }


def _folded(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


@given(RUBRICS, st.lists(rows(), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_zen_agrees(rubric: list[tuple[Condition, ...]], sheet: list[dict[str, Any]]) -> None:
    """First hits are those of zen-engine, which folds no case: it gets folded rows."""
    for one in sheet:  # it keeps fewer digits of a number than a double has
        one["budget"] = one["budget"] and round(one["budget"], 9)
    folded = [
        {
            key: value.strip().lower() if isinstance(value, str) else value
            for key, value in one.items()
        }
        for one in sheet
    ]
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"t": _zen_graph(rubric)}}})
    decided: Any = engine.evaluate("t", {"rows": folded})["result"]["decided"]
    theirs = [one["rule"] if one else None for one in decided]
    assert _ours(rubric, _frame(sheet))["rule"].tolist() == theirs
