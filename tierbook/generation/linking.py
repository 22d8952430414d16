"""Bring pictures and their costs back into the workbook's columns, now or in a later run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tierbook import contract
from tierbook.generation.endings import ending_of
from tierbook.generation.ledger import MADE, Attempt, Ledger, State
from tierbook.generation.outcomes import RequestResult, sum_up
from tierbook.generation.storing import restore
from tierbook.model import MICRO, Answers, Column, text_column
from tierbook.routing.deciding import RAISED_ROUTER
from tierbook.workbook.answers import pictures_shown


def results_for(answers: Answers, ledger: Ledger, workbook: Path) -> list[RequestResult]:
    """Find what the ledger knows of a workbook's requests, and bring back files that are gone.

    Attempts made for another workbook count only where that file no longer exists: a renamed,
    moved or restored workbook finds its pictures, and two shops with equal SKUs keep theirs
    apart.

    Returns:
        A result for each request that was ever tried; nothing is sent or charged.
    """
    _close_redos(answers, ledger)
    results: list[RequestResult] = []
    for index, current in _current_attempts(answers, ledger, workbook):
        for attempt in current:
            if attempt.state in MADE:
                restore(ledger.home, attempt, workbook.absolute().parent)
        results.append(_summed(answers, index, current))
    return results


def known_results(answers: Answers, ledger: Ledger, workbook: Path) -> list[RequestResult]:
    """Find what the ledger knows of a workbook's requests; no file and no record is touched."""
    return [
        _summed(answers, index, current)
        for index, current in _current_attempts(answers, ledger, workbook)
    ]


def _current_attempts(
    answers: Answers, ledger: Ledger, workbook: Path
) -> Iterator[tuple[int, list[Attempt]]]:
    """Yield each row that was ever tried, with the newest picture of each of its numbers."""
    path = workbook.absolute()
    ids = [str(one) for one in answers.request_id]
    by_request = ledger.of_requests(ids)
    shown = pictures_shown(answers.decisions, answers.request_id)
    for index, request_id in enumerate(ids):
        current = _current(of_workbook(by_request.get(request_id, ()), path))
        current = current[: max(1, int(shown[index]))]
        if current:
            yield index, current


def _summed(answers: Answers, index: int, current: Sequence[Attempt]) -> RequestResult:
    endings = [ending_of(attempt) for attempt in current]
    review = str(answers.decisions.review[index] or "none")
    result = sum_up(index, str(answers.request_id[index]), endings, review=review)
    tier, made_in = int(answers.decisions.tier[index]), max(one.tier for one in current)
    if answers.decisions.router[index] != RAISED_ROUTER or made_in >= tier:
        return result
    words = f"Its tier {made_in} picture was rejected; the one of tier {tier} is still to be made."
    return replace(result, status="PLANNED", message=words)


def _close_redos(answers: Answers, ledger: Ledger) -> None:
    """Note which rows no longer say "redo", so that saying it again asks for another picture."""
    actions = answers.requests.column(contract.ACTION)
    named = [str(request_id) for request_id in answers.request_id]
    asking = {one for one, action in zip(named, actions, strict=True) if action == "redo"}
    kept = ledger.redos(one for one in named if one not in asking)
    closed = {one: replace(redo, open=False) for one, redo in kept.items() if redo.open}
    if closed:
        ledger.note_redos(closed)


def of_workbook(attempts: Sequence[Attempt], path: Path) -> list[Attempt]:
    """Keep the attempts made for a workbook, or for files that are gone where it has none."""
    own = [attempt for attempt in attempts if attempt.workbook == str(path)]
    return own or [attempt for attempt in attempts if not Path(attempt.workbook).exists()]


def _current(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Pick the newest picture of each number, or the newest attempt where none was made."""
    newest: dict[int, Attempt] = {}
    for attempt in attempts:
        before = newest.get(attempt.variant)
        if before is None or attempt.state in MADE or before.state not in MADE:
            newest[attempt.variant] = attempt
    return [newest[number] for number in sorted(newest)]


def mark_linked(ledger: Ledger, results: Iterable[RequestResult]) -> None:
    """Note that the workbook with these results was saved: their pictures are linked."""
    names = {name for result in results for name in result.attempts}
    with ledger.together():
        for name in sorted(names):
            for attempt in ledger.find(name):
                if attempt.state is State.DOWNLOADED:
                    ledger.advance(attempt.attempt, State.LINKED)


def with_results(answers: Answers, results: Iterable[RequestResult]) -> Answers:
    """Put results into the answers, so that the writer fills the generation columns.

    A row without a result keeps what an earlier run left in its columns. A new picture empties
    the review of the old one.
    """
    by_index = {result.index: result for result in results}
    status, message = answers.status.copy(), answers.message.copy()
    for index, result in by_index.items():
        status[index] = result.status
        message[index] = _joined(message[index], result.message)
    extra = {
        contract.RESULT: _column(answers, by_index, contract.RESULT_FILE, _first_file),
        contract.RESULT_FILE: _column(answers, by_index, contract.RESULT_FILE, _first_file),
        contract.ACTUAL_COST: _costs(answers, by_index),
        contract.QUALITY_CHECK: _column(answers, by_index, contract.QUALITY_CHECK, _checks),
        contract.REVIEW: _reviews(answers, by_index, contract.REVIEW),
        contract.REVIEW_REASON: _reviews(answers, by_index, contract.REVIEW_REASON),
    }
    return replace(answers, status=status, message=message, extra={**answers.extra, **extra})


def _joined(before: object, words: str) -> str | None:
    """Keep a warning's words before the result's."""
    return " ".join(part for part in (str(before or ""), words) if part) or None


def _first_file(result: RequestResult) -> str | None:
    return result.files[0] if result.files else None


def _checks(result: RequestResult) -> str | None:
    return result.checks or None


def _left(answers: Answers, heading: str) -> Column:
    left = answers.requests.outputs.get(heading)
    return np.full(len(answers.requests), None, dtype=object) if left is None else left


def _column(
    answers: Answers,
    results: Mapping[int, RequestResult],
    heading: str,
    value: Callable[[RequestResult], str | None],
) -> Column:
    left = _left(answers, heading)
    return text_column(
        [value(results[i]) if i in results else left[i] for i in range(len(answers.requests))]
    )


def _costs(answers: Answers, results: Mapping[int, RequestResult]) -> Column:
    left = _left(answers, contract.ACTUAL_COST)
    images = answers.decisions.images
    # What an exact repeat shows was paid for the row it repeats.
    repeats = pictures_shown(answers.decisions, answers.request_id) > images
    return text_column(
        [
            None if repeats[i] else results[i].cost if i in results else _micro_usd(left[i])
            for i in range(len(answers.requests))
        ]
    )


def _micro_usd(dollars: object) -> int | None:
    if isinstance(dollars, bool) or not isinstance(dollars, int | float):
        return None
    return round(dollars * MICRO)


def _reviews(answers: Answers, results: Mapping[int, RequestResult], heading: str) -> Column:
    left, files = _left(answers, heading), _left(answers, contract.RESULT_FILE)
    kept: list[object] = []
    for index in range(len(answers.requests)):
        result = results.get(index)
        is_new = result is not None and _first_file(result) != files[index]
        kept.append(None if is_new else left[index])
    return text_column(kept)
