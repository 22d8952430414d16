"""A made-up shop whose pictures are made already: real files, a real ledger, a running page."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from tests.generation.shop import PRICE_BOOK, Shop
from tierbook import contract
from tierbook.generation.ledger import (
    Caps,
    Claim,
    Facts,
    Reserved,
    SqliteLedger,
    State,
    open_ledger,
)
from tierbook.model import PriceRule
from tierbook.review.ledger_desk import LedgerDesk, desk_for
from tierbook.review.serving import ReviewServer

PAID = 40_000
COLOURS = ((200, 120, 60), (90, 150, 90), (80, 100, 190), (190, 90, 130))


@dataclass
class Gallery:
    """Rows with their pictures made; `desk()` opens the review desk over them."""

    folder: Path
    rows: int = 3
    images: int = 1
    candidates: int = 1
    tier: int = 2
    review: str = "human"
    engine: str = "banana"
    fallback: tuple[str, ...] = ()
    price_book: tuple[PriceRule, ...] = PRICE_BOOK
    skus: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict[str, Sequence[Any]])

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.place = self.folder / "shop"
        (self.place / "photos").mkdir(parents=True)
        (self.place / "images").mkdir()
        Image.new("RGB", (300, 200), (220, 220, 215)).save(self.place / "photos" / "it.jpg")
        names = list(self.skus) or [f"SKU-{i}" for i in range(self.rows)]
        columns = {
            contract.SKU: names,
            contract.SOURCE_IMAGE: ["photos/it.jpg"] * self.rows,
            **self.columns,
        }
        self.shop = Shop(
            self.place,
            engine=self.engine,
            fallback=self.fallback,
            price_book=self.price_book,
            rows=self.rows,
            images=self.images,
            candidates=self.candidates,
            tier=self.tier,
            review=self.review,
            columns=columns,
        )
        self.answers = self.shop.answers()
        self.ledger: SqliteLedger = open_ledger(self.home)
        with self.ledger.together():
            run = self.ledger.begin_run(str(self.shop.workbook))
            self.made = [
                self._make(run, row, number, names[row])
                for row in range(self.rows)
                for number in range(1, self.images + 1)
            ]
            self.ledger.end_run(run)

    def _make(self, run: str, row: int, number: int, sku: str) -> str:
        file = f"images/picture-{row}-{number}.png"
        path = self.place / file
        if row < 60:  # of thousands of rows only a screenful is ever looked at
            Image.new("RGB", (80, 80), COLOURS[(row + number) % len(COLOURS)]).save(path)
        answer = self.ledger.reserve(self._claim(row, number, sku), run, Caps())
        assert isinstance(answer, Reserved)
        self.ledger.advance(answer.attempt, State.SENDING)
        facts = Facts(actual=PAID, result_file=file, notes=dict(self.notes))
        self.ledger.advance(answer.attempt, State.DOWNLOADED, facts)
        return answer.attempt

    def _claim(self, row: int, number: int, sku: str) -> Claim:
        return Claim(
            request_key=f"{row:032x}{number:032x}",
            request_id=str(self.answers.request_id[row]),
            variant=number,
            workbook=str(self.shop.workbook),
            sku=sku,
            placement="Gallery",
            tier=self.tier,
            engine="gemini",
            provider="Google",
            model="banana",
            worst_case=PAID,
        )

    def doubt(self, run: str) -> str:
        """Leave a charge for the first row that nobody can confirm."""
        request_id = str(self.answers.request_id[0])
        claim = replace(self._claim(0, 1, "SKU-0"), request_key="f" * 64, request_id=request_id)
        answer = self.ledger.reserve(claim, run, Caps())
        assert isinstance(answer, Reserved)
        self.ledger.advance(answer.attempt, State.SENDING)
        self.ledger.advance(answer.attempt, State.UNKNOWN)
        return answer.attempt

    def desk(self) -> LedgerDesk:
        options = self.shop.options(self.environ)
        return desk_for(
            self.answers, self.shop.workbook, self.ledger, options=options, reviewer="Ada"
        )

    def decision(self, picture: str) -> tuple[str, str] | None:
        """Read the newest decision as another program would: over its own connection."""
        ledger = open_ledger(self.home)
        try:
            review = ledger.reviews([picture]).get(picture)
        finally:
            ledger.close()
        return (review.decision, review.reason) if review else None


@dataclass
class Running:
    """A page under way: its one-time address and where it is served."""

    address: str
    port: int
    desk: LedgerDesk

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(gallery: Gallery) -> Iterator[Running]:
    """Serve a gallery's page on a thread for as long as this lasts."""
    desk = gallery.desk()
    addresses: list[str] = []
    ready = threading.Event()

    def on_ready(address: str) -> None:
        addresses.append(address)
        ready.set()

    server = ReviewServer(desk, on_ready=on_ready)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert ready.wait(20)
        yield Running(addresses[0], server.port, desk)
    finally:
        server.stop()
        thread.join(20)
        desk.close()
        gallery.ledger.close()
