"""Store exports in: what wrote a file is told by its headings, one module a format."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.catalogs.catalog import Catalog, Item
    from tierbook.catalogs.reading import read

# Public name -> module; loaded on first use, so that `tierbook --help` stays cheap.
_HOMES = {"Catalog": "catalog", "Item": "catalog", "read": "reading"}
__all__ = ["Catalog", "Item", "read"]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tierbook.catalogs' has no attribute {name!r}")
    return getattr(import_module(f"tierbook.catalogs.{_HOMES[name]}"), name)
