"""The values every room passes on: cells, problems, requests, settings, decisions, bills.

Frozen dataclasses without behaviour that needs a file, a clock or a network. Tables are
columnar: one NumPy object array a heading, all of one length, so that every later step works
on whole columns. Money is integer micro-USD throughout (1 USD = 1,000,000).
"""

from tierbook.model.answers import Answers, Finding, Move, RubricReport, TestResult
from tierbook.model.cells import (
    CellRef,
    CellValue,
    Column,
    Problem,
    Severity,
    TabRows,
    column_letter,
    text_column,
)
from tierbook.model.decisions import HOLD_TIER, NO_TIER, Bill, Decisions
from tierbook.model.money import MICRO, MicroUsd, to_micro_usd, usd, usd_rounded
from tierbook.model.requests import RequestTable
from tierbook.model.settings import (
    Configuration,
    Exactness,
    Placement,
    PriceRule,
    PromptTemplate,
    Rubric,
    RubricTest,
    Rule,
    ScoreBand,
    Scorecard,
    ScorecardLine,
    Settings,
    Tier,
)

__all__ = [
    "HOLD_TIER",
    "MICRO",
    "NO_TIER",
    "Answers",
    "Bill",
    "CellRef",
    "CellValue",
    "Column",
    "Configuration",
    "Decisions",
    "Exactness",
    "Finding",
    "MicroUsd",
    "Move",
    "Placement",
    "PriceRule",
    "Problem",
    "PromptTemplate",
    "RequestTable",
    "Rubric",
    "RubricReport",
    "RubricTest",
    "Rule",
    "ScoreBand",
    "Scorecard",
    "ScorecardLine",
    "Settings",
    "Severity",
    "TabRows",
    "TestResult",
    "Tier",
    "column_letter",
    "text_column",
    "to_micro_usd",
    "usd",
    "usd_rounded",
]
