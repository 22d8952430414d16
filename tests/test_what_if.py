"""Other settings, compared with those of the workbook."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tierbook import app, configuration, workbook
from tierbook.errors import UsageError
from tierbook.model import Answers
from tierbook.what_if import compare, what_ifs

TODAY = date(2026, 11, 24)
BOOK = Path("shop.csv")
ROWS = """SKU,Placement,Background,Source image
A-1,Gallery,white,a.jpg
A-2,Gallery,scene,a.jpg
A-3,Homepage hero,,a.jpg
A-4,Gallery,scene,
"""


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    path = tmp_path / "shop.csv"
    path.write_text(ROWS)
    return app.answer(workbook.read_book(path), router=None, today=TODAY)


def test_another_engine_moves_money_and_no_row(answers: Answers) -> None:
    """The difference of a dearer engine is that of its tier, and of the rules in it."""
    report = what_ifs(answers, ["Tier 2 = gemini-3-pro-image 2K"], BOOK)
    as_it_is, dearer = report.outcomes
    assert as_it_is.estimate_micro_usd == answers.bill.total()
    assert dearer.moved == 0
    assert dearer.difference_micro_usd > 0
    tiers = {share.name: share.difference_micro_usd for share in dearer.by_tier}
    assert tiers["2"] == dearer.difference_micro_usd
    assert sum(share.difference_micro_usd for share in dearer.by_rule) == tiers["2"]
    assert "Tier 2 = gemini-3-pro-image 2K: $" in report.told()


def test_another_rubric_is_told_by_tier_and_rule(answers: Answers) -> None:
    """Rows a changed rubric moves leave one tier and rule and turn up in another."""
    now = answers.configuration
    rules = tuple(replace(one, on=one.name != "R12") for one in now.rubric.rules)
    changed = replace(now, rubric=replace(now.rubric, rules=rules))
    report = compare({"now": now, "without R12": changed}, answers.requests, TODAY, BOOK)
    assert [one.label for one in report.outcomes] == ["now", "without R12"]
    rules_moved = {one.name: one.rows_difference for one in report.outcomes[1].by_rule}
    assert rules_moved["R12"] == -1
    assert rules_moved["R16"] == 1
    assert report.outcomes[1].moved == 1
    assert sum(one.rows for one in report.outcomes[1].by_tier) == len(answers.requests)


def test_a_workbook_brings_its_rubric(answers: Answers, tmp_path: Path) -> None:
    """The built-in rubric, out of the blank workbook, changes nothing; no file is refused."""
    blank = tmp_path / "other.xlsx"
    app.new(blank, example=False)
    report = what_ifs(answers, [str(blank)], BOOK)
    assert (report.outcomes[1].moved, report.outcomes[1].difference_micro_usd) == (0, 0)
    with pytest.raises(UsageError, match="no such workbook"):
        what_ifs(answers, ["nowhere.xlsx"], BOOK)


def test_nothing_is_changed_by_asking(answers: Answers) -> None:
    """The settings and answers that were compared stay as they were."""
    before = configuration.defaults()
    what_ifs(answers, ["Tier 1 = gemini-nano-banana-2.1 1K"], BOOK)
    assert answers.configuration.tiers == before.tiers


def test_a_catalog_that_a_scorecard_decides_is_compared_by_it(answers: Answers) -> None:
    """Another engine moves no row, whoever decides; the rubric must not stand in for the score."""
    scored = replace(
        answers.configuration, settings=replace(answers.configuration.settings, router="scorecard")
    )
    report = what_ifs(replace(answers, configuration=scored), ["Tier 2 = placeholder"], BOOK)
    plain = what_ifs(answers, ["Tier 2 = placeholder"], BOOK)
    assert report.outcomes[1].moved == 0
    assert [one.rows for one in report.outcomes[0].by_tier] != [
        one.rows for one in plain.outcomes[0].by_tier
    ]
