"""Read the `Rubric` tab: which columns are IF, which are THEN, the hit policy and the rules."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.configuration.cells import is_blank, text
from tierbook.configuration.rows import Header, Record, cell_at, read_records, void
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.contract import folded
from tierbook.model import CellRef, CellValue, Problem, Rubric, Rule, TabRows

_OUTPUTS = {
    folded(name): one.heading
    for one in tabs.RUBRIC.fields
    if one.name == "then"
    for name in (one.heading, *one.also)
}
_INPUTS = {folded(name): name for name in (*contract.REQUEST_INPUTS, *contract.DERIVED_INPUTS)}
_ANNOTATIONS = {folded(f.heading) for f in tabs.RUBRIC.fields if f.name != "then"}
_POLICIES = {folded(name): name.upper() for name in VALID_VALUES["Hit_policies"]} | {
    "u": "UNIQUE",
    "a": "ANY",
    "p": "PRIORITY",
    "f": "FIRST",
    "r": "RULE ORDER",
    "o": "OUTPUT ORDER",
    "c": "COLLECT",
    "c+": "COLLECT SUM",
    "c<": "COLLECT MIN",
    "c>": "COLLECT MAX",
    "c#": "COLLECT COUNT",
}


def read_rubric(tab: TabRows, header: Header) -> tuple[Rubric, list[Problem]]:
    """Read the decision table under `header`; it has no rules when none was usable."""
    inputs, outputs = _sides(tab, header)
    policy, problems = _hit_policy(tab, header)
    records, found = read_records(tab, header)
    problems += found
    rules = tuple(_rule(record, inputs, outputs) for record in records)
    rules, found = _without_void_rules(tab, rules, [*inputs, *outputs])
    problems += found
    rubric = Rubric(
        inputs=tuple(name for name, _ in inputs),
        outputs=tuple(name for name, _ in outputs),
        rules=rules,
        hit_policy=policy,
        sheet=tab.sheet,
        input_columns=tuple(column + 1 for _, column in inputs),
        output_columns=tuple(column + 1 for _, column in outputs),
    )
    return rubric, [*problems, *_twin_names(rubric)]


def _without_void_rules(
    tab: TabRows, rules: Sequence[Rule], columns: Sequence[tuple[str, int]]
) -> tuple[tuple[Rule, ...], list[Problem]]:
    """Switch off the rules with a cell that only reads as empty: empty would mean `any`."""
    kept: list[Rule] = []
    problems: list[Problem] = []
    for rule in rules:
        voids = [(name, at) for name, at in columns if (rule.row, at + 1) in tab.voids]
        for name, at in voids if rule.on else ():
            error, place = void(tab, rule.row, at), CellRef(tab.sheet, rule.row, at + 1)
            problems.append(
                Problem(
                    "unreadable-cell",
                    "error",
                    f'Rule {rule.name}, column "{name}": {error}. '
                    "The rule is left out until this is mended.",
                    f"{error.fix} in {place.a1}.",
                    place,
                )
            )
        kept.append(replace(rule, on=False) if voids else rule)
    return tuple(kept), problems


def _rule(
    record: Record, inputs: Sequence[tuple[str, int]], outputs: Sequence[tuple[str, int]]
) -> Rule:
    since = record.values.get("since")
    return Rule(
        name=str(record.values["name"]),
        when=tuple(_clean(cell_at(record.cells, column)) for _, column in inputs),
        then=tuple(_clean(cell_at(record.cells, column)) for _, column in outputs),
        why=str(record.values.get("why", "")),
        since=since if isinstance(since, date) else None,
        on=bool(record.values.get("on", True)),
        row=record.row,
    )


def _clean(value: CellValue) -> CellValue:
    return None if is_blank(value) else value.strip() if isinstance(value, str) else value


Side = list[tuple[str, int]]


def _sides(tab: TabRows, header: Header) -> tuple[Side, Side]:
    """Tell inputs from outputs: by the IF / THEN row, else by standing left or right of Tier."""
    headings = _headings(tab.rows[header.index])
    labels = _labels(tab, header)
    tier_at = next(column for one, column in header.columns.items() if one.heading == contract.TIER)
    inputs: Side = []
    outputs: Side = []
    for heading, column in headings:
        key = folded(heading)
        label = labels.get(column, "")
        if key in _ANNOTATIONS and label != "if":
            continue
        if label == "if" or (not labels and column < tier_at):
            inputs.append((_INPUTS.get(key, heading), column))
        elif label == "then" or (not labels and key in _OUTPUTS):
            outputs.append((_OUTPUTS.get(key, heading), column))
    return inputs, outputs


def _headings(row: Sequence[CellValue]) -> list[tuple[str, int]]:
    return [
        (value.strip().rstrip("*").rstrip(), column)
        for column, value in enumerate(row)
        if isinstance(value, str) and value.strip()
    ]


def _labels(tab: TabRows, header: Header) -> dict[int, str]:
    """Read the row with IF and THEN above the header, by column; {} when there is none.

    One label may stand over each column, or (merged, or written once) over its first column.
    """
    for row in reversed(tab.rows[: header.index]):
        words = {column: folded(text(value)) for column, value in enumerate(row)}
        marks = {column: word for column, word in words.items() if word in ("if", "then")}
        if set(marks.values()) == {"if", "then"}:
            return _spread(marks, tab.rows[header.index]) if len(marks) == 2 else marks
    return {}


def _spread(marks: dict[int, str], headings: Sequence[CellValue]) -> dict[int, str]:
    spread: dict[int, str] = {}
    label = ""
    for column in range(len(headings)):
        label = marks.get(column, label)
        if label:
            spread[column] = label
    return spread


def _hit_policy(tab: TabRows, header: Header) -> tuple[str, list[Problem]]:
    """Read the cell beside (or after the colon of) "Hit policy" above the header."""
    for offset, row in enumerate(tab.rows[: header.index]):
        for column, value in enumerate(row):
            if not text(value).casefold().startswith("hit policy"):
                continue
            inside = text(value)[len("hit policy") :].strip(" :")
            beside = next(
                ((i, v) for i, v in enumerate(row) if i > column and not is_blank(v)), None
            )
            at, word = (
                (column, inside) if inside or beside is None else (beside[0], text(beside[1]))
            )
            return _policy(word, CellRef(tab.sheet, tab.first_row + offset, at + 1))
    return "FIRST", []


def _policy(word: str, place: CellRef) -> tuple[str, list[Problem]]:
    known = _POLICIES.get(folded(re.sub(r"\s*\(.*\)$", "", word)))
    if known or not word:
        return known or "FIRST", []
    return "FIRST", [
        Problem(
            "unknown-hit-policy",
            "error",
            f'Tab "{place.sheet}", cell {place.a1} holds "{word}", which is no hit policy. '
            "First was used: rules are tried from the top.",
            f"pick First in {place.a1}.",
            place,
        )
    ]


def _twin_names(rubric: Rubric) -> list[Problem]:
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for rule in rubric.rules:
        earlier = seen.setdefault(rule.name.casefold(), rule.row)
        if earlier != rule.row:
            problems.append(
                Problem(
                    "rule-name-twice",
                    "warning",
                    f'Tab "{rubric.sheet}" has two rules named {rule.name}, in rows {earlier} '
                    f"and {rule.row}. Both were used.",
                    f"give the rule in row {rule.row} a name of its own.",
                    CellRef(rubric.sheet, rule.row),
                )
            )
    return problems
