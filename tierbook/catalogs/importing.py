"""The import verb: exports in, a workbook started or brought up to date, and what to tell."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tierbook import configuration
from tierbook.catalogs.catalog import Catalog
from tierbook.catalogs.filling import ImportCounts, into_workbook
from tierbook.catalogs.reading import read
from tierbook.errors import UsageError
from tierbook.model import Problem
from tierbook.workbook import kinds
from tierbook.workbook.locking import locked
from tierbook.workbook.reading import read_tabs
from tierbook.workbook.saving import Saved, save, save_as


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import read and wrote."""

    catalog: Catalog
    counts: ImportCounts
    saved: Saved

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the seller."""
        return (*self.catalog.notes, *self.counts.notes)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a seller should know of single cells or columns."""
        return self.catalog.problems

    @property
    def skipped(self) -> Mapping[str, int]:
        """Reason -> how many were left out."""
        return self.catalog.skipped

    @property
    def exit_code(self) -> int:
        """0 when all could be read, 1 when something is missing."""
        return int(any(problem.severity == "error" for problem in self.problems))


def import_exports(
    paths: Sequence[Path], output: Path, placements: Sequence[str], *, now: datetime
) -> ImportReport:
    """Start a workbook at `output` from store exports, or bring the one that is there up to date.

    Args:
        paths: Exports of one shop.
        output: The workbook; one that is there is backed up before it is replaced.
        placements: Where pictures are wanted; empty for the marketplace main image.
        now: For the names of backups.

    Raises:
        UsageError: A file is missing, a placement not known, or `output` is no .xlsx.
        NotAWorkbook: An export is of another kind, damaged, or has a password.
        NothingToRoute: A file has no headings that name products.
        EditRefused: The workbook would lose something of the seller's.
    """
    if output.suffix.lower() not in (".xlsx", ".xlsm"):
        raise UsageError(
            f"{output.name} is no name of a workbook.", fix="end it in .xlsx: -o catalog.xlsx"
        )
    catalog = read(paths)
    if not output.exists():
        settings = configuration.defaults()
        content, counts = into_workbook(catalog, placements, settings)
        return ImportReport(catalog, counts, save_as(output, content, now=now))
    with locked(output, now):
        before = kinds.read_file(output)
        settings, _ = configuration.load(read_tabs(output))
        content, counts = into_workbook(catalog, placements, settings, before, output.name)
        sha256 = hashlib.sha256(before).hexdigest()
        saved = save(output, content, read_sha256=sha256, now=now)
    return ImportReport(catalog, counts, saved)
