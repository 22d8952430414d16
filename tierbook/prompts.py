"""From prompt template to prompt text, for whole columns.

A template is plain text with `{Heading}` placeholders, matched like headings, and optional parts
in `[square brackets]` that fall away when a placeholder inside has no value. Values are put in
as text and never looked at again, so braces and brackets in a cell stay what they are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import TypeAlias

import numpy as np

from tierbook import contract
from tierbook.model import (
    CellRef,
    CellValue,
    Column,
    Configuration,
    Decisions,
    Problem,
    PromptTemplate,
    RequestTable,
    usd,
)

BRAND_NAME = "Brand name"
BRAND_COLOURS = "Brand colours"
WIDTH = "Width"
HEIGHT = "Height"
RATIO = "Ratio"

_Source: TypeAlias = Callable[[int], str]

_PIECES = re.compile(r"\[([^\[\]]*)\]|\{([^{}\[\]]+)\}")
_PLACEHOLDER = re.compile(r"\{([^{}\[\]]+)\}")
_NOT_IN_KEYS = re.compile(r"[\s_]+|\*$")
_SPACES = re.compile(r"[ \t]{2,}")
_BEFORE_STOP = re.compile(r"[ \t]+([,.;:])")


def _key(name: str) -> str:
    return _NOT_IN_KEYS.sub("", name.strip()).casefold()


_US_SPELLING = "Brand colors"
_BRAND_KEYS = frozenset(map(_key, (BRAND_NAME, BRAND_COLOURS, _US_SPELLING)))


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of text and placeholders: `texts` stand around `keys`, one more than those."""

    texts: tuple[str, ...]
    keys: tuple[str, ...]
    optional: bool

    def fill(self, values: Mapping[str, str]) -> str:
        filled = [values.get(key, "") for key in self.keys]
        if self.optional and not all(filled):
            return ""
        between = (text + value for text, value in zip(self.texts, filled, strict=False))
        return "".join(between) + self.texts[-1]


@dataclass(frozen=True, slots=True)
class _Pattern:
    template: PromptTemplate
    parts: tuple[_Part, ...]
    names: Mapping[str, str]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(key for part in self.parts if not part.optional for key in part.keys)

    def compose(self, values: Mapping[str, str]) -> str:
        text = "".join(part.fill(values) for part in self.parts)
        text = _BEFORE_STOP.sub(r"\1", _SPACES.sub(" ", text)).strip()
        return with_avoid_list(text, self.template.avoid)


def compose(
    requests: RequestTable, decisions: Decisions, configuration: Configuration
) -> tuple[Column, list[Problem]]:
    """Write the prompt of every row that has a tier; shape (n,), None for the others.

    A placeholder without a value outside square brackets, and a template that is not in the
    `Prompts` tab, are warnings here; they stop the row once pictures are to be made.
    """
    prompts = np.full(len(requests), None, dtype=object)
    problems: list[Problem] = []
    templates = {_key(t.name): t for t in configuration.prompts}
    sources = _sources(requests, decisions, configuration)
    routed = (decisions.tier > 0) & ~requests.bad
    for name in dict.fromkeys(decisions.template[routed]):
        rows = np.flatnonzero(routed & (decisions.template == name))
        template = templates.get(_key(name or ""))
        if template is None:
            problems.append(_no_template(name, len(rows), requests, int(rows[0])))
            continue
        filled, missing = _fill(_read(template), rows.tolist(), requests, sources)
        prompts[rows] = filled
        problems.extend(missing)
    return prompts, problems


def with_avoid_list(text: str, avoid: str) -> str:
    """Put what must not be in the picture at the end of a prompt, the only place it is added."""
    return f"{text} Avoid: {avoid.strip().rstrip('.')}." if avoid.strip() else text


def placeholders(template: PromptTemplate) -> tuple[str, ...]:
    """List the headings a template asks for, as written, in order."""
    return tuple(_read(template).names.values())


@cache
def _read(template: PromptTemplate) -> _Pattern:
    parts: list[_Part] = []
    position = 0
    for found in _PIECES.finditer(template.text):
        parts.append(_Part((template.text[position : found.start()],), (), False))
        optional = found[1] is not None
        parts.append(_part(found[1] if optional else found[0], optional))
        position = found.end()
    parts.append(_Part((template.text[position:],), (), False))
    names: dict[str, str] = {}
    for name in _PLACEHOLDER.findall(template.text):
        names.setdefault(_key(name), name.strip())
    return _Pattern(template, tuple(parts), names)


def _part(text: str, optional: bool) -> _Part:
    pieces = _PLACEHOLDER.split(text)
    return _Part(tuple(pieces[::2]), tuple(_key(name) for name in pieces[1::2]), optional)


def _sources(
    requests: RequestTable, decisions: Decisions, configuration: Configuration
) -> dict[str, _Source]:
    """Give, for each key a placeholder may have, the text of one row."""
    settings = configuration.settings
    sources = {
        _key(heading): _reader(column, heading) for heading, column in requests.columns.items()
    }
    brand = {BRAND_NAME: settings.brand_name, BRAND_COLOURS: ", ".join(settings.brand_colours)}
    for name, text in brand.items():
        sources[_key(name)] = _or_else(sources.get(_key(name)), lambda _, text=text: text)
    sources[_key(_US_SPELLING)] = sources[_key(BRAND_COLOURS)]
    background = _key(contract.BACKGROUND)
    sources[background] = _or_else(sources.get(background), _placed(requests, configuration))
    aspect, ratio = _key(contract.ASPECT_RATIO), _reader(decisions.ratio, RATIO)
    sources[aspect] = _or_else(sources.get(aspect), ratio)
    for name, column in (
        (WIDTH, decisions.width),
        (HEIGHT, decisions.height),
        (RATIO, decisions.ratio),
    ):
        sources[_key(name)] = _reader(column, name)
    return sources


def _placed(requests: RequestTable, configuration: Configuration) -> _Source:
    """Give the background the placement asks for."""
    rules = {_key(place.name): place.background for place in configuration.placements}
    placements = requests.column(contract.PLACEMENT)
    return lambda index: rules.get(_key(str(placements[index] or "")), "")


def _reader(column: Column, heading: str) -> _Source:
    if heading == contract.BUDGET_PER_IMAGE:
        return lambda index: usd(column[index]) if column[index] is not None else ""
    return lambda index: _text(column[index])


def _or_else(first: _Source | None, second: _Source) -> _Source:
    return (lambda index: first(index) or second(index)) if first else second


def _text(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        value = value.date() if value.time() == time.min else value
    # A line break in a cell is no line break of the prompt.
    return " ".join(str(value).split())


def _fill(
    pattern: _Pattern,
    rows: list[int],
    requests: RequestTable,
    sources: dict[str, _Source],
) -> tuple[Column, list[Problem]]:
    """Compose each distinct set of values once."""
    problems = [
        _unknown_placeholder(pattern, key, len(rows))
        for key in dict.fromkeys(pattern.required)
        if key not in sources
    ]
    keys = [key for key in pattern.names if key in sources]
    required = [key for key in dict.fromkeys(pattern.required) if key in sources]
    composed: dict[tuple[str, ...], str] = {}
    filled = np.full(len(rows), None, dtype=object)
    for place, index in enumerate(rows):
        values = tuple(sources[key](index) for key in keys)
        known = composed.get(values)
        if known is None:
            known = composed[values] = pattern.compose(dict(zip(keys, values, strict=True)))
        filled[place] = known
        if not all(values):
            blank = {key for key, value in zip(keys, values, strict=True) if not value}
            problems.extend(
                _blank_value(pattern, key, index, requests) for key in required if key in blank
            )
    return filled, problems


def _no_template(name: str, count: int, requests: RequestTable, index: int) -> Problem:
    said = f'The prompt template "{name}" is not in tab "Prompts"' if name else "No prompt template"
    return Problem(
        "no-template",
        "warning",
        f"{said}: {count:,} row(s) have no prompt.",
        'Add the template to tab "Prompts", or name another in tab "Rubric" or "Tiers".',
        requests.cell(index, contract.PROMPT_TEMPLATE),
    )


def _unknown_placeholder(pattern: _Pattern, key: str, count: int) -> Problem:
    name = pattern.names[key]
    return Problem(
        "unknown-placeholder",
        "warning",
        f'Prompt template "{pattern.template.name}" asks for {{{name}}}, but no column has that '
        f"heading: {count:,} row(s) have a gap in their prompt.",
        f'Add a column "{name}" to the requests, or put that part of the template in [brackets].',
        CellRef(contract.PROMPTS, pattern.template.row),
    )


def _blank_value(pattern: _Pattern, key: str, index: int, requests: RequestTable) -> Problem:
    name = pattern.names[key]
    heading = next((h for h in requests.columns if _key(h) == key), "")
    of_brand = not heading and key in _BRAND_KEYS
    where = f' in tab "{contract.SETTINGS}"' if of_brand else ""
    return Problem(
        "missing-prompt-value",
        "warning",
        f'Prompt template "{pattern.template.name}" needs {{{name}}}, which is empty here.',
        f'Fill in "{heading or name}"{where}, '
        "or put that part of the template in [brackets] to make it optional.",
        CellRef(contract.SETTINGS) if of_brand else requests.cell(index, heading),
        str(requests.column(contract.SKU)[index] or ""),
    )
