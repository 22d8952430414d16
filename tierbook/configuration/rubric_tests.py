"""Read the `Rubric tests` tab: named examples with the tier and the rule they must get."""

from tierbook.configuration import tabs
from tierbook.configuration.cells import Unreadable, is_blank
from tierbook.configuration.rows import (
    Header,
    Record,
    cell_at,
    read_field,
    read_records,
    unreadable,
)
from tierbook.contract import folded
from tierbook.model import CellRef, CellValue, Problem, RubricTest, TabRows

# An example holds what a request row holds, and what Tierbook derives from it.
_COLUMNS = {
    folded(one.heading): one
    for one in (*tabs.PRODUCTS.fields, *tabs.REQUESTS.fields, *tabs.DERIVED)
}


def read_rubric_tests(tab: TabRows, header: Header) -> tuple[tuple[RubricTest, ...], list[Problem]]:
    """Read the examples: every column the tab does not declare is a column of the example.

    Values of known columns have the types of `RequestTable`; a seller's own keep theirs.
    """
    records, problems = read_records(tab, header)
    tests: list[RubricTest] = []
    for record in records:
        example, found = _example(tab.sheet, header, record)
        problems += found
        tests.append(
            RubricTest(
                name=record.values["name"],
                example=example,
                tier=record.values["tier"],
                rule=record.values.get("rule", ""),
                row=record.row,
            )
        )
    return tuple(tests), problems


def _example(
    sheet: str, header: Header, record: Record
) -> tuple[dict[str, CellValue], list[Problem]]:
    example: dict[str, CellValue] = {}
    problems: list[Problem] = []
    for heading, column in header.others.items():
        cell = cell_at(record.cells, column)
        if is_blank(cell):
            continue
        known = _COLUMNS.get(folded(heading))
        if known is None:
            example[heading] = cell
            continue
        try:
            value = read_field(known, cell)
            example[known.heading] = float(value) if known.kind == "number" else value
        except Unreadable as error:
            place = CellRef(sheet, record.row, column + 1)
            problems.append(unreadable(place, known, error, "The cell was taken as empty."))
    return example, problems
