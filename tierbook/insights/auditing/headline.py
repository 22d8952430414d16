"""The five questions an audit answers first."""

from collections.abc import Iterable

from tierbook.insights.auditing.audit import Audit, AuditLine
from tierbook.insights.auditing.plan import PlanLine
from tierbook.insights.wording import counted, percent_words
from tierbook.model import MicroUsd
from tierbook.workbook.report_page import Figure, amount_words


def figures(audit: Audit) -> Iterable[Figure]:
    """Answer the five questions of the headline."""
    if audit.shelf and not audit.total.pictures:
        yield from _shelf_figures(audit)
    else:
        yield _spent_figure(audit.total)
        yield _saving_figure(audit.total)
        yield _cheap_figure(audit.total)
    yield _missing_figure(audit)
    yield _plan_figure(audit)


def _spent_figure(total: AuditLine) -> Figure:
    question = "What was spent?"
    if not total.costed:
        words = "no picture of these days has a cost" if total.pictures else "no dated pictures"
        return Figure(question, "money", "not known", words)
    each = amount_words(total.paid // total.costed)
    words = f"for {counted(total.costed, 'picture')}, {each} each"
    if total.costed < total.pictures:
        words += f"; {total.pictures - total.costed:,} more have no cost"
    return Figure(question, "money", total.paid, words)


def _saving_figure(total: AuditLine) -> Figure:
    question = "What would routing have saved?"
    if not total.comparable:
        words = "it needs days, costs and a routed price for the same pictures"
        return Figure(question, "money", "not known", words)
    share = percent_words(total.saving, total.comparable)
    words = f"{share} of {amount_words(total.comparable)}; routed {amount_words(total.routed)}"
    if total.review:
        words += f", and {amount_words(total.review)} of a person's time on top"
    return Figure(question, "money", total.saving, words, "good" if total.saving >= 0 else "alarm")


def _cheap_figure(total: AuditLine) -> Figure:
    question = "What could tier 1 have done?"
    if not total.pictures:
        return Figure(question, "percent", "not known", "no dated pictures")
    words = f"of the pictures: {total.cheap:,} of {total.pictures:,}"
    if total.costed:
        words += f", which cost {amount_words(total.cheap_paid)}"
    return Figure(question, "percent", total.cheap / total.pictures, words)


def _shelf_figures(audit: Audit) -> Iterable[Figure]:
    """Answer for an export, which knows pictures but no days and no costs."""
    pictures = sum(one.pictures for one in audit.shelf)
    priced = [one for one in audit.shelf if one.cost is not None]
    cost = sum(one.cost or 0 for one in priced)
    yield Figure(
        "What would it cost routed?",
        "money",
        cost,
        f"to make the {counted(pictures, 'picture')} of this export today, expected redos included",
    )
    if all(one.baseline for one in priced) and priced:
        baseline = sum(one.baseline or 0 for one in priced)
        yield Figure(
            "What would routing save?",
            "money",
            baseline - cost,
            f"{percent_words(baseline - cost, baseline)} of what one model for everything would "
            f"cost ({amount_words(baseline)})",
            "good" if baseline >= cost else "alarm",
        )
    else:
        words = "name one model for everything in tab Settings to compare with"
        yield Figure("What would routing save?", "money", "not known", words)
    cheap = sum(one.pictures for one in audit.shelf if one.tier == 1)
    words = f"of the pictures: {cheap:,} of {pictures:,}"
    yield Figure("What can tier 1 do?", "percent", cheap / pictures if pictures else 0.0, words)


def _missing_figure(audit: Audit) -> Figure:
    parts: list[str] = []
    if audit.pictured_known:
        parts.append(f"{len(audit.missing):,} of {counted(audit.products, 'product')} unpictured")
    if audit.sizes.known:
        parts.append(f"{len(audit.sizes.small):,} of {audit.sizes.known:,} pictures too small")
    if audit.sellers:
        heroless, sellers = len(audit.heroless), len(audit.sellers)
        parts.append(f"{heroless:,} of {counted(sellers, 'top seller')} without a hero")
    if not parts:
        words = "the list names no pictures and no sales"
        return Figure("What is missing?", "count", "not known", words)
    number = len(audit.missing) + len(audit.sizes.small) + len(audit.heroless)
    return Figure(
        "What is missing?", "count", number, ", ".join(parts), "warning" if number else "note"
    )


def _plan_figure(audit: Audit) -> Figure:
    question = "What would it take?"
    if not audit.plan:
        return Figure(question, "money", 0, "nothing is known to be missing")
    cost = plan_cost(audit.plan)
    unknown = sum(one.cost is None for one in audit.plan)
    words = f"for the {counted(len(audit.plan), 'line')} of the plan below"
    if unknown:
        words += f"; {unknown:,} have no price yet"
    if audit.cap:
        months = -(-cost // audit.cap)
        over = f"; {counted(months, 'month')} at the monthly cap of {amount_words(audit.cap)}"
        words += over if months > 1 else "; within the cap of one month"
    return Figure(question, "money", cost, words)


def plan_cost(plan: Iterable[PlanLine]) -> MicroUsd:
    """Add up what the plan is known to cost."""
    return sum(one.cost or 0 for one in plan)
