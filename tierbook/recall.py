"""What the ledger knows of a workbook: its pictures, their costs, reviews, the month's spending.

A workbook can be rebuilt from the ledger at any time, so a run writes what is known already
whether or not it makes anything itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import contract
from tierbook.errors import LedgerError
from tierbook.generation.ledger_place import ledger_home, marker_path
from tierbook.model import Answers
from tierbook.workbook.atomic import write_atomically
from tierbook.workbook.history import STATE_FOLDER
from tierbook.workbook.reading import Book
from tierbook.workbook.results_rows import ResultRow

if TYPE_CHECKING:
    from tierbook.generation import Ledger, RequestResult
    from tierbook.generation.ledger import Attempt
    from tierbook.review.merging import Answer, SheetReview

_TAB_MEMORY = "results-reviews.json"


@dataclass(frozen=True)
class Recalled:
    """The answers with what is known of their pictures.

    Attributes:
        answers: With status, links, actual costs, reviews and the month's spending filled in.
        rows: A line of the `Results` tab for each picture.
        results: What was found for each request that was ever tried.
        shown: What the `Results` tab will say of each picture, by the ledger's name of it.
    """

    answers: Answers
    rows: tuple[ResultRow, ...] = ()
    results: "tuple[RequestResult, ...]" = ()
    shown: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


def ledger_exists() -> bool:
    """Tell whether this user ever made a picture; deciding alone opens no ledger."""
    return marker_path(ledger_home()).exists()


def recall(answers: Answers, book: Book, fresh: "Sequence[RequestResult]" = ()) -> Recalled:
    """Put what the ledger knows into the answers; a damaged ledger becomes a note.

    What a person typed into the review cells of the sheet or of the tab `Results` reaches the
    ledger here, and what they said on the review page reaches the sheet.

    Args:
        answers: What the run decided.
        book: The workbook as read; the ledger knows its pictures by its path.
        fresh: Results of a run just made, for rows that wait or were not tried.
    """
    if not ledger_exists():
        return Recalled(answers)
    from tierbook.generation import open_ledger

    try:
        zone = answers.configuration.settings.time_zone
        with closing(open_ledger(time_zone=zone)) as ledger:
            return _recalled(answers, book, ledger, fresh)
    except LedgerError as error:
        note = f"{error.message} Deciding and pricing go on; no picture is made. {error.fix}"
        return Recalled(replace(answers, notes=(*answers.notes, note)))


def words_now(answers: Answers, book: Book, ledger: "Ledger") -> "Mapping[str, Answer]":
    """Say what holds of each picture, by the ledger's name; what was typed is not kept yet."""
    from tierbook.generation.linking import known_results
    from tierbook.review.sheet import words_that_hold

    found = known_results(answers, ledger, book.path)
    saved_at = datetime.fromtimestamp(book.path.stat().st_mtime, UTC)
    attempts = [attempt for _, attempt in _made(found, ledger)]
    typed = _typed_in_results(book, attempts, saved_at)
    return words_that_hold(answers, found, ledger, book.path, saved_at=saved_at, more=typed)


def note_saved(recalled: Recalled, workbook: Path) -> None:
    """Note that the workbook was saved with these pictures and reviews in it."""
    if not recalled.results:
        return
    from tierbook.generation import mark_linked, open_ledger
    from tierbook.review import remember_reviews

    with closing(open_ledger()) as ledger:
        mark_linked(ledger, recalled.results)
    remember_reviews(workbook, recalled.answers)
    memory = _tab_memory(workbook)
    memory.parent.mkdir(exist_ok=True)
    write_atomically(memory, json.dumps(dict(recalled.shown)).encode())


def _recalled(
    answers: Answers, book: Book, ledger: "Ledger", fresh: "Sequence[RequestResult]"
) -> Recalled:
    from tierbook.generation import results_for, with_results
    from tierbook.review import take_reviews

    answers = replace(answers, spent_this_month=ledger.counted(month=ledger.month()))
    found = results_for(answers, ledger, book.path)
    found += _untried(answers, found, fresh)
    if not found:
        return Recalled(answers)
    made = _made(found, ledger)
    saved_at = datetime.fromtimestamp(book.path.stat().st_mtime, UTC)
    taken = take_reviews(
        with_results(answers, found),
        found,
        ledger,
        book.path,
        saved_at=saved_at,
        more=_typed_in_results(book, [attempt for _, attempt in made], saved_at),
    )
    answers = replace(taken.answers, problems=(*taken.answers.problems, *taken.problems))
    rows = [
        _row(answers, result, attempt, book.path, taken.by_picture.get(attempt.attempt))
        for result, attempt in made
    ]
    shown = {
        attempt.attempt: (row.review, row.reason)
        for (_, attempt), row in zip(made, rows, strict=True)
    }
    return Recalled(answers, tuple(rows), tuple(found), shown)


def _untried(
    answers: Answers, found: "Sequence[RequestResult]", fresh: "Sequence[RequestResult]"
) -> "list[RequestResult]":
    """Place results that left nothing in the ledger (held, over a cap) by their request's id."""
    known = {result.index for result in found}
    places = {str(name): index for index, name in enumerate(answers.request_id)}
    placed = (
        replace(result, index=places[result.request_id])
        for result in fresh
        if not result.attempts and result.request_id in places
    )
    return [result for result in placed if result.index not in known]


def _made(
    found: "Iterable[RequestResult]", ledger: "Ledger"
) -> "list[tuple[RequestResult, Attempt]]":
    """List the pictures that were made, each with the result of the first row that shows it."""
    first: dict[str, RequestResult] = {}
    for result in found:
        for name in result.attempts:
            first.setdefault(name, result)
    return [
        (result, attempt)
        for name, result in first.items()
        for attempt in ledger.find(name)
        if attempt.result_file in result.files
    ]


def _row(
    answers: Answers,
    result: "RequestResult",
    attempt: "Attempt",
    workbook: Path,
    said: "Answer | None",
) -> ResultRow:
    from tierbook.generation.endings import checks_of
    from tierbook.generation.thumbnails import thumbnail

    folder, index = workbook.resolve().parent, result.index
    return ResultRow(
        sku=str(answers.requests.column(contract.SKU)[index]),
        placement=str(answers.requests.column(contract.PLACEMENT)[index]),
        tier=attempt.tier,
        file=attempt.result_file,
        thumbnail=thumbnail(folder / attempt.result_file, folder / STATE_FOLDER / "thumbnails"),
        engine=f"{attempt.provider} {attempt.model}".strip(),
        prompt=str(answers.prompt[index] or ""),
        cost=attempt.counted,
        checks="; ".join(checks_of(attempt.notes)),
        review=said.decision if said else "",
        reason=said.reason if said else "",
        request_id=result.request_id,
    )


# --------------------------------------------------------------------------- the Results tab


def _typed_in_results(
    book: Book, attempts: "Sequence[Attempt]", saved_at: datetime
) -> "list[SheetReview]":
    """Pair the review cells of the tab `Results` with their pictures, by file name."""
    from tierbook.review.merging import Answer, SheetReview
    from tierbook.workbook.results_reading import results_reviews

    names = {Path(attempt.result_file).name: attempt.attempt for attempt in attempts}
    written = _remembered(book.path)
    return [
        SheetReview(
            names[Path(cell.file).name],
            Answer(cell.decision, cell.reason),
            Answer(*written.get(names[Path(cell.file).name], ("", ""))),
            saved_at,
        )
        for cell in results_reviews(book)
        if Path(cell.file).name in names
    ]


def _tab_memory(workbook: Path) -> Path:
    return workbook.resolve().parent / STATE_FOLDER / f"{workbook.stem} {_TAB_MEMORY}"


def _remembered(workbook: Path) -> Mapping[str, tuple[str, str]]:
    """Recall what the tab said when it was last written; nothing where nobody remembers."""
    try:
        kept = json.loads(_tab_memory(workbook).read_text(encoding="utf-8"))
        return {str(name): (str(pair[0]), str(pair[1])) for name, pair in kept.items()}
    except (OSError, ValueError, AttributeError, LookupError, TypeError):
        return {}
