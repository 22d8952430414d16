"""Check what one settings tab says of another: templates, placements and engines that exist."""

from collections.abc import Iterator

from tierbook import contract
from tierbook.contract import folded
from tierbook.model import CellRef, Configuration, Problem


def crosscheck(configuration: Configuration) -> list[Problem]:
    """Point out names that lead nowhere; nothing is changed."""
    return [
        *_templates_of_rules(configuration),
        *_templates_of_tiers(configuration),
        *_engines(configuration),
    ]


def _templates_of_rules(configuration: Configuration) -> Iterator[Problem]:
    rubric = configuration.rubric
    known = {folded(prompt.name) for prompt in configuration.prompts}
    if contract.PROMPT_TEMPLATE not in rubric.outputs:
        return
    index = rubric.outputs.index(contract.PROMPT_TEMPLATE)
    for rule in rubric.rules:
        name = rule.then[index]
        if isinstance(name, str) and rule.on and folded(name) not in known:
            place = CellRef(rubric.sheet, rule.row, rubric.output_columns[index])
            yield _unknown_template(place, f"Rule {rule.name}", name)


def _templates_of_tiers(configuration: Configuration) -> Iterator[Problem]:
    known = {folded(prompt.name) for prompt in configuration.prompts}
    for tier in configuration.tiers:
        if tier.prompt_template and folded(tier.prompt_template) not in known:
            place = CellRef(contract.TIERS, tier.row)
            yield _unknown_template(place, f"Tier {tier.number}", tier.prompt_template)


def _unknown_template(place: CellRef, owner: str, name: str) -> Problem:
    return Problem(
        "unknown-template",
        "warning",
        f'{owner} asks for the prompt template "{name}" (tab "{place.sheet}", {place.a1}), which '
        f'tab "{contract.PROMPTS}" does not have.',
        f'add it to tab "{contract.PROMPTS}", or pick one that is there.',
        place,
    )


def _engines(configuration: Configuration) -> Iterator[Problem]:
    names = {name for rule in configuration.price_book for name in (rule.engine, rule.model)}
    known = {name.casefold() for name in names}
    for tier in configuration.tiers:
        for engine in (tier.engine, *tier.fallback_engines):
            # A model name may hold spaces, and an engine may stand before it with a colon.
            written = engine.casefold().partition(":")[2] or engine.casefold()
            words = written.split()
            if not any(" ".join(words[:n]) in known for n in range(1, len(words) + 1)):
                yield Problem(
                    "unknown-engine",
                    "error",
                    f'Tier {tier.number} names the engine "{engine}" (tab "{contract.TIERS}", row '
                    f'{tier.row}), which tab "{contract.PRICE_BOOK}" has no price for. Pictures '
                    "that need it are held.",
                    f'add its price to tab "{contract.PRICE_BOOK}", or name another engine.',
                    CellRef(contract.TIERS, tier.row),
                )
