"""Merging the page's decisions with the workbook's."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tierbook.contract import REVIEW_DECISIONS, REVIEW_REASONS
from tierbook.generation.ledger import Review
from tierbook.review.merging import Answer, Merged, SheetReview, merge

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
APPROVE, REDO = Answer("approve"), Answer("redo")
REJECT = Answer("reject", "background")
NOTHING = Answer()

pictures = st.sampled_from(["p1", "p2", "p3"])
decided = st.one_of(
    st.sampled_from([APPROVE, REDO]),
    st.builds(Answer, st.just("reject"), st.sampled_from(REVIEW_REASONS)),
)
cells = st.one_of(st.just(NOTHING), decided, st.just(Answer("yes please")))
times = st.integers(-5, 5).map(lambda hours: NOON + timedelta(hours=hours))
ledgers = st.dictionaries(
    pictures, st.tuples(st.one_of(decided, st.just(Answer("pending"))), times)
).map(
    lambda found: {
        name: Review(name, one.decision, one.reason, "Ada", at) for name, (one, at) in found.items()
    }
)
sheets = st.lists(
    st.builds(
        SheetReview,
        pictures,
        cells,
        st.one_of(st.none(), st.just(NOTHING), decided),
        st.one_of(st.none(), times),
    ),
    max_size=5,
)


def page(answer: Answer, at: datetime = NOON) -> dict[str, Review]:
    return {"p1": Review("p1", answer.decision, answer.reason, "Ada", at)}


def holds(merged: Merged) -> Answer:
    return merged.decisions["p1"].answer


def test_an_untouched_cell_never_undoes_the_page():
    """The sheet still shows what was written before the page was used: the page holds, silently."""
    merged = merge(page(APPROVE), [SheetReview("p1", REJECT, written=REJECT)])
    assert holds(merged) == APPROVE
    assert not merged.news
    assert not merged.disagreements


def test_a_typed_cell_wins_over_what_it_showed():
    """A person saw "approve" in the sheet and typed "reject": that is news and no quarrel."""
    merged = merge(page(APPROVE), [SheetReview("p1", REJECT, written=APPROVE)])
    assert merged.news == {"p1": REJECT}
    assert not merged.disagreements


def test_both_changed_is_told():
    """Sheet and page were both used since the last write: the sheet holds, the page is told of."""
    merged = merge(page(APPROVE), [SheetReview("p1", REJECT, written=NOTHING)])
    assert merged.news == {"p1": REJECT}
    (told,) = merged.disagreements
    assert (told.kept, told.passed_over) == ("reject (background)", "approve")
    assert 'workbook says "reject (background)"' in told.message


def test_where_nobody_remembers_the_newer_holds():
    """A workbook whose last writing is unknown wins only where it was saved after the decision."""
    earlier, later = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    old = merge(page(APPROVE), [SheetReview("p1", REJECT, None, earlier)])
    new = merge(page(APPROVE), [SheetReview("p1", REJECT, None, later)])
    assert (holds(old), holds(new)) == (APPROVE, REJECT)
    assert len(old.disagreements) == len(new.disagreements) == 1


def test_an_emptied_cell_takes_nothing_away():
    """Emptying the cell keeps the approval, and says how to take it back."""
    merged = merge(page(APPROVE), [SheetReview("p1", NOTHING, written=APPROVE)])
    assert holds(merged) == APPROVE
    assert "Undo" in merged.disagreements[0].message


def test_two_cells_that_contradict_let_the_less_through():
    """The row says approve and the line in Results says reject: it is rejected, and told."""
    typed = [SheetReview("p1", APPROVE, NOTHING), SheetReview("p1", REJECT, NOTHING)]
    assert merge({}, typed).news == merge({}, typed[::-1]).news == {"p1": REJECT}
    assert len(merge({}, typed).disagreements) == 1


def test_spellings_are_understood_and_other_words_told():
    """`Approved` and `  REJECT` are decisions; `maybe` is none and is named with its words."""
    assert merge({}, [SheetReview("p1", Answer("Approved"))]).news == {"p1": APPROVE}
    rejected = SheetReview("p1", Answer("  REJECT", "Wrong  size"))
    assert merge({}, [rejected]).news == {"p1": Answer("reject", "wrong size")}
    merged = merge({}, [SheetReview("p1", Answer("maybe"))])
    assert not merged.decisions
    assert merged.disagreements[0].message.startswith('"maybe" is no decision.')


@given(ledgers, sheets)
def test_nothing_is_lost(ledger: dict[str, Review], sheet: list[SheetReview]):
    """Every decision of the page, and every typed one, either holds or is told of."""
    merged = merge(ledger, sheet)
    told = {(one.picture, one.kept) for one in merged.disagreements}
    told |= {(one.picture, one.passed_over) for one in merged.disagreements}
    held = {(name, str(one.answer)) for name, one in merged.decisions.items()}
    shown = {(cell.picture, str(cell.written)) for cell in sheet if cell.written}
    for name, review in ledger.items():
        if review.decision != "pending":
            words = (name, str(Answer(review.decision, review.reason)))
            # A decision the person saw in the sheet and typed over was changed, not lost.
            assert words in held | told | shown
    for cell in sheet:
        if cell.said.decision and cell.said != cell.written:
            assert (cell.picture, str(cell.said)) in held | told


@given(ledgers, sheets)
def test_only_decisions_come_out(ledger: dict[str, Review], sheet: list[SheetReview]):
    """Whatever goes in, what holds is a decision of the contract, of a picture somebody named."""
    merged = merge(ledger, sheet)
    assert {one.answer.decision for one in merged.decisions.values()} <= set(REVIEW_DECISIONS)
    assert set(merged.decisions) <= set(ledger) | {cell.picture for cell in sheet}


@given(ledgers, sheets, st.randoms(use_true_random=False))
def test_the_order_of_the_cells_does_not_matter(ledger: dict[str, Review], sheet, random):
    """Sorting the sheet changes no decision."""
    mixed = list(sheet)
    random.shuffle(mixed)
    assert merge(ledger, sheet).news == merge(ledger, mixed).news


@given(ledgers, sheets)
def test_merging_again_brings_no_news(ledger: dict[str, Review], sheet: list[SheetReview]):
    """Once the ledger keeps the news and the sheet is written, the same cells say nothing new."""
    merged = merge(ledger, sheet)
    late = NOON + timedelta(days=1)
    kept = {
        **ledger,
        **{
            name: Review(name, one.decision, one.reason, "workbook", late)
            for name, one in merged.news.items()
        },
    }
    held = {name: one.answer for name, one in merged.decisions.items()}
    again = merge(
        kept,
        [
            SheetReview(cell.picture, held.get(cell.picture, NOTHING), held.get(cell.picture))
            for cell in sheet
        ],
    )
    assert not again.news
    assert not again.disagreements
    assert again.decisions.keys() == merged.decisions.keys()
