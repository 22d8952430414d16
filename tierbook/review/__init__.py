"""The local review page: look at the pictures, approve, reject, have them made anew.

    desk = review.desk_for(answers, workbook, ledger)
    review.serve(desk, open_browser=True, on_ready=say)

Names are loaded on first use: the page needs the extra `review`, nothing else of Tierbook does.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.review.desk import RedoPrice, RedoStatus, ReviewDesk, ReviewPicture
    from tierbook.review.ledger_desk import desk_for
    from tierbook.review.merging import Answer, Disagreement, Merged, SheetReview, merge
    from tierbook.review.one_file_page import static_page
    from tierbook.review.serving import serve
    from tierbook.review.sheet import TakenReviews, remember_reviews, take_reviews

_HOMES = {
    "Answer": "merging",
    "Disagreement": "merging",
    "Merged": "merging",
    "RedoPrice": "desk",
    "RedoStatus": "desk",
    "ReviewDesk": "desk",
    "ReviewPicture": "desk",
    "SheetReview": "merging",
    "TakenReviews": "sheet",
    "desk_for": "ledger_desk",
    "merge": "merging",
    "remember_reviews": "sheet",
    "serve": "serving",
    "static_page": "one_file_page",
    "take_reviews": "sheet",
}

__all__ = [
    "Answer",
    "Disagreement",
    "Merged",
    "RedoPrice",
    "RedoStatus",
    "ReviewDesk",
    "ReviewPicture",
    "SheetReview",
    "TakenReviews",
    "desk_for",
    "merge",
    "remember_reviews",
    "serve",
    "static_page",
    "take_reviews",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
