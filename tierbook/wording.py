"""Spell errors and tables for people and programs; needs none of the heavy rooms."""

from collections.abc import Sequence
from typing import Any

from tierbook.errors import TierbookError


def error_document(error: TierbookError) -> dict[str, Any]:
    """Return what stopped a run as plain values."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "fix": error.fix,
            "money": error.money,
            "exit_code": error.exit_code,
        }
    }


def error_words(error: TierbookError) -> str:
    """Spell what stopped a run: what happened, what to do next, whether money moved."""
    lines = [f"error[{error.code}] {error.message}"]
    if error.fix:
        lines.append(f"  fix: {error.fix}")
    if error.money:
        lines.append(f"  {error.money}")
    return "\n".join(lines)


def plain_table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> list[str]:
    """Line up a table for a pipe or a log: the first column left, the others right."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        return "  ".join(cells).rstrip()

    return [line(heads), *(line(row) for row in rows)]
