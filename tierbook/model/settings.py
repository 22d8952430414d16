"""What the settings tabs say: the rubric, tiers, placements, prompts, prices and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from tierbook.model.cells import CellValue
from tierbook.model.money import MicroUsd


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rubric: `when` holds a cell text per input, `then` one per output."""

    name: str
    when: tuple[CellValue, ...]
    then: tuple[CellValue, ...]
    why: str = ""
    since: date | None = None
    on: bool = True
    row: int = 0


@dataclass(frozen=True, slots=True)
class Rubric:
    """A decision table as the seller wrote it; columns are 1-based, 0 when not in a sheet."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]
    hit_policy: str = "FIRST"
    sheet: str = "Rubric"
    input_columns: tuple[int, ...] = ()
    output_columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RubricTest:
    """A named example row with the tier and the rule it must come out with."""

    name: str
    example: Mapping[str, CellValue]
    tier: str
    rule: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class ScorecardLine:
    """Points for one attribute that passes one unary test."""

    attribute: str
    test: CellValue
    points: float
    why: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """A half-open range of points, [`low`, `high`), and the tier it earns; None is unbounded."""

    low: float | None
    high: float | None
    tier: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The product attribute model of mid-size catalogs."""

    lines: tuple[ScorecardLine, ...] = ()
    bands: tuple[ScoreBand, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """A class of image production and the engine pinned to it.

    `engine` is a price book choice: `model [quality] [size]`, for example
    `gemini-nano-banana-2.1 1K`, or the name of a free engine such as `local_studio`.
    """

    number: int
    name: str
    engine: str
    fallback_engines: tuple[str, ...] = ()
    candidates: int = 1
    redo_rate: Decimal = Decimal(0)
    review: str = "none"
    review_minutes: Decimal = Decimal(0)
    prompt_template: str = ""
    lane: str = "standard"
    monthly_cap: MicroUsd | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """Image rules of one place a picture is shown; dated and sourced."""

    name: str
    group: str
    channel: str = ""
    aspect_ratio: str = ""
    min_px: int | None = None
    target_px: int | None = None
    max_px: int | None = None
    background: str = ""
    fill_percent: Decimal | None = None
    file_types: tuple[str, ...] = ()
    max_mb: Decimal | None = None
    visibility_weight: Decimal = Decimal(1)
    policy_notes: str = ""
    source: str = ""
    checked_on: date | None = None
    row: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """The words sent to an engine, with `{Heading}` placeholders."""

    name: str
    tier: int | None
    text: str
    avoid: str = ""
    row: int = 0


Exactness: TypeAlias = Literal["exact", "bounded", "estimate"]


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One row of the price book: the exact price of one operation of one model.

    `kind` says how `price` (USD, decimal) and `details` make up an amount: flat, tier, megapixel,
    tokens, credits, time or free. See `tierbook.costing.price`.
    """

    engine: str
    provider: str
    model: str
    operation: str
    kind: str
    unit: str
    price: Decimal | None
    quality: str = ""
    size: str = ""
    details: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    exactness: Exactness = "exact"
    effective_from: date | None = None
    shutdown_date: date | None = None
    replacement: str = ""
    source: str = ""
    checked_on: date | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """The seller's own numbers and names."""

    brand_name: str = ""
    brand_colours: tuple[str, ...] = ()
    currency: str = "USD"
    router: str = "auto"
    router_said_by: str = 'Router in tab "Settings"'
    cap_per_run: MicroUsd | None = None
    cap_per_month: MicroUsd | None = None
    cap_per_tier: Mapping[int, MicroUsd] = field(default_factory=dict[int, MicroUsd])
    baseline_engine: str = ""
    baseline_price: MicroUsd | None = None
    review_cost_per_hour: MicroUsd = 0
    pictures_per_month: int | None = None
    image_folder: str = ""
    time_zone: str = "UTC"
    hero_share: Decimal = Decimal("0.10")
    picture_value: MicroUsd | None = None
    explore_share: Decimal = Decimal(0)
    holdout_share: Decimal = Decimal(0)
    raise_after_reject: bool = True
    others: Mapping[str, CellValue] = field(default_factory=dict[str, CellValue])


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything the settings tabs say, with built-in defaults for each tab that is missing."""

    rubric: Rubric
    tiers: tuple[Tier, ...]
    placements: tuple[Placement, ...]
    prompts: tuple[PromptTemplate, ...]
    price_book: tuple[PriceRule, ...]
    settings: Settings
    rubric_tests: tuple[RubricTest, ...] = ()
    scorecard: Scorecard = Scorecard()
    from_workbook: frozenset[str] = frozenset()
    valid_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def tier(self, number: int) -> Tier | None:
        """Find a tier by its number."""
        return next((tier for tier in self.tiers if tier.number == number), None)
