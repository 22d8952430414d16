"""The settings reference, written from the specs the loader and the template use.

`python -m tierbook.configuration.reference > docs/settings-reference.md` brings the page up to
date; a test holds it current.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Final

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.configuration.assembly import defaults
from tierbook.configuration.builtin import builtin_tab
from tierbook.configuration.cells import text
from tierbook.configuration.spec import KIND_WORDS, Field
from tierbook.configuration.valid_values import VALID_VALUES

_INTRODUCTION: Final = """\
# Settings reference

Every tab below is optional. A workbook without it uses the built-in one; a workbook with it uses
its own, and an empty value on the Settings tab keeps the built-in value. Headings are found in any
order among the first 15 rows, without regard to case, spaces, underscores or a trailing `*`. Rows
whose first text begins with `#example` or `#values` are skipped. A cell that cannot be read is
reported with its address, and something safe stands in: the row is left out, the built-in value
holds, or a spending cap counts as $0.00.

`tierbook run BOOK --with-settings` adds the built-in tabs to a workbook of your own.
"""
_RUBRIC_NOTES: Final = f"""
The row above the headings says IF over each column a rule looks at and THEN over each column it
decides; one IF and one THEN over the first column of each side do as well. Without that row,
columns left of `Tier` are looked at. Any column of Requests or Products may be an IF column, and
so may two that Tierbook works out itself:

- `{contract.PLACEMENT_GROUP}`: the group of the row's placement.
- `{contract.HAS_PHOTO}`: yes or no, but only where the sheet says something about photos: when at
  least one row has a `{contract.SOURCE_IMAGE}`. Where no row has one, it is unknown, so a plain
  list of SKUs and placements is decided and priced without any photo. A column of yours with this
  name wins.

An empty `{contract.BACKGROUND}` is filled from the placement before the rules look at it. The hit
policy stands beside the words "Hit policy" above the headings.

The built-in rules:
"""


def reference() -> str:
    """Write the page as Markdown."""
    parts = [_INTRODUCTION]
    for spec in tabs.TABS:
        parts.append(f"\n## {spec.name}\n\n{spec.purpose}\n")
        if spec is tabs.SETTINGS:
            parts.append(_settings())
        elif spec is tabs.VALID_VALUES:
            parts.append(_lists())
        else:
            parts.append(_fields(spec.fields))
        if spec is tabs.RUBRIC:
            parts += [_RUBRIC_NOTES, "\n", _rules()]
    return "".join(parts)


def _fields(fields: Sequence[Field]) -> str:
    rows = ((_heading(one), _holds(one), one.help) for one in fields)
    return "\n" + _table(("Column", "Holds", "What it does"), rows)


def _heading(one: Field) -> str:
    return f"`{one.heading}`" + " (required)" * one.required


def _holds(one: Field) -> str:
    if one.choices in VALID_VALUES and one.strict:
        return ", ".join(VALID_VALUES[one.choices])
    return KIND_WORDS[one.kind]


def _settings() -> str:
    built_in = {text(row[0]): text(row[1]) for row in builtin_tab(tabs.SETTINGS).rows}
    rows = (
        (f"`{one.heading}`", _holds(one), built_in.get(one.heading, ""), one.help)
        for one in tabs.SETTING_LINES
    )
    return "\n" + _table(("Setting", "Holds", "Built in", "What it does"), rows)


def _lists() -> str:
    rows = ((name.replace("_", " "), ", ".join(values)) for name, values in VALID_VALUES.items())
    return "\n" + _table(("List", "Values"), rows)


def _rules() -> str:
    """Show what each built-in rule asks for and gives, leaving out what it does not ask."""
    rubric = defaults().rubric
    tier_at = rubric.outputs.index(contract.TIER)
    rows: list[tuple[str, ...]] = []
    for rule in rubric.rules:
        asks = zip(rubric.inputs, map(text, rule.when), strict=True)
        when = "; ".join(f"{name}: {ask}" for name, ask in asks if ask not in contract.ANY_CELLS)
        rows.append((rule.name, when or "anything else", text(rule.then[tier_at]), rule.why))
    return _table(("Rule", "When", "Tier", "Why"), rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(_escaped(cell) for cell in line) + " |\n" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(reference())
