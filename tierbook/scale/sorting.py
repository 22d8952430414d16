"""Sort the rows of a batch into classes that no rule, price or prompt length tells apart."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import Column, text_column
from tierbook.routing.cells import float_cut, integer_cut
from tierbook.scale.layout import Field, Layout, Role, is_text
from tierbook.scale.texts import BLANK, ODD, TextFacts, text_facts
from tierbook.workbook.values import Complaint, is_blank
from tierbook.workbook.words import TOTAL, meanings, plain

# From here on Excel shortens a number; such a SKU is read by itself.
_LONG_NUMBER: Final = 10**11
_LOCK: Final = "lock"


@dataclass(frozen=True)
class Sorted:
    """The columns of a batch as codes, every array of shape (n,).

    Attributes:
        codes: One column a field that decides: equal codes, equal decisions (a PLACE decides by
            its cell).
        limits: By heading of a LIMIT field: codes of what it allows; see `Sorter.limit`.
        values: By heading of a PLACE field: the numbers themselves.
        sizes: By heading of a TEXT field that prompts use: bytes of the text.
        odd: Rows to look at one by one: blank or marked SKUs, locked rows, unusual numbers.
    """

    codes: tuple[NDArray[np.int64], ...]
    limits: Mapping[str, NDArray[np.int64]]
    values: Mapping[str, NDArray[Any]]
    sizes: Mapping[str, NDArray[np.int64]]
    odd: NDArray[np.bool_]


class Sorter:
    """Codes batches of one table; a value has the same code in every batch.

    Args:
        layout: The columns of the table.
        limit: Reads a cell of a LIMIT field; a `Complaint` where it cannot.
    """

    def __init__(self, layout: Layout, limit: Callable[[Any], Any]) -> None:
        self._layout, self._read_limit = layout, limit
        self._deciding = [field for field in layout.fields if field.role is not Role.LIMIT]
        self._vocabularies: dict[int, dict[Any, int]] = {
            field.position: {} for field in layout.fields if field.role in (Role.VALUE, Role.LIMIT)
        }
        self._limits: list[Any] = [None]
        self._is_odd_sku, self._sure_length = _odd_skus(layout)

    def widths(self) -> list[int]:
        """Count the bits that the codes of each column may take, with room to grow."""
        return [
            width + 2 if field.role is Role.VALUE else width
            for field, width in zip(self._deciding, self.least_widths(), strict=True)
        ]

    def least_widths(self) -> list[int]:
        """Count the bits that the codes of each column take so far."""
        return [self._width(field) for field in self._deciding]

    def _width(self, field: Field) -> int:
        if field.role is Role.VALUE:
            return len(self._vocabularies[field.position]).bit_length()
        if field.role is Role.TEXT:
            return 1
        return (2 * len(self._layout.bounds[field.position]) + 1).bit_length()

    def sort(self, batch: Any) -> Sorted:
        """Code a pyarrow record batch."""
        odd = self._marked(batch)
        codes: list[NDArray[np.int64]] = []
        limits: dict[str, NDArray[np.int64]] = {}
        values: dict[str, NDArray[Any]] = {}
        sizes: dict[str, NDArray[np.int64]] = {}
        for field in self._layout.fields:
            column = batch.column(field.position)
            if field.role is Role.VALUE:
                codes.append(self._by_value(column, field))
            elif field.role is Role.LIMIT:
                limits[field.heading] = self._by_limit(column, field)
                odd |= self._unreadable[limits[field.heading]]
            elif field.role is Role.PLACE:
                code, numbers = _by_place(column, self._layout.bounds[field.position])
                codes.append(code)
                values[field.heading] = numbers
            else:
                facts = self._by_text(column, field)
                codes.append((facts.kind != BLANK).astype(np.int64))
                odd |= facts.kind == ODD
                if field.heading == contract.SKU:
                    odd |= facts.kind == BLANK
                if field.in_prompts:
                    sizes[field.heading] = facts.size
        return Sorted(tuple(codes), limits, values, sizes, odd)

    def _by_value(self, column: Any, field: Field) -> NDArray[np.int64]:
        coded = column if hasattr(column, "dictionary") else _encoded(column)
        vocabulary = self._vocabularies[field.position]
        values = coded.dictionary.to_pylist()
        table = np.zeros(len(values) + 1, np.int64)
        for at, value in enumerate(map(as_read, values)):
            key = value if value == value else "NaN"  # only NaN differs from itself
            table[at] = vocabulary.setdefault((type(value), key), len(vocabulary) + 1)
        return table[_indices(coded)]

    def _by_limit(self, column: Any, field: Field) -> NDArray[np.int64]:
        codes = self._by_value(column, field)
        for kind, value in list(self._vocabularies[field.position])[len(self._limits) - 1 :]:
            blank = value is None or value == "NaN" or is_blank(value)
            self._limits.append(None if blank else self._read_limit(kind(value)))
        return codes

    def limit(self, codes: NDArray[np.int64]) -> Column:
        """Return what the LIMIT field allows where it has these codes, as a request holds it."""
        return text_column(self._limits)[codes]

    @property
    def _unreadable(self) -> NDArray[np.bool_]:
        return np.array([type(value) is Complaint for value in self._limits], np.bool_)

    def _by_text(self, column: Any, field: Field) -> TextFacts:
        is_odd = self._is_odd_sku if field.heading == contract.SKU else None
        if hasattr(column, "dictionary"):
            facts = text_facts(column.dictionary, is_odd, self._sure_length)
            return facts.take(_indices(column))
        if not is_text(column.type):
            return _whole_numbers(column)
        return text_facts(column, is_odd, self._sure_length)

    def _marked(self, batch: Any) -> NDArray[np.bool_]:
        """Find rows with a `#` in front, and rows that keep an earlier answer."""
        import pyarrow.compute as pc

        compute: Any = pc
        odd = np.zeros(batch.num_rows, np.bool_)
        first = batch.column(0)
        if is_text(first.type):
            odd |= _told(first, lambda texts: compute.starts_with(texts, "#"))
        action = self._layout.field(contract.ACTION)
        if action is not None and self._layout.outputs:
            column = batch.column(action.position)
            if is_text(column.type):
                words = [w for w, m in meanings(contract.ACTION).items() if m == _LOCK]
                pattern = "|".join(map(re.escape, {_LOCK, *words}))
                odd |= _told(
                    column,
                    lambda t: compute.match_substring_regex(t, pattern, ignore_case=True),
                )
        return odd


_NESTED: Final = (list, dict, bytes)


def as_read(value: Any) -> Any:
    """Leave a single value as it is and spell a nested one as text, as a small file is read."""
    return str(value) if type(value) in _NESTED else value


def raw_rows(batch: Any, rows: NDArray[np.intp]) -> list[tuple[Any, ...]]:
    """Take rows of a batch out as plain values; nested ones as their text."""
    import pyarrow as pa

    arrow: Any = pa
    at = arrow.array(rows)
    columns = [_values(column, rows, at) for column in batch.columns]
    return list(zip(*columns, strict=True))


def _values(column: Any, rows: NDArray[np.intp], at: Any) -> list[Any]:
    if hasattr(column, "dictionary"):
        words = np.empty(len(column.dictionary) + 1, object)
        words[:] = [*map(as_read, column.dictionary.to_pylist()), None]
        return words[_indices(column)[rows]].tolist()
    return [as_read(value) for value in column.take(at).to_pylist()]


def _encoded(column: Any) -> Any:
    import pyarrow as pa

    arrow: Any = pa
    try:
        return column.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        # Nested values count as their text, as they do wherever a table is read.
        texts = [None if value is None else str(value) for value in column.to_pylist()]
        return arrow.array(texts, arrow.string()).dictionary_encode()


def _indices(coded: Any) -> NDArray[np.int64]:
    indices = coded.indices
    if indices.null_count:
        indices = indices.fill_null(-1)
    return indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _told(column: Any, tell: Callable[[Any], Any]) -> NDArray[np.bool_]:
    """Ask of each text, or of each text of the dictionary; nulls answer no."""
    if not hasattr(column, "dictionary"):
        return np.asarray(tell(column).fill_null(False).to_numpy(zero_copy_only=False), np.bool_)
    answers = np.asarray(tell(column.dictionary).fill_null(False).to_numpy(False), np.bool_)
    return np.append(answers, False)[_indices(column)]


def _whole_numbers(column: Any) -> TextFacts:
    """Look at integers as the texts they are written as."""
    import pyarrow as pa

    arrow: Any = pa
    facts = text_facts(column.cast(arrow.string()))
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    long = (numbers >= _LONG_NUMBER) | (numbers <= -_LONG_NUMBER)
    return TextFacts(np.where(long, np.uint8(ODD), facts.kind), facts.size)


def _by_place(column: Any, bounds: Sequence[Decimal]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Place numbers among the rubric's bounds, as deciding does; blanks are place 0."""
    missing = column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    both = [(bound, beyond) for bound in bounds for beyond in (False, True)]
    cuts: list[Any] = (
        [float_cut(bound, numbers.dtype.name, beyond) for bound, beyond in both]
        if numbers.dtype.kind == "f"
        else [integer_cut(bound, beyond) for bound, beyond in both]
    )
    place = np.ones(len(numbers), np.int64)
    for cut in cuts:
        place += numbers >= cut
    place[missing] = 0
    return place, numbers


def _odd_skus(layout: Layout) -> tuple[Callable[[str], bool], int]:
    """Make the test for SKUs that may be a total, a heading, a comment or a ruined number."""
    field = layout.field(contract.SKU)
    heading = plain(layout.names[field.position]) if field else ""
    special: Sequence[str] = ("", heading, *meanings(TOTAL))
    known = frozenset(special)

    def is_odd(text: str) -> bool:
        seen = plain(text)
        return seen in known or seen[0] == "#" or seen.endswith((":", ".")) or "+" in seen

    # A digit at the end, or more letters than the longest of these words, rules all of them out.
    sure = not any(word[-1:].isdigit() for word in special)
    return is_odd, max(map(len, special)) * 4 if sure else -1
