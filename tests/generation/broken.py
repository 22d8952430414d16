"""Ledgers that break one rule of the money each; the oracle must catch every one of them."""

from typing import Any

from tierbook.generation.ledger import Facts, SqliteLedger, State


class _Broken:
    def __init__(self, ledger: SqliteLedger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


class ResendInFlight(_Broken):
    """Takes an attempt that was cut off while sending for one that was never sent."""

    def advance(self, attempt: str, target: State, facts: Facts = Facts()) -> None:  # noqa: B008 - as the ledger has it
        if target is State.UNKNOWN and (facts.reason or "").startswith("The run ended"):
            self._ledger.advance(attempt, State.RESERVED, facts)
            target = State.CANCELLED
        self._ledger.advance(attempt, target, facts)


class ForgetUnknown(_Broken):
    """Lets a charge that could not be confirmed go."""

    def advance(self, attempt: str, target: State, facts: Facts = Facts()) -> None:  # noqa: B008 - as the ledger has it
        if target is State.UNKNOWN:
            target = State.FAILED_UNCHARGED
        self._ledger.advance(attempt, target, facts)


class SendBeforeCommit(_Broken):
    """Notes that a request is being sent only once its answer is there."""

    def advance(self, attempt: str, target: State, facts: Facts = Facts()) -> None:  # noqa: B008 - as the ledger has it
        if target is State.SENDING:
            return
        (found,) = self._ledger.find(attempt)
        late = found.state is State.RESERVED and target not in (
            State.RESERVED,
            State.CANCELLED,
            State.FAILED_UNCHARGED,
        )
        if late:
            self._ledger.advance(attempt, State.SENDING)
        self._ledger.advance(attempt, target, facts)


class ReleaseOnTimeout(_Broken):
    """Takes silence for a refusal."""

    def advance(self, attempt: str, target: State, facts: Facts = Facts()) -> None:  # noqa: B008 - as the ledger has it
        if target is State.UNKNOWN and "did not answer" in (facts.reason or ""):
            target = State.FAILED_UNCHARGED
        self._ledger.advance(attempt, target, facts)


VARIANTS = {
    "resend in flight": ResendInFlight,
    "forget unknown": ForgetUnknown,
    "send before commit": SendBeforeCommit,
    "release on timeout": ReleaseOnTimeout,
}
