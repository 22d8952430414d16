"""The hidden defined names by which Tierbook knows its own columns and tabs again.

A mark refers to one cell: a column's header, or cell A1 of a tab. Spreadsheet programs move it
along when a seller moves, inserts or sorts, so it stays true where a heading or a letter would
not. The bare slug is the heading with every run of other characters turned into one underscore.
"""

import re
from typing import Final

COLUMN_PREFIX: Final = "_tb_col_"
TAB_PREFIX: Final = "_tb_tab_"
# Refers to the template version as a text constant: ="1".
VERSION: Final = "_tb_version"
TEMPLATE_VERSION: Final = "1"

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")


def column_mark(heading: str) -> str:
    """Name the mark of an output column: `Est. cost` -> `_tb_col_Est_cost`."""
    return COLUMN_PREFIX + _slug(heading)


def tab_mark(tab: str) -> str:
    """Name the mark of an output tab: `Cost summary` -> `_tb_tab_Cost_summary`."""
    return TAB_PREFIX + _slug(tab)


def _slug(text: str) -> str:
    return _NOT_IN_NAMES.sub("_", text).strip("_")
