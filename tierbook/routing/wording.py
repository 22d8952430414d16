"""Say a rule in plain words, for people who do not work in the sheet."""

from collections.abc import Sequence

from tierbook.contract import ANGLES, BUDGET_PER_IMAGE
from tierbook.model import HOLD_TIER, Configuration
from tierbook.routing.rubric import FROM_PLACEMENT, Answer, CompiledRubric, CompiledRule
from tierbook.routing.terms import Anything, Day, Item, NoneOf, Number, Test, Within, Word, YesNo
from tierbook.routing.unary import spell_ordered


def conditions(compiled: CompiledRubric, rule: CompiledRule) -> list[tuple[str, str]]:
    """List what a rule asks: the input, and the condition in words."""
    return [
        (compiled.inputs[at], test_in_words(rule.tests[at], compiled.inputs[at]))
        for at in rule.asks()
    ]


def test_in_words(test: Test, heading: str = "") -> str:
    """Say a test: `gallery or email`, `4 or fewer`, `anything but scene`."""
    if isinstance(test, Anything):
        return "anything"
    words = _listed([_item(item, heading) for item in test.items])
    return f"anything but {words}" if isinstance(test, NoneOf) else words


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _item(item: Item, heading: str) -> str:
    if isinstance(item, Word):
        return item.text
    if isinstance(item, YesNo):
        return "yes" if item.value else "no"
    if isinstance(item, Number | Day):
        return _end(item, heading)
    return _range(item, heading)


def _end(item: Number | Day, heading: str) -> str:
    money = heading == BUDGET_PER_IMAGE and isinstance(item, Number)
    return f"${spell_ordered(item)}" if money else spell_ordered(item)


def _range(item: Within, heading: str) -> str:
    low = _end(item.low, heading) if item.low else ""
    high = _end(item.high, heading) if item.high else ""
    if isinstance(item.low or item.high, Day):
        return _days(item, low, high)
    if not low:
        less = "fewer" if heading == ANGLES else "less"
        return f"{high} or {less}" if item.high_closed else f"{less} than {high}"
    if not high:
        return f"{low} or more" if item.low_closed else f"more than {low}"
    start = low if item.low_closed else f"more than {low}"
    return f"{start} to {high}" if item.high_closed else f"{start} up to, but not, {high}"


def _days(item: Within, low: str, high: str) -> str:
    start = (f"from {low}" if item.low_closed else f"after {low}") if low else ""
    end = (f"until {high}" if item.high_closed else f"before {high}") if high else ""
    return f"{start} {end}".strip()


def tier_in_words(configuration: Configuration, number: int) -> str:
    """Name a tier: `Tier 2, Lifestyle`, or `Hold`."""
    if number == HOLD_TIER:
        return "Hold: a person decides first"
    tier = configuration.tier(number)
    return f"Tier {number}, {tier.name}" if tier and tier.name else f"Tier {number}"


def effects(answer: Answer) -> list[tuple[str, str]]:
    """List what a rule sets beside the tier, as far as it sets it itself."""
    size = f"{answer.size[0]} x {answer.size[1]} px" if answer.size else ""
    pixels = f"{answer.long_edge} px long edge" if answer.long_edge else ""
    placed = "from the placement" if answer.from_placement else ""
    ratio = "from the placement" if answer.ratio == FROM_PLACEMENT else answer.ratio
    said = [
        ("Prompt", answer.template),
        ("Size", size or pixels or placed),
        ("Aspect ratio", ratio),
        ("Review", answer.review),
        ("Queue", str(answer.queue) if answer.queue else ""),
        ("Lane", answer.lane),
        ("Candidates", str(answer.candidates) if answer.candidates else ""),
        *((heading, str(value)) for heading, value in answer.others if value is not None),
    ]
    return [(name, value) for name, value in said if value]
