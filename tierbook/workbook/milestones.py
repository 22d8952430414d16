"""Remember on which day a step of the rollout was done: the ground of the checklist's ticks.

Kept beside the workbook, in the folder that holds its backups; a workbook without that folder has
done nothing that is remembered.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from tierbook.workbook.atomic import write_atomically
from tierbook.workbook.history import STATE_FOLDER

AUDITED: Final = "audited"
RUBRIC_SHARED: Final = "rubric shared"
PICTURES_MADE: Final = "pictures made"
REVIEWED: Final = "month reviewed"


def note_step(workbook: Path, step: str, day: date) -> None:
    """Note that a step was done on a day; a folder that cannot be written to is no reason to stop.

    An audit counts for the workbooks of its folder: a store's export is no workbook itself.
    """
    every = _read(workbook)
    every.setdefault(_owner(workbook, step), {})[step] = day.isoformat()
    with suppress(OSError):
        file = _file(workbook)
        file.parent.mkdir(exist_ok=True)
        write_atomically(file, json.dumps(every, ensure_ascii=False, indent=1).encode())


def steps_done(workbook: Path) -> Mapping[str, date]:
    """Return the newest day of each step that was done."""
    every = _read(workbook)
    kept = {**every.get("", {}), **every.get(workbook.name, {})}
    found: dict[str, date] = {}
    for step, day in kept.items():
        with suppress(ValueError, TypeError):
            found[step] = date.fromisoformat(day)
    return found


def _owner(workbook: Path, step: str) -> str:
    return "" if step == AUDITED else workbook.name


def _file(workbook: Path) -> Path:
    return workbook.absolute().parent / STATE_FOLDER / "steps.json"


def _read(workbook: Path) -> dict[str, dict[str, str]]:
    with suppress(OSError, ValueError, AttributeError):
        found = json.loads(_file(workbook).read_text("utf-8"))
        return {str(name): dict(steps.items()) for name, steps in found.items()}
    return {}
