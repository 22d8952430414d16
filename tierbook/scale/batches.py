"""Answer batches of a table: each class of rows is decided and priced once, then spread."""

from collections.abc import Sequence
from datetime import date
from operator import gt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook.model import Column, Configuration, Problem, text_column
from tierbook.routing.rubric import compile_rubric
from tierbook.scale.answers import NO_REQUEST, KnownAnswers
from tierbook.scale.classes import Classes
from tierbook.scale.deciding import Decider
from tierbook.scale.layout import Layout
from tierbook.scale.numbering import Numbering, Packing, first_rows
from tierbook.scale.report import ProblemCount, TierTotal, Totals, of_table
from tierbook.scale.sorting import Sorted, Sorter, as_read
from tierbook.workbook.values import cell_value

# Past this many answers, all are forgotten and found again: memory stays what it is.
_MOST_KNOWN: Final = 400_000
_CODE_BITS: Final = 31


class Answerer:
    """Answers the batches of one table, in any order, each with the same words as ever.

    Args:
        layout: The columns of the table.
        configuration: The settings.
        today: The day prices are valid on.
        witnesses: Rows that tell what only the whole table can; see `Decider`.
    """

    def __init__(
        self,
        layout: Layout,
        configuration: Configuration,
        today: date,
        witnesses: Sequence[Sequence[Any]],
    ) -> None:
        self._layout = layout
        self._compiled, _ = compile_rubric(configuration.rubric)
        self._decider = Decider(layout, configuration, today, witnesses)
        self._sorter = Sorter(layout, self._compiled)
        self._start_over()

    def _start_over(self) -> None:
        self._classes = Classes(self._decider, self._layout, self._compiled)
        self._known = KnownAnswers()
        self._widths = self._sorter.widths()
        self._packing = Packing(self._widths)
        headings = list(self._classes.asks)
        self._numbers = {heading: Numbering() for heading in headings}
        self._pairs = Packing([_CODE_BITS, _CODE_BITS, *(_CODE_BITS for _ in headings)])

    def answer(self, batch: Any, first_row: int) -> tuple[dict[str, Any], Totals]:
        """Answer a pyarrow record batch whose first row is the table's row `first_row`.

        Returns:
            The output columns by heading, pyarrow arrays of shape (n,), and their totals.
        """
        found = self._sorter.sort(batch)
        needed = self._sorter.least_widths()
        if len(self._known) > _MOST_KNOWN or any(map(gt, needed, self._widths)):
            self._start_over()
        numbers = np.zeros(batch.num_rows, np.int64)
        of_table: list[Problem] = []
        usual, odd = np.flatnonzero(~found.odd), np.flatnonzero(found.odd)
        numbers[usual] = self._number_usual(batch, found, usual, of_table)
        known = len(self._known)
        numbers[odd] = self._number_odd(batch, odd, of_table)
        outputs = self._known.spread(numbers)
        totals = self._totals(numbers, first_row, of_table)
        self._known.shrink(known)
        return outputs, totals

    def _number_usual(
        self, batch: Any, found: Sorted, usual: NDArray[np.intp], of_table: list[Problem]
    ) -> NDArray[np.int64]:
        classes = self._packing.number([codes[usual] for codes in found.codes], len(usual))
        known = self._classes
        if len(self._packing) > len(known.place):
            first = usual[first_rows(classes, len(known.place), len(self._packing))]
            sizes = {h: found.sizes[h][first] for h in known.times}
            known.add(raw_rows(batch, first), sizes)
            of_table.extend(known.read.of_table)
        # Rows that are no requests keep number 0.
        asking = np.flatnonzero(known.place[classes] >= 0)
        numbers = np.zeros(len(usual), np.int64)
        numbers[asking] = self._number_pairs(batch, found, usual[asking], classes[asking], of_table)
        return numbers

    def _number_pairs(
        self,
        batch: Any,
        found: Sorted,
        rows: NDArray[np.intp],
        classes: NDArray[np.int64],
        of_table: list[Problem],
    ) -> NDArray[np.int64]:
        """Number answers by class, prompt length, and the numbers that the reason names."""
        known = self._classes
        lengths = known.lengths(classes, {h: found.sizes[h][rows] for h in known.times})
        asked = [
            np.where(asks[classes], self._numbers[h].number(_bits(found.values[h][rows])) + 1, 0)
            for h, asks in known.asks.items()
        ]
        numbers = self._pairs.number([classes, lengths, *asked], len(rows)) + 1
        if len(self._pairs) + 1 > len(self._known):
            first = first_rows(numbers, len(self._known), len(self._pairs) + 1)
            values = {h: self._own_values(batch, h, rows[first]) for h in known.asks}
            answered = self._decider.answer(
                known.read, known.place[classes[first]], lengths[first], values
            )
            of_table.extend(answered.of_table)
            self._known.extend(answered)
        return numbers

    def _own_values(self, batch: Any, heading: str, rows: NDArray[np.intp]) -> Column:
        field = self._layout.field(heading)
        if field is None:
            raise KeyError(heading)
        cells = batch.column(field.position).take(rows).to_pylist()
        return text_column([cell_value(value) for value in cells])

    def _number_odd(
        self, batch: Any, rows: NDArray[np.intp], of_table: list[Problem]
    ) -> NDArray[np.int64]:
        """Answer rows one by one, for this batch only."""
        numbers = np.zeros(len(rows), np.int64)
        if not len(rows):
            return numbers
        read = self._decider.read(raw_rows(batch, rows))
        asking = np.flatnonzero(read.place >= 0)
        if len(asking):
            places = read.place[asking]
            decisions = self._decider.decided(read.table)
            lengths = self._decider.prompt_bytes(read.table, decisions)[places]
            answered = self._decider.answer(read, places, lengths, {})
            numbers[asking] = len(self._known) + np.arange(len(asking))
            of_table.extend(answered.of_table)
            self._known.extend(answered)
        of_table.extend(read.of_table)
        return numbers

    def _totals(
        self, numbers: NDArray[np.int64], first_row: int, told: Sequence[Problem]
    ) -> Totals:
        known = self._known
        rows = np.bincount(numbers, minlength=len(known))
        tiers: dict[int, TierTotal] = {}
        for number in np.unique(known.tier[rows > 0]).tolist():
            if number != NO_REQUEST:
                here = known.tier == number
                tiers[number] = TierTotal(
                    int(rows[here].sum()),
                    int((rows * known.images)[here].sum()),
                    int((rows * known.estimate)[here].sum()),
                )
        problems = of_table(told)
        troubled = {at: ones for at, ones in known.problems.items() if rows[at]}
        first = np.zeros(len(known), np.int64)
        if troubled:
            first[numbers[::-1]] = np.arange(len(numbers))[::-1]
        for at, ones in troubled.items():
            for one in ones:
                row = first_row + int(first[at])
                count = ProblemCount(
                    one.code, one.severity, int(rows[at]), row, one.message, one.fix
                )
                before = problems.get(one.code)
                problems[one.code] = count if before is None else before.merged(count)
        baseline = int((rows * known.baseline).sum())
        return Totals(len(numbers), tiers, baseline, problems)


def raw_rows(batch: Any, rows: NDArray[np.intp]) -> list[list[Any]]:
    """Take rows of a batch out as plain values; nested ones as their text."""
    taken = batch.take(rows)
    columns = [[as_read(value) for value in column.to_pylist()] for column in taken.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _bits(values: NDArray[Any]) -> NDArray[np.int64]:
    """Give each number a whole number of its own."""
    return (
        values.astype(np.float64).view(np.int64)
        if values.dtype.kind == "f"
        else values.astype(np.int64)
    )
