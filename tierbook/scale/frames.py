"""Decide and price a pandas DataFrame, whole or as one partition of a dask DataFrame."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as _pa

from tierbook.errors import NothingToRoute
from tierbook.model import Configuration
from tierbook.routers import choose
from tierbook.scale.batches import Answerer
from tierbook.scale.layout import layout
from tierbook.scale.parts import Asked
from tierbook.scale.report import Totals
from tierbook.scale.survey import count_products, texts_in_table, values_in_table, witnesses
from tierbook.scale.writing import answered_schema, joined
from tierbook.workbook.values import spelled

# pyarrow comes without types.
pa: Any = _pa
# A frame has no file; no learned router lies beside it unless settings say where.
_NO_FILE: Final = Path("DataFrame.parquet")


def decide_frame(
    frame: pd.DataFrame, configuration: Configuration, *, today: date, asked: Asked | None = None
) -> tuple[pd.DataFrame, Totals]:
    """Decide and price every row of a DataFrame, as a Parquet file of them would be.

    Returns:
        The frame with our columns behind (Arrow's types, the same index), and its totals.

    Raises:
        NothingToRoute: There is no column of SKUs, or no row.
    """
    if frame.empty:
        raise NothingToRoute("The DataFrame has no rows.", fix="put the requests into it.")
    asked = asked or Asked()
    table, leave_out = _as_arrow(frame), asked.leave_out
    wide = layout(_NO_FILE, table.schema, configuration, asked.reading, "", leave_out)
    products = count_products(wide, values_in_table(table))
    router = choose(products, configuration, asked.settings or _NO_FILE)
    name = router.choice.router
    columns = layout(_NO_FILE, table.schema, configuration, asked.reading, name, leave_out)
    speaking = witnesses(columns, texts_in_table(table))
    answerer = Answerer(columns, configuration, today, router, speaking)
    answered: list[Any] = []
    totals, row = Totals(), 1
    for batch in table.combine_chunks().to_batches(max_chunksize=asked.cut.batch):
        outputs, counted = answerer.answer(batch, row)
        answered.append(joined(columns, batch, outputs))
        totals += counted
        row += batch.num_rows
    whole = pa.concat_tables(answered).cast(answered_schema(columns, table.schema))
    decided = whole.to_pandas(types_mapper=pd.ArrowDtype, ignore_metadata=True)
    return decided.set_axis(frame.index), totals


def _as_arrow(frame: pd.DataFrame) -> Any:
    arrays = {str(name): _column(frame.iloc[:, at]) for at, name in enumerate(frame.columns)}
    return pa.table(arrays)


def _column(series: "pd.Series[Any]") -> Any:
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # Values of several kinds in one column count as their text, as cells of a sheet do.
        there = series.notna()
        return pa.array([spelled(v) if ok else None for v, ok in zip(series, there, strict=True)])
