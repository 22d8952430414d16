"""Merge decisions made on the review page with those typed into the workbook, losing none.

A cell counts as typed where it differs from what Tierbook last wrote into it. A typed cell wins;
where the page was used for the same picture since, that is a disagreement and is reported. An
empty cell takes nothing away: it is also what a restored backup or a lost column looks like.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tierbook.contract import REVIEW_DECISIONS, REVIEW_REASONS, folded
from tierbook.generation.ledger import Review

_UNDECIDED = "pending"
# Where two cells of one workbook contradict each other, the one that lets less through holds.
_CAUTION = {"reject": 0, "redo": 1, "approve": 2}


@dataclass(frozen=True, slots=True)
class SheetReview:
    """What the two cells of one picture say, and what Tierbook last wrote into them.

    Attributes:
        picture: The ledger's name of the picture.
        decision, reason: The cells as they are now, "" where empty.
        written, written_reason: What was last written; "" where nothing ever was.
        written_at: When that was; None where it is not known, and then the cell was typed after
            any decision it contradicts only if `saved_at` is later.
        saved_at: When the workbook was last saved.
    """

    picture: str
    decision: str
    reason: str = ""
    written: str = ""
    written_reason: str = ""
    written_at: datetime | None = None
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two decisions about one picture that do not agree; `message` says which one holds."""

    picture: str
    kept: str
    passed_over: str
    message: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that holds; `from_sheet` where the ledger does not know it yet."""

    decision: str
    reason: str
    reviewer: str = ""
    at: datetime | None = None
    from_sheet: bool = False


@dataclass(frozen=True)
class Merged:
    """Every decision that holds, by picture, and every pair that did not agree.

    Attributes:
        decisions: By picture; pictures nobody decided on are not in it.
        disagreements: To be told to the seller.
    """

    decisions: Mapping[str, Decided]
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def news(self) -> Mapping[str, Decided]:
        """What the workbook says and the ledger has yet to keep."""
        return {name: one for name, one in self.decisions.items() if one.from_sheet}


def merge(ledger: Mapping[str, Review], sheet: Iterable[SheetReview]) -> Merged:
    """Merge the newest decisions of the ledger with the cells of a workbook.

    Args:
        ledger: The newest review of each picture.
        sheet: The cells; a picture may have several (its row, and its line in `Results`).
    """
    decisions = {
        name: Decided(review.decision, review.reason, review.reviewer, review.at)
        for name, review in ledger.items()
        if review.decision != _UNDECIDED
    }
    found: list[Disagreement] = []
    for picture, cells in _by_picture(sheet).items():
        typed = [cell for cell in cells if _is_typed(cell)]
        held = decisions.get(picture)
        found += _emptied(cells, held)
        if not typed:
            continue
        chosen = min(typed, key=lambda cell: (_CAUTION[cell.decision], cell.reason))
        found += _contradictions(chosen, typed)
        if held is not None and _says(held) == _words(chosen.decision, chosen.reason):
            continue
        if held is not None and _is_older(chosen, held):
            found.append(_disagreement(picture, _says(held), _words_of(chosen), "page"))
            continue
        if held is not None and not _was_written(chosen, held):
            found.append(_disagreement(picture, _words_of(chosen), _says(held), "workbook"))
        decisions[picture] = Decided(
            chosen.decision, chosen.reason, at=chosen.saved_at, from_sheet=True
        )
    return Merged(decisions, tuple(found))


def _by_picture(sheet: Iterable[SheetReview]) -> Mapping[str, list[SheetReview]]:
    grouped: dict[str, list[SheetReview]] = {}
    for cell in sheet:
        grouped.setdefault(cell.picture, []).append(_spelled(cell))
    return grouped


def _spelled(cell: SheetReview) -> SheetReview:
    """Take the words of a cell for those of the lists, however they are spelled."""
    return SheetReview(
        cell.picture,
        _listed(cell.decision, REVIEW_DECISIONS),
        _listed(cell.reason, REVIEW_REASONS) or cell.reason.strip(),
        _listed(cell.written, REVIEW_DECISIONS),
        _listed(cell.written_reason, REVIEW_REASONS) or cell.written_reason.strip(),
        cell.written_at,
        cell.saved_at,
    )


def _listed(words: str, known: Iterable[str]) -> str:
    return next((one for one in known if folded(one) == folded(words)), "")


def _is_typed(cell: SheetReview) -> bool:
    """Tell whether a person put this word there."""
    if not cell.decision:
        return False
    return (cell.decision, cell.reason) != (cell.written, cell.written_reason)


def _is_older(cell: SheetReview, held: Decided) -> bool:
    """Tell whether the page decided after a workbook was saved whose cells nobody remembers."""
    if cell.written or cell.written_at is not None:
        return False
    return cell.saved_at is not None and held.at is not None and held.at > cell.saved_at


def _was_written(cell: SheetReview, held: Decided) -> bool:
    """Tell whether the person who typed saw the ledger's decision in the cell."""
    return _words(cell.written, cell.written_reason) == _says(held)


def _contradictions(chosen: SheetReview, typed: Iterable[SheetReview]) -> list[Disagreement]:
    others = dict.fromkeys(_words_of(cell) for cell in typed)
    return [
        Disagreement(
            chosen.picture,
            _words_of(chosen),
            other,
            f'Two cells of the workbook say "{_words_of(chosen)}" and "{other}" of one picture; '
            f'"{_words_of(chosen)}" holds.',
        )
        for other in others
        if other != _words_of(chosen)
    ]


def _emptied(cells: Iterable[SheetReview], held: Decided | None) -> list[Disagreement]:
    """Report a cell that was emptied: what was decided stays."""
    if held is None:
        return []
    return [
        Disagreement(
            cell.picture,
            _says(held),
            "",
            f'The cell was emptied; "{_says(held)}" holds. To take it back, use Undo on the '
            "review page, or choose another word.",
        )
        for cell in cells
        if not cell.decision
        and cell.written
        and _words(cell.written, cell.written_reason) == _says(held)
    ]


def _disagreement(picture: str, kept: str, passed_over: str, where: str) -> Disagreement:
    other = "review page" if where == "workbook" else "workbook"
    return Disagreement(
        picture,
        kept,
        passed_over,
        f'The {where} says "{kept}" and the {other} "{passed_over}"; "{kept}" holds.',
    )


def _says(decided: Decided) -> str:
    return _words(decided.decision, decided.reason)


def _words_of(cell: SheetReview) -> str:
    return _words(cell.decision, cell.reason)


def _words(decision: str, reason: str) -> str:
    return f"{decision} ({reason})" if reason else decision
