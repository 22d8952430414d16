"""The tabs that decide the tier: Rubric, Rubric tests, Scorecard."""

from typing import Final

from tierbook import contract
from tierbook.configuration.spec import Field, Tab

RUBRIC: Final = Tab(
    contract.RUBRIC,
    "Which tier a picture gets. Rules are tried from the top; the first that fits wins.",
    (
        Field(
            "On",
            "on",
            "yes_no",
            "yes: the rule counts. no: it is left out.",
            choices="Yes_no",
            width=6,
        ),
        Field(
            "Rule",
            "name",
            "text",
            "A short name, shown beside every picture it decides.",
            required=True,
            width=8,
        ),
        Field(
            contract.TIER,
            "then",
            "cell",
            "The tier this rule gives: 1, 2, 3, or HOLD for a picture that needs a person or a"
            " photo first.",
            required=True,
            choices="Rubric_tiers",
            strict=True,
            width=8,
        ),
        Field(
            contract.PROMPT_TEMPLATE,
            "then",
            "cell",
            "A template of the Prompts tab. Empty: the tier's own.",
            choices="Prompt_templates",
            width=20,
        ),
        Field(
            "Resolution",
            "then",
            "cell",
            "Long edge in px, or placement: what the place wants, whatever the row asks. "
            "Empty: what the row asks, else what the place wants.",
            width=13,
            also=(contract.RESOLUTION_TARGET,),
        ),
        Field(
            contract.ASPECT_RATIO,
            "then",
            "cell",
            "For example 4:5, or placement. A ratio in the row itself comes first. Empty: what the "
            "place wants.",
            width=13,
        ),
        Field(
            contract.REVIEW,
            "then",
            "cell",
            "none, sample (every few pictures) or human (a person looks at each one).",
            choices="Review_modes",
            width=10,
        ),
        Field(
            contract.QUEUE_PRIORITY,
            "then",
            "cell",
            "1 is made first. Empty: after all that have a number.",
            width=10,
            also=("Queue", "Priority"),
        ),
        Field(
            "Why",
            "why",
            "text",
            "One plain sentence. It is shown beside every picture this rule decides.",
            width=52,
        ),
        Field(
            "Since",
            "since",
            "date",
            "The day you last looked at this rule and found it right.",
            width=12,
        ),
        Field(
            "Hits",
            "hits",
            "cell",
            "Filled in by Tierbook: how many pictures the rule decided.",
            width=7,
        ),
    ),
)

RUBRIC_TESTS: Final = Tab(
    contract.RUBRIC_TESTS,
    "Examples and the tier each must get. A failing one stops paid work.",
    (
        Field(
            "Test",
            "name",
            "text",
            "A name for the example.",
            required=True,
            width=34,
            also=("Name", "Example"),
        ),
        Field(
            "Expected tier",
            "tier",
            "text",
            "The tier the example must come out with: 1, 2, 3 or HOLD.",
            required=True,
            if_bad="skip",
            choices="Rubric_tiers",
            strict=True,
            also=(contract.TIER,),
        ),
        Field(
            "Expected rule",
            "rule",
            "text",
            "The rule that must decide it. Empty: any rule.",
            also=(contract.RULE,),
        ),
    ),
    may_be_empty=True,
)

SCORECARD: Final = Tab(
    contract.SCORECARD,
    "For larger catalogs: points for what a picture shows; the total earns the tier.",
    (
        Field(
            "Attribute",
            "attribute",
            "text",
            "A column of Requests or Products, or Total points for a line that turns points "
            "into a tier.",
            required=True,
            width=22,
        ),
        Field(
            "Test",
            "test",
            "cell",
            "As in the rubric: a word, >= 100, 20 to 50, yes.",
            required=True,
            width=26,
        ),
        Field(
            "Points",
            "points",
            "number",
            "Points when the test fits. May be negative.",
            if_bad="skip",
            width=9,
        ),
        Field(
            contract.TIER,
            "tier",
            "whole",
            "Only on Total points lines: the tier this total earns.",
            if_bad="skip",
            choices="Tier_numbers",
            width=8,
        ),
        Field("Why", "why", "text", "One plain sentence.", width=56),
    ),
    may_be_empty=True,
)
