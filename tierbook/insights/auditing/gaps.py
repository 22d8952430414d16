"""What is missing, and what to make first."""

from collections.abc import Iterable, Sequence

from tierbook.insights.auditing.audit import Audit
from tierbook.insights.auditing.headline import plan_cost
from tierbook.insights.auditing.plan import PlanLine
from tierbook.insights.auditing.shelf import Product
from tierbook.insights.wording import counted
from tierbook.workbook.report_page import Block, Column, Line, Notice, Notices, Table

# The first lines are the ones to begin with; longer lists are told by their number.
_MOST_LISTED = 15
_MOST_PLANNED = 40
_LONGEST_NAME = 40


def plan_table(audit: Audit) -> Table:
    """Show what to make first, with what it adds up to."""
    shown = audit.plan[:_MOST_PLANNED]
    more = len(audit.plan) - len(shown)
    return Table(
        "What to make first",
        (
            Column("Product"),
            Column("Tier", "count"),
            Column("Sales", "count"),
            Column("Price", "money", sums=not more),
            Column("So far", "money"),
            Column("Why and where"),
        ),
        tuple(_plan_lines(shown)),
        ("All of the plan", None, None, plan_cost(audit.plan), None, ""),
        (f"{counted(more, 'more line')} count in the total.",) * bool(more),
    )


def _plan_lines(plan: Sequence[PlanLine]) -> Iterable[Line]:
    so_far = 0
    for one in plan:
        so_far += one.cost or 0
        sales = None if one.sales is None else float(one.sales)
        yield Line(
            (
                _product(one.sku, one.name),
                one.tier if one.tier > 0 else "held",
                int(sales) if sales is not None and sales.is_integer() else sales,
                "no price" if one.cost is None else one.cost,
                so_far,
                f"{one.placement}: {one.why}",
            ),
            max(0, one.tier),
        )


def _product(sku: str, name: str) -> str:
    words = f"{sku}, {name}" if name and name != sku else sku
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"


def gaps(audit: Audit) -> Iterable[Block]:
    """Show products without a picture, pictures too small, and top sellers without a hero."""
    if audit.pictured_known:
        yield Notices(
            "Products without any picture",
            tuple(_listed(audit.missing)),
            f"Every one of {counted(audit.products, 'product')} has a picture.",
        )
    else:
        words = "The list names no picture and no day on which one was made."
        yield Notices("Products without any picture", (), words)
    if audit.sizes.known:
        yield _small(audit)
    if not audit.sellers:
        words = "No sales are known. Add a column Sales 90 days, or run `tierbook performance`."
        yield Notices("Top sellers without a hero", (), words)
        return
    told = "The export does not say which products have a hero; these earn one: "
    yield Notices(
        "Top sellers without a hero",
        tuple(_listed(audit.heroless, "" if audit.hero_known else told)),
        f"Each of the {counted(len(audit.sellers), 'top seller')} has one.",
    )


def _listed(products: Sequence[Product], told: str = "") -> Iterable[Notice]:
    if not products:
        return
    ranked = sorted(products, key=lambda one: (-(one.sales or 0), one.sku))
    names = "; ".join(_product(one.sku, one.name) for one in ranked[:_MOST_LISTED])
    more = len(ranked) - _MOST_LISTED
    words = f"{names}{f'; and {more:,} more' if more > 0 else ''}."
    yield Notice(counted(len(ranked), "product").upper(), "warning", f"{told}{words}")


def _small(audit: Audit) -> Block:
    small = audit.sizes.small
    heading = "Pictures below the channel's rules"
    if not small:
        known = counted(audit.sizes.known, "picture")
        return Notices(heading, (), f"Each of {known} measured is as large as its placement asks.")
    lines = [
        Line(
            (
                f"{one.sku}, {one.place.rpartition('/')[2]}"[:_LONGEST_NAME],
                f"{one.size[0]} x {one.size[1]} px",
                one.wanted,
                f"{one.placement}, {one.source}" if one.source else one.placement,
            )
        )
        for one in small[:_MOST_LISTED]
    ]
    more = len(small) - len(lines)
    return Table(
        heading,
        (
            Column("Picture"),
            Column("Size"),
            Column("Wants, px", "count"),
            Column("Placement and source of its rule"),
        ),
        tuple(lines),
        notes=(
            "Wants: the longer side its placement asks at least.",
            *((f"And {more:,} more.",) * (more > 0)),
        ),
    )
