"""Put the settings tabs together: the seller's where there are any, the built-in ones elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.configuration.builtin import builtin_tab
from tierbook.configuration.cells import is_blank, text
from tierbook.configuration.crosscheck import crosscheck
from tierbook.configuration.rows import (
    Header,
    Record,
    cell_at,
    find_header,
    no_header,
    read_records,
)
from tierbook.configuration.rubric import read_rubric
from tierbook.configuration.rubric_tests import read_rubric_tests
from tierbook.configuration.scorecard import read_scorecard
from tierbook.configuration.settings import read_settings
from tierbook.configuration.spec import Tab
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.contract import folded
from tierbook.model import (
    CellRef,
    Configuration,
    Placement,
    PriceRule,
    Problem,
    PromptTemplate,
    Rubric,
    TabRows,
    Tier,
)

# The tabs whose built-in content the built-in rubric tests are about.
_TESTED = frozenset({contract.RUBRIC, contract.PLACEMENTS, contract.TIERS})

T = TypeVar("T")
Reader = Callable[[TabRows, Header], tuple[T, list[Problem]]]


def defaults() -> Configuration:
    """Return the built-in configuration, which works untouched."""
    return load({})[0]


def load(tabs_by_name: Mapping[str, TabRows]) -> tuple[Configuration, list[Problem]]:
    """Read the configuration tabs of a workbook.

    A tab that is present replaces the built-in one of its name; empty settings keep theirs. A
    cell that cannot be read becomes a `Problem` with a safe stand-in: the row is left out, the
    default holds, or a spending cap counts as zero. Never raises for what a cell holds.
    """
    source = _Source(tabs_by_name)
    configuration = Configuration(
        rubric=source.read(tabs.RUBRIC, read_rubric),
        tiers=source.read(tabs.TIERS, _rows_of(tabs.TIERS, _tier)),
        placements=source.read(tabs.PLACEMENTS, _rows_of(tabs.PLACEMENTS, _placement)),
        prompts=source.read(tabs.PROMPTS, _rows_of(tabs.PROMPTS, _prompt)),
        price_book=source.read(tabs.PRICE_BOOK, _rows_of(tabs.PRICE_BOOK, _price)),
        settings=source.read(tabs.SETTINGS, read_settings),
        rubric_tests=source.read(tabs.RUBRIC_TESTS, read_rubric_tests),
        scorecard=source.read(tabs.SCORECARD, read_scorecard),
        valid_values=_valid_values(source.sellers.get(folded(contract.VALID_VALUES))),
        from_workbook=frozenset(source.used),
    )
    if tabs.RUBRIC_TESTS.name not in source.used and source.used & _TESTED:
        # The built-in tests expect the built-in rules; a seller's own would fail them all.
        configuration = replace(configuration, rubric_tests=())
    return configuration, [*source.problems, *crosscheck(configuration)]


class _Source:
    """Reads each tab from the workbook, or the built-in one, and remembers what was wrong."""

    def __init__(self, tabs_by_name: Mapping[str, TabRows]) -> None:
        self.sellers = {folded(name): tab for name, tab in tabs_by_name.items()}
        self.problems: list[Problem] = []
        self.used: set[str] = set()

    def read(self, spec: Tab, reader: Reader[T]) -> T:
        """Read one tab with `reader`, the built-in one where nothing in the seller's is usable."""
        tab = self.sellers.get(folded(spec.name))
        if tab is not None and not _is_empty(tab):
            header = find_header(tab, spec)
            if header is None:
                self.problems.append(no_header(tab, spec))
            else:
                value, found = reader(tab, header)
                self.problems += found
                if spec.may_be_empty or not _says_nothing(value):
                    self.used.add(spec.name)
                    return value
                self.problems.append(_nothing_usable(tab, spec))
        built_in = builtin_tab(spec)
        header = find_header(built_in, spec)
        if header is None:
            raise AssertionError(f"the built-in {spec.name} has no header")
        return reader(built_in, header)[0]


def _says_nothing(value: object) -> bool:
    return not value.rules if isinstance(value, Rubric) else value == ()


def _is_empty(tab: TabRows) -> bool:
    return all(is_blank(cell) for row in tab.rows for cell in row)


def _nothing_usable(tab: TabRows, spec: Tab) -> Problem:
    return Problem(
        "empty-settings-tab",
        "warning",
        f'Tab "{tab.sheet}" has no usable row, so the built-in {spec.name} was used.',
        "fill in a row under the headings, or delete the tab.",
        CellRef(tab.sheet),
    )


# --------------------------------------------------------------------------- rows into models


def _rows_of(spec: Tab, build: Callable[[Record], T]) -> Reader[tuple[T, ...]]:
    """Make a reader that turns each row of a tab into one value."""

    def reader(tab: TabRows, header: Header) -> tuple[tuple[T, ...], list[Problem]]:
        records, problems = read_records(tab, header)
        records, twins = _without_twins(records, spec, tab.sheet)
        return tuple(build(record) for record in records), [*problems, *twins]

    return reader


def _tier(record: Record) -> Tier:
    return Tier(**record.values, row=record.row)


def _prompt(record: Record) -> PromptTemplate:
    unset: dict[str, Any] = {"tier": None}
    return PromptTemplate(**(unset | record.values), row=record.row)


def _placement(record: Record) -> Placement:
    values = record.values
    if "fill_percent" in values:
        values = values | {"fill_percent": values["fill_percent"] * 100}
    return Placement(**values, row=record.row)


def _price(record: Record) -> PriceRule:
    unset: dict[str, Any] = {"operation": "", "unit": "", "price": None}
    return PriceRule(**(unset | record.values), row=record.row)


# What tells two rows of a tab apart; the price book may hold a model many times.
_KEYS = {contract.TIERS: "number", contract.PLACEMENTS: "name", contract.PROMPTS: "name"}


def _without_twins(
    records: list[Record], spec: Tab, sheet: str
) -> tuple[list[Record], list[Problem]]:
    """Keep the first of two rows that mean the same thing, and say which was left out."""
    key = _KEYS.get(spec.name)
    if key is None:
        return records, []
    kept: dict[str, Record] = {}
    problems: list[Problem] = []
    for record in records:
        earlier = kept.setdefault(folded(text(record.values[key])), record)
        if earlier is not record:
            problems.append(
                Problem(
                    "settings-row-twice",
                    "error",
                    f'Tab "{sheet}" names "{text(record.values[key])}" in rows {earlier.row} and '
                    f"{record.row}. Row {record.row} was left out.",
                    f"rename or delete row {record.row}.",
                    CellRef(sheet, record.row),
                )
            )
    return list(kept.values()), problems


def _valid_values(tab: TabRows | None) -> dict[str, tuple[str, ...]]:
    """Read the seller's lists: the first row with a known list name is the header."""
    if tab is None:
        return {}
    known = {folded(name) for name in VALID_VALUES}
    for index, row in enumerate(tab.rows):
        if any(folded(text(cell)) in known for cell in row):
            below = tab.rows[index + 1 :]
            return {
                text(name): tuple(
                    text(cell_at(cells, column))
                    for cells in below
                    if not is_blank(cell_at(cells, column))
                )
                for column, name in enumerate(row)
                if not is_blank(name)
            }
    return {}
