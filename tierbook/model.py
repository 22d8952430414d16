"""The values every room passes on: cells, problems, requests, settings, decisions, bills.

Frozen dataclasses without behaviour that needs a file, a clock or a network. Tables are
columnar: one NumPy object array a heading, all of one length, so that every later step works
on whole columns. Money is integer micro-USD throughout (1 USD = 1,000,000).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

MicroUsd: TypeAlias = int
CellValue: TypeAlias = str | int | float | bool | date | datetime | None
Column: TypeAlias = NDArray[Any]
Severity: TypeAlias = Literal["error", "warning", "info"]
MICRO = 1_000_000


def usd(amount: MicroUsd) -> str:
    """Spell micro-USD for a person: `$0.0336`, `$1,204.50`; two decimals or more, unrounded."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), MICRO)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}${whole:,}.{decimals}"


def usd_rounded(amount: MicroUsd) -> str:
    """Spell a total for a person: to the cent from one dollar on, unrounded below it."""
    if abs(amount) < MICRO:
        return usd(amount)
    return usd((amount + 5_000) // 10_000 * 10_000)


def to_micro_usd(dollars: Decimal | int | str) -> MicroUsd:
    """Turn a dollar amount into micro-USD, rounding up: an estimate may never be too low."""
    return int((Decimal(dollars) * MICRO).to_integral_value(rounding=ROUND_CEILING))


def column_letter(column: int) -> str:
    """Name the 1-based column as spreadsheets do: 1 -> A, 28 -> AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class CellRef:
    """A place in a workbook; `row` and `column` are 1-based, 0 means the whole line or tab."""

    sheet: str
    row: int = 0
    column: int = 0

    @property
    def a1(self) -> str:
        """The address without the tab: `F14`, `row 14`, `column F`, or nothing."""
        if self.row and self.column:
            return f"{column_letter(self.column)}{self.row}"
        if self.row:
            return f"row {self.row}"
        return f"column {column_letter(self.column)}" if self.column else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a seller should know of one cell, row or tab; data, never raised."""

    code: str
    severity: Severity
    message: str
    fix: str
    cell: CellRef | None = None
    sku: str = ""


# --------------------------------------------------------------------------- requests


@dataclass(frozen=True)
class RequestTable:
    """The pictures asked for, one row each, as typed columns.

    Attributes:
        sheet: The tab they came from ("" for CSV and Parquet).
        rows: 1-based sheet row of each request, shape (n,).
        columns: Heading -> object array of shape (n,). Contract headings carry parsed values:
            `SKU`, `Placement`, `Aspect ratio` ("W:H"), `Background`, ... str or None; `Angles`,
            `Long edge px`, `Tier override` int or None; `Human model`, `Props` bool or None;
            `Budget per image` micro-USD int or None; `Needed by` date or None. A seller's own
            headings keep their own values and are usable by the rubric.
        letters: Heading -> 1-based sheet column, only for headings the sheet itself has.
        bad: True where a row has an error and must not be decided, shape (n,).
        outputs: What an earlier run left in Tierbook's own columns, by heading, raw values.
    """

    sheet: str
    rows: NDArray[np.int64]
    columns: Mapping[str, Column]
    letters: Mapping[str, int]
    bad: NDArray[np.bool_]
    outputs: Mapping[str, Column] = field(default_factory=dict[str, Column])

    def __len__(self) -> int:
        """Count the requests."""
        return len(self.rows)

    def __contains__(self, heading: str) -> bool:
        """Tell whether a column of this heading is known."""
        return heading in self.columns

    def column(self, heading: str) -> Column:
        """Return the column, or one of `None` where the sheet has no such heading."""
        found = self.columns.get(heading)
        return np.full(len(self.rows), None, dtype=object) if found is None else found

    def cell(self, index: int, heading: str) -> CellRef:
        """Name the cell a value came from."""
        return CellRef(self.sheet, int(self.rows[index]), self.letters.get(heading, 0))


# --------------------------------------------------------------------------- settings tabs


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


# --------------------------------------------------------------------------- decisions and bills

HOLD_TIER = 0
NO_TIER = -1


@dataclass(frozen=True)
class Decisions:
    """What the router says of each request; every array has shape (n,).

    Attributes:
        tier: 1, 2, 3, `HOLD_TIER` or `NO_TIER` (undecided: skipped or in error), int8.
        rule: Name of the rule that fired, "" where none did.
        matched: Tuple of the names of all rules that match, in table order.
        why: One sentence: the rule's reason and what it saw.
        template, resolution, ratio, review, lane: str; `resolution` is "WxH".
        width, height: Pixels, int32.
        priority: Queue priority, 1 first, int32.
        images: Pictures to make: angles times candidates, 0 for a repeat of an earlier row, int32.
        engine: The price book choice pinned to the row's tier.
        router: "rubric", "scorecard" or "learned", "override" or "locked" where a person chose, and
            "holdout" or "raised" where a row went one tier up.
        propensity: Probability with which the tier was drawn; None where chance had no part.
        rubric_tier: What the rubric alone said, where another router decided; None otherwise.
    """

    tier: NDArray[np.int8]
    rule: Column
    matched: Column
    why: Column
    template: Column
    resolution: Column
    ratio: Column
    review: Column
    lane: Column
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    priority: NDArray[np.int32]
    images: NDArray[np.int32]
    engine: Column
    router: Column
    propensity: NDArray[np.float64] | None = None
    rubric_tier: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        """Count the requests decided."""
        return len(self.tier)


@dataclass(frozen=True)
class Bill:
    """The price of each request in micro-USD; every array has shape (n,).

    Attributes:
        per_image: Bound for one picture, int64; -1 where no price is known.
        estimate: `per_image` x images, int64; 0 where nothing is to be made.
        redo: Expected cost of redone pictures, int64, not part of `estimate`.
        review: Expected cost of a person's minutes, int64, not part of `estimate`.
        baseline: What one model for everything would cost for the same pictures, int64.
        exactness: "exact", "bounded" or "estimate"; "" where nothing is to be made.
        budget_check: "" or a sentence where the price passes the row's budget.
        held: Reason why the row must wait (no price, past shutdown, over budget), "" otherwise.
    """

    per_image: NDArray[np.int64]
    estimate: NDArray[np.int64]
    redo: NDArray[np.int64]
    review: NDArray[np.int64]
    baseline: NDArray[np.int64]
    exactness: Column
    budget_check: Column
    held: Column

    def total(self) -> MicroUsd:
        """Add up the estimate."""
        return int(self.estimate.sum())


def text_column(values: Sequence[Any]) -> Column:
    """Make an object column of the values, whatever their kinds."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


# --------------------------------------------------------------------------- what a run found


@dataclass(frozen=True, slots=True)
class TabRows:
    """The raw values of one tab: `rows[i][j]` is sheet row `first_row + i`, column `j + 1`.

    `voids` are the cells, by sheet row and column, that only read as empty: the error in them,
    or "" for a formula whose result is not stored. Empty often means "any" or "the built-in
    value", so a cell that says something unknown must not pass for one.
    """

    sheet: str
    rows: Sequence[Sequence[CellValue]]
    first_row: int = 1
    voids: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the rubric check found.

    `kind` is one of unreachable, gap, not-proven, conflict, duplicate, never-hit, test, change,
    mistake, complete.
    """

    kind: str
    severity: Severity
    message: str
    fix: str = ""
    rule: str = ""
    example: str = ""
    cell: CellRef | None = None


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of one rubric test."""

    __test__ = False  # a result, not a test case for pytest

    name: str
    passed: bool
    expected: str
    got: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """Rows that the last change of the rubric moved from one tier to another."""

    from_tier: str
    to_tier: str
    rows: int
    difference: MicroUsd


@dataclass(frozen=True, slots=True)
class RubricReport:
    """The rubric check: findings, hits by rule name, tests, and what the last change moved."""

    findings: tuple[Finding, ...] = ()
    hits: Mapping[str, int] = field(default_factory=dict[str, int])
    tests: tuple[TestResult, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Answers:
    """All that one run says, ready to be written: the only thing the writer looks at.

    Arrays have the shape (n,) of `requests`. `status` is a word of `contract.STATUSES`, `message`
    the sentence beside it. `extra` maps generation headings (`Result`, `Actual cost`, ...) to
    columns once pictures were made. `notes` are sentences for the seller about the whole run.
    `spent_this_month` is what the record of payments holds, None where nobody looked. `steps_done`
    holds the day each step of the rollout was last done on; see `workbook.milestones`.
    """

    requests: RequestTable
    configuration: Configuration
    decisions: Decisions
    bill: Bill
    prompt: Column
    cheaper_if: Column
    status: Column
    message: Column
    request_id: Column
    report: RubricReport
    problems: tuple[Problem, ...]
    today: date
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Column] = field(default_factory=dict[str, Column])
    spent_this_month: MicroUsd | None = None
    steps_done: Mapping[str, date] = field(default_factory=dict[str, date])
