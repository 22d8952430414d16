"""Put an audit into words, tables and charts."""

from collections.abc import Iterable, Sequence

from tierbook.contract import AUDIT
from tierbook.insights.auditing.audit import Audit, AuditLine
from tierbook.insights.auditing.plan import MISSING, PlanLine
from tierbook.insights.auditing.shelf import Product
from tierbook.insights.wording import counted
from tierbook.model import MicroUsd
from tierbook.workbook.report_page import (
    Block,
    Chart,
    Charts,
    Column,
    Figure,
    Line,
    Notice,
    Notices,
    Page,
    Series,
    Table,
    amount_words,
)
from tierbook.workbook.tabs.look import BLUE, GREY, ORANGE, tier_colour

# Longer lists are told by their number; the first lines are the ones to begin with.
_MOST_KINDS = 15
_MOST_BARS = 7
_MOST_LISTED = 15
_MOST_PLANNED = 40


def audit_page(audit: Audit) -> Page:
    """Lay the audit out: the money first, then what is missing, then what to make first."""
    return Page(
        tab=AUDIT,
        title=f"Audit of the last {audit.days} days",
        subtitle=f"{_day(audit.first)} to {_day(audit.today)}, from {audit.source or 'the list'}. "
        "Amounts in US dollars.",
        figures=tuple(_figures(audit)),
        blocks=tuple(_blocks(audit)),
        footer="Routed: what today's rubric and price book would have asked, expected redos "
        "included, a person's review time not. Tierbook writes this tab anew with every audit.",
        colour=ORANGE,
    )


def _day(day: object) -> str:
    return f"{day:%d %B %Y}".lstrip("0")


# --------------------------------------------------------------------------- headline


def _figures(audit: Audit) -> Iterable[Figure]:
    total = audit.total
    yield _spent_figure(total)
    yield _saving_figure(total)
    if total.pictures:
        share = total.cheap / total.pictures
        words = f"of the pictures: {total.cheap:,} of {total.pictures:,}, which cost "
        words += amount_words(total.cheap_paid)
        yield Figure("What could tier 1 have done?", "percent", share, words)
    else:
        yield Figure("What could tier 1 have done?", "percent", "not known", "no dated pictures")
    yield _missing_figure(audit)
    yield _plan_figure(audit)


def _spent_figure(total: AuditLine) -> Figure:
    question = "What was spent?"
    if not total.costed:
        words = "no picture of these days has a cost" if total.pictures else "no dated pictures"
        return Figure(question, "money", "not known", words)
    words = (
        f"for {counted(total.costed, 'picture')}, {amount_words(total.paid // total.costed)} each"
    )
    if total.costed < total.pictures:
        words += f"; {total.pictures - total.costed:,} more have no cost"
    return Figure(question, "money", total.paid, words)


def _saving_figure(total: AuditLine) -> Figure:
    question = "What would routing have saved?"
    if not total.comparable and not total.routed:
        return Figure(question, "money", "not known", "it needs days, costs and a routed price")
    if not total.comparable:
        words = f"routed, they would have cost {amount_words(total.routed)}"
        return Figure(question, "money", total.saving, words)
    words = (
        f"{total.saving / total.comparable:.0%} of {amount_words(total.comparable)}; routed, they "
    )
    words += f"would have cost {amount_words(total.routed)}"
    return Figure(question, "money", total.saving, words, "good" if total.saving >= 0 else "alarm")


def _missing_figure(audit: Audit) -> Figure:
    parts = [f"{len(audit.missing):,} of {counted(audit.products, 'product')} without any picture"]
    if audit.sizes.known:
        parts.append(f"{len(audit.sizes.small):,} of {audit.sizes.known:,} pictures too small")
    if audit.sellers:
        parts.append(
            f"{len(audit.heroless):,} of {len(audit.sellers):,} top sellers without a hero"
        )
    number = len(audit.missing) + len(audit.sizes.small) + len(audit.heroless)
    return Figure(
        "What is missing?", "count", number, ", ".join(parts), "warning" if number else "note"
    )


def _plan_figure(audit: Audit) -> Figure:
    question = "What would it take?"
    if not audit.plan:
        return Figure(question, "money", 0, "nothing is missing")
    cost = _cost(audit.plan)
    unknown = sum(one.cost is None for one in audit.plan)
    words = f"for the {counted(len(audit.plan), 'picture row')} of the plan below"
    if unknown:
        words += f"; {unknown:,} have no price yet"
    if audit.cap:
        months = -(-cost // audit.cap)
        words += (
            f"; {counted(months, 'month')} of the cap" if months > 1 else "; within a month's cap"
        )
    return Figure(question, "money", cost, words)


def _cost(plan: Iterable[PlanLine]) -> MicroUsd:
    return sum(one.cost or 0 for one in plan)


# --------------------------------------------------------------------------- blocks


def _blocks(audit: Audit) -> Iterable[Block]:
    yield Notices("How to read it", tuple(_notes(audit)))
    if audit.total.pictures:
        kinds = _line_table("By kind of picture", "Placement", audit.by_kind[:_MOST_KINDS], audit)
        tiers = _line_table(
            "By the tier the rubric gives", "Tier", audit.by_tier, audit, whole=False
        )
        yield kinds
        yield tiers
        yield Charts((_kind_chart(kinds), _tier_chart(tiers)))
    if audit.plan:
        yield _plan_table(audit)
    yield from _gaps(audit)
    if audit.problems:
        yield Notices(
            "What could not be read",
            tuple(
                Notice("WARN", "warning", f"{_place(one)}{one.message}", (one.fix,))
                for one in audit.problems[:_MOST_LISTED]
            ),
        )


def _place(problem: object) -> str:
    cell = getattr(problem, "cell", None)
    return f"Cell {cell.a1}: " if cell is not None and cell.a1 else ""


def _notes(audit: Audit) -> Iterable[Notice]:
    for number, words in (
        (audit.undated, "have no date, so nobody can tell whether they belong to these days"),
        (audit.older, f"are older than {audit.days} days"),
        (audit.later, f"are dated after {_day(audit.today)}"),
    ):
        if number:
            yield Notice("LEFT OUT", "note", f"{counted(number, 'picture')} {words}.")
    if audit.total.waiting:
        yield Notice(
            "HELD",
            "warning",
            f"{counted(audit.total.waiting, 'picture')} would not have been made as they are: the "
            "rubric holds them or they have no price. What was paid for them is not compared.",
        )
    if audit.sizes.unknown:
        yield Notice(
            "NOT MEASURED",
            "note",
            f"The size of {counted(audit.sizes.unknown, 'picture')} is not known: no such file, "
            "or an address that was not asked.",
        )
    for note in audit.notes:
        yield Notice("NOTE", "note", note)
    if audit.plan and any(one.why == MISSING for one in audit.plan):
        yield Notice(
            "PHOTOS",
            "warning",
            "A product without any picture needs a photo of yours first; the plan's prices count "
            "on it. A generated picture would invent the product.",
        )


def _line_table(
    heading: str, label: str, lines: Sequence[AuditLine], audit: Audit, *, whole: bool = True
) -> Table:
    shown = list(lines)
    rest = audit.by_kind[_MOST_KINDS:] if whole else ()
    notes = (f"{counted(len(rest), 'smaller kind')} of picture are in the total.",) * bool(rest)
    total = audit.total
    if not whole:
        total = _added(audit.by_tier)
        if total.pictures < audit.total.pictures:
            left = audit.total.pictures - total.pictures
            notes = (f"{counted(left, 'picture')} got no tier: held, or in error.",)
    return Table(
        heading,
        (
            Column(label),
            Column("Pictures", "count", sums=not rest),
            Column("Paid", "money", sums=not rest),
            Column("Tier 1 would do", "count", sums=not rest),
            Column("Share", "percent", formula="=IF(B{row}=0,0,D{row}/B{row})"),
            Column("Paid, compared", "money", sums=not rest),
            Column("Routed", "money", sums=not rest),
            Column("Saved", "change", sums=not rest, formula="=F{row}-G{row}"),
            Column("Saved, share", "percent", formula="=IF(F{row}=0,0,H{row}/F{row})"),
        ),
        tuple(Line(_cells(one), one.tier) for one in shown),
        _cells(total),
        notes,
    )


def _added(lines: Iterable[AuditLine]) -> AuditLine:
    every = list(lines)

    def summed(pick: str) -> int:
        return sum(getattr(one, pick) for one in every)

    return AuditLine(
        "Total", 0, summed("pictures"), summed("costed"), summed("paid"), summed("cheap"),
        summed("cheap_paid"), summed("comparable"), summed("routed"), summed("waiting"),
    )  # fmt: skip


def _cells(one: AuditLine) -> tuple[str | int | float, ...]:
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
        (Series(5, GREY), Series(6, tier_colour(1))),
    )


def _plan_table(audit: Audit) -> Table:
    names = dict(audit.tier_names)
    shown = audit.plan[:_MOST_PLANNED]
    more = len(audit.plan) - len(shown)
    return Table(
        "What to make first",
        (
            Column("Product"),
            Column("Placement"),
            Column("Sales", "count"),
            Column("Tier", "count"),
            Column("Price", "money", sums=not more),
            Column("So far", "money"),
            Column("Why"),
        ),
        tuple(_plan_lines(shown, names)),
        ("All of the plan", "", None, None, _cost(audit.plan), None, ""),
        (f"{counted(more, 'more line')} in the total.",) * bool(more),
    )


def _plan_lines(plan: Sequence[PlanLine], names: dict[int, str]) -> Iterable[Line]:
    so_far = 0
    for one in plan:
        so_far += one.cost or 0
        sales = None if one.sales is None else float(one.sales)
        yield Line(
            (
                _product(one.sku, one.name),
                one.placement,
                int(sales) if sales is not None and sales.is_integer() else sales,
                one.tier if one.tier > 0 else "held",
                one.cost if one.cost is not None else "no price",
                so_far,
                one.why,
            ),
            one.tier if one.tier in names else 0,
        )


def _product(sku: str, name: str) -> str:
    words = f"{sku}, {name}" if name else sku
    return words if len(words) <= 40 else f"{words[:39]}…"


def _gaps(audit: Audit) -> Iterable[Block]:
    yield Notices(
        "Products without any picture",
        tuple(_listed(audit.missing)),
        f"Every one of {counted(audit.products, 'product')} has a picture.",
    )
    yield from _small(audit)
    told = "The export does not say which products have a hero; these earn one. " * (
        not audit.hero_known
    )
    if audit.sellers:
        yield Notices(
            "Top sellers without a hero",
            tuple(_listed(audit.heroless, told)),
            f"All {len(audit.sellers)} top sellers have one.",
        )
    else:
        yield Notices(
            "Top sellers without a hero",
            (),
            "No sales are known. Add a column Sales 90 days, or run `tierbook performance`.",
        )


def _listed(products: Sequence[Product], told: str = "") -> Iterable[Notice]:
    if not products:
        return
    ranked = sorted(products, key=lambda one: (-(one.sales or 0), one.sku))
    names = "; ".join(_product(one.sku, one.name) for one in ranked[:_MOST_LISTED])
    more = len(ranked) - _MOST_LISTED
    words = f"{names}{f'; and {more:,} more' if more > 0 else ''}."
    yield Notice(counted(len(ranked), "product").upper(), "warning", f"{told}{words}")


def _small(audit: Audit) -> Iterable[Block]:
    if not audit.sizes.known:
        return
    lines = [
        Line(
            (
                f"{one.sku}, {one.place.rpartition('/')[2]}"[:44],
                one.placement,
                f"{one.size[0]} x {one.size[1]}",
                one.wanted,
                one.source[:60],
            )
        )
        for one in audit.sizes.small[:_MOST_LISTED]
    ]
    more = len(audit.sizes.small) - len(lines)
    if not lines:
        words = f"All {audit.sizes.known:,} pictures measured are as large as their placements ask."
        yield Notices("Pictures below the channel's rules", (), words)
        return
    yield Table(
        "Pictures below the channel's rules",
        (
            Column("Picture"),
            Column("Placement"),
            Column("Size, px", "text"),
            Column("Longer side from", "count"),
            Column("Rule from"),
        ),
        tuple(lines),
        notes=(f"And {more:,} more.",) * (more > 0),
    )
