"""What goes into the ledger and what comes out, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from tierbook.generation.ledger.states import State
from tierbook.model import MicroUsd


@dataclass(frozen=True, slots=True)
class Claim:
    """One picture about to be paid for, with its worst-case price.

    `recipe` is what a later run needs to finish the picture without the workbook at hand.
    """

    request_key: str
    request_id: str
    variant: int
    workbook: str
    sku: str
    placement: str
    tier: int
    engine: str
    provider: str
    model: str
    worst_case: MicroUsd
    recipe: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be spent; None is no cap. By tier number: `tier` a month, `run_tier` a run."""

    run: MicroUsd | None = None
    month: MicroUsd | None = None
    tier: Mapping[int, MicroUsd] = field(default_factory=dict[int, MicroUsd])
    run_tier: Mapping[int, MicroUsd] = field(default_factory=dict[int, MicroUsd])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the ledger."""

    attempt: str
    request_key: str
    request_id: str
    variant: int
    workbook: str
    sku: str
    placement: str
    tier: int
    engine: str
    provider: str
    model: str
    run: str
    owner: str
    month: str
    state: State
    reserved: MicroUsd
    quoted: MicroUsd | None
    actual: MicroUsd | None
    counted: MicroUsd
    job_id: str
    job_urls: Mapping[str, str]
    result_url: str
    provider_id: str
    sha256: str
    original: str
    result_file: str
    notes: Mapping[str, str]
    reason: str
    recipe: Mapping[str, object]
    created: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Reserved:
    """The claim fits under every cap; its worst case now counts."""

    attempt: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The same picture was made, is being made, or may have been paid for."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class OverCap:
    """The claim would pass a cap; nothing was reserved."""

    which: Literal["run", "month", "tier", "run_tier"]
    cap: MicroUsd
    counted: MicroUsd


ClaimAnswer: TypeAlias = Reserved | Taken | OverCap


@dataclass(frozen=True, slots=True)
class Facts:
    """What a move adds to an attempt; None leaves a fact as it was."""

    reason: str | None = None
    actual: MicroUsd | None = None
    quoted: MicroUsd | None = None
    job_id: str | None = None
    job_urls: Mapping[str, str] | None = None
    result_url: str | None = None
    provider_id: str | None = None
    sha256: str | None = None
    original: str | None = None
    result_file: str | None = None
    notes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Spend:
    """What one workbook's pictures came to in one month and tier, in micro-USD.

    `settled` is known; `in_flight` and `unknown` are worst cases that count until settled.
    """

    workbook: str
    month: str
    tier: int
    settled: MicroUsd
    in_flight: MicroUsd
    unknown: MicroUsd
    pictures: int


@dataclass(frozen=True, slots=True)
class Redo:
    """How often a picture was asked for anew, and whether the last asking still stands."""

    number: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A person's decision about one picture; the newest line counts."""

    attempt: str
    decision: str
    reason: str
    reviewer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Routing:
    """What the router saw of one request and chose, with the probability of that choice."""

    request_id: str
    features: Mapping[str, object]
    tier: int
    rule: str
    router: str
    propensity: float
