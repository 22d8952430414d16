"""Tell which pictures of a row compete: an angle has several candidates, of which one is kept."""

from tierbook.generation.ledger import Attempt
from tierbook.model import Answers


def angle_of(answers: Answers, attempt: Attempt) -> int:
    """Tell which angle of its row a picture shows, counted from 0."""
    tier = answers.configuration.tier(attempt.tier)
    return (attempt.variant - 1) // max(1, tier.candidates if tier else 1)
