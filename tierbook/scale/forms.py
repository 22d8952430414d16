"""Prompts of classes as forms with gaps for the texts of single rows, filled for whole batches."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as _pa
import pyarrow.compute as _pc
from numpy.typing import NDArray

from tierbook.columns import distinct
from tierbook.model import Column

# pyarrow comes without types.
pa: Any = _pa
pc: Any = _pc

# Stands on both sides of a gap's number; no cell can hold it and be read as plain text.
_MARK: Final = "\x02"
_GAP: Final = re.compile(f"{_MARK}(\\d+){_MARK}")
# Prompts are long: only so many are made at once, whatever the batch holds.
_ROWS_AT_ONCE: Final = 1 << 14


def with_gaps(headings: Sequence[str], columns: Mapping[str, Column]) -> dict[str, Column]:
    """Put a gap in place of every text; blanks stay blank."""
    gapped: dict[str, Column] = {}
    for number, heading in enumerate(headings):
        column = columns[heading].copy()
        column[np.array([bool(v and v.strip()) for v in column], np.bool_)] = (
            f"{_MARK}{number}{_MARK}"
        )
        gapped[heading] = column
    return gapped


@dataclass
class _Shape:
    """Forms with the same gaps in the same order: which gaps, and the pieces around them."""

    gaps: tuple[int, ...]
    pieces: list[list[int]] = field(default_factory=list[list[int]])

    def piece_arrays(self) -> list[NDArray[np.int32]]:
        return list(np.array(self.pieces, np.int32).reshape(-1, len(self.gaps) + 1).T)


class Forms:
    """Distinct prompts with gaps, by number; number 0 is no prompt.

    Attributes:
        base: Bytes of each form without what fills its gaps, shape (forms,).
        times: How often each form holds each gap, shape (forms, gaps).
    """

    def __init__(self, gaps: int) -> None:
        self._numbers: dict[str | None, int] = {None: 0}
        self._words: dict[str, int] = {}
        self._shapes: dict[tuple[int, ...], _Shape] = {}
        self._shape_of: list[tuple[int, ...] | None] = [None]
        self._place: list[int] = [0]
        self.base = np.zeros(1, np.int64)
        self.times = np.zeros((1, gaps), np.int64)

    def add(self, prompts: Column) -> NDArray[np.int64]:
        """Number each prompt with gaps, shape (n,); new ones get the next numbers."""
        known = len(self._numbers)
        numbers = [self._numbers.setdefault(text, len(self._numbers)) for text in prompts]
        bases: list[int] = []
        times: list[list[int]] = []
        for text in list(self._numbers)[known:]:
            pieces = _GAP.split(text or "")
            gaps, texts = tuple(map(int, pieces[1::2])), pieces[::2]
            shape = self._shapes.setdefault(gaps, _Shape(gaps))
            self._shape_of.append(gaps)
            self._place.append(len(shape.pieces))
            shape.pieces.append([self._words.setdefault(t, len(self._words)) for t in texts])
            bases.append(sum(len(t.encode("utf-8", "surrogatepass")) for t in texts))
            times.append([gaps.count(gap) for gap in range(self.times.shape[1])])
        if bases:
            self.base = np.append(self.base, bases)
            self.times = np.concatenate(
                [self.times, np.array(times, np.int64).reshape(len(times), -1)]
            )
        return np.array(numbers, np.int64)

    def filled(self, forms: NDArray[np.int64], texts: Sequence[Any]) -> Any:
        """Fill the forms of rows, shape (n,), with each row's texts, a pyarrow array a gap."""
        chunks = [
            self._filled(
                forms[at : at + _ROWS_AT_ONCE], [t.slice(at, _ROWS_AT_ONCE) for t in texts]
            )
            for at in range(0, len(forms), _ROWS_AT_ONCE)
        ]
        return pa.chunked_array(chunks, pa.string())

    def _filled(self, forms: NDArray[np.int64], texts: Sequence[Any]) -> Any:
        words = pa.array(list(self._words), pa.string())
        used = distinct(forms)
        inverse = np.searchsorted(used, forms)
        by_shape: dict[tuple[int, ...] | None, list[int]] = {}
        numbers: list[int] = used.tolist()
        for at, form in enumerate(numbers):
            by_shape.setdefault(self._shape_of[form], []).append(at)
        places = np.array(self._place, np.int64)[used]
        made: list[Any] = []
        order: list[NDArray[np.intp]] = []
        for gaps, members in by_shape.items():
            rows = np.flatnonzero(np.isin(inverse, members))
            order.append(rows)
            if gaps is None:
                made.append(pa.nulls(len(rows), pa.string()))
                continue
            pieces = [
                words.take(pa.array(codes[places[inverse[rows]]]))
                for codes in self._shapes[gaps].piece_arrays()
            ]
            between = [texts[gap].take(pa.array(rows)) for gap in gaps]
            parts = [
                pieces[0],
                *(p for pair in zip(between, pieces[1:], strict=True) for p in pair),
            ]
            made.append(pc.binary_join_element_wise(*parts, ""))
        back = np.argsort(np.concatenate(order), kind="stable")
        return pa.concat_arrays(made).take(pa.array(back)) if len(made) > 1 else made[0]
