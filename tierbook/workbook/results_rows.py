"""One made picture, as the `Results` tab shows it."""

from dataclasses import dataclass

from tierbook.model import MicroUsd


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A picture and all that is known of it.

    Attributes:
        sku, placement: The request it was made for.
        tier: Its tier.
        file: Path relative to the workbook's folder, with forward slashes.
        thumbnail: A small PNG or JPEG, None where the picture cannot be shown.
        engine: The engine that made it.
        prompt: The words it was made from.
        cost: What it cost in micro-USD; None where nobody knows.
        checks: What the quality check said, "" when it passed.
        review: A word of `contract.REVIEW_DECISIONS`, "" before anyone looked.
        reason: Why it was rejected.
        request_id: The lasting id of its request.
    """

    sku: str
    placement: str
    tier: int
    file: str
    thumbnail: bytes | None
    engine: str
    prompt: str
    cost: MicroUsd | None
    checks: str
    review: str
    reason: str
    request_id: str
