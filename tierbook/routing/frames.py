"""Between pandas DataFrames and the columns that decision tables work on."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tierbook.errors import RubricError
from tierbook.routing.matching import Coded, InputColumn
from tierbook.routing.terms import fold


def input_column(frame: pd.DataFrame, name: str) -> InputColumn:
    """Take one input out of the frame, dictionary-coded where that is how it is kept.

    Raises:
        RubricError: The frame has no such column, or several.
    """
    wanted = fold(name)
    found = [at for at, label in enumerate(frame.columns) if label == name] or [
        at for at, label in enumerate(frame.columns) if fold(str(label)) == wanted
    ]
    if len(found) != 1:
        there = ", ".join(str(label) for label in frame.columns) or "none"
        problem = "is missing" if not found else "is there more than once"
        raise RubricError(
            f'The input column "{name}" {problem}. The columns are: {there}.',
            fix=f'Give the frame exactly one column "{name}".',
        )
    return _column(frame.iloc[:, found[0]])


def _column(series: "pd.Series[Any]") -> InputColumn:
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categorical = series.cat
        return Coded(categorical.codes.to_numpy(), categorical.categories.tolist())
    if isinstance(dtype, pd.StringDtype):
        return _coded_strings(series)
    if isinstance(dtype, np.dtype):
        values = series.to_numpy()
        if dtype.kind in "biufM":
            return values
        if dtype == np.dtype(object) and pd.api.types.infer_dtype(series, skipna=True) == "string":
            return _factorized(series)
        return series.to_numpy(dtype=object)
    return _extension(series)


def _coded_strings(series: "pd.Series[Any]") -> Coded:
    if getattr(series.dtype, "storage", "") != "pyarrow":
        return _factorized(series)
    import pyarrow as pa

    arrow: Any = pa  # its stubs leave out most of what is used here
    encoded = arrow.array(series.array).dictionary_encode()
    if isinstance(encoded, arrow.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    codes = encoded.indices
    if codes.null_count:
        codes = codes.fill_null(-1)
    return Coded(codes.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist())


def _factorized(series: "pd.Series[Any]") -> Coded:
    codes, values = pd.factorize(series, use_na_sentinel=True)
    return Coded(np.asarray(codes), list(values))


def _extension(series: "pd.Series[Any]") -> InputColumn:
    """Take a nullable, Arrow, timezone-aware or other extension column."""
    dtype = series.dtype
    missing = bool(series.isna().any())
    if pd.api.types.is_bool_dtype(dtype) and not missing:
        return series.to_numpy(dtype=bool)
    if pd.api.types.is_float_dtype(dtype):
        kind = np.float32 if getattr(dtype, "itemsize", 8) == 4 else np.float64
        return series.to_numpy(dtype=kind, na_value=np.nan)
    if pd.api.types.is_integer_dtype(dtype) and not missing:
        return series.to_numpy(dtype=np.dtype(str(dtype).lower().split("[")[0]))
    return series.astype(object).to_numpy(dtype=object)


def output_frame(
    columns: Mapping[str, Sequence[Any]], pattern: NDArray[np.intp], index: "pd.Index[Any]"
) -> pd.DataFrame:
    """Spread one value per pattern and column over the rows; every column has dtype object."""
    spread = {
        name: pd.Series(_objects(values)[pattern], index=index, dtype=object, copy=False)
        for name, values in columns.items()
    }
    return pd.DataFrame(spread, index=index, copy=False)


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    """Make a flat object array; lists stay single values."""
    column = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        column[at] = value
    return column
