"""Answer batches of a table: each class of rows is decided and priced once, then spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import gt
from typing import Any, Final

import numpy as np
import pyarrow as _pa
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import Column, Configuration, Problem, text_column
from tierbook.routers import Router
from tierbook.routing.rubric import compile_rubric
from tierbook.scale.answers import NO_REQUEST, KnownAnswers
from tierbook.scale.classes import Classes
from tierbook.scale.deciding import Decider
from tierbook.scale.layout import BY_ROW, Layout, Role
from tierbook.scale.numbering import Numbering, Packing, first_rows
from tierbook.scale.report import TierTotal, Totals, of_table
from tierbook.scale.row_texts import request_ids, sku_keys, tidy_texts
from tierbook.scale.sorting import Sorted, Sorter, raw_rows
from tierbook.workbook.answers import request_ids as ids_of_requests
from tierbook.workbook.values import cell_value

# pyarrow comes without types.
pa: Any = _pa

# Past this many answers, all are forgotten and found again: memory stays what it is.
_MOST_KNOWN: Final = 400_000
_CODE_BITS: Final = 31


@dataclass(frozen=True)
class _Numbered:
    """Rows of a batch with their class, and the number of their answer, every array (n,)."""

    rows: NDArray[np.intp]
    classes: NDArray[np.int64]
    numbers: NDArray[np.int64]


@dataclass(frozen=True)
class _Single:
    """Rows answered one by one: the number of each one's answer, its prompt, its id."""

    numbers: NDArray[np.int64]
    prompts: Column
    ids: Column


class Answerer:
    """Answers the batches of one table, in any order, each with the same words as ever.

    Args:
        layout: The columns of the table.
        configuration: The settings.
        today: The day prices are valid on.
        router: Who decides.
        witnesses: Rows that tell what only the whole table can; see `Decider`.
    """

    def __init__(
        self,
        layout: Layout,
        configuration: Configuration,
        today: date,
        router: Router,
        witnesses: Sequence[Sequence[Any]],
    ) -> None:
        self._layout = layout
        self._compiled, _ = compile_rubric(configuration.rubric)
        self._decider = Decider(layout, configuration, today, router, witnesses)
        self._sorter = Sorter(layout, self._decider.limit())
        self._one_by_one = router.looks_at_products(configuration)
        self._start_over()

    def _start_over(self) -> None:
        self._classes = Classes(self._decider, self._layout, self._compiled)
        self._known = KnownAnswers([h for h in self._layout.answers if h not in BY_ROW])
        self._widths = self._sorter.widths()
        self._packing = Packing(self._widths)
        headings = list(self._classes.asks)
        self._numbers = {heading: Numbering() for heading in headings}
        limits = [f.heading for f in self._layout.fields if f.role is Role.LIMIT]
        self._pairs = Packing([_CODE_BITS] * (2 + len(headings) + len(limits)))

    def answer(self, batch: Any, first_row: int) -> tuple[dict[str, Any], Totals]:
        """Answer a pyarrow record batch whose first row is the table's row `first_row`.

        Returns:
            The output columns by heading, pyarrow arrays of shape (n,), and their totals.
        """
        found = self._sorter.sort(batch)
        needed = self._sorter.least_widths()
        if len(self._known) > _MOST_KNOWN or any(map(gt, needed, self._widths)):
            self._start_over()
        is_single = found.odd | self._one_by_one
        of_table: list[Problem] = []
        usual = self._number_usual(batch, found, np.flatnonzero(~is_single), of_table)
        known = len(self._known)
        odd = np.flatnonzero(is_single)
        single = self._number_single(batch, odd, of_table)
        count = batch.num_rows
        numbers = np.zeros(count, np.int64)
        numbers[usual.rows], numbers[odd] = usual.numbers, single.numbers
        outputs = self._known.spread(numbers)
        if contract.PROMPT in self._layout.answers:
            texts = [self._texts(batch, heading, usual.rows) for heading in self._classes.gaps]
            prompts = self._classes.forms.filled(self._classes.form[usual.classes], texts)
            outputs[contract.PROMPT] = _together(count, usual.rows, prompts, odd, single.prompts)
        if contract.REQUEST_ID in self._layout.answers:
            ids = self._usual_ids(batch, usual)
            outputs[contract.REQUEST_ID] = _together(count, usual.rows, ids, odd, single.ids)
        totals = self._totals(numbers, first_row, of_table)
        self._known.shrink(known)
        return outputs, totals

    def _number_usual(
        self, batch: Any, found: Sorted, usual: NDArray[np.intp], of_table: list[Problem]
    ) -> _Numbered:
        """Number the rows that ask for a picture by the answer they share with others."""
        classes = self._packing.number([codes[usual] for codes in found.codes], len(usual))
        known = self._classes
        if len(self._packing) > len(known.place):
            first = usual[first_rows(classes, len(known.place), len(self._packing))]
            known.add(raw_rows(batch, first))
            of_table.extend(known.rows.of_table)
        # Rows that are no requests keep number 0, and have no prompt and no id.
        asking = np.flatnonzero(known.place[classes] >= 0)
        rows, classes = usual[asking], classes[asking]
        return _Numbered(rows, classes, self._number_pairs(batch, found, rows, classes, of_table))

    def _number_pairs(
        self,
        batch: Any,
        found: Sorted,
        rows: NDArray[np.intp],
        classes: NDArray[np.int64],
        of_table: list[Problem],
    ) -> NDArray[np.int64]:
        """Number answers by class, prompt length, budget, and numbers that the reason names."""
        known = self._classes
        lengths = known.lengths(classes, {h: found.sizes[h][rows] for h in known.gaps})
        asked = [
            np.where(asks[classes], self._numbers[h].number(_bits(found.values[h][rows])) + 1, 0)
            for h, asks in known.asks.items()
        ]
        limits = {heading: codes[rows] for heading, codes in found.limits.items()}
        numbers = self._pairs.number([classes, lengths, *limits.values(), *asked], len(rows)) + 1
        if len(self._pairs) + 1 > len(self._known):
            first = first_rows(numbers, len(self._known), len(self._pairs) + 1)
            every = np.arange(len(first))
            own = {h: (every, self._sorter.limit(codes[first])) for h, codes in limits.items()}
            asking = np.zeros(len(first), np.bool_)
            for heading, asks in known.asks.items():
                naming = np.flatnonzero(asks[classes[first]])
                own[heading] = (naming, self._own_values(batch, heading, rows[first[naming]]))
                asking[naming] = True
            answered = self._decider.answer(
                known.rows,
                known.place[classes[first]],
                lengths[first],
                own,
                np.flatnonzero(asking),
            )
            of_table.extend(answered.of_table)
            self._known.extend(answered)
        return numbers

    def _column(self, batch: Any, heading: str) -> Any:
        field = self._layout.field(heading)
        if field is None:
            raise KeyError(heading)
        return batch.column(field.position)

    def _own_values(self, batch: Any, heading: str, rows: NDArray[np.intp]) -> Column:
        cells = self._column(batch, heading).take(pa.array(rows)).to_pylist()
        return text_column([cell_value(value) for value in cells])

    def _texts(self, batch: Any, heading: str, rows: NDArray[np.intp]) -> Any:
        return tidy_texts(self._column(batch, heading)).take(pa.array(rows))

    def _usual_ids(self, batch: Any, usual: _Numbered) -> Any:
        field = self._layout.field(contract.SKU)
        if field is not None and field.role is Role.TEXT:
            column = batch.column(field.position).take(pa.array(usual.rows))
            keys = sku_keys(column)
        else:
            keys = self._classes.key[usual.classes].tolist()
        return pa.array(request_ids(keys, self._classes.ending[usual.classes]), pa.string())

    def _number_single(
        self, batch: Any, rows: NDArray[np.intp], of_table: list[Problem]
    ) -> _Single:
        """Answer rows one by one, for this batch only."""
        numbers, nothing = np.zeros(len(rows), np.int64), np.full(len(rows), None, object)
        single = _Single(numbers, nothing, nothing.copy())
        if not len(rows):
            return single
        read = self._decider.read(raw_rows(batch, rows))
        asking = np.flatnonzero(read.place >= 0)
        if len(asking):
            places = read.place[asking]
            composed, read = self._decider.composed(read, {})
            lengths = np.array([len(t.encode()) if t else 0 for t in composed[places]], np.int64)
            answered = self._decider.answer(read, places, lengths, {}, np.empty(0, np.intp))
            numbers[asking] = len(self._known) + np.arange(len(asking))
            single.prompts[asking] = composed[places]
            single.ids[asking] = ids_of_requests(read.table)[places]
            of_table.extend(answered.of_table)
            self._known.extend(answered)
        of_table.extend(read.of_table)
        return single

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
        first = np.zeros(len(known), np.int64)
        first[numbers[::-1]] = first_row + np.arange(len(numbers))[::-1]
        problems = of_table(told) | known.problems.counted(rows, first)
        return Totals(len(numbers), tiers, int((rows * known.baseline).sum()), problems)


def _together(count: int, usual: NDArray[np.intp], texts: Any, single: Any, others: Column) -> Any:
    """Put the texts of rows back in the order of the batch; rows that have none are null."""
    if len(usual) == count:
        return texts
    place = np.full(count, len(usual) + len(single), np.int64)
    place[usual], place[single] = np.arange(len(usual)), len(usual) + np.arange(len(single))
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    every = [*chunks, pa.array(others, pa.string()), pa.nulls(1, pa.string())]
    return pa.chunked_array(every).take(pa.array(place))


def _bits(values: NDArray[Any]) -> NDArray[np.int64]:
    """Give each number a whole number of its own."""
    return (
        values.astype(np.float64).view(np.int64)
        if values.dtype.kind == "f"
        else values.astype(np.int64)
    )
