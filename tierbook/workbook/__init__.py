"""Tierbook's workbook: headings, reading, the template, output columns, tabs and charts."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.workbook.answered_file import answered, standalone
    from tierbook.workbook.planning import plan
    from tierbook.workbook.reading import Book, ReadOptions, read_book, read_tabs
    from tierbook.workbook.request_table import requests
    from tierbook.workbook.settings_tabs import with_settings
    from tierbook.workbook.template import build as build_template
    from tierbook.workbook.writing_tables import write_delimited, write_parquet

# Public name -> module; loaded on first use, so that `tierbook --help` imports no numpy.
_HOMES = {
    "Book": "reading",
    "ReadOptions": "reading",
    "answered": "answered_file",
    "build_template": "template",
    "plan": "planning",
    "read_book": "reading",
    "read_tabs": "reading",
    "requests": "request_table",
    "standalone": "answered_file",
    "with_settings": "settings_tabs",
    "write_delimited": "writing_tables",
    "write_parquet": "writing_tables",
}

__all__ = [
    "Book",
    "ReadOptions",
    "answered",
    "build_template",
    "plan",
    "read_book",
    "read_tabs",
    "requests",
    "standalone",
    "with_settings",
    "write_delimited",
    "write_parquet",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tierbook.workbook' has no attribute {name!r}")
    home = import_module(f"tierbook.workbook.{_HOMES[name]}")
    return getattr(home, "build" if name == "build_template" else name)
