"""Decide: unary tests, decision tables, their verification, the routers. Pure and columnar."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.routing.check import check_rubric, run_tests
    from tierbook.routing.deciding import decide
    from tierbook.routing.explain import cheaper_if
    from tierbook.routing.share import share_rubric
    from tierbook.routing.table import DecisionTable

__all__ = ["DecisionTable", "cheaper_if", "check_rubric", "decide", "run_tests", "share_rubric"]

_HOMES = {
    "DecisionTable": "table",
    "cheaper_if": "explain",
    "check_rubric": "check",
    "decide": "deciding",
    "run_tests": "check",
    "share_rubric": "share",
}


def __getattr__(name: str) -> Any:
    """Load each part on first use, so that importing the room costs nothing."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tierbook.routing' has no attribute {name!r}")
    return getattr(import_module(f"tierbook.routing.{home}"), name)
