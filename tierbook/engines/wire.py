"""What passes between the runner and an engine: orders, requests, replies, outcomes.

An engine does no input or output of its own. A remote engine turns an order into an
`HttpRequest` and a reply into an `Outcome`; the runner alone sends, waits, stores and pays. A
local engine makes the picture in a worker process. So every engine is tested by replaying
example exchanges, and money rules live in one place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from tierbook.model import CellValue, MicroUsd, Placement, PriceRule

# A provider's clock and this machine's may differ by so much.
_CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SourceImage:
    """The seller's own photo.

    For a remote engine it is checked, upright, 8-bit sRGB and re-encoded as PNG or JPEG; an engine
    on this machine gets the file as it was taken, and opens it by its own rules. `path` is the
    file's place where it lies on this machine.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    path: str = ""


@dataclass(frozen=True)
class PictureOrder:
    """One picture to make: everything an engine may look at.

    `facts` holds the request's own cells by heading (SKU, Scene notes, Background, ...);
    `candidate` counts from 1; `seed` is derived from the request key, so a re-run is the same
    order; a provider is given one of each attempt's own instead, to find it again by. `price` is
    the row of the price book the picture is paid by, for engines that can work the actual cost out
    of the usage a provider reports.
    """

    request_key: str
    model: str
    quality: str
    size: str
    operation: str
    prompt: str
    avoid: str
    width: int
    height: int
    aspect_ratio: str
    candidate: int
    seed: int
    source: SourceImage | None
    placement: Placement | None = None
    facts: Mapping[str, CellValue] = field(default_factory=dict[str, CellValue])
    brand_colours: tuple[str, ...] = ()
    lane: str = "standard"
    price: PriceRule | None = None


def seed_of(name: str) -> int:
    """Derive a seed from a name in hexadecimal digits, within the 31 bits every provider takes."""
    return int(name[:8], 16) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Trace:
    """What an attempt that was cut off while sending can be known by at its provider.

    `seed` is the attempt's own, which no other order shares but by luck, not even a later attempt
    at the same picture; `since` is when it was written down, so not after it was sent.
    """

    request_key: str
    model: str
    seed: int
    since: datetime

    @property
    def earliest(self) -> datetime:
        """The first moment that may stand beside it at a provider, whose clock may be behind."""
        return self.since - _CLOCKS_APART


@dataclass(frozen=True)
class HttpRequest:
    """One HTTP request, without the key: the runner adds `Engine.authorize` just before sending.

    Exactly one of `json`, `form` (with `files`) or neither is used. `files` maps a field name to
    (file name, content, media type) tuples.
    """

    method: Literal["GET", "POST", "PUT"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[tuple[str, tuple[str, bytes, str]], ...] = ()
    send_key: bool = True


@dataclass(frozen=True)
class HttpReply:
    """A complete reply; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job the provider accepted: its id and the URLs it gave, stored before anything else."""

    job_id: str
    urls: Mapping[str, str] = field(default_factory=dict[str, str])
    quoted_cost: MicroUsd | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Not ready yet; ask again no sooner than `wait` seconds from now."""

    job: Job
    wait: float = 1.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadyAt:
    """The picture lies at `url`, which may die within minutes."""

    url: str
    actual_cost: MicroUsd | None = None
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class ReadyBytes:
    """The picture itself."""

    content: bytes
    actual_cost: MicroUsd | None = None
    provider_id: str = ""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider declined for its own policy; never rephrased, never resent by itself.

    `actual_cost` None means the provider did not say: the reservation counts in full.
    """

    reason: str
    actual_cost: MicroUsd | None = None


FailureScope: TypeAlias = Literal["picture", "engine"]


@dataclass(frozen=True, slots=True)
class Failed:
    """It failed and the provider's contract says what that costs.

    `charged` None means the contract does not say: treat as possibly charged. `scope` "engine"
    stops further work on this engine (no key, no credit, spend limit, model gone).
    """

    reason: str
    charged: bool | None
    scope: FailureScope = "picture"
    actual_cost: MicroUsd | None = None


@dataclass(frozen=True, slots=True)
class Throttled:
    """Provably not accepted; may be sent again after `wait` seconds (None: back off)."""

    wait: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The provider does not know the job (any more): the charge stays unknown."""

    reason: str


@dataclass(frozen=True)
class Elsewhere:
    """Not on this page of the provider's list; `request` asks for the next."""

    request: HttpRequest


Outcome: TypeAlias = Pending | ReadyAt | ReadyBytes | Refused | Failed | Throttled | Lost


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do and when it charges; the defaults are the worst case.

    `lookup` says whether an attempt that was cut off while sending can be found again: not at
    all, only by the job id (so not where the id never arrived), in the provider's list of
    requests, or by a reference the client chose before sending.
    """

    input_image: Literal["none", "optional", "required"] = "none"
    sizes: tuple[str, ...] | Literal["any"] = "any"
    redraws_product: bool = True
    lookup: Literal["none", "by_job_id", "by_list", "by_client_ref"] = "none"
    charges_on: Literal["accept", "success", "never"] = "accept"
    concurrency: int = 2
    per_minute: int = 60
    read_timeout: float = 300.0


@dataclass(frozen=True)
class Exchange:
    """An example the engine carries: an order, the request it must give, a reply, the outcome.

    `step` says which pair of methods it holds to the wire format; `job` is what a poll starts from,
    `trace` what is looked for.
    """

    name: str
    order: PictureOrder
    request: HttpRequest
    reply: HttpReply
    outcome: Outcome | Elsewhere
    step: Literal["submit", "poll", "find"] = "submit"
    job: Job | None = None
    trace: Trace | None = None


@runtime_checkable
class RemoteEngine(Protocol):
    """An engine reached over HTTP. One file an engine; the file name is its name.

    `key_variable` is the environment variable with the key ("" when none is needed);
    `base_url_variable` lets the seller point elsewhere (https or loopback only).
    """

    name: str
    provider: str
    capabilities: Capabilities
    key_variable: str
    base_url_variable: str
    default_base_url: str

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return the headers that carry the key."""
        ...

    def trusts(self, url: str, base_url: str) -> bool:
        """Tell whether the key may be sent to a URL the provider gave."""
        ...

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that starts (or makes) the picture."""
        ...

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the reply to `submit`."""
        ...

    def poll(self, job: Job, base_url: str) -> HttpRequest:
        """Build the request that asks how a job is doing."""
        ...

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read the reply to `poll`; may carry a job with further URLs in `Pending`."""
        ...

    def find(self, trace: Trace, base_url: str) -> HttpRequest | None:
        """Build the request that looks up an attempt cut off while sending, if that is possible."""
        ...

    def read_find(self, trace: Trace, reply: HttpReply) -> Outcome | Elsewhere:
        """Read the reply to `find`; `Lost` where it is not there, which proves nothing.

        `Throttled` means it was provably never accepted, and may be sent again.
        """
        ...

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges that hold this engine to the provider's wire format."""
        ...


@runtime_checkable
class LocalEngine(Protocol):
    """An engine that makes pictures on the seller's own machine, for nothing."""

    name: str
    provider: str
    capabilities: Capabilities

    def ready(self) -> str:
        """Return "" when it can work, else what is missing and how to add it."""
        ...

    def make(self, order: PictureOrder) -> ReadyBytes | Refused | Failed:
        """Make the picture; runs in a worker process, so orders and outcomes are plain values."""
        ...


@runtime_checkable
class ScalingEngine(LocalEngine, Protocol):
    """A local engine that can show all angles of a product at one scale.

    The runner measures every angle by itself, and tells the common scale of all of them in the
    orders' facts, under the heading `scale_fact`.
    """

    scale_fact: str

    def scales(self, order: PictureOrder) -> bool:
        """Tell whether a scale matters to this order; costs nothing."""
        ...

    def own_scale(self, order: PictureOrder) -> float | None:
        """Measure one angle, in a worker process; None where it tells nothing."""
        ...

    def common_scale(self, own: Sequence[float | None]) -> float | None:
        """Return what the angles share, or None where they share nothing."""
        ...


Engine: TypeAlias = RemoteEngine | LocalEngine
