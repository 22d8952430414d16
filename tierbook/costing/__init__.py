"""What pictures cost: price book, estimate, baseline, budget fit; pure."""

from tierbook.costing.bill import estimate
from tierbook.costing.budget import BudgetFit, fit_budget
from tierbook.costing.choice import Choice, NoPrice, read_choice
from tierbook.costing.price import Picture, Quote, is_stale, quote
from tierbook.costing.what_if import WhatIf, apply_what_if, per_tier, what_if

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
