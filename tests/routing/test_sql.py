"""The rubric as DuckDB SQL decides what `decide` decides."""

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.routing import shop
from tierbook.model import HOLD_TIER, NO_TIER, Placement, RequestTable, Rubric, Rule, text_column
from tierbook.routing.deciding import decide
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.sql import Kind, kind_of, sql

INPUTS = ("Placement group", "Colour", "Angles", "Price", "Props", "Launch", "Photo")
TYPES = {
    "SKU": pa.string(),
    "Placement": pa.string(),
    "Colour": pa.string(),
    "Angles": pa.int64(),
    "Price": pa.float64(),
    "Props": pa.bool_(),
    "Launch": pa.date32(),
    "Source image": pa.string(),
}
CELLS = (
    st.sampled_from(["any", "gallery", "not gallery, ad", "HERO, email", "nowhere"]),
    st.sampled_from(
        ["any", "Red, blue", "not red", "yes", ">= 5", "12%", "5000", '"it\'s, a"', "2026-11-27",
         "not (1..3)", ">= 2026-01-01", "Über Straße",
         "ｆｉｎｅ", "not Ｒｅｄ", "glass, 12"]
    ),
    st.sampled_from(["any", "> 4", "1 to 3", "not 2", "-", "[1..3)", "< 1, > 5", "red"]),
    st.sampled_from(["any", "0.1", "<= 0.3", "not >= 2.5", "]0.1..2.5]", "yes"]),
    st.sampled_from(["any", "yes", "no", "not yes"]),
    st.sampled_from(["any", "2026-11-27", ">= 2026-11-01", "not < 2026-12-01", "5"]),
    st.sampled_from(["any", "any", "no", "yes"]),
)  # fmt: skip
THENS = st.tuples(st.sampled_from(["1", "2", "3", "HOLD"]), st.sampled_from(["", "hero"]))
ROWS = st.tuples(
    st.sampled_from(
        ["Gallery", " gallery", "PAID  AD", "Homepage hero", "Ｇallery　", "Else", "", None]
    ),
    st.sampled_from(
        ["red", " RED ", "blue\u00a0", "", "  ", None, "YES", "true", "5", "5.5", "$5,000.00",
         "12%", "0.12", "007", "it's,  A", "2026-11-27", "2026-13-01", "über straße", "1e5", "- 2",
         "ＲＥＤ", "ﬁne", "Fｉne ", "GLAẞ", "glaß", "U\u0308BER STRASSE", "ｙｅｓ", "①②", "e\u0301"]
    ),
    st.sampled_from([None, 0, 1, 2, 3, 4, 6]),
    st.sampled_from([None, float("nan"), 0.1, 0.3, 0.30000000000000004, 2.5, 9.0]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, date(2026, 11, 27), date(2026, 10, 1), date(2026, 12, 1)]),
    st.sampled_from([None, "", "a.jpg"]),
)  # fmt: skip
POLICIES = ("FIRST", "UNIQUE", "ANY", "PRIORITY", "COLLECT MIN", "COLLECT MAX", "RULE ORDER")


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    rules = tuple(
        Rule(f"R{number}", draw(st.tuples(*CELLS)), draw(THENS))
        for number in range(draw(st.integers(1, 6)))
    )
    policy = draw(st.sampled_from(POLICIES))
    return Rubric(INPUTS, ("Tier", "Prompt template"), rules, policy)


def _table(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*[(f"S{n}", *row) for n, row in enumerate(rows)], strict=True)
    arrays = [
        pa.array(list(values), kind) for values, kind in zip(columns, TYPES.values(), strict=True)
    ]
    return pa.table(dict(zip(TYPES, arrays, strict=True)))


def _requests(rows: pa.Table) -> RequestTable:
    return RequestTable(
        "",
        np.arange(1, rows.num_rows + 1),
        {name: text_column(rows.column(name).to_pylist()) for name in rows.column_names},
        {name: at for at, name in enumerate(rows.column_names, 1)},
        np.zeros(rows.num_rows, dtype=bool),
    )


def _queried(rows: pa.Table, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        database.register("requests", rows)
        found = database.execute(query)
        names = [column[0] for column in found.description]
        assert names[: rows.num_columns] == rows.column_names
        return found.fetchall()


def _kinds() -> dict[str, Kind]:
    with duckdb.connect() as database:
        database.register("requests", pa.table({n: pa.array([], t) for n, t in TYPES.items()}))
        described = database.execute("DESCRIBE requests").fetchall()
    return {name: kind_of(kind) for name, kind, *_ in described}


KINDS = _kinds()


@given(rubric=rubrics(), rows=st.lists(ROWS, min_size=1, max_size=30))
@how(max_examples=150, deadline=None)
def test_duckdb_decides_what_the_rubric_decides(
    rubric: Rubric, rows: list[tuple[Any, ...]]
) -> None:
    """Rule, tier, template, lane, queue and engine agree for every row, blanks included."""
    configuration = shop.configuration(rubric)
    compiled, _ = compile_rubric(rubric)
    table = _table(rows)
    decisions, _ = decide(_requests(table), configuration)
    query = sql(compiled, configuration, KINDS, fill=False)
    for row, found in enumerate(_queried(table, query)):
        tier = int(decisions.tier[row])
        decided = tier not in (HOLD_TIER, NO_TIER)
        told = (
            decisions.rule[row] or None,
            {HOLD_TIER: "HOLD", NO_TIER: None}.get(tier, str(tier)),
            *(
                column[row] if decided else None
                for column in (
                    decisions.template, decisions.lane, decisions.priority, decisions.engine
                )
            ),
        )  # fmt: skip
        assert found[len(TYPES) :] == told, (rows[row], rubric.rules)


def test_a_blank_takes_what_the_placement_knows() -> None:
    """Where a row names no background and no size, the query goes by those of its placement."""
    rules = (
        Rule("R1", ("scene", "any"), ("2",)),
        Rule("R2", ("any", ">= 2000"), ("3",)),
        Rule("R3", ("any", "any"), ("1",)),
    )
    rubric = Rubric(("Background", "Long edge px"), ("Tier",), rules)
    compiled, _ = compile_rubric(rubric)
    places = (
        Placement("Hero", "hero", background="scene"),
        Placement("Main", "main", background="white", target_px=2000),
    )
    rows = pa.table({"Placement": [" HERO", "main", "Main", "Main"],
                     "Background": [None, " ", "scene", "solid"],
                     "Long edge px": [None, None, None, 500]})  # fmt: skip
    query = sql(
        compiled,
        shop.configuration(rubric, placements=places),
        {"Placement": "text", "Background": "text", "Long edge px": "integer"},
    )
    assert [row[3] for row in _queried(rows, query)] == ["R1", "R2", "R1", "R3"]


def test_a_quote_in_a_name_stays_a_quote() -> None:
    """Words and headings with quotes are data: they can end no text and start no statement."""
    rule = Rule("R'1", ('"x\'); DROP TABLE requests; --"',), ("1",))
    rubric = Rubric(('My "own"',), ("Tier",), (rule,))
    compiled, _ = compile_rubric(rubric)
    rows = pa.table({'My "own"': ["x'); DROP TABLE requests; --", "other"]})
    query = sql(compiled, shop.configuration(rubric), {'My "own"': "text"})
    assert [row[1:3] for row in _queried(rows, query)] == [("R'1", "1"), (None, None)]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("VARCHAR", "text"), ("DECIMAL(18,3)", "integer"), ("TIMESTAMP WITH TIME ZONE", "date"),
     ("DOUBLE", "float"), ("BOOLEAN", "boolean"), ("ENUM('a', 'b')", "text"),
     ("INTEGER[]", "text")],
)  # fmt: skip
def test_kinds_follow_duckdbs_types(word: str, kind: str) -> None:
    """A column is compared by what DuckDB says it holds; what is unknown counts as text."""
    assert kind_of(word) == kind
