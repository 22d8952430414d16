"""Decide and price one row of each class with the same code that answers a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract, costing, prompts, routing
from tierbook.costing.quoting import has_source_photo, quote_rows
from tierbook.model import (
    Answers,
    Bill,
    Column,
    Configuration,
    Decisions,
    Problem,
    RequestTable,
    RubricReport,
    text_column,
)
from tierbook.scale.layout import Layout
from tierbook.workbook import requests as read_requests
from tierbook.workbook.answers import problems_by_row, status_and_message
from tierbook.workbook.output_columns import output_values

# What only the whole of a table can tell of its rows: a class of rows is no place to ask it.
_OF_WHOLE_TABLES: Final = frozenset({"repeated-row", "two-rows", "sku-spelling"})
# Told once for a table and not row by row, since a stream cannot know how many there will be.
_TOLD_ONCE: Final = frozenset({"blank-input", "missing-input"})
# Held against the totals of all parts, not against one row of each class.
_OF_TOTALS: Final = frozenset({"over-cap"})
# Long texts of single rows, which a table of millions goes without.
LEFT_OUT: Final = frozenset({contract.PROMPT, contract.REQUEST_ID, contract.CHEAPER_IF})
HEADINGS: Final = tuple(
    heading
    for heading in contract.REQUEST_OUTPUTS
    if heading not in contract.GENERATION_OUTPUTS and heading not in LEFT_OUT
)


@dataclass(frozen=True)
class ReadRows:
    """Rows read as requests, with the witnesses of the table in front.

    Attributes:
        table: Witnesses first, then the rows that are requests.
        place: For each row read, its place in `table`, -1 where it is no request, shape (n,).
        problems: What is wrong with each place of `table`, by place.
        of_table: Problems of no single row.
    """

    table: RequestTable
    place: NDArray[np.int64]
    problems: Mapping[int, Sequence[Problem]]
    of_table: tuple[Problem, ...]

    def joined(self, later: "ReadRows", witnesses: int) -> "ReadRows":
        """Put rows read later behind these; both have the same witnesses in front."""
        one, two, shift = self.table, later.table, len(self.table) - witnesses
        columns = {h: np.append(one.columns[h], two.columns[h][witnesses:]) for h in one.columns}
        outputs = {h: np.append(one.outputs[h], two.outputs[h][witnesses:]) for h in one.outputs}
        table = RequestTable(
            one.sheet,
            np.arange(1, len(one) + len(two) - witnesses + 1),
            columns,
            one.letters,
            np.append(one.bad, two.bad[witnesses:]),
            outputs,
        )
        place = np.where(later.place >= 0, later.place + shift, -1)
        problems = {**self.problems, **{at + shift: told for at, told in later.problems.items()}}
        return ReadRows(table, np.append(self.place, place), problems, later.of_table)


@dataclass(frozen=True)
class Answered:
    """Decided and priced requests; every array has shape (n,).

    Attributes:
        cells: Output heading -> cell values, as a workbook shows them.
        decisions, bill: What was decided, and its price.
        problems: By place: what a seller should know of it.
        of_table: Problems of no single row.
    """

    cells: Mapping[str, Column]
    decisions: Decisions
    bill: Bill
    problems: Mapping[int, Sequence[Problem]]
    of_table: tuple[Problem, ...]


class Decider:
    """Answers rows of one table.

    Args:
        layout: The columns of the table.
        configuration: The settings.
        today: The day prices are valid on.
        witnesses: Rows that tell what only a whole table can: that photos are named in it, how
            its decimals and dates are written. They are read along and answered by nobody.
    """

    def __init__(
        self,
        layout: Layout,
        configuration: Configuration,
        today: date,
        witnesses: Sequence[Sequence[Any]],
    ) -> None:
        self._layout, self._configuration, self._today = layout, configuration, today
        self._witnesses = [list(row) for row in witnesses]

    @property
    def witnesses(self) -> int:
        """How many rows of what is read are nobody's."""
        return len(self._witnesses)

    def read(self, rows: Sequence[Sequence[Any]]) -> ReadRows:
        """Read raw rows as requests."""
        book = self._layout.book([*self._witnesses, *map(list, rows)])
        table, found = read_requests(book, self._configuration)
        found = [one for one in found if one.code not in _OF_WHOLE_TABLES]
        errors = {one.cell.row for one in found if one.cell and one.severity == "error"}
        numbers: list[int] = table.rows.tolist()
        table = replace(table, bad=np.array([row in errors for row in numbers], np.bool_))
        place = np.full(len(self._witnesses) + len(rows), -1, np.int64)
        place[table.rows - 1] = np.arange(len(table))
        by_row = problems_by_row(table.sheet, found)
        places = {int(place[row - 1]): told for row, told in by_row.items() if place[row - 1] >= 0}
        witnesses = len(self._witnesses)
        of_table = _of_table(found, table.sheet)
        return ReadRows(
            table,
            place[witnesses:],
            {at: told for at, told in places.items() if table.rows[at] > witnesses},
            of_table,
        )

    def decided(self, table: RequestTable) -> Decisions:
        """Decide all rows of a table, witnesses included."""
        return routing.decide(table, self._configuration)[0]

    def prompt_bytes(self, table: RequestTable, decisions: Decisions) -> NDArray[np.int64]:
        """Count the bytes of each prompt."""
        composed, _ = prompts.compose(table, decisions, self._configuration)
        return np.array([len(text.encode()) if text else 0 for text in composed], np.int64)

    def priced_by_prompt(self, table: RequestTable, decisions: Decisions) -> NDArray[np.bool_]:
        """Tell which rows cost more for a longer prompt, in their tier or in the baseline."""
        empty = np.zeros(len(table), np.int64)
        told = np.zeros(len(table), np.bool_)
        baseline = np.full(len(table), self._configuration.settings.baseline_engine, object)
        for engines in (decisions.engine, baseline):
            quotes = quote_rows(
                engines,
                decisions.width,
                decisions.height,
                has_source_photo(table),
                empty,
                self._configuration.price_book,
                self._today,
            )
            rates = [getattr(one, "per_prompt_byte", 0) > 0 for one in quotes.answers]
            told |= np.array(rates or [False], np.bool_)[quotes.chosen]
        return told & (decisions.tier > 0)

    def answer(
        self,
        read: ReadRows,
        places: NDArray[np.int64],
        prompt_bytes: NDArray[np.int64],
        values: Mapping[str, Column],
    ) -> Answered:
        """Answer the rows at `places` of what was read, each with its own values.

        Args:
            read: Rows of the table.
            places: Which of them, shape (n,); a row may be named many times.
            prompt_bytes: Length of each prompt, shape (n,).
            values: Heading -> the row's own values, where they differ from those read.
        """
        ahead = np.arange(len(self._witnesses))
        table = _take(read.table, np.concatenate([ahead, places]), values, len(ahead))
        lengths = np.concatenate([np.zeros(len(ahead), np.int64), prompt_bytes])
        decisions, decided = routing.decide(table, self._configuration)
        bill, priced = costing.estimate(decisions, table, self._configuration, lengths, self._today)
        own = _renumbered(read, table, places, len(ahead))
        of_rows = [one for one in (*decided, *priced) if one.code not in _TOLD_ONCE]
        found = [*own, *of_rows]
        status, message = status_and_message(table, decisions, bill, found)
        by_row = problems_by_row(table.sheet, found)
        _without_addresses(message, by_row)
        blank = text_column([None] * len(table))
        answers = Answers(
            requests=table,
            configuration=self._configuration,
            decisions=decisions,
            bill=bill,
            prompt=blank,
            cheaper_if=blank,
            status=status,
            message=message,
            request_id=blank,
            report=RubricReport(),
            problems=(),
            today=self._today,
        )
        cells = output_values(answers)
        start = len(ahead)
        return Answered(
            {heading: cells[heading][start:] for heading in HEADINGS},
            _sliced(decisions, start),
            _sliced(bill, start),
            {row - 1 - start: told for row, told in by_row.items() if row > start},
            _of_table([*decided, *priced], table.sheet),
        )


def _of_table(found: Iterable[Problem], sheet: str) -> tuple[Problem, ...]:
    return tuple(
        one
        for one in found
        if one.code in _TOLD_ONCE
        or (
            one.code not in _OF_TOTALS
            and not (one.cell and one.cell.row and one.cell.sheet == sheet)
        )
    )


def _take(
    table: RequestTable, places: NDArray[np.int64], values: Mapping[str, Column], start: int
) -> RequestTable:
    columns = {heading: column[places] for heading, column in table.columns.items()}
    for heading, own in values.items():
        columns[heading][start:] = own
    return RequestTable(
        table.sheet,
        np.arange(1, len(places) + 1),
        columns,
        table.letters,
        table.bad[places],
        {heading: column[places] for heading, column in table.outputs.items()},
    )


def _renumbered(
    read: ReadRows, table: RequestTable, places: NDArray[np.int64], start: int
) -> list[Problem]:
    """Give each taken row its problems, at the row it now has."""
    if not read.problems:
        return []
    troubled = np.flatnonzero(np.isin(places, list(read.problems)))
    return [
        replace(one, cell=replace(one.cell, row=int(table.rows[start + at])))
        for at in troubled.tolist()
        for one in read.problems[int(places[at])]
        if one.cell is not None
    ]


def _without_addresses(message: Column, by_row: Mapping[int, Sequence[Problem]]) -> None:
    """Take the cell's address out of each message: rows of one class share their words."""
    for row, told in by_row.items():
        for one in told:
            if one.cell is not None and message[row - 1]:
                message[row - 1] = message[row - 1].replace(f"{one.cell.a1}: ", "", 1)


def _sliced(columns: Any, start: int) -> Any:
    """Leave the first rows of a frozen set of columns out; a column nobody filled stays None."""
    every = {field.name: getattr(columns, field.name) for field in fields(columns)}
    rest = {name: None if one is None else one[start:] for name, one in every.items()}
    return type(columns)(**rest)
