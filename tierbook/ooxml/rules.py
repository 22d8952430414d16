"""Dropdowns, input messages and conditional formats: each once, and never over the seller's."""

from collections.abc import Sequence

from tierbook.ooxml import markup
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.plan import ColumnEdit, ConditionalFormat, Validation
from tierbook.ooxml.ranges import CellRange, column_runs, parse_list
from tierbook.ooxml.styles import StyleBook

_TITLE_LIMIT, _PROMPT_LIMIT, _ERROR_LIMIT = 32, 255, 225


def add_validations(frame: Tree, edits: Sequence[ColumnEdit]) -> None:
    """Add the dropdowns and messages of columns, or move ours to the rows of today."""
    for edit in edits:
        if edit.header_message is not None and edit.new:
            place = CellRange(edit.header_row, edit.column, edit.header_row, edit.column)
            _add(frame, edit.header_message, (place,))
        if edit.validation is not None and len(edit.rows):
            _add(frame, edit.validation, column_runs(edit.column, map(int, edit.rows)))


def _add(frame: Tree, validation: Validation, places: Sequence[CellRange]) -> None:
    listed = markup.child(frame, "dataValidations")
    sqref = " ".join(map(str, places))
    column = places[0].left
    for one in [] if listed is None else markup.children(listed, "dataValidation"):
        covered = parse_list(one.get("sqref") or "")
        if not any(old.meets(new) for old in covered for new in places):
            continue
        in_column = all(old.left == old.right == column for old in covered)
        if in_column and _same(one, validation) and one.get("sqref") != sqref:
            one.set("sqref", sqref)
        # A rule that covers the cells and is not ours was put there by a person: it stays.
        return
    if listed is None:
        listed = markup.insert_ordered(frame, "dataValidations", markup.SHEET_ORDER)
    _write(markup.append(listed, "dataValidation"), validation, sqref)
    listed.set("count", str(len(markup.children(listed, "dataValidation"))))


def _formula(element: Tree) -> str:
    formula = markup.child(element, "formula1")
    return "" if formula is None else formula.text or ""


def _same(element: Tree, validation: Validation) -> bool:
    return (
        _formula(element) == validation.formula
        and (element.get("prompt") or "") == validation.prompt[:_PROMPT_LIMIT]
    )


def _write(element: Tree, validation: Validation, sqref: str) -> None:
    if validation.formula:
        element.set("type", "list")
    if validation.allow_blank:
        element.set("allowBlank", "1")
    element.set("showInputMessage", "1")
    if validation.error:
        element.set("showErrorMessage", "1")
        element.set("error", validation.error[:_ERROR_LIMIT])
    if validation.prompt_title:
        element.set("promptTitle", validation.prompt_title[:_TITLE_LIMIT])
    if validation.prompt:
        element.set("prompt", validation.prompt[:_PROMPT_LIMIT])
    element.set("sqref", sqref)
    if validation.formula:
        markup.append(element, "formula1").text = validation.formula


def add_conditional_formats(
    frame: Tree, formats: Sequence[ConditionalFormat], styles: StyleBook
) -> None:
    """Add rules below the seller's own in priority; one that is there already is only moved."""
    for wanted in formats:
        look = str(styles.differential_format(wanted.style))
        if _refresh(frame, wanted, look):
            continue
        priorities = [
            int(rule.get("priority") or 0)
            for rule in frame.iter("{*}cfRule")
            if (rule.get("priority") or "").isdigit()
        ]
        area = markup.insert_ordered(
            frame, "conditionalFormatting", markup.SHEET_ORDER, sqref=wanted.ref
        )
        rule = markup.append(
            area,
            "cfRule",
            type="expression",
            dxfId=look,
            priority=str(max(priorities, default=0) + 1),
        )
        if wanted.stop:
            rule.set("stopIfTrue", "1")
        markup.append(rule, "formula").text = wanted.formula


def _refresh(frame: Tree, wanted: ConditionalFormat, look: str) -> bool:
    """Find the rule from an earlier edit and let it cover today's cells."""
    places = parse_list(wanted.ref)
    for area in markup.children(frame, "conditionalFormatting"):
        rules = markup.children(area, "cfRule")
        if len(rules) != 1 or rules[0].get("type") != "expression":
            continue
        formula = markup.child(rules[0], "formula")
        if formula is None or formula.text != wanted.formula or rules[0].get("dxfId") != look:
            continue
        covered = parse_list(area.get("sqref") or "")
        if any(old.meets(new) for old in covered for new in places):
            if area.get("sqref") != wanted.ref:
                area.set("sqref", wanted.ref)
            return True
    return False
