"""Which router decides a catalog, and why: rubric, scorecard or learned."""

from dataclasses import dataclass

from tierbook.contract import SCORECARD, SETTINGS, SKU
from tierbook.model import CellRef, Configuration, Problem, RequestTable
from tierbook.routing.deciding import RUBRIC_ROUTER
from tierbook.routing.mistakes import counted
from tierbook.routing.scorecard import SCORECARD_ROUTER

AUTO, LEARNED_ROUTER = "auto", "learned"
RUBRIC_BELOW = 200
SCORECARD_TO = 5_000
MANY = 1 << 62


@dataclass(frozen=True, slots=True)
class RouterChoice:
    """The router taken, and the sentence that says why."""

    router: str
    why: str


def choose_router(
    count: int, configuration: Configuration, model_passed: bool | None, *, refused: bool = False
) -> tuple[RouterChoice, list[Problem]]:
    """Pick the router the seller pinned in Settings, or by the number of products, `count`.

    Past what matters nobody need have counted on: `MANY` says that there are more than that.

    `model_passed` tells whether a learned router is there and passed its gates; None: there is
    none, or what is there was `refused`. A pinned router that cannot be used gives way to the
    rubric, with a warning.
    """
    pinned = configuration.settings.router.strip().casefold() or AUTO
    said_by = configuration.settings.router_said_by
    if pinned in (RUBRIC_ROUTER, SCORECARD_ROUTER):
        return RouterChoice(pinned, f"The {pinned} decides: {said_by} says so."), []
    lack = "" if model_passed else _lack(model_passed, refused)
    if pinned == LEARNED_ROUTER:
        return _pinned_learned(lack, said_by)
    choice = _by_size(count, SCORECARD in configuration.from_workbook, lack)
    problems = [] if pinned == AUTO else [_unknown(pinned, said_by)]
    return choice, problems


def products(requests: RequestTable) -> int:
    """Count the SKUs of the rows that have no error."""
    skus = requests.column(SKU)[~requests.bad]
    return len(set(skus.tolist()))


def _lack(model_passed: bool | None, refused: bool) -> str:
    """Say why no learned router can decide."""
    if refused:
        return "the learned router beside the workbook was refused"
    if model_passed is None:
        return "no learned router has been trained"
    return "the learned router did not pass its gates"


def _by_size(count: int, filled: bool, lack: str) -> RouterChoice:
    said = f"more than {SCORECARD_TO:,} products" if count == MANY else counted(count, "product")
    if count < RUBRIC_BELOW:
        return RouterChoice(RUBRIC_ROUTER, f"The rubric decides: {said}, under {RUBRIC_BELOW}.")
    if count > SCORECARD_TO and not lack:
        why = f"The learned router decides: {said}, over {SCORECARD_TO:,}, and it passed its gates."
        return RouterChoice(LEARNED_ROUTER, why)
    missing = f"; {lack}" if count > SCORECARD_TO else ""
    if filled:
        return RouterChoice(
            SCORECARD_ROUTER,
            f'The scorecard decides: {said}, and tab "{SCORECARD}" is filled in{missing}.',
        )
    return RouterChoice(
        RUBRIC_ROUTER,
        f'The rubric decides: {said}, and the workbook has no tab "{SCORECARD}"{missing}.',
    )


def _pinned_learned(lack: str, said_by: str) -> tuple[RouterChoice, list[Problem]]:
    if not lack:
        why = f"The learned router decides: {said_by} says so."
        return RouterChoice(LEARNED_ROUTER, why), []
    return RouterChoice(RUBRIC_ROUTER, f"The rubric decides: {lack}."), [
        Problem(
            "no-learned-router",
            "warning",
            f"{said_by} says learned, but {lack}. The rubric decided.",
            "Run `tierbook train` on this workbook or on a log of past decisions.",
            _settings(said_by),
        )
    ]


def _unknown(pinned: str, said_by: str) -> Problem:
    return Problem(
        "unknown-router",
        "warning",
        f'{said_by} says "{pinned}", which is no router.',
        f"Type {AUTO}, {RUBRIC_ROUTER}, {SCORECARD_ROUTER} or {LEARNED_ROUTER}.",
        _settings(said_by),
    )


def _settings(said_by: str) -> CellRef | None:
    return CellRef(SETTINGS) if SETTINGS in said_by else None
