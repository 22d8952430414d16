"""Compile the rubric of the workbook: cells to tests, THEN cells to typed answers.

A rule with a cell that cannot be read is switched off and reported as an error, which blocks
generation; the other rules go on deciding, so that a seller sees everything else at once.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tierbook.contract import HOLD, LANES, REVIEW_MODES, folded
from tierbook.errors import RubricError
from tierbook.model import HOLD_TIER, CellRef, CellValue, Problem, Rubric, Rule
from tierbook.routing.cells import InputCells
from tierbook.routing.hits import HitPolicy
from tierbook.routing.terms import Anything, Test, fold, known, number_in
from tierbook.routing.unary import UnreadableCell, parse

FROM_PLACEMENT = "placement"
_SIZE = re.compile(r"([0-9]{2,5})\s*[x×X]\s*([0-9]{2,5})")
_RATIO = re.compile(r"([1-9][0-9]{0,3}(?:\.[0-9]+)?)\s*:\s*([1-9][0-9]{0,3}(?:\.[0-9]+)?)")


# The THEN columns Tierbook acts on, by the headings they may bear.
_ANSWERS = {
    folded(heading): answer
    for answer, headings in {
        "tier": ("Tier",),
        "template": ("Prompt template", "Template"),
        "pixels": ("Resolution", "Resolution target", "px", "Long edge px"),
        "ratio": ("Aspect ratio", "Ratio"),
        "review": ("Review",),
        "queue": ("Queue", "Queue priority", "Priority"),
        "lane": ("Lane",),
        "candidates": ("Candidates",),
    }.items()
    for heading in headings
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The THEN cells of one rule; None and "" mean: fall back.

    Attributes:
        tier: A tier's number or `HOLD_TIER`.
        long_edge: Pixels of the long edge.
        size: Width and height, where the rule fixes both.
        from_placement: The pixels come from the tab Placements.
        ratio: "W:H", `placement`, or "".
        others: THEN columns of the seller's own, by heading.
    """

    tier: int
    template: str = ""
    long_edge: int | None = None
    size: tuple[int, int] | None = None
    from_placement: bool = False
    ratio: str = ""
    review: str = ""
    queue: int | None = None
    lane: str = ""
    candidates: int | None = None
    others: tuple[tuple[str, CellValue], ...] = ()


@dataclass(frozen=True)
class CompiledRule:
    """A rule that can decide: its tests in the order of the inputs, and its answer."""

    rule: Rule
    tests: tuple[Test, ...]
    answer: Answer

    def asks(self) -> list[int]:
        """Return the places of the inputs the rule constrains."""
        return [at for at, test in enumerate(self.tests) if not isinstance(test, Anything)]


@dataclass(frozen=True)
class CompiledRubric:
    """The rules that are switched on and readable, in table order."""

    rubric: Rubric
    policy: HitPolicy
    rules: tuple[CompiledRule, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The IF headings as the seller wrote them."""
        return self.rubric.inputs

    def cells(self) -> list[InputCells]:
        """Cut each input into the cells its tests tell apart."""
        return [
            InputCells([rule.tests[at] for rule in self.rules]) for at in range(len(self.inputs))
        ]

    def tier_cell(self, rule: Rule) -> CellRef:
        """Name the cell in which a rule says its tier."""
        answers = [_ANSWERS.get(folded(heading)) for heading in self.rubric.outputs]
        return _cell(self.rubric, rule, self.rubric.output_columns, answers.index("tier"))

    def names(self) -> list[str]:
        """List the rules' names."""
        return [rule.rule.name for rule in self.rules]


# A rubric says one tier a picture, so adding up or counting rules makes no sense in it.
_NOT_FOR_TIERS = (HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_COUNT)


def compile_rubric(rubric: Rubric) -> tuple[CompiledRubric, list[Problem]]:
    """Read every cell of the rubric.

    Returns:
        The rules that can decide, and an error for each cell that cannot be read.

    Raises:
        RubricError: There is no tier column, or the hit policy cannot give one tier.
    """
    policy = HitPolicy.read(rubric.hit_policy)
    if policy in _NOT_FOR_TIERS:
        raise RubricError(
            f'Tab "{rubric.sheet}" has hit policy {policy.value}, which gives no tier.',
            fix="Set the hit policy to First.",
        )
    answers = [_ANSWERS.get(folded(heading)) for heading in rubric.outputs]
    if "tier" not in answers:
        raise RubricError(
            f'Tab "{rubric.sheet}" has no THEN column "Tier".',
            fix='Add a THEN column with the heading "Tier" that holds 1, 2, 3 or HOLD.',
        )
    rules: list[CompiledRule] = []
    problems: list[Problem] = []
    for rule in rubric.rules:
        if rule.on:
            compiled, faults = _compile_rule(rubric, rule, answers)
            problems.extend(faults)
            if compiled is not None:
                rules.append(compiled)
    return CompiledRubric(rubric, policy, tuple(rules)), problems


def _compile_rule(
    rubric: Rubric, rule: Rule, answers: Sequence[str | None]
) -> tuple[CompiledRule | None, list[Problem]]:
    problems: list[Problem] = []
    tests: list[Test] = []
    for at, cell in enumerate(rule.when):
        try:
            tests.append(parse(cell))
        except UnreadableCell as unreadable:
            where = _cell(rubric, rule, rubric.input_columns, at)
            problems.append(_off(rule, rubric.inputs[at], unreadable, where))
    found: dict[str, Any] = {}
    others: list[tuple[str, CellValue]] = []
    for at, cell in enumerate(rule.then):
        answer = answers[at]
        if answer is None:
            others.append((rubric.outputs[at], cell))
            continue
        try:
            found.update(_READERS[answer](cell))
        except UnreadableCell as unreadable:
            where = _cell(rubric, rule, rubric.output_columns, at)
            problems.append(_off(rule, rubric.outputs[at], unreadable, where))
    if problems:
        return None, problems
    return CompiledRule(rule, tuple(tests), Answer(**found, others=tuple(others))), []


def _cell(rubric: Rubric, rule: Rule, columns: Sequence[int], at: int) -> CellRef:
    return CellRef(rubric.sheet, rule.row, columns[at] if at < len(columns) else 0)


def _off(rule: Rule, heading: str, unreadable: UnreadableCell, cell: CellRef) -> Problem:
    return Problem(
        code=unreadable.code,
        severity="error",
        message=f'Rule {rule.name}, column "{heading}": {unreadable.message} '
        "The rule is left out until this is mended.",
        fix=unreadable.fix,
        cell=cell,
    )


# --------------------------------------------------------------------------- THEN cells


def _text(cell: CellValue) -> str:
    seen = known(cell)
    if isinstance(seen, Decimal) and seen == seen.to_integral_value():
        return str(int(seen))
    return "" if seen is None or fold(str(seen)) in ("-", "") else " ".join(str(seen).split())


def _whole(cell: CellValue, what: str) -> int | None:
    text = _text(cell)
    if not text:
        return None
    number = number_in(text)
    if number is None or number != number.to_integral_value() or number < 1:
        raise UnreadableCell(f'"{cell}" is no whole number from 1.', fix=f"Type {what}.")
    return int(number)


def _read_tier(cell: CellValue) -> dict[str, Any]:
    text = _text(cell)
    number = number_in(re.sub(r"^tier\s*", "", fold(text)))
    if fold(text) == fold(HOLD):
        return {"tier": HOLD_TIER}
    if number is None or number != number.to_integral_value() or not 1 <= number <= 9:
        said = f'"{cell}" is no tier.' if text else "The tier is missing."
        raise UnreadableCell(said, fix="Type 1, 2, 3 or HOLD.")
    return {"tier": int(number)}


def _read_pixels(cell: CellValue) -> dict[str, Any]:
    text = re.sub(r"\s*px$", "", fold(_text(cell)))
    if text == FROM_PLACEMENT:
        return {"from_placement": True}
    size = _SIZE.fullmatch(text)
    if size:
        return {"size": (int(size[1]), int(size[2]))}
    return {
        "long_edge": _whole(text, "pixels such as 2000, a size such as 2000x1500, or placement")
    }


def _read_ratio(cell: CellValue) -> dict[str, Any]:
    text = fold(_text(cell))
    if text in ("", FROM_PLACEMENT):
        return {"ratio": text}
    ratio = _RATIO.fullmatch(text)
    if ratio is None:
        raise UnreadableCell(
            f'"{cell}" is no aspect ratio.', fix="Type width:height such as 4:3, or placement."
        )
    return {"ratio": f"{ratio[1]}:{ratio[2]}"}


def _read_choice(name: str, choices: Sequence[str]) -> Callable[[CellValue], dict[str, Any]]:
    def read(cell: CellValue) -> dict[str, Any]:
        text = fold(_text(cell))
        if text and text not in choices:
            raise UnreadableCell(
                f'"{cell}" is not one of {", ".join(choices)}.', fix=f"Type {choices[0]}, or blank."
            )
        return {name: text}

    return read


def _read_template(cell: CellValue) -> dict[str, Any]:
    return {"template": _text(cell)}


def _read_queue(cell: CellValue) -> dict[str, Any]:
    return {"queue": _whole(cell, "1 for first, 2 for next, and so on")}


def _read_candidates(cell: CellValue) -> dict[str, Any]:
    return {"candidates": _whole(cell, "how many pictures to choose from")}


_READERS: dict[str, Callable[[CellValue], dict[str, Any]]] = {
    "tier": _read_tier,
    "template": _read_template,
    "pixels": _read_pixels,
    "ratio": _read_ratio,
    "review": _read_choice("review", REVIEW_MODES),
    "queue": _read_queue,
    "lane": _read_choice("lane", LANES),
    "candidates": _read_candidates,
}


def constrained_inputs(compiled: CompiledRubric) -> Iterator[int]:
    """Yield the places of the inputs that any rule constrains."""
    asked = {at for rule in compiled.rules for at in rule.asks()}
    yield from sorted(asked)
