"""Put into words how an attempt ended, and what it did to the seller's money."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tierbook.generation.ledger import MADE, Attempt, State
from tierbook.model import MicroUsd, usd

# Notes of engines and of finishing that a person may want to look at.
_SHOWN = frozenset({"message", "finish", "summary", "cut-out", "placeholder"})


@dataclass(frozen=True)
class Ending:
    """How one picture ended.

    `status` is a word of `contract.STATUSES`; `cost` what counts for it, in micro-USD.
    """

    status: str
    message: str
    engine: str = ""
    attempt: str = ""
    file: str = ""
    cost: MicroUsd = 0
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handover:
    """The engine did not take the picture, and certainly charged nothing: the next one may."""

    reason: str
    ending: Ending = field(default_factory=lambda: Ending("PLANNED", ""))


def ending_of(attempt: Attempt) -> Ending:
    """Say how an attempt of the ledger stands."""
    status, message = _words(attempt)
    made = attempt.state in MADE
    return Ending(
        status=status,
        message=message,
        engine=f"{attempt.provider} {attempt.model}".strip(),
        attempt=attempt.attempt,
        file=attempt.result_file if made else "",
        cost=attempt.counted,
        checks=checks_of(attempt.notes),
    )


def checks_of(notes: Mapping[str, str]) -> tuple[str, ...]:
    """Pick the notes of a made picture that a person may want to look at."""
    return tuple(note for name, note in notes.items() if name in _SHOWN)


def _words(attempt: Attempt) -> tuple[str, str]:
    reason, amount = _sentence(attempt.reason), usd(attempt.counted)
    charged = f"It was charged ({amount})." if attempt.counted else "Nothing was charged."
    match attempt.state:
        case State.DOWNLOADED | State.LINKED:
            return "DONE", ""
        case State.REFUSED:
            return "REFUSED", f"{reason} {charged} It is not sent again by itself."
        case State.FAILED_UNCHARGED:
            return "FAILED", f"{reason} Nothing was charged."
        case State.FAILED_CHARGED | State.EXPIRED:
            return "FAILED", f'{reason} {charged} Type "redo" under Action to pay for another.'
        case State.UNKNOWN:
            return "UNKNOWN", (
                f"{reason} It may have been charged ({amount}). It counts as spent and is not "
                f"sent again by itself. Look at your {attempt.provider} usage page, then run "
                f"`tierbook resolve {attempt.attempt} --charged` or `--not-charged`."
            )
        case State.SUBMITTED | State.READY:
            return "PLANNED", (
                f"{attempt.provider} is making it; run again to fetch it. {amount} is reserved."
            )
        case State.RESERVED | State.SENDING:
            return "PLANNED", f"Another run is making it. {amount} is reserved."
        case State.CANCELLED:
            return "PLANNED", f"{reason} Nothing was sent or charged."


def _sentence(reason: str) -> str:
    """End a provider's words like a sentence: another one follows."""
    return reason if not reason or reason.endswith((".", "!", "?", "…")) else f"{reason}."
