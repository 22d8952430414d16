"""Settle a charge that could not be confirmed, by what the seller found on the usage page."""

from dataclasses import dataclass

from tierbook.errors import UsageError
from tierbook.generation.ledger import Attempt, Facts, Ledger, State
from tierbook.model import MicroUsd


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a decision did: the attempt as it was, and what counts for it now, in micro-USD."""

    attempt: Attempt
    counted: MicroUsd


def resolve(
    ledger: Ledger, attempt: str, *, charged: bool, amount: MicroUsd | None = None
) -> Resolution:
    """Settle one unknown charge.

    Args:
        ledger: The record.
        attempt: The attempt's name, or the beginning of it.
        charged: What the provider's usage page says.
        amount: The amount it says, in micro-USD; None keeps the reservation's.

    Raises:
        UsageError: No such attempt, more than one, or one that is not unknown.
    """
    found = ledger.find(attempt.strip().lower())
    if len(found) != 1:
        waiting = ", ".join(one.attempt for one in ledger.unknown()) or "none"
        how_many = "No charge has" if not found else f"{len(found)} charges have"
        raise UsageError(
            f'{how_many} a name that begins with "{attempt}".',
            fix=f"Charges that wait for a decision: {waiting}.",
        )
    (one,) = found
    if one.state is not State.UNKNOWN:
        raise UsageError(
            f'The charge {one.attempt} (SKU {one.sku}, placement "{one.placement}") is not '
            f"unknown; it is {one.state.replace('_', ' ')}.",
            fix="Nothing has to be decided about it.",
        )
    if charged:
        counted = one.reserved if amount is None else amount
        facts = Facts(reason="The seller found it charged.", actual=counted)
        ledger.advance(one.attempt, State.FAILED_CHARGED, facts)
        return Resolution(one, counted)
    facts = Facts(reason="The seller found it not charged.")
    ledger.advance(one.attempt, State.FAILED_UNCHARGED, facts)
    return Resolution(one, 0)
