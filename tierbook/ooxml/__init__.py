"""Editing an xlsx package in place: facts, planned edits, grafted tabs, and a proof of each save.

Knows nothing of Tierbook and could be a library of its own. Importing it is cheap: the XML
machinery is loaded by the first call of `inspect` or `edit`.
"""

from typing import TYPE_CHECKING

from tierbook.ooxml.plan import (
    CellValue,
    ColumnEdit,
    ConditionalFormat,
    Edited,
    EditPlan,
    Graft,
    Link,
    SheetEdit,
    Style,
    Validation,
)

if TYPE_CHECKING:
    from tierbook.ooxml.facts import PackageFacts


def edit(content: bytes, plan: EditPlan) -> Edited:
    """Carry out a plan on the bytes of a workbook; see `tierbook.ooxml.editing.edit`."""
    from tierbook.ooxml.editing import edit as carry_out

    return carry_out(content, plan)


def inspect(content: bytes) -> "PackageFacts":
    """Look at a workbook without reading its values; see `tierbook.ooxml.facts.inspect`."""
    from tierbook.ooxml.facts import inspect as look

    return look(content)


__all__ = [
    "CellValue",
    "ColumnEdit",
    "ConditionalFormat",
    "EditPlan",
    "Edited",
    "Graft",
    "Link",
    "SheetEdit",
    "Style",
    "Validation",
    "edit",
    "inspect",
]
