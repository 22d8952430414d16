"""The tabs a seller fills in row by row: Requests, Products, Performance."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.configuration.spec import Tab
from tierbook.workbook import template_pen as pen
from tierbook.workbook.marks import column_mark
from tierbook.workbook.tabs import look
from tierbook.workbook.template_example import Row

HEADER_ROW: Final = 2
EXAMPLE_MARK: Final = "#example"
# Columns of the blank workbook: those about finished pictures come with the first of them.
OUTPUTS: Final = tuple(
    heading for heading in contract.REQUEST_OUTPUTS if heading not in contract.GENERATION_OUTPUTS
)
# Inputs most rows leave empty: one click folds them, and the answers stand beside the names.
_FOLDABLE: Final = contract.REQUEST_INPUTS[
    contract.REQUEST_INPUTS.index(contract.CATEGORY) : contract.REQUEST_INPUTS.index(
        contract.ACTION
    )
]
_REQUEST_EXAMPLE: Final[Row] = {
    contract.SKU: f"{EXAMPLE_MARK} MUG-11",
    contract.PLACEMENT: "Gallery",
    contract.PRODUCT_NAME: "Blue stoneware mug",
    contract.CATEGORY: "mugs",
    contract.CHANNEL: "store",
    contract.ASPECT_RATIO: "1:1",
    contract.BACKGROUND: "scene",
    contract.HUMAN_MODEL: "no",
    contract.PROPS: "yes",
    contract.ANGLES: 2,
    contract.LONG_EDGE_PX: 2000,
    contract.BRAND_STRICTNESS: "medium",
    contract.BUDGET_PER_IMAGE: 0.25,
    contract.SOURCE_IMAGE: "mug-blue.jpg",
    contract.SCENE_NOTES: "breakfast table, morning light",
    contract.NEEDED_BY: date(2026, 12, 1),
    contract.ACTION: "route",
}
_PRODUCT_EXAMPLE: Final[Row] = {
    contract.SKU: f"{EXAMPLE_MARK} MUG-11",
    contract.PRODUCT_NAME: "Blue stoneware mug",
    contract.CATEGORY: "mugs",
    contract.BRAND_STRICTNESS: "medium",
    contract.SOURCE_IMAGE: "mug-blue.jpg",
    contract.SCENE_NOTES: "breakfast table, morning light",
    "Sales 90 days": 640,
    "Price": 18,
    "Margin %": 45,
    "Sales rank": 12,
    "Complexity": "low",
}


def add_requests(workbook: Workbook, rows: Sequence[Row]) -> None:
    """Add the Requests tab: inputs, then the marked columns Tierbook fills in."""
    sheet = _add_input_tab(workbook, tabs.REQUESTS, _REQUEST_EXAMPLE, rows, look.BLUE)
    for heading in _FOLDABLE:
        column = contract.REQUEST_INPUTS.index(heading) + 1
        sheet.column_dimensions[get_column_letter(column)].outline_level = 1
    first = len(contract.REQUEST_INPUTS) + 1
    band = "Filled in by Tierbook, no typing here. Press + above for more columns."
    pen.put(sheet, 1, first, band, pen.Face(bold=True, ink=look.SOFT_INK))
    validations = pen.Validations(sheet)
    for column, heading in enumerate(OUTPUTS, first):
        help_text, width = tabs.OUTPUTS[heading]
        cell = pen.put(sheet, HEADER_ROW, column, heading, pen.OUTPUT_HEADER)
        validations.message(cell, heading, f"Filled in by Tierbook. {help_text}")
        letter = get_column_letter(column)
        dimension = sheet.column_dimensions[letter]
        dimension.width = width
        reference = f"{look.quoted_sheet(sheet.title)}!${letter}${HEADER_ROW}"
        pen.name_cells(workbook, column_mark(heading), reference, hidden=True)
        if heading in contract.FOLDED_OUTPUTS:
            dimension.outline_level = 1
            dimension.hidden = True
    last = first + len(OUTPUTS) - 1
    # Excel shows the + that unfolds a group over the column behind it.
    sheet.column_dimensions[get_column_letter(last + 1)].collapsed = True
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(last)}{_last_row(rows)}"
    _colour_outputs(sheet, first)


def _colour_outputs(sheet: Worksheet, first: int) -> None:
    top = HEADER_ROW + 1
    tier = get_column_letter(first + OUTPUTS.index(contract.TIER))
    pen.colour_tiers(sheet, f"{tier}{top}:{tier}{pen.LAST_ROW}", f"{tier}{top}")
    name = get_column_letter(first + OUTPUTS.index(contract.TIER_NAME))
    for number, tint in enumerate(look.TIER_TINTS, 1):
        pen.colour_if(
            sheet, f"{name}{top}:{name}{pen.LAST_ROW}", f'${tier}{top}&""="{number}"', tint
        )
    status = get_column_letter(first + OUTPUTS.index(contract.STATUS))
    pen.colour_words(
        sheet, f"{status}{top}:{status}{pen.LAST_ROW}", f"{status}{top}", look.STATUS_TINTS
    )


def add_products(workbook: Workbook, rows: Sequence[Row]) -> None:
    """Add the Products tab."""
    sheet = _add_input_tab(workbook, tabs.PRODUCTS, _PRODUCT_EXAMPLE, rows, look.BLUE)
    last = get_column_letter(len(tabs.PRODUCTS.fields))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{_last_row(rows)}"


def add_performance(workbook: Workbook) -> None:
    """Add the Performance tab, which stays empty until a report is brought in."""
    sheet = _add_input_tab(workbook, tabs.PERFORMANCE, {}, (), look.BLUE)
    last = get_column_letter(len(tabs.PERFORMANCE.fields))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{_last_row(())}"


def _last_row(rows: Sequence[Row]) -> int:
    """A filter must reach the last row; programs extend it over rows added right below."""
    return HEADER_ROW + 1 + len(rows)


def _add_input_tab(
    workbook: Workbook, spec: Tab, example: Row, rows: Sequence[Row], colour: str
) -> Worksheet:
    sheet = workbook.create_sheet(spec.name)
    sheet.sheet_properties.tabColor = colour
    pen.put(sheet, 1, 1, spec.purpose, pen.Face(bold=True, size=11.5))
    pen.header_row(sheet, HEADER_ROW, spec.fields, pen.Validations(sheet), pen.INPUT_HEADER)
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[HEADER_ROW].height = 34
    for column, one in enumerate(spec.fields, 1):
        letter = get_column_letter(column)
        number_format = pen.NUMBER_FORMATS.get(one.kind, "General")
        # The format of the whole column: what is typed into a new row keeps its zeros.
        sheet.column_dimensions[letter].number_format = number_format
        sheet.column_dimensions[letter].font = pen.font()
        sheet.column_dimensions[letter].alignment = Alignment(horizontal=pen.aligned(one))
    all_rows = [(pen.EXAMPLE, example)] if example else []
    all_rows += [(pen.Face(), row) for row in rows]
    for number, (face, row) in enumerate(all_rows, HEADER_ROW + 1):
        _write_row(sheet, number, spec, face, row)
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    pen.print_setup(sheet, f"1:{HEADER_ROW}")
    return sheet


def _write_row(sheet: Worksheet, number: int, spec: Tab, face: pen.Face, row: Row) -> None:
    for column, one in enumerate(spec.fields, 1):
        value = row.get(one.heading)
        if isinstance(value, Decimal):
            value = float(value)
        if value is None and not face.fill:
            continue
        cell = pen.put(sheet, number, column, value, replace(face, align=pen.aligned(one)))
        cell.number_format = pen.NUMBER_FORMATS.get(one.kind, "General")
