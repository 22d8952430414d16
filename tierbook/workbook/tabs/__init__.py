"""Author the tabs that a run adds to the seller's workbook."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from tierbook.contract import CHECKLIST, COST_SUMMARY, PROBLEMS, RESULTS, RUBRIC_CHECK
from tierbook.model import Answers
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs.checklist import write_checklist
from tierbook.workbook.tabs.cost_summary import write_cost_summary
from tierbook.workbook.tabs.finishing import finished
from tierbook.workbook.tabs.grid import OutputGrid
from tierbook.workbook.tabs.look import Wardrobe
from tierbook.workbook.tabs.problems import write_problems
from tierbook.workbook.tabs.results import write_results
from tierbook.workbook.tabs.rubric_check import write_rubric_check

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from tierbook.costing import WhatIf

__all__ = ["OutputGrid", "build_tabs", "write_tabs"]


def build_tabs(
    answers: Answers,
    names: Mapping[str, str],
    grid: OutputGrid,
    *,
    present: Set[str] = frozenset(),
    written_before: Set[str] = frozenset(),
    what_ifs: "Sequence[WhatIf]" = (),
    results: Sequence[ResultRow] = (),
) -> bytes:
    """Author the output tabs as a workbook of their own; the same answers give the same bytes.

    Args:
        answers: All that the run says.
        names: Tab -> the name it will bear in the seller's workbook; the tabs to author.
        grid: Where the answers stand in the seller's sheet.
        present: Names of the tabs of the seller's workbook, for links.
        written_before: Output tabs the workbook has from earlier runs and reports.
        what_ifs: Totals with one tier's engine changed.
        results: Pictures made so far.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    workbook = Workbook(content, {"in_memory": True})
    created = datetime.combine(answers.today, time(), UTC).replace(tzinfo=None)
    workbook.set_properties({"created": created, "author": "Tierbook"})
    write_tabs(
        workbook,
        answers,
        names,
        grid,
        present=present,
        written_before=written_before,
        what_ifs=what_ifs,
        results=results,
    )
    workbook.close()
    return finished(content.getvalue())


def write_tabs(
    workbook: "Workbook",
    answers: Answers,
    names: Mapping[str, str],
    grid: OutputGrid,
    *,
    present: Set[str],
    written_before: Set[str] = frozenset(),
    what_ifs: "Sequence[WhatIf]",
    results: Sequence[ResultRow],
) -> None:
    """Author the tabs into an open workbook, in the order they will stand in."""
    wardrobe = Wardrobe(workbook)
    if COST_SUMMARY in names:
        write_cost_summary(
            workbook,
            wardrobe,
            answers,
            names,
            grid,
            present=present,
            what_ifs=what_ifs,
            results=results,
        )
    if RESULTS in names and results:
        write_results(workbook, wardrobe, results, names)
    if RUBRIC_CHECK in names:
        write_rubric_check(workbook, wardrobe, answers, names, present)
    if PROBLEMS in names:
        write_problems(workbook, wardrobe, answers.problems, names, present)
    if CHECKLIST in names:
        write_checklist(workbook, wardrobe, answers, names, written_before)
