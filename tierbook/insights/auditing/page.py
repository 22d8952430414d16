"""Put an audit into words, tables and charts."""

from collections.abc import Iterable
from datetime import date

from tierbook.contract import AUDIT
from tierbook.insights.auditing.audit import Audit
from tierbook.insights.auditing.gaps import gaps, plan_table
from tierbook.insights.auditing.headline import figures
from tierbook.insights.auditing.plan import MISSING
from tierbook.insights.auditing.spent import spending
from tierbook.insights.wording import counted
from tierbook.model import Problem
from tierbook.workbook.report_page import Block, Notice, Notices, Page
from tierbook.workbook.tabs.look import ORANGE

_MOST_PROBLEMS = 15


def audit_page(audit: Audit) -> Page:
    """Lay the audit out: the money first, then what to make first, then what is missing."""
    days = f"{_day(audit.first)} to {_day(audit.today)}, " if not audit.shelf else ""
    return Page(
        tab=AUDIT,
        title="Audit of the export" if audit.shelf else f"Audit of the last {audit.days} days",
        subtitle=f"{days}{audit.source or 'the list'}. Amounts in US dollars.",
        figures=tuple(figures(audit)),
        blocks=tuple(_blocks(audit)),
        footer="Routed: what today's rubric and price book would ask, expected redos included; a "
        "person's time is told apart. Tierbook writes this tab anew with every audit.",
        colour=ORANGE,
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _blocks(audit: Audit) -> Iterable[Block]:
    notes = tuple(_notes(audit))
    if notes:
        yield Notices("Good to know", notes)
    yield from spending(audit)
    if audit.plan:
        yield plan_table(audit)
    yield from gaps(audit)
    if audit.problems:
        yield Notices(
            "What could not be read", tuple(map(_unread, audit.problems[:_MOST_PROBLEMS]))
        )


def _unread(problem: Problem) -> Notice:
    cell = problem.cell
    place = f"Tab {cell.sheet}, {cell.a1}: " if cell is not None and cell.a1 else ""
    return Notice("WARN", "warning", f"{place}{problem.message}", (problem.fix,))


def _notes(audit: Audit) -> Iterable[Notice]:
    for number, words in (
        (audit.undated, "without a date: nobody can tell whether made in these days"),
        (audit.older, f"older than {audit.days} days"),
        (audit.later, f"dated after {_day(audit.today)}"),
    ):
        if number:
            yield Notice("LEFT OUT", "note", f"{counted(number, 'picture')} {words}.")
    if audit.total.waiting:
        yield Notice(
            "HELD",
            "warning",
            f"{counted(audit.total.waiting, 'picture')} would have waited: held by the rubric, or "
            "without a price. What was paid for them is not compared.",
        )
    if audit.sizes.unknown:
        yield Notice(
            "NOT MEASURED",
            "note",
            f"The size of {counted(audit.sizes.unknown, 'picture')} is not known: no such file, or "
            "an address that was not asked.",
        )
    for note in audit.notes:
        yield Notice("NOTE", "note", note)
    if any(one.why == MISSING for one in audit.plan):
        yield Notice(
            "PHOTOS",
            "warning",
            "A product without any picture needs a photo of yours first, and the plan's prices "
            "count on it: a generated picture would invent the product.",
        )
