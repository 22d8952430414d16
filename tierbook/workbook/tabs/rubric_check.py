"""The tab `Rubric check`: what the rubric misses, which rules work, what its last change moved."""

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Final

from tierbook.contract import RUBRIC_CHECK, RUBRIC_TESTS
from tierbook.model import Answers, CellRef, Finding, Rubric, RubricReport
from tierbook.workbook.tabs.look import (
    HEADER_INDENTED,
    INDENTED,
    LINKED_INDENTED,
    LINKED_TOP,
    PURPLE,
    SEVERITY_TINTS,
    SEVERITY_WORDS,
    WRAPPED,
    Face,
    Wardrobe,
    cell_text,
)
from tierbook.workbook.tabs.pen import Pen, Value, count, money, percent, text
from tierbook.workbook.tabs.problems import place_link

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_WIDTHS: Final = (12, 16, 14, 62, 38, 50, 10)
_RANKS: Final = {"error": 0, "warning": 1, "info": 2}
_KINDS: Final = {
    "unreachable": "Never fires",
    "gap": "Gap",
    "not-proven": "Not proven",
    "conflict": "Conflict",
    "duplicate": "Duplicate",
    "never-hit": "No row hit",
    "test": "Test",
    "change": "Change",
    "mistake": "Routing habit",
    "complete": "Complete",
}
# More findings than this are no longer read; the worst come first.
_MOST_FINDINGS: Final = 200


def write_rubric_check(
    workbook: "Workbook",
    wardrobe: Wardrobe,
    answers: Answers,
    names: Mapping[str, str],
    present: Set[str],
) -> None:
    """Author the tab; links are made only to tabs that are `present` in the workbook."""
    report, rubric = answers.report, answers.configuration.rubric
    sheet = workbook.add_worksheet(names[RUBRIC_CHECK])
    sheet.set_tab_color(f"#{PURPLE}")
    pen = Pen(sheet, wardrobe)
    pen.widths(_WIDTHS)
    pen.page(landscape=True, frozen_rows=2)
    pen.title("Rubric check", _verdict(report, rubric))
    row = _write_findings(pen, 4, report, present)
    row = _write_hits(pen, row, answers, present)
    row = _write_tests(pen, row, report, present)
    _write_moves(pen, row, report)


def _verdict(report: RubricReport, rubric: Rubric) -> str:
    errors = sum(finding.severity == "error" for finding in report.findings)
    warnings = sum(finding.severity == "warning" for finding in report.findings)
    rules = sum(rule.on for rule in rubric.rules)
    parts = [f"{rules} rules, the first that fits decides" if rubric.hit_policy == "FIRST" else ""]
    parts[0] = parts[0] or f"{rules} rules, hit policy {rubric.hit_policy.capitalize()}"
    parts.append(f"{errors} to mend" if errors else "nothing to mend")
    parts.append(f"{warnings} to look at" if warnings else "nothing to look at")
    if report.tests:
        passed = sum(test.passed for test in report.tests)
        parts.append(f"{passed} of {len(report.tests)} tests pass")
    return "; ".join(parts) + "."


def _write_findings(pen: Pen, row: int, report: RubricReport, present: Set[str]) -> int:
    pen.section(row, "What was found")
    headings = ("Severity", "Kind", "Rule", "What was found", "For example", "What to do", "Cell")
    pen.headings(row + 1, headings, words=len(headings))
    found = sorted(report.findings, key=lambda finding: _RANKS[finding.severity])
    here = row + 2
    for finding in found[:_MOST_FINDINGS]:
        _write_finding(pen, here, finding, present)
        here += 1
    if len(found) > _MOST_FINDINGS:
        pen.note(here, f"and {len(found) - _MOST_FINDINGS:,} more.", 4)
        here += 1
    if not found:
        pen.note(here, "Nothing: no gaps, no rule that can never fire, no conflicts.")
        here += 1
    return here + 1


def _write_finding(pen: Pen, row: int, finding: Finding, present: Set[str]) -> None:
    word = SEVERITY_WORDS[finding.severity]
    pen.words(row, 1, word, Face(bold=True, wrap=True, fill=SEVERITY_TINTS[word]))
    pen.words(row, 2, _KINDS.get(finding.kind, finding.kind), WRAPPED)
    pen.words(row, 3, finding.rule, WRAPPED)
    pen.words(row, 4, finding.message, WRAPPED)
    pen.words(row, 5, finding.example, WRAPPED)
    pen.words(row, 6, finding.fix, WRAPPED)
    if finding.cell and finding.cell.sheet in present:
        cell = finding.cell
        pen.link(row, 7, place_link(cell), cell.a1 or "the tab", LINKED_TOP, f"Go to {cell.sheet}")
    else:
        pen.words(row, 7, "", WRAPPED)
    texts = ((finding.message, 58), (finding.example, 36), (finding.fix, 48))
    pen.fit_height(row, [(cell_text(words), width) for words, width in texts])


def _write_hits(pen: Pen, row: int, answers: Answers, present: Set[str]) -> int:
    """Write how many rows each rule decided, in the rubric's own order."""
    report, rubric = answers.report, answers.configuration.rubric
    pen.section(row, "Rows decided by each rule")
    pen.headings(row + 1, ("Rule", "Rows", "Share", "Why"), words=1)
    pen.words(row + 1, 4, "Why", HEADER_INDENTED)
    total = sum(report.hits.values())
    here = first = row + 2
    last = first + len(rubric.rules) - 1
    for rule in rubric.rules:
        hits = report.hits.get(rule.name, 0)
        if rule.row and rubric.sheet in present:
            place = place_link(CellRef(rubric.sheet, rule.row))
            pen.link(here, 1, place, rule.name, tooltip=f"Go to the rule in {rubric.sheet}")
        else:
            pen.words(here, 1, rule.name)
        of = f"SUM(B${first}:B${last})"
        share = percent(hits, total, f"=IF({of}=0,0,B{here}/{of})")
        pen.line(here, [count(hits), share], column=2)
        pen.words(here, 4, rule.why if rule.on else f"(off) {rule.why}", INDENTED)
        here += 1
    return here + 1


def _write_tests(pen: Pen, row: int, report: RubricReport, present: Set[str]) -> int:
    pen.section(row, "Rubric tests")
    if not report.tests:
        pen.note(
            row + 1,
            f"No tests yet. Write an example product and the tier you expect into {RUBRIC_TESTS}: "
            "a failing test stops generation before it costs money.",
        )
        return row + 3
    headings = ("Outcome", "Expected", "Got", "Test")
    pen.headings(row + 1, headings, words=len(headings))
    pen.words(row + 1, 4, "Test", HEADER_INDENTED)
    here = row + 2
    for test in sorted(report.tests, key=lambda test: test.passed):
        word = "PASS" if test.passed else "FAIL"
        fill = SEVERITY_TINTS["ERROR"] if not test.passed else "D3EEE6"
        pen.words(here, 1, word, Face(bold=True, fill=fill))
        pen.words(here, 2, test.expected)
        pen.words(here, 3, test.got)
        if test.row and RUBRIC_TESTS in present:
            place = place_link(CellRef(RUBRIC_TESTS, test.row))
            pen.link(here, 4, place, test.name, LINKED_INDENTED)
        else:
            pen.words(here, 4, test.name, INDENTED)
        here += 1
    return here + 1


def _write_moves(pen: Pen, row: int, report: RubricReport) -> None:
    pen.section(row, "What the last change of the rubric moved")
    if not report.moves:
        pen.note(row + 1, "Nothing moved since the last run, or this is the first one.")
        return
    pen.headings(row + 1, ("From tier", "To tier", "Rows"), words=2)
    pen.words(row + 1, 4, "Difference", HEADER_INDENTED)
    first = here = row + 2
    for move in report.moves:
        line: list[Value] = [text(move.from_tier), text(move.to_tier)]
        pen.line(here, [*line, count(move.rows)])
        pen.value(here, 4, money(move.difference), INDENTED)
        here += 1
    rows, difference = (
        sum(move.rows for move in report.moves),
        sum(move.difference for move in report.moves),
    )
    totals = [text("Total"), text("")]
    totals.append(count(rows, f"=SUM(C{first}:C{here - 1})"))
    pen.line(here, totals, total=True)
    moved = money(difference, f"=SUM(D{first}:D{here - 1})")
    pen.value(here, 4, moved, INDENTED, total=True)
