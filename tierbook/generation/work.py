"""What is to be made: rows, their pictures, and the engines each may be made with."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tierbook.contract import BACKGROUND
from tierbook.engines.wire import PictureOrder, SourceImage, seed_of
from tierbook.generation.finishing import Finish
from tierbook.generation.ledger import Attempt, Caps, Ledger, Redo
from tierbook.generation.sources import PhotoPlace
from tierbook.model import CellValue, Exactness, MicroUsd, Placement, PriceRule

Failpoint = Callable[[str], None]


def no_failpoint(name: str) -> None:
    """Do nothing: the product never stops at a failpoint, tests do."""


def utc_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things are waited for, in seconds, and how often they are tried.

    `read_timeout` shortens what an engine allows its provider; None leaves it. `lookup_seconds` is
    how long an attempt in doubt is looked for in its provider's list. `patience` is how
    long a write to the ledger that holds up no provider waits to share the next one's sync.
    """

    tries: int = 5
    throttled_tries: int = 12
    backoff: float = 1.0
    longest_backoff: float = 60.0
    longest_pause: float = 300.0
    poll_floor: float = 0.5
    poll_ceiling: float = 5.0
    job_seconds: float = 900.0
    lost_answers: int = 3
    lookup_seconds: float = 60.0
    read_timeout: float | None = None
    patience: float = 0.2
    failures_to_stop: int = 5


@dataclass(frozen=True)
class WorkOptions:
    """What the seller asked for.

    Attributes:
        workbook: The workbook's file; photos are looked for in its folder, pictures go beside it.
        max_spend: A cap for this run on top of the workbook's own.
        limit: Make pictures for at most this many rows, first in the queue first.
        tiers: Only these tiers; None is all of them.
        environ: Where keys and base addresses are looked up.
        failpoint: Called with the name of each point a crash could fall between (tests only).
    """

    workbook: Path
    max_spend: MicroUsd | None = None
    limit: int | None = None
    tiers: frozenset[int] | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    now: Callable[[], datetime] = utc_now
    pace: Pace = Pace()
    handle_interrupts: bool = True
    failpoint: Failpoint = no_failpoint


@dataclass(frozen=True)
class Offer:
    """One way to make a picture: an engine, a model, and the most it can cost."""

    text: str
    engine: str
    rule: PriceRule
    operation: str
    quality: str
    size: str
    worst_case: MicroUsd
    exactness: Exactness

    @property
    def free(self) -> bool:
        """Tell whether nothing can be charged."""
        return self.rule.kind == "free"


@dataclass(frozen=True)
class Picture:
    """One picture of a row: the order without its photo, and the offers in the order to try.

    `number` counts the row's pictures from 1; `redo` how often it was asked for anew. `angles` are
    the photos of all angles of its SKU in its placement (the row's), to be shown at one scale; they
    do not count in the key, so an angle more leaves the pictures made before as they are.
    """

    row: int
    request_id: str
    number: int
    redo: int
    sku: str
    placement_name: str
    placement: Placement | None
    tier: int
    lane: str
    priority: int
    review: str
    prompt: str
    avoid: str
    width: int
    height: int
    ratio: str
    photo: PhotoPlace | None
    facts: Mapping[str, CellValue]
    brand_colours: tuple[str, ...]
    offers: tuple[Offer, ...]
    angles: tuple[PhotoPlace, ...] = ()

    def key(self, offer: Offer, photo_sha256: str) -> str:
        """Name the very picture an offer would make: the same name is never paid for twice."""
        parameters = {
            "operation": offer.operation,
            "quality": offer.quality,
            "size": offer.size,
            "width": self.width,
            "height": self.height,
            "ratio": self.ratio,
            "avoid": self.avoid,
        }
        parts = [
            offer.rule.provider or offer.engine,
            offer.rule.model or offer.engine,
            json.dumps(parameters, sort_keys=True),
            self.prompt,
            photo_sha256,
            f"{self.redo}.{self.number}",
        ]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def order(self, offer: Offer, key: str, source: SourceImage | None) -> PictureOrder:
        """Write the order for an engine."""
        return PictureOrder(
            request_key=key,
            model=offer.rule.model or offer.engine,
            quality=offer.quality,
            size=offer.size,
            operation=offer.operation,
            prompt=self.prompt,
            avoid=self.avoid,
            width=self.width,
            height=self.height,
            aspect_ratio=self.ratio,
            candidate=self.number,
            seed=seed_of(key),
            source=source,
            placement=self.placement,
            facts=self.facts,
            brand_colours=self.brand_colours,
            lane=self.lane,
            price=offer.rule,
        )


@dataclass(frozen=True, slots=True)
class Known:
    """A picture the ledger knows already, and the offer it was made or tried with."""

    attempt: Attempt
    offer: int


@dataclass(frozen=True)
class Row:
    """One request and what is to become of it.

    `held` says why nothing is made for it, `waits` whether the seller has to do something about
    that; `known` is by picture number.
    """

    index: int
    request_id: str
    sheet_row: int
    sku: str
    placement: str
    pictures: tuple[Picture, ...] = ()
    known: Mapping[int, Known] = field(default_factory=dict[int, Known])
    held: str = ""
    waits: bool = False
    note: str = ""


@dataclass(frozen=True)
class Work:
    """All rows of a workbook, and the pictures still to make in the order of the queue.

    `month_counted` is what this month's charges of all workbooks came to when planned.
    """

    workbook: str
    folder: Path
    image_folder: str
    rows: tuple[Row, ...]
    to_make: tuple[Picture, ...]
    caps: Caps
    redos: Mapping[str, Redo]
    month: str
    month_counted: MicroUsd
    waiting_for_decision: tuple[Attempt, ...] = ()


def nothing_to_make(ledger: Ledger) -> Work:
    """Describe a run that makes no picture and only takes up what earlier runs left behind."""
    month = ledger.month()
    return Work(
        workbook="",
        folder=Path(),
        image_folder="",
        rows=(),
        to_make=(),
        caps=Caps(),
        redos={},
        month=month,
        month_counted=ledger.counted(month=month),
        waiting_for_decision=ledger.unknown(),
    )


def finish_of(picture: Picture, offer: Offer, *, generated: bool) -> Finish:
    """Say how a picture is brought to its placement's shape, and what its file says of it."""
    ground = str(picture.facts.get(BACKGROUND) or "")
    colour = (255, 255, 255)
    if ground in ("solid", "brand") and picture.brand_colours:
        colour = _rgb(picture.brand_colours[0])
    on_plain = ground in ("white", "solid") or offer.operation == "cutout"
    if not generated or offer.operation == "cutout":
        provenance = ""
    elif picture.photo is not None:
        provenance = "compositeWithTrainedAlgorithmicMedia"
    else:
        provenance = "trainedAlgorithmicMedia"
    return Finish(
        picture.width,
        picture.height,
        "pad" if on_plain else "crop",
        colour,
        provenance,
        picture.placement,
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.strip().lstrip("#")
    try:
        value = int(digits, 16)
    except ValueError:
        return (255, 255, 255)
    if len(digits) != 6:
        return (255, 255, 255)
    return (value >> 16, value >> 8 & 255, value & 255)
