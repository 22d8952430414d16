"""The configuration tabs of the blank workbook, written from their specs and built-in rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tierbook import contract
from tierbook.configuration import tabs
from tierbook.configuration.builtin import builtin_tab
from tierbook.configuration.cells import is_blank
from tierbook.configuration.rows import Header, body, cell_at, find_header, read_field
from tierbook.configuration.spec import KIND_WORDS, Field, Tab
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.model import CellValue, TabRows
from tierbook.workbook import template_pen as pen
from tierbook.workbook.tabs import look

HEADER_ROW: Final = 3
# The rubric has IF and THEN above its header and the kinds of value below it.
RUBRIC_HEADER_ROW: Final = 4
LISTS_HEADER_ROW: Final = 3
_RULE_WORDS: Final[Mapping[str, str]] = {
    contract.PLACEMENT_GROUP: "a group of the Placements tab, or several: gallery, email",
    contract.BACKGROUND: "white, solid, scene, brand",
    contract.HUMAN_MODEL: "yes, no",
    contract.PROPS: "yes, no",
    contract.ANGLES: "number: > 4, 2 to 4",
    contract.LONG_EDGE_PX: "number: > 2400",
    contract.CAMPAIGN: "a word, not none",
    "Sales 90 days": "number: < 100, >= 5000",
    contract.HAS_PHOTO: "yes, no",
}
_RULE_HELP: Final = (
    "Leave empty, or type any, when it does not matter. One word, or several separated by commas; "
    "not word; >= 5000; 100 to 5000; yes or no."
)
_TEST_WIDTHS: Final[Mapping[str, int]] = {contract.PLACEMENT: 19, contract.CAMPAIGN: 14}
_IF_WIDTHS: Final[Mapping[str, int]] = {contract.PLACEMENT_GROUP: 20, "Sales 90 days": 11}


def add_table(workbook: Workbook, spec: Tab) -> None:
    """Add a tab of plain rows under one header."""
    sheet = _new_sheet(workbook, spec)
    header = _header_of(spec)
    validations = pen.Validations(sheet)
    pen.header_row(sheet, HEADER_ROW, spec.fields, validations, pen.INPUT_HEADER)
    rows = list(body(builtin_tab(spec), header))
    for number, (_, cells) in enumerate(rows, HEADER_ROW + 1):
        for column, one in enumerate(spec.fields, 1):
            source = header.columns.get(one)
            value = None if source is None else typed(one, cell_at(cells, source))
            _write(sheet, number, column, one, value)
        _fit_height(sheet, number, spec.fields)
    _colour_tier_column(sheet, HEADER_ROW + 1, spec.fields)
    _finish(sheet, HEADER_ROW, len(spec.fields), len(rows))


def add_settings(workbook: Workbook) -> None:
    """Add the Settings tab: a line for each setting, with its own dropdown and format."""
    spec = tabs.SETTINGS
    sheet = _new_sheet(workbook, spec)
    validations = pen.Validations(sheet)
    pen.header_row(sheet, HEADER_ROW, spec.fields, validations, pen.INPUT_HEADER)
    header = _header_of(spec)
    values = {
        str(cell_at(cells, 0)): cell_at(cells, 1) for _, cells in body(builtin_tab(spec), header)
    }
    for number, line in enumerate(tabs.SETTING_LINES, HEADER_ROW + 1):
        pen.put(sheet, number, 1, line.heading, pen.Face(bold=True, line=look.LINE, wrap=True))
        cell = pen.put(sheet, number, 2, typed(line, values.get(line.heading)))
        pen.wear(cell, pen.Face(fill="FFFDF2", line=look.LINE, wrap=True))
        cell.number_format = pen.NUMBER_FORMATS.get(line.kind, "General")
        pen.put(sheet, number, 3, line.help, pen.Face(ink=look.SOFT_INK, line=look.LINE, wrap=True))
        _fit_height(sheet, number, spec.fields)
        if line.choices:
            validations.dropdown(cell.coordinate, line)
    _finish(sheet, HEADER_ROW, len(spec.fields), len(tabs.SETTING_LINES), filtered=False)


def add_rubric(workbook: Workbook) -> None:
    """Add the Rubric: IF columns blue, THEN columns green, told apart by words as well."""
    spec = tabs.RUBRIC
    sheet = _new_sheet(workbook, spec)
    built_in, header = builtin_tab(spec), _header_of(spec)
    columns = _rubric_columns(built_in, header)
    validations = pen.Validations(sheet)
    for column, (label, one) in enumerate(columns, 1):
        face = {"IF": pen.IF_HEADER, "THEN": pen.THEN_HEADER}.get(label, pen.INPUT_HEADER)
        if one.name == "hits":
            face = pen.OUTPUT_HEADER
        pen.header(sheet, RUBRIC_HEADER_ROW, column, one, validations, face)
        if label:
            above = pen.Face(bold=True, size=9, ink=face.ink, fill=face.fill)
            pen.put(sheet, RUBRIC_HEADER_ROW - 1, column, label, above)
        pen.put(sheet, RUBRIC_HEADER_ROW + 1, column, _allowed(column, label, one), pen.ALLOWED)
    sheet.row_dimensions[RUBRIC_HEADER_ROW + 1].height = 38
    rows = list(body(built_in, header))
    for number, (_, cells) in enumerate(rows, RUBRIC_HEADER_ROW + 2):
        for column, (_, one) in enumerate(columns, 1):
            source = header.columns.get(one, header.others.get(one.heading))
            value = None if source is None else typed(one, cell_at(cells, source))
            _write(sheet, number, column, one, value)
        _fit_height(sheet, number, [one for _, one in columns])
    _hit_policy(sheet, built_in, validations)
    _colour_tier_column(sheet, RUBRIC_HEADER_ROW + 2, [one for _, one in columns])
    _finish(sheet, RUBRIC_HEADER_ROW, len(columns), len(rows) + 1)
    sheet.freeze_panes = f"C{RUBRIC_HEADER_ROW + 2}"


def add_rubric_tests(workbook: Workbook) -> None:
    """Add the Rubric tests: the columns of the examples stand between name and expectation."""
    spec = tabs.RUBRIC_TESTS
    sheet = _new_sheet(workbook, spec)
    built_in, header = builtin_tab(spec), _header_of(spec)
    fields = (*tabs.PRODUCTS.fields, *tabs.REQUESTS.fields, *tabs.DERIVED)
    known = {one.heading: one for one in fields}
    name, *expected = spec.fields
    columns = [name]
    for heading in header.others:
        width = _TEST_WIDTHS.get(heading, 12)
        columns.append(replace(known[heading], name="", required=False, strict=False, width=width))
    columns += expected
    validations = pen.Validations(sheet)
    pen.header_row(sheet, HEADER_ROW, columns, validations, pen.INPUT_HEADER)
    rows = list(body(built_in, header))
    for number, (_, cells) in enumerate(rows, HEADER_ROW + 1):
        for column, one in enumerate(columns, 1):
            source = header.columns.get(one, header.others.get(one.heading, 0))
            _write(sheet, number, column, one, typed(one, cell_at(cells, source)))
        _fit_height(sheet, number, columns)
    _colour_tier_column(sheet, HEADER_ROW + 1, columns)
    _finish(sheet, HEADER_ROW, len(columns), len(rows))


def add_valid_values(workbook: Workbook) -> None:
    """Add the lists behind the dropdowns, each with its name."""
    sheet = _new_sheet(workbook, tabs.VALID_VALUES)
    for column, (name, values) in enumerate(VALID_VALUES.items(), 1):
        pen.put(sheet, LISTS_HEADER_ROW, column, name.replace("_", " "), pen.INPUT_HEADER)
        letter = get_column_letter(column)
        for row, value in enumerate(values, LISTS_HEADER_ROW + 1):
            cell = pen.put(sheet, row, column, int(value) if value.isdigit() else value, pen.Face())
            cell.number_format = "0" if value.isdigit() else "@"
        sheet.column_dimensions[letter].width = 17
        last = LISTS_HEADER_ROW + len(values)
        reference = (
            f"{look.quoted_sheet(sheet.title)}!${letter}${LISTS_HEADER_ROW + 1}:${letter}${last}"
        )
        pen.name_cells(workbook, name, reference)
    _finish(sheet, LISTS_HEADER_ROW, len(VALID_VALUES), 0, filtered=False)
    for name, spec in (("Placement_names", tabs.PLACEMENTS), ("Prompt_templates", tabs.PROMPTS)):
        count = sum(1 for _ in body(builtin_tab(spec), _header_of(spec)))
        cells = f"$A${HEADER_ROW + 1}:$A${HEADER_ROW + count}"
        pen.name_cells(workbook, name, f"{look.quoted_sheet(spec.name)}!{cells}")


def typed(one: Field, value: CellValue) -> object:
    """Turn a built-in text into the value a spreadsheet holds: a number, a date, a word."""
    if is_blank(value):
        return None
    if one.kind == "cell":
        return int(value) if isinstance(value, str) and value.isdigit() else value
    if one.kind in ("texts", "pairs", "yes_no", "minutes"):
        return float(str(value)) if one.kind == "minutes" else value
    if one.kind == "text":
        # Tier numbers are offered as numbers by the dropdown, so they are numbers here too.
        is_number = one.choices in pen.TIER_CHOICES and str(value).isdigit()
        return int(str(value)) if is_number else value
    if one.kind in ("money", "dollars", "number"):
        return float(Decimal(str(value)))
    read = read_field(one, value)
    return float(read) if isinstance(read, Decimal) else read


def _new_sheet(workbook: Workbook, spec: Tab) -> Worksheet:
    sheet = workbook.create_sheet(spec.name)
    lists = spec.name == contract.VALID_VALUES
    sheet.sheet_properties.tabColor = look.LINE if lists else look.ORANGE
    pen.headline(sheet, spec.name, spec.purpose)
    return sheet


def _header_of(spec: Tab) -> Header:
    header = find_header(builtin_tab(spec), spec)
    if header is None:
        raise AssertionError(f"the built-in {spec.name} has no header")
    return header


def _rubric_columns(built_in: TabRows, header: Header) -> list[tuple[str, Field]]:
    """List each column with the label above it, in the built-in order, then the Hits."""
    labels, headings = built_in.rows[header.index - 1], built_in.rows[header.index]
    columns: list[tuple[str, Field]] = []
    known = {one.heading: one for one in tabs.RUBRIC.fields}
    for label, heading in zip(labels, headings, strict=True):
        name = str(heading)
        one = known.get(name) or Field(name, "", "cell", _RULE_HELP, width=_IF_WIDTHS.get(name, 11))
        columns.append((str(label or ""), one))
    return [*columns, ("", tabs.RUBRIC.field("Hits"))]


def _allowed(column: int, label: str, one: Field) -> str:
    if column == 1:
        return "#values"
    if label == "IF":
        return _RULE_WORDS.get(one.heading, "any word or number")
    if one.strict or one.heading == contract.REVIEW:
        return ", ".join(VALID_VALUES[one.choices])
    return {
        contract.PROMPT_TEMPLATE: "a template of Prompts",
        "Resolution": "px, or placement",
        contract.ASPECT_RATIO: "4:5, or placement",
        contract.QUEUE_PRIORITY: "1 first",
    }.get(one.heading, "" if one.kind == "cell" else KIND_WORDS[one.kind])


def _hit_policy(sheet: Worksheet, built_in: TabRows, validations: pen.Validations) -> None:
    policy = Field("Hit policy", "", "text", _POLICY_HELP, choices="Hit_policies", strict=True)
    label = pen.put(sheet, 1, 4, policy.heading, pen.Face(bold=True, align="right"))
    cell = pen.put(sheet, 1, 5, str(built_in.rows[0][3]), pen.Face(bold=True, fill="FFFDF2"))
    validations.message(label, policy.heading, policy.help)
    validations.dropdown(cell.coordinate, policy)


_POLICY_HELP: Final = (
    "First: rules are tried from the top and the first that fits wins. Leave it so unless you know "
    "decision tables."
)


def _write(sheet: Worksheet, row: int, column: int, one: Field, value: object) -> None:
    number_format = pen.NUMBER_FORMATS.get(one.kind, "General")
    if one.heading == "Price" and one.kind == "dollars":
        number_format = look.SMALL_MONEY
    face = pen.Face(
        line=look.LINE,
        wrap=True,
        bold=one.choices in pen.TIER_CHOICES or (column == 1 and one.required),
        align=pen.aligned(one),
    )
    cell = pen.put(sheet, row, column, value, face)
    cell.number_format = "0" if isinstance(value, int) else number_format


def _colour_tier_column(sheet: Worksheet, top: int, fields: Sequence[Field]) -> None:
    for column, one in enumerate(fields, 1):
        if one.choices in pen.TIER_CHOICES:
            letter = get_column_letter(column)
            pen.colour_tiers(sheet, f"{letter}{top}:{letter}{pen.LAST_ROW}", f"{letter}{top}")


def _fit_height(sheet: Worksheet, row: int, fields: Sequence[Field]) -> None:
    texts = [(sheet.cell(row, column).value, one.width) for column, one in enumerate(fields, 1)]
    sheet.row_dimensions[row].height = pen.row_height(texts)


def _finish(
    sheet: Worksheet, header_row: int, columns: int, rows: int, *, filtered: bool = True
) -> None:
    if filtered:
        sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(columns)}{header_row + rows}"
    sheet.row_dimensions[header_row].height = 32
    sheet.freeze_panes = f"B{header_row + 1}"
    pen.print_setup(sheet, f"1:{header_row}")
