"""Share a rubric with people outside the sheet: HTML, Markdown, DMN."""

from collections.abc import Callable, Mapping

from tierbook.errors import UsageError
from tierbook.model import Configuration
from tierbook.routing.dmn import rubric_dmn
from tierbook.routing.rubric import CompiledRubric, compile_rubric
from tierbook.routing.share_html import rubric_html
from tierbook.routing.wording import conditions, effects, tier_in_words

HOW_TO_READ = (
    "Every picture starts at the top. The first rule that fits decides, and the rules below it "
    "are not looked at."
)


def share_rubric(configuration: Configuration, ending: str) -> str:
    """Write the rubric for others to read.

    Args:
        configuration: The settings; rules that are off or cannot be read are left out.
        ending: `.html` (one self-contained page), `.md` or `.dmn` (DMN 1.3 XML).

    Raises:
        UsageError: The ending is another one.
        RubricError: The rubric cannot be used.
    """
    write = _WRITERS.get(ending.casefold())
    if write is None:
        raise UsageError(
            f'A rubric cannot be shared as "{ending}".', fix=f"Use one of {', '.join(_WRITERS)}."
        )
    return write(configuration, compile_rubric(configuration.rubric)[0])


def rubric_markdown(configuration: Configuration, compiled: CompiledRubric) -> str:
    """Write the rubric as Markdown: tiers, then one section per rule."""
    lines = [
        f"# {title(configuration)}",
        "",
        HOW_TO_READ,
        "",
        "| Tier | Engine | Candidates | Review |",
        "|---|---|---|---|",
    ]
    for tier in configuration.tiers:
        cells = (
            tier_in_words(configuration, tier.number),
            tier.engine or "none",
            str(tier.candidates),
            tier.review,
        )
        lines.append("| " + " | ".join(map(_escaped, cells)) + " |")
    for place, rule in enumerate(compiled.rules, start=1):
        lines += [
            "",
            f"## {place}. {_escaped(rule.rule.name)}: "
            f"{_escaped(tier_in_words(configuration, rule.answer.tier))}",
            "",
        ]
        if rule.rule.why:
            lines += [_escaped(rule.rule.why), ""]
        asked = conditions(compiled, rule)
        lines += [f"- If **{_escaped(name)}** is {_escaped(words)}" for name, words in asked]
        lines += [] if asked else ["- Fits every picture that no rule above has taken"]
        lines += [f"- {_escaped(name)}: {_escaped(value)}" for name, value in effects(rule.answer)]
    return "\n".join(lines) + "\n"


def title(configuration: Configuration) -> str:
    """Head the page with the brand's name, where there is one."""
    brand = configuration.settings.brand_name
    return f"How {brand} makes its pictures" if brand else "How our pictures are made"


def _escaped(text: str) -> str:
    """Keep a seller's text from being read as Markdown or HTML."""
    for character in "\\`*_[]<>|#":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def _html(configuration: Configuration, compiled: CompiledRubric) -> str:
    return rubric_html(configuration, compiled, title(configuration), HOW_TO_READ)


def _dmn(_: Configuration, compiled: CompiledRubric) -> str:
    return rubric_dmn(compiled)


_WRITERS: Mapping[str, Callable[[Configuration, CompiledRubric], str]] = {
    ".html": _html,
    ".md": rubric_markdown,
    ".dmn": _dmn,
}
