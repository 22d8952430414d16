"""The states of an attempt to make one picture, and what each counts against the caps.

    reserved ──► sending ──► submitted ──► ready ──► downloaded ──► linked
       │            │            │           │
       │            ├────────────┴───────────┴──► refused, failed_charged, unknown, expired
       └────────────┴──► failed_uncharged, cancelled

A picture that is only planned has no attempt yet: the row is born together with its reservation.
The database holds the same table of moves and refuses any other (see `schema`), so a bug in the
runner cannot quietly bring a settled charge back to life.
"""

from enum import StrEnum


class State(StrEnum):
    """Where one attempt stands."""

    RESERVED = "reserved"
    SENDING = "sending"
    SUBMITTED = "submitted"
    READY = "ready"
    DOWNLOADED = "downloaded"
    LINKED = "linked"
    REFUSED = "refused"
    FAILED_UNCHARGED = "failed_uncharged"
    FAILED_CHARGED = "failed_charged"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


IN_FLIGHT = frozenset({State.RESERVED, State.SENDING, State.SUBMITTED, State.READY})
MADE = frozenset({State.DOWNLOADED, State.LINKED})
# Nothing was paid and nothing can still be: the same picture may be tried again.
RELEASED = frozenset({State.FAILED_UNCHARGED, State.CANCELLED})

_AFTER_SENDING = (
    State.READY,
    State.DOWNLOADED,
    State.REFUSED,
    State.FAILED_UNCHARGED,
    State.FAILED_CHARGED,
    State.UNKNOWN,
    State.EXPIRED,
)

MOVES: dict[State, tuple[State, ...]] = {
    State.RESERVED: (State.SENDING, State.FAILED_UNCHARGED, State.CANCELLED),
    # Back to reserved only where the provider provably did not accept the request.
    State.SENDING: (State.RESERVED, State.SUBMITTED, *_AFTER_SENDING),
    State.SUBMITTED: _AFTER_SENDING,
    State.READY: (State.DOWNLOADED, State.FAILED_CHARGED, State.EXPIRED),
    # Cancelled only where it was free and its file is gone, so that it can be made again.
    State.DOWNLOADED: (State.LINKED, State.CANCELLED),
    # A person's answer, or a job the provider could name after all.
    State.UNKNOWN: (
        State.SUBMITTED,
        State.READY,
        State.DOWNLOADED,
        State.REFUSED,
        State.FAILED_CHARGED,
        State.FAILED_UNCHARGED,
    ),
    State.LINKED: (State.CANCELLED,),
    State.REFUSED: (),
    State.FAILED_UNCHARGED: (),
    State.FAILED_CHARGED: (),
    State.EXPIRED: (),
    State.CANCELLED: (),
}
