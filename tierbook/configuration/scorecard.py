"""Read the `Scorecard` tab: points for attributes, and the totals that earn a tier."""

import re
from itertools import pairwise

from tierbook.configuration.cells import text
from tierbook.configuration.rows import Header, Record, read_records
from tierbook.contract import folded
from tierbook.model import CellRef, Problem, ScoreBand, Scorecard, ScorecardLine, TabRows

TOTAL = "Total points"
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_FROM = re.compile(rf">=?\s*{_NUMBER}")
_BELOW = re.compile(rf"<=?\s*{_NUMBER}")
_RANGE = re.compile(rf"[\[(]?\s*{_NUMBER}\s*(?:to|\.\.)\s*{_NUMBER}\s*[\])]?")


def read_scorecard(tab: TabRows, header: Header) -> tuple[Scorecard, list[Problem]]:
    """Read both kinds of line; a line with neither points nor a tier is left out."""
    records, problems = read_records(tab, header)
    lines: list[ScorecardLine] = []
    bands: list[ScoreBand] = []
    for record in records:
        if folded(str(record.values["attribute"])) == folded(TOTAL):
            band = _band(record)
            if band is None:
                problems.append(_bad_line(tab, record, "total such as >= 60, or no tier"))
            else:
                bands.append(band)
        elif "points" not in record.values:
            problems.append(_bad_line(tab, record, "points"))
        else:
            lines.append(_line(record))
    bands.sort(key=lambda band: float("-inf") if band.low is None else band.low)
    return Scorecard(tuple(lines), tuple(bands)), [*problems, *_between(tab, bands)]


def _line(record: Record) -> ScorecardLine:
    return ScorecardLine(
        attribute=str(record.values["attribute"]),
        test=record.values["test"],
        points=float(record.values["points"]),
        why=str(record.values.get("why", "")),
        row=record.row,
    )


def _band(record: Record) -> ScoreBand | None:
    """Read a total: from its lower bound up to, and without, its upper one."""
    test, tier = text(record.values["test"]), record.values.get("tier")
    if tier is None:
        return None
    if found := _RANGE.fullmatch(test):
        return ScoreBand(float(found[1]), float(found[2]), tier, record.row)
    if found := _FROM.fullmatch(test):
        return ScoreBand(float(found[1]), None, tier, record.row)
    if found := _BELOW.fullmatch(test):
        return ScoreBand(None, float(found[1]), tier, record.row)
    return None


def _bad_line(tab: TabRows, record: Record, lacks: str) -> Problem:
    return Problem(
        "unreadable-setting",
        "error",
        f'Tab "{tab.sheet}", row {record.row} has no {lacks}. The line was left out.',
        f"fill in row {record.row}, or empty it.",
        CellRef(tab.sheet, record.row),
    )


def _between(tab: TabRows, bands: list[ScoreBand]) -> list[Problem]:
    """Point out totals that no line, or more than one, turns into a tier."""
    return [
        Problem(
            "scorecard-bands",
            "error",
            f'Tab "{tab.sheet}": the totals of rows {one.row} and {other.row} leave a gap or '
            "overlap.",
            "let each Total points line begin where the one below it ends.",
            CellRef(tab.sheet, other.row),
        )
        for one, other in pairwise(bands)
        if one.high != other.low
    ]
