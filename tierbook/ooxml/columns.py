"""Column widths, folding and the used range: `cols`, `sheetFormatPr`, `sheetPr`, `dimension`."""

from collections.abc import Sequence

from tierbook.ooxml import markup
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.plan import ColumnEdit
from tierbook.ooxml.ranges import CellRange


def widen_dimension(frame: Tree, area: CellRange) -> None:
    """Stretch the sheet's used range over what was written; a sheet without one stays without."""
    dimension = markup.child(frame, "dimension")
    if dimension is None:
        return
    try:
        old = CellRange.parse(dimension.get("ref") or "")
    except ValueError:
        return
    wide = CellRange(
        min(old.top, area.top),
        min(old.left, area.left),
        max(old.bottom, area.bottom),
        max(old.right, area.right),
    )
    if wide != old:
        dimension.set("ref", str(wide))


def shape_columns(frame: Tree, edits: Sequence[ColumnEdit], *, summary_left: bool) -> None:
    """Give new columns their width and folding, splitting ranges that cover them.

    Columns that were ours before keep what a person made of them.
    """
    shaped = [
        one
        for one in edits
        if one.new and (one.width is not None or one.outline_level or one.hidden or one.collapsed)
    ]
    if not shaped:
        return
    listed = markup.child(frame, "cols")
    if listed is None:
        listed = markup.insert_ordered(frame, "cols", markup.SHEET_ORDER)
    had_outline = any(one.get("outlineLevel") for one in markup.children(listed, "col"))
    for edit in shaped:
        _shape(_single(listed, edit.column), edit)
    levels = max(one.outline_level for one in shaped)
    if levels:
        _allow_outline(frame, levels)
        if summary_left and not had_outline:
            _fold_to_the_left(frame)


def _shape(column: Tree, edit: ColumnEdit) -> None:
    if edit.width is not None:
        column.set("width", f"{edit.width:g}")
        column.set("customWidth", "1")
    elif column.get("width") is None:
        column.set("width", "9.140625")
    if edit.hidden:
        column.set("hidden", "1")
    if edit.outline_level:
        column.set("outlineLevel", str(edit.outline_level))
    if edit.collapsed:
        column.set("collapsed", "1")


def _single(listed: Tree, number: int) -> Tree:
    """Return the `col` that stands for exactly this column, split out of a range or made."""
    before: Tree | None = None
    for one in markup.children(listed, "col"):
        low, high = int(one.get("min") or 0), int(one.get("max") or 0)
        if low <= number <= high:
            return _split(one, low, high, number)
        if high < number:
            before = one
    column = listed.makeelement(
        f"{{{markup.namespace(listed)}}}col", {"min": str(number), "max": str(number)}
    )
    if before is None:
        listed.insert(0, column)
    else:
        before.addnext(column)
    return column


def _split(column: Tree, low: int, high: int, number: int) -> Tree:
    attributes = markup.attributes_of(column)
    if low < number:
        left = column.makeelement(column.tag, attributes | {"max": str(number - 1)})
        column.addprevious(left)
    if number < high:
        right = column.makeelement(column.tag, attributes | {"min": str(number + 1)})
        column.addnext(right)
    column.set("min", str(number))
    column.set("max", str(number))
    return column


def _allow_outline(frame: Tree, levels: int) -> None:
    """Tell Excel how many outline levels to leave room for above the columns."""
    shape = markup.child(frame, "sheetFormatPr")
    if shape is None:
        shape = markup.insert_ordered(
            frame, "sheetFormatPr", markup.SHEET_ORDER, defaultRowHeight="15"
        )
    if int(shape.get("outlineLevelCol") or 0) < levels:
        shape.set("outlineLevelCol", str(levels))


def _fold_to_the_left(frame: Tree) -> None:
    properties = markup.child(frame, "sheetPr")
    if properties is None:
        properties = markup.insert_ordered(frame, "sheetPr", markup.SHEET_ORDER)
    outline = markup.child(properties, "outlinePr")
    if outline is None:
        order = ("tabColor", "outlinePr", "pageSetUpPr")
        outline = markup.insert_ordered(properties, "outlinePr", order)
    outline.set("summaryRight", "0")
