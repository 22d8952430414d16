"""What the review page shows of a picture, and what it asks of whoever keeps the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from tierbook.model import MicroUsd
from tierbook.studio.checking import Check

# Pictures of this tier and above are never done without a person's approval, whatever the
# Tiers tab asks for.
ALWAYS_APPROVED_FROM = 3

State: TypeAlias = Literal["waiting", "approved", "rejected", "redo", "passed", "optional"]
STATES: tuple[State, ...] = (
    "waiting",
    "approved",
    "rejected",
    "redo",
    "passed",
    "optional",
)
_DECIDED: dict[str, State] = {"approve": "approved", "reject": "rejected", "redo": "redo"}


@dataclass(frozen=True, slots=True)
class ReviewPicture:
    """One made picture and all that a person needs to judge it.

    Attributes:
        id: The ledger's name of it; `request_id` the lasting id of its row.
        number, of: Which picture of its row it is, counted from 1, and how many there are.
        candidates: The ids of the pictures that compete for the same angle, itself among them.
        photo: The seller's photo as the row names it, "" where it names none.
        file: Its path relative to the workbook's folder, with forward slashes.
        checks: What was measured or noted of it, the worst first.
        cost: What it came to, in micro-USD.
        prompt, rule, why: The words it was made from, the rule that chose its tier, and the reason.
        needs_person: Whether it is done only with a person's approval.
        decision: A word of `contract.REVIEW_DECISIONS`, "" before anyone decided.
        rival_approved: Whether another candidate of the same angle was approved.
    """

    id: str
    request_id: str
    sku: str
    placement: str
    tier: int
    tier_name: str
    file: str
    product: str = ""
    number: int = 1
    of: int = 1
    candidates: tuple[str, ...] = ()
    photo: str = ""
    checks: tuple[Check, ...] = ()
    cost: MicroUsd = 0
    engine: str = ""
    prompt: str = ""
    rule: str = ""
    why: str = ""
    needs_person: bool = False
    decision: str = ""
    reason: str = ""
    reviewer: str = ""
    decided_at: datetime | None = None
    rival_approved: bool = False

    @property
    def state(self) -> State:
        """Say where its review stands."""
        if self.decision in _DECIDED:
            return _DECIDED[self.decision]
        if self.rival_approved:
            return "passed"
        return "waiting" if self.needs_person else "optional"


@dataclass(frozen=True, slots=True)
class RedoPrice:
    """What making a row's pictures anew comes to.

    Attributes:
        token: Names this offer; `ReviewDesk.redo` takes it once.
        pictures: How many pictures are made: all of the row's.
        at_most: The most it can cost, in micro-USD; no more than this is spent.
    """

    token: str
    pictures: int
    at_most: MicroUsd


@dataclass(frozen=True, slots=True)
class RedoStatus:
    """How a redo stands. `picture` is the id to look at next; `message` a sentence for a person."""

    finished: bool
    message: str
    picture: str
    made: int = 0
    charged: MicroUsd = 0


Side: TypeAlias = Literal["before", "after"]
Size: TypeAlias = Literal["small", "large", "full"]


@dataclass(frozen=True, slots=True)
class Shown:
    """The bytes of an image and their media type."""

    content: bytes
    media_type: str


class ReviewDesk(Protocol):
    """Keeps the pictures of one workbook and a person's decisions about them.

    Every method may be called from any thread. What cannot be done raises `TierbookError` with
    words for the seller; an id nobody knows raises `KeyError`.
    """

    @property
    def title(self) -> str:
        """The workbook's name."""
        ...

    @property
    def busy(self) -> bool:
        """Whether pictures are being made just now."""
        ...

    def pictures(self) -> Sequence[ReviewPicture]:
        """Return the newest pictures of every row, in the order of the sheet."""
        ...

    def image(self, picture: str, side: Side, size: Size) -> Shown | None:
        """Return the photo (before) or the picture (after); None where there is no such file."""
        ...

    def decide(self, picture: str, decision: str, reason: str = "") -> ReviewPicture:
        """Keep a decision, durably, before this returns."""
        ...

    def undo(self, picture: str) -> ReviewPicture:
        """Bring back what was decided before the last decision."""
        ...

    def price_of_redo(self, picture: str) -> RedoPrice:
        """Say what making the picture's row anew can cost; nothing is sent or reserved."""
        ...

    def redo(self, picture: str, token: str) -> RedoStatus:
        """Start the redo that `token` offers, or say how it stands: one charge a token."""
        ...

    def close(self) -> None:
        """Wait for pictures being made."""
        ...
