"""Bring ad and analytics reports into the tab Performance: join, sum, write."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from tierbook import ooxml
from tierbook.catalogs.filling import with_tab
from tierbook.catalogs.tab import NewColumn, Tab
from tierbook.configuration import defaults
from tierbook.configuration.tabs import PERFORMANCE as SPEC
from tierbook.contract import PERFORMANCE, PLACEMENT, SKU, folded
from tierbook.errors import EditRefused
from tierbook.insights.performance_joining import Picture, Pictures
from tierbook.insights.performance_reading import PerformanceRow, read_reports
from tierbook.insights.performance_reports import MEASURES, Measure
from tierbook.model import Placement, Problem, RequestTable
from tierbook.workbook.days import day
from tierbook.workbook.locating import find_header
from tierbook.workbook.package_tabs import PackageTabs
from tierbook.workbook.values import spelled
from tierbook.workbook.words import sku_key

_HEADINGS: Final[Mapping[Measure, str]] = {
    "impressions": "Impressions",
    "clicks": "Clicks",
    "orders": "Orders",
    "revenue": "Revenue",
    "cost": "Ad cost",
}
_MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class PerformanceLine:
    """One line of the tab Performance: what the picture of a SKU in a placement did.

    `start` and `end` are None where the report names no days; a figure it does not count is
    missing from `figures`.
    """

    sku: str
    placement: str
    source: str
    start: date | None
    end: date | None
    figures: Mapping[Measure, Decimal]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What a report calls a product that no request is known by, and how often."""

    source: str
    key: str
    rows: int


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """What some reports say of the pictures of a workbook.

    Attributes:
        lines: Summed by picture, source and period.
        rows: How many rows the reports have, totals and remarks left out.
        matched: How many of them speak of a known SKU.
        unmatched: What the others name, the most frequent first.
        problems: Cells that could not be read.
        notes: Sentences for the seller.
    """

    lines: tuple[PerformanceLine, ...]
    rows: int
    matched: int
    unmatched: tuple[Unmatched, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def performance_rows(
    paths: Sequence[Path], requests: RequestTable, known: Sequence[Placement] = ()
) -> PerformanceReport:
    """Read reports and sum their rows by picture.

    Args:
        paths: Reports of Google Ads, Meta Ads, Amazon, Etsy, Shopify, GA4 or Rakuten.
        requests: The pictures of the workbook, facts of Products filled in.
        known: Its placements; the built-in ones by default.

    Raises:
        UsageError: There is no such file.
        NotAWorkbook: A file is of another kind, damaged, or has a password.
        NothingToRoute: A file has no table of figures by product, page or ad.
    """
    reading = read_reports(paths)
    pictures = Pictures(requests, known or defaults().placements)
    sums: dict[tuple[Picture, str], list[PerformanceRow]] = {}
    missed: Counter[tuple[str, str]] = Counter()
    for row in reading.rows:
        picture = pictures.find(row)
        if picture is None:
            shown = row.keys[0][1] if row.keys else f"row {row.line} names nothing"
            missed[row.report.name, shown] += 1
        else:
            sums.setdefault((picture, row.report.name), []).append(row)
    unmatched = tuple(
        Unmatched(source, key, count) for (source, key), count in missed.most_common()
    )
    matched = len(reading.rows) - missed.total()
    return PerformanceReport(
        lines=tuple(_summed(picture, source, rows) for (picture, source), rows in sums.items()),
        rows=len(reading.rows),
        matched=matched,
        unmatched=unmatched,
        problems=tuple(reading.problems),
        notes=(*reading.notes, *_unmatched_note(unmatched, len(reading.rows))),
    )


def _summed(picture: Picture, source: str, rows: Sequence[PerformanceRow]) -> PerformanceLine:
    figures: dict[Measure, Decimal] = {
        measure: sum((row.figures[measure] for row in rows if measure in row.figures), Decimal(0))
        for measure in MEASURES
        if any(measure in row.figures for row in rows)
    }
    starts = [row.start for row in rows if row.start is not None]
    ends = [end for row in rows if (end := row.end or row.start) is not None]
    return PerformanceLine(
        picture.sku,
        picture.placement,
        source,
        min(starts, default=None),
        max(ends, default=None),
        figures,
    )


def _unmatched_note(unmatched: Sequence[Unmatched], rows: int) -> tuple[str, ...]:
    if not unmatched:
        return ()
    count = sum(one.rows for one in unmatched)
    shown = ", ".join(f'"{one.key[:60]}"' for one in unmatched[:_MOST_SHOWN])
    more = f" and {len(unmatched) - _MOST_SHOWN:,} more" if len(unmatched) > _MOST_SHOWN else ""
    return (
        f"{count:,} of {rows:,} rows match no SKU, page or ad name of this workbook: "
        f"{shown}{more}. "
        "Put the SKU into the name of the ad, or the page into the Products column Shop page.",
    )


# --------------------------------------------------------------------------- writing


def write_performance(
    content: bytes, report: PerformanceReport, name: str = "the workbook"
) -> bytes:
    """Put the lines of a report into the tab Performance; all else comes back as it was.

    A line of the same picture, source and period is written over, so that a report brought in
    twice counts once; others are added below.

    Raises:
        NotAWorkbook: The content is no workbook, is damaged, or has a password.
        EditRefused: The edit would lose something of the seller's.
    """
    if not report.lines:
        return content
    content = with_tab(content, PERFORMANCE)
    tab = _opened(content, Path(name))
    places = [_column(tab, heading) for heading in (SKU, PLACEMENT, "Source", "From", "To")]
    measures = [_column(tab, heading) for heading in _HEADINGS.values()]
    there = _standing(tab)
    new: list[list[object]] = []
    for line in report.lines:
        figures = [line.figures.get(measure) for measure in _HEADINGS]
        index = there.get(_key(line.sku, line.placement, line.source, line.start, line.end))
        if index is None:
            new.append([line.sku, line.placement, line.source, line.start, line.end, *figures])
            continue
        for heading, column, value in zip(_HEADINGS.values(), measures, figures, strict=True):
            if value is not None or tab.value(index, heading) is not None:
                tab.put(index, column, value)
    tab.append([*places, *measures], new)
    return ooxml.edit(content, ooxml.EditPlan(sheets=(tab.edit(),))).content


def _opened(content: bytes, path: Path) -> Tab:
    package = PackageTabs(path, content)
    name = next(one for one in package.names() if folded(one) == folded(PERFORMANCE))
    rows = package.rows(name)
    header = find_header(rows)
    if header is None or PLACEMENT not in header.recognised.columns:
        raise EditRefused(
            f'Tab "{name}" of {path.name} has no headings {SKU} and {PLACEMENT}.',
            fix="rename that tab; Tierbook then adds its own.",
        )
    tab = Tab(name, header.row, header.headings, rows[header.first_data_row - 1 :], 10.5)
    for heading, column in header.recognised.columns.items():
        tab.named(heading, column)
    return tab


def _column(tab: Tab, heading: str) -> int:
    spec = SPEC.field(heading)
    return tab.ensure(
        NewColumn(heading, spec.help, spec.width), number=spec.kind in ("whole", "number")
    )


def _standing(tab: Tab) -> dict[tuple[str, ...], int]:
    read = day()
    found: dict[tuple[str, ...], int] = {}
    for index in tab.indices:
        sku, placement, source = (
            spelled(tab.value(index, heading) or "") for heading in (SKU, PLACEMENT, "Source")
        )
        start, end = (
            None if (value := tab.value(index, heading)) is None else read(value)
            for heading in ("From", "To")
        )
        found.setdefault(_key(sku, placement, source, start, end), index)
    return found


def _key(sku: str, placement: str, source: str, start: object, end: object) -> tuple[str, ...]:
    return sku_key(sku), folded(placement), folded(source), str(start), str(end)
