"""What to change in a workbook: plain values, so that a plan can be made without any XML.

Rows and columns are 1-based throughout; colours are "RRGGBB".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tierbook.ooxml.proof import Proof

CellValue: TypeAlias = str | int | float | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks, on top of the workbook's own default font.

    `size` is in points, `number_format` is a format code ("" is General), `border` a thin grey
    line all around, `unlocked` keeps the cell editable on a protected sheet.
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    font_color: str = ""
    fill: str = ""
    size: float | None = None
    number_format: str = ""
    wrap: bool = False
    horizontal: str = ""
    vertical: str = ""
    border: bool = False
    unlocked: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A cell whose text opens something when clicked; never written as a formula.

    `target` is a relative path or an https address, or a place in the workbook: "#'Tab'!A1".
    """

    target: str
    text: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """A dropdown, or only an input message when `formula` is empty.

    `formula` is a defined name, a range, or a quoted list: `"a,b,c"`. `error` is what a person
    reads after typing something else; left empty, other values are accepted in silence.
    """

    formula: str = ""
    prompt_title: str = ""
    prompt: str = ""
    allow_blank: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class ColumnEdit:
    """One column of ours: its header, its values and how they look.

    Attributes:
        column: 1-based sheet column.
        header_row: 1-based row the header stands in.
        header: Text of the header cell.
        rows: 1-based sheet rows of the values, shape (n,), ascending.
        values: The values, shape (n,); None leaves, or makes, the cell empty.
        style: Look of the value cells.
        header_style: Look of the header cell.
        palette: Further looks that `cell_styles` picks from.
        cell_styles: Index into `palette` for each value, shape (n,); -1 means `style`.
        width: Column width in characters, None to leave it.
        outline_level: Depth in Excel's outline, 0 for none.
        hidden: Fold the column away.
        collapsed: Mark the column as the one that bears the [+] of a folded group.
        validation: Dropdown or message of the value cells.
        header_message: Message shown when the header cell is selected.
        new: True: the column must be empty there, else the edit is refused. False: the column is
            already ours, its values are replaced and cells keep a look a person gave them.
    """

    column: int
    header_row: int
    header: str
    rows: Sequence[int]
    values: "Sequence[CellValue | Link]"
    style: Style = Style()
    header_style: Style = Style()
    palette: tuple[Style, ...] = ()
    cell_styles: Sequence[int] | None = None
    width: float | None = None
    outline_level: int = 0
    hidden: bool = False
    collapsed: bool = False
    validation: Validation | None = None
    header_message: Validation | None = None
    new: bool = True


@dataclass(frozen=True, slots=True)
class ConditionalFormat:
    """A look that depends on a formula; `formula` is relative to the first cell of `ref`."""

    ref: str
    formula: str
    style: Style
    stop: bool = False


@dataclass(frozen=True, slots=True)
class SheetEdit:
    """All changes of one sheet.

    Attributes:
        sheet: Name of the tab.
        columns: Whole columns of ours.
        cells: Single cells of ours by (row, column); an existing look is kept.
        grow_tables: Widen a table that ends exactly where new columns begin.
        conditional_formats: Rules to add, once each.
        summary_left: Put the outline's [+] left of a group instead of right of it.
    """

    sheet: str
    columns: tuple[ColumnEdit, ...] = ()
    cells: "Mapping[tuple[int, int], CellValue | Link]" = field(
        default_factory=dict[tuple[int, int], "CellValue | Link"]
    )
    grow_tables: bool = True
    conditional_formats: tuple[ConditionalFormat, ...] = ()
    summary_left: bool = False


@dataclass(frozen=True, slots=True)
class Graft:
    """Tabs to bring in from `source`, the bytes of a workbook authored by XlsxWriter.

    Names inside the source are already final. A tab whose name is also removed by the same plan
    takes the removed one's position among the tabs; others go to the end, in this order.
    """

    source: bytes
    tabs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditPlan:
    """Everything to change in one workbook.

    Attributes:
        sheets: Changes of existing sheets.
        graft: Tabs to bring in.
        remove_tabs: Tabs of ours to take out, with all that only they reach.
        names: Workbook-level defined names: formula text to set as a hidden name, None to delete.
        recalculate: Ask Excel to recalculate on opening; None decides by whether values changed
            in a workbook that has formulas.
        active_tab: Tab to show first, None to leave the seller's choice.
    """

    sheets: tuple[SheetEdit, ...] = ()
    graft: Graft | None = None
    remove_tabs: tuple[str, ...] = ()
    names: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    recalculate: bool | None = None
    active_tab: str | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The new workbook, what was compared before it was handed out, and what was left as it was.

    `notes` are sentences for the seller, such as a table that could not be widened.
    """

    content: bytes
    proof: "Proof"
    notes: tuple[str, ...] = ()
