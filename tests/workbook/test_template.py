import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tierbook import configuration, contract
from tierbook.configuration.tabs import TABS
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.model import Configuration, Rubric, TabRows
from tierbook.workbook import template
from tierbook.workbook.marks import VERSION, column_mark, tab_mark

ROOT = Path(__file__).parents[2]
BLANK = template.build()
EXAMPLE = template.build(example=True)
OUTPUTS = [h for h in contract.REQUEST_OUTPUTS if h not in contract.GENERATION_OUTPUTS]


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(BLANK))


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _tabs(content: bytes) -> dict[str, TabRows]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: TabRows(
            name,
            [
                [None if cell == "" else cell for cell in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ],
        )
        for name in book.sheet_names
    }


def _plain(loaded: Configuration) -> object:
    """Leave out where things stand, and the difference between 1, 1.0 and "1"."""

    def rules(rubric: Rubric) -> list[object]:
        return [
            (rule.name, [str(c) for c in rule.when], [_spelled(c) for c in rule.then], rule.why)
            for rule in rubric.rules
        ]

    return (
        rules(loaded.rubric),
        (loaded.rubric.inputs, loaded.rubric.outputs, loaded.rubric.hit_policy),
        [
            [replace(one, row=0) for one in rows]
            for rows in (
                loaded.tiers,
                loaded.placements,
                loaded.prompts,
                loaded.price_book,
                loaded.rubric_tests,
                loaded.scorecard.lines,
                loaded.scorecard.bands,
            )
        ],
        loaded.settings,
    )


def _spelled(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_the_committed_workbook_is_current():
    """`templates/Tierbook.xlsx` is what the code makes; parts are compared, not compression."""
    committed = (ROOT / "templates" / "Tierbook.xlsx").read_bytes()
    assert _parts(committed) == _parts(BLANK), "run: python -m tierbook.workbook.template"


def test_the_same_workbook_is_made_every_time(tmp_path):
    """No clock and no random order gets into the file."""
    assert template.build(tmp_path / "new.xlsx") == BLANK
    assert (tmp_path / "new.xlsx").read_bytes() == BLANK


def test_the_committed_workbook_is_found():
    """The finder leads to the template, in the tree as in an installed package."""
    assert template.template_path().read_bytes()[:2] == b"PK"


def test_tabs_stand_in_the_order_of_the_contract(book):
    """A seller meets three tabs first; the rest stand behind, coloured by role."""
    assert book.sheetnames == [
        contract.START, contract.REQUESTS, contract.COST_SUMMARY, contract.PRODUCTS,
        *contract.CONFIGURATION_TABS[:-1], contract.PERFORMANCE, contract.VALID_VALUES,
    ]  # fmt: skip
    assert all(sheet.sheet_properties.tabColor for sheet in book)


def test_its_settings_tabs_are_the_built_in_configuration():
    """What a seller sees and edits is exactly what works untouched."""
    loaded, problems = configuration.load(_tabs(BLANK))
    assert problems == []
    assert loaded.from_workbook == set(contract.CONFIGURATION_TABS) - {contract.VALID_VALUES}
    assert _plain(loaded) == _plain(configuration.defaults())
    lists = {name.replace("_", " "): values for name, values in VALID_VALUES.items()}
    assert loaded.valid_values == lists


def test_requests_have_every_heading_in_order_with_required_marks(book):
    """Inputs first, then the answers, without those of pictures not yet made."""
    headings = [cell.value for cell in book[contract.REQUESTS][2]]
    inputs = [h + "*" * (h in contract.REQUIRED_INPUTS) for h in contract.REQUEST_INPUTS]
    assert headings == inputs + OUTPUTS


def test_marks_lead_to_their_cells(book):
    """Each mark is hidden and refers to the header cell of its column, or A1 of its tab."""
    for heading in OUTPUTS:
        mark = book.defined_names[column_mark(heading)]
        ((sheet, cell),) = mark.destinations
        assert mark.hidden and book[sheet][cell].value == heading
    ((sheet, cell),) = book.defined_names[tab_mark(contract.COST_SUMMARY)].destinations
    assert (sheet, cell) == (contract.COST_SUMMARY, "$A$1")
    assert book.defined_names[VERSION].hidden


def test_only_details_are_folded_away(book):
    """Hidden columns are the folded answers, and the + that opens them is drawn behind them."""
    sheet = book[contract.REQUESTS]
    folded = [h for h in OUTPUTS if h in contract.FOLDED_OUTPUTS]
    hidden = [cell.value for cell in sheet[2] if sheet.column_dimensions[cell.column_letter].hidden]
    assert hidden == folded
    behind = openpyxl.utils.get_column_letter(len(sheet[2]) + 1)
    assert sheet.column_dimensions[behind].collapsed


def test_what_is_typed_keeps_its_zeros_and_ratios(book):
    """SKU and ratio columns are Text all the way down, in both tabs a seller fills in."""
    requests, products = book[contract.REQUESTS], book[contract.PRODUCTS]
    assert requests.column_dimensions["A"].number_format == "@"
    assert products.column_dimensions["A"].number_format == "@"
    ratio = contract.REQUEST_INPUTS.index(contract.ASPECT_RATIO) + 1
    letter = openpyxl.utils.get_column_letter(ratio)
    assert requests.column_dimensions[letter].number_format == "@"


def test_every_dropdown_offers_a_list_that_is_there(book):
    """Dropdowns go through names, and each name covers cells that all hold a value."""
    names: set[str] = set()
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list":
                names.add(rule.formula1)
            else:
                assert rule.prompt and len(rule.prompt) <= 255 and len(rule.promptTitle) <= 32
    assert {"Placement_names", "Prompt_templates", "Backgrounds", "Tier_numbers"} <= names
    for name in names:
        ((sheet, cells),) = book.defined_names[name].destinations
        values = [row[0].value for row in book[sheet][cells]]
        assert values and None not in values, name
        below = book[sheet][cells.replace("$", "").split(":")[1]].offset(row=1)
        assert below.value is None, f"{name} ends before its list does"


def test_every_heading_of_a_table_explains_itself(book):
    """Selecting any heading shows its help, the grey ones saying who fills them in."""
    for name, row in ((contract.REQUESTS, 2), (contract.RUBRIC, 4), (contract.TIERS, 3)):
        sheet = book[name]
        rules = sheet.data_validations.dataValidation
        for cell in sheet[row]:
            shown = [r.prompt for r in rules if r.prompt and cell.coordinate in r.sqref]
            assert len(shown) == 1, (name, cell.value)
            if cell.value in OUTPUTS and name == contract.REQUESTS:
                assert shown[0].startswith("Filled in by Tierbook")


def test_the_example_row_carries_its_marker(book):
    """The row is known by its first text, never by where it stands."""
    for name in (contract.REQUESTS, contract.PRODUCTS):
        assert str(book[name]["A3"].value).startswith("#example")
        assert book[name]["A4"].value is None


def test_nothing_is_merged_and_nothing_is_a_formula(book):
    """Tables sort and filter everywhere, and text that begins like a formula stays text."""
    for sheet in book:
        assert not sheet.merged_cells.ranges
    for name, part in _parts(BLANK).items():
        if name.startswith("xl/worksheets/"):
            assert b"<f>" not in part and b"<f " not in part


def test_every_tab_prints_on_one_page_wide_with_its_header(book):
    """Fit to one page wide, landscape, header repeated, header row frozen."""
    for sheet in book:
        assert sheet.page_setup.fitToWidth == 1 and sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title in (contract.START, contract.COST_SUMMARY):
            continue
        assert sheet.print_title_rows and sheet.freeze_panes


def test_the_first_page_fits_a_small_laptop(book):
    """1366 pixels wide at 100 %: all columns of Start here, with room for the row numbers."""
    widths = [d.width for d in book[contract.START].column_dimensions.values()]
    assert sum(7 * width + 5 for width in widths) < 1366 - 60


def test_the_first_page_links_to_every_other_tab(book):
    """Each tab is one click away, and every link leads somewhere."""
    links = [c.hyperlink.location for row in book[contract.START] for c in row if c.hyperlink]
    linked = {re.fullmatch(r"'(.*)'!A1", place)[1] for place in links}
    assert linked == set(book.sheetnames) - {contract.START}


def test_tiers_are_coloured_by_what_the_cell_says(book):
    """Colour never stands alone: the rule looks at the number or word in the cell."""
    sheet = book[contract.REQUESTS]
    formulas = [f for r in sheet.conditional_formatting for rule in r.rules for f in rule.formula]
    for number in "123":
        assert any(f.endswith(f'&""="{number}"') for f in formulas)
    assert any(f.endswith('="HOLD"') for f in formulas)


def test_the_example_is_a_shop_that_loads():
    """The candle shop has requests, facts for each of its SKUs, and untouched settings."""
    book = openpyxl.load_workbook(io.BytesIO(EXAMPLE))
    asked = [row[:2] for row in book[contract.REQUESTS].iter_rows(4, values_only=True) if row[0]]
    facts = {row[0] for row in book[contract.PRODUCTS].iter_rows(4, values_only=True)}
    assert len(asked) == len(set(asked)) > 20
    assert {sku for sku, _ in asked} == facts
    assert all(sku.startswith("00") for sku in facts)
    known = {place.name for place in configuration.defaults().placements}
    assert {place for _, place in asked} <= known
    loaded, problems = configuration.load(_tabs(EXAMPLE))
    assert problems == [] and loaded.tiers


def test_specs_and_tabs_agree(book):
    """Every declared column of a settings tab is in the template, in the declared order."""
    for spec in TABS:
        wanted = [f.heading for f in spec.fields]
        rows = book[spec.name].iter_rows(max_row=6, values_only=True)
        lines = [[str(v).rstrip("*") for v in row if v is not None] for row in rows]
        best = max(lines, key=lambda line: len(set(line) & set(wanted)))
        assert [h for h in best if h in wanted] == wanted


@pytest.mark.libreoffice
def test_another_program_opens_it(tmp_path):
    """LibreOffice reads every tab of the example and sees the same SKUs, zeros included."""
    source = tmp_path / "shop.xlsx"
    source.write_bytes(EXAMPLE)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", csv, "--outdir", tmp_path, source],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (requests,) = tmp_path.glob("shop*.csv")
    lines = requests.read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("SKU*,Placement*,Product name")
    assert lines[3].startswith("00101,Marketplace main")
