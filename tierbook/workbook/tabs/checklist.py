"""The tab `Checklist`: the four steps of a rollout, ticked from what is known."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tierbook.contract import (
    ACTUAL_COST,
    AUDIT,
    CHECKLIST,
    MONTHLY_REVIEW,
    RUBRIC,
    RUBRIC_CHECK,
    RUBRIC_TESTS,
    SETTINGS,
    TIERS,
)
from tierbook.model import Answers
from tierbook.workbook.milestones import AUDITED, PICTURES_MADE, REVIEWED, RUBRIC_SHARED
from tierbook.workbook.tabs.look import GREEN, WRAPPED, Face, Wardrobe
from tierbook.workbook.tabs.pen import Pen

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_WIDTHS: Final = (14, 44, 78)
_RULES_AGE: Final = timedelta(days=90)
_LOOKS: Final = {
    True: ("✓ done", "D3EEE6"),
    False: ("○ to do", "FCEBCB"),
    None: ("? your call", "EDEDED"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to have done; `done` is None where only the seller knows."""

    done: bool | None
    what: str
    how: str


def write_checklist(
    workbook: "Workbook",
    wardrobe: Wardrobe,
    answers: Answers,
    names: Mapping[str, str],
    written_before: Set[str],
) -> None:
    """Author the tab; `written_before` are the reports the workbook has."""
    sheet = workbook.add_worksheet(names[CHECKLIST])
    sheet.set_tab_color(f"#{GREEN}")
    pen = Pen(sheet, wardrobe)
    pen.widths(_WIDTHS)
    pen.page(landscape=True, frozen_rows=2)
    steps = (
        ("1. Audit the last 90 days", _audit(answers, written_before)),
        ("2. Write the rubric down and share it", _rubric(answers)),
        ("3. Connect the router to generation", _connection(answers)),
        ("4. Review every month", _review(answers, written_before)),
    )
    known = [(step, list(facts)) for step, facts in steps]
    facts = [fact for _, found in known for fact in found]
    done = sum(fact.done is True for fact in facts)
    left = sum(fact.done is False for fact in facts)
    asked = len(facts) - done - left
    pen.title(
        "Checklist",
        f"{done} of {len(facts)} done, {left} to do"
        f"{f', {asked} only you can tell' if asked else ''}. Tierbook ticks these by itself.",
    )
    row = 4
    for step, found in known:
        pen.section(row, step)
        pen.headings(row + 1, ("State", "What", "How"), words=3)
        for here, fact in enumerate(found, start=row + 2):
            _write_fact(pen, here, fact)
        row += len(found) + 3


def _write_fact(pen: Pen, row: int, fact: Fact) -> None:
    word, fill = _LOOKS[fact.done]
    pen.words(row, 1, word, Face(bold=True, wrap=True, fill=fill))
    pen.words(row, 2, fact.what, WRAPPED)
    pen.words(row, 3, fact.how, WRAPPED)
    pen.fit_height(row, ((fact.what, _WIDTHS[1]), (fact.how, _WIDTHS[2])))


def _on(answers: Answers, step: str, word: str) -> str:
    """Say on which day a step was done, where that is remembered."""
    day = answers.steps_done.get(step)
    return "" if day is None else f"{word} on {day.isoformat()}. "


def _audit(answers: Answers, written_before: Set[str]) -> Iterator[Fact]:
    yield Fact(
        AUDIT in written_before or AUDITED in answers.steps_done,
        "See what the last 90 days cost, and what routing would have cost",
        _on(answers, AUDITED, "Audited")
        + "Run: tierbook audit BOOK --days 90, with your old picture list or an export.",
    )


def _rubric(answers: Answers) -> Iterator[Fact]:
    configuration, report = answers.configuration, answers.report
    rules = [rule for rule in configuration.rubric.rules if rule.on]
    yield Fact(
        RUBRIC in configuration.from_workbook,
        f"The rubric stands in this workbook ({len(rules)} rules at work)",
        f"Run: tierbook run BOOK --with-settings, then edit tab {RUBRIC}. "
        "Until then the built-in rubric decides.",
    )
    unexplained = [rule.name for rule in rules if not rule.why]
    yield Fact(
        not unexplained,
        "Every rule says why",
        f"Fill in the column Why for {', '.join(unexplained[:5])}."
        if unexplained
        else f"The column Why of tab {RUBRIC}.",
    )
    broken = [f for f in report.findings if f.severity == "error"]
    gaps = any(finding.kind == "gap" for finding in report.findings)
    yield Fact(
        not broken and not gaps,
        "The rubric has no gaps and no contradictions",
        f"Tab {RUBRIC_CHECK} shows each with an example product.",
    )
    yield Fact(
        bool(report.tests) and all(test.passed for test in report.tests),
        f"Rubric tests are written and pass ({len(report.tests)} so far)",
        f"Tab {RUBRIC_TESTS}: one example product a row, with the tier you expect.",
    )
    yield Fact(
        RUBRIC_SHARED in answers.steps_done,
        "The rubric was written out for the people who order and make pictures",
        _on(answers, RUBRIC_SHARED, "Written")
        + "Run: tierbook rubric BOOK -o rubric.html, and send them the page.",
    )


def _connection(answers: Answers) -> Iterator[Fact]:
    configuration = answers.configuration
    settings = configuration.settings
    without = [tier.number for tier in configuration.tiers if not tier.engine]
    yield Fact(
        not without,
        "An engine is pinned to each tier",
        f"Tab {TIERS}, column Engine"
        + (f": tier {', '.join(map(str, without))} has none." if without else "."),
    )
    decided = answers.decisions.tier >= 1
    unpriced = int((decided & (answers.bill.per_image < 0)).sum())
    yield Fact(
        not unpriced,
        "Every request has a price",
        f"{unpriced:,} have none: their Message says why." if unpriced else "Tab Price book.",
    )
    yield Fact(
        settings.cap_per_run is not None and settings.cap_per_month is not None,
        "Spending caps are set for a run and for a month",
        f"Tab {SETTINGS}: Cap per run, Cap per month. Work never passes a cap.",
    )
    top = max(configuration.tiers, key=lambda tier: tier.number, default=None)
    yield Fact(
        top is not None and top.review == "human",
        f"A person looks at every picture of tier {top.number if top else 3}",
        f"Tab {TIERS}, column Review: human.",
    )
    made = ACTUAL_COST in answers.extra or ACTUAL_COST in answers.requests.outputs
    yield Fact(
        made,
        "The first pictures were made: the router is connected",
        _on(answers, PICTURES_MADE, "Made")
        + "Run: tierbook run BOOK --generate --limit 3. It shows the bill and asks first.",
    )


def _review(answers: Answers, written_before: Set[str]) -> Iterator[Fact]:
    yield Fact(
        MONTHLY_REVIEW in written_before or REVIEWED in answers.steps_done,
        "The monthly review was written",
        _on(answers, REVIEWED, "Written")
        + "Run: tierbook report BOOK. It shows cost and approval by tier, conversion by placement.",
    )
    rules = [rule for rule in answers.configuration.rubric.rules if rule.on]
    dated = [rule.since for rule in rules if rule.since is not None]
    newest = max(dated, default=None)
    yield Fact(
        None if newest is None else answers.today - newest <= _RULES_AGE,
        "The rules were looked at in the last 90 days",
        f"Tab {RUBRIC}, column Since: date the rules you have looked at again"
        + (f". The newest date is {newest.isoformat()}." if newest else "."),
    )
