"""Attempts cut off while sending, looked for in the provider's own list; never sent again."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generation.oracle import violations
from tests.generation.shop import MODELS, Shop, environ_of
from tests.providers.process import RunningProvider, running
from tierbook import engines, generation, pictures
from tierbook.errors import UsageError
from tierbook.generation import Outcome, failpoints
from tierbook.generation.ledger import State

LISTING = ("fal_queue", "replicate")


class Cut(Exception):
    pass


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningProvider]]:
    logs = tmp_path_factory.mktemp("logs")
    with contextlib.ExitStack() as stack:
        yield {one: stack.enter_context(running(one, logs / one)) for one in LISTING}


class Trial:
    """A shop whose runs may be cut off at a point."""

    def __init__(self, provider: RunningProvider, folder: Path, rows: int = 3) -> None:
        self.provider, self.home = provider, folder / "home"
        self.shop = Shop(folder, engine=MODELS[provider.engine], rows=rows)
        self._before = len(provider.lines())

    def run(self, *faults: str, cut_at: str = "", make: bool = True) -> Outcome:
        self.provider.order(*faults, price=39_990)

        def failpoint(name: str) -> None:
            if name == cut_at:
                raise Cut

        ledger = generation.open_ledger(self.home)
        options = self.shop.options(environ_of(self.provider), failpoint=failpoint)
        try:
            if make:
                work = generation.plan_work(self.shop.answers(), ledger, options)
            else:
                work = generation.nothing_to_make(ledger)
            return asyncio.run(generation.carry_out(work, ledger, engines.discover(), options))
        finally:
            ledger.close()

    def states(self) -> list[State]:
        ledger = generation.open_ledger(self.home)
        try:
            found = ledger.of_requests(f"id-SKU-{i}" for i in range(self.shop.rows))
            return [attempt.state for attempts in found.values() for attempt in attempts]
        finally:
            ledger.close()

    def charges(self) -> list[dict[str, object]]:
        return [line for line in self.provider.lines()[self._before :] if "charge" in line]

    def assert_money_is_safe(self) -> None:
        assert violations(self.charges(), self.home) == []
        assert self.provider.invalid() == []


@pytest.mark.parametrize("engine", LISTING)
def test_the_next_run_finds_what_was_cut_off(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str
):
    """A run dies with its answers unread; the next finds what was taken, and pays nothing anew."""
    trial = Trial(providers[engine], tmp_path)
    with pytest.raises(Cut):
        trial.run(cut_at=failpoints.REPLIED)
    outcome = trial.run()
    charged = {charge["what"] for charge in trial.charges()}
    assert charged
    # One that was cut off before its request was out is in no list.
    for index, result in enumerate(outcome.results):
        assert result.status == ("DONE" if f"picture of SKU-{index}" in charged else "UNKNOWN")
    trial.assert_money_is_safe()


@pytest.mark.parametrize("engine", LISTING)
def test_a_run_that_makes_nothing_finds_it_too(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str
):
    """`resolve` asks without making anything: the picture is fetched, nothing more is charged."""
    trial = Trial(providers[engine], tmp_path, rows=1)
    with pytest.raises(Cut):
        trial.run(cut_at=failpoints.REPLIED)
    trial.run(make=False)
    assert trial.states() == [State.DOWNLOADED]
    assert len(trial.charges()) == 1
    trial.assert_money_is_safe()


@pytest.mark.parametrize("engine", LISTING)
def test_what_is_not_in_the_list_stays_in_doubt(
    providers: dict[str, RunningProvider], tmp_path: Path, engine: str
):
    """A list without the attempt proves nothing: it is neither sent again nor let go."""
    trial = Trial(providers[engine], tmp_path, rows=1)
    outcome = trial.run("reset_before")
    assert [result.status for result in outcome.results] == ["UNKNOWN"]
    assert "does not list" in outcome.results[0].message
    trial.run()
    trial.run(make=False)
    assert trial.states() == [State.UNKNOWN]
    assert trial.charges() == []


def test_a_list_that_cannot_be_had_settles_nothing(
    providers: dict[str, RunningProvider], tmp_path: Path
):
    """Nobody answers when the list is asked for: the charge stays in doubt, and the run ends."""
    trial = Trial(providers["replicate"], tmp_path, rows=1)
    with pytest.raises(Cut):
        trial.run(cut_at=failpoints.REPLIED)
    providers["replicate"].listen(False)
    try:
        trial.run(make=False)
    finally:
        providers["replicate"].listen(True)
    assert trial.states() == [State.UNKNOWN]
    trial.run(make=False)
    assert trial.states() == [State.DOWNLOADED]
    trial.assert_money_is_safe()


def test_a_refusal_found_in_the_list_counts_in_full(
    providers: dict[str, RunningProvider], tmp_path: Path
):
    """A listed refusal settles the attempt as refused; the reservation counts."""
    trial = Trial(providers["fal_queue"], tmp_path, rows=1)
    with pytest.raises(Cut):
        trial.run("refused", cut_at=failpoints.REPLIED)
    trial.run(make=False)
    assert trial.states() == [State.REFUSED]


def test_another_attempt_at_the_same_picture_is_not_taken_for_it(
    providers: dict[str, RunningProvider], tmp_path: Path
):
    """A released attempt's job does not settle a later attempt: each carries a seed of its own."""
    trial = Trial(providers["replicate"], tmp_path, rows=1)
    with pytest.raises(Cut):
        trial.run(cut_at=failpoints.REPLIED)
    providers["replicate"].listen(False)
    try:
        trial.run(make=False)
    finally:
        providers["replicate"].listen(True)
    ledger = generation.open_ledger(trial.home)
    (doubtful,) = ledger.unknown()
    generation.resolve(ledger, doubtful.attempt, charged=False)
    ledger.close()
    trial.run("reset_before")
    assert trial.states() == [State.FAILED_UNCHARGED, State.UNKNOWN]


def test_resolve_asks_the_provider_before_the_seller(
    providers: dict[str, RunningProvider], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Listing what is in doubt finds the picture; saying "not charged" would have found it too."""
    trial = Trial(providers["replicate"], tmp_path, rows=1)
    with pytest.raises(Cut):
        trial.run(cut_at=failpoints.REPLIED)
    providers["replicate"].listen(False)
    try:
        trial.run(make=False)
    finally:
        providers["replicate"].listen(True)
    for name, value in environ_of(trial.provider).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TIERBOOK_HOME", str(trial.home))
    ledger = generation.open_ledger()
    (doubtful,) = ledger.unknown()
    ledger.close()
    with pytest.raises(UsageError, match="it is downloaded"):
        pictures.resolve(doubtful.attempt, charged=False)
    assert pictures.waiting() == pictures.Doubtful((), ())
    trial.assert_money_is_safe()
