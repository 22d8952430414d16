"""Editing an xlsx package in place: facts, planned edits, grafted tabs, and a proof of each save.

Knows nothing of Tierbook and could be a library of its own.
"""

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
]
