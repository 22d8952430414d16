"""What a quality check says: one name, one verdict, the value measured and its limit."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["pass", "warn", "fail"]
_ORDER: dict[Verdict, int] = {"pass": 0, "warn": 1, "fail": 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One quality check; `value` and `limit` are spelled as a person reads them."""

    name: str
    verdict: Verdict
    value: str
    limit: str
    message: str = ""


def at_least(
    name: str, value: float, *, warn: float, fail: float, spell: str = "{:.2f}", message: str = ""
) -> Check:
    """Judge a value that should be high: below `fail` fails, below `warn` warns."""
    verdict: Verdict = "fail" if value < fail else "warn" if value < warn else "pass"
    limit = f"at least {spell.format(fail if verdict == 'fail' else warn)}"
    return Check(name, verdict, spell.format(value), limit, "" if verdict == "pass" else message)


def at_most(
    name: str, value: float, *, warn: float, fail: float, spell: str = "{:.2f}", message: str = ""
) -> Check:
    """Judge a value that should be low: above `fail` fails, above `warn` warns."""
    verdict: Verdict = "fail" if value > fail else "warn" if value > warn else "pass"
    limit = f"at most {spell.format(fail if verdict == 'fail' else warn)}"
    return Check(name, verdict, spell.format(value), limit, "" if verdict == "pass" else message)


def worst(checks: Iterable[Check]) -> Verdict:
    """Return the worst verdict; `pass` where there is nothing to judge."""
    said: set[Verdict] = {check.verdict for check in checks}
    return "fail" if "fail" in said else "warn" if "warn" in said else "pass"


def summary(checks: Iterable[Check]) -> str:
    """Spell the checks in one line for a cell: what failed first, or that all passed."""
    listed = sorted(checks, key=lambda check: -_ORDER[check.verdict])
    marks = [f"{check.verdict.upper()} {check.name}: {check.message}" for check in listed]
    raised = [mark for mark, check in zip(marks, listed, strict=True) if check.verdict != "pass"]
    return "; ".join(raised) if raised else f"{len(listed)} checks passed"


def to_json(checks: Iterable[Check]) -> str:
    """Write the checks as JSON text, a list of objects with the fields of `Check`."""
    return json.dumps([asdict(check) for check in checks], ensure_ascii=False)


def from_json(text: str) -> tuple[Check, ...]:
    """Read what `to_json` wrote."""
    return tuple(Check(**entry) for entry in json.loads(text))
