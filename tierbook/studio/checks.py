"""Checking a folder of pictures, whoever made them, against the placements they are for."""

from dataclasses import dataclass
from pathlib import Path

from tierbook.model import Placement
from tierbook.studio import fingerprint
from tierbook.studio.checking import Check
from tierbook.studio.measures import of_file
from tierbook.studio.photo import open_photo

_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".heic", ".bmp")


@dataclass(frozen=True)
class PictureReport:
    """The checks of one file of a folder."""

    path: Path
    placement: str
    checks: tuple[Check, ...]


def check_pictures(
    folder: Path, placements: tuple[Placement, ...], placement: str = ""
) -> tuple[PictureReport, ...]:
    """Check every picture below a folder against one placement's rules.

    Args:
        folder: Where the pictures lie; subfolders are read too.
        placements: The rules known.
        placement: The placement all of them are for. Where it is empty, a placement's name in a
            file's path decides (`mug-marketplace-main.jpg`), else only general checks are made.
    """
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    reports: list[PictureReport] = []
    prints: dict[str, int] = {}
    for path in paths:
        content = path.read_bytes()
        rules = _rules_for(path.relative_to(folder), placements, placement)
        checks = of_file(content, rules)
        if checks[0].verdict == "pass":
            prints[str(path)] = fingerprint.fingerprint(open_photo(content).rgb)
        reports.append(PictureReport(path, rules.name if rules else "", checks))
    twins = {name: pair for pair in fingerprint.duplicates(prints) for name in pair}
    return tuple(_with_twin(report, twins) for report in reports)


def _with_twin(report: PictureReport, twins: dict[str, tuple[str, str]]) -> PictureReport:
    pair = twins.get(str(report.path))
    if pair is None:
        return report
    other = Path(pair[0] if pair[1] == str(report.path) else pair[1]).name
    twin = Check("Duplicate", "warn", other, "none", f"It shows the same as {other}.")
    return PictureReport(report.path, report.placement, (*report.checks, twin))


def _rules_for(path: Path, placements: tuple[Placement, ...], named: str) -> Placement | None:
    spelled = _squeezed(named or str(path.with_suffix("")))
    best: Placement | None = None
    for candidate in placements:
        name = _squeezed(candidate.name)
        found = name == spelled if named else bool(name) and name in spelled
        if found and (best is None or len(name) > len(_squeezed(best.name))):
            best = candidate
    return best


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
