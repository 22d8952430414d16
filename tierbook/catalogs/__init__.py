"""Store exports in: what wrote a file is told by its headings, one module a format."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.catalogs.catalog import Catalog, Item
    from tierbook.catalogs.filling import ImportCounts, into_workbook
    from tierbook.catalogs.importing import ImportReport, import_exports
    from tierbook.catalogs.reading import read

# Public name -> module; loaded on first use, so that `tierbook --help` stays cheap.
_HOMES = {
    "Catalog": "catalog",
    "ImportCounts": "filling",
    "ImportReport": "importing",
    "Item": "catalog",
    "import_exports": "importing",
    "into_workbook": "filling",
    "read": "reading",
}
__all__ = [
    "Catalog",
    "ImportCounts",
    "ImportReport",
    "Item",
    "import_exports",
    "into_workbook",
    "read",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tierbook.catalogs' has no attribute {name!r}")
    return getattr(import_module(f"tierbook.catalogs.{_HOMES[name]}"), name)
