"""Tierbook routes every product picture of a seller's sheet to the right tier, and prices it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.routing.table import DecisionTable

__all__ = ["DecisionTable", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the public classes on first use, so that `tierbook --help` imports no numpy."""
    if name == "DecisionTable":
        from tierbook.routing.table import DecisionTable

        return DecisionTable
    raise AttributeError(f"module 'tierbook' has no attribute {name!r}")
