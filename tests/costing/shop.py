"""A small shop for the tests of costing and prompts: price book, tiers, requests, decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from tierbook.model import (
    Configuration,
    Decisions,
    Placement,
    PriceRule,
    PromptTemplate,
    RequestTable,
    Rubric,
    Settings,
    Tier,
    text_column,
)

TODAY = date(2026, 11, 24)
CHECKED = date(2026, 11, 20)


def price_rule(model: str, price: str | None = None, **fields: Any) -> PriceRule:
    details = {name: Decimal(value) for name, value in fields.pop("details", {}).items()}
    known: dict[str, Any] = {
        "engine": "acme",
        "provider": "Acme",
        "operation": "edit, generate",
        "kind": "flat",
        "unit": "picture",
        "checked_on": CHECKED,
    }
    return PriceRule(
        model=model,
        price=None if price is None else Decimal(price),
        details=details,
        **{**known, **fields},
    )


def flux(model: str, first: str, extra: str) -> PriceRule:
    details = {"first_mp": first, "extra_mp": extra, "input_mp": extra, "mp_px": "1000000"}
    return price_rule(
        model, engine="bfl", kind="megapixel", details={**details, "round_up": "1"}, row=20
    )


def token_rule(quality: str, size: str, tokens: int) -> PriceRule:
    details = {"text_in": "5", "image_in": "8", "image_out": "30", "input_image_tokens": "1100"}
    return price_rule(
        "paint",
        kind="tokens",
        quality=quality,
        size=size,
        details={**details, "output_tokens": str(tokens)},
    )


PRICE_BOOK = (
    price_rule("studio", "0", engine="studio", kind="free", operation="edit, cutout"),
    price_rule("banana", "0.0336", size="1K", kind="tier", details={"text_in": "1.5"}),
    price_rule("banana", "0.1134", size="4K", kind="tier", details={"text_in": "1.5"}),
    price_rule("pro", "0.134", size="2K", kind="tier", details={"input_image": "0.0011"}),
    flux("flux-2-pro", "0.03", "0.015"),
    flux("flux-2-flex", "0.05", "0.05"),
    flux("flux-2-max", "0.07", "0.03"),
    token_rule("medium", "1024x1024", 1757),
    token_rule("medium", "1024x1536", 1400),
    token_rule("high", "1024x1024", 7033),
    price_rule("old", "0.02", shutdown_date=date(2026, 12, 1), replacement="banana 1K", row=30),
    price_rule("cut", None, operation="cutout", kind="credits",
               details={"credits": "5", "usd_per_credit": "0.01"}),
    price_rule("rented", None, kind="time", details={"usd_per_s": "0.001", "p95_s": "12"}),
)  # fmt: skip

CONFIGURATION = Configuration(
    rubric=Rubric((), (), ()),
    tiers=(
        Tier(1, "Standard", "studio", prompt_template="Plain", row=2),
        Tier(2, "Lifestyle", "banana 1K", redo_rate=Decimal("0.1"), review="sample",
             review_minutes=Decimal(1), prompt_template="Scene", row=3),
        Tier(3, "Hero", "pro 2K", candidates=3, redo_rate=Decimal("0.25"), review="human",
             review_minutes=Decimal(5), prompt_template="Scene", row=4),
    ),
    placements=(Placement("Gallery", "gallery", background="white"),),
    prompts=(PromptTemplate("Plain", 1, "{Product name}"), PromptTemplate("Scene", 2, "{SKU}")),
    price_book=PRICE_BOOK,
    settings=Settings(baseline_engine="pro 2K", review_cost_per_hour=30_000_000),
)  # fmt: skip


def requests(count: int, **columns: Sequence[Any]) -> RequestTable:
    """Make requests; headings are written with underscores for spaces."""
    named = {name.replace("_", " "): text_column(list(v)) for name, v in columns.items()}
    named.setdefault("SKU", text_column([f"S{i}" for i in range(count)]))
    named.setdefault("Placement", text_column(["Gallery"] * count))
    return RequestTable(
        sheet="Requests",
        rows=np.arange(2, count + 2),
        columns=named,
        letters={heading: place + 1 for place, heading in enumerate(named)},
        bad=np.zeros(count, np.bool_),
    )


def decisions(
    tiers: Sequence[int],
    configuration: Configuration = CONFIGURATION,
    *,
    size: tuple[int, int] = (1000, 1000),
    angles: int = 1,
) -> Decisions:
    """Decide the given tier for each row, as the tiers tab pins it."""
    count = len(tiers)
    pinned = [configuration.tier(number) for number in tiers]
    blank = np.full(count, "", dtype=object)
    return Decisions(
        tier=np.array(tiers, np.int8),
        rule=blank,
        matched=blank,
        why=blank,
        template=text_column([tier.prompt_template if tier else "" for tier in pinned]),
        resolution=text_column([f"{size[0]}x{size[1]}"] * count),
        ratio=text_column(["1:1"] * count),
        review=text_column([tier.review if tier else "" for tier in pinned]),
        lane=blank,
        width=np.full(count, size[0], np.int32),
        height=np.full(count, size[1], np.int32),
        priority=np.ones(count, np.int32),
        images=np.array([angles * tier.candidates if tier else 0 for tier in pinned], np.int32),
        engine=text_column([tier.engine if tier else "" for tier in pinned]),
        router=blank,
    )


def with_settings(**fields: Any) -> Configuration:
    return replace(CONFIGURATION, settings=replace(CONFIGURATION.settings, **fields))
