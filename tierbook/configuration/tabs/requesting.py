"""The tabs a seller fills in (Requests, Products) and the columns Tierbook answers in."""

from collections.abc import Mapping
from typing import Final

from tierbook import contract
from tierbook.configuration.spec import Field, Tab

_INPUTS: Final = (
    Field(
        contract.SKU,
        "sku",
        "text",
        "Your product code, exactly as in your shop. The column is Text, so 00123 keeps its zeros.",
        required=True,
        width=16,
    ),
    Field(
        contract.PLACEMENT,
        "placement",
        "text",
        "Where the picture will be shown. Pick one; your own can be added on the Placements tab.",
        required=True,
        choices="Placement_names",
        width=19,
    ),
    Field(contract.PRODUCT_NAME, "product_name", "text", "Filled into the prompt.", width=26),
    Field(contract.CATEGORY, "category", "text", "For example candles or mugs.", width=14),
    Field(
        contract.CHANNEL,
        "channel",
        "text",
        "Where it is sold or shown. Empty: the placement's own channel.",
        choices="Channels",
        width=13,
    ),
    Field(
        contract.ASPECT_RATIO,
        "aspect_ratio",
        "text",
        "Width to height, such as 4:5. The column is Text, so 16:9 does not turn into a time. "
        "Empty: the placement's own.",
        choices="Aspect_ratios",
        width=9,
    ),
    Field(
        contract.BACKGROUND,
        "background",
        "text",
        "white, solid (one colour), scene (a place) or brand (your first brand colour). Empty: "
        "what the placement asks for.",
        choices="Backgrounds",
        strict=True,
        width=13,
    ),
    Field(
        contract.HUMAN_MODEL,
        "human_model",
        "yes_no",
        "yes when a person is in the picture.",
        choices="Yes_no",
        width=9,
    ),
    Field(
        contract.PROPS,
        "props",
        "yes_no",
        "yes when other things are in the picture.",
        choices="Yes_no",
        width=8,
    ),
    Field(
        contract.ANGLES,
        "angles",
        "whole",
        "How many views of the product you need here. Empty: one.",
        width=8,
    ),
    Field(
        contract.LONG_EDGE_PX,
        "long_edge_px",
        "whole",
        "Pixels on the longer side. Empty: what the placement asks for.",
        choices="Long_edges",
        width=10,
    ),
    Field(
        contract.BRAND_STRICTNESS,
        "brand_strictness",
        "text",
        "How closely the picture must follow your brand rules: low, medium or high.",
        choices="Strictness",
        strict=True,
        width=12,
    ),
    Field(
        contract.BUDGET_PER_IMAGE,
        "budget_per_image",
        "money",
        "The most one picture may cost, in US dollars. A dearer one is held.",
        width=11,
    ),
    Field(
        contract.CAMPAIGN,
        "campaign",
        "text",
        "The campaign's name, when the picture belongs to one. Leave empty otherwise.",
        width=16,
    ),
    Field(
        contract.SOURCE_IMAGE,
        "source_image",
        "text",
        "Your photo's file name in the image folder, or a path. Once one row has a photo, rows "
        "without one are held; while the whole column is empty, photos are not asked for.",
        width=24,
    ),
    Field(
        contract.SCENE_NOTES,
        "scene_notes",
        "text",
        "A few words on the scene, filled into the prompt.",
        width=30,
    ),
    Field(
        contract.NEEDED_BY,
        "needed_by",
        "date",
        "The day you need it. Earlier ones are made first.",
        width=12,
    ),
    Field(
        contract.TIER_OVERRIDE,
        "tier_override",
        "whole",
        "1, 2 or 3 when you know better than the rubric.",
        choices="Tier_numbers",
        width=10,
    ),
    Field(
        contract.ACTION,
        "action",
        "text",
        "route (or empty): decide and price. generate: also make it. redo: make it again. skip: "
        "leave it out. lock: keep what is there.",
        choices="Actions",
        strict=True,
        width=11,
    ),
)

REQUESTS: Final = Tab(
    contract.REQUESTS,
    "One row for each picture you need: a SKU in a placement. The rest is optional.",
    _INPUTS,
    may_be_empty=True,
)

# What Tierbook works out for the rubric; a seller's own column of that name wins.
DERIVED: Final = (
    Field(
        contract.PLACEMENT_GROUP,
        "placement_group",
        "text",
        "The group of the placement.",
        choices="Placement_groups",
    ),
    Field(
        contract.HAS_PHOTO,
        "photo",
        "yes_no",
        "yes when there is a source image.",
        choices="Yes_no",
    ),
)

# Facts that belong to a product rather than to one picture of it.
PRODUCTS: Final = Tab(
    contract.PRODUCTS,
    "Facts by SKU, filled into empty request cells. Add any column of your own.",
    (
        *(
            field
            for field in _INPUTS
            if field.heading
            in (
                contract.SKU,
                contract.PRODUCT_NAME,
                contract.CATEGORY,
                contract.BRAND_STRICTNESS,
                contract.SOURCE_IMAGE,
                contract.SCENE_NOTES,
            )
        ),
        Field(
            "Sales 90 days",
            "sales_90_days",
            "number",
            "What the product sold for in the last 90 days. The rubric starts slow sellers cheap "
            "and gives top sellers more care.",
            width=13,
        ),
        Field("Price", "price", "number", "Used by the scorecard.", width=10),
        Field("Margin %", "margin", "number", "Used by the scorecard. Type 35 for 35 %.", width=10),
        Field(
            "Sales rank", "sales_rank", "whole", "1 sells best. Used by the scorecard.", width=11
        ),
        Field(
            "Complexity",
            "complexity",
            "text",
            "low, medium or high: how hard it is to picture. Used by the scorecard.",
            choices="Strictness",
            width=12,
        ),
    ),
    may_be_empty=True,
)

# Help and width of each column Tierbook fills in.
OUTPUTS: Final[Mapping[str, tuple[str, int]]] = {
    contract.TIER: (
        "1 Standard, 2 Lifestyle, 3 Hero, or HOLD: needs a person or a photo first.",
        7,
    ),
    contract.TIER_NAME: ("What the tier is called on the Tiers tab.", 11),
    contract.WHY: ("The reason of the rule that decided, and what it saw.", 44),
    contract.PROMPT_TEMPLATE: ("The template of the Prompts tab.", 18),
    contract.RESOLUTION_TARGET: ("Width x height in pixels.", 13),
    contract.QUEUE_PRIORITY: ("1 is made first.", 9),
    contract.ESTIMATED_COST: ("US dollars for all pictures of this row, before redos.", 11),
    contract.STATUS: ("OK, WARN, ERROR, HOLD or SKIPPED.", 10),
    contract.MESSAGE: ("What to look at, and what to type instead.", 40),
    contract.RESULT: ("A link to the picture.", 16),
    contract.REVIEW: ("Yours to fill in: approve, reject or redo.", 11),
    contract.REVIEW_REASON: ("Yours to fill in: why it was rejected.", 20),
    contract.RULE: ("The rule that decided.", 8),
    contract.CHEAPER_IF: ("The smallest change that reaches a cheaper tier.", 36),
    contract.LANE: ("fast, standard or review.", 10),
    contract.ENGINE: ("What makes the picture.", 24),
    contract.IMAGES: ("Angles times candidates.", 8),
    contract.ESTIMATED_COST_PER_IMAGE: ("US dollars for one picture.", 11),
    contract.BUDGET_CHECK: ("Says so when one picture is dearer than its budget.", 20),
    contract.PROMPT: ("The words sent to the engine.", 40),
    contract.RESULT_FILE: ("The picture's file, seen from the workbook's folder.", 28),
    contract.ACTUAL_COST: ("US dollars that were charged.", 11),
    contract.QUALITY_CHECK: ("What the automatic check of the picture found.", 24),
    contract.REQUEST_ID: ("Tierbook's own name for this row. It stays when you sort.", 18),
}

# Written by `tierbook performance`; a seller may fill it in by hand as well.
PERFORMANCE: Final = Tab(
    contract.PERFORMANCE,
    "What your pictures did: one row for each SKU, placement and period.",
    (
        Field(
            contract.SKU, "sku", "text", "The same code as in Requests.", required=True, width=18
        ),
        Field(
            contract.PLACEMENT,
            "placement",
            "text",
            "The same placement as in Requests.",
            required=True,
            choices="Placement_names",
            width=20,
        ),
        Field("Source", "source", "text", "The report the numbers come from.", width=22),
        Field("From", "start", "date", "First day of the period.", width=12),
        Field("To", "end", "date", "Last day of the period.", width=12),
        Field("Impressions", "impressions", "whole", "How often it was shown.", width=13),
        Field("Clicks", "clicks", "whole", "How often it was clicked or visited.", width=10),
        Field("Orders", "orders", "number", "Sales that followed.", width=10),
        Field("Revenue", "revenue", "number", "What those sales brought.", width=12),
        Field("Ad cost", "ad_cost", "number", "What showing it cost.", width=12),
    ),
    may_be_empty=True,
)
