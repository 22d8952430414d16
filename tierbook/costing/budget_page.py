"""The page of a budget fit: what it buys, the curve of value against cost, what is left out."""

from collections.abc import Sequence
from html import escape

import numpy as np

from tierbook.contract import PLACEMENT, SKU
from tierbook.costing.budget import BudgetFit
from tierbook.costing.fit import CurvePoint
from tierbook.model import Configuration, MicroUsd, RequestTable, usd, usd_rounded

_LISTED = 200
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 300, 70, 16
_BLUE, _ORANGE, _TEXT, _GRID = "#0072B2", "#D55E00", "#1d2733", "#d5dbe3"
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:56rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}svg{max-width:100%;height:auto}
table{border-collapse:collapse}td,th{text-align:left;padding:.3rem .8rem .3rem 0;
border-bottom:1px solid #d5dbe3}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
"""


def budget_page(
    found: BudgetFit, requests: RequestTable, configuration: Configuration, budget: MicroUsd
) -> str:
    """Write the page as HTML without scripts or outside parts."""
    tiers = [
        (
            f"{tier.number} {tier.name}",
            f"{int((found.tier == tier.number).sum()):,}",
            usd_rounded(int(found.cost[found.tier == tier.number].sum())),
        )
        for tier in configuration.tiers
    ]
    body = [
        f"<h1>The best use of {usd(budget)}</h1>",
        *(f"<p>{escape(sentence)}</p>" for sentence in found.sentences),
        _table(("Tier", "Pictures", "Cost"), tiers),
        "<h2>Value against cost</h2>",
        curve_chart(found.curve, found.plan.cost, found.plan.value, budget),
        "<p>Each point is the best plan of its cost; value is visibility weight x sales x odds of "
        "approval. Where the line flattens, more money adds little.</p>",
        *_left_out(found, requests),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>The best use of {usd(budget)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def curve_chart(curve: Sequence[CurvePoint], cost: MicroUsd, value: float, budget: MicroUsd) -> str:
    """Draw the curve, the plan taken as a dot, and the budget as a dashed line."""
    most_cost = max(curve[-1].cost_micro_usd, budget, 1)
    most_value = max(curve[-1].value, value) or 1.0

    def x(amount: float) -> float:
        return _LEFT + amount / most_cost * _WIDTH

    def y(worth: float) -> float:
        return _TOP + (1 - worth / most_value) * _HEIGHT

    foot = _TOP + _HEIGHT
    grid = "".join(
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y(part * most_value):.0f}" '
        f'y2="{y(part * most_value):.0f}" stroke="{_GRID}"/>'
        f'<text x="{_LEFT - 8}" y="{y(part * most_value) + 4:.0f}" text-anchor="end">{part:.0%}'
        f'</text><text x="{x(part * most_cost):.0f}" y="{foot + 18}" text-anchor="middle">'
        f"{usd_rounded(round(part * most_cost))}</text>"
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    points = " ".join(f"{x(p.cost_micro_usd):.1f},{y(p.value):.1f}" for p in curve)
    # The word stands on the side of the line that has room for it.
    side = "end" if budget > most_cost / 2 else "start"
    shift = -6 if side == "end" else 6
    return (
        f'<svg role="img" aria-label="Value against cost" width="{_LEFT + _WIDTH + 40}" '
        f'height="{foot + 48}" viewBox="0 0 {_LEFT + _WIDTH + 40} {foot + 48}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{_TEXT}">{grid}'
        f'<polyline points="{points}" fill="none" stroke="{_BLUE}" stroke-width="3"/>'
        f'<line x1="{x(budget):.1f}" x2="{x(budget):.1f}" y1="{_TOP}" y2="{foot}" '
        f'stroke="{_ORANGE}" stroke-dasharray="5 4"/>'
        f'<text x="{x(budget) + shift:.1f}" y="{foot - 8}" text-anchor="{side}">your budget</text>'
        f'<circle cx="{x(cost):.1f}" cy="{y(value):.1f}" r="6" fill="{_ORANGE}">'
        f"<title>{usd(cost)}: {value / most_value:.1%} of all value</title></circle>"
        f'<text x="{_LEFT + _WIDTH / 2}" y="{foot + 40}" text-anchor="middle">cost, USD</text>'
        f'<text transform="translate(14 {_TOP + _HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
        "share of all value</text></svg>"
    )


def _left_out(found: BudgetFit, requests: RequestTable) -> list[str]:
    rows: list[int] = np.flatnonzero(found.left_out).tolist()
    if not rows:
        return ["<h2>Left out</h2>", "<p>Nothing: every request has a tier.</p>"]
    skus, places = requests.column(SKU), requests.column(PLACEMENT)
    listed = [(str(requests.rows[r]), str(skus[r]), str(places[r])) for r in rows[:_LISTED]]
    more = f"<p>and {len(rows) - _LISTED:,} more.</p>" if len(rows) > _LISTED else ""
    return [f"<h2>Left out: {len(rows):,} requests</h2>",
            _table(("Row", "SKU", "Placement"), listed), more]  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{line(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
