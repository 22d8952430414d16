"""The product attribute model: points for attributes, bands of points for tiers.

A scorecard is a decision table with hit policy COLLECT SUM, one rule a line, read and matched by
the same code as the rubric. The rubric goes first: what it holds, what a person chose and what a
channel rules stays; the score decides the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook.contract import REQUEST_INPUTS, SCORECARD, folded
from tierbook.model import (
    CellRef,
    Column,
    Configuration,
    Decisions,
    Problem,
    RequestTable,
    Rubric,
    ScoreBand,
    Scorecard,
    ScorecardLine,
    text_column,
)
from tierbook.routing.cells import InputCells
from tierbook.routing.hits import Decider, HitPolicy
from tierbook.routing.inputs import RubricInputs, rubric_inputs
from tierbook.routing.matching import Matched
from tierbook.routing.retiering import open_rows, retier
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.table import DecisionTable
from tierbook.routing.terms import Anything, Test
from tierbook.routing.unary import UnreadableCell, parse

SCORECARD_ROUTER = "scorecard"
_REASONS = 3
_SHOWN = 5
# Points are typed with few decimals; sums of them must not miss a band by a rounding error.
_DECIMALS = 9


@dataclass(frozen=True)
class Scores:
    """What the scorecard says, one entry per distinct set of lines that fit.

    Attributes:
        matched: Which set holds for each row, and the sets.
        points: Sum of points of each set, shape (sets,).
        tier: The tier of the one band the sum falls in, 0 where there is none or several.
        why: The sum and the lines that moved it most.
    """

    matched: Matched
    points: NDArray[np.float64]
    tier: NDArray[np.int8]
    why: Column


def decide_scorecard(
    requests: RequestTable, configuration: Configuration, rubric_decisions: Decisions
) -> tuple[Decisions, list[Problem]]:
    """Let the score decide every row that the rubric leaves to it.

    A row whose points fall in no band, or in several, keeps the rubric's tier, with an error
    that names the points.
    """
    scores, problems = score(requests, configuration)
    rows = open_rows(requests, configuration, rubric_decisions)
    pattern = scores.matched.pattern
    problems += _outside(scores, rows, configuration)
    scored = rows & (scores.tier[pattern] > 0)
    decisions = retier(
        rubric_decisions,
        requests,
        configuration,
        scored,
        scores.tier[pattern],
        scores.why[pattern],
        SCORECARD_ROUTER,
    )
    return decisions, problems


def score(requests: RequestTable, configuration: Configuration) -> tuple[Scores, list[Problem]]:
    """Add up the points of every row; lines that cannot be read are left out and reported."""
    card = configuration.scorecard
    lines, tests, problems = _readable(card)
    attributes = tuple(dict.fromkeys(line.attribute for line in lines))
    inputs = _inputs(requests, configuration, attributes)
    problems += _absent(requests, configuration, lines, attributes, inputs)
    table = DecisionTable(
        attributes,
        ("Points",),
        tuple(
            tuple(test if name == line.attribute else Anything() for name in attributes)
            for line, test in zip(lines, tests, strict=True)
        ),
        Decider(HitPolicy.COLLECT_SUM, [(line.points,) for line in lines]),
    )
    matched = table.match(dict(zip(attributes, inputs.columns, strict=True)), len(requests))
    sums = [0.0 if s is None else round(s[0], _DECIMALS) for s in table.outcomes(matched).values]
    bands = [_bands_of(points, card.bands) for points in sums]
    tiers = [found[0].tier if len(found) == 1 else 0 for found in bands]
    known = [tier if configuration.tier(tier) else 0 for tier in tiers]
    why = [
        _why(points, [lines[rule] for rule in fitting])
        for points, fitting in zip(sums, matched.fitting(), strict=True)
    ]
    scores = Scores(matched, np.array(sums, np.float64), np.array(known, np.int8), text_column(why))
    return scores, problems


def _readable(card: Scorecard) -> tuple[list[ScorecardLine], list[Test], list[Problem]]:
    lines: list[ScorecardLine] = []
    tests: list[Test] = []
    problems: list[Problem] = []
    for line in card.lines:
        try:
            tests.append(parse(line.test))
            lines.append(line)
        except UnreadableCell as unreadable:
            problems.append(
                Problem(
                    unreadable.code,
                    "error",
                    f'Scorecard line "{line.attribute}": {unreadable.message} The line is left '
                    "out until this is mended.",
                    unreadable.fix,
                    CellRef(SCORECARD, line.row),
                )
            )
    return lines, tests, problems


def attribute_cells(card: Scorecard) -> dict[str, InputCells]:
    """Cut each attribute into the cells that its readable lines tell apart."""
    lines, tests, _ = _readable(card)
    by_attribute: dict[str, list[Test]] = {}
    for line, test in zip(lines, tests, strict=True):
        by_attribute.setdefault(line.attribute, []).append(test)
    return {attribute: InputCells(found) for attribute, found in by_attribute.items()}


def _inputs(
    requests: RequestTable, configuration: Configuration, attributes: tuple[str, ...]
) -> RubricInputs:
    """Look the attributes up as the rubric does its IF columns, derived ones included."""
    rubric = Rubric(attributes, (), (), sheet=SCORECARD)
    found, _ = rubric_inputs(
        requests, configuration, CompiledRubric(rubric, HitPolicy.COLLECT_SUM, ())
    )
    return found


def _absent(
    requests: RequestTable,
    configuration: Configuration,
    lines: Sequence[ScorecardLine],
    attributes: Sequence[str],
    inputs: RubricInputs,
) -> Iterator[Problem]:
    """Point out attributes of the seller's own scorecard that the sheet has no column for."""
    if SCORECARD not in configuration.from_workbook:
        return
    known = set(map(folded, REQUEST_INPUTS))
    for name, absent in zip(attributes, inputs.absent, strict=True):
        if absent and folded(name) not in known:
            row = next(line.row for line in lines if line.attribute == name)
            yield Problem(
                "unknown-attribute",
                "warning",
                f'Tab "{SCORECARD}" gives points for "{name}", and the sheet '
                f'"{requests.sheet}" has no such column: nobody gets these points.',
                f'Add a column "{name}", or correct the attribute in row {row}.',
                CellRef(SCORECARD, row),
            )


def _bands_of(points: float, bands: Sequence[ScoreBand]) -> list[ScoreBand]:
    return [
        band
        for band in bands
        if (band.low is None or points >= band.low) and (band.high is None or points < band.high)
    ]


def _why(points: float, fitting: Sequence[ScorecardLine]) -> str:
    ranked = sorted(fitting, key=lambda line: -abs(line.points))[:_REASONS]
    moved = ", ".join(f"{line.attribute} {line.test} {line.points:+g}" for line in ranked)
    return f"Scorecard {points:g} points: {moved or 'no attribute gives any'}"


def _outside(
    scores: Scores, rows: NDArray[np.bool_], configuration: Configuration
) -> Iterator[Problem]:
    """Report the totals of rows that get no tier from their points, once for each reason."""
    used = np.unique(scores.matched.pattern[rows])
    totals: dict[tuple[ScoreBand, ...], list[str]] = {}
    for points in np.unique(scores.points[used[scores.tier[used] == 0]]).tolist():
        found = tuple(_bands_of(points, configuration.scorecard.bands))
        totals.setdefault(found, []).append(f"{points:g}")
    for bands, points in totals.items():
        yield _band_problem(points, bands)


def _band_problem(points: Sequence[str], bands: Sequence[ScoreBand]) -> Problem:
    more = f" and {len(points) - _SHOWN} more totals" if len(points) > _SHOWN else ""
    listed = f"{', '.join(points[:_SHOWN])}{more} points"
    kept = "Such rows keep the tier of the rubric."
    if not bands:
        return Problem(
            "scorecard-hole",
            "error",
            f'{listed} fall in no band of tab "{SCORECARD}", so they give no tier. {kept}',
            "Add a Total points line that covers them, such as < 25 for the lowest tier.",
            CellRef(SCORECARD),
        )
    if len(bands) == 1:
        return Problem(
            "unknown-tier",
            "error",
            f'Tab "{SCORECARD}" gives tier {bands[0].tier} for {listed}, and the tab Tiers has '
            f"no such tier. {kept}",
            f"Add tier {bands[0].tier} to the tab Tiers, or change the band.",
            CellRef(SCORECARD, bands[0].row),
        )
    rows = " and ".join(str(band.row) for band in bands)
    return Problem(
        "scorecard-overlap",
        "error",
        f'{listed} fall in several bands of tab "{SCORECARD}" (rows {rows}), so they give no '
        f"tier. {kept}",
        "Let each band begin where the one below it ends.",
        CellRef(SCORECARD, bands[-1].row),
    )
