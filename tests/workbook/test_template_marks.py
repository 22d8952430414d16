import re

from tierbook import contract
from tierbook.workbook.marks import column_mark, tab_mark


def test_marks_are_names_a_spreadsheet_takes():
    """Letters, digits and underscores only, and never the shape of a cell address."""
    names = [column_mark(h) for h in contract.REQUEST_OUTPUTS]
    names += [tab_mark(t) for t in contract.OUTPUT_TABS]
    assert all(re.fullmatch(r"_tb_(col|tab)_[A-Za-z0-9_]+", name) for name in names)
    assert len(set(map(str.casefold, names))) == len(names)


def test_a_mark_is_the_heading_with_underscores():
    """The rule is stable: workbooks already out there carry these names."""
    assert column_mark("Est. cost per image") == "_tb_col_Est_cost_per_image"
    assert column_mark("SKU") == "_tb_col_SKU"
    assert tab_mark("Cost summary") == "_tb_tab_Cost_summary"
