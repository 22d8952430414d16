"""Put a decision into the ledger, and take a redo back that it makes pointless."""

from dataclasses import replace
from datetime import datetime

from tierbook.generation import Ledger
from tierbook.generation.ledger import RELEASED
from tierbook.review.merging import Answer


def note_decision(
    ledger: Ledger, request_id: str, picture: str, answer: Answer, reviewer: str
) -> None:
    """Keep a decision, durably; one that follows an unmade redo also takes that redo back.

    Args:
        ledger: The record of pictures and decisions.
        request_id: The picture's row.
        picture: The ledger's name of the picture.
        answer: The decision; "pending" where one is taken back.
        reviewer: Who decided.
    """
    with ledger.together():
        before = ledger.reviews([picture]).get(picture)
        if before is not None and before.decision == "redo" and answer.decision != "redo":
            _withdraw_redo(ledger, request_id, before.at)
        ledger.decide(picture, answer.decision, answer.reason, reviewer)


def _withdraw_redo(ledger: Ledger, request_id: str, asked: datetime) -> None:
    """Take a redo back that made nothing, so that no later run pays for it."""
    attempts = ledger.of_requests([request_id]).get(request_id, ())
    if any(one.created >= asked and one.state not in RELEASED for one in attempts):
        return  # it made something: the row's pictures go by their new number
    redo = ledger.redos([request_id]).get(request_id)
    if redo is not None and redo.number > 0:
        ledger.note_redos({request_id: replace(redo, number=redo.number - 1)})
