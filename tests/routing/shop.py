"""A small shop: a rubric in the spirit of the built-in one, its tiers, placements and requests."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from tierbook.contract import REQUEST_INPUTS, RUBRIC
from tierbook.model import (
    Configuration,
    Placement,
    PriceRule,
    PromptTemplate,
    RequestTable,
    Rubric,
    RubricTest,
    Rule,
    Settings,
    Tier,
    text_column,
)

INPUTS = ("Placement group", "Background", "Props", "Angles", "Long edge px", "Campaign", "Photo")
OUTPUTS = ("Tier", "Prompt template", "Resolution", "Aspect ratio", "Review", "Queue priority")
# name, one cell per input, one per output, why
ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("R01", "any|any|any|any|any|any|no", "HOLD|||||", "no source photo"),
    ("R03", "marketplace|any|yes|any|any|any|any", "HOLD|||||", "no props on a main image"),
    ("R04", "marketplace|any|any|any|any|any|any", "1|white_main|2000|1:1|sample|1", "white main"),
    ("R05", "hero, campaign|any|any|any|any|any|any", "3|hero|2400|placement|human|2", "hero slot"),
    ("R06", "ad|any|any|any|any|yes|any", "3|campaign_ad|1500|placement|human|2", "paid campaign"),
    (
        "R07",
        "gallery|white, solid|not yes|<= 4|<= 2400|any|any",
        "1|white_angle|2000|1:1|sample|3",
        "standard angle on one colour",
    ),
    ("R08", "gallery|white, solid|not yes|any|any|any|any", "2|white_large|3000|1:1|sample|4", "x"),
    ("R11", "gallery, email, ad|scene|any|any|any|any|any", "2||placement|placement||3", "scene"),
    ("R13", "email, ad|white, solid|no|any|any|any|any", "1|crop|||sample|4", "recrop"),
    ("R99", "any|any|any|any|any|any|any", "2|lifestyle|placement|placement|human|5", "default"),
)


def rubric(
    rows: Sequence[tuple[str, str, str, str]] = ROWS,
    *,
    inputs: Sequence[str] = INPUTS,
    outputs: Sequence[str] = OUTPUTS,
    hit_policy: str = "FIRST",
) -> Rubric:
    rules = tuple(
        Rule(name, tuple(when.split("|")), tuple(then.split("|")), why, date(2026, 11, 1), row=at)
        for at, (name, when, then, why) in enumerate(rows, start=4)
    )
    first = 3
    return Rubric(
        tuple(inputs),
        tuple(outputs),
        rules,
        hit_policy,
        input_columns=tuple(range(first, first + len(inputs))),
        output_columns=tuple(range(first + len(inputs), first + len(inputs) + len(outputs))),
    )


TIERS = (
    Tier(1, "Standard", "local_studio", prompt_template="white_angle", review="none", lane="fast"),
    Tier(
        2,
        "Lifestyle",
        "painter 1K",
        candidates=2,
        review="sample",
        review_minutes=Decimal(1),
        prompt_template="lifestyle",
    ),
    Tier(
        3, "Hero", "master 4K", candidates=4, review="human", prompt_template="hero", lane="review"
    ),
)
PLACEMENTS = (
    Placement("Marketplace main", "marketplace", aspect_ratio="1:1", target_px=2000),
    Placement("Gallery", "gallery", aspect_ratio="4:5", target_px=2048),
    Placement("Email header", "email", aspect_ratio="3:1", target_px=1200),
    Placement("Paid ad", "ad", aspect_ratio="1.91:1", target_px=1200),
    Placement("Homepage hero", "hero", aspect_ratio="16:9", target_px=2560),
    Placement("Swatch", "swatch", visibility_weight=Decimal("0.2"), target_px=400),
)


def configuration(own: Rubric | None = None, **changes: Any) -> Configuration:
    settings: dict[str, Any] = {
        "rubric": own or rubric(),
        "tiers": TIERS,
        "placements": PLACEMENTS,
        "prompts": (
            PromptTemplate("white_angle", 1, "{Product name} on white"),
            PromptTemplate("lifestyle", 2, "{Product name} in use"),
        ),
        "price_book": (
            PriceRule(
                "painter",
                "acme",
                "painter",
                "generate",
                "flat",
                "image",
                Decimal("0.08"),
                checked_on=date(2026, 11, 1),
            ),
        ),
        "settings": Settings(cap_per_run=50_000_000),
        "from_workbook": frozenset({RUBRIC}),
    }
    return Configuration(**(settings | changes))


def requests(
    rows: Sequence[Mapping[str, Any]],
    *,
    outputs: Mapping[str, Sequence[Any]] | None = None,
    bad: Sequence[int] = (),
) -> RequestTable:
    """Make the table of a sheet that has exactly the headings the rows mention."""
    headings = dict.fromkeys(heading for row in rows for heading in row) or REQUEST_INPUTS
    wrong = np.zeros(len(rows), dtype=bool)
    wrong[list(bad)] = True
    return RequestTable(
        sheet="Requests",
        rows=np.arange(2, 2 + len(rows), dtype=np.int64),
        columns={h: text_column([row.get(h) for row in rows]) for h in headings},
        letters={heading: at for at, heading in enumerate(headings, start=1)},
        bad=wrong,
        outputs={h: text_column(list(values)) for h, values in (outputs or {}).items()},
    )


def test_row(name: str, tier: str, rule: str = "", **example: Any) -> RubricTest:
    spaced = {key.replace("_", " "): value for key, value in example.items()}
    return RubricTest(name, spaced, tier, rule, row=9)


test_row.__test__ = False  # type: ignore[attr-defined]
