"""Charts as inline SVG, drawn from the tables of a report."""

from collections.abc import Iterable
from html import escape
from math import ceil, floor, log10
from typing import Final

from tierbook.model import MICRO
from tierbook.workbook.report_page import Chart, Line, amount_words

_WIDTH: Final = 520
_HEIGHT: Final = 270
_LEFT: Final = 64
_TOP: Final = 14
_BOTTOM: Final = 46
_ROOM: Final = _WIDTH - _LEFT - 16
_BAR: Final = 34
_LABEL: Final = 118
_INK: Final = "#1c2430"
_GRID: Final = "#dde2e8"
_LIMIT: Final = "#b8430b"
_DARK: Final = ("0072B2", "009E73", "D55E00")


def chart_svg(chart: Chart) -> str:
    """Draw the chart; it carries its own words for people who cannot see it."""
    drawn = _bars(chart) if chart.kind == "bars" else _columns(chart)
    height = _bars_height(chart) if chart.kind == "bars" else _HEIGHT + _legend_height(chart)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(chart.words)}">'
        f"{''.join(drawn)}</svg>"
    )


def _number(line: Line, column: int) -> float | None:
    cell = line.cells[column]
    return float(cell) if isinstance(cell, int | float) else None


def _spelled(chart: Chart, value: float) -> str:
    if chart.unit == "money":
        return amount_words(round(value))
    return f"{value:.0%}" if chart.unit == "percent" else f"{value:,.0f}"


def _steps(highest: float, chart: Chart) -> list[float]:
    """Mark the axis from 0 to at least the highest value, in round steps."""
    if chart.unit == "percent" and chart.interval:
        return [0.0, 0.25, 0.5, 0.75, 1.0]
    if highest <= 0:
        highest = float(MICRO) if chart.unit == "money" else 1.0
    raw = highest / 4
    size = 10 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw)
    return [step * number for number in range(ceil(highest / step - 1e-9) + 1)]


def _marks(steps: list[float], chart: Chart) -> list[str]:
    """Spell the marks of an axis alike: all with cents, or none."""
    if chart.unit != "money":
        return [_spelled(chart, step) for step in steps]
    cents = any(round(step) % MICRO for step in steps)
    fine = any(round(step) % (MICRO // 100) for step in steps)
    return [f"${step / MICRO:,.{4 if fine else 2 if cents else 0}f}" for step in steps]


def _highest(chart: Chart) -> float:
    values: list[float] = [chart.limit[1]] if chart.limit else []
    for line in chart.lines:
        found = [_number(line, series.column) or 0.0 for series in chart.series]
        values.append(sum(found) if chart.kind == "stacked" else max(found))
    return max(values, default=0.0)


# --------------------------------------------------------------------------- lying bars


def _bars_height(chart: Chart) -> int:
    return _TOP + _BAR * max(1, len(chart.lines)) + 26


def _bars(chart: Chart) -> Iterable[str]:
    steps = _steps(_highest(chart), chart)
    room = _WIDTH - _LABEL - 76
    scale = room / steps[-1]
    bottom = _TOP + _BAR * len(chart.lines)
    for step, mark in zip(steps, _marks(steps, chart), strict=True):
        x = _LABEL + step * scale
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}" stroke="{_GRID}"/>'
        yield f'<text class="soft" x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{mark}</text>'
    series = chart.series[0]
    for place, line in enumerate(chart.lines):
        value = _number(line, series.column) or 0.0
        y = _TOP + place * _BAR + 6
        colour = chart.colours[place] if chart.colours else series.colour
        name = _short(str(line.cells[0]), 17)
        yield f'<text x="{_LABEL - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>'
        long = max(0.0, value) * scale
        yield (
            f'<rect x="{_LABEL}" y="{y}" width="{long:.1f}" height="{_BAR - 12}" fill="#{colour}"/>'
        )
        x = _LABEL + long + 6
        yield f'<text x="{x:.1f}" y="{y + 16}">{escape(_spelled(chart, value))}</text>'


# --------------------------------------------------------------------------- standing columns


def _legend_height(chart: Chart) -> int:
    return 22 if len(chart.series) > 1 or chart.limit else 0


def _columns(chart: Chart) -> Iterable[str]:
    steps = _steps(_highest(chart), chart)
    floor_y = _HEIGHT - _BOTTOM
    scale = (floor_y - _TOP) / steps[-1]
    for step, mark in zip(steps, _marks(steps, chart), strict=True):
        y = floor_y - step * scale
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GRID}"/>'
        yield f'<text class="soft" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{mark}</text>'
    slot = _ROOM / max(1, len(chart.lines))
    for place, line in enumerate(chart.lines):
        middle = _LEFT + slot * (place + 0.5)
        yield from _column(chart, place, line, middle, min(64.0, slot * 0.62), floor_y, scale)
        name = _short(str(line.cells[0]), max(6, int(slot / 7)))
        yield (
            f'<text class="soft" x="{middle:.1f}" y="{floor_y + 18}" text-anchor="middle">'
            f"{escape(name)}</text>"
        )
    if chart.limit:
        y = floor_y - chart.limit[1] * scale
        yield (
            f'<line x1="{_LEFT}" x2="{_WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_LIMIT}" '
            'stroke-width="2" stroke-dasharray="6 4"/>'
        )
    yield from _legend(chart)


def _column(
    chart: Chart, place: int, line: Line, middle: float, width: float, floor_y: int, scale: float
) -> Iterable[str]:
    left, top = middle - width / 2, float(floor_y)
    side = width / len(chart.series) if chart.kind == "columns" else width
    for at, series in enumerate(chart.series):
        value = _number(line, series.column)
        if value is None:
            yield (
                f'<text class="soft" x="{middle:.1f}" y="{floor_y - 8}" text-anchor="middle">'
                "not enough</text>"
            )
            continue
        height = max(0.0, value) * scale
        colour = chart.colours[place] if chart.colours else series.colour
        if chart.kind == "stacked":
            top -= height
            x = left
        else:
            top = floor_y - height
            x = left + at * side
        yield (
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{side:.1f}" height="{height:.1f}" '
            f'fill="#{colour}"/>'
        )
        if len(chart.series) == 1:
            yield from _value_label(chart, value, middle, top, floor_y, colour)
    if chart.interval:
        yield from _whiskers(chart, line, middle, floor_y, scale)
    if chart.kind == "stacked" and top < floor_y - 0.5:
        whole = sum(_number(line, series.column) or 0.0 for series in chart.series)
        yield (
            f'<text x="{middle:.1f}" y="{top - 5:.1f}" text-anchor="middle">'
            f"{escape(_spelled(chart, whole))}</text>"
        )


def _value_label(
    chart: Chart, value: float, middle: float, top: float, floor_y: int, colour: str
) -> Iterable[str]:
    """Write the value inside the foot of a column with whiskers, else above it."""
    inside = chart.interval is not None and floor_y - top > 24
    y = floor_y - 8 if inside else top - 5
    ink = "#fff" if inside and colour in _DARK else _INK
    yield (
        f'<text x="{middle:.1f}" y="{y:.1f}" text-anchor="middle" style="fill:{ink};'
        f'font-weight:600">{escape(_spelled(chart, value))}</text>'
    )


def _whiskers(chart: Chart, line: Line, middle: float, floor_y: int, scale: float) -> Iterable[str]:
    low, high = (_number(line, at) for at in chart.interval or (0, 0))
    if low is None or high is None:
        return
    y_low, y_high = floor_y - low * scale, floor_y - high * scale
    yield (
        f'<path d="M{middle:.1f} {y_low:.1f}V{y_high:.1f}M{middle - 7:.1f} {y_low:.1f}h14'
        f'M{middle - 7:.1f} {y_high:.1f}h14" stroke="{_INK}" stroke-width="1.5" fill="none"/>'
    )


def _legend(chart: Chart) -> Iterable[str]:
    if not _legend_height(chart):
        return
    x, y = float(_LEFT), _HEIGHT + 4
    entries = [
        (chart.table.columns[series.column].heading, f"#{series.colour}") for series in chart.series
    ]
    if chart.limit:
        entries.append((f"{chart.limit[0]} {amount_words(chart.limit[1])}", _LIMIT))
    for name, colour in entries:
        yield f'<rect x="{x:.1f}" y="{y}" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 17:.1f}" y="{y + 11}">{escape(name)}</text>'
        x += 17 + 7.2 * len(name) + 18


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
