"""A shop with a past: a real workbook, a real ledger, and months of pictures and reviews."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tierbook import app, workbook
from tierbook.generation.ledger import (
    Caps,
    Claim,
    Facts,
    Reserved,
    SqliteLedger,
    State,
    open_ledger,
)
from tierbook.model import Answers

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CATALOG = Path(__file__).parents[2] / "samples" / "candle-maker" / "catalog.xlsx"
PRICES = {1: 0, 2: 33_600, 3: 134_000}


@dataclass
class Clock:
    """A clock that is set, not waited for."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Shop:
    """A workbook in a folder of its own, and the ledger of what was paid for it."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    ledger: SqliteLedger = field(init=False)
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.folder / "catalog.xlsx"
        if not self.path.exists():
            self.path.write_bytes(CATALOG.read_bytes())
        self.ledger = open_ledger(clock=self.clock.now)
        self._run = self.ledger.begin_run(str(self.path))

    def book(self) -> workbook.Book:
        return workbook.read_book(self.path)

    def answers(self) -> Answers:
        return app.answer(self.book(), router="rubric", today=self.clock.moment.date())

    def pay(
        self,
        answers: Answers,
        index: int,
        at: datetime,
        *,
        number: int = 1,
        tier: int | None = None,
        cost: int | None = None,
        fails: bool = False,
        say: str = "",
        reason: str = "",
        after: timedelta = timedelta(hours=2),
    ) -> str:
        """Make (or fail to make) one picture of a row at a moment, and say something of it."""
        self.clock.moment = at
        tier = int(answers.decisions.tier[index]) if tier is None else tier
        amount = PRICES[tier] if cost is None else cost
        request = str(answers.request_id[index])
        claim = Claim(
            request_key=f"{request}{number}{at.isoformat()}".encode().hex()[-64:].rjust(64, "0"),
            request_id=request,
            variant=number,
            workbook=str(self.path.absolute()),
            sku=str(answers.requests.column("SKU")[index]),
            placement=str(answers.requests.column("Placement")[index]),
            tier=tier,
            engine="placeholder",
            provider="acme",
            model="m",
            worst_case=amount,
        )
        taken = self.ledger.reserve(claim, self._run, Caps())
        assert isinstance(taken, Reserved)
        self.ledger.advance(taken.attempt, State.SENDING)
        if fails:
            self.ledger.advance(taken.attempt, State.FAILED_CHARGED, Facts(actual=amount))
            return taken.attempt
        made = Facts(actual=amount, sha256="0" * 64, original="o.png", result_file="images/a.png")
        self.ledger.advance(taken.attempt, State.DOWNLOADED, made)
        if say:
            self.clock.moment = at + after
            self.ledger.decide(taken.attempt, say, reason, "Ana")
        self.clock.moment = NOW
        return taken.attempt

    def live(self, answers: Answers, months: Iterable[tuple[int, int]], share: float = 0.8) -> None:
        """Make and judge pictures of every row in each month, the same ones every time."""
        chance = random.Random(7)  # noqa: S311 - the same past every time, no secret
        rows = [i for i, tier in enumerate(answers.decisions.tier.tolist()) if tier > 0]
        for year, month in months:
            start = datetime(year, month, 1, 9, tzinfo=UTC)
            moments = [
                (start + timedelta(minutes=chance.randrange(21 * 24 * 60)), index)
                for index in rows
                for _ in range(chance.choice((1, 1, 2, 3)))
            ]
            # The ledger's clock never goes back.
            for at, index in sorted(moments):
                good = chance.random() < share
                self.pay(
                    answers,
                    index,
                    at,
                    fails=chance.random() < 0.03,
                    say="approve" if good else "reject",
                    reason="" if good else chance.choice(("style", "product changed", "style")),
                    after=timedelta(minutes=0),
                )
