"""Read ad and analytics reports into one kind of row, whatever program wrote them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tierbook.catalogs.format import columns_of
from tierbook.catalogs.tables import Sheet, cell_text, sheets_of
from tierbook.errors import NothingToRoute
from tierbook.insights.performance_days import DaysOf, period_above
from tierbook.insights.performance_reports import MEASURES, REPORTS, KeyKind, Measure, Report
from tierbook.insights.wording import counted
from tierbook.model import CellRef, Problem
from tierbook.workbook.numbers import decimal_mark, parse_number, split_amount
from tierbook.workbook.values import Complaint

_TOTAL: Final = re.compile(
    r"(?:(?:grand )?totals?|totale|totaal|gesamt(?:summe|ergebnis)?|summe|insgesamt|razem|"
    r"total g[ée]n[ée]ral|итого|всего|合計|總計|总计)\s*(?:[:：-].*)?|"
    r"(?:results (?:from|of)|ergebnisse (?:aus|von)|r[ée]sultats (?:de|pour)|resultados de|"
    r"risultati (?:di|da)) \d+ .*",
    re.IGNORECASE,
)
_NOTHING: Final = frozenset({"", "--", "-", "—", "–", "n/a", "(not set)"})
# A number, a share or a day; headings such as `7 Day Total Sales` hold words.
_FIGURE: Final = re.compile(r"\W{0,2}\d[\d\s.,:/%年月日-]*\W?")
_LONGEST_HEADING: Final = 200
_COUNTS: Final = frozenset[Measure]({"impressions", "clicks"})


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """What one row of a report says of one product.

    Attributes:
        report: The kind of report.
        keys: How the row names the product, the surest way first.
        figures: Measure -> amount; money in the report's own currency.
        start, end: First and last day, None where the report does not say.
        file, line: Where it stands.
    """

    report: Report
    keys: tuple[tuple[KeyKind, str], ...]
    figures: Mapping[Measure, Decimal]
    start: date | None
    end: date | None
    file: str
    line: int


@dataclass
class Reading:
    """What was read from some reports."""

    rows: list[PerformanceRow] = field(default_factory=list[PerformanceRow])
    problems: list[Problem] = field(default_factory=list[Problem])
    notes: list[str] = field(default_factory=list[str])


def read_reports(paths: Sequence[Path]) -> Reading:
    """Read reports; what wrote them is told by their headings.

    Raises:
        UsageError: There is no such file.
        NotAWorkbook: A file is of another kind, damaged, or has a password.
        NothingToRoute: A file has no table of figures by product, page or ad.
    """
    reading = Reading()
    for path in paths:
        sheets = list(sheets_of(path))
        before = len(reading.rows)
        tables = [one for sheet in sheets for one in _tables(sheet)]
        if not tables:
            raise NothingToRoute(
                f"{path.name} has no table of figures by product, page or ad.",
                fix="export a report with a row for each product (SKU or ASIN), page (URL) or ad, "
                "and the columns for views, clicks, orders and cost.",
            )
        for table in tables:
            _TableReader(table, reading).read()
        names = " and ".join(dict.fromkeys(table.report.name for table in tables))
        count = len(reading.rows) - before
        reading.notes.append(f"{path.name}: {counted(count, 'row')} of {names}.")
        reading.notes += [sheet.note for sheet in sheets if sheet.note]
    return reading


# --------------------------------------------------------------------------- tables


@dataclass(frozen=True)
class _Table:
    """One table of a file: a report may hold several, each under headings of its own."""

    sheet: Sheet
    report: Report
    headings: Mapping[int, str]
    rows: Sequence[tuple[int, Sequence[Any]]]
    period: tuple[date | None, date | None]


def _tables(sheet: Sheet) -> Iterator[_Table]:
    """Cut a sheet into its tables; those that name no product, page or ad are passed over."""
    starts: list[tuple[int, Report | None, dict[int, str]]] = []
    for number, row in enumerate(sheet.rows, 1):
        texts = {c: text for c, value in enumerate(row, 1) if (text := cell_text(value))}
        if _is_remark(texts):
            starts.append((number, None, {}))  # a remark ends the table above it
        elif (headed := _report_of(texts)) is not None:
            starts.append((number, *headed))
    for place, (number, report, headings) in enumerate(starts):
        if report is None:
            continue
        end = starts[place + 1][0] - 1 if place + 1 < len(starts) else len(sheet.rows)
        rows = [(line, sheet.rows[line - 1]) for line in range(number + 1, end + 1)]
        yield _Table(sheet, report, headings, rows, period_above(sheet.rows[: number - 1]))


def _is_remark(texts: Mapping[int, str]) -> bool:
    return bool(texts) and next(iter(texts.values())).startswith("#")


def _report_of(texts: Mapping[int, str]) -> tuple[Report, dict[int, str]] | None:
    """Tell which report a row heads, with its headings in the words of its declaration."""
    short = {column: text for column, text in texts.items() if len(text) <= _LONGEST_HEADING}
    if len(short) < 2 or any(map(_FIGURE.fullmatch, short.values())):
        return None
    # English headings, and those of a report's own language, come before translated ones.
    as_typed = [(report, short) for report in REPORTS]
    spoken = ((report, dict(report.spoken(short))) for report in REPORTS)
    return _likeliest(as_typed) or _likeliest(spoken)


def _likeliest(
    said: Iterable[tuple[Report, dict[int, str]]],
) -> tuple[Report, dict[int, str]] | None:
    """Choose the report that knows the most of the headings, among those that fit at all."""
    fitting = [
        (len(columns_of(headings, report.headings)), report, headings)
        for report, headings in said
        if all(columns_of(headings, group) for group in report.signature)
    ]
    if not fitting:
        return None
    _, report, headings = max(fitting, key=lambda one: one[0])
    return report, headings


# --------------------------------------------------------------------------- rows


class _TableReader:
    """Reads the rows of one table by its headings."""

    def __init__(self, table: _Table, reading: Reading) -> None:
        self._table, self._reading = table, reading
        report, headings = table.report, table.headings
        self._keys: list[tuple[KeyKind, list[int]]] = [
            (kind, columns_of(headings, report.keys[kind])) for kind in report.keys
        ]
        self._measures: list[tuple[Measure, list[int]]] = [
            (measure, columns_of(headings, report.measures.get(measure, ())))
            for measure in MEASURES
        ]
        self._starts = columns_of(headings, report.start)
        self._ends = columns_of(headings, report.end)
        self._rows = [(line, row) for line, row in table.rows if _is_data(row, headings)]
        self._mark = _decimal_mark([row for _, row in self._rows])
        self._days = DaysOf([row for _, row in self._rows], (*self._starts, *self._ends))
        self._told: set[str] = set()
        self._nameless = 0

    def read(self) -> None:
        """Read every row."""
        table = self._table
        for line, row in self._rows:
            figures: dict[Measure, Decimal] = {}
            for measure, columns in self._measures:
                found = _figure(row, columns, self._mark, whole=measure in _COUNTS)
                if isinstance(found, Complaint):
                    self._complain(line, columns[0], found)
                elif found is not None:
                    figures[measure] = found
            keys = self._named(row)
            if not keys:
                self._nameless += 1
                continue
            start = self._days.of(row, self._starts) or table.period[0]
            end = self._days.of(row, self._ends) or table.period[1]
            self._reading.rows.append(
                PerformanceRow(table.report, keys, figures, start, end, table.sheet.file, line)
            )
        self._say_nameless()
        self._say_currency()

    def _say_nameless(self) -> None:
        """Tell of rows that name nothing: totals of all that is above or below them."""
        if self._nameless:
            self._reading.notes.append(
                f"{self._table.sheet.file}: {counted(self._nameless, 'row')} without a product, "
                "page or ad left out, as totals are."
            )

    def _named(self, row: Sequence[Any]) -> tuple[tuple[KeyKind, str], ...]:
        return tuple(
            (kind, text)
            for kind, columns in self._keys
            for text in (_text(row, column) for column in columns)
            if text.casefold() not in _NOTHING
        )

    def _complain(self, line: int, column: int, complaint: Complaint) -> None:
        """Report the first cell of each kind of trouble; a report has it in every row."""
        if complaint.code in self._told:
            return
        self._told.add(complaint.code)
        sheet = self._table.sheet
        cell = CellRef(sheet.tab, line, column)
        self._reading.problems.append(
            Problem(
                complaint.code,
                "warning",
                f"{sheet.file}, {cell.a1}: {complaint.message}; it was left out, and others "
                "like it.",
                f"{complaint.fix}, or export the report with English numbers.",
                cell,
            )
        )

    def _say_currency(self) -> None:
        table = self._table
        columns = columns_of(table.headings, table.report.currency)
        found = sorted({text for _, row in self._rows for c in columns if (text := _text(row, c))})
        others = [code for code in found if code.casefold() not in _NOTHING and code != "USD"]
        if others:
            self._reading.notes.append(
                f"{table.sheet.file} counts money in {', '.join(others)}; amounts are not "
                "converted."
            )


def _decimal_mark(rows: Sequence[Sequence[Any]]) -> str:
    """Find the decimal mark of a report by all its numbers: shares show it where counts do not."""
    texts = (cell_text(value).rstrip("%") for row in rows[:500] for value in row if value)
    return decimal_mark(split_amount(text)[0] for text in texts)


def _is_data(row: Sequence[Any], headings: Mapping[int, str]) -> bool:
    texts = {c: text for c, value in enumerate(row, 1) if (text := cell_text(value))}
    if not texts or any(text.casefold() == "grand total" for text in texts.values()):
        return False
    if _TOTAL.fullmatch(next(iter(texts.values()))):
        return False
    return any(headings.get(column) != text for column, text in texts.items())


def _text(row: Sequence[Any], column: int) -> str:
    return cell_text(row[column - 1]) if column <= len(row) else ""


def _figure(
    row: Sequence[Any], columns: Sequence[int], mark: str, *, whole: bool
) -> Decimal | Complaint | None:
    for column in columns:
        value = row[column - 1] if column <= len(row) else ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Decimal(repr(value))
        text = cell_text(value)
        if text.casefold() in _NOTHING:
            continue
        amount = parse_number(split_amount(text)[0], mark, whole=whole and not mark)
        if isinstance(amount, Complaint) or amount.is_finite():
            return amount
    return None
