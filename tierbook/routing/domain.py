"""The space of all products a rubric can meet, as boxes of value classes.

A class is a set of values of one input that every rule treats alike; a box is one bit set of
classes per input. A box is kept as one Python integer, the inputs side by side with a guard bit
between them, so that meeting, containing and counting take a few operations however many inputs
there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any, TypeAlias

from tierbook.contract import (
    ANGLES,
    ASPECT_RATIO,
    BACKGROUND,
    BACKGROUNDS,
    BRAND_STRICTNESS,
    BUDGET_PER_IMAGE,
    CHANNEL,
    HAS_PHOTO,
    HUMAN_MODEL,
    LONG_EDGE_PX,
    PLACEMENT,
    PLACEMENT_GROUP,
    PROPS,
    STRICTNESS,
    folded,
)
from tierbook.model import Configuration
from tierbook.routing.cells import BLANK, NO, OTHER, YES, InputCells
from tierbook.routing.reasons import shown
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.terms import Anything, Day, Known, Number, Test, Within, Word, YesNo

Box: TypeAlias = int


@dataclass(frozen=True, slots=True)
class Choices:
    """The values an input may hold; None: anything its tests speak of.

    `smallest` bounds numbers from below, `whole` admits integers alone.
    """

    values: tuple[Any, ...] | None = None
    smallest: int | None = None
    whole: bool = False


def valid_choices(configuration: Configuration) -> Mapping[str, Choices]:
    """List the valid values of the inputs Tierbook knows, by folded heading."""
    placements = configuration.placements
    lists = {folded(name): values for name, values in configuration.valid_values.items()}
    yes_no = Choices((True, False))
    pixels = Choices(smallest=1, whole=True)
    known = {
        PLACEMENT: Choices(tuple(dict.fromkeys(place.name for place in placements))),
        PLACEMENT_GROUP: Choices(tuple(dict.fromkeys(place.group for place in placements))),
        BACKGROUND: Choices(lists.get("backgrounds") or BACKGROUNDS),
        BRAND_STRICTNESS: Choices(lists.get("strictness") or STRICTNESS),
        HUMAN_MODEL: yes_no,
        PROPS: yes_no,
        HAS_PHOTO: yes_no,
        ANGLES: pixels,
        LONG_EDGE_PX: pixels,
        BUDGET_PER_IMAGE: Choices(smallest=0),
        # These follow no closed list: any text will do.
        ASPECT_RATIO: Choices(),
        CHANNEL: Choices(),
    }
    return {folded(heading): choices for heading, choices in known.items()}


@dataclass(frozen=True)
class Axis:
    """One input, cut into classes.

    Attributes:
        heading: The input.
        examples: One value of each class; class 0 is blank.
        rules: For each rule the bit set of classes it accepts.
        filled: The bit set of all classes but blank.
    """

    heading: str
    examples: tuple[Known, ...]
    rules: tuple[int, ...]
    filled: int


class Space:
    """All products: one axis per input, one box per rule.

    Attributes:
        axes: The inputs.
        masks: The bits of each input within a box.
        boxes: One box per rule; an input no valid value of which fits has no bit.
        filled: All products with nothing left blank.
    """

    def __init__(self, axes: Sequence[Axis], rules: int) -> None:
        self.axes = tuple(axes)
        self._offsets: list[int] = []
        self._units = self._guards = offset = 0
        for axis in axes:
            self._offsets.append(offset)
            self._units |= 1 << offset
            offset += len(axis.examples)
            self._guards |= 1 << offset
            offset += 1
        self.masks = tuple(
            ((1 << len(axis.examples)) - 1) << at
            for axis, at in zip(axes, self._offsets, strict=True)
        )
        self.boxes = tuple(self._pack([axis.rules[rule] for axis in axes]) for rule in range(rules))
        self.filled = self._pack([axis.filled for axis in axes])

    def _pack(self, classes: Sequence[int]) -> Box:
        return sum(bits << at for bits, at in zip(classes, self._offsets, strict=True))

    def classes(self, box: Box) -> list[int]:
        """Return the bit set of classes of each input."""
        return [(box & mask) >> at for mask, at in zip(self.masks, self._offsets, strict=True)]

    def count(self, box: Box) -> int:
        """Count the inputs that have any class left."""
        # One less than guard plus bits keeps the guard exactly where a bit was set.
        return (((box | self._guards) - self._units) & self._guards).bit_count()

    def holds(self, box: Box) -> bool:
        """Tell whether the box holds any product."""
        return ((box | self._guards) - self._units) & self._guards == self._guards

    def volume(self, box: Box) -> int:
        """Count the combinations of classes in the box."""
        return prod((box & mask).bit_count() for mask in self.masks)

    def describe(self, box: Box) -> str:
        """Name one product of the box, by the inputs that set it apart."""
        parts: list[str] = []
        for axis, classes in zip(self.axes, self.classes(box), strict=True):
            if axis.filled & ~classes:
                # A filled-in example says more than a blank one.
                chosen = (classes & axis.filled) or classes
                example = axis.examples[(chosen & -chosen).bit_length() - 1]
                parts.append(f"{axis.heading} {shown(example, axis.heading)}")
        return ", ".join(parts) or "any product"


def space_of(compiled: CompiledRubric, choices: Mapping[str, Choices]) -> Space:
    """Cut the products of a rubric into classes.

    Args:
        compiled: The rubric.
        choices: Valid values by folded heading; an input not listed takes every value of the
            kinds its tests speak of.
    """
    axes = [
        _axis(heading, [rule.tests[at] for rule in compiled.rules], choices)
        for at, heading in enumerate(compiled.inputs)
    ]
    return Space(axes, len(compiled.rules))


def _axis(heading: str, tests: Sequence[Test], choices: Mapping[str, Choices]) -> Axis:
    cells = InputCells(tests)
    allowed = choices.get(folded(heading), Choices())
    classes: dict[bytes, int] = {}
    examples: list[Known] = [None]
    rules = [0] * len(tests)
    for cell, example in ((BLANK, None), *_valid_cells(cells, tests, allowed)):
        accepts = cells.accepts[cell]
        # Blank stays a class of its own: a gap among blanks is no gap of the rubric.
        key = b"blank" if cell == BLANK else accepts.tobytes()
        if key not in classes:
            classes[key] = len(classes)
            if cell != BLANK:
                examples.append(example)
            for rule in accepts.nonzero()[0].tolist():
                rules[rule] |= 1 << classes[key]
    return Axis(heading, tuple(examples), tuple(rules), (1 << len(classes)) - 2)


def _valid_cells(
    cells: InputCells, tests: Sequence[Test], allowed: Choices
) -> Iterator[tuple[int, Known]]:
    if allowed.values is not None:
        for value in allowed.values:
            yield cells.cell_of(value), value
        return
    kinds = {Number} if allowed.smallest is not None else _kinds(tests)
    if Word in kinds:
        yield OTHER, cells.example(OTHER)
        yield from ((at, cells.example(at)) for at in range(NO + 1, cells.number_base))
    if YesNo in kinds:
        yield from ((at, cells.example(at)) for at in (YES, NO))
    if Number in kinds:
        for at in range(cells.number_base, cells.day_base):
            number = _admitted(cells, at, allowed)
            if number is not None:
                yield at, number
    if Day in kinds:
        for at in range(cells.day_base, cells.size):
            day = cells.example(at)
            if isinstance(day, date):
                yield at, day


def _kinds(tests: Sequence[Test]) -> set[type]:
    """Collect the kinds of value the tests speak of; open inputs hold text."""
    kinds: set[type] = set()
    for test in tests:
        for item in () if isinstance(test, Anything) else test.items:
            ranked = (item.low or item.high) if isinstance(item, Within) else item
            kinds.add(type(ranked))
    return kinds or {Word}


def _admitted(cells: InputCells, cell: int, allowed: Choices) -> Known:
    """Return a number of the cell that the input may hold, or None."""
    example = cells.example(cell)
    assert isinstance(example, Decimal)  # noqa: S101  a number cell
    if allowed.whole and example != example.to_integral_value():
        # The shortest number of an interval is whole wherever the interval holds one.
        return None
    if allowed.smallest is None or example >= allowed.smallest:
        return example
    # An interval that reaches down past the smallest value may still hold it.
    least = Decimal(allowed.smallest)
    return least if cells.cell_of(least) == cell else None
