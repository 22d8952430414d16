"""The cost summary's comparisons: one model for everything, shares, what-if, the article."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tierbook.contract import SETTINGS
from tierbook.workbook.tabs.cost_groups import Costs, TierTable, mean_price, tier_label
from tierbook.workbook.tabs.look import Face, tier_tint
from tierbook.workbook.tabs.pen import Pen, Value, count, money, percent, price, text

if TYPE_CHECKING:
    from tierbook.costing import WhatIf

# Figures of the published article on tiered routing, in micro-USD; never the seller's own.
_ARTICLE_PRICES: Final = {1: 20_000, 2: 180_000, 3: 1_400_000}
_ARTICLE_UNROUTED: Final = "$0.45 to $0.90"
_ARTICLE_SAVING: Final = "40% to 60%"
_ARTICLE_CHEAP_SHARE: Final = "70% to 80%"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where the comparison with one model for everything stands."""

    first_row: int
    total_row: int
    after: int


def baseline_known(costs: Costs) -> bool:
    """Tell whether one model for everything has a price."""
    return costs.total.baseline > 0


def baseline_name(costs: Costs) -> str:
    """Name the one model, as the seller's settings do."""
    return costs.answers.configuration.settings.baseline_engine or "the price in Settings"


def baseline_words(costs: Costs) -> str:
    """Say what one model for everything is, or why its price is not known."""
    if baseline_known(costs):
        return (
            f"One model for everything: {baseline_name(costs)}, for the same pictures. "
            f"Change it in tab {SETTINGS}."
        )
    if not costs.total.priced_images:
        return "No picture is priced yet."
    return f"No price is known for one model for everything: name one in tab {SETTINGS}."


def write_comparison(pen: Pen, row: int, costs: Costs, table: TierTable) -> Comparison:
    """Write routed against one model for everything, by tier."""
    pen.section(row, "Routed against one model for everything")
    pen.headings(
        row + 1, ["Tier", "Requests", "One model for everything", "Routed", "Saving", "Saved"]
    )
    first = row + 2
    for offset, (tier, sums) in enumerate(zip(costs.tiers, costs.per_tier.lines, strict=True)):
        here, there = first + offset, table.first_row + offset
        saving = sums.baseline - sums.estimate
        line = [
            text(tier_label(tier), fill=tier_tint(tier.number)),
            count(sums.requests, f"=B{there}"),
            money(sums.baseline),
            money(sums.estimate, f"=D{there}"),
            money(saving, f"=C{here}-D{here}"),
            percent(saving, sums.baseline, f"=IF(C{here}=0,0,E{here}/C{here})"),
        ]
        pen.line(here, line)
    last = first + len(costs.tiers)
    total = costs.total
    saving = total.baseline - total.estimate
    line = [
        text("Total"),
        count(total.requests, f"=SUM(B{first}:B{last - 1})"),
        money(total.baseline, f"=SUM(C{first}:C{last - 1})"),
        money(total.estimate, f"=SUM(D{first}:D{last - 1})"),
        money(saving, f"=SUM(E{first}:E{last - 1})"),
        percent(saving, total.baseline, f"=IF(C{last}=0,0,E{last}/C{last})"),
    ]
    pen.line(last, line, total=True)
    pen.note(last + 1, baseline_words(costs))
    return Comparison(first, last, last + 3)


def write_shares(pen: Pen, row: int, costs: Costs, table: TierTable) -> int:
    """Write the share of requests, pictures and cost of each tier; return the row after it."""
    pen.section(row, "Share of the work by tier")
    pen.headings(row + 1, ["Tier", "Requests", "Pictures", "Estimate"])
    total = costs.total
    for offset, (tier, sums) in enumerate(zip(costs.tiers, costs.per_tier.lines, strict=True)):
        there = table.first_row + offset

        def share(column: str, part: int, whole: int, there: int = there) -> Value:
            of = f"{column}${table.total_row}"
            return percent(part, whole, f"=IF({of}=0,0,{column}{there}/{of})")

        line = [
            text(tier_label(tier), fill=tier_tint(tier.number)),
            share("B", sums.requests, total.requests),
            share("C", sums.images, total.images),
            share("D", sums.estimate, total.estimate),
        ]
        pen.line(row + 2 + offset, line)
    after = row + 2 + len(costs.tiers)
    pen.note(
        after,
        f"For reference, from the article: {_ARTICLE_CHEAP_SHARE} of the work goes to tier 1.",
    )
    return after + 2


def write_what_if(
    pen: Pen, row: int, costs: Costs, what_ifs: "Sequence[WhatIf]", table: TierTable
) -> int:
    """Write what the list would cost with one tier's engine changed; return the row after it."""
    if not what_ifs:
        return row
    pen.section(row, "What if a tier had another engine?")
    pen.headings(row + 1, ["Change", "This list", "Difference"])
    for here, what_if in enumerate(what_ifs, start=row + 2):
        line = [
            text(what_if.label),
            money(what_if.total_micro_usd),
            money(what_if.total_micro_usd - costs.total.estimate, f"=B{here}-D${table.total_row}"),
        ]
        pen.line(here, line)
    after = row + 2 + len(what_ifs)
    pen.note(after, "The next cheaper and the next dearer engine of the price book, tier by tier.")
    return after + 2


def write_reference(
    pen: Pen, row: int, costs: Costs, table: TierTable, comparison: Comparison
) -> int:
    """Write the article's figures beside this list's own; return the row after it."""
    pen.section(row, "For reference: the article's figures, not yours")
    pen.headings(row + 1, ["Figure", "The article", "This list"])
    here = row + 2
    for tier, sums in zip(costs.tiers, costs.per_tier.lines, strict=True):
        published = _ARTICLE_PRICES.get(tier.number)
        if published is None:
            continue
        label = text(f"A picture of tier {tier.number}")
        pen.line(here, [label, price(published), mean_price(costs, sums, tier.number)])
        here += 1
    total = costs.total
    total_row = comparison.total_row
    unrouted = None
    if baseline_known(costs) and total.priced_images:
        unrouted = round(total.baseline / total.priced_images)
    saved = percent(total.baseline - total.estimate, total.baseline, f"=F{total_row}")
    cheap = costs.per_tier.lines[0].images if costs.tiers else 0
    first, last = table.first_row, table.total_row
    rows: list[tuple[str, str, Value]] = [
        (
            "A picture from one model for everything",
            _ARTICLE_UNROUTED,
            price(unrouted),
        ),
        ("Saved by routing", _ARTICLE_SAVING, saved),
        (
            "Pictures that need only tier 1",
            _ARTICLE_CHEAP_SHARE,
            percent(cheap, total.images, f"=IF(C{last}=0,0,C{first}/C{last})"),
        ),
    ]
    for label, published_words, own in rows:
        pen.line(here, [text(label)])
        pen.words(here, 2, published_words, Face(align="right"))
        pen.value(here, 3, own)
        here += 1
    return here + 1
