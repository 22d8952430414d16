"""Plan what a run writes: output columns, summary tabs, rule hits, and the marks of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count as numbers
from typing import TYPE_CHECKING, Final

import numpy as np

from tierbook import costing
from tierbook.contract import (
    CATEGORY,
    CHANNEL,
    CHECKLIST,
    COST_SUMMARY,
    OUTPUT_TABS,
    PLACEMENT,
    PROBLEMS,
    RESULTS,
    RUBRIC,
    RUBRIC_CHECK,
    folded,
)
from tierbook.model import Answers, Column, TabRows, column_letter
from tierbook.ooxml import ColumnEdit, EditPlan, Graft, SheetEdit, Style, inspect
from tierbook.workbook.marks import column_mark, tab_mark
from tierbook.workbook.output_columns import column_edits, place_columns
from tierbook.workbook.reading import Book
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs import build_tabs
from tierbook.workbook.tabs.grid import OutputGrid
from tierbook.workbook.tabs.look import HEADER_GREY, INK, quoted_sheet

if TYPE_CHECKING:
    from tierbook.ooxml.facts import PackageFacts

HITS: Final = "Hits"
GROUPED_BY: Final = (PLACEMENT, CATEGORY, CHANNEL)
_LONGEST_TAB_NAME: Final = 31
_HITS_HEADER: Final = Style(bold=True, font_color=INK, fill=HEADER_GREY, wrap=True, border=True)


def plan(book: Book, answers: Answers, *, results: Sequence[ResultRow] = ()) -> EditPlan:
    """Plan every change a run makes to a workbook.

    Args:
        book: The workbook as read, .xlsx or .xlsm.
        answers: All that the run says.
        results: Pictures made so far; the tab `Results` is written anew when there are any.
    """
    facts = book.facts or inspect(book.content)
    placed = place_columns(book, answers, facts.sheet(book.sheet))
    present = [sheet.name for sheet in facts.sheets]
    ours = own_tabs(facts)
    tabs = [COST_SUMMARY, RUBRIC_CHECK, PROBLEMS, CHECKLIST]
    if results:
        tabs.insert(1, RESULTS)
    names = tab_names(tabs, ours, present)
    content = build_tabs(
        answers,
        names,
        output_grid(book, answers, placed),
        present=frozenset(present),
        written_before=frozenset(ours),
        what_ifs=costing.what_if(
            answers.decisions,
            answers.requests,
            answers.configuration,
            answers.prompt,
            answers.today,
        ),
        results=results,
    )
    return EditPlan(
        sheets=(
            SheetEdit(book.sheet, column_edits(book, answers, placed), summary_left=True),
            *_hits_edit(book, answers),
        ),
        graft=Graft(content, tuple(names.values())),
        remove_tabs=tuple(ours[tab] for tab in tabs if tab in ours),
        names={
            **_column_marks(book, placed),
            **{tab_mark(tab): f"{quoted_sheet(name)}!$A$1" for tab, name in names.items()},
        },
    )


def tab_names(
    tabs: Iterable[str], ours: Mapping[str, str], present: Iterable[str]
) -> dict[str, str]:
    """Name the output tabs: as before, by the contract, or with a suffix beside a seller's own.

    Args:
        tabs: The output tabs to write.
        ours: Tab -> the name it bears now, for those an earlier run wrote.
        present: Names of all tabs of the workbook.
    """
    taken = {name.casefold() for name in present} - {name.casefold() for name in ours.values()}
    names: dict[str, str] = {}
    for tab in tabs:
        name = ours.get(tab, tab)
        for number in numbers(1):
            if name.casefold() not in taken:
                break
            suffix = " (Tierbook)" if number == 1 else f" (Tierbook {number})"
            name = tab[: _LONGEST_TAB_NAME - len(suffix)] + suffix
        taken.add(name.casefold())
        names[tab] = name
    return names


def output_grid(book: Book, answers: Answers, placed: Mapping[str, int]) -> OutputGrid:
    """Say where the answers will stand, and what the seller's cells beside them hold."""
    rows, letters = answers.requests.rows, answers.requests.letters
    first, last = int(rows[0]), int(rows[-1])
    inside = book.rows[first - book.first_data_row : last - book.first_data_row + 1]

    def raw(column: int) -> Column:
        cells = np.empty(last - first + 1, dtype=object)
        for place, values in enumerate(inside):
            cells[place] = values[column - 1] if column <= len(values) else None
        return cells

    grouped = {heading: letters[heading] for heading in GROUPED_BY if heading in letters}
    return OutputGrid(
        book.sheet,
        first,
        last,
        {**grouped, **placed},
        {heading: raw(column) for heading, column in grouped.items()},
    )


def _column_marks(book: Book, placed: Mapping[str, int]) -> dict[str, str]:
    sheet, row = quoted_sheet(book.sheet), book.header_row
    return {
        column_mark(heading): f"{sheet}!${column_letter(column)}${row}"
        for heading, column in placed.items()
    }


def _hits_edit(book: Book, answers: Answers) -> tuple[SheetEdit, ...]:
    """Plan the column of the seller's rubric that says how many rows each rule decided."""
    tab = book.tabs.get(RUBRIC)
    rules = [rule for rule in answers.configuration.rubric.rules if rule.row]
    if tab is None or not rules:
        return ()
    header_row, column, found = _hits_column(tab, rules[0].row)
    hits = answers.report.hits
    edit = ColumnEdit(
        column=column,
        header_row=header_row,
        header=HITS,
        rows=[rule.row for rule in rules],
        values=[hits.get(rule.name, 0) if rule.on else None for rule in rules],
        style=Style(horizontal="right", vertical="top"),
        header_style=_HITS_HEADER,
        width=7,
        new=not found,
    )
    return (SheetEdit(tab.sheet, (edit,)),)


def _hits_column(tab: TabRows, first_rule_row: int) -> tuple[int, int, bool]:
    """Find the `Hits` heading above the rules, or the first free column beside the headings."""
    above = tab.rows[: max(0, first_rule_row - tab.first_row)]
    for row, values in enumerate(above, start=tab.first_row):
        for column, value in enumerate(values, start=1):
            if isinstance(value, str) and folded(value) == folded(HITS):
                return row, column, True
    used = (len(values) for values in tab.rows)
    header_row = first_rule_row - 1
    for row, values in enumerate(above, start=tab.first_row):
        if any(isinstance(value, str) and folded(value) == "rule" for value in values):
            header_row = row
    return header_row, max(used, default=0) + 1, False


def own_tabs(facts: "PackageFacts") -> dict[str, str]:
    """Find the tabs an earlier run wrote by their marks, whatever they are called today."""
    present = {sheet.name.casefold(): sheet.name for sheet in facts.sheets}
    marks = {name.name: name.formula for name in facts.names if not name.scope}
    found: dict[str, str] = {}
    for tab in OUTPUT_TABS:
        sheet = marks.get(tab_mark(tab), "").rpartition("!")[0]
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        if sheet.casefold() in present:
            found[tab] = present[sheet.casefold()]
    return found
