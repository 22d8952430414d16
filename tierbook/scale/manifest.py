"""What of a target is finished: a small JSON file beside its parts, so no work is done twice."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tierbook import __version__
from tierbook.errors import UsageError
from tierbook.routing.learning import seal_of
from tierbook.scale.parts import Job, Part
from tierbook.scale.report import ScaleReport, Totals, of_table, over_caps
from tierbook.scale.writing import UNFINISHED

# Programs that read folders of Parquet files pass over names with an underscore in front.
FILE_NAME: Final = "_tierbook.json"
_FORMAT: Final = 1
_FOOTER_LENGTH: Final = 8


@dataclass(frozen=True)
class Finished:
    """A part that is written: its size in bytes, and its totals."""

    size: int
    totals: Totals


@dataclass(frozen=True)
class Manifest:
    """What was answered so far, and from what.

    Attributes:
        source: Name, size, time and hash of the source; see `facts_of`.
        settings: Hash of the settings, the day and the program.
        parts: How many parts there will be.
        finished: By part number.
    """

    source: Mapping[str, Any]
    settings: str
    parts: int
    finished: Mapping[int, Finished]

    def with_part(self, number: int, finished: Finished) -> "Manifest":
        """Return the manifest with one more part."""
        return replace(self, finished={**self.finished, number: finished})

    def same_work(self, other: "Manifest") -> bool:
        """Tell whether both answer the same file by the same settings."""
        return (self.source, self.settings, self.parts) == (
            other.source,
            other.settings,
            other.parts,
        )

    def totals(self) -> Totals:
        """Add up all finished parts."""
        return sum((self.finished[n].totals for n in sorted(self.finished)), Totals())

    def save(self, folder: Path) -> None:
        """Write the manifest, whole or not at all."""
        kept = {
            "format": _FORMAT,
            "source": dict(self.source),
            "settings": self.settings,
            "parts": self.parts,
            "finished": {
                str(number): {"size": one.size, "totals": one.totals.as_json()}
                for number, one in sorted(self.finished.items())
            },
        }
        unfinished = folder / f".part-notes{UNFINISHED}"
        with unfinished.open("w", encoding="utf-8") as stream:
            json.dump(kept, stream, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(folder / FILE_NAME)


def facts_of(source: Path) -> dict[str, Any]:
    """Tell a Parquet file from others: size, time, and the hash of its footer.

    The footer holds the place, size and range of every column of every row group, so it changes
    with the content; hashing it takes no reading of the rows.
    """
    facts = source.stat()
    with source.open("rb") as stream:
        stream.seek(max(0, facts.st_size - _FOOTER_LENGTH))
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(max(0, facts.st_size - _FOOTER_LENGTH - length))
        footer = hashlib.sha256(stream.read()).hexdigest()
    return {
        "name": source.name,
        "size": facts.st_size,
        "modified_ns": facts.st_mtime_ns,
        "footer_sha256": footer,
    }


def begin(job: Job) -> Manifest:
    """Make the manifest of a job with nothing finished."""
    layout, router = job.layout, job.router
    seal = seal_of(router.trained) if router.trained else ""
    # A set is written in another order by every process.
    tabs = sorted(job.configuration.from_workbook)
    configuration = replace(job.configuration, from_workbook=frozenset())
    asked = (layout.options, layout.answers, router.choice.router, seal, job.cut)
    settings = repr((configuration, tabs, job.today, asked, __version__))
    hashed = hashlib.sha256(settings.encode()).hexdigest()
    return Manifest(facts_of(job.source), hashed, len(job.parts), {})


def resume(job: Job, folder: Path) -> Manifest:
    """Take up the work in a folder, or begin it there.

    Parts of other work are deleted only where a manifest says that they were ours.

    Raises:
        UsageError: The folder holds files that are not ours, or is no folder.
    """
    fresh = begin(job)
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{folder} is a file; the answers of a big table are a folder of Parquet parts.",
            fix="name another place with -o.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    kept = _read(folder)
    if kept is None:
        if any(folder.iterdir()):
            raise UsageError(
                f"{folder} holds files that are not Tierbook's, and was left as it is.",
                fix="name another place with -o, or an empty folder.",
            )
        fresh.save(folder)
        return fresh
    if not kept.same_work(fresh):
        for number in range(kept.parts):
            (folder / Part(number, 0, 0, 0, 0).file_name).unlink(missing_ok=True)
        fresh.save(folder)
        return fresh
    whole = {
        number: one
        for number, one in kept.finished.items()
        if _size(folder / job.parts[number].file_name) == one.size
    }
    return replace(kept, finished=whole)


def sweep(folder: Path) -> None:
    """Remove what runs that were killed had begun to write."""
    for unfinished in folder.glob(f".part-*{UNFINISHED}"):
        unfinished.unlink(missing_ok=True)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


def _read(folder: Path) -> Manifest | None:
    try:
        kept = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return Manifest(
            kept["source"],
            kept["settings"],
            kept["parts"],
            {
                int(number): Finished(one["size"], Totals.from_json(one["totals"]))
                for number, one in kept["finished"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_part(manifest: Manifest, folder: Path, part: Part, totals: Totals) -> Manifest:
    """Keep that a part is written."""
    finished = Finished((folder / part.file_name).stat().st_size, totals)
    noted = manifest.with_part(part.number, finished)
    noted.save(folder)
    return noted


def report_of(manifest: Manifest, job: Job, folder: Path, resumed: int) -> ScaleReport:
    """Report what the finished parts come to, the caps they would pass included."""
    totals = manifest.totals()
    over = of_table(over_caps(totals, job.configuration))
    return ScaleReport(
        str(job.source),
        str(folder),
        totals + Totals(problems=over),
        len(job.parts),
        resumed,
        job.router.choice.why,
    )
