"""Let the rubric, the scorecard or the learned router decide, whichever the catalog calls for."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import costing, prompts, routing
from tierbook.model import Configuration, Decisions, Problem, RequestTable
from tierbook.routing.choosing import LEARNED_ROUTER, choose_router
from tierbook.routing.scorecard import SCORECARD_ROUTER, decide_scorecard

if TYPE_CHECKING:
    from tierbook.routing.learning import TrainedRouter

_SEAL = "Learned router seal"


@dataclass(frozen=True)
class Routed:
    """The decisions, what to tell of them, and the sentence that says who decided."""

    decisions: Decisions
    problems: tuple[Problem, ...]
    why: str


def router_file(workbook: Path) -> Path:
    """Return where a workbook's learned router lies: beside it, as data anyone can read."""
    return workbook.with_name(f"{workbook.stem}.router.json")


def decide(requests: RequestTable, settings: Configuration, workbook: Path, today: date) -> Routed:
    """Decide every request; the rubric's holds and rules of channels come first, always."""
    rubric, problems = routing.decide(requests, settings)
    decisions = rubric
    router, refused = _learned(workbook, settings)
    passed = None if router is None else router.passed
    choice, warned = choose_router(requests, settings, passed)
    problems = [*problems, *refused, *warned]
    if choice.router == SCORECARD_ROUTER:
        decisions, scored = decide_scorecard(requests, settings, rubric)
        problems += scored
    elif choice.router == LEARNED_ROUTER and router is not None:
        decisions, learned = _decide_learned(requests, settings, router, rubric, today)
        problems += learned
    if settings.settings.others:
        from tierbook.insights.holdout import with_holdout

        decisions = with_holdout(decisions, requests, settings)
    decisions = replace(decisions, rubric_tier=rubric.tier)
    return Routed(decisions, tuple(problems), choice.why)


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
) -> tuple[Decisions, list[Problem]]:
    from tierbook.routing.learning import decide_learned

    texts, _ = prompts.compose(requests, rubric, settings)
    per_tier = costing.per_tier(requests, rubric, settings, texts, today)
    # One draw a month: a second run on the same day, or the next, tries out the same rows.
    seed = int(f"{today:%Y%m}")
    learned, problems = decide_learned(requests, settings, router, rubric, per_tier, seed)
    return replace(learned.decisions, propensity=learned.propensity), problems
