"""What the ledger knows of a workbook: its pictures, their costs, and the month's spending.

A workbook can be rebuilt from the ledger at any time, so a run writes what is known already
whether or not it makes anything itself.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tierbook import contract
from tierbook.errors import LedgerError
from tierbook.generation.ledger.place import ledger_home, marker_path
from tierbook.model import Answers
from tierbook.workbook.history import STATE_FOLDER
from tierbook.workbook.results_rows import ResultRow

if TYPE_CHECKING:
    from tierbook.generation import Ledger, RequestResult


@dataclass(frozen=True)
class Recalled:
    """The answers with what is known of their pictures.

    Attributes:
        answers: With status, links, actual costs and the month's spending filled in.
        rows: A line of the `Results` tab for each picture.
        results: What was found for each request that was ever tried.
    """

    answers: Answers
    rows: tuple[ResultRow, ...] = ()
    results: "tuple[RequestResult, ...]" = ()


def ledger_exists() -> bool:
    """Tell whether this user ever made a picture; deciding alone opens no ledger."""
    return marker_path(ledger_home()).exists()


def recall(answers: Answers, workbook: Path, fresh: "Sequence[RequestResult]" = ()) -> Recalled:
    """Put what the ledger knows into the answers; a damaged ledger becomes a note.

    Args:
        answers: What the run decided.
        workbook: The workbook's file, by which the ledger knows its pictures.
        fresh: Results of a run just made, for rows that wait or were not tried.
    """
    if not ledger_exists():
        return Recalled(answers)
    from tierbook.generation import open_ledger

    try:
        zone = answers.configuration.settings.time_zone
        with closing(open_ledger(time_zone=zone)) as ledger:
            return _recalled(answers, workbook, ledger, fresh)
    except LedgerError as error:
        note = f"{error.message} Deciding and pricing go on; no picture is made. {error.fix}"
        return Recalled(replace(answers, notes=(*answers.notes, note)))


def note_links(recalled: Recalled) -> None:
    """Note that the workbook with these pictures was saved."""
    if not recalled.results:
        return
    from tierbook.generation import mark_linked, open_ledger

    with closing(open_ledger()) as ledger:
        mark_linked(ledger, recalled.results)


def _recalled(
    answers: Answers, workbook: Path, ledger: "Ledger", fresh: "Sequence[RequestResult]"
) -> Recalled:
    from tierbook.generation import results_for, with_results

    answers = replace(answers, spent_this_month=ledger.counted(month=ledger.month()))
    found = results_for(answers, ledger, workbook)
    found += _untried(answers, found, fresh)
    if not found:
        return Recalled(answers)
    answers = with_results(answers, found)
    return Recalled(answers, tuple(_rows(answers, found, ledger, workbook)), tuple(found))


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


def _rows(
    answers: Answers, results: "Sequence[RequestResult]", ledger: "Ledger", workbook: Path
) -> list[ResultRow]:
    from tierbook.generation.endings import checks_of
    from tierbook.generation.thumbnails import thumbnail

    folder = workbook.resolve().parent
    cache = folder / STATE_FOLDER / "thumbnails"
    reviews, reasons = answers.extra[contract.REVIEW], answers.extra[contract.REVIEW_REASON]
    rows: list[ResultRow] = []
    for result in results:
        index = result.index
        for name in result.attempts:
            for attempt in ledger.find(name):
                if attempt.result_file not in result.files:
                    continue
                rows.append(
                    ResultRow(
                        sku=str(answers.requests.column(contract.SKU)[index]),
                        placement=str(answers.requests.column(contract.PLACEMENT)[index]),
                        tier=attempt.tier,
                        file=attempt.result_file,
                        thumbnail=thumbnail(folder / attempt.result_file, cache),
                        engine=f"{attempt.provider} {attempt.model}".strip(),
                        prompt=str(answers.prompt[index] or ""),
                        cost=attempt.counted,
                        checks="; ".join(checks_of(attempt.notes)),
                        review=str(reviews[index] or ""),
                        reason=str(reasons[index] or ""),
                        request_id=result.request_id,
                    )
                )
    return rows
