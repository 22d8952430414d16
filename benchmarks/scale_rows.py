"""Make a big catalog as Parquet: the shape of a real one, from numbers and no text of anyone's."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PLACEMENTS = (
    "Marketplace main",
    "Gallery",
    "Gallery",
    "Gallery",
    "Swatch",
    "Category page",
    "Email header",
    "Social post",
    "Paid ad",
    "Homepage hero",
)
BACKGROUNDS = ("white", "white", "white", "solid", "scene", "brand", None)
CATEGORIES = tuple(f"Category {number:03d}" for number in range(120))
CAMPAIGNS = (None,) * 12 + ("Spring", "Summer sale", "Holiday", "Back to school")
WORDS = ("oak", "walnut", "brass", "linen", "wool", "steel", "lamp", "mug", "chair", "bowl")
RECIPES = 300


def write_catalog(
    path: Path, rows: int, group_rows: int = 1_000_000, *, mixed: bool = False
) -> None:
    """Write `rows` requests to `path` in row groups.

    A shop asks for pictures by recipe: a placement with its background, props, angles, budget.
    `mixed` draws every column by itself instead, which no shop does and which repeats least.
    """
    chance = np.random.default_rng(7)
    recipes = chance.integers(0, 1 << 30, (RECIPES, 7))
    writer: pq.ParquetWriter | None = None
    for start in range(0, rows, group_rows):
        count = min(group_rows, rows - start)
        drawn = (
            chance.integers(0, 1 << 30, (count, 7))
            if mixed
            else recipes[chance.integers(0, RECIPES, count)]
        )
        table = _group(chance, start, drawn)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=group_rows)
    if writer is not None:
        writer.close()


def _group(chance: np.random.Generator, start: int, drawn: np.ndarray) -> pa.Table:
    rows = len(drawn)

    def pick(values: Sequence[object], kind: pa.DataType, column: int | None = None) -> pa.Array:
        picks = chance.integers(0, len(values), rows) if column is None else drawn[:, column]
        codes = pa.array((picks % len(values)).astype(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(values, kind)).cast(kind)

    numbers = np.arange(start, start + rows)
    skus = np.char.add("SKU-", np.char.zfill(numbers.astype("U9"), 9))
    names = [np.array(WORDS)[chance.integers(0, len(WORDS), rows)] for _ in range(3)]
    named = np.char.add(
        np.char.add(names[0], " "), np.char.add(names[1], np.char.add(" ", names[2]))
    )
    return pa.table(
        {
            "SKU": pa.array(skus),
            "Placement": pick(PLACEMENTS, pa.string(), 0),
            "Product name": pa.array(named),
            "Category": pick(CATEGORIES, pa.string()),
            "Background": pick(BACKGROUNDS, pa.string(), 1),
            "Human model": pick((True, False, False, False), pa.bool_(), 2),
            "Props": pick((True, False, False, False), pa.bool_(), 3),
            "Angles": pick((1, 2, 3, 4, 5, None), pa.int32(), 4),
            "Campaign": pick(CAMPAIGNS, pa.string(), 5),
            "Source image": pick(("photo.jpg",) * 30 + (None,), pa.string()),
            "Sales 90 days": pa.array((chance.pareto(1.2, rows) * 60).astype(np.int32)),
            "Budget per image": pick((None, None, 0.05, 0.25, 2.0), pa.float64(), 6),
        }
    )
