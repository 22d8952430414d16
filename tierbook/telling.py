"""Say what a run found: as one JSON document for programs, as words for people.

Nothing here prints; the command line does.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from tierbook.app import RunReport
from tierbook.model import Problem, usd_rounded

# A seller with 4,000 rows of the same mistake reads it once, not 4,000 times.
_MOST_OF_A_KIND = 5
_SEVERITIES = ("error", "warning", "info")


def run_document(report: RunReport, generated: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the JSON document of `run` and `check`; amounts are integer micro-USD."""
    answers, saved = report.answers, report.saved
    return {
        "workbook": str(report.path),
        "output": str(saved.path) if saved else None,
        "backup": str(saved.backup) if saved and saved.backup else None,
        "rows": len(answers.requests),
        "decided": int((answers.decisions.tier > 0).sum()),
        "by_tier": report.by_tier(),
        "estimate_micro_usd": answers.bill.total(),
        "baseline_micro_usd": report.baseline(),
        "problems": [problem_document(problem) for problem in report.problems],
        "notes": list(answers.notes),
        "generated": dict(generated or {}),
    }


def problem_document(problem: Problem) -> dict[str, str | None]:
    """Return one problem as plain values."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "sheet": (problem.cell.sheet or None) if problem.cell else None,
        "cell": (problem.cell.a1 or None) if problem.cell else None,
        "sku": problem.sku or None,
        "message": problem.message,
        "fix": problem.fix,
    }


def problem_words(problem: Problem, workbook: str) -> str:
    """Spell one problem with its place: workbook, tab, cell and SKU."""
    place = workbook
    if problem.cell is not None:
        tab = f', tab "{problem.cell.sheet}"' if problem.cell.sheet else ""
        address = problem.cell.a1
        cell = f", cell {address}" if problem.cell.row and problem.cell.column else ""
        place += tab + (cell or (f", {address}" if address else ""))
    about = f" (SKU {problem.sku})" if problem.sku else ""
    lines = [f"{problem.severity}[{problem.code}] {place}{about}", f"  {problem.message}"]
    if problem.fix:
        lines.append(f"  fix: {problem.fix}")
    return "\n".join(lines)


def problems_words(problems: Iterable[Problem], workbook: str) -> list[str]:
    """Spell all problems, errors first; of many of one kind the first few and their number."""

    def kind(problem: Problem) -> tuple[int, str]:
        return _SEVERITIES.index(problem.severity), problem.code

    told: list[str] = []
    for _, group in groupby(sorted(problems, key=kind), key=kind):
        same = list(group)
        told += [problem_words(problem, workbook) for problem in same[:_MOST_OF_A_KIND]]
        if len(same) > _MOST_OF_A_KIND:
            rest = len(same) - _MOST_OF_A_KIND
            told.append(f"  ... and {rest:,} more of this kind: see the Problems tab.")
    return told


def tier_lines(report: RunReport) -> list[tuple[str, ...]]:
    """Return the rows of the tier table: name, requests, pictures, estimate."""
    counts: Mapping[str, Mapping[str, int]] = report.by_tier()
    lines: list[tuple[str, ...]] = [
        (
            f"{tier.number} {tier.name}",
            f"{counts[str(tier.number)]['requests']:,}",
            f"{counts[str(tier.number)]['images']:,}",
            usd_rounded(counts[str(tier.number)]["estimate_micro_usd"]),
        )
        for tier in report.answers.configuration.tiers
    ]
    status = report.answers.status
    for word, label in (("HOLD", "waiting for you"), ("SKIPPED", "skipped"), ("ERROR", "errors")):
        count = int((status == word).sum())
        if count:
            lines.append((label, f"{count:,}", "", ""))
    return lines


def saving_sentence(report: RunReport) -> str:
    """Compare the routed estimate with one model for everything; nothing where no baseline is."""
    estimate, baseline = report.answers.bill.total(), report.baseline()
    if baseline <= 0:
        return f"Estimate {usd_rounded(estimate)}."
    difference = baseline - estimate
    share = abs(difference) * 100 // baseline
    word = "less" if difference >= 0 else "more"
    return (
        f"Estimate {usd_rounded(estimate)}; one model for everything would cost "
        f"{usd_rounded(baseline)} ({share} % {word} by routing)."
    )


def where_sentences(report: RunReport, *, money: bool = True) -> list[str]:
    """Say where the answers are, where the backup is and, with `money`, that none moved."""
    saved, none_moved = report.saved, " No money moved." if money else ""
    if saved is None:
        return [f"Nothing was written.{none_moved}"]
    if not saved.in_place:
        sync = f"{saved.remedy} and run `tierbook sync {_quoted(report.path)}` to put them in."
        return [
            saved.reason,
            f'The answers are in "{saved.path.name}" beside it; the workbook is untouched.'
            f"{none_moved}",
            *([sync] if saved.remedy else []),
        ]
    if saved.reason:
        return [f"{saved.path.name}: {saved.reason}{none_moved}"]
    lines = [f"The answers are in {saved.path}.{none_moved}"]
    if saved.backup is not None:
        lines.append(f"Before: {_short(saved.backup, saved.path)} (`tierbook undo` puts it back).")
    return lines


def next_step(report: RunReport) -> str:
    """Name the one thing to do next."""
    errors = sum(problem.severity == "error" for problem in report.problems)
    if report.saved is None:
        return f"Next: tierbook run {_quoted(report.path)}"
    if report.saved.path.suffix.lower() not in (".xlsx", ".xlsm"):  # a table has no tabs
        column = "Message says what to correct" if errors else "Tier and those behind it are new"
        return f"Next: open the table; the column {column}."
    if errors:
        return "Next: open the workbook, tab Problems: each line links to the cell to correct."
    return "Next: open the workbook, tab Cost summary."


def _short(path: Path, beside: Path) -> str:
    try:
        return str(path.relative_to(beside.resolve().parent))
    except ValueError:
        return str(path)


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text
