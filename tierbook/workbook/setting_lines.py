"""Lines of the Settings tab that Tierbook keeps up to date itself."""

from collections.abc import Mapping

from tierbook.configuration import tabs
from tierbook.configuration.cells import is_blank
from tierbook.configuration.rows import body, cell_at, find_header
from tierbook.contract import folded
from tierbook.model import CellValue, TabRows
from tierbook.ooxml import SheetEdit

_LABEL, _VALUE = tabs.SETTINGS.field("Setting"), tabs.SETTINGS.field("Value")
_NOTE = tabs.SETTINGS.field("Note")


def setting_lines_edit(tab: TabRows, lines: Mapping[str, CellValue], note: str) -> SheetEdit | None:
    """Plan the cells that set these lines by label; new ones go below the last, with the note.

    None where the tab has no headings to go by.
    """
    header = find_header(tab, tabs.SETTINGS)
    if header is None:
        return None
    label = header.columns[_LABEL]
    value = header.columns.get(_VALUE, label + 1)
    known = {
        folded(str(cell_at(cells, label))): row
        for row, cells in body(tab, header)
        if not is_blank(cell_at(cells, label))
    }
    used = [row for row, cells in enumerate(tab.rows, tab.first_row) if any(map(_says, cells))]
    below = max(used) + 1
    cells: dict[tuple[int, int], CellValue] = {}
    for name, text in lines.items():
        row = known.get(folded(name))
        if row is None:
            row, below = below, below + 1
            cells[row, label + 1] = name
            if _NOTE in header.columns:
                cells[row, header.columns[_NOTE] + 1] = note
        cells[row, value + 1] = text
    return SheetEdit(tab.sheet, cells=cells, grow_tables=False)


def _says(cell: CellValue) -> bool:
    return not is_blank(cell)
