"""What pictures cost: price book, estimate, baseline, budget fit; pure."""

from typing import TYPE_CHECKING, Any

from tierbook.costing.bill import estimate
from tierbook.costing.choice import Choice, NoPrice, read_choice
from tierbook.costing.price import Picture, Quote, is_stale, quote
from tierbook.costing.what_if import WhatIf, apply_what_if, per_tier, what_if

if TYPE_CHECKING:
    from tierbook.costing.budget import BudgetFit, fit_budget

__all__ = [
    "BudgetFit",
    "Choice",
    "NoPrice",
    "Picture",
    "Quote",
    "WhatIf",
    "apply_what_if",
    "estimate",
    "fit_budget",
    "is_stale",
    "per_tier",
    "quote",
    "read_choice",
    "what_if",
]


def __getattr__(name: str) -> Any:
    """Load the budget fit on first use: a plain run does not need it."""
    if name in ("BudgetFit", "fit_budget"):
        from tierbook.costing import budget

        return getattr(budget, name)
    raise AttributeError(f"module 'tierbook.costing' has no attribute {name!r}")
