"""One rubric over a DataFrame, a Parquet file, DuckDB and dask: the same decisions."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dask
import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.scale.shop import TODAY, settings, written
from tierbook.model import Configuration, Rubric, Rule
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.sql import kind_of, sql
from tierbook.scale.frames import decide_frame
from tierbook.scale.partitions import answered_totals, rows_frame, totals_in
from tierbook.scale.parts import Asked, Cut, plan
from tierbook.scale.report import Totals
from tierbook.scale.streaming import decide_parquet

INPUTS = ("Placement group", "Background", "Colour", "Angles", "Price", "Props", "Launch", "Photo")
DECIDED = ["Rule", "Tier", "Prompt template", "Lane", "Queue priority", "Engine"]
CELLS = (
    st.sampled_from(["any", "gallery", "not gallery, ad", "HERO, email"]),
    st.sampled_from(["any", "scene", "not white", "white, solid"]),
    st.sampled_from(["any", "red, ｆｉｎｅ", "not red", ">= 5", "12%", "not (1..3)", "2026-11-27"]),
    st.sampled_from(["any", "> 4", "1 to 3", "not 2", "-", "[1..3)", "red"]),
    st.sampled_from(["any", "0.1", "<= 0.3", "not >= 2.5", "]0.1..2.5]"]),
    st.sampled_from(["any", "yes", "no", "not yes"]),
    st.sampled_from(["any", "2026-11-27", ">= 2026-11-01", "not < 2026-12-01"]),
    st.sampled_from(["any", "any", "no", "yes"]),
)
THENS = st.tuples(st.sampled_from(["1", "2", "3", "HOLD"]), st.sampled_from(["", "hero"]))
TYPES = {
    "SKU": pa.string(), "Placement": pa.string(), "Background": pa.string(),
    "Colour": pa.string(), "Angles": pa.int64(), "Price": pa.float64(), "Props": pa.bool_(),
    "Launch": pa.date32(), "Source image": pa.string(),
}  # fmt: skip
ROWS = st.tuples(
    st.sampled_from(["Gallery", " gallery", "PAID  AD", "Homepage hero", "Swatch"]),
    st.sampled_from(["white", "SCENE", " ", "solid", None]),
    st.sampled_from(["red", "ＲＥＤ ", "ﬁne", "", None, "5", "5,000.00", "12%", "2026-11-27", "2"]),
    st.sampled_from([None, 1, 2, 3, 4, 6]),
    st.sampled_from([None, 0.1, 0.3, 0.30000000000000004, 2.5, 9.0]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, date(2026, 11, 27), date(2026, 10, 1), date(2026, 12, 1)]),
    st.sampled_from([None, "", "a.jpg"]),
)
POLICIES = ("FIRST", "UNIQUE", "ANY", "PRIORITY", "COLLECT MIN", "COLLECT MAX")


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """Draw a rubric over all kinds of columns."""
    rules = tuple(
        Rule(f"R{number}", draw(st.tuples(*CELLS)), draw(THENS))
        for number in range(draw(st.integers(1, 5)))
    )
    return Rubric(INPUTS, ("Tier", "Prompt template"), rules, draw(st.sampled_from(POLICIES)))


def _table(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*[(f"S-{n}", *row) for n, row in enumerate(rows)], strict=True)
    return pa.table(
        {n: pa.array(list(c), t) for (n, t), c in zip(TYPES.items(), columns, strict=True)}
    )


def _decided(columns: Any) -> list[tuple[Any, ...]]:
    return list(zip(*[columns[heading] for heading in DECIDED], strict=True))


def _in_parts(folder: Path) -> list[tuple[Any, ...]]:
    return _decided(pq.read_table(folder).select(DECIDED).to_pydict())


def _by_query(table: pa.Table, shop: Configuration) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        database.register("requests", table)
        kinds = {n: kind_of(k) for n, k, *_ in database.execute("DESCRIBE requests").fetchall()}
        query = sql(compile_rubric(shop.rubric)[0], shop, kinds)
        named = ", ".join(f'"{heading}"' for heading in DECIDED)
        return database.execute(f"SELECT {named} FROM ({query})").fetchall()  # noqa: S608


def _by_partitions(source: Path, folder: Path, shop: Configuration, asked: Asked) -> Totals:
    job = plan(source, shop, TODAY, asked)
    folder.mkdir()
    with dask.config.set({"dataframe.convert-string": False}):
        tasks = answered_totals(rows_frame(job, list(job.parts)), job, repr(shop), folder)
    return sum(map(totals_in, dask.compute(*tasks, scheduler="sync")), Totals())


@given(rubric=rubrics(), rows=st.lists(ROWS, min_size=1, max_size=25), cut=st.integers(1, 8))
@how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_four_decide_alike(
    tmp_path: Path, rubric: Rubric, rows: list[tuple[Any, ...]], cut: int
) -> None:
    """Random rubrics over random rows: rule, tier, template, lane, queue and engine agree."""
    for folder in ("parts", "partitions"):
        shutil.rmtree(tmp_path / folder, ignore_errors=True)
    shop = replace(settings(), rubric=rubric)
    table, asked = _table(rows), Asked(cut=Cut(part=6, batch=cut))
    source = written(tmp_path, table, 1 + cut)
    frame, of_frame = decide_frame(table.to_pandas(), shop, today=TODAY, asked=asked)
    of_parts = decide_parquet(source, tmp_path / "parts", shop, today=TODAY, asked=asked).totals
    of_partitions = _by_partitions(source, tmp_path / "partitions", shop, asked)

    decided = _in_parts(tmp_path / "parts")
    assert _in_parts(tmp_path / "partitions") == decided
    assert (
        _decided({h: frame[h].astype(object).where(frame[h].notna(), None) for h in DECIDED})
        == decided
    )
    assert _by_query(table, shop) == decided
    assert of_frame.tiers == of_parts.tiers == of_partitions.tiers


def test_a_frame_of_mixed_values_is_decided_as_its_texts() -> None:
    """A column that holds numbers and words alike is read as cells of a sheet are."""
    frame = pd.DataFrame(
        {"SKU": ["A", 7, "C"], "Placement": ["Gallery"] * 3, "Angles": [1, "2", "many"]},
        index=[5, 6, 9],
    )
    decided, totals = decide_frame(frame, settings(), today=TODAY)
    assert decided.index.tolist() == [5, 6, 9]
    assert decided["Status"].tolist()[2] == "ERROR"
    assert totals.rows == 3
