"""The workbook's Review columns and the ledger, over whole rows."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.review.gallery import Gallery
from tierbook import contract
from tierbook.generation import results_for, with_results
from tierbook.model import Answers, text_column
from tierbook.review.merging import Answer
from tierbook.review.sheet import TakenReviews, remember_reviews, row_answer, take_reviews

SAVED = datetime(2020, 1, 1, tzinfo=UTC)  # before any decision of these tests
APPROVE, REJECT, REDO, NOTHING = (
    Answer("approve"),
    Answer("reject", "style"),
    Answer("redo"),
    Answer(),
)


class Workbook:
    """What a person sees of the columns: typed into, run, saved, run again."""

    def __init__(self, gallery: Gallery) -> None:
        self.gallery = gallery
        self.cells: dict[str, list[str]] = {}

    def run(self) -> TakenReviews:
        gallery, cells = self.gallery, self.cells
        outputs = {heading: text_column([v or None for v in cells[heading]]) for heading in cells}
        requests = replace(gallery.answers.requests, outputs=outputs)
        answers = replace(gallery.answers, requests=requests)
        results = results_for(answers, gallery.ledger, gallery.shop.workbook)
        taken = take_reviews(
            with_results(answers, results),
            results,
            gallery.ledger,
            gallery.shop.workbook,
            saved_at=SAVED,
        )
        self._save(taken.answers)
        return taken

    def _save(self, answers: Answers) -> None:
        shown = (contract.REVIEW, contract.REVIEW_REASON, contract.RESULT_FILE)
        self.cells = {name: [str(v or "") for v in answers.extra[name]] for name in shown}
        remember_reviews(self.gallery.shop.workbook, answers)

    def type(self, row: int, decision: str, reason: str = "") -> None:
        self.cells[contract.REVIEW][row] = decision
        self.cells[contract.REVIEW_REASON][row] = reason


def test_both_doors_lead_to_the_same_place(tmp_path: Path):
    """Page and sheet decide on different rows; after a run both know both, and nothing is news."""
    gallery = Gallery(tmp_path, rows=2)
    book = Workbook(gallery)
    book.run()
    gallery.desk().decide(gallery.made[0], "approve")
    book.type(1, "reject", "style")
    book.run()
    assert book.cells[contract.REVIEW] == ["approve", "reject"]
    assert book.cells[contract.REVIEW_REASON] == ["", "style"]
    kept = gallery.ledger.reviews(gallery.made)
    assert [kept[name].reviewer for name in gallery.made] == ["Ada", "workbook"]
    again = book.run()
    assert gallery.ledger.reviews(gallery.made) == kept
    assert not again.problems
    gallery.ledger.close()


def test_an_old_cell_does_not_undo_the_page(tmp_path: Path):
    """The sheet shows yesterday's rejection; today's approval on the page stands, silently."""
    gallery = Gallery(tmp_path, rows=1)
    book = Workbook(gallery)
    book.run()
    book.type(0, "reject", "style")
    book.run()
    gallery.desk().decide(gallery.made[0], "approve")
    taken = book.run()
    assert book.cells[contract.REVIEW] == ["approve"]
    assert not taken.problems
    gallery.ledger.close()


def test_a_new_picture_is_undecided(tmp_path: Path):
    """The cells spoke of another file than the row has now: they decide nothing about it."""
    gallery = Gallery(tmp_path, rows=1)
    book = Workbook(gallery)
    book.run()
    book.type(0, "approve")
    book.cells[contract.RESULT_FILE][0] = "images/older.png"
    book.run()
    assert gallery.decision(gallery.made[0]) is None
    assert book.cells[contract.REVIEW] == [""]
    gallery.ledger.close()


def test_tier_3_is_done_only_when_approved(tmp_path: Path):
    """A made hero row is on HOLD until a person approves it, whichever door they use."""
    gallery = Gallery(tmp_path, rows=1, tier=3, review="none", images=3, candidates=3)
    book = Workbook(gallery)
    waiting = book.run().answers
    words = "3 of 3 pictures made."
    assert (waiting.status[0], waiting.message[0]) == ("HOLD", f"{words} Waits for your approval.")
    book.type(0, "reject", "style")
    assert book.run().answers.status[0] == "HOLD"
    gallery.desk().decide(gallery.made[2], "approve")
    approved = book.run().answers
    assert (approved.status[0], approved.message[0]) == ("DONE", words)
    assert book.cells[contract.REVIEW] == ["approve"]
    gallery.ledger.close()


@pytest.mark.parametrize(
    ("review", "status"), [("none", "DONE"), ("sample", "DONE"), ("human", "HOLD")]
)
def test_only_a_human_review_holds_other_tiers(tmp_path: Path, review: str, status: str):
    """A spot check holds nothing up; a tier whose pictures a person must see is held."""
    gallery = Gallery(tmp_path, rows=20, tier=2, review=review)
    assert set(Workbook(gallery).run().answers.status) == {status}
    gallery.ledger.close()


def test_approving_a_row_approves_one_candidate_an_angle(tmp_path: Path):
    """One word in the sheet stands for the first candidate of each angle that was not rejected."""
    gallery = Gallery(tmp_path, rows=1, tier=3, images=4, candidates=2)
    book = Workbook(gallery)
    gallery.desk().decide(gallery.made[0], "reject", "style")
    book.run()
    book.type(0, "approve")
    taken = book.run()
    approved = [name for name, one in taken.by_picture.items() if one == APPROVE]
    assert approved == [gallery.made[1], gallery.made[2]]
    gallery.ledger.close()


def test_a_redo_typed_once_is_asked_for_once(tmp_path: Path):
    """However often the workbook is run, one "redo" in a row of several pictures counts once."""
    gallery = Gallery(tmp_path, rows=1, images=2)
    book = Workbook(gallery)
    book.run()
    book.type(0, "redo")
    for _ in range(3):
        book.run()
    request_id = str(gallery.answers.request_id[0])
    assert gallery.ledger.redos([request_id])[request_id].number == 1
    assert book.cells[contract.REVIEW] == ["redo"]
    gallery.ledger.close()


def test_without_memory_the_newer_decision_holds(tmp_path: Path):
    """A moved or restored workbook, older than the page's decision, undoes nothing and is told."""
    gallery = Gallery(tmp_path, rows=1)
    book = Workbook(gallery)
    book.run()
    gallery.desk().decide(gallery.made[0], "approve")
    (gallery.place / ".tierbook" / "reviews.json").write_text("[broken")
    book.type(0, "reject", "style")
    taken = book.run()
    assert book.cells[contract.REVIEW] == ["approve"]
    (told,) = taken.problems
    assert (told.severity, told.sku) == ("warning", "SKU-0")
    assert told.cell is not None
    assert told.cell.row == 2
    gallery.ledger.close()


def test_a_row_is_approved_when_every_angle_is():
    """One open angle keeps the row open; an angle without a good candidate rejects it."""
    assert row_answer([[REJECT, APPROVE], [APPROVE]]) == APPROVE
    assert row_answer([[APPROVE], [NOTHING]]) == NOTHING
    assert row_answer([[APPROVE], [REJECT, NOTHING]]) == NOTHING
    assert row_answer([[APPROVE], [REJECT, REJECT]]) == REJECT
    assert row_answer([[REDO], [REJECT]]) == REDO
