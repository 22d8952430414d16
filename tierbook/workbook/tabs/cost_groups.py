"""The tables of the cost summary that add up the seller's rows: by tier, placement, engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tierbook.contract import (
    ACTUAL_COST,
    CATEGORY,
    CHANNEL,
    ENGINE,
    ESTIMATED_COST,
    IMAGES,
    PLACEMENT,
    TIER,
)
from tierbook.model import Answers, Tier
from tierbook.workbook.tabs.grid import Criterion, OutputGrid, criteria
from tierbook.workbook.tabs.look import tier_tint
from tierbook.workbook.tabs.pen import Pen, Value, count, minutes, money, percent, price, text
from tierbook.workbook.tabs.totals import (
    UNNAMED,
    Grouping,
    Sums,
    Work,
    by_column,
    by_tier,
    decided_work,
    total,
)

_PLURALS: Final = {
    PLACEMENT: "placements",
    CATEGORY: "categories",
    CHANNEL: "channels",
    ENGINE: "engines",
}


@dataclass(frozen=True)
class Costs:
    """What the cost summary is made of, added up once."""

    answers: Answers
    grid: OutputGrid
    work: Work
    tiers: tuple[Tier, ...]
    per_tier: Grouping
    total: Sums

    @classmethod
    def of(cls, answers: Answers, grid: OutputGrid) -> "Costs":
        """Add up the answers of a run."""
        work = decided_work(answers)
        known = {tier.number: tier for tier in answers.configuration.tiers}
        numbers = sorted({*known, *work.tier.tolist()})
        tiers = tuple(known.get(n, Tier(n, f"Tier {n}", "")) for n in numbers)
        return cls(answers, grid, work, tiers, by_tier(work, tuple(numbers)), total(work))

    @property
    def small(self) -> bool:
        """Tell whether amounts are so small that cents would hide them."""
        return self.total.estimate < 1_000_000

    @property
    def cents_on_axes(self) -> bool:
        """Tell whether the marks of a chart's axis lie less than a few dollars apart."""
        return self.total.estimate < 20_000_000


@dataclass(frozen=True, slots=True)
class TierTable:
    """Where the table by tier stands: other tables and charts of the tab look at it."""

    first_row: int
    total_row: int

    @property
    def last_row(self) -> int:
        """Row of the last tier."""
        return self.total_row - 1


def tier_label(tier: Tier) -> str:
    """Name a tier by number and name: `1 Standard`."""
    return f"{tier.number} {tier.name}".strip()


def write_tier_table(pen: Pen, row: int, costs: Costs) -> TierTable:
    """Write the table by tier with its total; `row` is the section heading's."""
    pen.section(row, "By tier")
    headings = ["Tier", "Requests", "Pictures", "Estimate", "Share"]
    headings += ["Expected redos", "Review time", "Review cost", "All in"]
    pen.headings(row + 1, headings + ["Actual"] * costs.work.any_actual)
    first, total_row = row + 2, row + 2 + len(costs.tiers)
    for line, (tier, sums) in enumerate(zip(costs.tiers, costs.per_tier.lines, strict=True)):
        pen.line(first + line, _tier_line(costs, tier, sums, first + line, total_row))
    pen.line(total_row, _total_line(costs, first, total_row), total=True)
    return TierTable(first, total_row)


def write_group_table(pen: Pen, row: int, costs: Costs, heading: str, table: TierTable) -> int:
    """Write one table by a column of the sheet; return the row after it.

    Nothing is written for a column in which no row says anything.
    """
    grouping = by_column(costs.work, heading)
    if all(sums.label == UNNAMED for sums in grouping.lines):
        return row
    pen.section(row, f"By {heading.lower()}")
    headings = [heading, "Requests", "Pictures", "Estimate", "Share"]
    pen.headings(row + 1, headings + ["Actual"] * costs.work.any_actual)
    first = row + 2
    found = _line_criteria(costs, heading, grouping)
    for line, (sums, how) in enumerate(zip(grouping.lines, found, strict=True), start=first):
        pen.line(line, _group_line(costs, heading, sums, line, how, table))
    after = first + len(grouping.lines)
    if grouping.others is not None:
        words = f"All other {_PLURALS[heading]} ({grouping.folded:,})"
        pen.line(after, _others_line(costs, grouping.others, words, first, after, table))
        after += 1
    pen.line(after, _sum_line(costs, first, after, table), total=True)
    if not all(how.live for how in found):
        pen.note(
            after + 1,
            "Grey lines are this run's numbers: their cells are filled in from elsewhere or "
            "spelled in several ways, so no formula can follow them.",
        )
        after += 1
    return after + 2


def _tier_line(costs: Costs, tier: Tier, sums: Sums, row: int, total_row: int) -> list[Value]:
    grid = costs.grid
    of_tier = f"{grid.span(TIER)},{tier.number}"
    line = [
        text(tier_label(tier), fill=tier_tint(tier.number)),
        count(sums.requests, f"=COUNTIFS({of_tier})"),
        count(sums.images, f"=SUMIFS({grid.span(IMAGES)},{of_tier})"),
        money(sums.estimate, f"=SUMIFS({grid.span(ESTIMATED_COST)},{of_tier})"),
        _share(sums.estimate, costs.total.estimate, f"D{row}", f"D${total_row}"),
        money(sums.redo),
        minutes(sums.minutes),
        money(sums.review),
        money(sums.all_in, f"=D{row}+F{row}+H{row}"),
    ]
    if costs.work.any_actual:
        paid = f"=SUMIFS({grid.span(ACTUAL_COST)},{of_tier})" if ACTUAL_COST in grid else ""
        line.append(money(sums.actual, paid))
    return line


def _total_line(costs: Costs, first: int, row: int) -> list[Value]:
    total = costs.total

    def added(column: str) -> str:
        return f"=SUM({column}{first}:{column}{row - 1})"

    line = [
        text("Total"),
        count(total.requests, added("B")),
        count(total.images, added("C")),
        money(total.estimate, added("D")),
        _share(total.estimate, total.estimate, f"D{row}", f"D${row}"),
        money(total.redo, added("F")),
        replace(minutes(total.minutes), formula=added("G")),
        money(total.review, added("H")),
        money(total.all_in, added("I")),
    ]
    return line + [money(total.actual, added("J"))] * costs.work.any_actual


def _line_criteria(costs: Costs, heading: str, grouping: Grouping) -> list[Criterion]:
    if heading == ENGINE:
        # Our own column: every cell is spelled as its label is.
        return [Criterion(product=True)] * len(grouping.lines)
    places = costs.work.rows - costs.grid.first_row
    labels = [sums.label for sums in grouping.lines]
    return criteria(costs.grid, heading, labels, grouping.members, places)


def _group_line(
    costs: Costs, heading: str, sums: Sums, row: int, how: Criterion, table: TierTable
) -> list[Value]:
    follow = _follower(costs.grid, heading, row, how, sums.label)
    label = sums.label or f"(no {heading.lower()})"
    line = [
        text(label),
        replace(count(sums.requests, follow("")), fixed=not how.live),
        replace(count(sums.images, follow(IMAGES)), fixed=not how.live),
        replace(money(sums.estimate, follow(ESTIMATED_COST)), fixed=not how.live),
        _share_of_all(costs, sums, row, table),
    ]
    if costs.work.any_actual:
        paid = follow(ACTUAL_COST) if ACTUAL_COST in costs.grid else ""
        line.append(replace(money(sums.actual, paid), fixed=not how.live))
    return line


def _follower(
    grid: OutputGrid, heading: str, row: int, how: Criterion, label: str
) -> Callable[[str], str]:
    """Make the formula that counts (no column named) or adds up the rows of one line."""
    if not how.live:
        return lambda _: ""
    cells, tier = grid.span(heading), grid.span(TIER)
    wanted = f"TRIM($A{row})" if label else '""'
    same = f"TRIM({cells})={wanted}"

    def follow(added: str) -> str:
        if how.words:
            where = f'{cells},$A{row},{tier},">=1"'
            return f"=SUMIFS({grid.span(added)},{where})" if added else f"=COUNTIFS({where})"
        if added:
            return f"=SUMPRODUCT(--({same}),{grid.span(added)})"
        return f"=SUMPRODUCT(({same})*ISNUMBER({tier}))"

    return follow


def _others_line(
    costs: Costs, sums: Sums, words: str, first: int, row: int, table: TierTable
) -> list[Value]:
    def rest(column: str, of_tiers: str = "") -> str:
        of_tiers = of_tiers or column
        return f"={of_tiers}${table.total_row}-SUM({column}{first}:{column}{row - 1})"

    line = [
        text(words),
        count(sums.requests, rest("B")),
        count(sums.images, rest("C")),
        money(sums.estimate, rest("D")),
        _share_of_all(costs, sums, row, table),
    ]
    return line + [money(sums.actual, rest("F", "J"))] * costs.work.any_actual


def _sum_line(costs: Costs, first: int, row: int, table: TierTable) -> list[Value]:
    def added(column: str) -> str:
        return f"=SUM({column}{first}:{column}{row - 1})"

    total = costs.total
    line = [
        text("Total"),
        count(total.requests, added("B")),
        count(total.images, added("C")),
        money(total.estimate, added("D")),
        _share_of_all(costs, total, row, table),
    ]
    return line + [money(total.actual, added("F"))] * costs.work.any_actual


def _share_of_all(costs: Costs, sums: Sums, row: int, table: TierTable) -> Value:
    return _share(sums.estimate, costs.total.estimate, f"D{row}", f"$D${table.total_row}")


def _share(part: int, whole: int, part_cell: str, whole_cell: str) -> Value:
    return percent(part, whole, f"=IF({whole_cell}=0,0,{part_cell}/{whole_cell})")


def mean_price(costs: Costs, sums: Sums, tier: int | None = None) -> Value:
    """Average the estimate of one priced picture, of a tier or of all."""
    grid = costs.grid
    spent, priced = grid.span(ESTIMATED_COST), f'{grid.span(ESTIMATED_COST)},">=0"'
    if tier is None:
        amount, pictures = f"SUM({spent})", f"SUMIFS({grid.span(IMAGES)},{priced})"
    else:
        of_tier = f"{grid.span(TIER)},{tier}"
        amount = f"SUMIFS({spent},{of_tier})"
        pictures = f"SUMIFS({grid.span(IMAGES)},{of_tier},{priced})"
    shown = sums.estimate / sums.priced_images if sums.priced_images else 0
    return price(round(shown), f"=IF({pictures}=0,0,{amount}/{pictures})")
