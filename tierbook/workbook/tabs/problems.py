"""The tab `Problems`: every mistake with a link to its cell and what to type instead."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Final

from tierbook.contract import PROBLEMS, STATUS
from tierbook.model import CellRef, Problem
from tierbook.workbook.tabs.look import (
    LINKED_TOP,
    NOTE,
    SEVERITY_TINTS,
    SEVERITY_WORDS,
    VERMILLION,
    WRAPPED,
    Face,
    Wardrobe,
    cell_text,
    quoted_sheet,
)
from tierbook.workbook.tabs.pen import Pen

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

# A mistake made 4,000 times is read once; the Status column shows all its rows.
MOST_OF_A_KIND: Final = 50
_HEADER_ROW: Final = 4
_HEADINGS: Final = ("Severity", "Tab", "Cell", "SKU", "What is wrong", "What to do", "Kind")
_WIDTHS: Final = (10, 18, 10, 20, 62, 52, 22)
_RANKS: Final = {"error": 0, "warning": 1, "info": 2}


def write_problems(
    workbook: "Workbook",
    wardrobe: Wardrobe,
    problems: Sequence[Problem],
    names: Mapping[str, str],
    present: Set[str],
) -> None:
    """Author the tab; links are made only to tabs that are `present` in the workbook."""
    sheet = workbook.add_worksheet(names[PROBLEMS])
    sheet.set_tab_color(f"#{VERMILLION}")
    pen = Pen(sheet, wardrobe)
    pen.widths(_WIDTHS)
    pen.page(landscape=True, frozen_rows=_HEADER_ROW, header_row=_HEADER_ROW)
    pen.title("Problems", _counted(problems))
    pen.headings(_HEADER_ROW, _HEADINGS, words=len(_HEADINGS))
    row = _HEADER_ROW
    for kind in _by_kind(problems):
        for problem in kind[:MOST_OF_A_KIND]:
            row += 1
            _write_problem(pen, row, problem, present)
        if len(kind) > MOST_OF_A_KIND:
            row += 1
            _write_more(pen, row, kind)
    if row > _HEADER_ROW:
        sheet.autofilter(_HEADER_ROW - 1, 0, row - 1, len(_HEADINGS) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"D{_HEADER_ROW + 1}:D{row}"})


def place_link(cell: CellRef) -> str:
    """Spell the place a cell reference leads to, for `Pen.link`."""
    a1 = cell.a1
    if cell.row and not cell.column:
        a1 = f"A{cell.row}"
    elif cell.column and not cell.row:
        a1 = f"{a1.removeprefix('column ')}1"
    return f"internal:{quoted_sheet(cell.sheet)}!{a1 or 'A1'}"


def _counted(problems: Sequence[Problem]) -> str:
    if not problems:
        return "No problems were found. A row on hold says why in its column Message."
    counts = Counter(problem.severity for problem in problems)
    words = (("error", "error"), ("warning", "warning"), ("info", "note"))
    parts = [
        f"{counts[severity]:,} {word}{'s' if counts[severity] > 1 else ''}"
        for severity, word in words
        if counts[severity]
    ]
    return f"{', '.join(parts)}. Click a cell to go there; mend it and run Tierbook again."


def _by_kind(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Group by severity and code, worst and most frequent first, each in sheet order."""
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        kinds[problem.severity, problem.code].append(problem)
    for kind in kinds.values():
        kind.sort(key=_sheet_order)
    return sorted(
        kinds.values(),
        key=lambda kind: (_RANKS[kind[0].severity], -len(kind), kind[0].code),
    )


def _sheet_order(problem: Problem) -> tuple[str, int, int]:
    cell = problem.cell or CellRef("")
    return (cell.sheet, cell.row, cell.column)


def _write_problem(pen: Pen, row: int, problem: Problem, present: Set[str]) -> None:
    word = SEVERITY_WORDS[problem.severity]
    pen.words(row, 1, word, Face(bold=True, wrap=True, fill=SEVERITY_TINTS[word]))
    cell = problem.cell
    pen.words(row, 2, cell.sheet if cell else "", WRAPPED)
    if cell and cell.sheet in present:
        pen.link(row, 3, place_link(cell), cell.a1 or "the tab", LINKED_TOP, f"Go to {cell.sheet}")
    else:
        pen.words(row, 3, cell.a1 if cell else "", WRAPPED)
    pen.words(row, 4, problem.sku, WRAPPED)
    pen.words(row, 5, problem.message, WRAPPED)
    pen.words(row, 6, problem.fix, WRAPPED)
    pen.words(row, 7, problem.code, WRAPPED)
    pen.fit_height(row, ((cell_text(problem.message), 62), (cell_text(problem.fix), 52)))


def _write_more(pen: Pen, row: int, kind: Sequence[Problem]) -> None:
    first = kind[0]
    more = len(kind) - MOST_OF_A_KIND
    pen.words(row, 1, SEVERITY_WORDS[first.severity], NOTE)
    sentence = f"and {more:,} more of this kind. Filter the column {STATUS} to see all their rows."
    pen.words(row, 5, sentence, NOTE)
    pen.words(row, 7, first.code, NOTE)
