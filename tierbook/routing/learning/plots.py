"""Small plots as inline SVG: calibration, and intervals side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite

from tierbook.routing.learning.model import CalibrationBin

_TEXT = "#1d2733"
_GRID = "#d5dbe3"


@dataclass(frozen=True, slots=True)
class Interval:
    """A named mean with its ends and the colour it is drawn in."""

    name: str
    mean: float
    low: float
    high: float
    colour: str


def calibration_plot(bins: Sequence[CalibrationBin], colour: str) -> str:
    """Draw what came against what was predicted; dots on the diagonal are as good as it gets."""
    side, edge = 300, 46

    def x(share: float) -> float:
        return edge + share * side

    def y(share: float) -> float:
        return 12 + (1 - share) * side

    grid = "".join(
        f'<line x1="{x(t):.0f}" y1="{y(0):.0f}" x2="{x(t):.0f}" y2="{y(1):.0f}" stroke="{_GRID}"/>'
        f'<line x1="{x(0):.0f}" y1="{y(t):.0f}" x2="{x(1):.0f}" y2="{y(t):.0f}" stroke="{_GRID}"/>'
        f'<text x="{x(t):.0f}" y="{y(0) + 16:.0f}" text-anchor="middle">{t:.0%}</text>'
        f'<text x="{x(0) - 6:.0f}" y="{y(t) + 4:.0f}" text-anchor="end">{t:.0%}</text>'
        for t in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    dots = "".join(
        f'<circle cx="{x(b.predicted):.1f}" cy="{y(b.approved):.1f}" r="5" fill="{colour}">'
        f"<title>{b.rows} pictures: predicted {b.predicted:.1%}, approved {b.approved:.1%}</title>"
        "</circle>"
        for b in bins
    )
    diagonal = (
        f'<line x1="{x(0):.0f}" y1="{y(0):.0f}" x2="{x(1):.0f}" y2="{y(1):.0f}" '
        f'stroke="{_TEXT}" stroke-dasharray="4 4"/>'
    )
    axes = (
        f'<text x="{x(0.5):.0f}" y="{y(0) + 36:.0f}" text-anchor="middle">predicted approval</text>'
        f'<text transform="translate(12 {y(0.5):.0f}) rotate(-90)" text-anchor="middle">'
        "approved</text>"
    )
    return _svg(edge + side + 20, side + 56, "Predicted against actual approval",
                grid + diagonal + dots + axes)  # fmt: skip


def interval_plot(title: str, intervals: Sequence[Interval]) -> str:
    """Draw one line an interval, on one scale; open ends reach the border."""
    ends = [e for i in intervals for e in (i.mean, i.low, i.high) if isfinite(e)]
    if not ends:
        return f"<p>{escape(title)}: nothing could be estimated.</p>"
    low, high = min(ends), max(ends)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    low, high = low - pad, high + pad
    left, width, step = 150, 420, 24

    def x(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * width

    lines = "".join(
        f'<text x="{left - 10}" y="{40 + n * step + 4}" text-anchor="end">{escape(i.name)}</text>'
        f'<line x1="{x(i.low):.1f}" x2="{x(i.high):.1f}" y1="{40 + n * step}" y2="{40 + n * step}" '
        f'stroke="{i.colour}" stroke-width="3"/>'
        f'<circle cx="{x(i.mean):.1f}" cy="{40 + n * step}" r="5" fill="{i.colour}"/>'
        f'<text x="{left + width + 10}" y="{40 + n * step + 4}">{i.mean:.4g}</text>'
        for n, i in enumerate(intervals)
        if isfinite(i.mean)
    )
    head = f'<text x="0" y="16" font-weight="600">{escape(title)}</text>'
    scale = "".join(
        f'<text x="{x(v):.0f}" y="{52 + len(intervals) * step}" text-anchor="middle">{v:.4g}</text>'
        for v in (low + pad, high - pad)
    )
    return _svg(left + width + 80, 62 + len(intervals) * step, title, head + lines + scale)


def _svg(width: float, height: float, title: str, content: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(title)}" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="system-ui, sans-serif" '
        f'font-size="13" fill="{_TEXT}">{content}</svg>'
    )
