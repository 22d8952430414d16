"""Every engine against its provider, well-behaved and misbehaving, over real connections."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generation.oracle import violations
from tests.generation.shop import MODELS, QUICK, Shop, environ_of
from tests.providers.process import RunningProvider, running
from tests.providers.provider import JOB_FAULTS, RESULT_FAULTS, SUBMIT_FAULTS, picture_of
from tests.providers.serve import provider_class
from tierbook import contract, engines, generation
from tierbook.generation import Outcome
from tierbook.generation.work import Pace

PAID = ("openai_images", "gemini", "fal_queue", "bfl", "photoroom", "replicate", "openrouter")
JOBS = ("fal_queue", "bfl", "replicate")
# Providers that show their requests, and the faults in which one was taken although no answer came.
LISTING = ("fal_queue", "replicate")
TAKEN = ("reset_after", "half_body", "wrong_type", "500_charged")


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningProvider]]:
    logs = tmp_path_factory.mktemp("logs")
    with contextlib.ExitStack() as stack:
        yield {
            engine: stack.enter_context(running(engine, logs / engine))
            for engine in (*PAID, "comfyui")
        }


class Trial:
    """One shop with one provider; runs are made in this process."""

    def __init__(self, provider: RunningProvider, folder: Path, pace: Pace = QUICK) -> None:
        self.provider = provider
        self.home = folder / "home"
        self.pace = pace
        columns = {}
        if provider.engine == "photoroom":
            for index in range(2):
                photo = picture_of(f"photo {index} {folder.name}")
                (folder / f"{index}.png").write_bytes(photo)
            columns[contract.SOURCE_IMAGE] = ["0.png", "1.png"]
        self.shop = Shop(folder, engine=MODELS[provider.engine], rows=2, columns=columns)
        self._before = len(provider.lines())

    def run(self, *faults: str, **orders: Any) -> Outcome:
        self.provider.order(*faults, **{"price": 39_990, **orders})
        ledger = generation.open_ledger(self.home)
        options = self.shop.options(environ_of(self.provider), pace=self.pace)
        try:
            work = generation.plan_work(self.shop.answers(), ledger, options)
            return asyncio.run(generation.carry_out(work, ledger, engines.discover(), options))
        finally:
            ledger.close()

    def charges(self) -> list[dict[str, Any]]:
        new = self.provider.lines()[self._before :]
        charges = [line for line in new if "charge" in line]
        if self.provider.engine != "photoroom":
            return charges
        # Its orders carry no words; the order of first appearance tells its pictures apart.
        names = {what: i for i, what in enumerate(dict.fromkeys(c["what"] for c in charges))}
        return [{**c, "what": f"picture of SKU-{names[c['what']]}"} for c in charges]

    def assert_money_is_safe(self) -> None:
        charges = self.charges()
        assert not [line for line in self.provider.lines() if "invalid" in line]
        if self.provider.engine == "photoroom":
            times = [charge["what"] for charge in charges]
            assert len(times) == len(set(times))
            return
        assert violations(charges, self.home, cap=None) == []


@pytest.mark.parametrize("engine", (*PAID, "comfyui"))
def test_pictures_are_made_and_a_second_run_pays_nothing(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str
):
    """Two rows, two charges, two files of the exact size; running again changes nothing."""
    from PIL import Image

    trial = Trial(providers[engine], tmp_path)
    outcome = trial.run()
    assert [result.status for result in outcome.results] == ["DONE", "DONE"]
    for result in outcome.results:
        with Image.open(tmp_path / result.files[0]) as picture:
            assert picture.size == (64, 64)
    again = trial.run()
    assert [result.files for result in again.results] == [r.files for r in outcome.results]
    assert (again.made, again.settled) == (0, 0)
    assert len(trial.charges()) == 2
    trial.assert_money_is_safe()


def expected(engine: str, fault: str) -> str:
    """Say how the row of the faulted picture must end."""
    if fault in ("429_seconds", "429_date"):
        return "DONE"
    if fault == "429_spend_limit":
        return "PLANNED"
    if fault == "refused":
        # Photoroom answers 400 without saying why, so it is a failure that cost nothing.
        return "FAILED" if engine == "photoroom" else "REFUSED"
    if fault == "no_picture":
        return "FAILED"
    if fault in TAKEN and engine in LISTING:
        return "DONE"
    if fault == "wrong_type":
        # No address to ask it at; a picture that cannot be read is charged, its answer is in doubt.
        return "FAILED" if engine == "photoroom" else "UNKNOWN"
    return "UNKNOWN"


@pytest.mark.parametrize("fault", [fault for fault in SUBMIT_FAULTS if fault != "slow_drip"])
@pytest.mark.parametrize("engine", PAID)
def test_a_fault_while_sending(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str, fault: str
):
    """Each fault ends as the table of events says, and no later run pays again for it."""
    trial = Trial(providers[engine], tmp_path)
    outcome = trial.run(fault)
    statuses = sorted(result.status for result in outcome.results)
    if fault == "429_spend_limit":
        assert "PLANNED" in statuses
    else:
        assert statuses == sorted([expected(engine, fault), "DONE"])
    trial.assert_money_is_safe()
    charged = len(trial.charges())
    trial.run()
    trial.assert_money_is_safe()
    if fault not in ("429_spend_limit", "refused"):
        assert len(trial.charges()) == charged, "the second run paid again"


@pytest.mark.parametrize("engine", ["openai_images", "bfl"])
def test_an_answer_that_never_ends_leaves_the_charge_open(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str
):
    """A body that drips byte by byte passes every read timeout, but not the total."""
    trial = Trial(providers[engine], tmp_path, Pace(**{**_fields(QUICK), "read_timeout": 0.4}))
    outcome = trial.run("slow_drip")
    assert sorted(result.status for result in outcome.results) == ["DONE", "UNKNOWN"]
    trial.assert_money_is_safe()


def _fields(pace: Pace) -> dict[str, Any]:
    return {name: getattr(pace, name) for name in Pace.__slots__}


@pytest.mark.parametrize("fault", JOB_FAULTS)
@pytest.mark.parametrize("engine", JOBS)
def test_a_fault_while_a_job_runs(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str, fault: str
):
    """Polling is patient; a job that is lost or failed leaves its charge open."""
    trial = Trial(providers[engine], tmp_path)
    outcome = trial.run(fault)
    lost = fault in ("job_lost", "job_failed")
    statuses = sorted(result.status for result in outcome.results)
    assert statuses == (["DONE", "UNKNOWN"] if lost else ["DONE", "DONE"])
    trial.run()
    assert len(trial.charges()) == 2
    trial.assert_money_is_safe()


@pytest.mark.parametrize("fault", RESULT_FAULTS)
@pytest.mark.parametrize("engine", JOBS)
def test_a_fault_while_fetching(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str, fault: str
):
    """A failed download repeats the download; only a picture that is gone for good is a loss."""
    trial = Trial(providers[engine], tmp_path)
    outcome = trial.run(fault)
    lost = fault in ("url_expired", "redirect_private", "bomb", "html")
    statuses = sorted(result.status for result in outcome.results)
    assert statuses == (["DONE", "FAILED"] if lost else ["DONE", "DONE"])
    trial.run()
    assert len(trial.charges()) == 2
    trial.assert_money_is_safe()


def test_a_free_provider_is_simply_asked_again(
    providers: dict[str, RunningProvider], tmp_path: Path
):
    """Where nothing can be charged, a broken connection is tried again without a question."""
    trial = Trial(providers["comfyui"], tmp_path)
    for fault in ("reset_before", "reset_after", "half_body", "429_seconds"):
        outcome = trial.run(fault)
        assert [result.status for result in outcome.results] == ["DONE", "DONE"], fault
        assert outcome.unknown == ()


def test_a_provider_that_refuses_connections_is_left_alone_uncharged(
    providers: dict[str, RunningProvider], tmp_path: Path
):
    """Nobody listens: nothing is charged, the row says so, and the next run makes it."""
    trial = Trial(providers["gemini"], tmp_path)
    providers["gemini"].listen(False)
    try:
        outcome = trial.run()
    finally:
        providers["gemini"].listen(True)
    assert [result.status for result in outcome.results] == ["PLANNED", "PLANNED"]
    assert "cannot be reached" in outcome.results[0].message
    assert "Nothing was charged" in outcome.results[0].message
    assert trial.charges() == []
    assert [result.status for result in trial.run().results] == ["DONE", "DONE"]
    trial.assert_money_is_safe()


@pytest.mark.parametrize("engine", (*PAID, "comfyui"))
def test_every_fault_a_server_knows_is_tried(engine: str):
    """A fault added to a server must be added to these tests."""
    served = provider_class(engine)
    known = {*SUBMIT_FAULTS, *JOB_FAULTS, *RESULT_FAULTS}
    assert {*served.submit_faults, *served.job_faults, *served.result_faults} <= known
