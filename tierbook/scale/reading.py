"""Read rows of a big table as requests, decide them, and keep both for later batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tierbook.model import Column, Decisions, Problem, RequestTable

# Rows, and the values of a column there.
Own: TypeAlias = tuple[NDArray[np.intp], Column]


@dataclass(frozen=True)
class DecidedRows:
    """Rows read and decided, with the witnesses of the table in front.

    Attributes:
        table: Witnesses first, then the rows that are requests.
        decisions: What was decided of each row of `table`.
        place: For each row read, its place in `table`, -1 where it is no request, shape (n,).
        problems: What is wrong with each place of `table`, by place.
        of_table: Problems of no single row.
    """

    table: RequestTable
    decisions: Decisions
    place: NDArray[np.int64]
    problems: Mapping[int, Sequence[Problem]]
    of_table: tuple[Problem, ...]

    def joined(self, later: "DecidedRows", witnesses: int) -> "DecidedRows":
        """Put rows read later behind these; both have the same witnesses in front."""
        shift = len(self.table) - witnesses
        rest = np.arange(witnesses, len(later.table))
        place = np.where(later.place >= 0, later.place + shift, -1)
        problems = {**self.problems, **{at + shift: told for at, told in later.problems.items()}}
        return DecidedRows(
            _behind(self.table, taken_rows(later.table, rest)),
            joined_columns(self.decisions, taken(later.decisions, rest)),
            np.append(self.place, place),
            problems,
            later.of_table,
        )


def _behind(one: RequestTable, two: RequestTable) -> RequestTable:
    return RequestTable(
        one.sheet,
        np.arange(1, len(one) + len(two) + 1),
        {h: np.append(column, two.columns[h]) for h, column in one.columns.items()},
        one.letters,
        np.append(one.bad, two.bad),
        {h: np.append(column, two.outputs[h]) for h, column in one.outputs.items()},
    )


def taken_rows(
    table: RequestTable, places: NDArray[Any], own: Mapping[str, Own] | None = None
) -> RequestTable:
    """Take rows of a table, numbered from 1; `own` are values that some of them have instead."""
    columns = {heading: column[places] for heading, column in table.columns.items()}
    for heading, (rows, values) in (own or {}).items():
        columns[heading][rows] = values
    return RequestTable(
        table.sheet,
        np.arange(1, len(places) + 1),
        columns,
        table.letters,
        table.bad[places],
        {heading: column[places] for heading, column in table.outputs.items()},
    )


def taken(columns: Any, places: NDArray[Any] | slice) -> Any:
    """Take rows of a frozen set of columns; a column nobody filled stays None."""
    every = {field.name: getattr(columns, field.name) for field in fields(columns)}
    some = {name: None if one is None else one[places] for name, one in every.items()}
    return type(columns)(**some)


def joined_columns(one: Any, two: Any) -> Any:
    """Put the rows of one frozen set of columns behind those of another."""
    second = {field.name: getattr(two, field.name) for field in fields(two)}
    every = {
        name: None if column is None else np.append(column, second[name])
        for name, column in ((f.name, getattr(one, f.name)) for f in fields(one))
    }
    return type(one)(**every)


def renumbered(
    problems: Mapping[int, Sequence[Problem]], table: RequestTable, places: NDArray[Any]
) -> list[Problem]:
    """Give each taken row the problems of its place, at the row it now has."""
    if not problems:
        return []
    troubled = np.flatnonzero(np.isin(places, list(problems)))
    return [
        replace(one, cell=replace(one.cell, row=int(table.rows[at])))
        for at in troubled.tolist()
        for one in problems[int(places[at])]
        if one.cell is not None
    ]
