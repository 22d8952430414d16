"""From prompt template to prompt text, for whole columns.

A template is plain text with `{Heading}` placeholders, matched like headings, and optional parts
in `[square brackets]` that fall away when a placeholder inside has no value. Values are put in
as text and never looked at again, so braces and brackets in a cell stay what they are.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.columns import distinct
from tierbook.model import (
    CellRef,
    CellValue,
    Column,
    Configuration,
    Decisions,
    Problem,
    PromptTemplate,
    RequestTable,
    text_column,
    usd,
)

BRAND_NAME = "Brand name"
BRAND_COLOURS = "Brand colours"
WIDTH = "Width"
HEIGHT = "Height"
RATIO = "Ratio"

# Gives the texts of the rows asked for.
_Source: TypeAlias = Callable[[NDArray[np.intp]], list[str]]

_PIECES = re.compile(r"\[([^\[\]]*)\]|\{([^{}\[\]]+)\}")
_PLACEHOLDER = re.compile(r"\{([^{}\[\]]+)\}")
_SPACES = re.compile(r"[ \t]{2,}")
_GAP = "\x00"  # stands on both sides of a key; no cell or template can hold it
_BEFORE_STOP = re.compile(r"[ \t]+([,.;:])")


_US_SPELLING = "Brand colors"
_BRAND_KEYS = frozenset(map(contract.folded, (BRAND_NAME, BRAND_COLOURS, _US_SPELLING)))


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of text and placeholders: `texts` stand around `keys`, one more than those."""

    texts: tuple[str, ...]
    keys: tuple[str, ...]
    optional: bool

    def with_gaps(self, blank: Collection[str]) -> str:
        """Give the text with a gap for each value; an optional part with a blank one is dropped."""
        if self.optional and any(key in blank for key in self.keys):
            return ""
        gaps = ("" if key in blank else f"{_GAP}{key}{_GAP}" for key in self.keys)
        between = (text + gap for text, gap in zip(self.texts, gaps, strict=False))
        return "".join(between) + self.texts[-1]


@dataclass(frozen=True, slots=True)
class _Pattern:
    template: PromptTemplate
    parts: tuple[_Part, ...]
    names: Mapping[str, str]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(key for part in self.parts if not part.optional for key in part.keys)

    def without(self, blank: Collection[str]) -> tuple[str, list[str]]:
        """Make the %-format of the prompts in which these keys are blank, and its keys in order.

        Spaces and stops are put right around the gaps here, so the values are never touched.
        """
        text = "".join(part.with_gaps(blank) for part in self.parts)
        text = _BEFORE_STOP.sub(r"\1", _SPACES.sub(" ", text)).strip()
        pieces = with_avoid_list(text, self.template.avoid).replace("%", "%%").split(_GAP)
        return "%s".join(pieces[::2]), pieces[1::2]


def compose(
    requests: RequestTable, decisions: Decisions, configuration: Configuration
) -> tuple[Column, list[Problem]]:
    """Write the prompt of every row that has a tier; shape (n,), None for the others.

    A placeholder without a value outside square brackets, and a template that is not in the
    `Prompts` tab, are warnings here; they stop the row once pictures are to be made.
    """
    prompts = np.full(len(requests), None, dtype=object)
    problems: list[Problem] = []
    templates = {contract.folded(t.name): t for t in configuration.prompts}
    sources = _sources(requests, decisions, configuration)
    routed = (decisions.tier > 0) & ~requests.bad
    for name in dict.fromkeys(decisions.template[routed]):
        rows = np.flatnonzero(routed & (decisions.template == name))
        template = templates.get(contract.folded(name or ""))
        if template is None:
            problems.append(_no_template(name, len(rows), requests, int(rows[0])))
            continue
        filled, missing = _fill(_read(template), rows, requests, sources)
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
        names.setdefault(contract.folded(name), name.strip())
    return _Pattern(template, tuple(parts), names)


def _part(text: str, optional: bool) -> _Part:
    pieces = _PLACEHOLDER.split(text)
    return _Part(
        tuple(pieces[::2]), tuple(contract.folded(name) for name in pieces[1::2]), optional
    )


def _sources(
    requests: RequestTable, decisions: Decisions, configuration: Configuration
) -> dict[str, _Source]:
    """Give, for each key a placeholder may have, where its texts come from."""
    settings = configuration.settings
    sources = {
        contract.folded(heading): _texts(column) for heading, column in requests.columns.items()
    }
    if contract.BUDGET_PER_IMAGE in requests:
        budgets = requests.column(contract.BUDGET_PER_IMAGE)
        spelled = text_column(["" if budget is None else usd(budget) for budget in budgets])
        sources[contract.folded(contract.BUDGET_PER_IMAGE)] = _texts(spelled)
    colours = ", ".join(settings.brand_colours)
    for key, source in (
        (BRAND_NAME, _constant(settings.brand_name)),
        (BRAND_COLOURS, _constant(colours)),
        (_US_SPELLING, _constant(colours)),
        (contract.BACKGROUND, _placed(requests, configuration)),
        (contract.ASPECT_RATIO, _texts(decisions.ratio)),
    ):
        sources[contract.folded(key)] = _or_else(sources.get(contract.folded(key)), source)
    for key, column in (
        (WIDTH, decisions.width),
        (HEIGHT, decisions.height),
        (RATIO, decisions.ratio),
    ):
        sources[contract.folded(key)] = _texts(column)
    return sources


def _placed(requests: RequestTable, configuration: Configuration) -> _Source:
    """Give the background the placement asks for."""
    rules = {
        contract.folded(name): place.background
        for place in reversed(configuration.placements)
        for name in (place.name, *place.aliases)
    }
    placements = _texts(requests.column(contract.PLACEMENT))
    return lambda rows: [rules.get(contract.folded(name), "") for name in placements(rows)]


def _constant(text: str) -> _Source:
    return lambda rows: [text] * len(rows)


def _or_else(first: _Source | None, second: _Source) -> _Source:
    if first is None:
        return second
    return lambda rows: [a or b for a, b in zip(first(rows), second(rows), strict=True)]


def _texts(column: Column) -> _Source:
    """Spell the values of the rows as text, each distinct string once."""

    def texts(rows: NDArray[np.intp]) -> list[str]:
        known: dict[str, str] = {}
        spelled: list[str] = []
        for value in column[rows].tolist():
            text = known.get(value) if type(value) is str else _text(value)
            if text is None:
                text = known[value] = _text(value)
            spelled.append(text)
        return spelled

    return texts


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
    pattern: _Pattern, rows: NDArray[np.intp], requests: RequestTable, sources: dict[str, _Source]
) -> tuple[Column, list[Problem]]:
    """Compose the prompts of one template; each pattern of blanks is worked out once."""
    required = dict.fromkeys(pattern.required)
    problems = [_unknown_placeholder(pattern, k, len(rows)) for k in required if k not in sources]
    texts = {key: sources[key](rows) for key in pattern.names if key in sources}
    filled = np.full(len(rows), None, dtype=object)
    for blank, places in _by_blanks(texts, len(rows)):
        form, keys = pattern.without(blank | (pattern.names.keys() - texts.keys()))
        columns = [text_column(texts[key])[places].tolist() for key in keys]
        values = zip(*columns, strict=True) if columns else [()] * len(places)
        filled[places] = [form % value for value in values]
        problems.extend(
            _blank_value(pattern, key, int(rows[place]), requests)
            for key in required
            if key in blank
            for place in places.tolist()
        )
    return filled, problems


def _by_blanks(
    texts: Mapping[str, list[str]], count: int
) -> Iterator[tuple[frozenset[str], NDArray[np.intp]]]:
    """Group rows by which of their values are blank."""
    masks = np.zeros(count, dtype=np.int64)
    for bit, column in enumerate(texts.values()):
        if not all(column):
            masks |= np.fromiter((not text for text in column), np.int64, count) << bit
    for mask in distinct(masks).tolist():
        blank = frozenset(key for bit, key in enumerate(texts) if mask >> bit & 1)
        yield blank, np.flatnonzero(masks == mask)


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
    heading = next((h for h in requests.columns if contract.folded(h) == key), "")
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
