"""A model of the caps against the real ledger, driven by random runs at the same time."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.generation.test_ledger import claim
from tierbook.generation.ledger import (
    IN_FLIGHT,
    MOVES,
    RELEASED,
    Caps,
    Facts,
    OverCap,
    Reserved,
    SqliteLedger,
    State,
    Taken,
    open_ledger,
)

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
PICK = st.integers(0, 999)
PRICES = st.integers(0, 60)
_OPEN = IN_FLIGHT | {State.UNKNOWN}


class CapMachine(RuleBasedStateMachine):
    """Three connections reserve, settle, resolve, cross months; a plain dict says what counts."""

    @initialize(run=st.integers(0, 150), month=st.integers(0, 300), tier=st.integers(0, 150))
    def begin(self, run: int, month: int, tier: int) -> None:
        # In memory where there is such a place: thousands of commits need no disk to be right.
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.now = datetime(2026, 11, 28, tzinfo=UTC)
        self.caps = Caps(run=run, month=month, tier={2: tier}, run_tier={3: tier})
        self.ledgers: list[SqliteLedger] = [
            open_ledger(Path(self.folder.name), clock=lambda: self.now) for _ in range(3)
        ]
        self.runs = [ledger.begin_run("book") for ledger in self.ledgers]
        # attempt -> (key, run, month, tier, state, reserved, actual)
        self.model: dict[str, dict[str, object]] = {}

    def teardown(self) -> None:
        if hasattr(self, "ledgers"):
            for ledger in self.ledgers:
                ledger.close()
            self.folder.cleanup()

    def counts(self, attempt: dict[str, object]) -> int:
        state, reserved, actual = attempt["state"], attempt["reserved"], attempt["actual"]
        assert isinstance(reserved, int)
        if state in RELEASED:
            return 0
        known = actual if isinstance(actual, int) else None
        if state in _OPEN:
            return max(reserved, known or 0)
        return reserved if known is None else known

    def total(self, **where: object) -> int:
        return sum(
            self.counts(one)
            for one in self.model.values()
            if all(one[name] == value for name, value in where.items())
        )

    @rule(who=st.integers(0, 2), key=st.integers(0, 12), price=PRICES, tier=st.sampled_from([2, 3]))
    def reserve(self, who: int, key: int, price: int, tier: int) -> None:
        ledger, run = self.ledgers[who], self.runs[who]
        answer = ledger.reserve(claim(f"k{key}", price, tier), run, self.caps)
        month = self.now.strftime("%Y-%m")
        taken = [
            one for one in self.model.values() if one["key"] == key and one["state"] not in RELEASED
        ]
        if taken:
            assert isinstance(answer, Taken)
            return
        limits = [
            (self.caps.run, self.total(run=run)),
            (self.caps.month, self.total(month=month)),
            (self.caps.tier.get(tier), self.total(month=month, tier=tier)),
            (self.caps.run_tier.get(tier), self.total(run=run, tier=tier)),
        ]
        over = any(cap is not None and counted + price > cap for cap, counted in limits)
        if over and price:
            assert isinstance(answer, OverCap)
            return
        assert isinstance(answer, Reserved)
        self.model[answer.attempt] = {
            "key": key,
            "run": run,
            "month": month,
            "tier": tier,
            "state": State.RESERVED,
            "reserved": price,
            "actual": None,
        }

    @precondition(lambda self: self.model)
    @rule(which=PICK, whither=PICK, who=st.integers(0, 2), cheaper=PRICES)
    def move(self, which: int, whither: int, who: int, cheaper: int) -> None:
        attempt, known = list(self.model.items())[which % len(self.model)]
        targets = [
            target
            for target in MOVES[known["state"]]
            # What was paid for is never cancelled; the ledger's own test holds that.
            if not (
                target is State.CANCELLED and known["state"] in (State.DOWNLOADED, State.LINKED)
            )
        ]
        if not targets:
            return
        target = targets[whither % len(targets)]
        # A provider keeps to its price here; overruns are the ledger's own test.
        actual = min(cheaper, known["reserved"]) if target not in _OPEN else None
        facts = Facts(actual=actual)
        self.ledgers[who].advance(attempt, target, facts)
        known["state"] = target
        known["actual"] = actual if actual is not None else known["actual"]

    @rule(days=st.integers(-3, 4))
    def time_passes(self, days: int) -> None:
        if days > 0:
            self.now += timedelta(days=days)

    @invariant()
    def the_ledger_agrees_and_no_cap_is_passed(self) -> None:
        if not hasattr(self, "ledgers"):
            return
        for ledger, run in zip(self.ledgers, self.runs, strict=True):
            assert ledger.counted(run=run) == self.total(run=run) <= (self.caps.run or 0)
        for month in {one["month"] for one in self.model.values()}:
            counted = self.ledgers[0].counted(month=str(month))
            assert counted == self.total(month=month) <= (self.caps.month or 0)
            assert self.total(month=month, tier=2) <= self.caps.tier[2]


CapMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True
)
TestCaps = CapMachine.TestCase
