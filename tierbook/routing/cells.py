"""Cut the values of one input into cells that none of its tests tells apart.

A column is used up in a few dozen cells: blank, other text, yes, no, each word some test names,
and the points and open intervals between the bounds of numbers and days. A rule is then a set
of cells per input, which serves both deciding (a table of rule bits by cell) and verification.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.routing.terms import (
    Anything,
    Day,
    Item,
    Known,
    NoneOf,
    Number,
    Test,
    Within,
    Word,
    YesNo,
    day_in,
    fold,
    known,
    number_in,
    yes_no_in,
)

BLANK, OTHER, YES, NO = range(4)
_FIRST_WORD = 4


class InputCells:
    """The cells of one input and the rules that accept each.

    Attributes:
        accepts: `accepts[cell, rule]`, bool, shape (cells, rules).
        numbers: The bounds of numbers in rising order; cell `number_base + 2i + 1` is bound `i`
            itself and the cells around it are the intervals between.
        days: The same for days.
    """

    def __init__(self, tests: Sequence[Test]) -> None:
        items = [item for test in tests for item in _items(test)]
        folded = sorted({fold(item.text) for item in items if isinstance(item, Word)})
        self._words = {text: _FIRST_WORD + at for at, text in enumerate(folded)}
        self.numbers: list[Decimal] = sorted(set(_bounds(items, Number)))
        self.days: list[date] = sorted(set(_bounds(items, Day)))
        self.number_base = _FIRST_WORD + len(folded)
        self.day_base = self.number_base + 2 * len(self.numbers) + 1
        self.size = self.day_base + 2 * len(self.days) + 1
        # Words that a test of another kind may accept as well: a quoted "5000", a quoted "yes".
        self._double_words = [
            (cell, number_in(text), day_in(text), yes_no_in(text))
            for text, cell in self._words.items()
        ]
        self._double_words = [double for double in self._double_words if double[1:] != (None,) * 3]
        masks = {test: self._mask(test) for test in dict.fromkeys(tests)}
        self.accepts: NDArray[np.bool_] = np.empty((self.size, len(tests)), dtype=bool)
        for rule, test in enumerate(tests):
            self.accepts[:, rule] = masks[test]

    def cell_of(self, value: Any) -> int:
        """Name the cell a value falls into."""
        seen = known(value)
        if isinstance(seen, str):
            word = self._words.get(fold(seen))
            return self._typed_text(seen) if word is None else word
        return self._cell_of_typed(seen)

    def _cell_of_typed(self, seen: bool | Decimal | date | None) -> int:
        if seen is None:
            return BLANK
        if isinstance(seen, bool):
            return YES if seen else NO
        if isinstance(seen, Decimal):
            return self.number_base + _place(self.numbers, seen)
        return self.day_base + _place(self.days, seen)

    def _typed_text(self, text: str) -> int:
        """Place text no test names: as the number, day or yes/no it is written as, or other."""
        if self.numbers and (number := number_in(text)) is not None:
            return self._cell_of_typed(number)
        if self.days and (day := day_in(text)) is not None:
            return self._cell_of_typed(day)
        answer = yes_no_in(text)
        return OTHER if answer is None else self._cell_of_typed(answer)

    def _mask(self, test: Test) -> NDArray[np.bool_]:
        if isinstance(test, Anything):
            return np.ones(self.size, dtype=bool)
        inside = np.zeros(self.size, dtype=bool)
        for item in test.items:
            self._mark(item, inside)
        if not isinstance(test, NoneOf):
            return inside
        outside = ~inside
        outside[BLANK] = False
        for item in test.items:
            if isinstance(item, Within):
                outside &= self._comparable(item)
        return outside

    def _mark(self, item: Item, inside: NDArray[np.bool_]) -> None:
        if isinstance(item, Word):
            inside[self._words[fold(item.text)]] = True
            return
        if isinstance(item, YesNo):
            inside[YES if item.value else NO] = True
        else:
            first, last = self._span(item)
            inside[first : last + 1] = True
        for cell, number, day, answer in self._double_words:
            own: list[Known] = [number, day, answer]
            for seen in own:
                if seen is not None and not isinstance(seen, str):
                    inside[cell] |= inside[self._cell_of_typed(seen)]

    def _span(self, item: Number | Day | Within) -> tuple[int, int]:
        """Return the first and last cell of a point or range."""
        if not isinstance(item, Within):
            at = self._cell_of_typed(item.value)
            return at, at
        ranked = item.low if item.low is not None else item.high
        base, count = (
            (self.number_base, len(self.numbers))
            if isinstance(ranked, Number)
            else (self.day_base, len(self.days))
        )
        first, last = base, base + 2 * count
        if item.low is not None:
            first = self._cell_of_typed(item.low.value) + (not item.low_closed)
        if item.high is not None:
            last = self._cell_of_typed(item.high.value) - (not item.high_closed)
        return first, last

    def _comparable(self, item: Within) -> NDArray[np.bool_]:
        """Mark the cells whose values stand on the range's scale at all."""
        numeric = isinstance(item.low if item.low is not None else item.high, Number)
        scale = np.zeros(self.size, dtype=bool)
        if numeric:
            scale[self.number_base : self.day_base] = True
        else:
            scale[self.day_base :] = True
        for cell, number, day, _ in self._double_words:
            scale[cell] = (number if numeric else day) is not None
        return scale

    def example(self, cell: int) -> Known:
        """Return a value of the cell; None for blank, and for a cell that holds no value."""
        if cell in (BLANK, OTHER):
            return None if cell == BLANK else self._other_text()
        if cell in (YES, NO):
            return cell == YES
        if cell < self.number_base:
            return next(text for text, at in self._words.items() if at == cell)
        if cell < self.day_base:
            return _number_at(self.numbers, cell - self.number_base)
        return _day_at(self.days, cell - self.day_base)

    def _other_text(self) -> str:
        text = "something else"
        while fold(text) in self._words:
            text += " still"
        return text

    def words(self) -> tuple[str, ...]:
        """List the folded words the tests name."""
        return tuple(self._words)


def _items(test: Test) -> tuple[Item, ...]:
    return () if isinstance(test, Anything) else test.items


def _bounds(items: Sequence[Item], kind: type[Number] | type[Day]) -> Iterator[Any]:
    for item in items:
        for end in (item.low, item.high) if isinstance(item, Within) else (item,):
            if isinstance(end, kind):
                yield end.value


def _place(bounds: Sequence[Any], value: Any) -> int:
    at = bisect_left(bounds, value)
    return 2 * at + (at < len(bounds) and bounds[at] == value)


def _number_at(bounds: Sequence[Decimal], place: int) -> Decimal:
    """Return a short number at the place: the bound itself, or one inside the interval."""
    at, on_bound = divmod(place, 2)
    if on_bound:
        return bounds[at]
    if not bounds:
        return Decimal(1)
    with localcontext(Context(prec=60)):
        if at == 0:
            return bounds[0] - 1
        if at == len(bounds):
            return bounds[-1] + 1
        return _short_between(bounds[at - 1], bounds[at])


def _short_between(low: Decimal, high: Decimal) -> Decimal:
    """Return a number strictly between with as few decimals as possible, near the low end."""
    for decimals in range(60):
        step = Decimal(1).scaleb(-decimals)
        candidate = low.quantize(step, rounding="ROUND_FLOOR") + step
        if low < candidate < high:
            return candidate
    return (low + high) / 2


def _day_at(bounds: Sequence[date], place: int) -> date | None:
    at, on_bound = divmod(place, 2)
    if on_bound:
        return bounds[at]
    if not bounds:
        return date(2026, 1, 1)
    try:
        day = bounds[0] - timedelta(days=1) if at == 0 else bounds[at - 1] + timedelta(days=1)
    except OverflowError:
        return None
    return day if at in (0, len(bounds)) or day < bounds[at] else None


# --------------------------------------------------------------------------- cuts for arrays


@lru_cache(maxsize=4096)
def float_cut(bound: Decimal, dtype: str, beyond: bool) -> Any:
    """Return the least float of the type whose written decimal is >= the bound (> if `beyond`).

    Floats count as the decimal they print as, so 0.1 in a column equals 0.1 in a rule.
    """
    kind = np.dtype(dtype).type
    with np.errstate(over="ignore"):  # a bound past the type's range is an infinite cut
        least = kind(float(bound))
        while not _reaches(least, bound, beyond):
            least = np.nextafter(least, kind(np.inf))
        lower = np.nextafter(least, kind(-np.inf))
        while lower < least and _reaches(lower, bound, beyond):
            least, lower = lower, np.nextafter(lower, kind(-np.inf))
    return least


def _reaches(value: Any, bound: Decimal, beyond: bool) -> bool:
    if np.isposinf(value):
        return True
    written = Decimal(str(value))
    return written > bound if beyond else written >= bound


def integer_cut(bound: Decimal, beyond: bool) -> int:
    """Return the least integer >= the bound (> if `beyond`)."""
    floor = int(bound.to_integral_value(rounding="ROUND_FLOOR"))
    return floor + 1 if beyond or floor != bound else floor
