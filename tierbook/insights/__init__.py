"""What worked: metrics, monthly review, alerts, the 90-day audit."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.insights.auditing.audit import Audit, audit
    from tierbook.insights.reporting import (
        AuditOutcome,
        ReportOutcome,
        audit_book,
        audit_catalog,
        audit_tab,
        report,
    )
    from tierbook.insights.review import Review, monthly_review

# Public name -> module; loaded on first use, so that `tierbook --help` imports none of them.
_HOMES = {
    "Audit": "auditing.audit",
    "AuditOutcome": "reporting",
    "audit": "auditing.audit",
    "audit_book": "reporting",
    "audit_catalog": "reporting",
    "audit_tab": "reporting",
    "ReportOutcome": "reporting",
    "Review": "review",
    "monthly_review": "review",
    "report": "reporting",
}

__all__ = [
    "Audit",
    "AuditOutcome",
    "ReportOutcome",
    "Review",
    "audit",
    "audit_book",
    "audit_catalog",
    "audit_tab",
    "monthly_review",
    "report",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tierbook.insights' has no attribute {name!r}")
    return getattr(import_module(f"tierbook.insights.{_HOMES[name]}"), name)
