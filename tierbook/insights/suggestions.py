"""Reasons that repeat become a suggested rule: dated, explained, and off until a person agrees."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.configuration.rows import find_header
from tierbook.contract import folded
from tierbook.insights.history import Picture
from tierbook.model import CellValue, Configuration, Rubric, Rule, TabRows, Tier
from tierbook.ooxml import SheetEdit

# Fewer rejects, or a smaller share of what was reviewed, may be chance or taste.
ENOUGH_REJECTS: Final = 5
ENOUGH_SHARE: Final = 0.15
# So many rejects of one category make the rule one of that category.
_NARROWS: Final = 0.8
_SIZE_REASON: Final = "wrong size"
_RULED: Final = frozenset(map(folded, contract.POLICY_GROUPS))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule to add above `above`; `rule.on` is False.

    `rejects` of the `reviewed` pictures gave `reason`; `instead` says what the rule changes.
    """

    rule: Rule
    above: str
    instead: str
    reason: str
    rejects: int
    reviewed: int


def suggestions(
    said: Sequence[Picture], configuration: Configuration, today: date
) -> tuple[Suggestion, ...]:
    """Suggest a rule for each reason that repeats under one rule and placement group.

    The new rule fits what the old one fits, narrowed to the placement group and, where nearly
    all rejects are of one category, to it. A wrong size takes the placement's own; any other
    reason moves up one tier with a person's look at each picture. Nothing is suggested for the
    highest tier (no tier is left to move to), for placements whose channel says how a picture is
    made, or where the rubric holds such a rule already, on or off.
    """
    rubric = configuration.rubric
    rules = {rule.name: rule for rule in rubric.rules}
    groups: dict[tuple[str, str], list[Picture]] = {}
    for one in said:
        if one.rule in rules and folded(one.group) not in _RULED:
            groups.setdefault((one.rule, one.group), []).append(one)
    found: list[Suggestion] = []
    taken = set(rules)
    for (name, group), mine in sorted(groups.items()):
        for reason, count in Counter(o.reason for o in mine if not o.approved and o.reason).items():
            if count < ENOUGH_REJECTS or count < ENOUGH_SHARE * len(mine):
                continue
            rejected = [one for one in mine if one.reason == reason and not one.approved]
            rule = _rule(rubric, rules[name], group, rejected, configuration, today)
            if rule is None or _known(rule, rubric.rules):
                continue
            rule = _named(rule, taken, today)
            taken.add(rule.name)
            instead = _changes(rubric, rules[name], rule)
            found.append(Suggestion(rule, name, instead, reason, count, len(mine)))
    return tuple(sorted(found, key=lambda one: (-one.rejects, one.rule.name)))


def _rule(
    rubric: Rubric,
    old: Rule,
    group: str,
    rejected: Sequence[Picture],
    configuration: Configuration,
    today: date,
) -> Rule | None:
    reason = rejected[0].reason
    when = _placed(rubric, old.when, contract.PLACEMENT_GROUP, group)
    category, count = Counter(one.category for one in rejected).most_common(1)[0]
    if category and count >= _NARROWS * len(rejected):
        when = _placed(rubric, when, contract.CATEGORY, category)
    if folded(reason) == _SIZE_REASON.replace(" ", ""):
        then = _placed(rubric, old.then, "Resolution", "placement", outputs=True)
    else:
        upper = _upper(rejected[0].tier, configuration.tiers)
        if upper is None:
            return None
        then = _placed(rubric, old.then, contract.TIER, upper.number, outputs=True)
        template = upper.prompt_template
        then = _placed(rubric, then, contract.PROMPT_TEMPLATE, template, outputs=True)
        then = _placed(rubric, then, contract.REVIEW, "human", outputs=True)
    if (when, then) == (old.when, old.then):
        return None
    why = (
        f'Suggested from {len(rejected)} rejects for "{reason}" under {old.name}. '
        f"Move it above {old.name} before turning it on."
    )
    return Rule("", when, then, why, today, on=False)


def _upper(tier: int, tiers: Iterable[Tier]) -> Tier | None:
    above = [one for one in tiers if one.number > tier]
    return min(above, key=lambda one: one.number, default=None)


def _placed(
    rubric: Rubric,
    cells: tuple[CellValue, ...],
    heading: str,
    value: CellValue,
    *,
    outputs: bool = False,
) -> tuple[CellValue, ...]:
    """Put a value under a heading of the rubric, where it has one."""
    headings = rubric.outputs if outputs else rubric.inputs
    return tuple(
        value if folded(name) == folded(heading) else cell
        for name, cell in zip(headings, cells, strict=True)
    )


def _known(rule: Rule, rules: Iterable[Rule]) -> bool:
    def spelled(cells: tuple[CellValue, ...]) -> list[str]:
        texts = ["" if cell is None else folded(str(cell)) for cell in cells]
        return ["" if text in contract.ANY_CELLS else text for text in texts]

    return any(
        spelled(rule.when) == spelled(old.when) and spelled(rule.then) == spelled(old.then)
        for old in rules
    )


def _changes(rubric: Rubric, old: Rule, new: Rule) -> str:
    """Name the cells in which a rule differs: `Tier 2, Review human`."""
    headings = (*rubric.inputs, *rubric.outputs)
    cells = zip(headings, (*old.when, *old.then), (*new.when, *new.then), strict=True)
    return ", ".join(f"{heading} {after}" for heading, before, after in cells if after != before)


def _named(rule: Rule, taken: Iterable[str], today: date) -> Rule:
    names, number = set(taken), 1
    while (name := f"S{today:%y%m}-{number}") in names:
        number += 1
    return Rule(name, rule.when, rule.then, rule.why, rule.since, on=False)


def suggestion_edit(
    tab: TabRows | None, rubric: Rubric, suggested: Sequence[Suggestion]
) -> SheetEdit | None:
    """Plan the rows that add suggested rules below the seller's rubric, each one off.

    Nothing is planned where the rubric is the built-in one, or where it has no On column: a
    rule that cannot be off must not be added.
    """
    header = find_header(tab, tabs.RUBRIC) if tab is not None else None
    if tab is None or header is None or not suggested:
        return None
    own = {field.heading: column + 1 for field, column in header.columns.items()}
    if "On" not in own:
        return None
    used = (
        n for n, row in enumerate(tab.rows, tab.first_row) if any(c not in (None, "") for c in row)
    )
    first = max(used) + 1
    cells: dict[tuple[int, int], CellValue] = {}
    for row, suggestion in enumerate(suggested, first):
        rule = suggestion.rule
        stated = {"On": "no", "Rule": rule.name, "Why": rule.why, "Since": rule.since}
        values = {own[heading]: value for heading, value in stated.items() if heading in own}
        values |= dict(zip(rubric.input_columns, rule.when, strict=True))
        values |= dict(zip(rubric.output_columns, rule.then, strict=True))
        cells |= {(row, column): v for column, v in values.items() if v not in (None, "")}
    return SheetEdit(tab.sheet, cells=cells, grow_tables=False)
