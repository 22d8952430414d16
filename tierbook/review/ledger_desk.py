"""The review desk over a workbook's answers and the ledger."""

import getpass
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tierbook import contract
from tierbook.errors import UsageError
from tierbook.generation import Ledger, WorkOptions, results_for
from tierbook.generation.ledger import MADE, Attempt, Review
from tierbook.generation.outcomes import RequestResult
from tierbook.generation.sources import UnusableSource, find_photo, named_photos
from tierbook.model import Answers
from tierbook.review.angles import angle_of
from tierbook.review.checks import checks_of
from tierbook.review.deciding import note_decision
from tierbook.review.desk import (
    ALWAYS_APPROVED_FROM,
    RedoPrice,
    RedoStatus,
    ReviewPicture,
    Shown,
    Side,
    Size,
)
from tierbook.review.merging import UNDECIDED, Answer
from tierbook.review.previews import shown_image
from tierbook.review.redoing import Redos
from tierbook.workbook.history import STATE_FOLDER


def desk_for(
    answers: Answers,
    workbook: Path,
    ledger: Ledger,
    *,
    options: WorkOptions | None = None,
    reviewer: str | None = None,
) -> "LedgerDesk":
    """Open the desk of a workbook.

    Args:
        answers: What `app.answer` gives: decided and priced, before pictures were recalled.
        workbook: The workbook's file, by which the ledger knows its pictures.
        ledger: Used only under the desk's lock, and never by a redo, which opens its own
            connection to the ledger in the same folder.
        options: How redone pictures are made; by default as `tierbook run --generate` does.
        reviewer: Who decides; by default the name of the user of this computer.
    """
    options = replace(options or WorkOptions(workbook), handle_interrupts=False)
    return LedgerDesk(answers, workbook, ledger, options, reviewer or _user())


class LedgerDesk:
    """`ReviewDesk` for one workbook."""

    def __init__(
        self,
        answers: Answers,
        workbook: Path,
        ledger: Ledger,
        options: WorkOptions,
        reviewer: str,
    ) -> None:
        self._answers = answers
        self._workbook = workbook
        self._ledger = ledger
        self._reviewer = reviewer
        self._lock = threading.RLock()
        self._before: dict[str, list[Review | None]] = defaultdict(list)
        self._made: dict[str, ReviewPicture] = {}
        self._redos = Redos(answers, ledger.home, options, reviewer, self._reload)
        self._load()

    @property
    def title(self) -> str:
        """The workbook's name."""
        return self._workbook.name

    @property
    def busy(self) -> bool:
        """Whether pictures are being made just now."""
        return self._redos.busy

    def close(self) -> None:
        """Wait for pictures being made."""
        self._redos.close()

    # ------------------------------------------------------------------ pictures

    def pictures(self) -> Sequence[ReviewPicture]:
        """Return the newest pictures of every row, with the newest decisions, in sheet order."""
        with self._lock:
            return _reviewed(self._made, self._ledger.reviews(self._made))

    def image(self, picture: str, side: Side, size: Size) -> Shown | None:
        """Return the photo (before) or the picture (after); None where there is no such file."""
        made = self._made[picture]
        folder = self._workbook.absolute().parent
        path = folder / made.file if side == "after" else _photo(made, folder)
        cache = folder / STATE_FOLDER / "previews"
        return None if path is None else shown_image(path, size, cache)

    def _load(self) -> None:
        ids = [str(one) for one in self._answers.request_id]
        results = results_for(self._answers, self._ledger, self._workbook)
        attempts = {
            attempt.attempt: attempt
            for of_request in self._ledger.of_requests(ids).values()
            for attempt in of_request
        }
        self._made = {
            picture.id: picture
            for result in results
            for picture in _of_row(self._answers, result, attempts)
        }

    def _reload(self, request_id: str) -> Mapping[int, str]:
        """Look again after a redo; return the row's pictures by number."""
        with self._lock:
            self._load()
            return {p.number: p.id for p in self._made.values() if p.request_id == request_id}

    # ------------------------------------------------------------------ decisions

    def decide(self, picture: str, decision: str, reason: str = "") -> ReviewPicture:
        """Keep a decision in the ledger, durably, before this returns.

        Raises:
            UsageError: No such decision, or a rejection without one of the known reasons.
        """
        _check(decision, reason)
        with self._lock:
            before = self._settled_review(picture)
            self._note(picture, Answer(decision, reason))
            self._before[picture].append(before)
            return self._picture(picture)

    def undo(self, picture: str) -> ReviewPicture:
        """Bring back what was decided before; a decision of another day becomes undecided.

        Raises:
            UsageError: There is nothing to undo, or the row is being made anew.
        """
        with self._lock:
            now = self._settled_review(picture)
            if now is None or now.decision == UNDECIDED:
                raise UsageError("Nothing was decided here yet.", fix="nothing to undo.")
            stack = self._before[picture]
            back = stack.pop() if stack else None
            # Going back to a redo would ask for it, and pay for it, once more.
            if back is None or back.decision == "redo":
                self._note(picture, Answer(UNDECIDED))
            else:
                self._note(picture, Answer(back.decision, back.reason))
            return self._picture(picture)

    def _settled_review(self, picture: str) -> Review | None:
        """Return the newest decision, refusing while the row is being made anew."""
        made = self._made[picture]
        if self._redos.under_way(made.request_id):
            raise UsageError(
                "This row is being made anew just now.", fix="wait for the new picture."
            )
        return self._ledger.reviews([made.id]).get(picture)

    def _note(self, picture: str, answer: Answer) -> None:
        request_id = self._made[picture].request_id
        note_decision(self._ledger, request_id, picture, answer, self._reviewer)

    def _picture(self, picture: str) -> ReviewPicture:
        made = self._made[picture]
        rivals = {name: self._made[name] for name in made.candidates if name in self._made}
        found = _reviewed(rivals, self._ledger.reviews(rivals))
        return next(one for one in found if one.id == picture)

    # ------------------------------------------------------------------ redo

    def price_of_redo(self, picture: str) -> RedoPrice:
        """Say what making the picture's row anew can cost; nothing is sent or reserved."""
        with self._lock:
            return self._redos.price(self._picture(picture), self._ledger)

    def redo(self, picture: str, token: str) -> RedoStatus:
        """Start the redo that `token` offers, or say how it stands: one charge a token."""
        return self._redos.start(picture, token, current=picture in self._made)


def _check(decision: str, reason: str) -> None:
    if decision not in contract.REVIEW_DECISIONS:
        raise UsageError(
            f'"{decision}" is no decision.', fix=f"use {', '.join(contract.REVIEW_DECISIONS)}."
        )
    if decision == "reject" and reason not in contract.REVIEW_REASONS:
        raise UsageError(
            "A rejection needs a reason.", fix=f"choose {', '.join(contract.REVIEW_REASONS)}."
        )


def _of_row(
    answers: Answers, result: RequestResult, attempts: Mapping[str, Attempt]
) -> list[ReviewPicture]:
    """Describe the pictures of one row, without their decisions."""
    index = result.index
    made = [
        attempt
        for attempt in map(attempts.__getitem__, result.attempts)
        if attempt.state in MADE and attempt.result_file
    ]
    photos = named_photos(answers.requests.column(contract.SOURCE_IMAGE)[index])
    by_angle: dict[int, list[str]] = defaultdict(list)
    for attempt in made:
        by_angle[angle_of(answers, attempt)].append(attempt.attempt)
    pictures: list[ReviewPicture] = []
    for attempt in made:
        angle = angle_of(answers, attempt)
        tier = answers.configuration.tier(attempt.tier)
        pictures.append(
            ReviewPicture(
                id=attempt.attempt,
                request_id=result.request_id,
                sku=str(answers.requests.column(contract.SKU)[index] or ""),
                placement=str(answers.requests.column(contract.PLACEMENT)[index] or ""),
                product=str(answers.requests.column(contract.PRODUCT_NAME)[index] or ""),
                tier=attempt.tier,
                tier_name=tier.name if tier else "",
                number=attempt.variant,
                of=max(len(made), int(answers.decisions.images[index])),
                candidates=tuple(by_angle[angle]),
                photo=(photos[angle] if angle < len(photos) else photos[0]) if photos else "",
                file=attempt.result_file,
                checks=checks_of(attempt.notes),
                cost=attempt.counted,
                engine=f"{attempt.provider} {attempt.model}".strip(),
                prompt=str(answers.prompt[index] or ""),
                rule=str(answers.decisions.rule[index] or ""),
                why=str(answers.decisions.why[index] or ""),
                needs_person=result.review or attempt.tier >= ALWAYS_APPROVED_FROM,
            )
        )
    return pictures


def _reviewed(
    made: Mapping[str, ReviewPicture], reviews: Mapping[str, Review]
) -> list[ReviewPicture]:
    """Put the decisions in; a picture also knows whether a rival was approved."""
    approved = {name for name, review in reviews.items() if review.decision == "approve"}
    pictures: list[ReviewPicture] = []
    for picture in made.values():
        review = reviews.get(picture.id)
        rival = any(name in approved for name in picture.candidates if name != picture.id)
        decided = review is not None and review.decision != UNDECIDED
        pictures.append(
            replace(
                picture,
                decision=review.decision if review and decided else "",
                reason=review.reason if review and decided else "",
                reviewer=review.reviewer if review and decided else "",
                decided_at=review.at if review and decided else None,
                rival_approved=rival,
            )
        )
    return pictures


def _photo(picture: ReviewPicture, folder: Path) -> Path | None:
    """Find the photo's file; a photo at a web address is not fetched for a look."""
    if not picture.photo:
        return None
    try:
        return find_photo(picture.photo, folder).path
    except UnusableSource:
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "someone"
