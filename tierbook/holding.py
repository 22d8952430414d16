"""Hold what a channel, a brand or a missing photo forbids to make, before any money moves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tierbook import costing
from tierbook.model import Answers, Decisions
from tierbook.routing.policy import PolicyHolds, policy_holds

if TYPE_CHECKING:
    from tierbook.engines import Engine


def held_by_policy(answers: Answers, every: "Mapping[str, Engine]") -> Answers:
    """Put rows that no picture may be made for on hold, with the reason beside the status.

    Deciding and pricing show them all the same: the hold is about making.
    """
    holds = holds_of(answers, answers.decisions, every)
    waits = holds.rows & np.isin(answers.status.astype(str), ["OK", "WARN"])
    status, message = answers.status.copy(), answers.message.copy()
    status[waits] = "HOLD"
    message[waits] = holds.reason[waits]
    problems = (*answers.problems, *holds.problems)
    return replace(answers, status=status, message=message, problems=problems)


def holds_of(answers: Answers, decisions: Decisions, every: "Mapping[str, Engine]") -> PolicyHolds:
    """Say which rows policy would hold, were they made as `decisions` say."""
    redraws = {
        text: _redraws(text, answers, every)
        for text in {str(one) for one in decisions.engine if one}
    }
    return policy_holds(answers.requests, decisions, answers.configuration, answers.today, redraws)


def _redraws(text: str, answers: Answers, every: "Mapping[str, Engine]") -> bool:
    choice = costing.read_choice(text, answers.configuration.price_book)
    engine = None if isinstance(choice, costing.NoPrice) else every.get(choice.engine)
    return engine is None or engine.capabilities.redraws_product
