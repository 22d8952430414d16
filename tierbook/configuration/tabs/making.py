"""The tabs that say how pictures are made: Tiers, Placements, Prompts."""

from typing import Final

from tierbook import contract
from tierbook.configuration.spec import Field, Tab

TIERS: Final = Tab(
    contract.TIERS,
    "What a tier is, which engine makes its pictures, and how much care they get.",
    (
        Field(
            "Tier",
            "number",
            "whole",
            "1, 2 or 3.",
            required=True,
            if_bad="skip",
            choices="Tier_numbers",
            strict=True,
            width=7,
        ),
        Field(
            "Name",
            "name",
            "text",
            "What you call the tier.",
            required=True,
            width=13,
            also=(contract.TIER_NAME,),
        ),
        Field(
            "Engine",
            "engine",
            "text",
            "What makes the pictures: a model of the Price book with its quality and size, "
            "such as gemini-3-pro-image 2K, or local_studio (free, on this computer).",
            required=True,
            width=32,
        ),
        Field(
            "Fallback engines",
            "fallback_engines",
            "texts",
            "Tried in this order when the engine is not available. Each is priced before it is"
            " used.",
            width=28,
        ),
        Field(
            "Candidates",
            "candidates",
            "whole",
            "How many versions are made of each picture, so that you can choose. Each one is paid.",
            if_bad="skip",
            width=12,
            also=("Candidates per image",),
        ),
        Field(
            "Redo rate",
            "redo_rate",
            "percent",
            "The share of pictures you expect to make again. Shown apart from the estimate.",
            width=11,
        ),
        Field(
            "Review",
            "review",
            "text",
            "none, sample (every few pictures) or human (a person looks at each one).",
            choices="Review_modes",
            strict=True,
            width=10,
        ),
        Field(
            "Review minutes",
            "review_minutes",
            "minutes",
            "Minutes a person spends on one picture.",
            width=16,
        ),
        Field(
            "Prompt template",
            "prompt_template",
            "text",
            "Used where a rule names none.",
            choices="Prompt_templates",
            width=20,
            also=("Default prompt template",),
        ),
        Field(
            "Lane",
            "lane",
            "text",
            "fast, standard or review: which queue.",
            choices="Lanes",
            strict=True,
            width=11,
        ),
        Field(
            "Monthly cap",
            "monthly_cap",
            "money",
            "The most this tier may spend in a month, in US dollars. Empty: no cap of its own.",
            if_bad="zero",
            width=14,
        ),
    ),
)

PLACEMENTS: Final = Tab(
    contract.PLACEMENTS,
    "Where pictures are shown, and the rules of each place. Insert your own.",
    (
        Field(
            "Placement", "name", "text", "The name you use in Requests.", required=True, width=22
        ),
        Field(
            "Group",
            "group",
            "text",
            "The word the rubric asks for. Several placements may share one.",
            required=True,
            choices="Placement_groups",
            width=18,
            also=(contract.PLACEMENT_GROUP,),
        ),
        Field(
            "Channel", "channel", "text", "Where it is sold or shown.", choices="Channels", width=13
        ),
        Field(
            "Aspect ratio",
            "aspect_ratio",
            "text",
            "Width to height, for example 4:5.",
            if_bad="default",
            choices="Aspect_ratios",
            width=13,
        ),
        Field("Min px", "min_px", "whole", "Smallest long edge the place takes.", width=9),
        Field("Target px", "target_px", "whole", "Long edge to aim for.", width=11),
        Field("Max px", "max_px", "whole", "Largest long edge the place takes.", width=9),
        Field(
            "Background",
            "background",
            "text",
            "What stands behind the product here. Used where the Background of a request is empty.",
            choices="Backgrounds",
            strict=True,
            width=13,
            also=("Background rule",),
        ),
        Field(
            "Fill %",
            "fill_percent",
            "percent",
            "How much of the picture the product should fill.",
            width=9,
        ),
        Field("File types", "file_types", "texts", "File types the place takes.", width=16),
        Field("Max MB", "max_mb", "number", "Largest file the place takes, in megabytes.", width=9),
        Field(
            "Visibility weight",
            "visibility_weight",
            "number",
            "How many eyes see it, compared with a gallery picture (1).",
            width=16,
        ),
        Field(
            "Policy notes", "policy_notes", "text", "What the place allows and forbids.", width=60
        ),
        Field("Source", "source", "text", "Where the rule is written.", width=36),
        Field("Checked on", "checked_on", "date", "The day the rule was last looked up.", width=12),
        Field("Also called", "aliases", "texts", "Other names that mean this placement.", width=34),
    ),
)

PROMPTS: Final = Tab(
    contract.PROMPTS,
    "The words sent to an engine. {Heading} becomes the value of that column.",
    (
        Field(
            "Template",
            "name",
            "text",
            "The name the rubric and the tiers use.",
            required=True,
            width=22,
            also=(contract.PROMPT_TEMPLATE,),
        ),
        Field(
            "Tier",
            "tier",
            "whole",
            "The tier it is written for. Empty: any.",
            choices="Tier_numbers",
            width=7,
        ),
        Field(
            "Text",
            "text",
            "text",
            "What to make. {Product name}, {Scene notes} or any other column of yours is "
            "filled in for each row. A part in [square brackets] falls away where a value in it "
            "is empty.",
            required=True,
            width=90,
        ),
        Field(
            "Avoid",
            "avoid",
            "text",
            "What must not appear, separated by commas.",
            width=50,
            also=("Avoid list", "Avoid-list"),
        ),
    ),
)
