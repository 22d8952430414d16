"""The lists behind the dropdowns, and the words a cell with a fixed choice may hold."""

from collections.abc import Mapping
from typing import Final

from tierbook import contract

# List name (also the workbook's defined name) -> values. Lists that follow another tab
# (`Placement_names`, `Prompt_templates`) are not here: the template points them at that tab.
VALID_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "Backgrounds": contract.BACKGROUNDS,
    "Yes_no": ("yes", "no"),
    "Strictness": contract.STRICTNESS,
    "Actions": contract.ACTIONS,
    "Tier_numbers": ("1", "2", "3"),
    "Rubric_tiers": ("1", "2", "3", contract.HOLD),
    "Aspect_ratios": ("1:1", "4:5", "2:3", "3:4", "4:3", "16:9", "9:16", "1.91:1", "2:1", "3:1"),
    "Long_edges": ("1080", "1200", "1500", "1600", "2000", "2048", "2400", "3000"),
    "Lanes": contract.LANES,
    "Review_modes": contract.REVIEW_MODES,
    "Review_decisions": contract.REVIEW_DECISIONS,
    "Review_reasons": contract.REVIEW_REASONS,
    "Placement_groups": (
        "marketplace main",
        "etsy",
        "gallery",
        "swatch",
        "category",
        "hero",
        "campaign",
        "lookbook",
        "email",
        "social",
        "ad",
    ),
    "Channels": ("marketplace", "amazon", "etsy", "store", "email", "social", "ads"),
    "Routers": ("auto", "rubric", "scorecard", "learned"),
    "Hit_policies": (
        "First",
        "Unique",
        "Any",
        "Priority",
        "Rule order",
        "Output order",
        "Collect",
        "Collect sum",
        "Collect min",
        "Collect max",
        "Collect count",
    ),
    "Price_kinds": ("flat", "tier", "megapixel", "tokens", "credits", "time", "free"),
    "Operations": ("edit", "generate", "cutout", "replace_bg"),
    "Exactness": ("exact", "bounded", "estimate"),
    "Currencies": ("USD",),
}
