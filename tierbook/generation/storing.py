"""Keep what a provider made: first the original, then the finished picture beside the workbook."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from tierbook.generation import recipes
from tierbook.generation.failpoints import ORIGINAL_KEPT, RESULT_WRITTEN
from tierbook.generation.files import write_whole
from tierbook.generation.finishing import finish
from tierbook.generation.images import NotAPicture
from tierbook.generation.ledger import Attempt
from tierbook.generation.work import Failpoint, no_failpoint


def original_path(home: Path, attempt: str) -> Path:
    """Return where the provider's own bytes of an attempt are kept."""
    return home / "originals" / attempt[:2] / f"{attempt}.bin"


def keep_original(home: Path, attempt: str, content: bytes, failpoint: Failpoint) -> Path:
    """Put the provider's bytes on the disk, so that nothing paid for is asked for twice."""
    path = original_path(home, attempt)
    write_whole(path, content)
    failpoint(ORIGINAL_KEPT)
    return path


@dataclass(frozen=True, slots=True)
class Written:
    """A finished picture's file, relative to the workbook's folder, and what was done to it."""

    file: str
    sha256: str
    notes: tuple[str, ...]


def write_result(content: bytes, recipe: recipes.Recipe, failpoint: Failpoint) -> Written:
    """Finish a picture and write it beside the workbook.

    Raises:
        NotAPicture: The bytes are no picture.
    """
    finished = finish(content, recipe.finish)
    name = f"{recipe.file_stem}.{finished.extension}"
    write_whole(Path(recipe.folder) / recipe.image_folder / name, finished.content)
    failpoint(RESULT_WRITTEN)
    relative = (Path(recipe.image_folder) / name).as_posix()
    return Written(relative, hashlib.sha256(finished.content).hexdigest(), finished.notes)


def restore(home: Path, attempt: Attempt, folder: Path) -> bool:
    """Make sure a picture's file is where its row says, from the original if it has to be.

    Returns:
        False where the file is gone and no original was kept (free pictures keep none).
    """
    if (folder / attempt.result_file).is_file():
        return True
    kept = original_path(home, attempt.attempt)
    if not kept.is_file():
        return False
    recipe = replace(recipes.read(attempt.recipe), folder=str(folder))
    try:
        write_result(kept.read_bytes(), recipe, no_failpoint)
    except NotAPicture:
        return False  # the kept original was damaged since
    return True
