"""A small made-up shop: answers as a run would give them, for as many pictures as wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from tests.providers.provider import KEY
from tierbook import contract
from tierbook.generation import Pace, WorkOptions
from tierbook.model import (
    Answers,
    Bill,
    Configuration,
    Decisions,
    Placement,
    PriceRule,
    RequestTable,
    Rubric,
    RubricReport,
    Settings,
    Tier,
    text_column,
)

TODAY = date(2026, 11, 24)
SIDE = 64
# Nothing in a test waits longer than it must.
QUICK = Pace(
    tries=3,
    throttled_tries=4,
    backoff=0.01,
    longest_backoff=0.02,
    longest_pause=0.05,
    poll_floor=0.01,
    poll_ceiling=0.02,
    job_seconds=3.0,
    lookup_seconds=0.1,
    read_timeout=1.0,
    patience=0.0,
)

_TOKENS = {"text_in": Decimal(0), "image_in": Decimal(0), "image_out": Decimal(30)}


def rule(engine: str, model: str, price: str | None = "0.04", **changes: Any) -> PriceRule:
    return replace(
        PriceRule(
            engine=engine,
            provider=engine,
            model=model,
            operation="edit, generate",
            kind="flat",
            unit="picture",
            price=None if price is None else Decimal(price),
        ),
        **changes,
    )


PRICE_BOOK = (
    rule(
        "openai_images",
        "gpt",
        kind="tokens",
        price=None,
        details={**_TOKENS, "output_tokens": Decimal(1334)},
    ),
    rule("gemini", "banana", size="1K"),
    rule("fal_queue", "fal-ai/flux"),
    rule("bfl", "flux-2"),
    rule("photoroom", "segment", operation="cutout"),
    rule("replicate", "acme/paint"),
    rule("openrouter", "acme/paint-2", size="1K"),
    rule("comfyui", "comfyui", kind="free", price="0"),
    rule("placeholder", "placeholder", kind="free", price="0"),
)


@dataclass
class Shop:
    """A workbook's folder, its rows and settings; `answers()` decides them all the same way."""

    folder: Path
    engine: str = "gpt"
    fallback: tuple[str, ...] = ()
    rows: int = 3
    images: int = 1
    candidates: int = 1
    tier: int = 2
    lane: str = "standard"
    review: str = "none"
    settings: Settings = field(default_factory=Settings)
    monthly_cap: int | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict[str, Sequence[Any]])
    placement: Placement = field(default_factory=lambda: Placement("Gallery", "product"))
    prompts: Sequence[str] | None = None
    price_book: tuple[PriceRule, ...] = PRICE_BOOK

    @property
    def workbook(self) -> Path:
        return self.folder / "catalog.xlsx"

    def answers(self, **changes: Any) -> Answers:
        n = self.rows
        skus = [f"SKU-{i}" for i in range(n)]
        columns = {
            contract.SKU: text_column(skus),
            contract.PLACEMENT: text_column(["Gallery"] * n),
            **{heading: text_column(list(values)) for heading, values in self.columns.items()},
        }
        tier = Tier(
            number=self.tier,
            name="Tier",
            engine=self.engine,
            fallback_engines=self.fallback,
            candidates=self.candidates,
            monthly_cap=self.monthly_cap,
        )
        prompts = self.prompts or [f"picture of {sku}" for sku in skus]
        answers = Answers(
            requests=RequestTable(
                "Requests",
                np.arange(2, n + 2, dtype=np.int64),
                columns,
                {},
                np.zeros(n, dtype=np.bool_),
            ),
            configuration=Configuration(
                rubric=Rubric((), (), ()),
                tiers=(tier,),
                placements=(self.placement,),
                prompts=(),
                price_book=self.price_book,
                settings=self.settings,
            ),
            decisions=self._decisions(n),
            bill=_bill(n),
            prompt=text_column(list(prompts)),
            cheaper_if=text_column([""] * n),
            status=text_column(["OK"] * n),
            message=text_column([""] * n),
            request_id=text_column([f"id-{sku}" for sku in skus]),
            report=RubricReport(),
            problems=(),
            today=TODAY,
        )
        return replace(answers, **changes)

    def _decisions(self, n: int) -> Decisions:
        def words(word: str):
            return text_column([word] * n)

        def numbers(number: int):
            return np.full(n, number, dtype=np.int32)

        return Decisions(
            tier=np.full(n, self.tier, dtype=np.int8),
            rule=words(""),
            matched=words(""),
            why=words(""),
            template=words(""),
            resolution=words(f"{SIDE}x{SIDE}"),
            ratio=words("1:1"),
            review=words(self.review),
            lane=words(self.lane),
            width=numbers(SIDE),
            height=numbers(SIDE),
            priority=numbers(1),
            images=numbers(self.images),
            engine=words(self.engine),
            router=words("rubric"),
        )

    def options(self, environ: Mapping[str, str], **changes: Any) -> WorkOptions:
        options = WorkOptions(self.workbook, environ=environ, pace=QUICK, handle_interrupts=False)
        return replace(options, **changes)


def _bill(n: int) -> Bill:
    zeros = np.zeros(n, dtype=np.int64)
    words = text_column([""] * n)
    return Bill(zeros, zeros, zeros, zeros, zeros, words, words, words)


# By engine: the variable with its base address, the suffix of that address, its key's variable.
ADDRESSES = {
    "openai_images": ("OPENAI_BASE_URL", "/v1", "OPENAI_API_KEY"),
    "gemini": ("GOOGLE_GEMINI_BASE_URL", "/v1beta", "GEMINI_API_KEY"),
    "fal_queue": ("FAL_BASE_URL", "", "FAL_KEY"),
    "bfl": ("BFL_BASE_URL", "/v1", "BFL_API_KEY"),
    "photoroom": ("PHOTOROOM_BASE_URL", "", "PHOTOROOM_API_KEY"),
    "replicate": ("REPLICATE_BASE_URL", "/v1", "REPLICATE_API_TOKEN"),
    "openrouter": ("OPENROUTER_BASE_URL", "/api/v1", "OPENROUTER_API_KEY"),
    "comfyui": ("COMFYUI_BASE_URL", "", ""),
}
MODELS = {rule.engine: rule.model for rule in PRICE_BOOK}


def environ_of(*providers: Any) -> dict[str, str]:
    """Point engines at running providers."""
    environ: dict[str, str] = {}
    for provider in providers:
        address, suffix, key = ADDRESSES[provider.engine]
        environ[address] = provider.base + suffix
        if key:
            environ[key] = KEY
    return environ
