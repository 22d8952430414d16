"""Native charts of the cost summary, drawn from its own cells, with titles, units and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tierbook.workbook.tabs.look import GREY, INK, LINE, SOFT_INK, tier_colour

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Rows that one chart covers, and its pixels: the left one spans four columns, the right one five.
CHART_ROWS: Final = 15
# A share too narrow for its own label.
_SLIVER: Final = 0.06
_LEFT_WIDTH: Final = 596
_RIGHT_WIDTH: Final = 505
_HEIGHT: Final = 290
_DOLLARS: Final = "$#,##0.00"
# With the categories reversed the axis of amounts would stand on top.
_AXIS_BELOW: Final = {
    "label_position": "high",
    "line": {"none": True},
    "major_tick_mark": "none",
    "minor_tick_mark": "none",
}
_NAMES_AXIS: Final = {
    "num_font": {"size": 9, "color": f"#{INK}"},
    "line": {"color": f"#{GREY}"},
    "major_tick_mark": "none",
    "minor_tick_mark": "none",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Cells of the tab by 1-based rows and columns, first and last included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def of(self, sheet: str) -> list[Any]:
        """Spell the block as XlsxWriter's charts take it."""
        return [
            sheet,
            self.first_row - 1,
            self.first_column - 1,
            self.last_row - 1,
            self.last_column - 1,
        ]


class ChartBand:
    """Puts charts on one tab, two beside each other; `cents` stand on the axes of amounts."""

    def __init__(
        self,
        workbook: "Workbook",
        sheet: "Worksheet",
        name: str,
        *,
        right_column: int,
        cents: bool,
    ) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._name = name
        self._right_column = right_column
        self._cents = cents

    def cost_by_tier(self, row: int, tiers: Sequence[int], labels: Block, amounts: Block) -> None:
        """Draw the estimate of each tier as one bar."""
        chart = self._chart("bar", "Estimated cost by tier")
        chart.add_series(
            {
                "name": "Estimate",
                "categories": labels.of(self._name),
                "values": amounts.of(self._name),
                "points": [{"fill": {"color": f"#{tier_colour(tier)}"}} for tier in tiers],
                "data_labels": {"value": True, "num_format": _DOLLARS, "font": _font(9)},
                "gap": 60,
            }
        )
        chart.set_legend({"none": True})
        # Bars are drawn from the bottom up; reversed, tier 1 stands on top.
        chart.set_y_axis(_NAMES_AXIS | {"reverse": True})
        chart.set_x_axis(_money_axis(self._cents) | _AXIS_BELOW)
        self._place(chart, row, 0, "Bar chart: estimated cost of each tier in US dollars.")

    def routed_against_baseline(
        self, row: int, tiers: Sequence[int], names: Block, choices: Block, first_row: int
    ) -> None:
        """Draw two columns, one model for everything and routed, each stacked by tier.

        `choices` are the two header cells; the amounts of each tier stand in the rows from
        `first_row` on, below these headers; `names` are the tiers' labels.
        """
        chart = self._chart("column", "Routed against one model for everything", "stacked")
        sheet = self._name
        for place, tier in enumerate(tiers):
            row_of_tier = first_row + place
            amounts = Block(row_of_tier, choices.first_column, row_of_tier, choices.last_column)
            chart.add_series(
                {
                    "name": [sheet, names.first_row - 1 + place, names.first_column - 1],
                    "categories": choices.of(sheet),
                    "values": amounts.of(sheet),
                    "fill": {"color": f"#{tier_colour(tier)}"},
                    "gap": 70,
                }
            )
        chart.set_legend({"position": "bottom", "font": _font(9)})
        chart.set_x_axis(_NAMES_AXIS)
        chart.set_y_axis(_money_axis(self._cents))
        words = "Stacked column chart: cost of one model for everything beside the routed cost."
        self._place(chart, row, 1, words)

    def share_of_work(
        self,
        row: int,
        tiers: Sequence[int],
        kinds: Block,
        names: Block,
        shares: Sequence[Sequence[float]],
    ) -> None:
        """Draw how requests, pictures and cost divide among the tiers, as bars of 100 percent.

        `kinds` are the header cells, the shares stand in the rows of `names` below them; `shares`
        repeats their values, so that no label is squeezed into a sliver.
        """
        chart = self._chart("bar", "Share of the work by tier", "stacked")
        sheet = self._name
        for place, tier in enumerate(tiers):
            row_of_tier = names.first_row + place
            amounts = Block(row_of_tier, kinds.first_column, row_of_tier, kinds.last_column)
            hidden = [{"delete": True} if share < _SLIVER else None for share in shares[place]]
            chart.add_series(
                {
                    "name": [sheet, row_of_tier - 1, names.first_column - 1],
                    "categories": kinds.of(sheet),
                    "values": amounts.of(sheet),
                    "fill": {"color": f"#{tier_colour(tier)}"},
                    "data_labels": {
                        "value": True,
                        "num_format": "0%",
                        "font": _font(9, "FFFFFF" if tier == 1 else INK),
                        "custom": hidden,
                    },
                    "gap": 50,
                }
            )
        chart.set_legend({"position": "bottom", "font": _font(9)})
        chart.set_y_axis(_NAMES_AXIS | {"reverse": True})
        chart.set_x_axis(
            {
                "name": "Share of all tiers",
                "name_font": _font(9, SOFT_INK),
                "num_font": _font(9),
                "num_format": "0%",
                "min": 0,
                "max": 1,
                "major_unit": 0.25,
                "major_gridlines": {"visible": True, "line": {"color": f"#{LINE}"}},
            }
            | _AXIS_BELOW
        )
        words = "Stacked bar chart: share of requests, pictures and cost that each tier takes."
        self._place(chart, row, 0, words)

    def month_against_cap(
        self, row: int, labels: Block, amounts: Block, colours: Sequence[str]
    ) -> None:
        """Draw what this month has cost, would cost with this list, and may cost at most."""
        chart = self._chart("column", "This month against the cap")
        chart.add_series(
            {
                "name": "This month",
                "categories": labels.of(self._name),
                "values": amounts.of(self._name),
                "points": [{"fill": {"color": f"#{colour}"}} for colour in colours],
                "data_labels": {"value": True, "num_format": _DOLLARS, "font": _font(9)},
                "gap": 60,
            }
        )
        chart.set_legend({"none": True})
        chart.set_x_axis(_NAMES_AXIS)
        chart.set_y_axis(_money_axis(self._cents))
        words = "Column chart: spent this month, with this list, and the monthly cap, in dollars."
        self._place(chart, row, 1, words)

    def _chart(self, kind: str, title: str, subtype: str = "") -> "Chart":
        chart = self._workbook.add_chart(
            {"type": kind, "subtype": subtype} if subtype else {"type": kind}
        )
        if chart is None:
            raise ValueError(kind)
        chart.set_title({"name": title, "name_font": _font(12, bold=True), "overlay": False})
        chart.set_chartarea({"border": {"color": f"#{LINE}"}})
        return chart

    def _place(self, chart: "Chart", row: int, side: int, words: str) -> None:
        # Charts move with their rows but keep their size when columns are widened.
        chart.set_size({"width": _RIGHT_WIDTH if side else _LEFT_WIDTH, "height": _HEIGHT})
        options = {"description": words, "object_position": 2, "x_offset": 2, "y_offset": 4}
        self._sheet.insert_chart(row - 1, self._right_column - 1 if side else 0, chart, options)


def _font(size: int, ink: str = INK, *, bold: bool = False) -> dict[str, Any]:
    return {"size": size, "color": f"#{ink}", "bold": bold}


def _money_axis(cents: bool) -> dict[str, Any]:
    return {
        "name": "US dollars",
        "name_font": _font(9, SOFT_INK),
        "num_font": _font(9),
        "num_format": "$#,##0.00" if cents else "$#,##0",
        "min": 0,
        "major_gridlines": {"visible": True, "line": {"color": f"#{LINE}"}},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
    }
