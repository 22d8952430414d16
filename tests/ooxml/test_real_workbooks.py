"""Real workbooks of many programs come back whole, and LibreOffice opens what was made of them."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from tests.ooxml.books import catalog, five_rows
from tierbook.ooxml import edit

ROOT = Path(__file__).parents[2]


def load_check():
    """Load the benchmark script, which is also the judge here."""
    spec = importlib.util.spec_from_file_location(
        "coming_back_whole", ROOT / "benchmarks" / "coming_back_whole.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_workbook_of_the_folder_is_whole_or_refused_with_a_reason():
    """No part, cell, formula or cached value of the seller's differs after the edit."""
    folder = os.environ.get("TIERBOOK_REAL_FILES")
    if not folder:
        pytest.skip("TIERBOOK_REAL_FILES is not set, so no real workbook was tried")
    check = load_check()
    found = check.workbooks([Path(folder)])
    assert found, f"no workbook under {folder}"
    outcomes = [check.check(path) for path in found]
    assert {one.name: one.faults for one in outcomes if one.faults} == {}
    assert all(one.refused.partition(" -> ")[2] for one in outcomes if one.refused)


def test_the_judge_passes_a_made_workbook(tmp_path):
    """The same checks hold for the look-alike of these tests, so that they run everywhere."""
    path = tmp_path / "made.xlsx"
    path.write_bytes(catalog())
    outcome = load_check().check(path)
    assert (outcome.refused, outcome.faults) == ("", [])
    assert (outcome.cells, outcome.formulas) == (24, 5)


@pytest.mark.libreoffice
def test_libreoffice_opens_the_result(tmp_path):
    """A second program reads the new columns beside the old ones and recalculates the same."""
    check = load_check()
    path = tmp_path / "made.xlsx"
    path.write_bytes(catalog())
    outcome = check.check(path)
    outcome.result = edit(catalog(), five_rows()).content
    check.HEADERS = ("Tier", "Result")
    assert check.open_in_libreoffice([outcome], tmp_path) == 1
    lines = (tmp_path / "out" / "0.csv").read_text().splitlines()
    assert lines[0] == "SKU,Name,Price,Twice,Tier,Result"
    assert lines[1] == "A-001,Candle <1> & wax,1.25,2.5,1,open"
    assert lines[5].endswith(",2,2026-11-24")
