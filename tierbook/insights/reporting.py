"""The report and the audit as files: the workbook with its new tab, and the page."""

from dataclasses import dataclass
from datetime import datetime

from tierbook import contract, ooxml
from tierbook.errors import EditRefused
from tierbook.generation import Ledger
from tierbook.insights.conversions import read_performance
from tierbook.insights.history import History, recollect
from tierbook.insights.monthly.page import review_page
from tierbook.insights.months import Month, local_day
from tierbook.insights.report_html import report_html
from tierbook.insights.review import Review, monthly_review
from tierbook.insights.suggestions import suggestion_edit
from tierbook.model import Answers
from tierbook.ooxml import EditPlan, Graft, SheetEdit
from tierbook.workbook.marks import tab_mark
from tierbook.workbook.planning import own_tabs, tab_names
from tierbook.workbook.reading import Book
from tierbook.workbook.report_page import Page
from tierbook.workbook.tabs.look import quoted_sheet
from tierbook.workbook.tabs.report_tab import build_report_tab


@dataclass(frozen=True)
class ReportOutcome:
    """The monthly review, ready to be saved.

    Attributes:
        review: What it says.
        html: The page.
        content: The workbook with the tab in it; None where the file cannot hold a tab, with
            the reason in `notes`.
        notes: Sentences for the seller.
    """

    review: Review
    html: str
    content: bytes | None
    notes: tuple[str, ...] = ()


def report(
    book: Book, answers: Answers, now: datetime, *, month: str = "", ledger: Ledger | None = None
) -> ReportOutcome:
    """Review a month of a workbook; nothing is written.

    Args:
        book: The workbook as read.
        answers: What it says today, with results recalled where there are any.
        now: The present moment, with its zone.
        month: As `2026-11`; "" is the present one.
        ledger: The record of payments, None where nothing was ever paid.

    Raises:
        UsageError: `month` is no month, or still to come.
    """
    today = local_day(now, answers.configuration.settings.time_zone)
    wanted = Month.parse(month).not_after(today) if month else Month.of(today)
    history = History()
    if ledger is not None:
        history = recollect(ledger, answers, book.path, [wanted])
    performed, problems = read_performance(book.tabs.get(contract.PERFORMANCE))
    review = monthly_review(history, answers, wanted, now, performed, problems)
    page = review_page(review)
    rules = suggestion_edit(
        book.tabs.get(contract.RUBRIC), answers.configuration.rubric, review.suggestions
    )
    content, notes = _with_tab(book, answers, page, rules)
    return ReportOutcome(review, report_html(page), content, notes)


def review_html(review: Review) -> str:
    """Write the review as a page."""
    return report_html(review_page(review))


def review_tab(review: Review, name: str = contract.MONTHLY_REVIEW) -> bytes:
    """Author the review as a workbook with one tab, ready to graft."""
    page = review_page(review)
    return build_report_tab(page, {page.tab: name}, review.until)


def _with_tab(
    book: Book, answers: Answers, page: Page, rules: SheetEdit | None = None
) -> tuple[bytes | None, tuple[str, ...]]:
    """Put the report's tab into the workbook, and suggested rules where they can be added."""
    if book.kind not in ("xlsx", "xlsm"):
        return None, (f"{book.path.name} holds no tabs; the page beside it says it all.",)
    if rules is not None:
        try:
            return _edited(book, answers, page, (rules,)), ()
        except EditRefused as refusal:
            note = f"The suggested rules were not added to tab {rules.sheet}: {refusal.message}"
            return _edited(book, answers, page, ()), (note,)
    return _edited(book, answers, page, ()), ()


def _edited(book: Book, answers: Answers, page: Page, sheets: tuple[SheetEdit, ...]) -> bytes:
    """Graft the report, and the checklist anew where there is one: it ticks the report off."""
    facts = book.facts or ooxml.inspect(book.content)
    ours = own_tabs(facts)
    tabs = [page.tab, *([contract.CHECKLIST] if contract.CHECKLIST in ours else [])]
    names = tab_names(tabs, ours, [sheet.name for sheet in facts.sheets])
    content = build_report_tab(
        page, names, answers.today, answers=answers, written_before={*ours, page.tab}
    )
    plan = EditPlan(
        sheets=sheets,
        graft=Graft(content, tuple(names.values())),
        remove_tabs=tuple(ours[tab] for tab in tabs if tab in ours),
        names={tab_mark(tab): f"{quoted_sheet(name)}!$A$1" for tab, name in names.items()},
    )
    return ooxml.edit(book.content, plan).content
