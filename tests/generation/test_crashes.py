"""A process dies at every named point, under every fault; the next run puts it right.

`TIERBOOK_EXHAUSTIVE=1` takes every pair of point and fault, which takes minutes.

Each case is real processes and a provider with its own charge log. `case` is also what the
broken variants are put through: each of them must be caught here.
"""

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generation.broken import VARIANTS
from tests.generation.oracle import states, violations
from tests.generation.shop import MODELS, environ_of
from tests.generation.zygote import Zygote
from tests.providers.process import RunningProvider, running
from tests.providers.provider import JOB_FAULTS, RESULT_FAULTS, SUBMIT_FAULTS
from tierbook.generation import failpoints

# Every engine that is paid. The first of each kind (answers at once, keeps jobs) dies at every
# point, under the faults; the others pass the same code with their own wire format, and each dies
# at the points where that matters (exhaustively: at every point it passes).
FIRST = ("openai_images", "bfl")
OTHERS = ("gemini", "openrouter", "photoroom", "fal_queue", "replicate")
KEEP_JOBS = ("bfl", "fal_queue", "replicate")
# Waiting out a drip costs seconds; it ends like a broken body, which is here.
SUBMITTED = tuple(fault for fault in SUBMIT_FAULTS if fault not in ("slow_drip", "429_date"))
JOBS = JOB_FAULTS + RESULT_FAULTS
# Every pair of point and fault takes minutes; CI leaves out pairs whose fault cannot have come
# yet when the run dies, since the second run then meets it as `test_faults` does.
EXHAUSTIVE = bool(os.environ.get("TIERBOOK_EXHAUSTIVE"))
_COME_BY = {
    failpoints.CLAIMED: (),
    failpoints.ABOUT_TO_SEND: (),
    failpoints.SENDING: ("429_seconds",),
    failpoints.REPLIED: ("429_seconds", "500_charged", "wrong_type", "refused"),
    failpoints.PUT_BACK: ("429_seconds", "429_spend_limit"),
    failpoints.SUBMITTED: ("no_picture",),
    failpoints.POLLED: JOB_FAULTS,
    failpoints.READY: ("out_of_order",),
    failpoints.FETCHED: ("url_expired_once", "html_once", "result_half"),
    failpoints.ORIGINAL_KEPT: ("html_once", "429_seconds"),
    failpoints.RESULT_WRITTEN: ("result_reset", "429_seconds"),
    failpoints.DOWNLOADED: ("result_500", "429_seconds"),
    failpoints.SETTLED: ("500_charged", "refused", "no_picture", "job_failed", "url_expired"),
}

_OF_JOBS = {failpoints.SUBMITTED, failpoints.POLLED, failpoints.READY, failpoints.FETCHED}
_OF_THE_WIRE = (
    failpoints.SENDING,
    failpoints.REPLIED,
    failpoints.SUBMITTED,
    failpoints.READY,
    failpoints.SETTLED,
)
# The points another engine passes only under a fault.
_WORST = {failpoints.PUT_BACK: "429_seconds", failpoints.SETTLED: "no_picture"}


def faults_of(engine: str, point: str) -> tuple[str, ...]:
    if engine not in FIRST:
        return (_WORST.get(point, ""),)
    every = ("", *SUBMITTED, *(JOBS if engine in KEEP_JOBS else ()))
    return every if EXHAUSTIVE else ("", *(one for one in _COME_BY[point] if one in every))


def points_of(engine: str) -> tuple[str, ...]:
    points = failpoints.POINTS if engine in FIRST or EXHAUSTIVE else _OF_THE_WIRE
    return tuple(one for one in points if engine in KEEP_JOBS or one not in _OF_JOBS)


PRICE = 39_990


class Stage:
    """Providers and a zygote, shared by all cases of a worker."""

    def __init__(self, providers: dict[str, RunningProvider], zygote: Zygote) -> None:
        self.providers = providers
        self.zygote = zygote

    def case(
        self, folder: Path, engine: str, point: str, fault: str, broken: str = ""
    ) -> tuple[bool, list[str]]:
        """Die at `point` under `fault`, run again; tell if it died and what was broken."""
        folder.mkdir()
        provider = self.providers[engine]
        before = len(provider.lines())
        order: dict[str, Any] = {
            "folder": str(folder),
            "home": str(folder / "home"),
            "engine": MODELS[engine],
            "rows": 1,
            "cap": 3 * 40_020 // 2,
            "environ": environ_of(provider),
            "result": str(folder / "result.json"),
            "died": str(folder / "died"),
            "broken": broken,
        }
        provider.order(*([fault] if fault else []), price=PRICE)
        last = self.zygote.run({**order, "die_at": point})
        died = (folder / "died").exists()
        if died:
            last = self.zygote.run(order)
        assert not last["killed"], "a run without a crash must come to its end"
        assert "error" not in last, last
        # One row is made here, whatever a provider calls it: Photoroom's orders carry no words.
        lines = [{**line, "what": "SKU-0"} for line in provider.lines()[before:]]
        charges = [line for line in lines if "charge" in line]
        found = violations(charges, folder / "home", cap=order["cap"])
        left = {"reserved", "sending", "submitted", "ready"} & set(states(folder / "home"))
        found += [f"left {state}" for state in left]
        return died, found


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    logs = tmp_path_factory.mktemp("logs")
    with contextlib.ExitStack() as stack:
        providers = {
            engine: stack.enter_context(running(engine, logs / engine))
            for engine in (*FIRST, *OTHERS)
        }
        zygote = Zygote()
        stack.callback(zygote.close)
        yield Stage(providers, zygote)


@pytest.mark.parametrize(
    ("engine", "point"),
    [(engine, point) for engine in (*FIRST, *OTHERS) for point in points_of(engine)],
)
def test_no_crash_point_breaks_a_promise(stage: Stage, tmp_path: Path, engine: str, point: str):
    """Dying at this point under each fault: nothing paid twice, over the cap, or unrecorded."""
    died = 0
    for fault in faults_of(engine, point):
        dead, found = stage.case(tmp_path / (fault or "none"), engine, point, fault)
        assert found == [], f"{engine}, died at {point!r} under {fault or 'no fault'}"
        died += dead
    assert died, f"no run passed {point!r}"


@pytest.mark.parametrize("broken", sorted(VARIANTS))
def test_every_broken_variant_is_caught(stage: Stage, tmp_path: Path, broken: str):
    """The cases above are sharp enough: each rule, left out, breaks a promise in some of them."""
    points = (failpoints.SENDING, failpoints.REPLIED, failpoints.SETTLED)
    faults = ("", "reset_after", "500_charged")
    caught = []
    for index, (point, fault) in enumerate(itertools.product(points, faults)):
        _, found = stage.case(tmp_path / str(index), "openai_images", point, fault, broken)
        caught += found
        if caught:
            break
    assert caught
