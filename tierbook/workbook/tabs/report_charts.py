"""Native charts of a report tab, drawn from the cells of its tables."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tierbook.model import MICRO
from tierbook.workbook.report_page import Chart, Charts
from tierbook.workbook.tabs.look import GREY, INK, LINE, SOFT_INK, VERMILLION

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CHART_ROWS: Final = 15
# Pixels of a chart: the left one spans four columns, the right one six; alone it spans all.
_LEFT_WIDTH: Final = 552
_RIGHT_WIDTH: Final = 582
_RIGHT_COLUMN: Final = 4
_HEIGHT: Final = 290
_FORMATS: Final = {"money": "$#,##0.00##", "percent": "0%", "count": "#,##0"}
_AXIS_FORMATS: Final = _FORMATS | {"money": "$#,##0.00"}
_UNITS: Final = {"money": "US dollars", "percent": "Share", "count": "Count"}


def place_charts(
    workbook: "Workbook",
    sheet: "Worksheet",
    row: int,
    block: Charts,
    name: str,
    tables: Mapping[int, int],
) -> None:
    """Place one chart or two at a 1-based row; `tables` gives each table's first line by id."""
    for side, chart in enumerate(block.charts[:2]):
        drawn = _draw(workbook, name, chart, tables[id(chart.table)])
        drawn.set_size({"width": _RIGHT_WIDTH if side else _LEFT_WIDTH, "height": _HEIGHT})
        # Charts move with their rows but keep their size when columns are widened.
        options = {
            "description": chart.words,
            "object_position": 2,
            "x_offset": 2,
            "y_offset": 4,
        }
        sheet.insert_chart(row - 1, _RIGHT_COLUMN if side else 0, drawn, options)


def _draw(workbook: "Workbook", name: str, chart: Chart, first: int) -> Any:
    lying = chart.kind == "bars"
    options = {"type": "bar" if lying else "column"}
    if chart.kind == "stacked":
        options["subtype"] = "stacked"
    drawn: Any = workbook.add_chart(options)
    last = first + len(chart.lines) - 1
    for series in chart.series:
        cells: dict[str, Any] = {
            "name": chart.table.columns[series.column].heading,
            "categories": [name, first - 1, 0, last - 1, 0],
            "values": [name, first - 1, series.column, last - 1, series.column],
            "fill": {"color": f"#{series.colour}"},
            "gap": 60,
        }
        if chart.colours and len(chart.series) == 1:
            cells["points"] = [{"fill": {"color": f"#{colour}"}} for colour in chart.colours]
        if chart.interval:
            cells["y_error_bars" if not lying else "x_error_bars"] = _whiskers(chart, series.column)
        if len(chart.series) == 1:
            cells["data_labels"] = {
                "value": True,
                "num_format": _FORMATS[chart.unit],
                "font": _font(9),
            }
            if chart.interval:
                cells["data_labels"]["position"] = "inside_base"
                cells["data_labels"]["font"] = _font(9, "FFFFFF", bold=True)
        drawn.add_series(cells)
    if chart.limit:
        drawn.combine(_limit(workbook, name, chart, first, last))
    _dress(drawn, chart)
    return drawn


def _whiskers(chart: Chart, column: int) -> dict[str, Any]:
    low, high = chart.interval or (0, 0)
    plus: list[float] = []
    minus: list[float] = []
    for line in chart.lines:
        value, below, above = (line.cells[at] for at in (column, low, high))
        known = all(isinstance(cell, int | float) for cell in (value, below, above))
        plus.append(float(above or 0) - float(value or 0) if known else 0.0)  # type: ignore[arg-type]
        minus.append(float(value or 0) - float(below or 0) if known else 0.0)  # type: ignore[arg-type]
    return {
        "type": "custom",
        "plus_values": plus,
        "minus_values": minus,
        "line": {"color": f"#{INK}", "width": 1.25},
    }


def _limit(workbook: "Workbook", name: str, chart: Chart, first: int, last: int) -> Any:
    """Draw a level line: the column after the last one drawn holds its amount in every line."""
    label, amount = chart.limit or ("", 0)
    line: Any = workbook.add_chart({"type": "line"})
    at = next(place for place, column in enumerate(chart.table.columns) if column.heading == label)
    line.add_series(
        {
            "name": f"{label}: ${amount / MICRO:,.2f}",
            "categories": [name, first - 1, 0, last - 1, 0],
            "values": [name, first - 1, at, last - 1, at],
            "line": {"color": f"#{VERMILLION}", "width": 2, "dash_type": "dash"},
        }
    )
    return line


def _dress(drawn: Any, chart: Chart) -> None:
    drawn.set_title({"name": chart.title, "name_font": _font(12, bold=True), "overlay": False})
    drawn.set_chartarea({"border": {"color": f"#{LINE}"}})
    if len(chart.series) > 1 or chart.limit:
        drawn.set_legend({"position": "bottom", "font": _font(9)})
    else:
        drawn.set_legend({"none": True})
    names: dict[str, Any] = {
        "num_font": _font(9),
        "line": {"color": f"#{GREY}"},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
    }
    amounts: dict[str, Any] = {
        "name": _UNITS[chart.unit],
        "name_font": _font(9, SOFT_INK),
        "num_font": _font(9),
        "num_format": _AXIS_FORMATS[chart.unit],
        "min": 0,
        "major_gridlines": {"visible": True, "line": {"color": f"#{LINE}"}},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
    }
    if chart.unit == "percent" and chart.interval and chart.kind == "columns":
        amounts["max"] = 1
    if chart.kind == "bars":
        # Bars are drawn from the bottom up; reversed, the first line stands on top, and the axis
        # of amounts would stand there too.
        drawn.set_y_axis(names | {"reverse": True})
        drawn.set_x_axis(amounts | {"label_position": "high", "line": {"none": True}})
    else:
        drawn.set_x_axis(names)
        drawn.set_y_axis(amounts)


def _font(size: int, ink: str = INK, *, bold: bool = False) -> dict[str, Any]:
    return {"size": size, "color": f"#{ink}", "bold": bold}
