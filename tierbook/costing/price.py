"""What one picture costs under the rows of the price book.

Rule kinds: flat and tier (a listed price), megapixel, tokens, credits, time, free. Money is
worked out as exact decimals in micro-USD and rounded up once, at the end. Prices, units, limits
and dates are rows of the price book, each with its source; nothing about a provider is here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from tierbook.costing.choice import Choice, NoPrice, area, offered, pixels, read_choice
from tierbook.model import MICRO, Exactness, MicroUsd, PriceRule

STALE_AFTER = timedelta(days=60)
# Token tables have no formula (a larger picture can cost less), so a size outside the table takes
# the dearest listed row that is at least as large, and this much on top.
SAFETY_FACTOR = Decimal("1.25")
PICO = 1_000_000  # pico-USD in one micro-USD, the unit of unrounded prices

_FROM_PHOTO = ("edit", "replace_bg", "replace_background", "cutout")


@dataclass(frozen=True, slots=True)
class Picture:
    """What of a request decides its price: pixels, and whether a photo of the seller goes in."""

    width: int
    height: int
    has_source: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one picture: a part that is fixed and a part for each byte of its prompt.

    `base` and `per_prompt_byte` are pico-USD.
    """

    rule: PriceRule
    operation: str
    base: int
    per_prompt_byte: int
    exactness: Exactness

    def micro_usd(self, prompt_bytes: int = 0) -> MicroUsd:
        """Price a picture whose prompt has this many UTF-8 bytes, rounded up.

        A byte count bounds the token count from above, whatever the provider's tokenizer does.
        """
        return -(-(self.base + self.per_prompt_byte * prompt_bytes) // PICO)


@dataclass(frozen=True, slots=True)
class _Sized:
    """Rows for the size to be made; `in_table` is False where a larger one stands in for it."""

    rules: list[PriceRule]
    made: Picture
    factor: Decimal = Decimal(1)
    in_table: bool = True


def quote(
    choice: str | Choice, picture: Picture, price_book: Iterable[PriceRule], today: date
) -> Quote | NoPrice:
    """Price one picture with the chosen engine.

    A picture with a source photo takes the model's edit price, else its replace-background or
    cut-out price, else its generate price, which is an estimate unless the row counts the photo.
    One without takes the generate price, else the others in that order, as an estimate, as though
    the photo were there.
    """
    read = read_choice(choice, price_book) if isinstance(choice, str) else choice
    if isinstance(read, NoPrice):
        return read
    refusals: list[NoPrice] = []
    wanted = (*_FROM_PHOTO, "generate") if picture.has_source else ("generate", *_FROM_PHOTO)
    for operation in wanted:
        rules = [rule for rule in read.rules if _performs(rule, operation)]
        if not rules:
            continue
        ordered = Picture(
            picture.width, picture.height, picture.has_source or operation != "generate"
        )
        found = _quote_rules(read, operation, rules, ordered, today)
        if isinstance(found, Quote):
            return found if ordered == picture else _as_estimate(found)
        refusals.append(found)
    return (
        refusals[0]
        if refusals
        else NoPrice(
            f'The price book lists no picture-making operation for "{read.text}".',
            'Write generate, edit or cutout in column "Operation" of tab "Price book".',
            row=read.rules[0].row,
        )
    )


def is_stale(rule: PriceRule, today: date) -> bool:
    """Tell whether nobody has looked at this price for more than 60 days."""
    return (
        rule.kind != "free"
        and rule.checked_on is not None
        and today - rule.checked_on > STALE_AFTER
    )


def _quote_rules(
    choice: Choice, operation: str, rules: Sequence[PriceRule], picture: Picture, today: date
) -> Quote | NoPrice:
    alive = _alive(rules, today)
    if isinstance(alive, NoPrice):
        return alive
    fitting = _of_quality(choice, alive)
    if isinstance(fitting, NoPrice):
        return fitting
    sized = _of_size(choice, fitting, picture)
    if isinstance(sized, NoPrice):
        return sized
    quotes = [_quote_rule(rule, operation, sized) for rule in _newest(sized.rules)]
    priced = [q for q in quotes if isinstance(q, Quote)]
    refused = next((q for q in quotes if isinstance(q, NoPrice)), None)
    return refused or max(priced, key=lambda q: q.base)


def _performs(rule: PriceRule, operation: str) -> bool:
    stated = rule.operation.casefold().replace("-", "_").replace(" ", "_")
    return (
        stated in ("", "any", operation)
        or rule.kind == "free"
        or operation in [part.strip("_") for part in stated.replace("|", ",").split(",")]
    )


def _alive(rules: Sequence[PriceRule], today: date) -> list[PriceRule] | NoPrice:
    started = [r for r in rules if r.effective_from is None or r.effective_from <= today]
    if not started:
        first = min(rules, key=lambda r: r.effective_from or today)
        return NoPrice(
            f"The price of {first.model} starts on {first.effective_from}.",
            'Add the price that holds today to tab "Price book".',
            row=first.row,
        )
    alive = [r for r in started if r.shutdown_date is None or r.shutdown_date > today]
    if alive:
        return alive
    gone = started[0]
    instead = f" Its replacement is {gone.replacement}." if gone.replacement else ""
    return NoPrice(
        f"{gone.model} was shut down on {gone.shutdown_date}.{instead}",
        f'Write {gone.replacement or "another engine"} in tab "Tiers".',
        "engine-shut-down",
        gone.row,
    )


def _of_quality(choice: Choice, rules: list[PriceRule]) -> list[PriceRule] | NoPrice:
    for quality in (choice.quality, ""):
        named = [rule for rule in rules if rule.quality == quality]
        if named:
            return named
    known = list(dict.fromkeys(rule.quality for rule in rules))
    if len(known) == 1 and not choice.quality:
        return rules
    return NoPrice(
        f'"{choice.text}" needs a quality: {offered(known)}.',
        f'Write, for example, "{choice.model} {known[0]}" in tab "Tiers".',
        row=rules[0].row,
    )


def _of_size(choice: Choice, rules: list[PriceRule], picture: Picture) -> _Sized | NoPrice:
    """Pick the rows of the size to be made, the factor on top, and the picture as it is made."""
    asked = pixels(choice.size)
    made = Picture(asked[0], asked[1], picture.has_source) if asked else picture
    spelled = choice.size or f"{made.width}x{made.height}"
    for size in (spelled, ""):
        named = [rule for rule in rules if rule.size.casefold() == size.casefold()]
        if named:
            return _Sized(named, made)
    areas = [(area(rule.size), rule) for rule in rules]
    measured = sorted(((a, r) for a, r in areas if a), key=lambda pair: pair[0])
    wanted = area(choice.size) or made.width * made.height
    if not measured or not wanted:
        return _only_size(choice, rules, made)
    if any(pixels(rule.size) for _, rule in measured):
        return _outside_table(measured, wanted, made)
    return _next_step(choice, measured, wanted, made)


def _next_step(
    choice: Choice, measured: list[tuple[int, PriceRule]], wanted: int, made: Picture
) -> _Sized | NoPrice:
    """Pick among named steps (1K, 2K, 4K): the smallest that holds the picture, or the largest.

    A step the seller names must be made as named, so a larger one only stands in for its price.
    """
    step = next((a for a, _ in measured if a >= wanted), None)
    if step is None and choice.size:
        return _only_size(choice, [rule for _, rule in measured], made)
    rules = [rule for a, rule in measured if a == (step or measured[-1][0])]
    return _Sized(rules, made, in_table=not choice.size)


def _only_size(choice: Choice, rules: list[PriceRule], made: Picture) -> _Sized | NoPrice:
    known = list(dict.fromkeys(rule.size for rule in rules))
    if len(known) == 1 and not choice.size:
        return _Sized(rules, made)
    return NoPrice(
        f'"{choice.text}" has no price for {choice.size or "a picture without a known size"}; '
        f"the price book knows {offered(known)}.",
        f'Write, for example, "{choice.model} {known[0]}" in tab "Tiers".',
        row=rules[0].row,
    )


def _outside_table(measured: list[tuple[int, PriceRule]], wanted: int, made: Picture) -> _Sized:
    enough = [rule for a, rule in measured if a >= wanted]
    if enough:
        return _Sized([max(enough, key=_listed)], made, SAFETY_FACTOR, in_table=False)
    largest = measured[-1][0]
    dearest = max((rule for _, rule in measured), key=_listed)
    factor = SAFETY_FACTOR * Decimal(wanted) / Decimal(largest)
    return _Sized([dearest], made, factor, in_table=False)


def _listed(rule: PriceRule) -> Decimal:
    amount = _made(rule, Picture(1024, 1024, False))
    return Decimal(0) if isinstance(amount, str) else amount


def _newest(rules: list[PriceRule]) -> list[PriceRule]:
    newest = max((rule.effective_from or date.min for rule in rules), default=date.min)
    return [rule for rule in rules if (rule.effective_from or date.min) == newest]


def _quote_rule(rule: PriceRule, operation: str, sized: _Sized) -> Quote | NoPrice:
    picture = sized.made
    made = _made(rule, picture)
    if rule.kind == "megapixel" and not picture.width * picture.height:
        made = "answer for a picture without a known size"
    if isinstance(made, str):
        return NoPrice(
            f"The price of {rule.model or rule.engine} has no {made}.",
            'Fill it in on tab "Price book".',
            row=rule.row,
        )
    base = made * sized.factor + _photo(rule, picture)
    per_byte = rule.details.get("text_in", Decimal(0))
    if min(base, per_byte) < 0:
        return NoPrice(
            f"The price of {rule.model or rule.engine} comes out below zero.",
            'Correct it on tab "Price book".',
            row=rule.row,
        )
    return Quote(
        rule,
        operation,
        _pico(base),
        _pico(per_byte),
        _exactness(rule, operation, sized),
    )


def _made(rule: PriceRule, picture: Picture) -> Decimal | str:
    """Price making the picture, in micro-USD; a word names what the row lacks."""
    details, price = rule.details, rule.price
    match rule.kind:
        case "free":
            return Decimal(0)
        case "flat" | "tier":
            return "price" if price is None else price * MICRO
        case "megapixel":
            first = details.get("first_mp", price)
            if first is None:
                return "first_mp"
            more = max(Decimal(0), _megapixels(rule, picture) - 1)
            return (first + details.get("extra_mp", first) * more) * MICRO
        case "tokens":
            tokens, rate = details.get("output_tokens"), details.get("image_out")
            if tokens is not None and rate is not None:
                return tokens * rate  # USD for a million tokens is micro-USD for one
            return "output_tokens" if price is None else price * MICRO
        case "credits":
            credits, worth = details.get("credits", price), details.get("usd_per_credit")
            if credits is None or worth is None:
                return "credits" if credits is None else "usd_per_credit"
            return credits * worth * MICRO
        case "time":
            rate, seconds = details.get("usd_per_s", price), details.get("p95_s")
            if rate is None or seconds is None:
                return "usd_per_s" if rate is None else "p95_s"
            return rate * seconds * MICRO
        case _:
            return f'known kind (it says "{rule.kind}")'


def _megapixels(rule: PriceRule, picture: Picture) -> Decimal:
    counted = Decimal(picture.width * picture.height) / rule.details.get("mp_px", Decimal(MICRO))
    if rule.details.get("round_up"):
        return counted.to_integral_value(rounding=ROUND_CEILING)
    return counted


def _photo(rule: PriceRule, picture: Picture) -> Decimal:
    """Price sending the seller's photo in: never larger than the picture that is made of it."""
    if not picture.has_source:
        return Decimal(0)
    details = rule.details
    amount = details.get("input_image_tokens", Decimal(0)) * details.get("image_in", Decimal(0))
    if "input_mp" in details:
        amount += details["input_mp"] * max(Decimal(1), _megapixels(rule, picture)) * MICRO
    return amount + details.get("input_image", Decimal(0)) * MICRO


def _exactness(rule: PriceRule, operation: str, sized: _Sized) -> Exactness:
    if rule.kind == "free":
        return "exact"
    photo_not_counted = (
        sized.made.has_source
        and operation == "generate"
        and not rule.details.keys() & {"input_mp", "input_image", "image_in"}
    )
    if not sized.in_table or rule.kind == "time" or photo_not_counted:
        return "estimate"
    if rule.exactness == "exact" and (rule.kind == "tokens" or rule.details.get("text_in")):
        return "bounded"
    return rule.exactness


def _as_estimate(found: Quote) -> Quote:
    return found if found.rule.kind == "free" else replace(found, exactness="estimate")


def _pico(micro_usd: Decimal) -> int:
    return int((micro_usd * PICO).to_integral_value(rounding=ROUND_CEILING))
