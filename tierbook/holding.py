"""Hold what a channel, a brand or a missing photo forbids to make, before any money moves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tierbook import costing
from tierbook.model import Answers
from tierbook.routing.policy import policy_holds

if TYPE_CHECKING:
    from tierbook.engines import Engine


def held_by_policy(answers: Answers, every: "Mapping[str, Engine]") -> Answers:
    """Put rows that no picture may be made for on hold, with the reason beside the status.

    Deciding and pricing show them all the same: the hold is about making.
    """
    redraws = {
        text: _redraws(text, answers, every)
        for text in {str(one) for one in answers.decisions.engine if one}
    }
    holds = policy_holds(
        answers.requests, answers.decisions, answers.configuration, answers.today, redraws
    )
    waits = holds.rows & np.isin(answers.status.astype(str), ["OK", "WARN"])
    status, message = answers.status.copy(), answers.message.copy()
    status[waits] = "HOLD"
    message[waits] = holds.reason[waits]
    problems = (*answers.problems, *holds.problems)
    return replace(answers, status=status, message=message, problems=problems)


def _redraws(text: str, answers: Answers, every: "Mapping[str, Engine]") -> bool:
    choice = costing.read_choice(text, answers.configuration.price_book)
    engine = None if isinstance(choice, costing.NoPrice) else every.get(choice.engine)
    return engine is None or engine.capabilities.redraws_product
