from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.costing.shop import CONFIGURATION, decisions, requests, with_settings
from tierbook.model import PromptTemplate
from tierbook.prompts import compose, placeholders, with_avoid_list


def shop_with(text, avoid="", configuration=CONFIGURATION):
    template = PromptTemplate("Scene", 2, text, avoid, row=7)
    return replace(configuration, prompts=(template,))


def composed(text, avoid="", configuration=CONFIGURATION, **columns):
    count = len(next(iter(columns.values()), [None]))
    shop = shop_with(text, avoid, configuration)
    return compose(requests(count, **columns), decisions([2] * count), shop)


@pytest.mark.parametrize(
    ("written", "value", "text"),
    [
        ("{Product name}", "Oak mug", "Oak mug"),
        ("{product_name}", "Oak mug", "Oak mug"),
        ("{ PRODUCTNAME* }", "Oak mug", "Oak mug"),
        ("{Product name}", "two\nlines  wide", "two lines wide"),
        ("{Product name}", 12.0, "12"),
        ("{Product name}", True, "yes"),
        ("{Product name}", date(2026, 12, 24), "2026-12-24"),
        ("{Product name}", datetime(2026, 12, 24), "2026-12-24"),  # noqa: DTZ001 - cells know no zone
    ],
)
def test_a_placeholder_is_matched_like_a_heading(written, value, text):
    """Case, spaces, underscores and a trailing star do not matter; values are spelled plainly."""
    prompts, problems = composed(written, Product_name=[value])
    assert prompts[0] == text
    assert problems == []


def test_any_column_of_the_sheet_can_be_a_placeholder():
    """A seller's own heading works like Tierbook's."""
    assert composed("Scent: {Duft}.", Duft=["Zimt"])[0][0] == "Scent: Zimt."


def test_brand_size_and_ratio_come_from_settings_and_decision():
    """Values that are not columns are there too."""
    brand = with_settings(brand_name="Lumen", brand_colours=("#112233", "gold"))
    text = "{Brand name}, {Brand colours}, {Brand colors}, {Width}x{Height}, {Ratio}"
    prompts, problems = composed(text, configuration=brand)
    assert prompts[0] == "Lumen, #112233, gold, #112233, gold, 1000x1000, 1:1"
    assert problems == []


def test_blank_ratio_and_background_are_those_of_the_placement():
    """The row's own cell first, then what the placement asks for."""
    text = "{Background} {Aspect ratio}"
    assert composed(text)[0][0] == "white 1:1"
    own = composed(text, Background=["scene", None], Aspect_ratio=[None, "4:3"])
    assert own[0].tolist() == ["scene 1:1", "white 4:3"]


def test_an_optional_part_falls_away_when_a_value_in_it_is_blank():
    """The words around the value go with it, and leave no double space or lonely comma."""
    text = "{SKU} on a table [, with {Props} and {Scene notes}], sharp. [Mood: {Campaign}.]"
    prompts, problems = composed(
        text, Props=["ice", "ice"], Scene_notes=["mint", None], Campaign=[None, "Yule"]
    )
    assert prompts.tolist() == [
        "S0 on a table, with ice and mint, sharp.",
        "S1 on a table, sharp. Mood: Yule.",
    ]
    assert problems == []


def test_a_missing_required_value_names_the_cell():
    """The row keeps a prompt; the warning says which cell to fill, or how to make it optional."""
    prompts, (problem,) = composed("A {Colour} mug", Colour=["red", "  "])
    assert prompts.tolist() == ["A red mug", "A mug"]
    assert (problem.code, problem.severity, problem.sku) == (
        "missing-prompt-value",
        "warning",
        "S1",
    )
    assert problem.cell.a1 == "A3"
    assert "Colour" in problem.fix


def test_a_missing_brand_name_is_asked_for_in_settings():
    """A value that comes from the settings is not looked for in the row."""
    _, (problem,) = composed("By {Brand name}")
    assert problem.cell.sheet == "Settings"


def test_a_placeholder_without_a_column_is_one_problem():
    """A heading that is nowhere is said once, at the template, not once a row."""
    _, (problem,) = composed("A {Colour} mug", Product_name=["a", "b", "c"])
    assert (problem.code, problem.cell.sheet, problem.cell.row) == (
        "unknown-placeholder",
        "Prompts",
        7,
    )
    assert "3 row" in problem.message


def test_an_unknown_template_leaves_no_prompt():
    """Rows of a template that is not in the tab have None, and one problem says so."""
    prompts, (problem,) = compose(requests(2), decisions([2, 1]), shop_with("x"))
    assert prompts.tolist() == ["x", None]
    assert problem.code == "no-template"
    assert "Plain" in problem.message


def test_rows_without_a_tier_or_in_error_have_no_prompt():
    """Nothing is written for what is not to be made."""
    table = requests(3)
    table = replace(table, bad=np.array([False, False, True]))
    prompts, problems = compose(table, decisions([0, -1, 2]), shop_with("x"))
    assert prompts.tolist() == [None, None, None]
    assert problems == []


def test_the_avoid_list_stands_at_the_end_once():
    """One place adds it, whatever its own punctuation."""
    assert composed("A mug.", avoid="text, props.")[0][0] == "A mug. Avoid: text, props."
    assert with_avoid_list("A mug.", " ") == "A mug."


def test_placeholders_are_listed_as_written():
    """The headings a template needs can be shown to the seller."""
    template = PromptTemplate("T", None, "{A b} [x {c}] {a_b}")
    assert placeholders(template) == ("A b", "c")


@given(st.text(max_size=30), st.text(max_size=30))
def test_values_are_text_and_never_a_template(name, notes):
    """Braces, brackets, stars and backslashes in a cell come out as they are."""
    prompts, _ = composed(
        "<{Product name}|[{Scene notes}]>", Product_name=[name], Scene_notes=[notes]
    )
    name, notes = " ".join(name.split()), " ".join(notes.split())
    assert prompts[0] == f"<{name}|{notes}>"
