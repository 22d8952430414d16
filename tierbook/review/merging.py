"""Merge decisions made on the review page with those typed into the workbook, losing none.

A cell counts as typed where it differs from what Tierbook last wrote into it. A typed cell wins;
where the page was used for the same picture meanwhile, that is a disagreement and is reported. An
empty cell takes nothing away: it is also what a restored backup or a lost column looks like.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tierbook.contract import REVIEW_DECISIONS, REVIEW_REASONS, folded
from tierbook.generation.ledger import Review

UNDECIDED = "pending"
# Where two cells of one workbook contradict each other, the one that lets less through holds.
_CAUTION = {"reject": 0, "redo": 1, "approve": 2}
_SPELLINGS = {folded(word): word for word in REVIEW_DECISIONS} | {
    "approved": "approve",
    "rejected": "reject",
}
_REASONS = {folded(reason): reason for reason in REVIEW_REASONS}


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision and its reason, as two cells hold them; "" where empty."""

    decision: str = ""
    reason: str = ""

    def __str__(self) -> str:
        """Spell it for a person: `reject (background)`."""
        return f"{self.decision} ({self.reason})" if self.reason else self.decision

    def spelled(self) -> "Answer":
        """Take the words for those of the contract, however they are spelled.

        A decision that is none becomes ""; a reason of a person's own is kept as it is.
        """
        decision = _SPELLINGS.get(folded(self.decision), "")
        reason = _REASONS.get(folded(self.reason), self.reason.strip())
        return Answer(decision, reason if decision else "")


@dataclass(frozen=True, slots=True)
class SheetReview:
    """What the two cells of one picture say.

    Attributes:
        picture: The ledger's name of the picture.
        said: The cells as they are now.
        written: What Tierbook last wrote into them; None where nobody remembers. Then a decision
            of the page that is newer than `saved_at` holds.
        saved_at: When the workbook was last saved; None where that is not known.
    """

    picture: str
    said: Answer
    written: Answer | None = None
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Words about one picture that do not agree; `message` says which of them hold."""

    picture: str
    kept: str
    passed_over: str
    message: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that holds; `from_sheet` where the ledger does not know it yet."""

    answer: Answer
    from_sheet: bool = False


@dataclass(frozen=True)
class Merged:
    """Every decision that holds, by picture, and all that did not agree.

    Attributes:
        decisions: By picture; pictures nobody decided on are not in it.
        disagreements: To be told to the seller.
    """

    decisions: Mapping[str, Decided]
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def news(self) -> Mapping[str, Answer]:
        """What the workbook says and the ledger has yet to keep."""
        return {name: one.answer for name, one in self.decisions.items() if one.from_sheet}


def merge(ledger: Mapping[str, Review], sheet: Iterable[SheetReview]) -> Merged:
    """Merge the newest decisions of the ledger with the cells of a workbook.

    Args:
        ledger: The newest review of each picture.
        sheet: The cells; a picture may have several (its row, and its line in `Results`).
    """
    decisions = {
        name: Decided(Answer(review.decision, review.reason))
        for name, review in ledger.items()
        if review.decision != UNDECIDED
    }
    grouped: dict[str, list[SheetReview]] = {}
    for cell in sheet:
        grouped.setdefault(cell.picture, []).append(cell)
    disagreements: list[Disagreement] = []
    for picture, cells in grouped.items():
        held = decisions[picture].answer if picture in decisions else Answer()
        disagreements += _without_effect(cells, held)
        typed = [cell for cell in cells if _is_typed(cell, held)]
        if not typed:
            continue
        chosen = min(typed, key=_caution)
        disagreements += _contradictions(chosen, typed)
        answer = chosen.said.spelled()
        if answer == held:
            continue
        if _is_older(chosen, ledger.get(picture)) and held.decision:
            disagreements.append(_told(picture, held, answer, "review page", "workbook"))
            continue
        if held.decision and held != chosen.written:
            disagreements.append(_told(picture, answer, held, "workbook", "review page"))
        decisions[picture] = Decided(answer, from_sheet=True)
    return Merged(decisions, tuple(disagreements))


def _caution(cell: SheetReview) -> tuple[int, str, bool, float]:
    """Order cells so that the same one is chosen wherever it stands in the sheet."""
    answer = cell.said.spelled()
    saved = cell.saved_at.timestamp() if cell.saved_at else float("inf")
    return (_CAUTION[answer.decision], answer.reason, cell.written is None, -saved)


def _is_typed(cell: SheetReview, held: Answer) -> bool:
    """Tell whether a person put this word there."""
    answer = cell.said.spelled()
    return bool(answer.decision) and answer != (held if cell.written is None else cell.written)


def _is_older(cell: SheetReview, review: Review | None) -> bool:
    """Tell whether the page decided after a workbook was saved whose cells nobody remembers."""
    if cell.written is not None or cell.saved_at is None or review is None:
        return False
    return review.at > cell.saved_at


def _without_effect(cells: Iterable[SheetReview], held: Answer) -> list[Disagreement]:
    """Report words that are no decision, and cells that were emptied."""
    found: list[Disagreement] = []
    for cell in cells:
        words = cell.said.decision.strip()
        stays = f' "{held}" holds.' if held.decision else ""
        if words and not cell.said.spelled().decision:
            message = (
                f'"{words}" is no decision.{stays} Choose {", ".join(REVIEW_DECISIONS[:-1])} or '
                f"{REVIEW_DECISIONS[-1]}."
            )
            found.append(Disagreement(cell.picture, str(held), words, message))
        elif not words and held.decision and cell.written == held:
            message = (
                f"The cell was emptied.{stays} To take it back, use Undo on the review page, or "
                "choose another word."
            )
            found.append(Disagreement(cell.picture, str(held), "", message))
    return found


def _contradictions(chosen: SheetReview, typed: Iterable[SheetReview]) -> list[Disagreement]:
    kept = chosen.said.spelled()
    others = dict.fromkeys(cell.said.spelled() for cell in typed)
    return [
        _told(chosen.picture, kept, other, "workbook", "workbook")
        for other in others
        if other != kept
    ]


def _told(picture: str, kept: Answer, other: Answer, here: str, there: str) -> Disagreement:
    where = f"The {here} says" if here != there else "Two cells of the workbook say"
    second = f'the {there} says "{other}"' if here != there else f'"{other}"'
    message = f'{where} "{kept}" and {second} of the same picture; "{kept}" holds.'
    return Disagreement(picture, str(kept), str(other), message)
