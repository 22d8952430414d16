"""The report and the audit as files: the workbook with its new tab, and the page."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tierbook import contract, ooxml
from tierbook.catalogs import Catalog
from tierbook.errors import EditRefused
from tierbook.generation import Ledger
from tierbook.generation.files import picture_folder
from tierbook.insights.auditing.audit import DAYS, Audit, audit
from tierbook.insights.auditing.page import audit_page
from tierbook.insights.auditing.past import past_of_history, past_of_sheet, rows_made
from tierbook.insights.auditing.plan import shelf_lines
from tierbook.insights.auditing.shelf import (
    FetchSize,
    measure,
    shelf_of_catalog,
    shelf_of_sheet,
)
from tierbook.insights.conversions import read_performance
from tierbook.insights.history import History, recollect
from tierbook.insights.monthly.page import review_page
from tierbook.insights.months import Month, local_day
from tierbook.insights.report_html import report_html
from tierbook.insights.review import Review, monthly_review
from tierbook.insights.suggestions import suggestion_edit
from tierbook.model import Answers, Configuration
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
        review: What it says; `page` as it is shown; `html` as a browser shows it.
        content: The workbook with the tab in it; None where the file cannot hold a tab, with
            the reason in `notes`.
        notes: Sentences for the seller.
    """

    review: Review
    page: Page
    html: str
    content: bytes | None
    notes: tuple[str, ...] = ()


def report(
    book: Book,
    answers: Answers,
    now: datetime,
    *,
    month: str = "",
    ledger: Ledger | None = None,
    add_rules: bool = False,
) -> ReportOutcome:
    """Review a month of a workbook; nothing is written.

    Args:
        book: The workbook as read.
        answers: What it says today, with results recalled where there are any.
        now: The present moment, with its zone.
        month: As `2026-11`; "" is the present one.
        ledger: The record of payments, None where nothing was ever paid.
        add_rules: Add the suggested rules below the seller's rubric, each one off.

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
    rules, told = _suggested_rules(book, answers, review) if add_rules else (None, ())
    content, notes = _with_tab(book, answers, page, rules)
    return ReportOutcome(review, page, report_html(page), content, (*told, *notes))


def _suggested_rules(
    book: Book, answers: Answers, review: Review
) -> tuple[SheetEdit | None, tuple[str, ...]]:
    """Plan the rows of suggested rules, and say what comes of being asked for them."""
    found = review.suggestions
    if not found:
        return None, ("No rule is suggested, so none was added.",)
    rules = suggestion_edit(book.tabs.get(contract.RUBRIC), answers.configuration.rubric, found)
    if rules is None:
        why = f"{book.path.name} has no tab {contract.RUBRIC} with a column On"
        return None, (f"{why}: `tierbook run {book.path.name} --with-settings` adds one.",)
    names = ", ".join(one.rule.name for one in found)
    return rules, (f"Added to tab {rules.sheet}, switched off: {names}.",)


@dataclass(frozen=True)
class AuditOutcome:
    """The audit, ready to be saved; see `ReportOutcome`."""

    audit: Audit
    page: Page
    html: str
    content: bytes | None
    notes: tuple[str, ...] = ()


def audit_book(
    book: Book,
    answers: Answers,
    now: datetime,
    *,
    days: int = DAYS,
    ledger: Ledger | None = None,
    catalog: Catalog | None = None,
    fetch_size: FetchSize | None = None,
) -> AuditOutcome:
    """Audit a workbook, or a table of past pictures; nothing is written.

    Its own columns of dates and costs are the past where it has any, else what the record of
    payments knows of its rows.

    Args:
        book: The file as read.
        answers: What the rubric says of its rows today.
        now: The present moment, with its zone.
        days: How many days are looked at, today included.
        ledger: The record of payments, None where nothing was ever paid.
        catalog: The store's export, for the products on sale; None takes the sheet's own SKUs.
        fetch_size: Asks an address for a picture's size; None leaves addresses alone.
    """
    configuration = answers.configuration
    today = local_day(now, configuration.settings.time_zone)
    past, problems = past_of_sheet(answers)
    notes: list[str] = []
    if not past and ledger is not None:
        history = recollect(ledger, answers, book.path, [])
        past = past_of_history(answers, history.pictures)
    if not past:
        notes.append(
            "The list has no column of dates or costs, and nothing was paid through Tierbook, so "
            "no spending is shown. Add the columns Date and Cost to your list of past pictures."
        )
    performed, more = read_performance(book.tabs.get(contract.PERFORMANCE))
    products = shelf_of_sheet(answers, performed, rows_made(past))
    if catalog is not None:
        products = shelf_of_catalog(catalog, configuration)
    sizes = measure(products, configuration, _photo_folders(book.path, configuration), fetch_size)
    found = audit(
        past, products, configuration, today, source=book.path.name, days=days, sizes=sizes,
        problems=(*problems, *more), notes=notes,
    )  # fmt: skip
    page = audit_page(found)
    content, notices = _with_tab(book, answers, page)
    return AuditOutcome(found, page, report_html(page), content, notices)


def audit_catalog(
    catalog: Catalog,
    configuration: Configuration,
    export: Path,
    now: datetime,
    *,
    days: int = DAYS,
    fetch_size: FetchSize | None = None,
) -> AuditOutcome:
    """Audit a store's export: what is missing and what to make first; it knows no costs.

    `content` is a workbook of its own with the one tab.
    """
    today = local_day(now, configuration.settings.time_zone)
    products = shelf_of_catalog(catalog, configuration)
    sizes = measure(products, configuration, _photo_folders(export, configuration), fetch_size)
    found = audit(
        (), products, configuration, today, source=export.name, days=days, sizes=sizes,
        shelf=shelf_lines(products, configuration, today),
        notes=(
            f"Read as {catalog.format}: {len(products):,} product pages. An export knows no costs; "
            "audit your list of past pictures as well to see what they cost.",
        ),
    )  # fmt: skip
    page = audit_page(found)
    return AuditOutcome(found, page, report_html(page), audit_tab(found))


def _photo_folders(file: Path, configuration: Configuration) -> tuple[Path, Path]:
    """Name the folders where photos of the file may lie: its own, and the image folder."""
    beside = file.absolute().parent
    return beside, beside / picture_folder(configuration.settings.image_folder)


def audit_tab(found: Audit) -> bytes:
    """Author the audit as a workbook with one tab."""
    page = audit_page(found)
    return build_report_tab(page, {page.tab: contract.AUDIT}, found.today)


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
