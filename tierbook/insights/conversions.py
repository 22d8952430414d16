"""How often a visit became an order, by placement, with intervals wide enough to be true."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tierbook.configuration import tabs
from tierbook.configuration.rows import find_header, read_records
from tierbook.contract import folded
from tierbook.insights.rates import ENOUGH, Comparison, compare, visits_needed
from tierbook.model import CellRef, Problem, TabRows
from tierbook.workbook.words import sku_key

# The lift a seller would want to see; fewer visits than it needs cannot show it.
_WORTH_SEEING = 0.2


@dataclass(frozen=True, slots=True)
class Performed:
    """One line of the Performance tab: what the pictures of a SKU in a placement did."""

    sku: str
    placement: str
    visits: int
    orders: int
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """Visits and orders of one group, beside those of the groups it is compared with.

    `comparison` bounds the group's own rate and says whether it is better than the others;
    `others` counts their visits, 0 where there are none. `needed` is how many visits each side
    needs before a lift of a fifth would show.
    """

    label: str
    visits: int
    orders: int
    others: int
    comparison: Comparison
    needed: int

    @property
    def share(self) -> float:
        """Orders by visit, 0 without visits."""
        return self.orders / self.visits if self.visits else 0.0

    @property
    def verdict(self) -> str:
        """Say what can be said: `better`, `worse`, `cannot tell yet`, `nothing to compare`."""
        return self.comparison.verdict if self.others else "nothing to compare with"


def read_performance(tab: TabRows | None) -> tuple[tuple[Performed, ...], tuple[Problem, ...]]:
    """Read the Performance tab; lines without visits say nothing of a rate and are left out.

    Several orders of one visit count once: a rate is of visits that bought.
    """
    header = find_header(tab, tabs.PERFORMANCE) if tab is not None else None
    if tab is None or header is None:
        return (), ()
    records, problems = read_records(tab, header)
    found: list[Performed] = []
    more_orders = 0
    for record in records:
        values: Mapping[str, Any] = record.values
        visits, orders = int(values.get("clicks") or 0), round(values.get("orders") or 0)
        if visits <= 0:
            continue
        more_orders += orders > visits
        found.append(
            Performed(
                str(values["sku"]),
                str(values["placement"]).strip(),
                visits,
                min(max(orders, 0), visits),
                _day(values.get("start")),
                _day(values.get("end")),
            )
        )
    if more_orders:
        problems.append(
            Problem(
                "more-orders-than-visits",
                "warning",
                f'{more_orders} lines of tab "{tab.sheet}" count more orders than clicks; each '
                "was counted as if every click had bought once.",
                "check whether Clicks and Orders come from the same report and period.",
                CellRef(tab.sheet),
            )
        )
    return tuple(found), tuple(problems)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def between(lines: Iterable[Performed], first: date, last: date) -> tuple[Performed, ...]:
    """Keep the lines whose period touches these days; lines without dates always count."""
    return tuple(
        one
        for one in lines
        if (one.end or one.start or last) >= first and (one.start or one.end or first) <= last
    )


def conversion_by_placement(lines: Sequence[Performed]) -> tuple[Conversion, ...]:
    """Compare each placement with all others, most visits first."""
    return _compared(lines, lambda one: one.placement, lambda _: "")


def conversion_by_tier(
    lines: Sequence[Performed], tier_of: Mapping[tuple[str, str], int]
) -> tuple[Conversion, ...]:
    """Compare the tiers of a placement with each other, where it has pictures of several.

    Args:
        lines: What the pictures did.
        tier_of: (`sku_key`, folded placement) -> tier, for rows of the sheet.
    """
    tiers: dict[Performed, int] = {}
    seen: dict[str, set[int]] = {}
    for one in lines:
        tier = tier_of.get((sku_key(one.sku), folded(one.placement)), 0)
        if tier > 0:
            tiers[one] = tier
            seen.setdefault(folded(one.placement), set()).add(tier)
    mixed = [one for one in lines if one in tiers and len(seen[folded(one.placement)]) > 1]
    return _compared(
        mixed,
        lambda one: f"{one.placement}, tier {tiers[one]}",
        lambda one: folded(one.placement),
    )


def conversion_of_holdout(
    lines: Sequence[Performed], held_out: Callable[[str], bool]
) -> tuple[Conversion, ...]:
    """Compare the SKUs held out, one tier up, with all others."""
    found = _compared(
        lines, lambda one: "Held out" if held_out(one.sku) else "Others", lambda _: ""
    )
    return tuple(sorted(found, key=lambda one: one.label)) if len(found) == 2 else ()


def _compared(
    lines: Sequence[Performed],
    label: Callable[[Performed], str],
    peers: Callable[[Performed], str],
) -> tuple[Conversion, ...]:
    """Compare each group with the rest of its peers."""
    sums: dict[str, list[int]] = {}
    among: dict[str, str] = {}
    shown: dict[str, str] = {}
    totals: dict[str, list[int]] = {}
    for one in lines:
        key = folded(label(one))
        shown.setdefault(key, label(one))
        among[key] = peers(one)
        for line in (sums.setdefault(key, [0, 0]), totals.setdefault(among[key], [0, 0])):
            line[0] += one.visits
            line[1] += one.orders
    found = [
        _conversion(shown[key], visits, orders, *totals[among[key]])
        for key, (visits, orders) in sums.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.visits, one.label)))


def _conversion(
    label: str, visits: int, orders: int, all_visits: int, all_orders: int
) -> Conversion:
    base = all_orders / all_visits if 0 < all_orders < all_visits else 0.0
    return Conversion(
        label,
        visits,
        orders,
        all_visits - visits,
        compare(orders, visits, all_orders - orders, all_visits - visits),
        visits_needed(base, _WORTH_SEEING) if base else ENOUGH,
    )
