"""Bring the settings tabs into a seller's own workbook, for a seller who wants to change them."""

from tierbook import ooxml
from tierbook.contract import CONFIGURATION_TABS, folded
from tierbook.workbook.template_file import template_path


def with_settings(content: bytes) -> bytes:
    """Return the workbook with every settings tab it lacks, as the blank workbook has them.

    Raises:
        EditRefused: the workbook cannot take tabs without losing something.
    """
    present = {folded(sheet.name) for sheet in ooxml.inspect(content).sheets}
    missing = tuple(tab for tab in CONFIGURATION_TABS if folded(tab) not in present)
    if not missing:
        return content
    graft = ooxml.Graft(template_path().read_bytes(), missing)
    return ooxml.edit(content, ooxml.EditPlan(graft=graft)).content
