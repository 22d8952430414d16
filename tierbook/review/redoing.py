"""Make a row's pictures anew from the review page: one price shown, one yes, one charge."""

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from tierbook import engines
from tierbook.errors import TierbookError, UsageError
from tierbook.generation import Ledger, Outcome, WorkOptions, carry_out, open_ledger, plan_work
from tierbook.generation.ledger import IN_FLIGHT, State
from tierbook.generation.work import Row, Work
from tierbook.model import Answers, MicroUsd, usd
from tierbook.review.desk import RedoPrice, RedoStatus, ReviewPicture
from tierbook.review.narrowing import only_row

_log = logging.getLogger("tierbook.review")
_NOTHING_MOVED = "Nothing was sent or charged."


@dataclass(frozen=True, slots=True)
class _Offer:
    """A price that was shown for a picture's row."""

    picture: ReviewPicture
    at_most: MicroUsd


class Redos:
    """Prices and makes redos; each in its turn, on a thread and a ledger connection of its own.

    Three things keep a second click from paying twice: a token starts one redo and afterwards only
    tells how it stands; a row has at most one redo under way; and a picture that was replaced
    cannot be redone any more.
    """

    def __init__(
        self,
        answers: Answers,
        home: Path,
        options: WorkOptions,
        reviewer: str,
        on_made: Callable[[str], Mapping[int, str]],
    ) -> None:
        self._answers = answers
        self._home = home
        self._options = options
        self._reviewer = reviewer
        self._on_made = on_made
        self._offers: dict[str, _Offer] = {}
        self._statuses: dict[str, RedoStatus] = {}
        self._under_way: dict[str, str] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="redo")

    @property
    def busy(self) -> bool:
        """Whether pictures are being made just now."""
        return bool(self._under_way)

    def under_way(self, request_id: str) -> bool:
        """Tell whether a row is being made anew just now."""
        return request_id in self._under_way

    def price(self, picture: ReviewPicture, ledger: Ledger) -> RedoPrice:
        """Say what the row's pictures can cost; nothing is sent or reserved.

        Raises:
            TierbookError: The row cannot be made anew now; the words say why.
        """
        row = self._plan(picture, ledger, self._options).rows[0]
        _check_settled(picture, ledger)
        at_most = sum(one.offers[0].worst_case for one in row.pictures)
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._offers[token] = _Offer(picture, at_most)
        return RedoPrice(token, len(row.pictures), at_most)

    def start(self, picture: str, token: str, *, current: bool) -> RedoStatus:
        """Start the redo that `token` offers, once; afterwards say how it stands.

        Args:
            picture: The id the offer was made for.
            token: What `price` gave.
            current: Whether the picture is still the newest of its row.
        """
        with self._lock:
            if token in self._statuses:
                return self._statuses[token]
            offer = self._offers.get(token)
            if offer is None or offer.picture.id != picture:
                raise UsageError(
                    "The price of this redo was never shown.",
                    fix="ask for its price again.",
                    money=_NOTHING_MOVED,
                )
            running = self._under_way.get(offer.picture.request_id)
            if running is not None:
                return self._statuses[running]
            if not current:
                raise UsageError(
                    "A newer picture has taken this one's place.",
                    fix="look at the newer one first.",
                    money=_NOTHING_MOVED,
                )
            status = RedoStatus(False, "Being made.", picture)
            self._statuses[token] = status
            self._under_way[offer.picture.request_id] = token
        self._thread.submit(self._carry_out, token, offer)
        return status

    def close(self) -> None:
        """Wait for what is under way; redos that were not begun are made as well."""
        self._thread.shutdown()

    # ------------------------------------------------------------------ on the redo thread

    def _carry_out(self, token: str, offer: _Offer) -> None:
        status = RedoStatus(True, "", offer.picture.id)
        try:
            outcome = self._make(offer)
            newest = self._on_made(offer.picture.request_id)
            shown = newest.get(offer.picture.number, offer.picture.id)
            status = replace(
                status,
                message=_words(outcome),
                picture=shown,
                made=outcome.made,
                charged=outcome.settled,
            )
        except TierbookError as error:
            words = " ".join(part for part in (error.message, error.fix, error.money) if part)
            status = replace(status, message=words)
        except Exception as error:
            _log.exception("a redo failed")
            status = replace(
                status,
                message=f"Something went wrong ({type(error).__name__}). What was sent is kept in "
                "the record of payments; `tierbook run` says how it stands.",
            )
        finally:
            with self._lock:
                self._statuses[token] = status
                self._under_way.pop(offer.picture.request_id, None)

    def _make(self, offer: _Offer) -> Outcome:
        # Never more than the price a person said yes to, whatever engine steps in.
        caps = [cap for cap in (self._options.max_spend, offer.at_most) if cap is not None]
        options = replace(self._options, max_spend=min(caps))
        with closing(open_ledger(self._home)) as ledger:
            picture = offer.picture
            _check_settled(picture, ledger)
            with ledger.together():
                asked = ledger.reviews([picture.id]).get(picture.id)
                # Asked for before and not made: the same redo goes on, none is added.
                if asked is None or asked.decision != "redo":
                    ledger.decide(picture.id, "redo", picture.reason, self._reviewer)
            work = self._plan(picture, ledger, options)
            return asyncio.run(carry_out(work, ledger, engines.discover(), options))

    def _plan(self, picture: ReviewPicture, ledger: Ledger, options: WorkOptions) -> Work:
        ids = [str(one) for one in self._answers.request_id]
        row = only_row(self._answers, ids.index(picture.request_id))
        work = plan_work(row, ledger, options)
        if not work.rows[0].pictures:
            raise UsageError(
                _why_not(work.rows[0], str(row.status[0]), str(row.message[0] or "")),
                fix="correct the row in the workbook and start `tierbook review` again.",
                money=_NOTHING_MOVED,
            )
        return work


def _check_settled(picture: ReviewPicture, ledger: Ledger) -> None:
    """Refuse while an earlier attempt of the row may still cost money."""
    attempts = ledger.of_requests([picture.request_id]).get(picture.request_id, ())
    for attempt in attempts:
        if attempt.state is State.UNKNOWN:
            raise UsageError(
                f"An earlier charge for this row could not be confirmed ({usd(attempt.counted)}).",
                fix=f"run `tierbook resolve {attempt.attempt} --charged` or `--not-charged` first.",
                money=_NOTHING_MOVED,
            )
        if attempt.state in IN_FLIGHT:
            raise UsageError(
                "A picture of this row is being made already.",
                fix="wait for it, or run the workbook again to fetch it.",
                money=_NOTHING_MOVED,
            )


def _why_not(row: Row, status: str, message: str) -> str:
    return row.held or f"The row is not ready to be made ({status}). {message}".strip()


def _words(outcome: Outcome) -> str:
    """Say how it ended and what it came to."""
    parts = [f"{outcome.made} {'picture' if outcome.made == 1 else 'pictures'} made anew."]
    parts += [result.message for result in outcome.results if result.message and not outcome.made]
    if outcome.cap_reached:
        parts.append(f"Stopped at {outcome.cap_reached}.")
    parts += [outcome.stopped] if outcome.stopped else []
    spent = outcome.settled + outcome.reserved
    parts.append(f"It came to {usd(spent)}." if spent else "Nothing was charged.")
    return " ".join(parts)
