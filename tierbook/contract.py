"""The names a seller sees: tabs, headings and the words a cell may hold.

These are the workbook contract. Code refers to a heading through this module, never by typing
its text again.
"""

import re
from typing import Final

# Tabs a seller fills in, in the order they stand in the template.
START: Final = "Start here"
REQUESTS: Final = "Requests"
PRODUCTS: Final = "Products"
RUBRIC: Final = "Rubric"
RUBRIC_TESTS: Final = "Rubric tests"
SCORECARD: Final = "Scorecard"
TIERS: Final = "Tiers"
PLACEMENTS: Final = "Placements"
PROMPTS: Final = "Prompts"
PRICE_BOOK: Final = "Price book"
SETTINGS: Final = "Settings"
PERFORMANCE: Final = "Performance"
VALID_VALUES: Final = "Valid values"
CONFIGURATION_TABS: Final = (
    RUBRIC,
    RUBRIC_TESTS,
    SCORECARD,
    TIERS,
    PLACEMENTS,
    PROMPTS,
    PRICE_BOOK,
    SETTINGS,
    VALID_VALUES,
)

# Tabs a run writes and owns.
COST_SUMMARY: Final = "Cost summary"
RESULTS: Final = "Results"
RUBRIC_CHECK: Final = "Rubric check"
PROBLEMS: Final = "Problems"
MONTHLY_REVIEW: Final = "Monthly review"
AUDIT: Final = "Audit"
CHECKLIST: Final = "Checklist"
OUTPUT_TABS: Final = (
    COST_SUMMARY,
    RESULTS,
    RUBRIC_CHECK,
    PROBLEMS,
    MONTHLY_REVIEW,
    AUDIT,
    CHECKLIST,
)

# Requests: what the seller fills in.
SKU: Final = "SKU"
PLACEMENT: Final = "Placement"
PRODUCT_NAME: Final = "Product name"
CATEGORY: Final = "Category"
CHANNEL: Final = "Channel"
ASPECT_RATIO: Final = "Aspect ratio"
BACKGROUND: Final = "Background"
HUMAN_MODEL: Final = "Human model"
PROPS: Final = "Props"
ANGLES: Final = "Angles"
LONG_EDGE_PX: Final = "Long edge px"
BRAND_STRICTNESS: Final = "Brand strictness"
BUDGET_PER_IMAGE: Final = "Budget per image"
CAMPAIGN: Final = "Campaign"
SOURCE_IMAGE: Final = "Source image"
SCENE_NOTES: Final = "Scene notes"
NEEDED_BY: Final = "Needed by"
TIER_OVERRIDE: Final = "Tier override"
ACTION: Final = "Action"
REQUEST_INPUTS: Final = (
    SKU,
    PLACEMENT,
    PRODUCT_NAME,
    CATEGORY,
    CHANNEL,
    ASPECT_RATIO,
    BACKGROUND,
    HUMAN_MODEL,
    PROPS,
    ANGLES,
    LONG_EDGE_PX,
    BRAND_STRICTNESS,
    BUDGET_PER_IMAGE,
    CAMPAIGN,
    SOURCE_IMAGE,
    SCENE_NOTES,
    NEEDED_BY,
    TIER_OVERRIDE,
    ACTION,
)
REQUIRED_INPUTS: Final = (SKU, PLACEMENT)

# Columns Tierbook derives for the rubric; a seller's own column of that name wins.
PLACEMENT_GROUP: Final = "Placement group"
HAS_PHOTO: Final = "Photo"
DERIVED_INPUTS: Final = (PLACEMENT_GROUP, HAS_PHOTO)

# Requests: what Tierbook fills in, in this order.
TIER: Final = "Tier"
TIER_NAME: Final = "Tier name"
WHY: Final = "Why"
PROMPT_TEMPLATE: Final = "Prompt template"
RESOLUTION_TARGET: Final = "Resolution target"
QUEUE_PRIORITY: Final = "Queue priority"
ESTIMATED_COST: Final = "Est. cost"
STATUS: Final = "Status"
MESSAGE: Final = "Message"
RESULT: Final = "Result"
REVIEW: Final = "Review"
REVIEW_REASON: Final = "Review reason"
# Folded away behind the outline.
RULE: Final = "Rule"
CHEAPER_IF: Final = "Cheaper if"
LANE: Final = "Lane"
ENGINE: Final = "Engine"
IMAGES: Final = "Images"
ESTIMATED_COST_PER_IMAGE: Final = "Est. cost per image"
BUDGET_CHECK: Final = "Budget check"
PROMPT: Final = "Prompt"
RESULT_FILE: Final = "Result file"
ACTUAL_COST: Final = "Actual cost"
QUALITY_CHECK: Final = "Quality check"
REQUEST_ID: Final = "Request ID"

REQUEST_OUTPUTS: Final = (
    TIER,
    TIER_NAME,
    WHY,
    PROMPT_TEMPLATE,
    RESOLUTION_TARGET,
    QUEUE_PRIORITY,
    ESTIMATED_COST,
    STATUS,
    MESSAGE,
    RESULT,
    REVIEW,
    REVIEW_REASON,
    RULE,
    CHEAPER_IF,
    LANE,
    ENGINE,
    IMAGES,
    ESTIMATED_COST_PER_IMAGE,
    BUDGET_CHECK,
    PROMPT,
    RESULT_FILE,
    ACTUAL_COST,
    QUALITY_CHECK,
    REQUEST_ID,
)
FOLDED_OUTPUTS: Final = REQUEST_OUTPUTS[REQUEST_OUTPUTS.index(RULE) :]
# These appear with the first generation, not before.
GENERATION_OUTPUTS: Final = (
    RESULT,
    REVIEW,
    REVIEW_REASON,
    RESULT_FILE,
    ACTUAL_COST,
    QUALITY_CHECK,
)
# The seller answers in these two; every other output is Tierbook's alone.
SELLER_OUTPUTS: Final = (REVIEW, REVIEW_REASON)

# Words a cell may hold.
BACKGROUNDS: Final = ("white", "solid", "scene", "brand")
STRICTNESS: Final = ("low", "medium", "high")
# Placement groups whose channel says how the picture is made: no router and no budget may move
# such a picture out of the tier the rubric gives it.
POLICY_GROUPS: Final = ("marketplace main", "etsy")
# What a placement knows of every picture shown in it: the heading it fills where a row is blank,
# and the attribute of `model.Placement` that fills it.
FROM_PLACEMENT: Final = {
    ASPECT_RATIO: "aspect_ratio",
    BACKGROUND: "background",
    CHANNEL: "channel",
    LONG_EDGE_PX: "target_px",
}
ACTIONS: Final = ("route", "generate", "redo", "skip", "lock")
LANES: Final = ("fast", "standard", "review")
REVIEW_MODES: Final = ("none", "sample", "human")
REVIEW_DECISIONS: Final = ("approve", "reject", "redo")
REVIEW_REASONS: Final = (
    "product changed",
    "wrong text or logo",
    "wrong size",
    "background",
    "style",
    "other",
)
HOLD: Final = "HOLD"
ANY_CELLS: Final = ("", "-", "–", "—", "any")

# The Status column. The first five come with routing, the others with generation.
STATUSES: Final = (
    "OK",
    "WARN",
    "ERROR",
    "HOLD",
    "SKIPPED",
    "PLANNED",
    "DONE",
    "REFUSED",
    "FAILED",
    "UNKNOWN",
)

# The folder of the ledger and of masks found before, where a seller wants it elsewhere.
HOME_VARIABLE: Final = "TIERBOOK_HOME"

_IGNORED_IN_NAMES: Final = re.compile(r"[\s_\u00a0]+")


def folded(name: str) -> str:
    """Fold a tab name, heading or placement so that spellings of the same name are equal.

    Case, spaces, underscores and a trailing `*` (required mark) do not count.
    """
    return _IGNORED_IN_NAMES.sub("", name.strip().rstrip("*")).casefold()
