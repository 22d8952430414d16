"""Make the pictures under a hard cap: plan, bill, claim, make, store, settle, link.

    work = generation.plan_work(answers, ledger, options)
    bill = generation.bill(work)
    outcome = await generation.carry_out(work, ledger, engines.discover(), options, on_progress)
    answers = generation.with_results(answers, outcome.results)
    ... write the workbook ...
    generation.mark_linked(ledger, outcome.results)

Names are loaded on first use: planning needs no network library, and neither needs Pillow.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.generation.billing import TierBill, WorkBill, bill
    from tierbook.generation.ledger import Ledger, open_ledger
    from tierbook.generation.linking import mark_linked, results_for, with_results
    from tierbook.generation.outcomes import Outcome, RequestResult
    from tierbook.generation.planner import plan_work
    from tierbook.generation.progress import EngineProgress, Progress
    from tierbook.generation.resolving import Resolution, resolve
    from tierbook.generation.runner import carry_out
    from tierbook.generation.work import Pace, Work, WorkOptions, nothing_to_make

_HOMES = {
    "TierBill": "billing",
    "WorkBill": "billing",
    "bill": "billing",
    "Ledger": "ledger",
    "open_ledger": "ledger",
    "mark_linked": "linking",
    "results_for": "linking",
    "with_results": "linking",
    "Outcome": "outcomes",
    "RequestResult": "outcomes",
    "plan_work": "planner",
    "EngineProgress": "progress",
    "Progress": "progress",
    "Resolution": "resolving",
    "resolve": "resolving",
    "carry_out": "runner",
    "Pace": "work",
    "Work": "work",
    "WorkOptions": "work",
    "nothing_to_make": "work",
}

__all__ = [
    "EngineProgress",
    "Ledger",
    "Outcome",
    "Pace",
    "Progress",
    "RequestResult",
    "Resolution",
    "TierBill",
    "Work",
    "WorkBill",
    "WorkOptions",
    "bill",
    "carry_out",
    "mark_linked",
    "nothing_to_make",
    "open_ledger",
    "plan_work",
    "resolve",
    "results_for",
    "with_results",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
