"""What is known of each class of rows, as columns that grow, ready to be spread over a batch."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import HOLD_TIER, Column, Problem
from tierbook.scale.deciding import HEADINGS, Answered

# The tier of rows that are no requests: blank ones, totals, comments.
NO_REQUEST: Final = -2
NUMBERS: Final[Mapping[str, str]] = {
    contract.QUEUE_PRIORITY: "int32",
    contract.IMAGES: "int32",
    contract.ESTIMATED_COST: "double",
    contract.ESTIMATED_COST_PER_IMAGE: "double",
}


class _Texts:
    """A growing column of texts, each distinct one kept once; number 0 is an empty cell."""

    def __init__(self) -> None:
        self._known: dict[str | None, int] = {None: 0}
        self._words: list[str | None] = [None]
        self._codes = np.zeros(1, np.int32)

    def extend(self, cells: Column) -> None:
        known, words = self._known, self._words
        codes = np.empty(len(cells), np.int32)
        for at, value in enumerate(cells.tolist()):
            text = None if value is None else str(value)
            number = known.get(text)
            if number is None:
                number = known[text] = len(words)
                words.append(text)
            codes[at] = number
        self._codes = np.concatenate([self._codes, codes])

    def shrink(self, count: int) -> None:
        self._codes = self._codes[:count]

    def spread(self, classes: NDArray[np.int64]) -> Any:
        """Make a dictionary array of the words in use, in alphabetical order.

        So what a batch holds decides every byte of it, not what other batches held.
        """
        import pyarrow as pa

        arrow: Any = pa
        codes = self._codes[classes]
        used = np.flatnonzero(np.bincount(codes, minlength=len(self._words)))
        words = sorted((str(self._words[code]), code) for code in used.tolist() if code)
        table = np.zeros(len(self._words), np.int32)
        for at, (_, code) in enumerate(words):
            table[code] = at
        indices = arrow.array(table[codes], mask=codes == 0 if used[:1] == 0 else None)
        dictionary = arrow.array([word for word, _ in words], arrow.string())
        return arrow.DictionaryArray.from_arrays(indices, dictionary)


class _Numbers:
    """A growing column of numbers; NaN is an empty cell."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._values = np.full(1, np.nan)

    def extend(self, cells: Column) -> None:
        values = [np.nan if value is None else value for value in cells.tolist()]
        self._values = np.concatenate([self._values, np.array(values, np.float64)])

    def shrink(self, count: int) -> None:
        self._values = self._values[:count]

    def spread(self, classes: NDArray[np.int64]) -> Any:
        import pyarrow as pa

        arrow: Any = pa
        values = self._values[classes]
        kind = arrow.type_for_alias(self._kind)
        return arrow.array(values, from_pandas=True).cast(kind)


class KnownAnswers:
    """The answers of classes by number; class 0 is a row that is no request.

    Attributes:
        tier: int8, shape (classes,).
        estimate, images, baseline: int64, shape (classes,).
        problems: By class: what a seller should know of its rows.
    """

    def __init__(self) -> None:
        self._columns = {
            heading: _Numbers(NUMBERS[heading]) if heading in NUMBERS else _Texts()
            for heading in HEADINGS
        }
        self.tier = np.full(1, NO_REQUEST, np.int8)
        self.estimate = np.zeros(1, np.int64)
        self.images = np.zeros(1, np.int64)
        self.baseline = np.zeros(1, np.int64)
        self.problems: dict[int, Sequence[Problem]] = {}

    def __len__(self) -> int:
        return len(self.tier)

    def extend(self, answered: Answered) -> None:
        """Add classes with these answers."""
        start = len(self)
        for heading, column in self._columns.items():
            column.extend(answered.cells[heading])
        decided, bill = answered.decisions, answered.bill
        images = np.where(decided.tier > HOLD_TIER, decided.images, 0)
        self.tier = np.concatenate([self.tier, decided.tier])
        self.estimate = np.concatenate([self.estimate, bill.estimate])
        self.images = np.concatenate([self.images, images])
        self.baseline = np.concatenate([self.baseline, bill.baseline])
        self.problems |= {start + at: told for at, told in answered.problems.items()}

    def shrink(self, count: int) -> None:
        """Forget all classes from number `count` on."""
        for column in self._columns.values():
            column.shrink(count)
        self.tier, self.estimate = self.tier[:count], self.estimate[:count]
        self.images, self.baseline = self.images[:count], self.baseline[:count]
        for number in [one for one in self.problems if one >= count]:
            del self.problems[number]

    def spread(self, classes: NDArray[np.int64]) -> dict[str, Any]:
        """Make the output columns of rows of these classes, pyarrow arrays by heading."""
        return {heading: column.spread(classes) for heading, column in self._columns.items()}
