"""The learned router: features, models, policy, off-policy estimates, gates, its record."""

from tierbook.routing.learning.card import model_card
from tierbook.routing.learning.deciding import (
    LearnedDecisions,
    TryOut,
    approval_odds,
    decide_learned,
    explore_plan,
)
from tierbook.routing.learning.model import TrainedRouter
from tierbook.routing.learning.saving import SEAL_LINE, load, record, save, seal_of
from tierbook.routing.learning.training import train

__all__ = [
    "SEAL_LINE",
    "LearnedDecisions",
    "TrainedRouter",
    "TryOut",
    "approval_odds",
    "decide_learned",
    "explore_plan",
    "load",
    "model_card",
    "record",
    "save",
    "seal_of",
    "train",
]
