"""The tabs, each declared once: the loader, the template and the docs read these.

Headings and their order are the workbook contract. A help text is at most 255 characters, the
most an input message may hold.
"""

from typing import Final

from tierbook import contract
from tierbook.configuration.spec import Tab
from tierbook.configuration.tabs.deciding import RUBRIC, RUBRIC_TESTS, SCORECARD
from tierbook.configuration.tabs.making import PLACEMENTS, PROMPTS, TIERS
from tierbook.configuration.tabs.paying import PRICE_BOOK, SETTING_LINES, SETTINGS
from tierbook.configuration.tabs.requesting import DERIVED, OUTPUTS, PERFORMANCE, PRODUCTS, REQUESTS

VALID_VALUES: Final = Tab(
    contract.VALID_VALUES,
    "The lists behind the dropdowns. Add your own words inside a list.",
    (),
    may_be_empty=True,
)
TABS: Final = (
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

__all__ = [
    "DERIVED",
    "OUTPUTS",
    "PERFORMANCE",
    "PLACEMENTS",
    "PRICE_BOOK",
    "PRODUCTS",
    "PROMPTS",
    "REQUESTS",
    "RUBRIC",
    "RUBRIC_TESTS",
    "SCORECARD",
    "SETTINGS",
    "SETTING_LINES",
    "TABS",
    "TIERS",
    "VALID_VALUES",
]
