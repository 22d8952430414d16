"""Let the rubric, the scorecard or the learned router decide, whichever the catalog calls for."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import costing, prompts, routing
from tierbook.contract import folded
from tierbook.model import Configuration, Decisions, Problem, RequestTable
from tierbook.routing.choosing import (
    LEARNED_ROUTER,
    RouterChoice,
    choose_router,
    products,
)
from tierbook.routing.deciding import TRIED_ROUTER
from tierbook.routing.scorecard import SCORECARD_ROUTER, decide_scorecard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tierbook.routing.learning import TrainedRouter, TryOut


@dataclass(frozen=True, slots=True)
class Routed:
    """The decisions, what to tell of them, and the sentence that says who decided."""

    decisions: Decisions
    problems: tuple[Problem, ...]
    why: str


@dataclass(frozen=True)
class Router:
    """Who decides a catalog; plain values, so that it can be sent to another machine.

    Attributes:
        choice: The router taken, and why.
        trained: The learned router of the catalog, None where there is none.
        problems: What to tell of the choice.
    """

    choice: RouterChoice
    trained: "TrainedRouter | None" = None
    problems: tuple[Problem, ...] = ()

    def looks_at_products(self, settings: Configuration) -> bool:
        """Tell whether it decides by more of a row than rules compare, as its SKU."""
        if self.choice.router == LEARNED_ROUTER and self.trained is not None:
            return True
        return bool(settings.settings.holdout_share)


def router_file(workbook: Path) -> Path:
    """Return where a workbook's learned router lies: beside it, as data anyone can read."""
    return workbook.with_name(f"{workbook.stem}.router.json")


def decide(requests: RequestTable, settings: Configuration, workbook: Path, today: date) -> Routed:
    """Decide every request; the rubric's holds and rules of channels come first, always."""
    router = choose(products(requests), settings, workbook)
    decisions, problems = decide_by(router, requests, settings, today)
    tried = int((decisions.router == TRIED_ROUTER).sum())
    told = f" {tried:,} rows are tried out one tier above or below, to learn from." if tried else ""
    return Routed(decisions, tuple(problems), router.choice.why + told)


def choose(count: int, settings: Configuration, workbook: Path) -> Router:
    """Choose who decides a catalog of so many products."""
    trained, refused = _learned(workbook, settings)
    passed = None if trained is None else trained.passed
    choice, warned = choose_router(count, settings, passed, refused=bool(refused))
    return Router(choice, trained, (*refused, *warned))


def decide_by(
    router: Router,
    requests: RequestTable,
    settings: Configuration,
    today: date,
    *,
    explore: bool = True,
) -> tuple[Decisions, list[Problem]]:
    """Decide every request by the router chosen.

    `explore` lets some rows be tried in a neighbouring tier, where Settings asks for it; what that
    may cost is held down over all rows, so it needs all of them.
    """
    rubric, problems = routing.decide(requests, settings)
    decisions, told = rubric, []
    trying = _try_out(requests, settings) if explore else None
    if router.choice.router == LEARNED_ROUTER and router.trained is not None:
        decisions, told = _decide_learned(requests, settings, router.trained, rubric, today, trying)
    else:
        if router.choice.router == SCORECARD_ROUTER:
            decisions, told = decide_scorecard(requests, settings, rubric)
        if trying is not None:
            from tierbook.routing.learning import explore_plan

            prices = _per_tier(requests, settings, rubric, today)
            decisions = explore_plan(requests, settings, rubric, decisions, prices, trying)
    if settings.settings.holdout_share:
        from tierbook.insights.holdout import with_holdout

        decisions = with_holdout(decisions, requests, settings)
    found = [*problems, *router.problems, *told]
    return replace(decisions, rubric_tier=rubric.tier), found


def _learned(
    workbook: Path, settings: Configuration
) -> "tuple[TrainedRouter | None, list[Problem]]":
    """Load the router trained for this workbook; one that Settings does not know is refused."""
    path = router_file(workbook)
    if not path.exists():
        return None, []
    from tierbook.routing.learning import SEAL_LINE, load, seal_of

    try:
        router, problems = load(path.read_bytes())
    except OSError as error:
        router, problems = None, [_refused(f"{path.name} cannot be read ({error.strerror}).")]
    others = settings.settings.others.items()
    known = next((value for label, value in others if folded(label) == folded(SEAL_LINE)), None)
    if router is not None and known and str(known).strip() != seal_of(router):
        return None, [_refused(f"{path.name} is not the router that the Settings tab names.")]
    return router, problems


def _refused(message: str) -> Problem:
    return Problem(
        "router-refused",
        "warning",
        f"{message} The rubric decided instead.",
        "train it again with `tierbook train`, or restore the file from a backup.",
    )


def _decide_learned(
    requests: RequestTable,
    settings: Configuration,
    router: "TrainedRouter",
    rubric: Decisions,
    today: date,
    trying: "TryOut | None",
) -> tuple[Decisions, list[Problem]]:
    from tierbook.routing.learning import decide_learned

    prices = _per_tier(requests, settings, rubric, today)
    learned, problems = decide_learned(requests, settings, router, rubric, prices, trying)
    return replace(learned.decisions, propensity=learned.propensity), problems


def _per_tier(
    requests: RequestTable, settings: Configuration, rubric: Decisions, today: date
) -> "NDArray[np.int64]":
    texts, _ = prompts.compose(requests, rubric, settings)
    return costing.per_tier(requests, rubric, settings, texts, today)


def _try_out(requests: RequestTable, settings: Configuration) -> "TryOut | None":
    """Draw which requests are tried out, where Settings asks for it.

    By a hash of the request, not by the clock or its place in the sheet: a picture that was made
    must not change its tier, and be made again, because a row was inserted or a month is over.
    """
    share = float(settings.settings.explore_share)
    if not share:
        return None
    import numpy as np

    from tierbook.routing.learning import TryOut
    from tierbook.workbook.answers import request_ids

    digests = [
        hashlib.sha256(f"try out\x1f{request}".encode()).digest()[:6]
        for request in request_ids(requests)
    ]
    drawn = np.array([int.from_bytes(digest) for digest in digests], np.float64) / 2**48
    return TryOut(share, drawn)
