"""Which rows of the price book an engine choice means.

A choice is what a seller types into the `Tiers` tab: `model [quality] [size]`,
`engine:model [quality] [size]`, or the bare name of an engine. Nothing is guessed: a choice that
fits several prices is answered with the words that would settle it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tierbook.model import PriceRule

_PIXELS = re.compile(r"^(\d{2,5})[x×](\d{2,5})$")
_THOUSANDS = re.compile(r"^(\d+(?:\.\d+)?)k$")


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine choice taken apart; `rules` are the rows of its model, of every operation."""

    text: str
    engine: str
    model: str
    quality: str
    size: str
    rules: tuple[PriceRule, ...]


@dataclass(frozen=True, slots=True)
class NoPrice:
    """Why a picture cannot be priced, and what to do; such a row waits, it never costs $0."""

    reason: str
    fix: str
    code: str = "no-price"
    row: int = 0


def read_choice(text: str, price_book: Iterable[PriceRule]) -> Choice | NoPrice:
    """Find the model, quality and size a choice names, compared without case."""
    book = tuple(price_book)
    words = text.split()
    if not words:
        return NoPrice("The tier has no engine.", 'Name an engine in tab "Tiers".', "no-engine")
    words, book = _take_engine(words, book)
    model, rest = _take_model(words, book)
    rules = tuple(rule for rule in book if _model_name(rule) == model)
    if not rules:
        return NoPrice(
            f'The price book has no row for "{text}".',
            'Add its price to tab "Price book", or pick another engine in tab "Tiers".',
        )
    engines = list(dict.fromkeys(rule.engine for rule in rules))
    if len(engines) > 1:
        return NoPrice(
            f'"{text}" is sold by several engines: {offered(engines)}.',
            f'Write "{engines[0]}:{text}" or another of them in tab "Tiers".',
        )
    quality, size, unknown = _take_quality_and_size(rest, rules)
    if unknown:
        return NoPrice(
            f'The price book has no "{unknown}" for {rules[0].model or rules[0].engine}'
            f"{_offer(rules)}.",
            f'Correct "{text}" in tab "Tiers", or add the price to tab "Price book".',
        )
    return Choice(text, rules[0].engine, rules[0].model, quality, size, rules)


def choice_text(rule: PriceRule) -> str:
    """Spell the choice that means this very row."""
    return " ".join(part for part in (rule.model or rule.engine, rule.quality, rule.size) if part)


def pixels(size: str) -> tuple[int, int] | None:
    """Read `1024x1536` as width and height."""
    found = _PIXELS.match(size.casefold().replace(" ", ""))
    return (int(found[1]), int(found[2])) if found else None


def area(size: str) -> int | None:
    """Give the pixels of a size: `1024x1536` counted, `2K` as 2048 x 2048; None for a word."""
    exact = pixels(size)
    if exact:
        return exact[0] * exact[1]
    found = _THOUSANDS.match(size.casefold().strip())
    return round((float(found[1]) * 1024) ** 2) if found else None


def offered(words: Iterable[str]) -> str:
    """List the words a price book knows, once each, in its own order."""
    return ", ".join(dict.fromkeys(word for word in words if word))


def _model_name(rule: PriceRule) -> str:
    return (rule.model or rule.engine).casefold()


def _take_engine(
    words: list[str], book: tuple[PriceRule, ...]
) -> tuple[list[str], tuple[PriceRule, ...]]:
    prefix, colon, rest = words[0].partition(":")
    named = tuple(rule for rule in book if rule.engine.casefold() == prefix.casefold())
    if not (colon and named):
        return words, book
    return ([rest, *words[1:]] if rest else words[1:] or [prefix]), named


def _take_model(words: list[str], book: tuple[PriceRule, ...]) -> tuple[str, list[str]]:
    known = {_model_name(rule) for rule in book}
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length]).casefold()
        if name in known:
            return name, words[length:]
    models = {_model_name(r) for r in book if r.engine.casefold() == words[0].casefold()}
    # A bare engine name settles the model only where the engine has a single one.
    return (models.pop() if len(models) == 1 else ""), words[1:]


def _take_quality_and_size(words: list[str], rules: tuple[PriceRule, ...]) -> tuple[str, str, str]:
    qualities = {rule.quality.casefold(): rule.quality for rule in rules if rule.quality}
    sizes = {rule.size.casefold(): rule.size for rule in rules if rule.size}
    quality = size = ""
    for word in words:
        key = word.casefold()
        if key in qualities and not quality:
            quality = qualities[key]
        elif key in sizes and not size:
            size = sizes[key]
        elif not size and (pixels(word) or (area(word) and any(map(area, sizes)))):
            size = key.replace("×", "x")
        else:
            return quality, size, word
    return quality, size, ""


def _offer(rules: tuple[PriceRule, ...]) -> str:
    qualities, sizes = offered(r.quality for r in rules), offered(r.size for r in rules)
    parts = [f"qualities {qualities}"] * bool(qualities) + [f"sizes {sizes}"] * bool(sizes)
    return f"; it knows {' and '.join(parts)}" if parts else "; it knows one price only"
