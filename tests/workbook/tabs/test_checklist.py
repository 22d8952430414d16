"""The tab `Checklist`: the four steps, ticked from what is known."""

from collections.abc import Set
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl

from tierbook.contract import AUDIT, CHECKLIST, MONTHLY_REVIEW
from tierbook.model import Answers, Rule
from tierbook.workbook.milestones import AUDITED, REVIEWED, RUBRIC_SHARED
from tierbook.workbook.tabs import build_tabs

from . import shop


def states(found: Answers, present: Set[str] = frozenset()) -> dict[str, str]:
    """Read the state of each line by what it says."""
    content = build_tabs(found, {CHECKLIST: CHECKLIST}, shop.grid_of(found), written_before=present)
    rows = openpyxl.load_workbook(BytesIO(content))[CHECKLIST].iter_rows(values_only=True)
    return {str(row[1]): str(row[0]) for row in rows if row[1]}


def state(found: Answers, words: str, present: Set[str] = frozenset()) -> str:
    return next(word for what, word in states(found, present).items() if words in what)


def test_reports_that_stand_in_the_workbook_are_ticked() -> None:
    """An audit or a monthly review is done when its tab is there."""
    found = shop.answers([1], [1])
    assert state(found, "last 90 days cost") == "○ to do"
    assert state(found, "last 90 days cost", {AUDIT}) == "✓ done"
    assert state(found, "monthly review", {MONTHLY_REVIEW}) == "✓ done"


def test_caps_need_both_the_run_and_the_month() -> None:
    """One cap alone leaves a way to spend more than meant."""
    found = shop.answers([1], [1])
    assert state(found, "Spending caps") == "○ to do"
    both = replace(found.configuration.settings, cap_per_run=1, cap_per_month=2)
    capped = replace(found, configuration=replace(found.configuration, settings=both))
    assert state(capped, "Spending caps") == "✓ done"


def test_an_unpriced_request_is_open() -> None:
    """A row that waits for a price is counted."""
    assert state(shop.answers([1, 2], [1, -1]), "has a price") == "○ to do"
    assert state(shop.answers([1, 2], [1, 1]), "has a price") == "✓ done"


def test_steps_that_were_done_are_ticked_with_their_day() -> None:
    """Sharing the rubric and auditing an export leave no tab, and are ticked all the same."""
    found = shop.answers([1], [1])
    assert state(found, "was written out") == "○ to do"
    day = date(2026, 11, 3)
    steps = {RUBRIC_SHARED: day, AUDITED: day, REVIEWED: day}
    done = replace(found, steps_done=steps)
    for words in ("was written out", "last 90 days cost", "monthly review"):
        assert state(done, words) == "✓ done"
    content = build_tabs(done, {CHECKLIST: CHECKLIST}, shop.grid_of(done))
    rows = openpyxl.load_workbook(BytesIO(content))[CHECKLIST].iter_rows(values_only=True)
    dated = [str(row[2]) for row in rows if row[2] and "2026-11-03" in str(row[2])]
    assert len(dated) == len(steps)


def test_old_rules_are_due_for_a_look() -> None:
    """Ninety days after the newest date the tick goes away; undated rules are asked about."""
    found = shop.answers([1], [1])

    def dated(since: date | None) -> Answers:
        rules = (Rule("R01", (), (), "Because", since=since),)
        rubric = replace(found.configuration.rubric, rules=rules)
        return replace(found, configuration=replace(found.configuration, rubric=rubric))

    assert state(dated(date(2026, 11, 1)), "looked at") == "✓ done"
    assert state(dated(date(2026, 7, 1)), "looked at") == "○ to do"
    assert state(dated(None), "looked at") == "? your call"
