"""Small tables of requests as Parquet, with what real ones get wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from tierbook import app, configuration, workbook
from tierbook.model import Configuration
from tierbook.scale.layout import ANSWERS
from tierbook.workbook.output_columns import output_values

TODAY = date(2026, 11, 24)
COLUMNS = (
    "SKU",
    "Placement",
    "Product name",
    "Scene notes",
    "Background",
    "Human model",
    "Angles",
    "Aspect ratio",
    "Campaign",
    "Source image",
    "Sales 90 days",
    "Budget per image",
    "Tier override",
    "Action",
)

_names = st.sampled_from(
    ["Oak  lamp", " mug", "Bol à thé", "chair\u00a0", "", None, "Kettle", "\u200b", "a\tb", "日本"]
)
_texts = st.one_of(_names, st.text(alphabet="ab é\u3000", max_size=12))
ROW = st.tuples(
    st.sampled_from(["", "-B", " x", "!", "é"]),
    st.sampled_from(["Gallery", "gallery ", "Marketplace main", "Homepage hero", "Email header",
                     "Paid ad", "Nowhere", None]),
    _texts,
    _texts,
    st.sampled_from(["white", "scene", "SCENE", "plaid", None]),
    st.sampled_from(["yes", "no", "maybe", None]),
    st.sampled_from([1, 3, 6, 0, None]),
    st.sampled_from(["1:1", "16:9", "wide", None]),
    st.sampled_from(["Spring", "none", None]),
    st.sampled_from(["a.jpg", "b.jpg", " ", None]),
    st.one_of(st.none(), st.integers(-5, 120), st.integers(4990, 5010), st.floats(99, 101)),
    st.sampled_from(["0,05", "$2", "1.25", "free", None]),
    st.sampled_from([1, 3, 7, None]),
    st.sampled_from(["route", "skip", "lock", None]),
)  # fmt: skip


@st.composite
def catalogs(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Draw rows of few kinds: alike in what decides, different in texts and sales."""
    kinds = draw(st.lists(ROW, min_size=1, max_size=5))
    rows: list[tuple[Any, ...]] = []
    for _ in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(kinds))
        sales = draw(st.sampled_from([kind[10], 5, 60, 5005, 6000]))
        rows.append((kind[0], kind[1], draw(_texts), draw(_texts), *kind[4:10], sales, *kind[11:]))
    return rows


def table(rows: list[tuple[Any, ...]]) -> pa.Table:
    """Make a table; every SKU is another, with its row's ending."""
    numbered = [(f"S{number}{row[0]}", *row[1:]) for number, row in enumerate(rows)]
    columns = list(zip(*numbered, strict=True))
    sales = pa.array([None if v is None else float(v) for v in columns[10]], pa.float64())
    arrays = [
        sales if name == "Sales 90 days" else pa.array(values, _kind(name))
        for name, values in zip(COLUMNS, columns, strict=True)
    ]
    return pa.table(dict(zip(COLUMNS, arrays, strict=True)))


def _kind(name: str) -> pa.DataType:
    return pa.int64() if name in ("Angles", "Tier override") else pa.string()


def written(folder: Path, rows: pa.Table, group_rows: int = 1_000_000) -> Path:
    """Write the table as a Parquet file."""
    path = folder / "catalog.parquet"
    pq.write_table(rows, path, row_group_size=group_rows)
    return path


def as_one(path: Path) -> tuple[dict[str, list[Any]], set[int]]:
    """Answer the file as `tierbook run` answers a small one; messages without cell addresses.

    Returns:
        The cells by heading, and the rows that were told of a blank that mattered.
    """
    book = workbook.read_book(path)
    answers = app.answer(book, router=None, today=TODAY)
    cells = output_values(answers)
    rows = (answers.requests.rows - 1).tolist()
    whole: dict[str, list[Any]] = {}
    for heading in ANSWERS:
        column: list[Any] = [None] * len(book.rows)
        for row, value in zip(rows, cells[heading].tolist(), strict=True):
            column[row] = value if value is None or heading not in ("Tier",) else str(value)
        whole[heading] = column
    blanks: set[int] = set()
    for problem in answers.problems:
        if problem.cell is not None and problem.cell.row and not problem.cell.sheet:
            at = problem.cell.row - 1
            if problem.code == "blank-input":
                blanks.add(at)
            if whole["Message"][at]:
                told = whole["Message"][at].replace(f"{problem.cell.a1}: ", "")
                whole["Message"][at] = told
    return whole, blanks


def in_parts(target: Path) -> dict[str, list[Any]]:
    """Read the answers of a target folder, all parts in order."""
    read = pq.read_table(target)
    return {heading: read.column(heading).to_pylist() for heading in ANSWERS}


def settings() -> Configuration:
    """The settings of a seller who changed nothing."""
    return configuration.defaults()


def sample(rows: int) -> pa.Table:
    """Make a table of ordinary requests, the same each time."""
    places = ("Gallery", "Marketplace main", "Homepage hero", "Email header", "Paid ad")
    return table(
        [
            (
                "", places[n % 5], ("Oak lamp", "Mug", None)[n % 3], None,
                ("white", "scene")[n % 2], ("yes", "no")[n % 7 > 0], 1 + n % 6, None,
                ("Spring", None)[n % 4 > 0], "a.jpg", n * 37 % 6000, ("0,05", "2", None)[n % 3],
                None, None,
            )
            for n in range(rows)
        ]
    )  # fmt: skip
