"""The tab `Cost summary`: what it will cost, what routing saves, what needs the seller."""

from collections.abc import Mapping, Sequence, Set
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from tierbook.contract import (
    CATEGORY,
    CHANNEL,
    COST_SUMMARY,
    ENGINE,
    PLACEMENT,
    PROBLEMS,
    STATUS,
)
from tierbook.model import Answers
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs.cost_charts import CHART_ROWS, Block, ChartBand
from tierbook.workbook.tabs.cost_comparison import (
    Comparison,
    baseline_known,
    baseline_name,
    baseline_words,
    write_comparison,
    write_reference,
    write_shares,
    write_what_if,
)
from tierbook.workbook.tabs.cost_drift import write_drift
from tierbook.workbook.tabs.cost_groups import (
    Costs,
    TierTable,
    write_group_table,
    write_tier_table,
)
from tierbook.workbook.tabs.cost_outlook import (
    MonthTable,
    write_approved,
    write_certainty,
    write_month,
    write_volume,
)
from tierbook.workbook.tabs.cost_waiting import WAITING_STATES, write_waiting
from tierbook.workbook.tabs.grid import OutputGrid
from tierbook.workbook.tabs.look import (
    BLUE,
    GREY,
    LINK,
    SKY,
    VERMILLION,
    Face,
    Wardrobe,
    quoted_sheet,
)
from tierbook.workbook.tabs.pen import Pen, count, money, text

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from tierbook.costing import WhatIf

_WIDTHS: Final = (38, 17, 15, 14, 14, 15, 13, 13, 14, 14)
_RIGHT_CHART_COLUMN: Final = 5
_QUESTION: Final = Face(bold=True, size=12, bottom_line=False)
_ANSWER: Final = Face(bold=True, size=16, bottom_line=False, ink=BLUE)
_ALARM: Final = Face(bold=True, size=16, bottom_line=False, ink=VERMILLION)
_BESIDE: Final = Face(bottom_line=False, indent=1)
_BESIDE_LINK: Final = Face(bottom_line=False, ink=LINK, underline=True, indent=1)
_BELOW_HEADLINE: Final = 9


def write_cost_summary(
    workbook: "Workbook",
    wardrobe: Wardrobe,
    answers: Answers,
    names: Mapping[str, str],
    grid: OutputGrid,
    *,
    present: Set[str] = frozenset(),
    what_ifs: "Sequence[WhatIf]" = (),
    results: Sequence[ResultRow] = (),
) -> None:
    """Author the tab; formulas look at the `grid` of the seller's sheet.

    Links are made only to tabs that are `present` in the workbook.
    """
    costs = Costs.of(answers, grid)
    sheet = workbook.add_worksheet(names[COST_SUMMARY])
    sheet.set_tab_color(f"#{BLUE}")
    pen = Pen(sheet, wardrobe, small=costs.small)
    pen.widths(_WIDTHS)
    pen.page(frozen_rows=2)
    charts = ChartBand(
        workbook,
        sheet,
        names[COST_SUMMARY],
        right_column=_RIGHT_CHART_COLUMN,
        cents=costs.cents_on_axes,
    )

    row = write_waiting(pen, _BELOW_HEADLINE, answers, names, present)
    table = write_tier_table(pen, row, costs)
    first_band = table.total_row + 2
    # With nothing priced there is nothing to draw, and no room is left for it.
    drawn = costs.total.priced_images > 0
    band = CHART_ROWS + 1 if drawn else 0
    comparison = write_comparison(pen, first_band + band, costs, table)
    shares_row = comparison.after
    second_band = write_shares(pen, shares_row, costs, table)
    row = second_band + band
    # The overview prints on a page of its own where the program heeds page breaks.
    sheet.set_h_pagebreaks([row - 1])
    for heading in (PLACEMENT, CATEGORY, CHANNEL, ENGINE):
        row = write_group_table(pen, row, costs, heading, table)
    month = write_month(pen, row, costs, table)
    row = write_volume(pen, month.after, costs, table)
    row = write_approved(pen, row, costs, table)
    row = write_certainty(pen, row, costs)
    row = write_drift(pen, row, answers, results)
    row = write_what_if(pen, row, costs, what_ifs, table)
    row = write_reference(pen, row, costs, table, comparison)
    _write_notes(pen, row, answers)

    _write_headline(pen, costs, table, comparison, names)
    if drawn:
        _draw(charts, costs, table, comparison, month, first_band, shares_row, second_band)


def _write_headline(
    pen: Pen, costs: Costs, table: TierTable, comparison: Comparison, names: Mapping[str, str]
) -> None:
    answers, total = costs.answers, costs.total
    brand = answers.configuration.settings.brand_name
    pen.title(
        f"Cost summary{f' for {brand}' if brand else ''}",
        f"{len(answers.requests):,} requests of tab {costs.grid.sheet}, routed on "
        f"{answers.today.day} {answers.today:%B %Y}. Estimates in US dollars"
        f"{'.' if costs.work.any_actual else '; nothing has been bought.'}",
    )
    for row in range(4, 8):
        pen.sheet.set_row(row - 1, 24)
    pen.words(4, 1, "What will it cost?", _QUESTION)
    pen.value(4, 2, money(total.estimate, f"=D{table.total_row}"), _ANSWER)
    last = table.total_row
    pictures = f'="for "&FIXED(C{last},0)&" pictures in "&FIXED(B{last},0)&" requests"'
    shown = f"for {total.images:,} pictures in {total.requests:,} requests"
    if total.held:
        waiting = f"; {total.held:,} of them wait and are not in the estimate"
        pictures, shown = f'{pictures}&"{waiting}"', shown + waiting
    pen.value(4, 3, text(shown, formula=pictures), _BESIDE)
    _write_saving(pen, costs, comparison)
    pen.words(6, 1, "What comes on top?", _QUESTION)
    on_top = money(total.redo + total.review, f"=F{table.total_row}+H{table.total_row}")
    pen.value(6, 2, on_top, _ANSWER)
    beside = f"expected redos and {total.minutes:,.0f} minutes of review, shown apart below"
    pen.words(6, 3, beside, _BESIDE)
    _write_needs(pen, costs, names)


def _write_saving(pen: Pen, costs: Costs, comparison: Comparison) -> None:
    pen.words(5, 1, "What does routing save?", _QUESTION)
    if not baseline_known(costs):
        pen.words(5, 2, "not known", Face(bold=True, size=12, bottom_line=False, align="right"))
        pen.words(5, 3, baseline_words(costs), _BESIDE)
        return
    total, row = costs.total, comparison.total_row
    saving = total.baseline - total.estimate
    share = int((Decimal(100 * saving) / total.baseline).to_integral_value(ROUND_HALF_UP))
    pen.value(5, 2, money(saving, f"=E{row}"), _ANSWER if saving >= 0 else _ALARM)
    words = f"% of what one model for everything would cost ({baseline_name(costs)})"
    # A text inside a formula may hold 255 characters.
    words = words if len(words) <= 200 else f"{words[:199]}…"
    quoted = words.replace('"', '""')
    pen.value(5, 3, text(f"{share}{words}", formula=f'=ROUND(100*F{row},0)&"{quoted}"'), _BESIDE)


def _write_needs(pen: Pen, costs: Costs, names: Mapping[str, str]) -> None:
    status = costs.answers.status.tolist()
    needs = sum(status.count(word) for word in WAITING_STATES)
    pen.words(7, 1, "What needs you?", _QUESTION)
    formula = ""
    if STATUS in costs.grid:
        cells = costs.grid.span(STATUS)
        formula = "=" + "+".join(f'COUNTIFS({cells},"{word}")' for word in WAITING_STATES)
    pen.value(7, 2, count(needs, formula), _ALARM if needs else _ANSWER)
    parts = [
        f"{status.count(word):,} {meaning}"
        for word, meaning in (
            ("ERROR", "in error"),
            ("HOLD", "on hold"),
            ("UNKNOWN", "with an unconfirmed charge"),
            ("REFUSED", "refused"),
            ("FAILED", "failed"),
        )
        if word in status
    ]
    warned = status.count("WARN")
    more = ": see tab" if parts or warned else "; more in tab"
    if not parts:
        parts = ["no row waits for you"]
    if warned:
        parts.append(f"{warned:,} with a warning")
    words = ", ".join(parts)
    if costs.answers.problems:
        place = f"internal:{quoted_sheet(names[PROBLEMS])}!A1"
        pen.link(7, 3, place, f"{words}{more} {names[PROBLEMS]}", _BESIDE_LINK)
    else:
        pen.words(7, 3, words, _BESIDE)


def _draw(
    charts: ChartBand,
    costs: Costs,
    table: TierTable,
    comparison: Comparison,
    month: MonthTable,
    first_band: int,
    shares_row: int,
    second_band: int,
) -> None:
    numbers = [tier.number for tier in costs.tiers]
    last, shares_last = table.last_row, shares_row + 1 + len(numbers)
    charts.cost_by_tier(
        first_band,
        numbers,
        Block(table.first_row, 1, last, 1),
        Block(table.first_row, 4, last, 4),
    )
    if baseline_known(costs):
        charts.routed_against_baseline(
            first_band,
            numbers,
            Block(comparison.first_row, 1, comparison.total_row - 1, 1),
            Block(comparison.first_row - 1, 3, comparison.first_row - 1, 4),
            comparison.first_row,
        )
    total = costs.total
    charts.share_of_work(
        second_band,
        numbers,
        Block(shares_row + 1, 2, shares_row + 1, 4),
        Block(shares_row + 2, 1, shares_last, 1),
        [
            [
                sums.requests / max(1, total.requests),
                sums.images / max(1, total.images),
                sums.estimate / max(1, total.estimate),
            ]
            for sums in costs.per_tier.lines
        ],
    )
    if month.has_cap:
        charts.month_against_cap(
            second_band,
            Block(month.first_row, 1, month.last_row, 1),
            Block(month.first_row, 2, month.last_row, 2),
            [SKY, VERMILLION if month.over else BLUE, GREY],
        )


def _write_notes(pen: Pen, row: int, answers: Answers) -> None:
    pen.note(
        row,
        f"Totals are formulas over tab {answers.requests.sheet}; one model for everything, redos, "
        "review and what-if lines are this run's numbers. Tierbook writes this tab anew each run.",
    )
    for offset, sentence in enumerate(answers.notes, start=1):
        pen.note(row + offset, sentence)
