"""The record of charges: caps, legal moves, history, and what happens when it is lost."""

import json
import multiprocessing
import os
import signal
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tierbook.errors import LedgerError
from tierbook.generation.ledger import (
    MADE,
    MOVES,
    Caps,
    Claim,
    Facts,
    OverCap,
    Redo,
    Reserved,
    Routing,
    SqliteLedger,
    State,
    Taken,
    ledger_home,
    open_ledger,
)
from tierbook.generation.ledger.connection import unusable

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def claim(name: str = "a", worst_case: int = 100_000, tier: int = 2) -> Claim:
    return Claim(
        request_key=name.encode().hex().ljust(64, "0"),
        request_id=f"id-{name}",
        variant=1,
        workbook="/shop/catalog.xlsx",
        sku=f"SKU-{name}",
        placement="Gallery",
        tier=tier,
        engine="openai_images",
        provider="openai",
        model="m",
        worst_case=worst_case,
    )


def reserved(ledger: SqliteLedger, run: str, name: str = "a", worst_case: int = 100_000) -> str:
    answer = ledger.reserve(claim(name, worst_case), run, Caps())
    assert isinstance(answer, Reserved)
    return answer.attempt


@pytest.fixture
def ledger(tmp_path: Path):
    opened = open_ledger(tmp_path / "home", clock=lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def run(ledger: SqliteLedger) -> str:
    return ledger.begin_run("/shop/catalog.xlsx")


PATHS = {
    State.RESERVED: (),
    State.SENDING: (State.SENDING,),
    State.SUBMITTED: (State.SENDING, State.SUBMITTED),
    State.READY: (State.SENDING, State.READY),
    State.DOWNLOADED: (State.SENDING, State.DOWNLOADED),
    State.LINKED: (State.SENDING, State.DOWNLOADED, State.LINKED),
    State.REFUSED: (State.SENDING, State.REFUSED),
    State.FAILED_UNCHARGED: (State.FAILED_UNCHARGED,),
    State.FAILED_CHARGED: (State.SENDING, State.FAILED_CHARGED),
    State.UNKNOWN: (State.SENDING, State.UNKNOWN),
    State.EXPIRED: (State.SENDING, State.EXPIRED),
    State.CANCELLED: (State.CANCELLED,),
}


@pytest.mark.parametrize("origin", list(State))
def test_only_the_moves_of_the_table_are_possible(ledger: SqliteLedger, run: str, origin: State):
    """The database itself refuses every move that the table of states does not name."""
    for target in State:
        attempt = reserved(ledger, run, f"{origin}-{target}"[:31])
        for step in PATHS[origin]:
            ledger.advance(attempt, step)
        paid_for = origin in MADE and target is State.CANCELLED
        if (target in MOVES[origin] and not paid_for) or target == origin:
            ledger.advance(attempt, target)
        else:
            words = "it was paid for" if paid_for else "no such move"
            with pytest.raises(LedgerError, match=words):
                ledger.advance(attempt, target)
            assert ledger.find(attempt)[0].state == origin


def test_a_free_picture_may_be_let_go(ledger: SqliteLedger, run: str):
    """A free picture whose file is gone can be made again; one that was paid for is kept."""
    attempt = reserved(ledger, run, worst_case=0)
    ledger.advance(attempt, State.SENDING)
    ledger.advance(attempt, State.DOWNLOADED, Facts(actual=0))
    ledger.advance(attempt, State.CANCELLED)
    assert isinstance(ledger.reserve(claim(worst_case=0), run, Caps()), Reserved)


def test_what_each_state_counts(ledger: SqliteLedger, run: str):
    """In flight and unknown count in full, settled counts what was billed, released nothing."""
    expected = {
        State.FAILED_UNCHARGED: 0,
        State.CANCELLED: 0,
        State.DOWNLOADED: 70,
        State.LINKED: 70,
        State.REFUSED: 70,
        State.FAILED_CHARGED: 70,
        State.EXPIRED: 70,
    }
    for state, path in PATHS.items():
        attempt = reserved(ledger, run, state, worst_case=100)
        for step in path:
            ledger.advance(attempt, step, Facts(actual=70))
        assert ledger.find(attempt)[0].counted == expected.get(state, 100), state


def test_an_overrun_counts_in_full(ledger: SqliteLedger, run: str):
    """A bill above the reservation is recorded as it came, not cut to the reservation."""
    attempt = reserved(ledger, run, worst_case=100)
    ledger.advance(attempt, State.SENDING)
    ledger.advance(attempt, State.DOWNLOADED, Facts(actual=130))
    assert ledger.counted(run=run) == 130


@pytest.mark.parametrize(
    ("caps", "which"),
    [
        (Caps(run=250_000), "run"),
        (Caps(month=250_000), "month"),
        (Caps(tier={2: 250_000}), "tier"),
        (Caps(run_tier={2: 250_000}), "run_tier"),
    ],
)
def test_no_claim_passes_a_cap(ledger: SqliteLedger, run: str, caps: Caps, which: str):
    """The third picture of $0.10 does not fit under $0.25, whichever cap it is."""
    answers = [ledger.reserve(claim(name), run, caps) for name in "abc"]
    assert [type(answer) for answer in answers] == [Reserved, Reserved, OverCap]
    assert answers[2] == OverCap(which, 250_000, 200_000)  # type: ignore[arg-type]
    assert ledger.counted(run=run) == 200_000


def test_the_last_cent_may_be_spent(ledger: SqliteLedger, run: str):
    """A claim that exactly reaches the cap fits; one micro-dollar more does not."""
    assert isinstance(ledger.reserve(claim("a"), run, Caps(run=100_000)), Reserved)
    assert isinstance(ledger.reserve(claim("b", 1), run, Caps(run=100_000)), OverCap)
    assert isinstance(ledger.reserve(claim("c", 0), run, Caps(run=100_000)), Reserved)


def test_another_tier_does_not_use_up_a_tiers_cap(ledger: SqliteLedger, run: str):
    """Tier caps are kept apart."""
    caps = Caps(tier={2: 100_000, 3: 100_000})
    assert isinstance(ledger.reserve(claim("a", tier=2), run, caps), Reserved)
    assert isinstance(ledger.reserve(claim("b", tier=3), run, caps), Reserved)
    assert isinstance(ledger.reserve(claim("c", tier=3), run, caps), OverCap)


def test_the_same_picture_is_claimed_once(ledger: SqliteLedger, run: str):
    """A key that was, is being or may have been paid for cannot be claimed again."""
    for state in State:
        attempt = reserved(ledger, run, state)
        for step in PATHS[state]:
            ledger.advance(attempt, step)
        again = ledger.reserve(claim(state), run, Caps())
        if state in (State.FAILED_UNCHARGED, State.CANCELLED):
            assert isinstance(again, Reserved)
        else:
            assert isinstance(again, Taken) and again.attempt.attempt == attempt


def test_the_database_holds_one_payable_attempt_a_key(ledger: SqliteLedger, run: str):
    """Even a program that forgets to look cannot insert a second payable attempt."""
    reserved(ledger, run)
    raw = sqlite3.connect(ledger.home / "ledger.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(
            "INSERT INTO attempts (attempt, request_key, request_id, variant, workbook, sku, "
            "placement, tier, engine, provider, model, run, owner, month, state, "
            "reserved_micro_usd, created, changed) SELECT 'x', request_key, request_id, variant, "
            "workbook, sku, placement, tier, engine, provider, model, run, owner, month, state, "
            "reserved_micro_usd, created, changed FROM attempts"
        )


def test_history_holds_every_move_and_cannot_be_changed(ledger: SqliteLedger, run: str):
    """Each move leaves a line; no line and no attempt can be edited away."""
    attempt = reserved(ledger, run)
    ledger.advance(attempt, State.SENDING)
    ledger.advance(attempt, State.UNKNOWN, Facts(reason="reset"))
    raw = sqlite3.connect(ledger.home / "ledger.sqlite")
    lines = raw.execute("SELECT origin, target, reason FROM history ORDER BY line").fetchall()
    assert lines == [
        ("", "reserved", ""),
        ("reserved", "sending", ""),
        ("sending", "unknown", "reset"),
    ]
    for forbidden in (
        "DELETE FROM history",
        "UPDATE history SET reason = ''",
        "DELETE FROM attempts",
        "UPDATE attempts SET reserved_micro_usd = 1",
        "UPDATE attempts SET month = '2020-01'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(forbidden)


def test_a_charge_belongs_to_the_month_of_its_reservation_in_one_zone(tmp_path: Path):
    """One second before midnight in Berlin is November there, though UTC says 22:59:59."""
    times = [datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)]
    ledger = open_ledger(tmp_path, clock=lambda: times[0], time_zone="Europe/Berlin")
    run = ledger.begin_run("book")
    attempt = reserved(ledger, run, "a")
    times[0] += timedelta(seconds=1)
    reserved(ledger, run, "b")
    ledger.advance(attempt, State.SENDING)
    ledger.advance(attempt, State.DOWNLOADED, Facts(actual=5))
    assert (ledger.counted(month="2026-11"), ledger.counted(month="2026-12")) == (5, 100_000)
    ledger.close()
    reopened = open_ledger(tmp_path, clock=lambda: times[0], time_zone="UTC")
    assert reopened.time_zone == "Europe/Berlin"
    reopened.close()


def test_a_clock_set_back_brings_no_unused_cap_back(tmp_path: Path):
    """After a charge in December, a clock set to November still spends December's cap."""
    times = [datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)]
    ledger = open_ledger(tmp_path, clock=lambda: times[0])
    run = ledger.begin_run("book")
    reserved(ledger, run, "a")
    times[0] = datetime(2026, 11, 3, tzinfo=UTC)
    assert ledger.month() == "2026-12"
    assert isinstance(ledger.reserve(claim("b"), run, Caps(month=150_000)), OverCap)
    ledger.close()


def test_inside_together_all_or_nothing(ledger: SqliteLedger, run: str):
    """A failure inside a group takes back the whole group; a caught one only its own part."""
    with pytest.raises(ValueError, match="stop"), ledger.together():
        reserved(ledger, run, "a")
        raise ValueError("stop")
    assert ledger.counted(run=run) == 0
    with ledger.together():
        attempt = reserved(ledger, run, "b")
        with pytest.raises(LedgerError):
            ledger.advance(attempt, State.LINKED)
        ledger.advance(attempt, State.SENDING)
    assert ledger.find(attempt)[0].state == State.SENDING


def test_a_lost_ledger_stops_paid_work(tmp_path: Path):
    """The marker remembers a ledger that is gone; only deleting the marker starts anew."""
    open_ledger(tmp_path).close()
    (tmp_path / "ledger.sqlite").unlink()
    with pytest.raises(LedgerError, match="already paid for is gone") as stopped:
        open_ledger(tmp_path)
    assert "ledger-exists.json" in stopped.value.fix
    assert not (tmp_path / "ledger.sqlite").exists()
    (tmp_path / "ledger-exists.json").unlink()
    open_ledger(tmp_path).close()


def test_an_older_copy_of_the_ledger_stops_paid_work(tmp_path: Path):
    """A copy put back from before some charges would pay for them again."""
    ledger = open_ledger(tmp_path)
    run = ledger.begin_run("book")
    ledger.close()
    old = (tmp_path / "ledger.sqlite").read_bytes()
    ledger = open_ledger(tmp_path)
    run = ledger.begin_run("book")
    reserved(ledger, run)
    ledger.close()
    (tmp_path / "ledger.sqlite").write_bytes(old)
    with pytest.raises(LedgerError, match="an older copy"):
        open_ledger(tmp_path)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"", None])
def test_a_damaged_ledger_stops_paid_work(tmp_path: Path, content: bytes | None):
    """Garbage, an emptied file and a torn page are each refused with a way out."""
    ledger = open_ledger(tmp_path)
    run = ledger.begin_run("book")
    for name in "abcdefgh":
        reserved(ledger, run, name)
    ledger.close()
    path = tmp_path / "ledger.sqlite"
    if content is None:
        torn = bytearray(path.read_bytes())
        torn[8192:20000] = os.urandom(20000 - 8192)
        path.write_bytes(torn)
    else:
        path.write_bytes(content)
    with pytest.raises(LedgerError) as stopped:
        open_ledger(tmp_path)
    assert stopped.value.fix


def test_a_newer_schema_is_refused(tmp_path: Path):
    """An older Tierbook does not touch a ledger it does not understand."""
    open_ledger(tmp_path).close()
    raw = sqlite3.connect(tmp_path / "ledger.sqlite")
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(LedgerError, match="newer Tierbook"):
        open_ledger(tmp_path)


def _die_holding(home: Path, name: str) -> None:
    ledger = open_ledger(home)
    run = ledger.begin_run("book")
    ledger.advance(reserved(ledger, run, name), State.SENDING)
    os.kill(os.getpid(), signal.SIGKILL)


def test_only_a_dead_runs_attempts_are_adopted(tmp_path: Path):
    """A killed process's attempt changes hands; one of a run still alive does not."""
    child = multiprocessing.get_context("spawn").Process(
        target=_die_holding, args=(tmp_path, "dead")
    )
    child.start()
    child.join()
    ledger, other = open_ledger(tmp_path), open_ledger(tmp_path)
    alive = other.begin_run("book")
    reserved(other, alive, "alive")
    run = ledger.begin_run("book")
    adopted = ledger.adopt(run)
    assert [(a.request_id, a.state, a.owner) for a in adopted] == [("id-dead", "sending", run)]
    assert adopted[0].run != run, "the charge stays with the run that reserved it"
    assert other.adopt(alive) == ()
    other.end_run(alive)
    assert [a.request_id for a in ledger.adopt(run)] == ["id-alive"]
    ledger.close()
    other.close()


def _spend(home: Path, name: str, results: "multiprocessing.Queue[int]") -> None:
    ledger = open_ledger(home)
    run = ledger.begin_run("book")
    fitted = sum(
        isinstance(ledger.reserve(claim(f"{name}{i}"), run, Caps(month=1_000_000)), Reserved)
        for i in range(10)
    )
    results.put(fitted)
    ledger.close()


def test_runs_at_the_same_time_share_the_cap(tmp_path: Path):
    """Four processes asking for 40 pictures under a cap for 10 get exactly 10."""
    open_ledger(tmp_path).close()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [context.Process(target=_spend, args=(tmp_path, n, results)) for n in "abcd"]
    for worker in workers:
        worker.start()
    fitted = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(fitted) == 10
    ledger = open_ledger(tmp_path)
    assert ledger.counted() == 1_000_000
    ledger.close()


def test_questions_about_spend_and_pictures(ledger: SqliteLedger, run: str):
    """Spend is told apart by what is settled, in flight and unknown, per workbook and tier."""
    for name, path in (("a", PATHS[State.DOWNLOADED]), ("b", PATHS[State.UNKNOWN]), ("c", ())):
        attempt = reserved(ledger, run, name)
        for step in path:
            ledger.advance(attempt, step, Facts(actual=60_000, result_file="x.jpg"))
    (spend,) = ledger.spend("/shop/catalog.xlsx", "2026-11")
    assert (spend.settled, spend.in_flight, spend.unknown, spend.pictures) == (
        60_000,
        100_000,
        100_000,
        1,
    )
    made = ledger.of_workbooks(["/shop/catalog.xlsx"])
    assert [attempt.request_id for attempt in made] == ["id-a", "id-b", "id-c"]
    assert [a.request_id for a in ledger.unknown()] == ["id-b"]
    assert list(ledger.of_requests(["id-a", "id-z"])) == ["id-a"]
    assert ledger.find("' OR 1") == ()


def test_reviews_keep_every_decision_and_redo_asks_anew(ledger: SqliteLedger, run: str):
    """The newest decision counts, the older ones stay, and a redo raises the picture's number."""
    attempt = reserved(ledger, run)
    ledger.decide(attempt, "redo", "style", "Ada")
    ledger.decide(attempt, "approve", "", "Ada")
    assert ledger.reviews([attempt])[attempt].decision == "approve"
    assert ledger.redos(["id-a"]) == {"id-a": Redo(1, open=False)}
    with pytest.raises(LedgerError):
        ledger.decide(attempt, "perhaps", "", "Ada")
    with pytest.raises(LedgerError):
        ledger.decide("nobody", "approve", "", "Ada")


def test_the_routing_log_gives_back_what_it_was_given(ledger: SqliteLedger, run: str):
    """Features, tier and propensity come back as they were kept, oldest first."""
    first = Routing("id-a", {"Category": "mugs", "Angles": 2}, 1, "R01", "rubric", 1.0)
    second = replace(first, request_id="id-b", propensity=0.25)
    ledger.log_routings(run, [first, second])
    assert list(ledger.routings()) == [first, second]
    with pytest.raises(LedgerError):
        ledger.log_routings(run, [replace(first, propensity=0.0)])


def test_the_home_can_be_moved(tmp_path: Path):
    """`TIERBOOK_HOME` decides where the ledger lies; without it the user's data folder does."""
    assert ledger_home({"TIERBOOK_HOME": str(tmp_path)}) == tmp_path
    assert "tierbook" in str(ledger_home({})).lower()


def test_the_marker_names_the_ledger_and_its_size(tmp_path: Path):
    """Closing notes how many attempts there were, for the check against older copies."""
    ledger = open_ledger(tmp_path)
    reserved(ledger, ledger.begin_run("book"))
    ledger.close()
    assert json.loads((tmp_path / "ledger-exists.json").read_text())["attempts"] == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database is locked", "Another program has held"),
        ("attempt to write a readonly database", "cannot be written"),
        ("database or disk is full", "cannot be written"),
        ("file is not a database", "cannot be used"),
    ],
)
def test_a_ledger_that_is_held_or_full_is_not_called_damaged(tmp_path: Path, said: str, told: str):
    """Only a damaged record is to be put back from a backup."""
    error = unusable(tmp_path / "ledger.sqlite", sqlite3.OperationalError(said))
    assert told in error.message
    assert ("backup" in error.fix and "Put" in error.fix) == (told == "cannot be used")
