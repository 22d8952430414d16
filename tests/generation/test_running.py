"""Whole runs: what is planned, billed, made, handed on, linked and found again."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.generation.oracle import violations
from tests.generation.shop import MODELS, PRICE_BOOK, QUICK, Shop, environ_of
from tests.providers.process import RunningProvider, running
from tests.providers.provider import KEY, picture_of
from tierbook import contract, engines, generation
from tierbook.errors import RubricError, UsageError
from tierbook.generation import Outcome, Progress, RequestResult
from tierbook.generation.ledger import SqliteLedger, State
from tierbook.model import Answers, RubricReport, Settings, TestResult, text_column
from tierbook.workbook.answers import paid_once

PRICE = 39_990
BOUND = 40_020


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningProvider]]:
    logs = tmp_path_factory.mktemp("logs")
    with contextlib.ExitStack() as stack:
        yield {
            engine: stack.enter_context(running(engine, logs / engine))
            for engine in ("openai_images", "gemini")
        }


class Desk:
    """A shop, its ledger and its providers; each method is one step of a seller's day."""

    def __init__(self, folder: Path, providers: dict[str, RunningProvider]) -> None:
        self.folder = folder
        self.providers = providers
        self.environ = environ_of(*providers.values())
        self.ledger: SqliteLedger = generation.open_ledger(folder / "home")
        self._before = {name: len(p.lines()) for name, p in providers.items()}
        self.order()

    def order(self, *faults: str, engine: str = "openai_images", **orders: Any) -> None:
        for name, provider in self.providers.items():
            provider.order(*(faults if name == engine else ()), **{"price": PRICE, **orders})

    def run(self, shop: Shop, answers: Answers | None = None, **options: Any) -> Outcome:
        chosen = shop.options(self.environ, **options)
        work = generation.plan_work(answers or shop.answers(), self.ledger, chosen)
        known = engines.discover()
        return asyncio.run(generation.carry_out(work, self.ledger, known, chosen))

    def charges(self, engine: str = "openai_images") -> list[str]:
        lines = self.providers[engine].lines()[self._before[engine] :]
        return [line["what"] for line in lines if "charge" in line]


@pytest.fixture
def desk(tmp_path: Path, providers: dict[str, RunningProvider]) -> Iterator[Desk]:
    desk = Desk(tmp_path, providers)
    yield desk
    desk.ledger.close()


def statuses(outcome: Outcome) -> list[str]:
    return [result.status for result in outcome.results]


# ---------------------------------------------------------------------- planning


def test_rows_that_are_not_ready_make_nothing(desk: Desk):
    """Error, hold and skipped rows, other tiers and "route" are never made."""
    shop = Shop(desk.folder, rows=5, columns={contract.ACTION: [None] * 4 + ["route"]})
    answers = shop.answers(status=text_column(["ERROR", "HOLD", "SKIPPED", "OK", "OK"]))
    work = generation.plan_work(answers, desk.ledger, shop.options(desk.environ))
    assert [picture.row for picture in work.to_make] == [3]
    assert generation.bill(work).pictures == 1
    other = shop.options(desk.environ, tiers=frozenset({1}))
    assert generation.plan_work(answers, desk.ledger, other).to_make == ()


def test_what_is_needed_sooner_is_made_sooner(desk: Desk):
    """Among pictures of one priority, `Needed by` decides; rows without a day come last."""
    days = [None, date(2026, 12, 9), date(2026, 12, 1)]
    shop = Shop(desk.folder, columns={contract.NEEDED_BY: days})
    work = generation.plan_work(shop.answers(), desk.ledger, shop.options(desk.environ))
    assert [picture.row for picture in work.to_make] == [2, 1, 0]


def test_a_failing_rubric_test_stops_paid_work(desk: Desk):
    """Decisions that fail the seller's own test are not to be paid for."""
    shop = Shop(desk.folder)
    report = RubricReport(tests=(TestResult("heroes", False, "3", "1"),))
    with pytest.raises(RubricError, match="heroes"):
        generation.plan_work(shop.answers(report=report), desk.ledger, shop.options(desk.environ))


def test_an_unfilled_prompt_is_never_sent(desk: Desk):
    """A placeholder without a value is the seller's to fill, before money moves."""
    shop = Shop(desk.folder, rows=2, prompts=["picture of {Colour} mug", "picture of SKU-1"])
    outcome = desk.run(shop)
    assert statuses(outcome) == ["HOLD", "DONE"]
    assert "{Colour}" in outcome.results[0].message
    assert desk.charges() == ["picture of SKU-1"]


def test_a_missing_photo_holds_its_row_alone(desk: Desk):
    """A bad row never stops a good one."""
    (desk.folder / "a.png").write_bytes(picture_of("a"))
    photos = {contract.SOURCE_IMAGE: ["a.png", "../b.png", "c.png"]}
    outcome = desk.run(Shop(desk.folder, columns=photos))
    assert statuses(outcome) == ["DONE", "HOLD", "HOLD"]
    assert "outside" in outcome.results[1].message
    assert "does not exist" in outcome.results[2].message


def test_a_photo_that_cannot_be_opened_fails_its_row_uncharged(desk: Desk):
    """What begins as a picture and is none is found out before anything is sent."""
    (desk.folder / "a.png").write_bytes(picture_of("a")[:60])
    photos = {contract.SOURCE_IMAGE: ["a.png"]}
    outcome = desk.run(Shop(desk.folder, rows=1, columns=photos))
    assert statuses(outcome) == ["FAILED"]
    assert "Nothing was charged" in outcome.results[0].message
    assert desk.charges() == []


def test_a_limit_takes_the_first_of_the_queue(desk: Desk):
    """`--limit` counts rows that still need pictures, most urgent first."""
    shop = Shop(desk.folder, rows=4)
    answers = shop.answers()
    answers.decisions.priority[:] = [4, 1, 3, 2]
    outcome = desk.run(shop, answers, limit=2)
    assert statuses(outcome) == ["PLANNED", "DONE", "PLANNED", "DONE"]
    again = desk.run(shop, answers, limit=2)
    assert statuses(again) == ["DONE"] * 4


def test_the_bill_knows_what_fits(desk: Desk):
    """The bill's worst case is the price book's, and only what fits is announced."""
    shop = Shop(desk.folder, rows=5, settings=Settings(cap_per_run=3 * BOUND))
    options = shop.options(desk.environ)
    bill = generation.bill(generation.plan_work(shop.answers(), desk.ledger, options))
    assert (bill.pictures, bill.fitting, bill.at_most) == (5, 3, 5 * BOUND)
    assert bill.by_exactness == {"exact": 0, "bounded": 5 * BOUND, "estimate": 0}


# ---------------------------------------------------------------------- caps and re-runs


@pytest.mark.parametrize("cap", ["run", "month", "tier", "run_tier", "max_spend"])
def test_a_cap_stops_work_before_it_is_passed(desk: Desk, cap: str):
    """Two of five pictures fit; the others say why not, and the run ends with code 4."""
    room = 2 * BOUND + 100
    settings = {
        "run": Settings(cap_per_run=room),
        "month": Settings(cap_per_month=room),
        "run_tier": Settings(cap_per_tier={2: room}),
    }.get(cap, Settings())
    shop = Shop(desk.folder, rows=5, settings=settings)
    if cap == "tier":
        shop.monthly_cap = room
    outcome = desk.run(shop, **({"max_spend": room} if cap == "max_spend" else {}))
    assert sorted(statuses(outcome)) == ["DONE", "DONE", "PLANNED", "PLANNED", "PLANNED"]
    assert outcome.exit_code == 4
    assert len(desk.charges()) == 2
    planned = next(r for r in outcome.results if r.status == "PLANNED")
    assert "which would pass" in planned.message


def test_an_unknown_charge_counts_until_it_is_resolved(desk: Desk):
    """What may have been charged takes its place under the cap; `resolve` gives it back."""
    shop = Shop(desk.folder, rows=2, settings=Settings(cap_per_month=2 * BOUND - 1))
    desk.order("reset_before")
    outcome = desk.run(shop)
    assert sorted(statuses(outcome)) == ["PLANNED", "UNKNOWN"]
    assert outcome.exit_code == 6
    (unknown,) = outcome.unknown
    assert f"tierbook resolve {unknown.attempt} --charged" in " ".join(
        result.message for result in outcome.results
    )
    assert sorted(statuses(desk.run(shop))) == ["PLANNED", "UNKNOWN"]
    resolution = generation.resolve(desk.ledger, unknown.attempt[:5], charged=False)
    assert resolution.counted == 0
    assert sorted(statuses(desk.run(shop))) == ["DONE", "PLANNED"]
    with pytest.raises(UsageError, match="is not unknown"):
        generation.resolve(desk.ledger, unknown.attempt, charged=True)
    with pytest.raises(UsageError, match="No charge"):
        generation.resolve(desk.ledger, "zzz", charged=True)


def test_a_charge_found_on_the_usage_page_is_kept(desk: Desk):
    """A resolved charge counts what the seller says, and its picture is not sent again."""
    desk.order("reset_after")
    shop = Shop(desk.folder, rows=1)
    (unknown,) = desk.run(shop).unknown
    generation.resolve(desk.ledger, unknown.attempt, charged=True, amount=12_345)
    assert desk.ledger.counted() == 12_345
    assert statuses(desk.run(shop)) == ["FAILED"]
    assert len(desk.charges()) == 1


def test_only_what_changed_is_paid_for(desk: Desk):
    """Another prompt is another picture; the row that stayed the same is not sent again."""
    shop = Shop(desk.folder, rows=2)
    desk.run(shop)
    shop.prompts = ["picture of SKU-0", "picture of SKU-1 at night"]
    outcome = desk.run(shop)
    assert statuses(outcome) == ["DONE", "DONE"]
    assert len(desk.charges()) == 3


def test_redo_pays_once_however_often_it_is_run(desk: Desk):
    """A "redo" stands in the sheet; only clearing it and typing it again asks for another."""
    plain = Shop(desk.folder, rows=1)
    redo = replace(plain, columns={contract.ACTION: ["redo"]})
    first = desk.run(plain).results[0].files
    second = desk.run(redo).results[0].files
    assert first != second
    assert desk.run(redo).results[0].files == second
    assert len(desk.charges()) == 2
    assert desk.run(plain).results[0].files == second
    desk.run(redo)
    assert len(desk.charges()) == 3
    assert (desk.folder / first[0]).exists(), "the old picture is never overwritten"


def test_a_redo_cleared_in_a_free_run_can_be_asked_for_again(desk: Desk):
    """A free run that sees the cell empty is enough for the next "redo" to count anew."""
    plain = Shop(desk.folder, rows=1)
    redo = replace(plain, columns={contract.ACTION: ["redo"]})
    desk.run(plain)
    desk.run(redo)
    generation.results_for(redo.answers(), desk.ledger, redo.workbook)
    desk.run(redo)
    assert len(desk.charges()) == 2
    generation.results_for(plain.answers(), desk.ledger, plain.workbook)
    desk.run(redo)
    assert len(desk.charges()) == 3


def test_a_review_that_says_redo_asks_for_another(desk: Desk):
    """The reviewer's decision reaches the next run through the ledger."""
    shop = Shop(desk.folder, rows=1)
    (attempt,) = desk.run(shop).results[0].attempts
    desk.ledger.decide(attempt, "redo", "style", "Ada")
    desk.run(shop)
    assert len(desk.charges()) == 2


def test_exact_repeats_are_paid_once_and_linked_twice(desk: Desk):
    """Two rows of the same request share a picture, and so do two of the same order."""
    shop = Shop(desk.folder, rows=3, prompts=["picture of SKU-0"] * 3)
    answers = shop.answers(request_id=text_column(["same", "same", "other"]))
    outcome = desk.run(shop, answers)
    assert statuses(outcome) == ["DONE"] * 3
    assert len({result.files for result in outcome.results}) == 1
    assert len(desk.charges()) == 1


def test_a_repeat_shows_all_pictures_and_the_first_row_their_cost(desk: Desk):
    """A row left without pictures of its own links those of the one it repeats, for nothing."""
    shop = Shop(desk.folder, rows=2, prompts=["same"] * 2, images=2, candidates=2)
    answers = shop.answers(request_id=text_column(["same", "same"]))
    answers = replace(answers, decisions=paid_once(answers.decisions, answers.request_id))
    outcome = desk.run(shop, answers)
    assert len(desk.charges()) == 2
    assert [len(result.files) for result in outcome.results] == [2, 2]
    found = generation.results_for(answers, desk.ledger, shop.workbook)
    assert [len(result.files) for result in found] == [2, 2]
    costs = generation.with_results(answers, found).extra[contract.ACTUAL_COST]
    assert costs.tolist() == [2 * PRICE, None]


def test_candidates_are_pictures_of_their_own(desk: Desk):
    """Three candidates are three orders with three seeds, files and charges."""
    outcome = desk.run(Shop(desk.folder, rows=1, images=3, candidates=3, review="human"))
    (result,) = outcome.results
    assert len(result.files) == 3
    assert result.cost == 3 * PRICE
    assert result.review
    assert result.message.startswith("3 of 3 pictures made.")


def test_a_bill_above_its_bound_stops_the_run(desk: Desk):
    """A price book that is wrong is found out by the first picture, not by the last."""
    desk.order(price=90_000)
    shop = Shop(desk.folder, rows=30)
    outcome = desk.run(shop)
    assert "Correct the price" in outcome.stopped
    assert len(desk.charges()) < 30
    assert outcome.settled == 90_000 * len(desk.charges())


# ---------------------------------------------------------------------- engines that hand on


def test_a_refusal_is_handed_to_the_next_engine_and_the_row_says_so(desk: Desk):
    """The second engine makes it; the row names both, and nothing is rephrased."""
    desk.order("refused")
    outcome = desk.run(Shop(desk.folder, rows=1, fallback=("banana",)))
    (result,) = outcome.results
    assert (result.status, result.engine) == ("DONE", "gemini banana")
    assert "Handed on: gpt: OpenAI refused the picture" in result.message
    assert desk.charges() == []
    assert desk.charges("gemini") == ["picture of SKU-0"]


@pytest.mark.parametrize("trouble", ["no key", "no credit", "down"])
def test_an_engine_that_cannot_work_hands_everything_on(desk: Desk, trouble: str):
    """Without key, credit or connection every picture goes to the next engine."""
    if trouble == "no key":
        desk.environ.pop("OPENAI_API_KEY")
        desk.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    elif trouble == "no credit":
        desk.order("429_spend_limit")
    else:
        desk.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1"
    outcome = desk.run(Shop(desk.folder, rows=3, fallback=("banana",)))
    assert statuses(outcome) == ["DONE"] * 3
    made_by = {result.engine for result in outcome.results}
    assert "gemini banana" in made_by
    handed = [r for r in outcome.results if r.engine == "gemini banana"]
    assert all("Handed on" in result.message for result in handed)
    assert len(desk.charges()) + len(desk.charges("gemini")) == 3


def test_a_strict_brand_is_not_handed_on_to_an_engine_that_redraws(desk: Desk):
    """Where the product is kept as it is, no fallback may draw it anew, whatever happens."""
    for strictness, offered in (("high", ["segment"]), ("medium", ["segment", "banana"])):
        columns = {contract.BRAND_STRICTNESS: [strictness], contract.SOURCE_IMAGE: ["photo.png"]}
        shop = Shop(desk.folder, engine="segment", rows=1, fallback=("banana",), columns=columns)
        (desk.folder / "photo.png").write_bytes(picture_of("photo"))
        row = generation.plan_work(shop.answers(), desk.ledger, shop.options(desk.environ)).rows[0]
        assert [offer.text for offer in row.pictures[0].offers] == offered


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "500_charged", "half_body"])
def test_an_unknown_charge_is_never_handed_on(desk: Desk, fault: str):
    """A picture that may have been paid for is not paid for a second time elsewhere."""
    desk.order(fault)
    shop = Shop(desk.folder, rows=1, fallback=("banana",))
    assert statuses(desk.run(shop)) == ["UNKNOWN"]
    assert statuses(desk.run(shop)) == ["UNKNOWN"]
    assert desk.charges("gemini") == []


def test_an_engine_nobody_reached_is_trouble(desk: Desk):
    """Two pictures that no engine took: the run says why, and ends with the code of trouble."""
    desk.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1"
    outcome = desk.run(Shop(desk.folder, rows=2))
    assert statuses(outcome) == ["PLANNED"] * 2
    assert outcome.exit_code == 5
    assert any("cannot be reached" in words for words in outcome.trouble)


def test_a_fallback_without_a_key_that_nobody_needed_is_no_trouble(desk: Desk):
    """Every picture is made by its own engine: the run is done, and complains of nothing."""
    del desk.environ["GEMINI_API_KEY"]
    outcome = desk.run(Shop(desk.folder, rows=2, fallback=("banana",)))
    assert (outcome.exit_code, outcome.trouble) == (0, ())


def test_a_refusal_that_no_other_engine_takes_stays_a_refusal(desk: Desk):
    """The row says what the refusal cost; it never claims that nothing was charged."""
    del desk.environ["OPENAI_API_KEY"]
    desk.order("refused", engine="gemini")
    shop = Shop(desk.folder, engine="banana", rows=1, fallback=("gpt",))
    (result,) = desk.run(shop).results
    assert result.status == "REFUSED"
    assert "Nothing was charged for it" not in result.message
    assert "OPENAI_API_KEY" in result.message


def test_an_engine_that_fails_five_times_is_left_alone(desk: Desk):
    """After five failures in a row nothing more is sent to it in this run."""
    desk.order(*["500_uncharged"] * 40)
    outcome = desk.run(Shop(desk.folder, rows=20))
    assert statuses(outcome).count("UNKNOWN") < 12
    assert "PLANNED" in statuses(outcome)
    assert outcome.trouble


def test_a_base_address_that_is_not_https_is_refused(desk: Desk):
    """A key sent over plain http to another machine could be read on the way."""
    desk.environ["OPENAI_BASE_URL"] = "http://shop.example/v1"
    outcome = desk.run(Shop(desk.folder, rows=1))
    assert statuses(outcome) == ["PLANNED"]
    assert "not https" in outcome.results[0].message


# ---------------------------------------------------------------------- local engines


def test_free_pictures_are_made_here_and_once(desk: Desk):
    """The placeholder makes exact files in worker processes, and again only where one is gone."""
    from PIL import Image

    shop = Shop(desk.folder, engine="placeholder", rows=3)
    outcome = desk.run(shop)
    assert statuses(outcome) == ["DONE"] * 3
    with Image.open(desk.folder / outcome.results[0].files[0]) as card:
        assert card.size == (64, 64)
    assert desk.run(shop).made == 0
    (desk.folder / outcome.results[1].files[0]).unlink()
    again = desk.run(shop)
    assert again.made == 1
    assert (desk.folder / again.results[1].files[0]).exists()


def test_an_engine_that_keeps_the_product_needs_a_photo_an_angle(desk: Desk):
    """Four angles of one photo would be four times the same cut-out."""
    (desk.folder / "a.png").write_bytes(picture_of("a"))
    (desk.folder / "b.png").write_bytes(picture_of("b"))
    shop = Shop(
        desk.folder,
        engine="placeholder",
        rows=2,
        images=3,
        columns={contract.SOURCE_IMAGE: ["a.png; b.png", "a.png"]},
    )
    outcome = desk.run(shop)
    assert [len(result.files) for result in outcome.results] == [2, 1]
    assert "2 of 3 angles" in outcome.results[0].message


# ---------------------------------------------------------------------- files, links, secrets


def test_a_lost_file_comes_back_without_paying(desk: Desk):
    """The provider's own bytes are kept, so a deleted picture is finished again."""
    shop = Shop(desk.folder, rows=1)
    (name,) = desk.run(shop).results[0].files
    content = (desk.folder / name).read_bytes()
    (desk.folder / name).unlink()
    desk.run(shop)
    assert (desk.folder / name).read_bytes() == content
    (desk.folder / name).unlink()
    generation.results_for(shop.answers(), desk.ledger, shop.workbook)
    assert (desk.folder / name).read_bytes() == content
    assert len(desk.charges()) == 1


def test_results_are_written_into_columns_and_marked(desk: Desk):
    """The writer gets paths, costs and statuses; a saved workbook marks its pictures linked."""
    shop = Shop(desk.folder, rows=2)
    outcome = desk.run(shop)
    answers = generation.with_results(shop.answers(), outcome.results)
    assert list(answers.status) == ["DONE", "DONE"]
    assert list(answers.extra[contract.ACTUAL_COST]) == [PRICE, PRICE]
    assert answers.extra[contract.RESULT_FILE][0] == outcome.results[0].files[0]

    def states() -> list[State]:
        return [one.state for one in desk.ledger.of_workbooks([str(shop.workbook)])]

    assert states() == [State.DOWNLOADED] * 2
    generation.mark_linked(desk.ledger, outcome.results)
    assert states() == [State.LINKED] * 2


def test_a_new_picture_empties_the_review_of_the_old_one(desk: Desk):
    """An approval was of another picture; a row nothing happened to keeps its own."""
    shop = Shop(desk.folder, rows=2)
    old = shop.answers()
    requests = replace(
        old.requests,
        outputs={
            contract.RESULT_FILE: text_column(["old.jpg", "images/kept.jpg"]),
            contract.REVIEW: text_column(["approve", "approve"]),
            contract.ACTUAL_COST: text_column([0.04, 0.05]),
        },
    )
    result = RequestResult(0, "id-SKU-0", "DONE", "", ("images/new.jpg",), 7)
    answers = generation.with_results(replace(old, requests=requests), [result])
    assert list(answers.extra[contract.REVIEW]) == [None, "approve"]
    assert list(answers.extra[contract.ACTUAL_COST]) == [7, 50_000]
    assert list(answers.extra[contract.RESULT_FILE]) == ["images/new.jpg", "images/kept.jpg"]


def test_a_moved_workbook_finds_its_pictures_and_a_second_shop_does_not(desk: Desk):
    """The same SKUs in another shop's workbook are another shop's pictures."""
    shop = Shop(desk.folder, rows=1)
    shop.workbook.touch()
    desk.run(shop)
    elsewhere = desk.folder / "other" / "catalog.xlsx"
    assert generation.results_for(shop.answers(), desk.ledger, elsewhere) == []
    shop.workbook.unlink()
    (found,) = generation.results_for(shop.answers(), desk.ledger, elsewhere)
    assert (elsewhere.parent / found.files[0]).exists()


def test_the_key_is_nowhere_but_in_its_header(
    desk: Desk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    """The canary key is in no file, log, ledger or message, whatever went wrong."""
    caplog.set_level("DEBUG")
    desk.order("500_charged", "reset_after", "half_body", "refused", "wrong_type")
    seen: list[Progress] = []
    shop = Shop(desk.folder, rows=8)
    options = shop.options(desk.environ)
    work = generation.plan_work(shop.answers(), desk.ledger, options)
    outcome = asyncio.run(
        generation.carry_out(work, desk.ledger, engines.discover(), options, seen.append)
    )
    assert "DONE" in statuses(outcome)
    said = "".join(capfd.readouterr())
    texts = [repr(outcome), repr(seen), caplog.text, said, repr(desk.ledger.unknown())]
    assert "httpx" in caplog.text or "httpcore" in caplog.text, "the logs were looked at"
    assert not any(KEY in text for text in texts)
    for file in desk.folder.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes(), file


def test_progress_adds_up(desk: Desk):
    """At the end everything is done, nothing is reserved, and the money is the charges'."""
    seen: list[Progress] = []
    shop = Shop(desk.folder, rows=6)
    options = shop.options(desk.environ)
    work = generation.plan_work(shop.answers(), desk.ledger, options)
    asyncio.run(generation.carry_out(work, desk.ledger, engines.discover(), options, seen.append))
    last = seen[-1]
    assert (last.done, last.total, last.settled, last.reserved) == (6, 6, 6 * PRICE, 0)
    assert "openai_images" in last.engines


def test_the_fast_lane_is_not_stuck_behind_slow_pictures(desk: Desk):
    """One engine, slow pictures first in the queue: fast ones end before the slow ones do."""
    desk.order(latency=0.15)
    shop = Shop(desk.folder, rows=16)
    answers = shop.answers()
    answers.decisions.lane[12:] = "fast"
    answers.decisions.priority[12:] = 9
    desk.run(shop, answers)
    order = [int(what.rpartition("-")[2]) for what in desk.charges()]
    assert 12 in order[:8], order


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_work_drains_and_goes_on_later(desk: Desk, asked: int):
    """The first request to stop lets what is under way end, and the next run makes the rest."""
    desk.order(latency=0.1)
    shop = Shop(desk.folder, rows=16)
    options = shop.options(desk.environ, handle_interrupts=True)
    work = generation.plan_work(shop.answers(), desk.ledger, options)
    pressed: list[int] = []

    def press(progress: Progress) -> None:
        if progress.done and not pressed:
            pressed.append(progress.done)
            os.kill(os.getpid(), asked)

    outcome = asyncio.run(
        generation.carry_out(work, desk.ledger, engines.discover(), options, press)
    )
    assert outcome.interrupted
    assert outcome.exit_code == 130
    assert 0 < statuses(outcome).count("DONE") < 16
    assert outcome.reserved == 0
    assert not outcome.unknown
    assert not outcome.trouble, "a run that was stopped is no engine's trouble"
    assert statuses(desk.run(shop)) == ["DONE"] * 16
    assert len(desk.charges()) == 16


def test_nothing_was_ever_paid_twice(desk: Desk):
    """The oracle agrees with the ledger after a day of faults."""
    desk.order("500_charged", "reset_after", "429_seconds", "no_picture")
    shop = Shop(desk.folder, rows=10, settings=Settings(cap_per_month=8 * BOUND))
    for _ in range(3):
        desk.run(shop)
    provider = desk.providers["openai_images"]
    lines = [{"what": what, "micro_usd": PRICE} for what in desk.charges()]
    assert violations(lines, desk.folder / "home", cap=8 * BOUND) == []
    assert provider.invalid() == []


def test_the_models_of_the_test_shop_are_those_of_its_engines():
    """Every engine with a local server has a price in the made-up price book."""
    assert {rule.engine for rule in PRICE_BOOK} == set(MODELS)
    assert QUICK.tries > 1
