"""Let the rubric, the scorecard or the learned router decide, whichever the catalog calls for."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import costing, prompts, routing
from tierbook.model import Configuration, Decisions, Problem, RequestTable
from tierbook.routing.choosing import (
    LEARNED_ROUTER,
    RouterChoice,
    choose_router_for,
    products,
)
from tierbook.routing.scorecard import SCORECARD_ROUTER, decide_scorecard

if TYPE_CHECKING:
    from tierbook.routing.learning import TrainedRouter

_SEAL = "Learned router seal"


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


def router_file(workbook: Path) -> Path:
    """Return where a workbook's learned router lies: beside it, as data anyone can read."""
    return workbook.with_name(f"{workbook.stem}.router.json")


def decide(requests: RequestTable, settings: Configuration, workbook: Path, today: date) -> Routed:
    """Decide every request; the rubric's holds and rules of channels come first, always."""
    router = choose(products(requests), settings, workbook)
    decisions, problems = decide_by(router, requests, settings, today)
    return Routed(decisions, tuple(problems), router.choice.why)


def choose(count: int, settings: Configuration, workbook: Path) -> Router:
    """Choose who decides a catalog of so many products."""
    trained, refused = _learned(workbook, settings)
    passed = None if trained is None else trained.passed
    choice, warned = choose_router_for(count, settings, passed)
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

    `explore` lets a learned router try some rows in a neighbouring tier, drawn over all rows.
    """
    rubric, problems = routing.decide(requests, settings)
    decisions = rubric
    problems = [*problems, *router.problems]
    if router.choice.router == SCORECARD_ROUTER:
        decisions, scored = decide_scorecard(requests, settings, rubric)
        problems += scored
    elif router.choice.router == LEARNED_ROUTER and router.trained is not None:
        trained = router.trained
        decisions, learned = _decide_learned(requests, settings, trained, rubric, today, explore)
        problems += learned
    if settings.settings.others:
        from tierbook.insights.holdout import with_holdout

        decisions = with_holdout(decisions, requests, settings)
    return replace(decisions, rubric_tier=rubric.tier), problems


def _learned(
    workbook: Path, settings: Configuration
) -> "tuple[TrainedRouter | None, list[Problem]]":
    """Load the router trained for this workbook; one that Settings does not know is refused."""
    path = router_file(workbook)
    if not path.exists():
        return None, []
    from tierbook.routing.learning import load, seal_of

    try:
        router, problems = load(path.read_bytes())
    except OSError as error:
        router, problems = None, [_refused(f"{path.name} cannot be read ({error.strerror}).")]
    known = settings.settings.others.get(_SEAL)
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
    explore: bool,
) -> tuple[Decisions, list[Problem]]:
    from tierbook.routing.learning import decide_learned
    from tierbook.routing.learning.deciding import EXPLORE

    texts, _ = prompts.compose(requests, rubric, settings)
    per_tier = costing.per_tier(requests, rubric, settings, texts, today)
    # One draw a month: a second run on the same day, or the next, tries out the same rows.
    seed = int(f"{today:%Y%m}")
    share = EXPLORE if explore else 0.0
    learned, problems = decide_learned(requests, settings, router, rubric, per_tier, seed, share)
    return replace(learned.decisions, propensity=learned.propensity), problems
