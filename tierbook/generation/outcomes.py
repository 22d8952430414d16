"""What became of the rows, in the words of the workbook's columns."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tierbook.generation.endings import Ending, ending_of
from tierbook.generation.ledger import Attempt
from tierbook.generation.work import Row, Work
from tierbook.model import MicroUsd

# The worst of a row's pictures names the row's status.
_WORST_FIRST = ("UNKNOWN", "FAILED", "REFUSED", "PLANNED", "DONE")
_PROBLEMS = frozenset({"HOLD", "FAILED", "REFUSED"})
_SAMPLED_OF_TEN = 1


@dataclass(frozen=True)
class RequestResult:
    """What became of one request.

    Attributes:
        index: Its place in the request table.
        status: A word of `contract.STATUSES`; message: the sentence beside it.
        files: Its pictures, relative to the workbook's folder, first picture first.
        cost: What its pictures came to, in micro-USD; None where nothing was tried.
        engine: Provider and model of its pictures.
        review: Whether a person should look at it.
        checks: What a person may want to look at, in words.
        attempts: The ledger's names of its attempts, for `resolve`, reviews and links.
    """

    index: int
    request_id: str
    status: str
    message: str
    files: tuple[str, ...] = ()
    cost: MicroUsd | None = None
    engine: str = ""
    review: bool = False
    checks: str = ""
    attempts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a run of paid work ended.

    Attributes:
        results: Every row that has pictures or waits for the seller.
        made: Pictures made in this run; settled: what the run came to, in micro-USD.
        reserved: What still counts in full for pictures not at their end.
        cap_reached: Which cap stopped pictures, "" where none did.
        trouble: What was wrong with engines, one sentence each.
        unknown: Charges of this workbook that wait for a decision.
        stopped: Why the run stopped before its end, "" where it did not.
        interrupted: The seller pressed Ctrl+C.
    """

    run: str
    results: tuple[RequestResult, ...]
    made: int
    settled: MicroUsd
    reserved: MicroUsd
    cap_reached: str = ""
    trouble: tuple[str, ...] = ()
    unknown: tuple[Attempt, ...] = ()
    stopped: str = ""
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code of `tierbook run --generate`, most urgent first."""
        if self.interrupted:
            return 130
        if self.unknown:
            return 6
        if self.cap_reached:
            return 4
        if self.trouble or self.stopped:
            return 5
        return int(any(result.status in _PROBLEMS for result in self.results))


def results_of(work: Work, endings: Mapping[tuple[str, int], Ending]) -> list[RequestResult]:
    """Sum the pictures up by row; `endings` is by request id and picture number."""
    results: list[RequestResult] = []
    for row in work.rows:
        if row.pictures:
            results.append(_of_row(row, endings))
        elif row.waits:
            results.append(RequestResult(row.index, row.request_id, "HOLD", row.held))
    return results


def _of_row(row: Row, endings: Mapping[tuple[str, int], Ending]) -> RequestResult:
    found = [_ending(row, picture.number, endings) for picture in row.pictures]
    review = row.pictures[0].review
    return sum_up(row.index, row.request_id, found, review=review, note=row.note)


def _ending(row: Row, number: int, endings: Mapping[tuple[str, int], Ending]) -> Ending:
    ended = endings.get((row.request_id, number))
    if ended is not None:
        return ended
    known = row.known.get(number)
    if known is not None:
        return ending_of(known.attempt)
    return Ending("PLANNED", "Not made in this run. Nothing was charged.")


def sum_up(
    index: int, request_id: str, endings: Iterable[Ending], *, review: str, note: str = ""
) -> RequestResult:
    """Sum the endings of one row's pictures up."""
    every = list(endings)
    statuses = [ending.status for ending in every]
    status = next(word for word in _WORST_FIRST if word in statuses)
    made = [ending for ending in every if ending.file]
    words = list(dict.fromkeys(ending.message for ending in every if ending.message))
    if len(every) > 1:
        words.insert(0, f"{len(made)} of {len(every)} pictures made.")
    tried = [ending for ending in every if ending.attempt]
    checks = dict.fromkeys(check for ending in made for check in ending.checks if check)
    return RequestResult(
        index=index,
        request_id=request_id,
        status=status,
        message=" ".join([*words, *([note] if note else [])]),
        files=tuple(dict.fromkeys(ending.file for ending in made)),
        cost=sum(ending.cost for ending in tried) if tried else None,
        engine="; ".join(dict.fromkeys(e.engine for e in made or tried if e.engine)),
        review=bool(made) and wants_review(review, request_id),
        checks="; ".join(checks),
        attempts=tuple(ending.attempt for ending in tried),
    )


def wants_review(review: str, request_id: str) -> bool:
    """Tell whether a person should look: always, for one in ten, or never.

    The sample is drawn from the request's name, so that it stays the same row on every run.
    """
    if review == "sample":
        digest = hashlib.sha256(request_id.encode()).digest()
        return digest[0] % 10 < _SAMPLED_OF_TEN
    return review == "human"
