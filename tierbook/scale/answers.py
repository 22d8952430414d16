"""What is known of each class of rows, as columns that grow, ready to be spread over a batch."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as _pa
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import HOLD_TIER, Column, Problem
from tierbook.scale.deciding import Answered
from tierbook.scale.report import ProblemCount, Told

# pyarrow comes without types.
pa: Any = _pa

# The tier of rows that are no requests: blank ones, totals, comments.
NO_REQUEST: Final = -2
NUMBERS: Final[Mapping[str, str]] = {
    contract.QUEUE_PRIORITY: "int32",
    contract.IMAGES: "int32",
    contract.ESTIMATED_COST: "double",
    contract.ESTIMATED_COST_PER_IMAGE: "double",
}


class _Numbered(dict[Any, int]):
    """Numbers values at their first sight."""

    def __missing__(self, value: Any) -> int:
        number = self[value] = len(self)
        return number


class _Texts:
    """A growing column of texts, each distinct one kept once; number 0 is an empty cell.

    Numbers among the cells (tiers, beside HOLD) count as texts.
    """

    def __init__(self) -> None:
        self._known = _Numbered({None: 0})
        self._codes = np.zeros(1, np.int32)

    def extend(self, cells: Column) -> None:
        found = map(self._known.__getitem__, cells.tolist())
        codes = np.fromiter(found, np.int32, len(cells))
        self._codes = np.concatenate([self._codes, codes])

    def shrink(self, count: int) -> None:
        """Forget the rows from `count` on, and the texts that only they had."""
        self._codes = self._codes[:count]
        words = int(self._codes.max(initial=0)) + 1
        for text in list(self._known)[words:]:
            del self._known[text]

    def spread(self, classes: NDArray[np.int64]) -> Any:
        """Make a dictionary array of the words in use, in alphabetical order.

        So what a batch holds decides every byte of it, not what other batches held.
        """
        codes = self._codes[classes]
        known = list(self._known)
        used = np.flatnonzero(np.bincount(codes, minlength=len(known)))
        words = sorted((str(known[code]), code) for code in used.tolist() if code)
        table = np.zeros(len(known), np.int32)
        for at, (_, code) in enumerate(words):
            table[code] = at
        indices = pa.array(table[codes], mask=codes == 0 if used[:1] == 0 else None)
        dictionary = pa.array([word for word, _ in words], pa.string())
        return pa.DictionaryArray.from_arrays(indices, dictionary)


class _Numbers:
    """A growing column of numbers; NaN is an empty cell."""

    def __init__(self, kind: str) -> None:
        self._kind = pa.type_for_alias(kind)
        self._values = np.full(1, np.nan)

    def extend(self, cells: Column) -> None:
        # None becomes NaN where an object array turns into floats.
        self._values = np.concatenate([self._values, cells.astype(np.float64)])

    def shrink(self, count: int) -> None:
        self._values = self._values[:count]

    def spread(self, classes: NDArray[np.int64]) -> Any:
        return pa.array(self._values[classes], from_pandas=True).cast(self._kind)


class _Problems:
    """What a seller should know of the rows of each class, by code of the problem."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[list[int], list[Problem]]] = {}

    def extend(self, start: int, problems: Mapping[int, Sequence[Problem]]) -> None:
        for at, told in problems.items():
            for one in told:
                classes, found = self._told.setdefault(one.code, ([], []))
                classes.append(start + at)
                found.append(one)

    def shrink(self, count: int) -> None:
        for code, (classes, found) in list(self._told.items()):
            # Classes rise, so what is to be forgotten stands at the end.
            while classes and classes[-1] >= count:
                classes.pop()
                found.pop()
            if not classes:
                del self._told[code]

    def counted(self, rows: NDArray[np.int64], first: NDArray[np.int64]) -> Told:
        """Count the rows that have each problem, in the words of the first of them.

        `rows` and `first` have shape (classes,): how many rows each class has, and the number
        of the first of these.
        """
        counts: Told = {}
        for code, (classes, found) in self._told.items():
            here = np.array(classes, np.int64)
            there = rows[here] > 0
            if not there.any():
                continue
            row = int(first[here[there]].min())
            told = np.flatnonzero(there & (first[here] == row)).tolist()
            one = min((found[at] for at in told), key=lambda problem: problem.message)
            total = int(rows[here].sum())
            counts[code] = ProblemCount(code, one.severity, total, row, one.message, one.fix)
        return counts


class KnownAnswers:
    """The answers of classes by number; class 0 is a row that is no request.

    Args:
        headings: The output columns.

    Attributes:
        tier: int8, shape (classes,).
        estimate, images, baseline: int64, shape (classes,).
        problems: What a seller should know of the rows of each class.
    """

    def __init__(self, headings: Sequence[str]) -> None:
        self._columns = {
            heading: _Numbers(NUMBERS[heading]) if heading in NUMBERS else _Texts()
            for heading in headings
        }
        self.tier = np.full(1, NO_REQUEST, np.int8)
        self.estimate = np.zeros(1, np.int64)
        self.images = np.zeros(1, np.int64)
        self.baseline = np.zeros(1, np.int64)
        self.problems = _Problems()

    def __len__(self) -> int:
        return len(self.tier)

    def extend(self, answered: Answered) -> None:
        """Add classes with these answers."""
        self.problems.extend(len(self), answered.problems)
        for heading, column in self._columns.items():
            column.extend(answered.cells[heading])
        decided, bill = answered.decisions, answered.bill
        images = np.where(decided.tier > HOLD_TIER, decided.images, 0)
        self.tier = np.concatenate([self.tier, decided.tier])
        self.estimate = np.concatenate([self.estimate, bill.estimate])
        self.images = np.concatenate([self.images, images])
        self.baseline = np.concatenate([self.baseline, bill.baseline])

    def shrink(self, count: int) -> None:
        """Forget all classes from number `count` on."""
        if count == len(self):
            return
        for column in self._columns.values():
            column.shrink(count)
        self.tier, self.estimate = self.tier[:count], self.estimate[:count]
        self.images, self.baseline = self.images[:count], self.baseline[:count]
        self.problems.shrink(count)

    def spread(self, classes: NDArray[np.int64]) -> dict[str, Any]:
        """Make the output columns of rows of these classes, pyarrow arrays by heading."""
        return {heading: column.spread(classes) for heading, column in self._columns.items()}
