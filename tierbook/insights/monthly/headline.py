"""The five questions a monthly review answers first."""

from collections.abc import Iterable

from tierbook.contract import SETTINGS
from tierbook.insights.review import Review
from tierbook.insights.spending import TierMonth, total
from tierbook.insights.wording import counted
from tierbook.model import MicroUsd
from tierbook.workbook.report_page import Figure, Level, amount_words


def figures(review: Review) -> Iterable[Figure]:
    """Answer the five questions of the headline."""
    this, last = total(review.this), total(review.last)
    yield Figure("What did it cost?", "money", this.spent, _cost_words(review, this, last))
    yield _approved_figure(this, last)
    yield _saving_figure(review)
    yield _cap_figure(review)
    yield _needs_figure(review)


def _cost_words(review: Review, this: TierMonth, last: TierMonth) -> str:
    pictures = f"for {counted(this.pictures, 'picture')}"
    if this.redone:
        pictures += f", {this.redone} of them made again"
    if not last.spent:
        return f"{pictures}; nothing was paid in {review.month.before().name}"
    change = this.spent - last.spent
    word = "more" if change >= 0 else "less"
    share = f" ({abs(change) / last.spent:.0%} {word})" if change else ""
    before = review.month.before().name
    return f"{pictures}; {amount_words(abs(change))} {word} than in {before}{share}"


def _approved_figure(this: TierMonth, last: TierMonth) -> Figure:
    question = "What does a good one cost?"
    each = this.per_approved
    if each is None:
        words = "no picture of this month has been approved yet"
        return Figure(question, "money", "not known yet", words)
    words = (
        f"for each of {this.approved:,} approved, rejects and {amount_words(this.review)} of "
        "review included"
    )
    if last.per_approved is not None:
        words += f"; {amount_words(last.per_approved)} the month before"
    return Figure(question, "money", each, words)


def _saving_figure(review: Review) -> Figure:
    question = "What did routing save?"
    if not review.baseline:
        words = f'name a "Baseline engine" or a price in tab {SETTINGS}, or make a picture first'
        return Figure(question, "money", "not known", words)
    baseline = sum(one.baseline for one in review.baseline)
    saving = sum(one.saving for one in review.baseline)
    share = f"{saving / baseline:.0%} of " if baseline else ""
    words = f"{share}what one model for everything would cost ({review.baseline_name})"
    return Figure(question, "money", saving, words, "good" if saving >= 0 else "alarm")


def _cap_figure(review: Review) -> Figure:
    question = "How much of the cap is used?"
    counted = total(review.this).spent if review.counted is None else review.counted
    if review.cap is None:
        return Figure(
            question, "money", counted, f"counts this month; no cap is set in tab {SETTINGS}"
        )
    words = f"of {amount_words(review.cap)} this month, all workbooks together"
    pace = _pace(review, counted)
    if pace is not None:
        words += f"; at this pace {amount_words(pace)} by the end of {review.month.first:%B}"
    if not review.cap:
        return Figure(question, "money", counted, words, "warning")
    level: Level = "note"
    if counted >= review.cap:
        level = "alarm"
    elif pace is not None and pace > review.cap:
        level = "warning"
    return Figure(
        question, "percent", counted / review.cap, f"{amount_words(counted)} {words}", level
    )


def _pace(review: Review, counted: MicroUsd) -> MicroUsd | None:
    """Project a running month to its end; a first week says too little."""
    if review.complete or review.until.day < 7:
        return None
    return counted * review.month.days // review.until.day


def _needs_figure(review: Review) -> Figure:
    to_come = sum(not one.made for one in review.escalations)
    parts = [
        words
        for number, words in (
            (len(review.alerts), counted(len(review.alerts), "alert")),
            (review.waiting, f"{counted(review.waiting, 'row')} waiting for a person's look"),
            (to_come, f"{counted(to_come, 'rejected row')} one tier up"),
            (len(review.suggestions), counted(len(review.suggestions), "suggested rule")),
        )
        if number
    ]
    number = len(review.alerts) + review.waiting + to_come + len(review.suggestions)
    return Figure(
        "What needs you?",
        "count",
        number,
        ", ".join(parts) or "nothing: no alert, nothing waits",
        "alarm" if any(one.level == "red" for one in review.alerts) else "note",
    )
