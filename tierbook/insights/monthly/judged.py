"""How the pictures were judged, by people and by buyers."""

from collections.abc import Iterable, Sequence

from tierbook.insights.conversions import Conversion
from tierbook.insights.review import Review
from tierbook.insights.verdicts import Approval
from tierbook.workbook.report_page import Block, Chart, Charts, Column, Line, Notices, Series, Table
from tierbook.workbook.tabs.look import BLUE, tier_colour

_MOST_RATES = 12
# Numbers alone never make anything certain.
_NEARLY = 0.99


def approvals(review: Review) -> Iterable[Block]:
    """Show approval rates by tier, rule and template."""
    names = {str(one.tier): f"{one.tier} {one.name}".strip() for one in review.this}
    by_tier = _approval_table(
        f"Approved in {review.month.name}, by tier", "Tier", review.approval, names
    )
    yield by_tier
    if any(one.rate.enough for one in review.approval):
        yield Charts(
            (
                Chart(
                    "columns",
                    "Approval rate by tier",
                    "Column chart: share of pictures approved in each tier, with whiskers for "
                    "the range the true rate lies in.",
                    by_tier,
                    (Series(3, BLUE),),
                    unit="percent",
                    colours=tuple(tier_colour(one.tier) for one in review.approval),
                    interval=(4, 5),
                ),
            )
        )
    quarter = "in the last 90 days"
    for heading, label, found in (
        (f"Approved by rule, {quarter}", "Rule", review.approval_by_rule),
        (f"Approved by template, {quarter}", "Prompt template", review.approval_by_template),
    ):
        if found:
            yield _approval_table(heading, label, found[:_MOST_RATES], {}, shrunk=True)


def _approval_table(
    heading: str,
    label: str,
    found: Sequence[Approval],
    names: dict[str, str],
    *,
    shrunk: bool = False,
) -> Table:
    columns = [
        Column(label),
        Column("Judged", "count"),
        Column("Approved", "count"),
        Column("Rate", "percent"),
        Column("From", "percent"),
        Column("To", "percent"),
    ]
    if shrunk:
        columns.append(Column("Best guess", "percent"))
    columns.append(Column("Reasons"))
    notes = ("The best guess weighs a small group with 20 reviews of its tier.",) * shrunk
    return Table(
        heading,
        tuple(columns),
        tuple(
            Line(
                (
                    names.get(one.label, one.label),
                    one.rate.n,
                    one.rate.successes,
                    one.rate.share if one.rate.enough else "not enough",
                    one.rate.low if one.rate.enough else None,
                    one.rate.high if one.rate.enough else None,
                    *([one.shrunk if one.rate.n else None] * shrunk),
                    _reasons(one),
                ),
                one.tier,
            )
            for one in found
        ),
        notes=notes,
    )


def _reasons(one: Approval) -> str:
    return ", ".join(f"{reason} ({count})" for reason, count in one.reasons[:3])


def conversions(review: Review) -> Iterable[Block]:
    """Show conversion rates by placement, by tier within one, and of the SKUs held out."""
    if not review.conversion:
        yield Notices(
            "Conversion by placement",
            (),
            "No visits are known. Run `tierbook performance` with reports of your ads and shop.",
        )
        return
    yield _conversion_table(
        "Conversion by placement, last 90 days",
        "Placement",
        review.conversion,
        "the other placements",
    )
    for heading, label, found, others in (
        (
            "The same placement in two tiers",
            "Placement and tier",
            review.conversion_by_tier,
            "its other tiers",
        ),
        ("The SKUs held out, one tier up", "SKUs", review.holdout, "the rest"),
    ):
        if found:
            yield _conversion_table(heading, label, found, others)


def _conversion_table(heading: str, label: str, found: Sequence[Conversion], others: str) -> Table:
    return Table(
        heading,
        (
            Column(label),
            Column("Visits", "count"),
            Column("Orders", "count"),
            Column("Rate", "percent", formula="=IF(B{row}=0,0,C{row}/B{row})"),
            Column("From", "percent"),
            Column("To", "percent"),
            Column("Visits needed", "count"),
            Column(f"Against {others}"),
        ),
        tuple(
            Line(
                (
                    one.label,
                    one.visits,
                    one.orders,
                    one.share,
                    one.comparison.low,
                    one.comparison.high,
                    one.needed,
                    _verdict(one),
                )
            )
            for one in found[:_MOST_RATES]
        ),
        notes=(
            "Visits needed: on each side, before a rate a fifth higher would show. Placements "
            "differ in who sees them, so better is no proof of a better picture.",
        ),
    )


def _verdict(one: Conversion) -> str:
    if one.verdict in ("better", "worse"):
        sure = max(one.comparison.probability, 1 - one.comparison.probability)
        return f"{one.verdict} ({'over 99%' if sure > _NEARLY else f'{sure:.0%}'} sure)"
    return one.verdict
