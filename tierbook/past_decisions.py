"""What a router learns from: a log that came from elsewhere, or what the ledger remembers."""

import csv
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import cast

from tierbook import contract
from tierbook.errors import UsageError
from tierbook.model import MICRO, CellValue, Column, text_column
from tierbook.routing.deciding import LOCKED_ROUTER, OVERRIDE_ROUTER, RAISED_ROUTER
from tierbook.routing.learning import log
from tierbook.workbook.days import day, day_order
from tierbook.workbook.headings import alias_of

_CHOSEN = (OVERRIDE_ROUTER, LOCKED_ROUTER)
_WEAK = 2  # an alias that may as well mean something else


def read_log_file(path: Path) -> Mapping[str, Column]:
    """Read the columns of a log as they are: text, numbers, dates, blanks as None.

    Headings are matched as those of a workbook are, so that "Artikelnummer" is the SKU and a
    column is the same feature here as when a sheet is routed.

    Raises:
        UsageError: The file is no CSV or Parquet file, or cannot be read as one.
    """
    import pandas as pd

    kind = path.suffix.lower()
    if kind not in (".parquet", ".csv", ".tsv", ".txt"):
        raise UsageError(
            f"{path.name} is no log the router can learn from.", fix="name a .csv or .parquet file."
        )
    try:
        frame = (
            pd.read_parquet(path)
            if kind == ".parquet"
            else pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
        )
    except (ValueError, OSError, StopIteration, csv.Error) as error:
        raise UsageError(
            f"{path.name} cannot be read as a log: {_said(error)}",
            fix="save it again as .csv (UTF-8) or .parquet, with one row of headings.",
        ) from error
    names = _contract_names([str(name) for name in frame.columns])
    plain = frame if kind != ".parquet" else frame.astype(object).where(frame.notna(), None)
    return {name: _column(name, plain.iloc[:, place].tolist()) for place, name in enumerate(names)}


def _column(name: str, cells: list[CellValue]) -> Column:
    if log.own_heading(name) in (log.DECIDED_ON, log.OUTCOME_ON):
        read = day(day_order(cells))
        found = [None if cell in (None, "") else read(cell) for cell in cells]
        return text_column(
            [one if isinstance(one, date) else cell for one, cell in zip(found, cells, strict=True)]
        )
    if all(isinstance(cell, str) for cell in cells):
        return _typed([str(cell).strip() for cell in cells])
    return text_column(cells)


def _said(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "it is empty.")


def _contract_names(headings: list[str]) -> list[str]:
    """Call columns by their contract headings where these are plain and not taken yet."""
    taken = {contract.folded(heading) for heading in headings}
    names: list[str] = []
    for heading in headings:
        found = None if log.own_heading(heading) else alias_of(heading)
        if found is not None and found[1] < _WEAK and contract.folded(found[0]) not in taken:
            heading = found[0]
            taken.add(contract.folded(heading))
        names.append(heading)
    return names


def _typed(texts: list[str]) -> Column:
    """Take a column of text for numbers or yes and no, where every cell that is filled is one."""
    kinds: tuple[Callable[[str], CellValue], ...] = (_number, _yes_or_no)
    for kind in kinds:
        values = [kind(text) if text else None for text in texts]
        if all(value is not None for value, text in zip(values, texts, strict=True) if text):
            return text_column(values)
    return text_column([text or None for text in texts])


def _number(text: str) -> float | None:
    if text[0] == "0" and text[1:2].isdigit():  # a code, not an amount
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _yes_or_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.casefold())


def remembered(book: Path) -> Mapping[str, Column]:
    """Make a log of what the ledger knows of a workbook: each picture made, seen and judged.

    A picture made because another was rejected is left out: it is a hard one by choice. Where a
    person chose the tier, chance had no part, so the probability stays unknown.

    Raises:
        UsageError: No picture of the workbook was made and reviewed.
    """
    from tierbook import generation

    with closing(generation.open_ledger()) as ledger:
        routings = {
            (one.request_id, one.tier): one
            for one in ledger.routings()
            if one.router != RAISED_ROUTER
        }
        attempts = [
            attempt
            for made in ledger.of_requests({request for request, _ in routings}).values()
            for attempt in made
            if Path(attempt.workbook) == book.absolute()
            and (attempt.request_id, attempt.tier) in routings
        ]
        reviews = ledger.reviews(attempt.attempt for attempt in attempts)
    judged = [attempt for attempt in attempts if attempt.attempt in reviews]
    if not judged:
        raise UsageError(
            f"No picture of {book.name} was made and reviewed yet, so there is nothing to learn.",
            fix="approve or reject pictures first (`tierbook review`), or name a log.",
        )
    routed = [routings[attempt.request_id, attempt.tier] for attempt in judged]
    columns: dict[str, list[CellValue]] = {
        contract.SKU: [attempt.sku for attempt in judged],
        contract.TIER: [attempt.tier for attempt in judged],
        log.DECIDED_ON: [attempt.created for attempt in judged],
        log.OUTCOME_ON: [reviews[attempt.attempt].at for attempt in judged],
        log.APPROVED: [reviews[attempt.attempt].decision == "approve" for attempt in judged],
        log.PROPENSITY: [None if one.router in _CHOSEN else one.propensity for one in routed],
        log.COST: [attempt.counted / MICRO for attempt in judged],
    }
    seen = [one.features for one in routed]
    for heading in sorted({heading for features in seen for heading in features} - {contract.SKU}):
        columns[heading] = [cast("CellValue", features.get(heading)) for features in seen]
    return {heading: text_column(values) for heading, values in columns.items()}
