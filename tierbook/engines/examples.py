"""Made-up orders and pictures for the example exchanges that engines carry."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tierbook.engines.wire import PictureOrder, SourceImage
from tierbook.model import PriceRule

# One white pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
PHOTO = SourceImage(PIXEL, "image/png", 1, 1, "0" * 64, "photos/mug.png")

# When the attempts that are looked for were written down.
SINCE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def example_order(model: str, **changes: Any) -> PictureOrder:
    """Order a blue mug on a kitchen table from `model`, square, from words alone."""
    order = PictureOrder(
        request_key="ab" * 32,
        model=model,
        quality="",
        size="",
        operation="generate",
        prompt="A blue mug on a kitchen table",
        avoid="",
        width=1024,
        height=1024,
        aspect_ratio="1:1",
        candidate=1,
        seed=7,
        source=None,
        facts={"SKU": "MUG-BLU-11", "Placement": "Gallery"},
    )
    return replace(order, **changes)


def token_rule(engine: str, model: str) -> PriceRule:
    """Price a model by tokens: 5, 8 and 30 dollars a million."""
    return PriceRule(
        engine=engine,
        provider="",
        model=model,
        operation="",
        kind="tokens",
        unit="picture",
        price=None,
        details={"text_in": Decimal(5), "image_in": Decimal(8), "image_out": Decimal(30)},
    )


def picture_rule(engine: str, model: str, price: str, **details: str) -> PriceRule:
    """Price a model by the picture."""
    return PriceRule(
        engine=engine,
        provider="",
        model=model,
        operation="",
        kind="tier",
        unit="picture",
        price=Decimal(price),
        details={name: Decimal(amount) for name, amount in details.items()},
    )
