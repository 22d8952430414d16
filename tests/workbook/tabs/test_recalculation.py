"""The tabs against a second program: LibreOffice recalculates and agrees with what they say."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tierbook.contract import ACTUAL_COST, CATEGORY, PLACEMENT, REVIEW
from tierbook.costing import WhatIf
from tierbook.model import text_column

from . import shop
from .libreoffice import formulas, recalculated, values

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
A_CENT = 0.005


def disagreements(folder: Path, *contents: bytes) -> list[str]:
    """Compare each formula's cached value with LibreOffice's, amounts to the cent."""
    found: list[str] = []
    for content, saved in zip(contents, recalculated(contents, folder), strict=True):
        said, got = values(content), values(saved)
        for place, formula in formulas(content).items():
            mine, theirs = said[place], got.get(place)
            if not _agree(mine, theirs):
                found.append(f"{place}: {formula} says {mine!r}, LibreOffice {theirs!r}")
    return found


def _agree(mine: object, theirs: object) -> bool:
    if isinstance(mine, int | float) and isinstance(theirs, int | float):
        return abs(mine - theirs) < min(A_CENT, 1e-6 * max(1, abs(mine)))
    return mine == theirs


def test_every_formula_agrees_whatever_the_tab_is_called(tmp_path: Path) -> None:
    """Cached values are what the formulas give, with quotes, spaces and other scripts in names."""
    found = shop.with_problems(shop.many(120), 9)
    what_ifs = (WhatIf("Tier 2 = cheap", 2, "cheap", 9_000_000, 0),)
    contents = [
        shop.workbook(found, shop.grid_of(found, sheet), what_ifs=what_ifs)
        for sheet in ("Requests", "Bob's 'été' list", "商品 画像", "A&B <1>")
    ]
    assert all(len(formulas(content)) > 80 for content in contents)
    assert disagreements(tmp_path, *contents) == []


def test_groups_agree_however_their_cells_are_spelled(tmp_path: Path) -> None:
    """A line is live only where a formula finds exactly its rows.

    Wildcards, comparisons, numbers, truth values and dates as names match only themselves; blank,
    padded and differently spelled cells never make a line disagree; a long tail still adds up.
    """
    goods = ["*", "?", "~", ">5", "=A1", "<>", "TRUE", "5", "May 5", "a*", "", None, "Müller",
             "tea & towels", "2,5", '"quoted"', "#N", "0"]  # fmt: skip
    awkward = shop.many(180, goods=goods)

    odd = shop.many(160)
    raw: list[Any] = list(odd.requests.column(CATEGORY))
    raw[3], raw[10], raw[17], raw[25] = None, "  mugs ", "CANDLES", "Mugs"
    places: list[Any] = list(odd.requests.column(PLACEMENT))
    places[2] = "#N/A"
    spelled = shop.grid_of(odd, **{CATEGORY: text_column(raw), PLACEMENT: text_column(places)})

    long = shop.many(400, goods=[f"Category {i}" for i in range(90)])
    contents = (
        shop.workbook(awkward, shop.grid_of(awkward)),
        shop.workbook(odd, spelled),
        shop.workbook(long, shop.grid_of(long)),
    )
    assert disagreements(tmp_path, *contents) == []


def test_nothing_decided_divides_by_nothing(tmp_path: Path) -> None:
    """A list without a single decided row shows zeros, no error values."""
    found = shop.answers([-1, -1, 0], [0, 0, 0])
    content = shop.workbook(found, shop.grid_of(found))
    assert disagreements(tmp_path, content) == []
    assert not [text for text in values(content).values() if str(text).startswith("#")]


def test_paid_pictures_agree(tmp_path: Path) -> None:
    """Actual costs and the cost of an approved picture follow the sheet's own columns."""
    found = shop.paid(shop.many(60))
    content = shop.workbook(found, shop.grid_of(found, outputs=(ACTUAL_COST, REVIEW)))
    assert any("approve" in formula for formula in formulas(content).values())
    assert disagreements(tmp_path, content) == []
