"""What past pictures cost and would have cost, and what an export's pictures would cost."""

from collections.abc import Iterable, Sequence

from tierbook.insights.auditing.audit import Audit, AuditLine
from tierbook.insights.wording import counted
from tierbook.workbook.report_page import Block, Chart, Charts, Column, Line, Series, Table
from tierbook.workbook.tabs.look import BLUE, GREY, tier_colour

# Longer lists are told by their number.
_MOST_KINDS = 15
_MOST_BARS = 7


def spending(audit: Audit) -> Iterable[Block]:
    """Show the pictures of these days by kind and by tier, or those of an export."""
    if audit.total.pictures:
        kinds, tiers = _kind_table(audit), _tier_table(audit)
        yield kinds
        yield tiers
        yield Charts((_kind_chart(kinds), _tier_chart(tiers)))
    elif audit.shelf:
        yield _shelf_table(audit)


def _kind_table(audit: Audit) -> Table:
    shown, rest = audit.by_kind[:_MOST_KINDS], audit.by_kind[_MOST_KINDS:]
    total = audit.total
    return Table(
        "By kind of picture",
        (
            Column("Placement"),
            Column("Pictures", "count", sums=not rest),
            Column("Paid", "money", sums=not rest),
            Column("Tier 1 would do", "count", sums=not rest),
            Column("Share", "percent", formula="=IF(B{row}=0,0,D{row}/B{row})"),
            Column("Paid, compared", "money", sums=not rest),
            Column("Routed", "money", sums=not rest),
            Column("Saved", "change", sums=not rest, formula="=F{row}-G{row}"),
            Column("Saved, share", "percent", formula="=IF(F{row}=0,0,H{row}/F{row})"),
        ),
        tuple(Line(_kind_cells(one)) for one in shown),
        _kind_cells(total),
        (f"{counted(len(rest), 'smaller kind')} of picture count in the total.",) * bool(rest),
    )


def _kind_cells(one: AuditLine) -> tuple[str | int | float, ...]:
    return (
        one.label,
        one.pictures,
        one.paid,
        one.cheap,
        one.cheap / one.pictures if one.pictures else 0.0,
        one.comparable,
        one.routed,
        one.saving,
        one.saving / one.comparable if one.comparable else 0.0,
    )


def _tier_table(audit: Audit) -> Table:
    lines = audit.by_tier
    left = audit.total.pictures - sum(one.pictures for one in lines)
    return Table(
        "By the tier the rubric gives",
        (
            Column("Tier"),
            Column("Pictures", "count", sums=True),
            Column("Share", "percent"),
            Column("Paid", "money", sums=True),
            Column("Paid, compared", "money", sums=True),
            Column("Routed", "money", sums=True),
            Column("Saved", "change", sums=True, formula="=E{row}-F{row}"),
        ),
        tuple(Line(_tier_cells(one, audit.total.pictures), one.tier) for one in lines),
        _tier_total(lines, audit.total.pictures),
        (f"{counted(left, 'picture')} got no tier: held, or in error.",) * (left > 0),
    )


def _tier_cells(one: AuditLine, pictures: int) -> tuple[str | int | float, ...]:
    share = one.pictures / pictures if pictures else 0.0
    return (one.label, one.pictures, share, one.paid, one.comparable, one.routed, one.saving)


def _tier_total(lines: Sequence[AuditLine], pictures: int) -> tuple[str | int | float, ...]:
    counts = sum(one.pictures for one in lines)
    compared, routed = sum(one.comparable for one in lines), sum(one.routed for one in lines)
    return (
        "Total",
        counts,
        counts / pictures if pictures else 0.0,
        sum(one.paid for one in lines),
        compared,
        routed,
        compared - routed,
    )


def _kind_chart(table: Table) -> Chart:
    return Chart(
        "bars",
        "Paid by kind of picture",
        "Bar chart: what each kind of picture cost in these days, in US dollars.",
        table,
        (Series(2, BLUE),),
        most=_MOST_BARS,
    )


def _tier_chart(table: Table) -> Chart:
    return Chart(
        "columns",
        "Paid and routed, by the tier the rubric gives",
        "Column chart: what was paid in each tier, and what routing would have cost, in dollars.",
        table,
        (Series(4, GREY), Series(5, tier_colour(1))),
    )


def _shelf_table(audit: Audit) -> Table:
    return Table(
        "The pictures of this export, made today",
        (
            Column("Placement"),
            Column("Pictures", "count", sums=True),
            Column("Tier", "count"),
            Column("Routed", "money", sums=True),
            Column("One model", "money", sums=True),
        ),
        tuple(
            Line(
                (
                    one.placement,
                    one.pictures,
                    one.tier if one.tier > 0 else "held",
                    "no price" if one.cost is None else one.cost,
                    "no price" if one.baseline is None else one.baseline,
                ),
                max(0, one.tier),
            )
            for one in audit.shelf
        ),
        (
            "Total",
            sum(one.pictures for one in audit.shelf),
            None,
            sum(one.cost or 0 for one in audit.shelf),
            sum(one.baseline or 0 for one in audit.shelf),
        ),
        (
            "The first picture of a product counts as its main one, the others as gallery "
            "pictures: an export does not say more.",
        ),
    )
