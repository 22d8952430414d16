"""The tabs about money and names: Price book, Settings."""

from typing import Final

from tierbook import contract
from tierbook.configuration.spec import Field, Tab

PRICE_BOOK: Final = Tab(
    contract.PRICE_BOOK,
    "One exact price a row. A picture with no price here is held, never counted as free.",
    (
        Field(
            "Engine",
            "engine",
            "text",
            "Which engine of Tierbook reaches it.",
            required=True,
            width=15,
        ),
        Field(
            "Provider",
            "provider",
            "text",
            "The company with the key and the bill.",
            required=True,
            width=19,
        ),
        Field("Model", "model", "text", "The model's exact name.", required=True, width=30),
        Field(
            "Operation",
            "operation",
            "text",
            "edit starts from your photo, generate from words alone.",
            choices="Operations",
            width=14,
        ),
        Field(
            "Quality",
            "quality",
            "text",
            "The provider's quality word. Empty: the price holds for all.",
            width=10,
        ),
        Field(
            "Size",
            "size",
            "text",
            "1K, 2K or 1024x1536. Empty: the price holds for all sizes.",
            width=11,
        ),
        Field(
            "Kind",
            "kind",
            "text",
            "How the price is made up: flat, tier (by size), megapixel, tokens, credits, time "
            "or free.",
            required=True,
            if_bad="skip",
            choices="Price_kinds",
            strict=True,
            width=11,
        ),
        Field("Unit", "unit", "text", "What the price is for.", width=15),
        Field(
            "Price",
            "price",
            "dollars",
            "US dollars a unit. Empty for tokens and megapixel, whose parts stand in Details.",
            if_bad="skip",
            width=10,
        ),
        Field(
            "Details",
            "details",
            "pairs",
            "The parts of a price, for example text_in=5; image_in=8; image_out=30; "
            "output_tokens=439.",
            if_bad="skip",
            width=76,
        ),
        Field(
            "Exactness",
            "exactness",
            "text",
            "exact: the bill says this. bounded: at most this. estimate: the provider gives no"
            " firm price.",
            if_bad="skip",
            choices="Exactness",
            strict=True,
            width=11,
        ),
        Field(
            "Effective from",
            "effective_from",
            "date",
            "The price holds from this day.",
            if_bad="skip",
            width=15,
        ),
        Field(
            "Shutdown date",
            "shutdown_date",
            "date",
            "The model ends on this day; work on it is refused from then on.",
            if_bad="skip",
            width=15,
        ),
        Field("Replacement", "replacement", "text", "What to use instead.", width=26),
        Field("Source", "source", "text", "Where the price is written.", width=50),
        Field(
            "Checked on", "checked_on", "date", "The day the price was last looked up.", width=12
        ),
    ),
)

SETTINGS: Final = Tab(
    contract.SETTINGS,
    "Your own numbers and names. An empty value keeps the built-in one.",
    (
        Field("Setting", "setting", "text", "What is set.", required=True, width=30),
        Field("Value", "value", "cell", "Your value. Empty: the built-in one holds.", width=30),
        Field("Note", "note", "text", "What it does.", width=80),
    ),
)

# The lines of the Settings tab; `name` is the attribute of `model.Settings`.
SETTING_LINES: Final = (
    Field("Brand name", "brand_name", "text", "Filled into prompts as {Brand name}."),
    Field(
        "Brand colours",
        "brand_colours",
        "texts",
        "Colour codes separated by commas, such as #1F3A5F, #F4EDE4. The first is the colour "
        "behind pictures with a brand background.",
    ),
    Field(
        "Currency",
        "currency",
        "text",
        "Prices are kept in US dollars, as providers bill them.",
        choices="Currencies",
        strict=True,
    ),
    Field(
        "Router",
        "router",
        "text",
        "auto chooses by catalog size: the rubric below 200 SKUs, the scorecard above, the "
        "learned router past 5,000 once it is trained. Or name one.",
        choices="Routers",
        strict=True,
    ),
    Field(
        "Cap per run",
        "cap_per_run",
        "money",
        "The most one run may spend, in US dollars. Nothing starts that could pass it.",
        if_bad="zero",
    ),
    Field(
        "Cap per month",
        "cap_per_month",
        "money",
        "The most a calendar month may cost, in US dollars, all runs together.",
        if_bad="zero",
    ),
    Field(
        "Cap per run, tier 1",
        "cap_tier_1",
        "money",
        "The most one run may spend on tier 1.",
        if_bad="zero",
    ),
    Field(
        "Cap per run, tier 2",
        "cap_tier_2",
        "money",
        "The most one run may spend on tier 2.",
        if_bad="zero",
    ),
    Field(
        "Cap per run, tier 3",
        "cap_tier_3",
        "money",
        "The most one run may spend on tier 3.",
        if_bad="zero",
    ),
    Field(
        "Baseline engine",
        "baseline_engine",
        "text",
        "The one model you would use for everything without routing. Savings are measured "
        "against it.",
    ),
    Field(
        "Baseline price per image",
        "baseline_price",
        "money",
        "What you pay for a picture today, in US dollars: a studio, a freelancer, another "
        "tool. Counts instead of the baseline engine. (Published figures for one model for "
        "everything, for orientation only: $0.45 to $0.90.)",
    ),
    Field(
        "Review cost per hour",
        "review_cost_per_hour",
        "money",
        "What an hour of the person who looks at pictures costs you, in US dollars. Shown "
        "apart from the estimate.",
    ),
    Field(
        "Pictures per month",
        "pictures_per_month",
        "whole",
        "How many pictures you need in a month. Used for the monthly projection.",
    ),
    Field(
        "Image folder",
        "image_folder",
        "text",
        "Where your photos lie and results go, seen from the workbook's own folder.",
    ),
    Field(
        "Time zone",
        "time_zone",
        "text",
        "Decides when a month begins, for example Europe/Berlin or America/New_York.",
    ),
    Field(
        "Hero share",
        "hero_share",
        "percent",
        "The share of pictures you mean to give to tier 3. More than this is pointed out by "
        "the rubric check.",
    ),
    Field(
        "Raise after a reject",
        "raise_after_reject",
        "yes_no",
        "yes: a row whose picture you rejected is routed one tier up, once, within its budget "
        "and all caps, and is made by the next --generate. no: it stays; the monthly review "
        "says what one tier up would cost.",
    ),
    Field(
        "Value of an approved picture",
        "picture_value",
        "money",
        "What an approved picture of visibility weight 1 is worth to you, in US dollars; "
        "`tierbook train` weighs cost against it. Empty: the least at which approvals do not fall "
        "below the rubric's.",
    ),
    Field(
        "Share to try out",
        "explore_share",
        "percent",
        "5 % to 15 % of the pictures take the tier above or below, so that a learned router has "
        "something to learn from. Adds 5 % to the cost at most. Empty: none. Strict brands never "
        "are tried out.",
    ),
    Field(
        "Holdout share",
        "holdout_share",
        "percent",
        "This share of your SKUs, the same ones every month, is routed one tier up, so that the "
        "monthly review can say what a dearer tier does for conversion. Empty: none.",
    ),
)
