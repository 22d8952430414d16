"""The tab `Rubric check`: findings, hits, tests and moves."""

from dataclasses import replace
from io import BytesIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tierbook.contract import RUBRIC_CHECK
from tierbook.model import Answers, RubricReport
from tierbook.workbook.tabs import build_tabs

from . import shop


def tab(found: Answers) -> Worksheet:
    content = build_tabs(
        found, {RUBRIC_CHECK: RUBRIC_CHECK}, shop.grid_of(found), present={"Rubric", "Rubric tests"}
    )
    return openpyxl.load_workbook(BytesIO(content), data_only=True)[RUBRIC_CHECK]


def under(sheet: Worksheet, heading: str) -> list[tuple[object, ...]]:
    """Read the lines of the table under a section heading."""
    rows = list(sheet.iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == heading)
    found: list[tuple[object, ...]] = []
    for row in rows[start + 2 :]:
        if not any(row):
            break
        found.append(row)
    return found


def test_findings_stand_worst_first_with_example_fix_and_link() -> None:
    """A gap shows a concrete product, a dead rule leads to its row."""
    sheet = tab(shop.answers([1, 2, 3], [1, 2, 3]))
    found = under(sheet, "What was found")
    assert [row[0] for row in found] == ["ERROR", "WARN", "NOTE"]
    assert found[1][4] == "Placement Lookbook, Human model yes"
    assert sheet.cell(6, 7).hyperlink.location == "'Rubric'!A9"


def test_hits_add_up_to_the_decided_rows() -> None:
    """Each rule shows how many rows it decided, in the rubric's own order."""
    found = under(tab(shop.answers([1, 1, 1, 2], [1, 1, 1, 1])), "Rows decided by each rule")
    assert [(row[0], row[1], row[2]) for row in found] == [
        ("R01", 3, 0.75), ("R02", 1, 0.25), ("R03", 0, 0),
    ]  # fmt: skip


def test_failing_tests_come_first() -> None:
    """They block generation, so they are seen first."""
    found = under(tab(shop.answers([1], [1])), "Rubric tests")
    assert [row[:4] for row in found] == [
        ("FAIL", "3", "2, R02", "Hero with a model"), ("PASS", "1, R01", "1, R01", "White mug"),
    ]  # fmt: skip


def test_moves_say_rows_and_dollars_with_their_total() -> None:
    """A change of the rubric is weighed before it is paid for."""
    found = under(tab(shop.answers([1], [1])), "What the last change of the rubric moved")
    assert [row[:4] for row in found] == [
        ("2", "1", 14, -2.38), ("1", "3", 2, 5.6), ("Total", None, 16, 3.22),
    ]  # fmt: skip


def test_an_empty_report_says_so_in_words() -> None:
    """No findings, no tests and no moves are three sentences, not three empty tables."""
    sheet = tab(replace(shop.answers([1], [1]), report=RubricReport()))
    words = " ".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0])
    assert "no gaps" in words
    assert "No tests yet" in words
    assert "Nothing moved" in words
