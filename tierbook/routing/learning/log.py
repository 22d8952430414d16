"""The log a router learns from: what was decided, with which probability, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import MICRO, Column, Configuration, Problem, text_column
from tierbook.routing.learning.features import RUBRIC_TIER
from tierbook.routing.matching import code_objects
from tierbook.routing.terms import fold, known

DECIDED_ON, OUTCOME_ON = "Decided on", "Outcome on"
APPROVED, PROPENSITY, COST = "Approved", "Propensity", "Cost"
VISITS, ORDERS = "Visits", "Orders"
# Headings of the log that are not features, each with the others it may bear.
_OWN = {
    contract.SKU: (),
    contract.TIER: ("Tier served",),
    DECIDED_ON: ("Decided", "Decision date", "Routed on", "Date"),
    OUTCOME_ON: ("Reviewed on", "Reviewed", "Review date"),
    APPROVED: (contract.REVIEW, "Accepted", "Approval"),
    PROPENSITY: ("Probability",),
    COST: (contract.ACTUAL_COST, "Cost USD", "Paid"),
    RUBRIC_TIER: ("Tier by rubric", "Rubric's tier"),
    VISITS: ("Sessions",),
    ORDERS: ("Conversions",),
}
_YES = frozenset({"yes", "true", "1", "approve", "approved"})
_NO = frozenset({"no", "false", "0", "reject", "rejected", "redo"})
UNKNOWN_PROPENSITY = 0.0


@dataclass(frozen=True)
class Log:
    """Rows with a tier, a date and an outcome; every array of shape (n,).

    Attributes:
        columns: What was known when routing, by heading, `Rubric tier` included.
        tier, rubric: Tier served, and the one the rubric named, as numbers.
        decided, outcome: Days (proleptic ordinals).
        approved: 1.0 or 0.0.
        propensity: Probability with which the tier was drawn, 0 where nobody wrote it down.
        cost: Micro-USD paid.
        product: A number per SKU.
        visits, orders: Counts, 0 where unknown.
    """

    columns: Mapping[str, Column]
    tier: NDArray[np.int8]
    rubric: NDArray[np.int8]
    decided: NDArray[np.int64]
    outcome: NDArray[np.int64]
    approved: NDArray[np.float64]
    propensity: NDArray[np.float64]
    cost: NDArray[np.float64]
    product: NDArray[np.intp]
    visits: NDArray[np.float64]
    orders: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.tier)

    def take(self, rows: NDArray[Any]) -> "Log":
        """Keep the chosen rows."""
        taken = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "columns"}
        columns = {heading: column[rows] for heading, column in self.columns.items()}
        return Log(columns=columns, **taken)


def read_log(
    columns: Mapping[str, Column], configuration: Configuration
) -> tuple[Log | None, list[Problem]]:
    """Read a log's columns, all of one length, whatever their order.

    Needed: `SKU`, `Tier`, `Rubric tier`, `Decided on`, `Approved`. Used where present:
    `Outcome on`, `Propensity`, `Cost` (USD), `Visits`, `Orders`; every other column may become a
    feature. Rows still open (no outcome), without a tier or date, or with an outcome before the
    decision are left out and counted.
    """
    own = {heading: _find(columns, heading) for heading in _OWN}
    needed = (contract.SKU, contract.TIER, RUBRIC_TIER, DECIDED_ON, APPROVED)
    missing = [heading for heading in needed if own[heading] is None]
    if missing:
        return None, [_missing(missing)]
    count = len(next(iter(columns.values())))
    read = _read(own, count)
    decided: NDArray[np.int64] = read.pop("decided")
    answered: NDArray[np.int64] = read.pop("outcome")
    outcome = np.where(answered == 0, decided, answered)
    numbers = [tier.number for tier in configuration.tiers]
    whole = np.isin(read["tier"], numbers) & np.isin(read["rubric"], numbers) & (decided > 0)
    closed = ~np.isnan(read["approved"])
    ordered = outcome >= decided
    features = {h: c for h, c in columns.items() if not own_heading(h)}
    features[RUBRIC_TIER] = text_column([f"tier {tier}" for tier in read["rubric"].tolist()])
    log = Log(columns=features, decided=decided, outcome=outcome, **read)
    kept = log.take(np.flatnonzero(whole & closed & ordered))
    return kept, _left_out(int((~whole).sum()), int((whole & ~closed).sum()),
                           int((whole & closed & ~ordered).sum()))  # fmt: skip


def _read(own: Mapping[str, Column | None], count: int) -> dict[str, Any]:
    blank = np.full(count, None, dtype=object)
    column = {heading: blank if found is None else found for heading, found in own.items()}
    propensity = _numbers(column[PROPENSITY], np.nan)
    usable = (propensity > 0) & (propensity <= 1)
    return {
        "tier": _numbers(column[contract.TIER], 0).astype(np.int8),
        "rubric": _numbers(column[RUBRIC_TIER], 0).astype(np.int8),
        "decided": _days(column[DECIDED_ON]),
        "outcome": _days(column[OUTCOME_ON]),
        "approved": _answers(column[APPROVED]),
        "propensity": np.where(usable, propensity, UNKNOWN_PROPENSITY),
        "cost": np.maximum(0, _numbers(column[COST], 0)) * MICRO,
        "product": code_objects(column[contract.SKU]).codes.astype(np.intp),
        "visits": np.maximum(0, _numbers(column[VISITS], 0)),
        "orders": np.maximum(0, _numbers(column[ORDERS], 0)),
    }


def _find(columns: Mapping[str, Column], heading: str) -> Column | None:
    by_key = {contract.folded(name): column for name, column in columns.items()}
    names = (heading, *_OWN[heading])
    return next((by_key[k] for k in map(contract.folded, names) if k in by_key), None)


_OWN_KEYS = {
    contract.folded(name): heading
    for heading, others in _OWN.items()
    for name in (heading, *others)
}


def own_heading(heading: str) -> str:
    """Name the log's own heading this one stands for; "" for what may become a feature."""
    return _OWN_KEYS.get(contract.folded(heading), "")


def _spread(column: Column, values: list[Any], codes: NDArray[Any], kind: Any) -> NDArray[Any]:
    return np.array(values, kind)[codes] if len(column) else np.empty(0, kind)


def _numbers(column: Column, missing: float) -> NDArray[np.float64]:
    coded = code_objects(column)
    numbers = [_number(value) for value in coded.values]
    filled = [missing if number is None else number for number in numbers]
    return _spread(column, filled, coded.codes, np.float64)


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return float(Decimal(str(value).strip().removeprefix("tier ").removeprefix("$")))
    except InvalidOperation:
        return None


def _days(column: Column) -> NDArray[np.int64]:
    coded = code_objects(column)
    return _spread(column, [_day(value) for value in coded.values], coded.codes, np.int64)


def _day(value: Any) -> int:
    if isinstance(value, date):
        return value.toordinal()
    try:
        return datetime.fromisoformat(str(value).strip()).toordinal()
    except ValueError:
        return 0


def _answers(column: Column) -> NDArray[np.float64]:
    coded = code_objects(column)
    return _spread(column, [_answer(value) for value in coded.values], coded.codes, np.float64)


def _answer(value: Any) -> float:
    seen = known(value)
    if isinstance(seen, bool):
        return float(seen)
    word = "" if seen is None else fold(str(seen)).removesuffix(".0")
    return 1.0 if word in _YES else 0.0 if word in _NO else float("nan")


def _missing(headings: list[str]) -> Problem:
    listed = ", ".join(f'"{heading}"' for heading in headings)
    return Problem(
        "log-incomplete",
        "error",
        f"The log has no column {listed}, so there is nothing to learn from.",
        "Train on the workbook itself, or add the columns: docs/learned-router.md lists them.",
    )


def _left_out(unreadable: int, still_open: int, backwards: int) -> list[Problem]:
    counts = (
        ("log-rows-unreadable", unreadable, "have no tier of the tab Tiers or no date"),
        ("log-rows-open", still_open, "have no outcome yet"),
        ("log-dates-backwards", backwards, "have an outcome before their decision"),
    )
    return [
        Problem(
            code,
            "info" if code == "log-rows-open" else "warning",
            f"{count:,} rows of the log {what} and were left out.",
            "Correct them, if they should count.",
        )
        for code, count, what in counts
        if count
    ]
