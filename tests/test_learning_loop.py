"""The loop a seller goes: pictures tried out and judged for months, then a router that decides."""

import hashlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tierbook import ahead, app, workbook
from tierbook.generation.ledger import Caps, Claim, Facts, Ledger, Reserved, State, open_ledger
from tierbook.generation.outcomes import RequestResult
from tierbook.model import Answers
from tierbook.pictures import routings_of

ROWS = 5_400
START = datetime(2026, 4, 1, 9, tzinfo=UTC)
DAYS = 150
PAID = {1: 0, 2: 33_600, 3: 402_000}
# Plain mugs please more than scenes with mugs do; a lamp needs its room.
APPROVED = {"mugs": (0.97, 0.80, 0.85), "lamps": (0.30, 0.85, 0.90)}


class LaterClock:
    def now(self) -> datetime:
        return START + timedelta(days=DAYS + 10)


def write_book(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    requests = book.add_worksheet("Requests")
    requests.write_row(0, 0, ["SKU", "Placement", "Category", "Background", "Source image"])
    for row in range(ROWS):
        kind = "mugs" if row % 2 else "lamps"
        requests.write_row(row + 1, 0, [f"S{row}", "Category page", kind, "scene", "a.jpg"])
    settings = book.add_worksheet("Settings")
    settings.write_row(0, 0, ["Setting", "Value"])
    settings.write_row(1, 0, ["Share to try out", 0.15])
    settings.write_row(2, 0, ["Raise after a reject", "no"])
    book.close()


def live(path: Path) -> None:
    """Make a part of the rows every day, as the router has them, and judge them by the truth."""
    answers = app.answer(workbook.read_book(path), router=None, today=START.date())
    tiers, categories = answers.decisions.tier, answers.requests.column("Category")
    draw = np.random.default_rng(1)
    moment = SimpleNamespace(now=START)
    with closing(open_ledger(clock=lambda: moment.now)) as ledger:
        for day, rows in enumerate(np.array_split(np.arange(ROWS), DAYS)):
            moment.now = START + timedelta(days=day)
            run = ledger.begin_run(str(path))
            with ledger.together():
                made = [_made(ledger, run, path, answers, int(row)) for row in rows]
                for row, one in zip(rows, made, strict=True):
                    good = draw.random() < APPROVED[str(categories[row])][tiers[row] - 1]
                    ledger.decide(one.attempts[0], "approve" if good else "reject", "", "Ana")
                ledger.log_routings(run, routings_of(answers, made))
            ledger.end_run(run)


def _made(ledger: Ledger, run: str, path: Path, answers: Answers, row: int) -> RequestResult:
    tier, name = int(answers.decisions.tier[row]), str(answers.request_id[row])
    claim = Claim(
        request_key=hashlib.sha256(name.encode()).hexdigest(),
        request_id=name,
        variant=1,
        workbook=str(path.absolute()),
        sku=str(answers.requests.column("SKU")[row]),
        placement="Category page",
        tier=tier,
        engine="placeholder",
        provider="acme",
        model="m",
        worst_case=PAID[tier],
    )
    taken = ledger.reserve(claim, run, Caps())
    assert isinstance(taken, Reserved)
    ledger.advance(taken.attempt, State.SENDING)
    facts = Facts(actual=PAID[tier], sha256="0" * 64, original="o.png", result_file="images/a.png")
    ledger.advance(taken.attempt, State.DOWNLOADED, facts)
    return RequestResult(row, name, "DONE", "", attempts=(taken.attempt,))


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    path = folder / "shop.xlsx"
    write_book(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIERBOOK_HOME", str(folder / "home"))
        live(path)
        trained = ahead.train(path, None, LaterClock())
    assert trained.router is not None
    failed = [gate for gate in trained.router.gates if not gate.passed]
    assert failed == []
    assert trained.saved is not None
    return path


def decided(path: Path) -> Answers:
    return app.answer(workbook.read_book(path), router=None, today=LaterClock().now().date())


def test_a_router_trained_from_the_ledger_decides_and_says_by_what(shop):
    """It passes, is chosen over 5,000 products, moves what the shop's past says, and tells why."""
    book = CalamineWorkbook.from_path(str(shop)).get_sheet_by_name("Settings").to_python()
    assert ["Learned router", "passed its gates"] in [row[:2] for row in book]
    answers = decided(shop)
    assert any("The learned router decides" in note for note in answers.notes)
    routed, kind = answers.decisions, answers.requests.column("Category")
    learned = routed.router == "learned"
    assert np.mean(routed.tier[learned & (kind == "mugs")] == 1) > 0.99
    assert np.mean(routed.tier[learned & (kind == "lamps")] == 2) > 0.99
    why = routed.why[learned & (kind == "mugs")][0]
    assert "Category mugs" in why


@pytest.mark.parametrize("place", [0.01, 0.5, 0.99])
def test_one_changed_byte_gives_the_catalog_back_to_the_rubric(shop, place):
    """Wherever the file of the router was touched, the rubric decides every row and says so."""
    file = shop.with_name("shop.router.json")
    whole = file.read_bytes()
    at = int(len(whole) * place)
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    try:
        answers = decided(shop)
    finally:
        file.write_bytes(whole)
    assert "learned" not in set(answers.decisions.router.tolist())
    assert any("the learned router beside the workbook was refused" in n for n in answers.notes)
    assert "router-refused" in {problem.code for problem in answers.problems}


def test_a_budget_is_fitted_by_the_odds_the_router_learned(shop):
    """With money for every row in tier 2, mugs still stay in tier 1, and the page says why."""
    fitted = ahead.fit(shop, 200_000_000, LaterClock(), write=False)
    kind = fitted.answers.requests.column("Category")
    assert np.mean(fitted.fit.tier[kind == "mugs"] == 1) > 0.9
    assert np.mean(fitted.fit.tier[kind == "lamps"] >= 2) > 0.9
    assert "learned router" in fitted.page.read_text(encoding="utf-8")
