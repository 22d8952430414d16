"""Read a seller's own columns by what the rubric compares them with: numbers, days or yes/no.

A contract field has a reader of its own. Any other column keeps its cells as they are, unless all
rules that ask for it compare it with one kind of value: then `6.000,50`, `27.11.2026` and `ja` are
read as what they mean, and what cannot be read is complained about and stays as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from tierbook.contract import folded
from tierbook.model import CellValue, Rubric
from tierbook.routing.terms import Anything, Day, Item, Number, Within, YesNo
from tierbook.routing.unary import UnreadableCell, parse
from tierbook.workbook import values
from tierbook.workbook.days import day, day_order
from tierbook.workbook.numbers import decimal_mark, number, parse_number, split_amount
from tierbook.workbook.values import Complaint, Reader, cell_value

Kind: TypeAlias = Literal["number", "day", "yes or no"]


def asked_kinds(rubric: Rubric, headings: Sequence[str]) -> Mapping[str, Kind]:
    """Tell for some headings, folded, the one kind of value that rules compare them with.

    Args:
        rubric: Its rules that are switched on count.
        headings: The columns to look for; one that is compared with words, or with values of
            several kinds, is in no answer.
    """
    wanted = {folded(heading) for heading in headings}
    found: dict[str, Kind] = {}
    for at, name in enumerate(rubric.inputs):
        if folded(name) not in wanted:
            continue
        kinds: set[Kind | None] = set()
        for rule in rubric.rules:
            kinds |= _kinds(rule.when[at]) if rule.on else set()
        kind: Kind | None = kinds.pop() if len(kinds) == 1 else None
        if kind is not None:
            found[folded(name)] = kind
    return found


def _kinds(cell: CellValue) -> set[Kind | None]:
    try:
        test = parse(cell)
    except UnreadableCell:
        return set()  # reported with the rubric, whose rule is left out
    if isinstance(test, Anything):
        return set()
    return {_kind(item) for item in test.items}


def _kind(item: Item) -> Kind | None:
    if isinstance(item, Within):
        end = item.low if item.low is not None else item.high
        return "day" if isinstance(end, Day) else "number"
    if isinstance(item, Number):
        return "number"
    if isinstance(item, Day):
        return "day"
    return "yes or no" if isinstance(item, YesNo) else None


def reader_asked(kind: Kind, column: Sequence[Any], epoch: date) -> Reader:
    """Make the reader of a column that is compared with one kind; it warns and never refuses."""
    if kind == "number":
        read = _amount(decimal_mark(column))
    else:
        read = day(day_order(column), epoch=epoch) if kind == "day" else values.yes_no

    def warn(value: Any) -> Any:
        found = read(value)
        if isinstance(found, Complaint):
            return Complaint(found.code, found.message, found.fix, "warning", cell_value(value))
        return found

    return warn


def _amount(mark: str) -> Reader:
    """Make a reader of numbers, with a currency or a percent sign beside them."""

    def read(value: Any) -> Any:
        if type(value) is not str:
            found = number(value)
            return found if isinstance(found, Complaint) else cell_value(value)
        percent = value.strip().endswith("%")
        amount = parse_number(split_amount(value.strip().removesuffix("%"))[0], mark)
        if isinstance(amount, Complaint):
            return amount
        return _plain(amount.scaleb(-2) if percent else amount)

    return read


def _plain(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
