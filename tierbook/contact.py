"""The contact sheet of a run: every picture just made beside the photo it was made from."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook.contract import SOURCE_IMAGE
from tierbook.model import Answers, usd_rounded
from tierbook.studio import missing

if TYPE_CHECKING:
    from tierbook.generation import Outcome
    from tierbook.generation.ledger import Attempt
    from tierbook.studio.contact_sheet import Entry


def write_contact_sheet(answers: Answers, outcome: "Outcome", workbook: Path) -> Path | None:
    """Write one self-contained page of the pictures of this run, beside them.

    Returns:
        Where it is; None where no picture was made, or the picture libraries are not installed.
    """
    if missing() or not outcome.made:
        return None
    from tierbook import generation
    from tierbook.generation.files import write_whole
    from tierbook.studio.contact_sheet import page

    folder = workbook.resolve().parent
    entries: list[Entry] = []
    with closing(generation.open_ledger()) as ledger:
        indexes = {str(name): index for index, name in enumerate(answers.request_id)}
        for result in outcome.results:
            for name in result.attempts:
                (attempt,) = ledger.find(name)
                if attempt.run == outcome.run and (folder / attempt.result_file).is_file():
                    index = indexes.get(result.request_id)
                    entries.append(_entry(answers, index, attempt, folder))
    if not entries:
        return None
    title = f"{workbook.stem}: pictures of {answers.today:%d %B %Y}"
    spent = f"spent in this run: {usd_rounded(outcome.settled)}"
    target = folder / _pictures_folder(outcome) / "contact-sheet.html"
    write_whole(target, page(entries, title, spent).encode())
    return target


def _pictures_folder(outcome: "Outcome") -> Path:
    files = [file for result in outcome.results for file in result.files]
    return Path(files[0]).parent if files else Path()


def _entry(answers: Answers, index: int | None, attempt: "Attempt", folder: Path) -> "Entry":
    from tierbook.studio.checking import from_json
    from tierbook.studio.contact_sheet import Entry

    photo = None if index is None else _photo(answers, index, folder)
    checks = attempt.notes.get("checks", "")
    return Entry(
        sku=attempt.sku,
        placement=attempt.placement,
        after=(folder / attempt.result_file).read_bytes(),
        before=photo,
        cost=attempt.counted,
        engine=f"{attempt.provider} {attempt.model}".strip(),
        checks=from_json(checks) if checks else (),
    )


def _photo(answers: Answers, index: int, folder: Path) -> bytes | None:
    """Read the row's first photo where it lies in the workbook's folder."""
    from tierbook.generation.sources import UnusableSource, find_photo, named_photos

    named = named_photos(answers.requests.column(SOURCE_IMAGE)[index])
    if not named:
        return None
    try:
        place = find_photo(named[0], folder)
    except UnusableSource:
        return None
    return place.path.read_bytes() if place.path else None
