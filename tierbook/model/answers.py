"""All that one run found and says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tierbook.model.cells import CellRef, Column, Problem, Severity
from tierbook.model.decisions import Bill, Decisions
from tierbook.model.money import MicroUsd
from tierbook.model.requests import RequestTable
from tierbook.model.settings import Configuration


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the rubric check found.

    `kind` is one of unreachable, gap, not-proven, conflict, duplicate, never-hit, test, change,
    mistake, complete.
    """

    kind: str
    severity: Severity
    message: str
    fix: str = ""
    rule: str = ""
    example: str = ""
    cell: CellRef | None = None


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of one rubric test."""

    __test__ = False  # a result, not a test case for pytest

    name: str
    passed: bool
    expected: str
    got: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """Rows that the last change of the rubric moved from one tier to another."""

    from_tier: str
    to_tier: str
    rows: int
    difference: MicroUsd


@dataclass(frozen=True, slots=True)
class RubricReport:
    """The rubric check: findings, hits by rule name, tests, and what the last change moved."""

    findings: tuple[Finding, ...] = ()
    hits: Mapping[str, int] = field(default_factory=dict[str, int])
    tests: tuple[TestResult, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Answers:
    """All that one run says, ready to be written: the only thing the writer looks at.

    Arrays have the shape (n,) of `requests`. `status` is a word of `contract.STATUSES`, `message`
    the sentence beside it. `extra` maps generation headings (`Result`, `Actual cost`, ...) to
    columns once pictures were made. `notes` are sentences for the seller about the whole run.
    `spent_this_month` is what the record of payments holds, None where nobody looked. `steps_done`
    holds the day each step of the rollout was last done on; see `workbook.milestones`.
    """

    requests: RequestTable
    configuration: Configuration
    decisions: Decisions
    bill: Bill
    prompt: Column
    cheaper_if: Column
    status: Column
    message: Column
    request_id: Column
    report: RubricReport
    problems: tuple[Problem, ...]
    today: date
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Column] = field(default_factory=dict[str, Column])
    spent_this_month: MicroUsd | None = None
    steps_done: Mapping[str, date] = field(default_factory=dict[str, date])
