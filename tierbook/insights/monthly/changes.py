"""What to change: alerts, rows to raise a tier, suggested rules."""

from tierbook.contract import SETTINGS
from tierbook.insights.alerts import Alert
from tierbook.insights.review import Review
from tierbook.insights.suggestions import ENOUGH_REJECTS, ENOUGH_SHARE
from tierbook.workbook.report_page import Column, Level, Line, Notice, Notices, Table

_MOST_ESCALATIONS = 20


_LEVELS: dict[str, tuple[str, Level]] = {
    "red": ("RED", "alarm"),
    "amber": ("AMBER", "warning"),
    "try cheaper": ("TRY CHEAPER", "good"),
}


def alerts(review: Review) -> Notices:
    """Show the tiers whose approval fell, and those that could be cheaper."""
    return Notices(
        "Alerts",
        tuple(_alert(one) for one in review.alerts),
        "No tier is worse than it was. An alert needs 30 new reviews of a tier and 30 before them.",
    )


def _alert(alert: Alert) -> Notice:
    word, level = _LEVELS[alert.level]
    more: list[str] = []
    if alert.level == "red":
        more.append("It happened twice running, which chance alone does 4 times in 1,000.")
    if alert.suspects:
        behind = ", ".join(
            f"{reason} under {rule or 'no rule'} ({count})"
            for rule, reason, count in alert.suspects[:4]
        )
        more.append(f"Behind the rejects: {behind}.")
    return Notice(word, level, alert.message, tuple(more))


def escalation_table(review: Review) -> Table:
    """Show the rejected rows that may go one tier up, with what it adds."""
    found = review.escalations
    notes = [
        "A row is raised once, within its budget, its brand's rules and the caps; the rejected "
        "picture stays paid. What is not made yet is made by the next `run --generate`. To keep a "
        'row where it was, type its tier into "Tier override".'
        if review.raises
        else f'Nothing is raised: "Raise after a reject" in tab {SETTINGS} says no. To raise one '
        'row, type the tier into "Tier override".'
    ]
    if len(found) > _MOST_ESCALATIONS:
        notes.append(f"The {_MOST_ESCALATIONS} cheapest of {len(found)}; all of them count below.")
    return Table(
        "Rejected, and one tier up",
        (
            Column("Row, SKU and placement"),
            Column("Tier", "count"),
            Column("Raised to", "count"),
            Column("Rejected cost", "money", sums=len(found) <= _MOST_ESCALATIONS),
            Column("New picture", "money", sums=len(found) <= _MOST_ESCALATIONS),
            Column("Together", "money", formula="=D{row}+E{row}"),
            Column("Reason"),
            Column("New picture is"),
        ),
        tuple(
            Line(
                (
                    f"Row {one.row}: {one.sku}, {one.placement}",
                    one.from_tier,
                    one.to_tier,
                    one.rejected,
                    one.more,
                    one.together,
                    one.reason,
                    "made" if one.made else "to come" if review.raises else "not asked for",
                ),
                one.to_tier,
            )
            for one in found[:_MOST_ESCALATIONS]
        ),
        (
            "Together",
            None,
            None,
            sum(one.rejected for one in found),
            sum(one.more for one in found),
            sum(one.together for one in found),
            "",
            "",
        ),
        tuple(notes),
    )


def suggestions(review: Review) -> Notices:
    """Show the rules that repeated reasons suggest."""
    return Notices(
        "Suggested rules",
        tuple(
            Notice(
                one.rule.name,
                "note",
                f'"{one.reason}" was the reason for {one.rejects} rejects of {one.reviewed} judged '
                f"under {one.above} in the last 90 days.",
                (
                    f"The rule is like {one.above}, with {one.instead}, and belongs above it. Your "
                    "rubric is as it was: write the rule yourself, or have it added below, "
                    "switched off, with `tierbook report --add-rules`.",
                ),
            )
            for one in review.suggestions
        ),
        f"No reason repeats often enough: {ENOUGH_REJECTS} rejects and {ENOUGH_SHARE:.0%} of what "
        "was judged under a rule.",
    )
