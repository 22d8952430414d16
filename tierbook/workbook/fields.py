"""Type the columns of a sheet: each contract field by its own reader, others as they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tierbook import contract
from tierbook.configuration.cells import EPOCH
from tierbook.contract import folded
from tierbook.model import Configuration
from tierbook.workbook import values
from tierbook.workbook.asked_kinds import asked_kinds, reader_asked
from tierbook.workbook.days import day, day_order
from tierbook.workbook.numbers import decimal_mark, money, whole_number
from tierbook.workbook.ratios import ratio
from tierbook.workbook.values import Complaint, Reader, cell_value
from tierbook.workbook.words import plain

MOST_ANGLES = 100
PIXEL_RANGE = (16, 20_000)


@dataclass(frozen=True, slots=True)
class Typed:
    """The typed columns of a sheet.

    Attributes:
        columns: Heading -> values, blanks None.
        letters: Heading -> 1-based sheet column.
        complaints: (row index, heading, complaint).
    """

    columns: dict[str, list[Any]]
    letters: dict[str, int]
    complaints: list[tuple[int, str, Complaint]] = field(
        default_factory=list[tuple[int, str, Complaint]]
    )


def reader_for(
    heading: str, column: Sequence[Any], configuration: Configuration, epoch: date
) -> Reader:
    """Make the reader of a contract field; the column's own texts settle commas and date orders."""
    if heading == contract.NEEDED_BY:
        return day(day_order(column), epoch=epoch)
    make = _READERS.get(heading)
    return values.text if make is None else make(column, configuration)


def _budget(column: Sequence[Any], configuration: Configuration) -> Reader:
    return money(decimal_mark(column), configuration.settings.currency)


def _background(_: Sequence[Any], configuration: Configuration) -> Reader:
    words = configuration.valid_values.get("Backgrounds", contract.BACKGROUNDS)
    return values.choice(contract.BACKGROUND, words)


def _strictness(_: Sequence[Any], configuration: Configuration) -> Reader:
    words = configuration.valid_values.get("Strictness", contract.STRICTNESS)
    return values.choice(contract.BRAND_STRICTNESS, words)


def _tier(_: Sequence[Any], configuration: Configuration) -> Reader:
    numbers = {str(tier.number): tier.number for tier in configuration.tiers}
    named = {plain(tier.name): tier.number for tier in configuration.tiers if tier.name}
    return values.tier({**named, **numbers})


_READERS: Mapping[str, Callable[[Sequence[Any], Configuration], Reader]] = {
    contract.SKU: lambda _, __: values.sku,
    contract.ASPECT_RATIO: lambda _, __: ratio,
    contract.BACKGROUND: _background,
    contract.HUMAN_MODEL: lambda _, __: values.yes_no,
    contract.PROPS: lambda _, __: values.yes_no,
    contract.ANGLES: lambda _, __: whole_number(1, MOST_ANGLES),
    contract.LONG_EDGE_PX: lambda _, __: whole_number(*PIXEL_RANGE, unit="px"),
    contract.BRAND_STRICTNESS: _strictness,
    contract.BUDGET_PER_IMAGE: _budget,
    contract.TIER_OVERRIDE: _tier,
    contract.ACTION: lambda _, __: values.choice(contract.ACTION, contract.ACTIONS),
}


def type_columns(
    columns: Mapping[int, Sequence[Any]],
    headings: Mapping[int, str],
    recognised: Mapping[str, int],
    configuration: Configuration,
    epoch: date = EPOCH,
    *,
    typed_by_hand: bool = True,
) -> Typed:
    """Type every column of a sheet.

    Args:
        columns: 1-based column -> raw values.
        headings: 1-based column -> heading text.
        recognised: Contract heading -> column.
        configuration: The settings the values are read by.
        epoch: Day 0 of the workbook's serial dates.
        typed_by_hand: Whether people typed the cells, so that text may mean a number, a day or
            an answer; the columns of a Parquet file say themselves what they hold.
    """
    typed = Typed({}, {})
    for heading, column in recognised.items():
        raw = columns.get(column)
        if raw is None:
            continue
        found, complaints = values.read_column(raw, reader_for(heading, raw, configuration, epoch))
        typed.columns[heading], typed.letters[heading] = found, column
        typed.complaints.extend((i, heading, complaint) for i, complaint in complaints)
    mine = set(recognised.values())
    taken = {folded(heading) for heading in typed.columns}
    own = {c: " ".join(t.split()) for c, t in headings.items() if c not in mine and c in columns}
    asked = list(own.values()) if typed_by_hand else []
    kinds = asked_kinds(configuration.rubric, asked)
    for column, name in own.items():
        if folded(name) in taken:
            continue
        taken.add(folded(name))
        raw, kind = columns[column], kinds.get(folded(name))
        read = cell_value if kind is None else reader_asked(kind, raw, epoch)
        typed.columns[name], complaints = values.read_column(raw, read)
        typed.complaints.extend((i, name, complaint) for i, complaint in complaints)
        typed.letters[name] = column
    return typed
