"""A made-up shop of any size: its answers, its sheet, and where the answers stand in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import numpy as np
from xlsxwriter import Workbook

from tierbook.contract import (
    ACTUAL_COST,
    CATEGORY,
    CHANNEL,
    ENGINE,
    ESTIMATED_COST,
    IMAGES,
    OUTPUT_TABS,
    PLACEMENT,
    REVIEW,
    SKU,
    STATUS,
    TIER,
)
from tierbook.model import (
    HOLD_TIER,
    NO_TIER,
    Answers,
    Bill,
    CellRef,
    Configuration,
    Decisions,
    Finding,
    Move,
    Problem,
    RequestTable,
    Rubric,
    RubricReport,
    Rule,
    Settings,
    TestResult,
    Tier,
    text_column,
)
from tierbook.workbook.tabs import write_tabs
from tierbook.workbook.tabs.grid import OutputGrid

TODAY = date(2026, 11, 24)
NAMES = {tab: tab for tab in OUTPUT_TABS}
HEADER_ROW = 3
INPUTS = (SKU, PLACEMENT, CATEGORY, CHANNEL)
OUTPUTS = (TIER, ENGINE, IMAGES, ESTIMATED_COST, STATUS)

TIERS = (
    Tier(1, "Standard", "local_studio", redo_rate=Decimal("0.02"), review="sample",
         review_minutes=Decimal("0.5"), lane="fast"),
    Tier(2, "Lifestyle", "gemini-nano-banana-2.1 1K", redo_rate=Decimal("0.1"), review="sample",
         review_minutes=Decimal(2)),
    Tier(3, "Hero", "gpt-image-2 high", candidates=4, redo_rate=Decimal("0.25"), review="human",
         review_minutes=Decimal(15), lane="review", monthly_cap=200_000_000),
)  # fmt: skip
RULES = (
    Rule("R01", (), (), "Marketplaces accept nothing but a white background"),
    Rule("R02", (), (), "A person in the picture needs more than a cut-out"),
    Rule("R03", (), (), "The homepage carries the brand", since=date(2026, 10, 1)),
)
PLACES = ("Marketplace main", "Gallery", "Category page", "Email header", "Homepage hero")
GOODS = ("Candles", "Mugs", "Gift sets", "Tea & towels", "Prints")
WORDS = {1: "OK", 2: "OK", 3: "WARN", HOLD_TIER: "HOLD", NO_TIER: "ERROR"}


def answers(
    tier: Sequence[int],
    price: Sequence[int],
    images: Sequence[int] | None = None,
    *,
    places: Sequence[Any] = PLACES,
    goods: Sequence[Any] = GOODS,
    baseline: int = 170_000,
    settings: Settings | None = None,
) -> Answers:
    """Answer one request for each tier named; `price` is micro-USD a picture, -1 for none."""
    n = len(tier)
    tiers = np.array(tier, dtype=np.int8)
    each = np.array(price, dtype=np.int64)
    pictures = np.where(tiers > 0, 1 if images is None else np.array(images), 0).astype(np.int32)
    made = (tiers > 0) & (each >= 0)
    cost = np.where(made, each * pictures, 0)
    engines = {t.number: t.engine for t in TIERS}
    minutes = {1: 0, 2: 50_000, 3: 500_000}
    review = np.array([minutes.get(t, 0) for t in tier], dtype=np.int64)
    return Answers(
        requests=RequestTable(
            "Requests",
            np.arange(HEADER_ROW + 1, HEADER_ROW + 1 + n),
            {
                SKU: text_column([f"{i:05d}" for i in range(n)]),
                PLACEMENT: text_column([places[i % len(places)] for i in range(n)]),
                CATEGORY: text_column([goods[i % len(goods)] for i in range(n)]),
                CHANNEL: text_column([("Etsy", "Shop")[i % 2] for i in range(n)]),
            },
            {heading: column for column, heading in enumerate(INPUTS, start=1)},
            tiers == NO_TIER,
        ),
        configuration=Configuration(
            Rubric(("Placement",), ("Tier",), RULES),
            TIERS,
            (),
            (),
            (),
            settings
            or Settings(
                brand_name="Wick & Clay",
                cap_per_month=60_000_000,
                baseline_engine="gpt-image-2 medium",
                review_cost_per_hour=30_000_000,
                pictures_per_month=1_500,
            ),
            from_workbook=frozenset({"Rubric"}),
        ),
        decisions=Decisions(
            tier=tiers,
            rule=text_column([f"R0{max(1, t)}" for t in tier]),
            matched=text_column([()] * n),
            why=text_column(["Because."] * n),
            template=text_column(["white_angle"] * n),
            resolution=text_column(["2000x2000"] * n),
            ratio=text_column(["1:1"] * n),
            review=text_column([("none", "sample", "human")[max(0, t - 1)] for t in tier]),
            lane=text_column(["fast"] * n),
            width=np.full(n, 2000, dtype=np.int32),
            height=np.full(n, 2000, dtype=np.int32),
            priority=np.arange(1, n + 1, dtype=np.int32),
            images=pictures,
            engine=text_column([engines.get(t, "") for t in tier]),
            router=text_column(["rubric"] * n),
        ),
        bill=Bill(
            per_image=np.where(tiers > 0, each, -1),
            estimate=cost,
            redo=cost // 10,
            review=np.where(made, review, 0),
            baseline=np.where(made, baseline * pictures, 0),
            exactness=text_column(
                [("exact", "bounded", "estimate")[i % 3] if m else "" for i, m in enumerate(made)]
            ),
            budget_check=text_column([""] * n),
            held=np.where((tiers > 0) & (each < 0), "No price.", "").astype(object),
        ),
        prompt=text_column(["A candle on white."] * n),
        cheaper_if=text_column([""] * n),
        status=np.where(
            (tiers > 0) & (each < 0), "HOLD", text_column([WORDS[t] for t in tier])
        ).astype(object),
        message=text_column([None] * n),
        request_id=text_column([f"{i:012x}" for i in range(n)]),
        report=RubricReport(
            findings=(
                Finding("gap", "warning", "No rule covers a lookbook with a human model.",
                        "Add a rule for it, or let the last rule catch everything.",
                        example="Placement Lookbook, Human model yes"),
                Finding("unreachable", "error", "R07 can never fire: R02 takes all it would.",
                        "Move R07 above R02, or delete it.", "R07", cell=CellRef("Rubric", 9, 1)),
                Finding("mistake", "info", "Nobody has dated 2 rules.", "Fill in Since."),
            ),
            hits={"R01": int((tiers == 1).sum()), "R02": int((tiers == 2).sum()),
                  "R03": int((tiers == 3).sum())},
            tests=(TestResult("White mug", True, "1, R01", "1, R01", 4),
                   TestResult("Hero with a model", False, "3", "2, R02", 5)),
            moves=(Move("2", "1", 14, -2_380_000), Move("1", "3", 2, 5_600_000)),
        ),
        problems=(),
        today=TODAY,
    )  # fmt: skip


def many(n: int, *, seed: int = 7, **more: Any) -> Answers:
    """Answer `n` requests, most of them for tier 1, a few held or in error."""
    rng = np.random.default_rng(seed)
    tier = rng.choice([1, 2, 3, HOLD_TIER, NO_TIER], n, p=[0.72, 0.18, 0.07, 0.015, 0.015])
    price = np.array([20_000, 67_000, 211_000, 0, 0])[np.searchsorted([1, 2, 3], tier).clip(0, 4)]
    price[rng.random(n) < 0.01] = -1
    images = rng.integers(1, 5, n)
    return answers(tier.tolist(), price.tolist(), images.tolist(), **more)


def problems(n: int) -> tuple[Problem, ...]:
    """Find `n` problems of three kinds."""
    return tuple(
        Problem(
            ("unknown-placement", "no-number", "long-edge-small")[i % 3],
            ("error", "warning", "info")[i % 3],
            f'The cell holds "Home page {i}", which is no placement of tab "Placements".',
            f'Type "Homepage hero" in B{i + 4}, or add a row to tab "Placements".',
            CellRef("Requests", i + 4, 2),
            f"{i:05d}",
        )
        for i in range(n)
    )


def paid(found: Answers) -> Answers:
    """Make a picture for every second decided request, and approve every fourth."""
    decided = (found.decisions.tier >= 1) & (found.bill.held == "")
    made = decided & (np.arange(len(decided)) % 2 == 0)
    liked = made & (np.arange(len(decided)) % 4 == 0)
    return replace(
        found,
        extra={
            ACTUAL_COST: np.where(made, (found.bill.estimate + 1_234).astype(object), None),
            REVIEW: np.where(liked, "approve", None).astype(object),
        },
    )


def grid_of(
    found: Answers, sheet: str = "Requests", outputs: Sequence[str] = (), **raw: Any
) -> OutputGrid:
    """Say where the answers stand in the sheet that `workbook` draws."""
    headings = (*INPUTS, *OUTPUTS, *outputs)
    columns = {heading: place for place, heading in enumerate(headings, start=1)}
    rows = found.requests.rows
    return OutputGrid(
        sheet,
        int(rows[0]),
        int(rows[-1]),
        columns,
        {heading: raw.get(heading, found.requests.column(heading)) for heading in INPUTS[1:]},
    )


def workbook(
    found: Answers, grid: OutputGrid, *, names: Mapping[str, str] = NAMES, **more: Any
) -> bytes:
    """Draw the seller's sheet with the answers in it, and the tabs beside it."""
    content = BytesIO()
    book = Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet(grid.sheet)
    places = [int(row) - 1 for row in found.requests.rows]
    decided, bill = found.decisions, found.bill
    for heading, column in grid.columns.items():
        sheet.write_string(HEADER_ROW - 1, column - 1, heading)
    for heading in INPUTS:
        cells = grid.raw.get(heading, found.requests.column(heading))
        for row, value in zip(places, cells, strict=True):
            if isinstance(value, str):
                sheet.write_string(row, grid.columns[heading] - 1, value)
            elif value is not None:
                sheet.write_number(row, grid.columns[heading] - 1, value)
    for i, row in enumerate(places):
        sheet.write_string(row, grid.columns[STATUS] - 1, found.status[i])
        if ACTUAL_COST in grid and found.extra[ACTUAL_COST][i] is not None:
            amount = found.extra[ACTUAL_COST][i] / 1_000_000
            sheet.write_number(row, grid.columns[ACTUAL_COST] - 1, amount)
        if REVIEW in grid and found.extra[REVIEW][i]:
            sheet.write_string(row, grid.columns[REVIEW] - 1, found.extra[REVIEW][i])
        if decided.tier[i] < 1:
            continue
        sheet.write_number(row, grid.columns[TIER] - 1, int(decided.tier[i]))
        sheet.write_string(row, grid.columns[ENGINE] - 1, decided.engine[i])
        sheet.write_number(row, grid.columns[IMAGES] - 1, int(decided.images[i]))
        if bill.per_image[i] >= 0 and not bill.held[i]:
            cost = int(bill.estimate[i]) / 1_000_000
            sheet.write_number(row, grid.columns[ESTIMATED_COST] - 1, cost)
    options: dict[str, Any] = {"present": {grid.sheet, "Rubric"}, "what_ifs": (), "results": ()}
    write_tabs(book, found, names, grid, **(options | more))
    book.close()
    return content.getvalue()


def with_problems(found: Answers, n: int) -> Answers:
    """Give the answers `n` problems."""
    return replace(found, problems=problems(n))
