"""The cost summary's outlook: this month against the cap, certainty, volume, approvals."""

from dataclasses import dataclass

from tierbook.contract import ACTUAL_COST, ESTIMATED_COST, IMAGES, REVIEW, SETTINGS, TIERS
from tierbook.model import MicroUsd
from tierbook.workbook.tabs.cost_comparison import baseline_known
from tierbook.workbook.tabs.cost_groups import Costs, TierTable
from tierbook.workbook.tabs.pen import Pen, count, money, percent, price, text

_EXACTNESS = (
    ("exact", "Exact: a listed price per picture"),
    ("bounded", "Bounded: the most it can cost"),
    ("estimate", "Estimate: the provider bills by use"),
)


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Where the month stands; `bars` are the rows a chart can draw, None without a cap."""

    first_row: int
    last_row: int
    has_cap: bool
    over: bool
    after: int


def write_month(pen: Pen, row: int, costs: Costs, table: TierTable) -> MonthTable:
    """Write this month against the monthly cap and the caps of the tiers."""
    settings = costs.answers.configuration.settings
    spent = costs.answers.spent_this_month
    spent_known = spent or 0
    cap = settings.cap_per_month
    together = spent_known + costs.total.estimate
    pen.section(row, "This month against the cap")
    pen.headings(row + 1, ["This month", "Amount", "Of the cap"])
    first = row + 2

    pen.line(first, [text("Spent so far"), money(spent_known)])
    with_list = f"=B{first}+D{table.total_row}"
    pen.line(first + 1, [text("With this list"), money(together, with_list)])
    after = first + 2
    if cap is not None:
        pen.line(after, [text("Monthly cap"), money(cap)])
        for offset, amount in enumerate((spent_known, together, cap)):
            here = first + offset
            pen.value(here, 3, percent(amount, cap, f"=IF(B{after}=0,0,B{here}/B{after})"))
        left = [text("Left after this list"), money(cap - together, f"=B{after}-B{first + 1}")]
        pen.line(after + 1, left, total=True)
        after += 2
    after = _tier_caps(pen, after, costs, table)
    for sentence in _month_notes(costs):
        pen.note(after, sentence)
        after += 1
    return MonthTable(first, first + 2, cap is not None, bool(cap and together > cap), after + 1)


def write_certainty(pen: Pen, row: int, costs: Costs) -> int:
    """Write how much of the estimate is exact, bounded or estimated; return the row after it."""
    work, total = costs.work, costs.total
    pen.section(row, "How certain is the estimate?")
    pen.headings(row + 1, ["Kind of price", "Requests", "Pictures", "Estimate", "Share"])
    here = row + 2
    for word, label in _EXACTNESS:
        rows = work.exactness == word
        amount = int(work.estimate[rows].sum())
        line = [
            text(label),
            count(int(rows.sum())),
            count(int(work.images[rows].sum())),
            money(amount),
            percent(amount, total.estimate, f"=IF(D{row + 5}=0,0,D{here}/D{row + 5})"),
        ]
        pen.line(here, line)
        here += 1
    pen.line(
        here,
        [
            text("Total priced"),
            count(total.requests - total.held, f"=SUM(B{row + 2}:B{here - 1})"),
            count(total.priced_images, f"=SUM(C{row + 2}:C{here - 1})"),
            money(total.estimate, f"=SUM(D{row + 2}:D{here - 1})"),
            percent(total.estimate, total.estimate, f"=IF(D{here}=0,0,D{here}/D{here})"),
        ],
        total=True,
    )
    return here + 2


def write_volume(pen: Pen, row: int, costs: Costs, table: TierTable) -> int:
    """Project the list onto the pictures the seller makes a month; return the row after it."""
    total = costs.total
    if not total.priced_images:
        return row
    stated = costs.answers.configuration.settings.pictures_per_month
    volume = total.priced_images if stated is None else stated
    pen.section(row, "At your volume")
    pen.headings(row + 1, ["A month", "Amount"])
    pictures, priced = row + 2, row + 3
    images, estimate = costs.grid.span(IMAGES), costs.grid.span(ESTIMATED_COST)
    pen.line(pictures, [text("Pictures a month"), count(volume)])
    counted = count(total.priced_images, f'=SUMIFS({images},{estimate},">=0")')
    pen.line(priced, [text("Pictures in this list"), counted])
    first = here = row + 4
    for label, amount, column in (
        ("Pictures", total.estimate, "D"),
        ("Expected redos", total.redo, "F"),
        ("Review time", total.review, "H"),
    ):
        formula = f"=IF(B{priced}=0,0,{column}{table.total_row}*B{pictures}/B{priced})"
        pen.line(here, [text(label), money(_scaled(amount, volume, costs), formula)])
        here += 1
    everything = money(_scaled(total.all_in, volume, costs), f"=SUM(B{first}:B{here - 1})")
    pen.line(here, [text("All in, a month"), everything], total=True)
    here += 1
    if baseline_known(costs):
        one_model = _scaled(total.baseline, volume, costs)
        pen.line(here, [text("One model for everything, a month"), money(one_model)])
        here += 1
    pen.note(
        here,
        f"{volume:,} pictures a month, as tab {SETTINGS} says."
        if stated is not None
        else f"As if this list were one month's work. Put your own volume into tab {SETTINGS}, "
        "Pictures per month.",
    )
    return here + 2


def write_approved(pen: Pen, row: int, costs: Costs, table: TierTable) -> int:
    """Write the cost of one approved picture once some were approved; return the row after it."""
    work, grid = costs.work, costs.grid
    approved = int(work.approved.sum())
    if not approved or not work.any_actual or REVIEW not in grid or ACTUAL_COST not in grid:
        return row
    total = costs.total
    pen.section(row, "Cost of an approved picture")
    pen.headings(row + 1, ["Approved work", "Amount"])
    first = row + 2
    pen.line(
        first,
        [text("Requests approved"), count(approved, f'=COUNTIFS({grid.span(REVIEW)},"approve")')],
    )
    pen.line(first + 1, [text("Paid so far"), money(total.actual, f"=J{table.total_row}")])
    each = round(total.actual / approved)
    formula = f"=IF(B{first}=0,0,B{first + 1}/B{first})"
    pen.line(first + 2, [text("Paid for each approved request"), price(each, formula)], total=True)
    return first + 4


def _scaled(amount: MicroUsd, volume: int, costs: Costs) -> MicroUsd:
    return round(amount * volume / costs.total.priced_images)


def _tier_caps(pen: Pen, row: int, costs: Costs, table: TierTable) -> int:
    settings = costs.answers.configuration.settings
    for offset, tier in enumerate(costs.tiers):
        stated = settings.cap_per_tier.get(tier.number)
        caps = [cap for cap in (stated, tier.monthly_cap) if cap is not None]
        if not caps:
            continue
        cap = min(caps)
        there = table.first_row + offset
        sums = costs.per_tier.lines[offset]
        used = percent(sums.estimate, cap, f"=IF(B{row}=0,0,D{there}/B{row})")
        pen.line(row, [text(f"Cap of tier {tier.number}"), money(cap), used])
        row += 1
    return row


def _month_notes(costs: Costs) -> list[str]:
    notes: list[str] = []
    if costs.answers.spent_this_month is None:
        notes.append("Spent so far counts what Tierbook paid for; it has paid for nothing yet.")
    if costs.answers.configuration.settings.cap_per_month is None:
        notes.append(f"No monthly cap is set. Set one in tab {SETTINGS}, or by tier in {TIERS}.")
    return notes
