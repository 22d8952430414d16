"""Decide and price one row of each class with the same code that answers a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract, costing, prompts, routers, routing
from tierbook.configuration.cells import EPOCH
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
from tierbook.routing.blanks import without_rows
from tierbook.scale.layout import BY_ROW, Layout
from tierbook.scale.reading import DecidedRows, Own, renumbered, taken, taken_rows
from tierbook.workbook import requests as read_requests
from tierbook.workbook.answers import problems_by_row, status_and_message
from tierbook.workbook.fields import reader_for
from tierbook.workbook.output_columns import output_values
from tierbook.workbook.values import Reader

# What only the whole of a table can tell of its rows: a class of rows is no place to ask it.
_OF_WHOLE_TABLES: Final = frozenset({"repeated-row", "two-rows", "sku-spelling"})
# Told once for a table and not row by row, since a stream cannot know how many there will be.
_OF_BLANKS: Final = frozenset({"blank-input", "missing-input"})
_TOLD_ONCE: Final = _OF_BLANKS | {"no-template"}
# Held against the totals of all parts, not against one row of each class.
_OF_TOTALS: Final = frozenset({"over-cap"})


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
        router: Who decides.
        witnesses: Rows that tell what only a whole table can: that photos are named in it, how
            its decimals and dates are written. They are read along and answered by nobody.
    """

    def __init__(
        self,
        layout: Layout,
        configuration: Configuration,
        today: date,
        router: routers.Router,
        witnesses: Sequence[Sequence[Any]],
    ) -> None:
        self._layout, self._configuration, self._today = layout, configuration, today
        self._router = router
        self._witnesses = [list(row) for row in witnesses]
        self._headings = [h for h in layout.answers if h not in BY_ROW]

    @property
    def witnesses(self) -> int:
        """How many rows of what is read are nobody's."""
        return len(self._witnesses)

    def read(self, rows: Sequence[Sequence[Any]]) -> DecidedRows:
        """Read raw rows as requests, and decide them."""
        book = self._layout.book([*self._witnesses, *rows])
        table, found = read_requests(book, self._configuration)
        found = [one for one in found if one.code not in _OF_WHOLE_TABLES]
        errors = {one.cell.row for one in found if one.cell and one.severity == "error"}
        numbers: list[int] = table.rows.tolist()
        table = replace(table, bad=np.array([row in errors for row in numbers], np.bool_))
        place = np.full(len(self._witnesses) + len(rows), -1, np.int64)
        place[table.rows - 1] = np.arange(len(table))
        decisions, told = self._decide(table)
        found += told
        by_row = problems_by_row(table.sheet, _of_rows(found))
        places = {int(place[row - 1]): told for row, told in by_row.items() if place[row - 1] >= 0}
        witnesses = len(self._witnesses)
        return DecidedRows(
            table,
            decisions,
            place[witnesses:],
            {at: told for at, told in places.items() if table.rows[at] > witnesses},
            _of_table(found, table.sheet),
        )

    def _decide(self, table: RequestTable) -> tuple[Decisions, list[Problem]]:
        """Decide all rows; a router that tries things out would need to see all of the table."""
        return routers.decide_by(
            self._router, table, self._configuration, self._today, explore=False
        )

    def composed(
        self, rows: DecidedRows, texts: Mapping[str, Column]
    ) -> tuple[Column, DecidedRows]:
        """Write the prompts of rows with other texts in some columns.

        Returns:
            The prompts, and the rows with what composing found wrong with them.
        """
        table = replace(rows.table, columns={**rows.table.columns, **texts})
        composed, found = prompts.compose(table, rows.decisions, self._configuration)
        if not found:
            return composed, rows
        at = {int(row): place for place, row in enumerate(table.rows)}
        problems = {place: list(told) for place, told in rows.problems.items()}
        for row, told in problems_by_row(table.sheet, _of_rows(found)).items():
            if at[row] >= self.witnesses:
                problems.setdefault(at[row], []).extend(told)
        of_table = (*rows.of_table, *_of_table(found, table.sheet))
        return composed, replace(rows, problems=problems, of_table=of_table)

    def priced_by_prompt(self, rows: DecidedRows) -> NDArray[np.bool_]:
        """Tell which rows cost more for a longer prompt: in a tier, or in the baseline."""
        table, decisions = rows.table, rows.decisions
        empty = np.zeros(len(table), np.int64)
        told = np.zeros(len(table), np.bool_)
        others = [self._configuration.settings.baseline_engine]
        if contract.CHEAPER_IF in self._headings:
            others += [tier.engine for tier in self._configuration.tiers]
        alike = [np.full(len(table), engine, object) for engine in dict.fromkeys(others)]
        for engines in (decisions.engine, *alike):
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
        rows: DecidedRows,
        places: NDArray[np.int64],
        prompt_bytes: NDArray[np.int64],
        own: Mapping[str, Own],
        asked: NDArray[np.intp],
    ) -> Answered:
        """Answer the rows at `places` of what was read, each with its own values.

        Args:
            rows: Rows of the table.
            places: Which of them, shape (n,); a row may be named many times.
            prompt_bytes: Length of each prompt, shape (n,).
            own: By heading: values that rows have in place of those read.
            asked: Rows whose reason names such a value.
        """
        start = len(self._witnesses)
        every = np.concatenate([np.arange(start), places])
        lengths = np.concatenate([np.zeros(start, np.int64), prompt_bytes])
        own = {heading: (start + at, values) for heading, (at, values) in own.items()}
        table = taken_rows(rows.table, every, own)
        decisions = taken(rows.decisions, every)
        decisions = replace(decisions, why=self._reasons(table, decisions.why, start + asked))
        bill, priced = costing.estimate(decisions, table, self._configuration, lengths, self._today)
        found = [*renumbered(rows.problems, table, every), *_of_rows(priced)]
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
            cheaper_if=self._cheaper_if(table, decisions, lengths),
            status=status,
            message=message,
            request_id=blank,
            report=RubricReport(),
            problems=(),
            today=self._today,
        )
        cells = output_values(answers)
        return Answered(
            {heading: cells[heading][start:] for heading in self._headings},
            taken(decisions, slice(start, None)),
            taken(bill, slice(start, None)),
            {row - 1 - start: told for row, told in by_row.items() if row > start},
            _of_table(priced, table.sheet),
        )

    def _reasons(self, table: RequestTable, why: Column, asked: NDArray[np.intp]) -> Column:
        """Give the reasons that name a number of the row anew; the others are their class's."""
        if not len(asked):
            return why
        rows = np.concatenate([np.arange(len(self._witnesses)), asked])
        reasons = why.copy()
        reasons[rows] = self._decide(taken_rows(table, rows))[0].why
        return reasons

    def limit(self) -> Reader:
        """Make the reader of budgets; the witnesses settle how decimals are written."""
        field = self._layout.field(contract.BUDGET_PER_IMAGE)
        column = [row[field.position] for row in self._witnesses] if field else []
        return reader_for(contract.BUDGET_PER_IMAGE, column, self._configuration, EPOCH)

    def _cheaper_if(
        self, table: RequestTable, decisions: Decisions, lengths: NDArray[np.int64]
    ) -> Column:
        if contract.CHEAPER_IF not in self._headings:
            return text_column([None] * len(table))
        per_tier = costing.per_tier(table, decisions, self._configuration, lengths, self._today)
        return routing.cheaper_if(table, self._configuration, decisions, per_tier)


def _of_rows(found: Iterable[Problem]) -> list[Problem]:
    return [one for one in found if one.code not in _TOLD_ONCE]


def _of_table(found: Iterable[Problem], sheet: str) -> tuple[Problem, ...]:
    return tuple(
        without_rows(one) if one.code in _OF_BLANKS else one
        for one in found
        if one.code in _TOLD_ONCE
        or (
            one.code not in _OF_TOTALS
            and not (one.cell and one.cell.row and one.cell.sheet == sheet)
        )
    )


def _without_addresses(message: Column, by_row: Mapping[int, Sequence[Problem]]) -> None:
    """Take the cell's address out of each message: rows of one class share their words."""
    for row, told in by_row.items():
        for one in told:
            if one.cell is not None and message[row - 1]:
                message[row - 1] = message[row - 1].replace(f"{one.cell.a1}: ", "", 1)
