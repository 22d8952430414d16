"""Put a monthly review into words, tables and charts."""

from collections.abc import Iterable

from tierbook.contract import MONTHLY_REVIEW
from tierbook.insights.monthly.changes import alerts, escalation_table, suggestions
from tierbook.insights.monthly.headline import figures
from tierbook.insights.monthly.judged import approvals, conversions
from tierbook.insights.monthly.spent import (
    baseline_table,
    caps,
    moved,
    movement_table,
    spent_chart,
    tier_table,
    trend_chart,
    trend_table,
)
from tierbook.insights.rates import ENOUGH
from tierbook.insights.review import Review
from tierbook.workbook.report_page import Block, Charts, Notice, Notices, Page
from tierbook.workbook.tabs.look import BLUE


def review_page(review: Review) -> Page:
    """Lay the review out, most urgent first."""
    name = f" for {review.brand}" if review.brand else ""
    ends = "" if review.complete else f", up to {review.until.day} {review.until:%B}"
    return Page(
        tab=MONTHLY_REVIEW,
        title=f"Monthly review{name}",
        subtitle=f"{review.month.name}{ends}, against {review.month.before().name}. Amounts in US "
        "dollars, as the record of payments has them.",
        figures=tuple(figures(review)),
        blocks=tuple(_blocks(review)),
        footer=f"Rates come with the range the true one lies in, 19 times out of 20. Under "
        f"{ENOUGH} reviews no rate is shown. Tierbook writes this tab anew with every report.",
        colour=BLUE,
    )


def _blocks(review: Review) -> Iterable[Block]:
    yield alerts(review)
    tiers = tier_table(review)
    trend = trend_table(review)
    yield tiers
    yield trend
    yield Charts((spent_chart(tiers, review), trend_chart(trend, review)))
    yield moved(review)
    for heading, moves in (("placement", review.by_placement), ("rule", review.by_rule)):
        if any(one.change for one in moves):
            yield movement_table(heading, moves)
    if review.baseline:
        yield baseline_table(review)
    yield from caps(review)
    yield from approvals(review)
    yield from conversions(review)
    if review.escalations:
        yield escalation_table(review)
    yield suggestions(review)
    if review.problems:
        yield Notices(
            "What could not be read",
            tuple(Notice("WARN", "warning", one.message, (one.fix,)) for one in review.problems),
        )
