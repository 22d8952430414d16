"""The record of what was paid and made: caps, states, history, in one SQLite file."""

from tierbook.generation.ledger.protocol import Ledger
from tierbook.generation.ledger.records import (
    Attempt,
    Caps,
    Claim,
    ClaimAnswer,
    Facts,
    OverCap,
    Redo,
    Reserved,
    Review,
    Routing,
    Spend,
    Taken,
)
from tierbook.generation.ledger.sqlite import SqliteLedger, open_ledger
from tierbook.generation.ledger.states import IN_FLIGHT, MADE, MOVES, RELEASED, State
from tierbook.generation.ledger_place import ledger_home

__all__ = [
    "IN_FLIGHT",
    "MADE",
    "MOVES",
    "RELEASED",
    "Attempt",
    "Caps",
    "Claim",
    "ClaimAnswer",
    "Facts",
    "Ledger",
    "OverCap",
    "Redo",
    "Reserved",
    "Review",
    "Routing",
    "Spend",
    "SqliteLedger",
    "State",
    "Taken",
    "ledger_home",
    "open_ledger",
]
