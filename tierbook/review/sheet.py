"""Bring the workbook's Review columns and the ledger's decisions together, row by row."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tierbook import contract
from tierbook.generation import Ledger, RequestResult
from tierbook.generation.files import write_whole
from tierbook.generation.ledger import MADE, Attempt, Review
from tierbook.model import Answers, Problem, text_column
from tierbook.review.angles import angle_of
from tierbook.review.deciding import note_decision
from tierbook.review.desk import ALWAYS_APPROVED_FROM
from tierbook.review.merging import Answer, Disagreement, Merged, SheetReview, merge
from tierbook.workbook.history import STATE_FOLDER

_FROM_WORKBOOK = "workbook"
_NOTHING = Answer()


@dataclass(frozen=True)
class TakenReviews:
    """What holds after the workbook's words were taken.

    Attributes:
        answers: With the Review columns as they are to be written; a made row that needs a
            person's approval and lacks it is on HOLD.
        by_picture: The decision of each picture, by the ledger's name; for the tab `Results`.
        problems: A warning for each pair of words that did not agree.
    """

    answers: Answers
    by_picture: Mapping[str, Answer]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Row:
    """A row with pictures: its cells belong to the pictures only while they show the same file."""

    result: RequestResult
    angles: tuple[tuple[Attempt, ...], ...]

    @property
    def pictures(self) -> tuple[Attempt, ...]:
        return tuple(picture for angle in self.angles for picture in angle)


def take_reviews(
    answers: Answers,
    results: Sequence[RequestResult],
    ledger: Ledger,
    workbook: Path,
    *,
    saved_at: datetime,
    more: Iterable[SheetReview] = (),
) -> TakenReviews:
    """Take what was typed into the workbook into the ledger, and say what the columns hold now.

    Args:
        answers: As `generation.with_results` gives them.
        results: What the ledger knows of the rows.
        ledger: Keeps each typed decision from now on, as by the reviewer "workbook".
        workbook: The workbook's file.
        saved_at: When it was last saved; counts where nobody remembers what was written into it.
        more: Cells of other tabs.
    """
    rows = _rows(answers, results, ledger)
    merged = _merged(answers, rows, ledger, workbook, saved_at, more)
    of_picture = {picture.attempt: row for row in rows for picture in row.pictures}
    for picture, answer in merged.news.items():
        request_id = of_picture[picture].result.request_id
        note_decision(ledger, request_id, picture, answer, _FROM_WORKBOOK)
    held = {name: one.answer for name, one in merged.decisions.items()}
    problems = dict.fromkeys(
        _problem(answers, of_picture[one.picture], one) for one in merged.disagreements
    )
    return TakenReviews(_with_reviews(answers, rows, held), held, tuple(problems))


def words_that_hold(
    answers: Answers,
    results: Sequence[RequestResult],
    ledger: Ledger,
    workbook: Path,
    *,
    saved_at: datetime,
    more: Iterable[SheetReview] = (),
) -> Mapping[str, Answer]:
    """Say what holds of each picture now, words typed since the last run too; nothing is kept.

    The arguments are those of `take_reviews`.
    """
    rows = _rows(answers, results, ledger)
    merged = _merged(answers, rows, ledger, workbook, saved_at, more)
    return {name: one.answer for name, one in merged.decisions.items()}


def _merged(
    answers: Answers,
    rows: Iterable[_Row],
    ledger: Ledger,
    workbook: Path,
    saved_at: datetime,
    more: Iterable[SheetReview],
) -> Merged:
    every = list(rows)
    reviews = ledger.reviews(picture.attempt for row in every for picture in row.pictures)
    remembered = _remembered(workbook)
    typed = [cell for row in every for cell in _cells(answers, row, reviews, remembered, saved_at)]
    return merge(reviews, [*typed, *more])


def remember_reviews(workbook: Path, answers: Answers) -> None:
    """Remember what was just written into the Review columns; call it once the file is saved.

    Without this memory, beside the workbook in `.tierbook`, the newer of two decisions holds.
    """
    written = {
        str(answers.request_id[index]): [str(file), str(decision or ""), str(reason or "")]
        for index, (file, decision, reason) in enumerate(
            zip(
                answers.extra[contract.RESULT_FILE],
                answers.extra[contract.REVIEW],
                answers.extra[contract.REVIEW_REASON],
                strict=True,
            )
        )
        if file
    }
    every = _read(workbook)
    every[workbook.name] = written
    write_whole(_memory(workbook), json.dumps(every, ensure_ascii=False).encode())


def _memory(workbook: Path) -> Path:
    return workbook.absolute().parent / STATE_FOLDER / "reviews.json"


def _read(workbook: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found: object = json.loads(_memory(workbook).read_text("utf-8"))
        if isinstance(found, dict):
            return {str(name): value for name, value in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] # JSON
    return {}


def _remembered(workbook: Path) -> Mapping[tuple[str, str], Answer]:
    """By request id and file, what was last written into the row's cells."""
    with suppress(AttributeError, KeyError, TypeError, ValueError):
        return {
            (request_id, file): Answer(decision, reason)
            for request_id, (file, decision, reason) in _read(workbook)[workbook.name].items()
        }
    return {}


def _rows(answers: Answers, results: Sequence[RequestResult], ledger: Ledger) -> list[_Row]:
    attempts = {
        attempt.attempt: attempt
        for of_request in ledger.of_requests(one.request_id for one in results).values()
        for attempt in of_request
    }
    rows: list[_Row] = []
    for result in results:
        angles: dict[int, list[Attempt]] = defaultdict(list)
        for attempt in map(attempts.__getitem__, result.attempts):
            if attempt.state in MADE:
                angles[angle_of(answers, attempt)].append(attempt)
        if angles:
            rows.append(_Row(result, tuple(tuple(angles[angle]) for angle in sorted(angles))))
    return rows


def _cells(
    answers: Answers,
    row: _Row,
    reviews: Mapping[str, Review],
    remembered: Mapping[tuple[str, str], Answer],
    saved_at: datetime,
) -> list[SheetReview]:
    """Say of each picture what its row's cells say; a row of several pictures speaks for all."""
    file = row.result.files[0] if row.result.files else ""
    if _left(answers, contract.RESULT_FILE, row) != file:
        return []  # the cells speak of a picture that was replaced since
    said = Answer(_left(answers, contract.REVIEW, row), _left(answers, contract.REVIEW_REASON, row))
    written = remembered.get((row.result.request_id, file))
    if written is not None and said.spelled() == written:
        return []
    words = {one.attempt: reviews[one.attempt] for one in row.pictures if one.attempt in reviews}
    rejected = {name for name, review in words.items() if review.decision == "reject"}
    approved = {name for name, review in words.items() if review.decision == "approve"}
    match said.spelled().decision:
        case "approve":
            chosen = [_best(angle, approved, rejected) for angle in row.angles]
        case "redo":
            # One asking makes the whole row anew; an approval it replaces must not stand.
            chosen = [_best(row.angles[0], approved, rejected)]
        case _:
            chosen = list(row.pictures)
    return [SheetReview(picture.attempt, said, written, saved_at) for picture in chosen]


def _best(angle: Sequence[Attempt], approved: set[str], rejected: set[str]) -> Attempt:
    """Pick the candidate that an approval of the whole row means."""
    return min(
        angle, key=lambda one: (one.attempt not in approved, one.attempt in rejected, one.variant)
    )


def _left(answers: Answers, heading: str, row: _Row) -> str:
    column = answers.requests.outputs.get(heading)
    return "" if column is None else str(column[row.result.index] or "").strip()


def _problem(answers: Answers, row: _Row, found: Disagreement) -> Problem:
    index = row.result.index
    return Problem(
        "review-disagrees",
        "warning",
        found.message,
        "if another word should hold, choose it in Review or on the review page.",
        answers.requests.cell(index, contract.REVIEW),
        str(answers.requests.column(contract.SKU)[index] or ""),
    )


def _with_reviews(answers: Answers, rows: Iterable[_Row], held: Mapping[str, Answer]) -> Answers:
    decisions = answers.extra[contract.REVIEW].copy()
    reasons = answers.extra[contract.REVIEW_REASON].copy()
    status, message = list(answers.status), list(answers.message)
    for row in rows:
        index = row.result.index
        answer = row_answer([[held.get(one.attempt, _NOTHING) for one in a] for a in row.angles])
        decisions[index], reasons[index] = answer.decision or None, answer.reason or None
        # A sample is looked at beside the work; it does not hold the work up.
        asks = str(answers.decisions.review[index]) == "human"
        needs_person = asks or row.pictures[0].tier >= ALWAYS_APPROVED_FROM
        if needs_person and answer.decision != "approve" and status[index] == "DONE":
            status[index] = "HOLD"
            words = "Waits for your approval." if not answer.decision else ""
            message[index] = " ".join(filter(None, [message[index], words])) or None
    extra = {contract.REVIEW: decisions, contract.REVIEW_REASON: reasons}
    return replace(
        answers,
        status=text_column(status),
        message=text_column(message),
        extra={**answers.extra, **extra},
    )


def row_answer(angles: Sequence[Sequence[Answer]]) -> Answer:
    """Sum a row's decisions up: approved once every angle has an approved picture.

    Args:
        angles: The decisions of the candidates of each angle.
    """
    every = [answer for angle in angles for answer in angle]
    if all(any(one.decision == "approve" for one in angle) for angle in angles):
        return Answer("approve")
    redo = next((one for one in every if one.decision == "redo"), None)
    if redo is not None:
        return redo
    lost = (angle for angle in angles if all(one.decision == "reject" for one in angle))
    return next((angle[0] for angle in lost), _NOTHING)
