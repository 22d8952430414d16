"""What a month cost: by tier, by month, against one model and the caps, and what moved."""

from collections.abc import Iterable, Sequence

from tierbook.insights.review import TREND_MONTHS, Review
from tierbook.insights.spending import Movement, TierMonth, total
from tierbook.insights.wording import counted, signed
from tierbook.model import MicroUsd
from tierbook.workbook.report_page import (
    Chart,
    Column,
    Level,
    Line,
    Notice,
    Notices,
    Series,
    Table,
    amount_words,
)
from tierbook.workbook.tabs.look import BLUE, tier_colour

# A table of what moved is read, not searched.
_MOST_MOVEMENTS = 6
_CAP = "Monthly cap"


def tier_table(review: Review) -> Table:
    """Show what each tier cost this month and the month before."""
    before = {one.tier: one for one in review.last}
    now = total(review.this)
    removed = now.removed
    notes = [
        "A good picture: what was paid and the time of people looking, shared among those approved."
    ]
    if removed:
        notes.append(
            f"{amount_words(removed)} of it went into rows that are no longer in the sheet."
        )
    return Table(
        f"By tier in {review.month.name}",
        (
            Column("Tier"),
            Column("Pictures", "count", sums=True),
            Column("Paid", "money", sums=True),
            Column("A picture", "money", formula="=IF(B{row}=0,0,C{row}/B{row})"),
            Column("Judged", "count", sums=True),
            Column("Approved", "count", sums=True),
            Column("Review cost", "money", sums=True),
            Column("A good picture", "money", formula="=IF(F{row}=0,0,(C{row}+G{row})/F{row})"),
            Column("Month before", "money", sums=True),
            Column("Change", "change", sums=True, formula="=C{row}-I{row}"),
        ),
        tuple(
            Line(_tier_cells(one, before[one.tier].spent if one.tier in before else 0), one.tier)
            for one in review.this
        ),
        _tier_cells(now, total(review.last).spent),
        tuple(notes),
    )


def _tier_cells(one: TierMonth, before: MicroUsd) -> tuple[str | int | None, ...]:
    return (
        f"{one.tier} {one.name}".strip() if one.tier else one.name,
        one.pictures,
        one.spent,
        one.per_picture,
        one.reviewed,
        one.approved,
        one.review,
        one.per_approved if one.approved else "none yet",
        before,
        one.spent - before,
    )


def spent_chart(table: Table, review: Review) -> Chart:
    """Draw what each tier cost."""
    return Chart(
        "bars",
        f"Paid in {review.month.name} by tier",
        "Bar chart: what the pictures of each tier cost this month, in US dollars.",
        table,
        (Series(2, BLUE),),
        colours=tuple(tier_colour(one.tier) for one in review.this),
    )


def trend_table(review: Review) -> Table:
    """Show the last months by tier."""
    tiers = sorted({one.tier for _, lines in review.trend for one in lines})
    names = {one.tier: one.name for one in review.this}
    columns = [Column("Month")]
    columns += [Column(f"{n} {names.get(n, '')}".strip(), "money") for n in tiers]
    letters = "BCDEFGH"[: len(tiers)]
    together = "=" + "+".join(f"{letter}{{row}}" for letter in letters)
    columns += [Column("Together", "money", formula=together), Column("Pictures", "count")]
    if review.cap is not None:
        columns.append(Column(_CAP, "money"))
    lines: list[Line] = []
    for month, found in review.trend:
        by_tier = {one.tier: one.spent for one in found}
        whole = total(found)
        cells: list[str | int] = [month.short, *(by_tier.get(n, 0) for n in tiers)]
        cells += [whole.spent, whole.pictures]
        lines.append(Line((*cells, *([review.cap] if review.cap is not None else []))))
    return Table("Month by month", tuple(columns), tuple(lines))


def trend_chart(table: Table, review: Review) -> Chart:
    """Draw the last months, with the cap where it is in sight."""
    tiers = sorted({one.tier for _, lines in review.trend for one in lines})
    # A cap far above all spending would flatten the columns to nothing.
    highest = max(total(lines).spent for _, lines in review.trend)
    near = review.cap is not None and highest * 4 >= review.cap
    return Chart(
        "stacked",
        f"The last {TREND_MONTHS} months",
        "Stacked column chart: what each tier cost in each of the last months, in US dollars.",
        table,
        tuple(Series(at, tier_colour(tier)) for at, tier in enumerate(tiers, start=1)),
        limit=(_CAP, review.cap) if near and review.cap else None,
    )


def moved(review: Review) -> Notices:
    """Say how much of the change volume, mix and price explain."""
    this, last = total(review.this), total(review.last)
    if review.causes is None:
        missing = review.month.before().name if this.pictures else review.month.name
        return Notices(
            "What moved, and why", (), f"There are no pictures of {missing} to compare with."
        )
    parts = review.causes
    pictures = this.pictures - last.pictures
    word = "more" if pictures >= 0 else "fewer"
    noun = "picture" if abs(pictures) == 1 else "pictures"
    volume = f"{abs(pictures):,} {word} {noun}, at last month's average price"
    notices = [
        _cause(parts.volume, volume),
        _cause(parts.mix, f"another share of the tiers: {_mix_words(review)}"),
        _cause(parts.price, f"the price of a picture within its tier: {_price_words(review)}"),
    ]
    top = review.by_placement[0] if review.by_placement else None
    if top is not None and top.change:
        notices.append(
            Notice("LOOK AT", "note", f"{top.label} moved most: {signed(top.change)}, "
                   f"{counted(top.pictures_last, 'picture')} then and {top.pictures_this} now.")
        )  # fmt: skip
    return Notices(
        f"What moved, and why: {signed(parts.change)} against {review.month.before().name}",
        tuple(notices),
    )


def _cause(amount: MicroUsd, words: str) -> Notice:
    level: Level = "note" if not amount else ("warning" if amount > 0 else "good")
    return Notice(signed(amount), level, f"{words[0].upper()}{words[1:]}.")


def _mix_words(review: Review) -> str:
    this, last = total(review.this), total(review.last)
    before = {one.tier: one.pictures for one in review.last}
    return ", ".join(
        f"tier {one.tier} {before.get(one.tier, 0) / last.pictures:.0%} then, "
        f"{one.pictures / this.pictures:.0%} now"
        for one in review.this
        if one.pictures or before.get(one.tier)
    )


def _price_words(review: Review) -> str:
    before = {one.tier: one.per_picture for one in review.last}
    said: list[str] = []
    for one in review.this:
        then = before.get(one.tier)
        if one.per_picture is not None and then is not None and one.per_picture != then:
            said.append(
                f"tier {one.tier} {amount_words(then)} then, {amount_words(one.per_picture)} now"
            )
    return ", ".join(said) or "as it was"


def movement_table(heading: str, moves: Sequence[Movement]) -> Table:
    """Show which placements or rules cost more or less than before."""
    return Table(
        f"What moved, by {heading}",
        (
            Column(heading.capitalize()),
            Column("Pictures then", "count"),
            Column("Pictures now", "count"),
            Column("Paid then", "money"),
            Column("Paid now", "money"),
            Column("Change", "change", formula="=E{row}-D{row}"),
        ),
        tuple(
            Line((one.label, one.pictures_last, one.pictures_this, one.last, one.this, one.change))
            for one in moves[:_MOST_MOVEMENTS]
        ),
        notes=(f"The largest changes of {len(moves)}.",) * (len(moves) > _MOST_MOVEMENTS),
    )


def baseline_table(review: Review) -> Table:
    """Show what was paid against one model for everything."""
    lines = review.baseline
    baseline, paid = sum(one.baseline for one in lines), sum(one.paid for one in lines)
    share = "=IF(C{row}=0,0,E{row}/C{row})"
    return Table(
        "Against one model for everything",
        (
            Column("Tier"),
            Column("Pictures", "count", sums=True),
            Column("One model", "money", sums=True),
            Column("Paid", "money", sums=True),
            Column("Saved", "change", sums=True, formula="=C{row}-D{row}"),
            Column("Share", "percent", formula=share),
        ),
        tuple(
            Line(
                (
                    f"{one.tier} {one.name}".strip(),
                    one.pictures,
                    one.baseline,
                    one.paid,
                    one.saving,
                    one.saving / one.baseline if one.baseline else 0.0,
                ),
                one.tier,
            )
            for one in lines
        ),
        (
            "Total",
            sum(one.pictures for one in lines),
            baseline,
            paid,
            baseline - paid,
            (baseline - paid) / baseline if baseline else 0.0,
        ),
        (
            f"One model for everything: {review.baseline_name}, at today's price, for the same "
            "pictures. Pictures made again and attempts that failed count as paid, and not on "
            "the other side: nobody knows how often one model would have missed.",
        ),
    )


def caps(review: Review) -> Iterable[Table]:
    """Show the caps and what is left of them."""
    spent = {one.tier: one for one in review.this}
    counted = total(review.this).spent if review.counted is None else review.counted
    lines: list[Line] = []
    if review.cap is not None:
        lines.append(_cap_line("All tiers, all workbooks", counted, review.cap, 0))
    for tier, cap in sorted(review.tier_caps.items()):
        paid = spent[tier].spent if tier in spent else 0
        lines.append(_cap_line(f"Tier {tier} in this workbook", paid, cap, tier))
    if lines:
        yield Table(
            "Against the caps",
            (
                Column("Cap"),
                Column("Counted", "money"),
                Column(_CAP, "money"),
                Column("Left", "money", formula="=C{row}-B{row}"),
                Column("Used", "percent", formula="=IF(C{row}=0,0,B{row}/C{row})"),
            ),
            tuple(lines),
            notes=("Charges that are not confirmed yet count in full.",),
        )


def _cap_line(label: str, counted: MicroUsd, cap: MicroUsd, tier: int) -> Line:
    return Line((label, counted, cap, cap - counted, counted / cap if cap else 0.0), tier)
