"""Check a decision table: rules that can never fire, gaps, conflicts, duplicates.

Exact, by box subtraction over value classes, not by comparing pairs. What would take longer
than the budget is reported as not proven, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tierbook.model import HOLD_TIER, CellRef, Finding
from tierbook.routing.domain import Box, Choices, Space, space_of
from tierbook.routing.hits import HitPolicy
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.unary import spell

_LISTED = 10
# Work units of about a quarter of a microsecond: bounds the whole check to well under a second.
_WORK = 2_000_000


class _OutOfBudget(Exception):
    """The search took too long; nothing is known."""


@dataclass
class _Budget:
    left: int = _WORK

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _OutOfBudget


@dataclass(frozen=True)
class _Table:
    """A rubric as boxes, with what the messages need."""

    compiled: CompiledRubric
    space: Space
    budget: _Budget = field(default_factory=_Budget)

    def name(self, rule: int) -> str:
        return self.compiled.rules[rule].rule.name

    def names(self, rules: Sequence[int]) -> str:
        named = [self.name(rule) for rule in rules]
        return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]

    def cell(self, rule: int) -> CellRef:
        return CellRef(self.compiled.rubric.sheet, self.compiled.rules[rule].rule.row)

    def before(self, rule: int) -> list[int]:
        """List the rules that win over this one where both fit."""
        rank = _precedence(self.compiled)
        if rank is None:
            return []
        return [other for other in range(len(rank)) if rank[other] < rank[rule]]


def verify(compiled: CompiledRubric, choices: Mapping[str, Choices]) -> tuple[Finding, ...]:
    """Find what is wrong with a rubric, over the valid values of its inputs.

    Args:
        compiled: The rubric.
        choices: Valid values by folded heading (see `domain.valid_choices`).
    """
    if not compiled.rules:
        message = "The rubric has no rule that is switched on."
        return (Finding("gap", "error", message, "Switch a rule on, or add one."),)
    table = _Table(compiled, space_of(compiled, choices))
    return (*_unreachable(table), *_gaps(table), *_conflicts(table), *_duplicates(table))


def _precedence(compiled: CompiledRubric) -> list[tuple[int, ...]] | None:
    """Rank the rules by who wins; None where the hit policy lets none win over another."""
    policy = compiled.policy
    if policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return None
    care = [(rule.answer.tier == HOLD_TIER) * 100 + rule.answer.tier for rule in compiled.rules]
    sign = {
        HitPolicy.PRIORITY: -1,
        HitPolicy.OUTPUT_ORDER: -1,
        HitPolicy.COLLECT_MAX: -1,
        HitPolicy.COLLECT_MIN: 1,
    }.get(policy, 0)
    return [(sign * one, at) for at, one in enumerate(care)]


# --------------------------------------------------------------------------- boxes


def _remainder(
    space: Space, box: Box, rules: Sequence[tuple[int, Box]], budget: _Budget, used: set[int]
) -> Box | None:
    """Return a part of the box that no rule covers, or None; collect the rules that cover it."""
    budget.spend(len(rules))
    live = [one for one in rules if space.holds(box & one[1])]
    if not live:
        return box
    # Cutting along the rule that sticks out in the fewest inputs leaves the fewest pieces.
    rule, cutter = min(live, key=lambda one: space.count(box & ~one[1]))
    used.add(rule)
    rest = [one for one in live if one[0] != rule]
    for mask in space.masks:
        outside = box & mask & ~cutter
        if outside:
            piece = (box & ~mask) | outside
            found = _remainder(space, piece, rest, budget, used)
            if found is not None:
                return found
            box &= ~outside
    return None


# --------------------------------------------------------------------------- unreachable rules


def _unreachable(table: _Table) -> Iterator[Finding]:
    for rule, box in enumerate(table.space.boxes):
        empty = next((at for at, mask in enumerate(table.space.masks) if not box & mask), None)
        if empty is not None:
            yield _never_valid(table, rule, empty)
            continue
        used: set[int] = set()
        before = [(other, table.space.boxes[other]) for other in table.before(rule)]
        try:
            reached = _remainder(table.space, box, before, table.budget, used)
        except _OutOfBudget:
            yield _not_proven(table, rule)
            continue
        if reached is None:
            yield _hidden(table, rule, box, before, used)


def _never_valid(table: _Table, rule: int, at: int) -> Finding:
    heading = table.compiled.inputs[at]
    cell = spell(table.compiled.rules[rule].tests[at])
    columns = table.compiled.rubric.input_columns
    return Finding(
        kind="unreachable",
        severity="warning",
        message=f'Rule {table.name(rule)} can never fire: no valid value of "{heading}" fits '
        f"`{cell}`.",
        fix=f'Correct the word, or add it to the values "{heading}" may hold.',
        rule=table.name(rule),
        cell=CellRef(
            table.compiled.rubric.sheet,
            table.compiled.rules[rule].rule.row,
            columns[at] if at < len(columns) else 0,
        ),
    )


def _hidden(
    table: _Table, rule: int, box: Box, before: Sequence[tuple[int, Box]], used: set[int]
) -> Finding:
    alone = [other for other, cover in before if not box & ~cover]
    hiders = alone[:1] or sorted(used)
    takes = "takes" if len(hiders) == 1 else "together take"
    return Finding(
        kind="unreachable",
        severity="error",
        message=f"Rule {table.name(rule)} can never fire: {table.names(hiders)} above it {takes} "
        "every product it fits.",
        fix=f"Move {table.name(rule)} above {table.name(hiders[0])}, make it differ, or remove it.",
        rule=table.name(rule),
        cell=table.cell(rule),
    )


def _not_proven(table: _Table, rule: int) -> Finding:
    return Finding(
        kind="not-proven",
        severity="info",
        message=f"Whether rule {table.name(rule)} can fire was not proven: the rubric is too "
        "large to search through.",
        rule=table.name(rule),
        cell=table.cell(rule),
    )


# --------------------------------------------------------------------------- gaps


def _gaps(table: _Table) -> Iterator[Finding]:
    try:
        found = _some_gaps(table)
    except _OutOfBudget:
        message = "Whether every product finds a rule was not proven: the rubric is too large."
        yield Finding("not-proven", "info", message, "Add a last rule that leaves all inputs open.")
        return
    if not found:
        yield Finding("complete", "info", "Every product with valid values finds a rule.")
        return
    for gap in found[:_LISTED]:
        example = table.space.describe(gap)
        yield Finding(
            kind="gap",
            severity="warning",
            message=f"No rule fits a product with {example}.",
            fix="Add a rule for it, or a last rule that leaves every input open.",
            example=example,
        )
    if len(found) > _LISTED:
        yield Finding("gap", "warning", "There are more products like these that no rule fits.")


def _some_gaps(table: _Table) -> list[Box]:
    space, budget = table.space, _Budget()
    met = [box & space.filled for box in space.boxes if space.holds(box & space.filled)]
    if space.filled in met or _tiles(space, met, budget):
        return []
    return list(islice(_uncovered(space, space.filled, met, budget), _LISTED + 1))


def _tiles(space: Space, boxes: Sequence[Box], budget: _Budget) -> bool:
    """Tell whether the boxes fill the space without overlap, by volume: quick and exact."""
    if sum(map(space.volume, boxes)) != space.volume(space.filled):
        return False
    budget.spend(len(boxes) * len(boxes))
    return not any(
        space.holds(left & right) for at, left in enumerate(boxes) for right in boxes[:at]
    )


def _uncovered(space: Space, box: Box, live: Sequence[Box], budget: _Budget) -> Iterator[Box]:
    """Yield boxes that no rule covers, splitting on the input that most rules constrain."""
    budget.spend((len(live) + 1) * len(space.masks) // 2)
    if not live:
        yield box
        return
    outside = [box & ~other for other in live]
    if 0 in outside:
        return
    mask = max(space.masks, key=lambda mask: sum(bool(part & mask) for part in outside))
    for group in _groups(box & mask, {other & mask for other in live}):
        piece = (box & ~mask) | group
        yield from _uncovered(space, piece, [other for other in live if other & group], budget)


def _groups(classes: int, masks: Iterable[int]) -> list[int]:
    """Split a bit set into parts that every mask takes whole or not at all."""
    groups = [classes]
    for mask in masks:
        groups = [part for group in groups for part in (group & mask, group & ~mask) if part]
    return groups


# --------------------------------------------------------------------------- conflicts


def _conflicts(table: _Table) -> Iterator[Finding]:
    boxes, policy = table.space.boxes, table.compiled.policy
    strict = policy in (HitPolicy.UNIQUE, HitPolicy.ANY)
    found = 0
    for later in range(len(boxes)):
        for earlier in range(later):
            met = boxes[earlier] & boxes[later]
            if not table.space.holds(met) or not _matters(table, earlier, later):
                continue
            example = _where_it_matters(table, earlier, met) if not strict else met
            if example is None:
                continue
            found += 1
            if found > _LISTED:
                yield Finding("conflict", "info", "More pairs of rules overlap like these.")
                return
            yield _conflict(table, earlier, later, example, strict=strict)


def _matters(table: _Table, earlier: int, later: int) -> bool:
    """Tell whether it is worth a seller's time that both rules fit.

    Under First a special rule above a general one is the normal way to write a rubric; only
    rules of different tiers, neither inside the other, are worth a look.
    """
    policy = table.compiled.policy
    one, other = table.compiled.rules[earlier].answer, table.compiled.rules[later].answer
    if policy is HitPolicy.UNIQUE:
        return True
    if policy is HitPolicy.ANY:
        return one != other
    left, right = table.space.boxes[earlier], table.space.boxes[later]
    apart = bool(left & ~right) and bool(right & ~left)
    return one.tier != other.tier and HOLD_TIER not in (one.tier, other.tier) and apart


def _where_it_matters(table: _Table, earlier: int, met: Box) -> Box | None:
    """Return a product for which the earlier rule really decides, though the later fits too."""
    above = [(rule, table.space.boxes[rule]) for rule in table.before(earlier)]
    try:
        return _remainder(table.space, met, above, table.budget, set())
    except _OutOfBudget:
        return None


def _conflict(table: _Table, earlier: int, later: int, box: Box, *, strict: bool) -> Finding:
    first, second = table.name(earlier), table.name(later)
    example = table.space.describe(box)
    if strict:
        policy = table.compiled.policy.value
        said = f"Rules {first} and {second} both fit a product with {example}; {policy} forbids it."
        fix = "Make the rules exclude each other, or set the hit policy to First."
    else:
        said = (
            f"Rules {first} and {second} name different tiers, and both fit a product with "
            f"{example}; {first} decides."
        )
        fix = f"Nothing to do if {first} should win; otherwise move {second} above it."
    return Finding(
        kind="conflict",
        severity="error" if strict else "info",
        message=said,
        fix=fix,
        rule=second,
        example=example,
        cell=table.cell(later),
    )


def _duplicates(table: _Table) -> Iterator[Finding]:
    first: dict[Box, int] = {}
    for rule, box in enumerate(table.space.boxes):
        twin = first.setdefault(box, rule)
        if twin != rule and table.space.holds(box):
            same = table.compiled.rules[twin].answer == table.compiled.rules[rule].answer
            effect = "and answers the same" if same else "and answers differently"
            yield Finding(
                kind="duplicate",
                severity="warning",
                message=f"Rule {table.name(rule)} asks the same as {table.name(twin)} {effect}.",
                fix=f"Remove {table.name(rule)}, or change what it asks.",
                rule=table.name(rule),
                cell=table.cell(rule),
            )
