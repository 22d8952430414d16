"""The monthly review of a real workbook with a real ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.insights.shop import NOW, Shop
from tierbook.insights.history import History, recollect
from tierbook.insights.months import Month
from tierbook.insights.review import monthly_review
from tierbook.insights.spending import total

NOVEMBER = Month(2026, 11)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def row_of_tier(answers, tier: int) -> int:
    return answers.decisions.tier.tolist().index(tier)


def test_nothing_ever_made_is_a_review_of_nothing(shop: Shop) -> None:
    """An empty history has zeros and no alarms, and divides by nothing."""
    review = monthly_review(History(), shop.answers(), NOVEMBER, NOW)
    assert total(review.this).spent == 0
    assert review.alerts == review.suggestions == review.escalations == ()
    assert review.causes is None
    assert all(not one.rate.enough for one in review.approval)


def test_one_review_is_one_review(shop: Shop) -> None:
    """A single approval is counted and not called a rate."""
    answers = shop.answers()
    index = row_of_tier(answers, 2)
    shop.pay(answers, index, datetime(2026, 11, 3, tzinfo=UTC), say="approve")
    history = recollect(shop.ledger, answers, shop.path, [NOVEMBER])
    review = monthly_review(history, answers, NOVEMBER, NOW)
    tier = next(one for one in review.approval if one.tier == 2)
    assert (tier.rate.successes, tier.rate.n, tier.rate.enough) == (1, 1, False)
    assert review.counted == total(review.this).spent == 33_600


def test_the_review_foots_to_the_ledger(shop: Shop) -> None:
    """Each month and tier of the trend is what the record of payments says, exactly."""
    answers = shop.answers()
    shop.live(answers, [(2026, 9), (2026, 10), (2026, 11)])
    review = monthly_review(
        recollect(shop.ledger, answers, shop.path, [NOVEMBER]), answers, NOVEMBER, NOW
    )
    for month, lines in review.trend:
        paid = {
            s.tier: s.settled + s.in_flight + s.unknown for s in shop.ledger.spend(month=month.key)
        }
        assert {one.tier: one.spent for one in lines if one.spent} == {
            tier: amount for tier, amount in paid.items() if amount
        }
    change = total(review.this).spent - total(review.last).spent
    assert review.causes is not None
    assert review.causes.change == change
    assert sum(one.change for one in review.by_placement) == change
    assert sum(one.change for one in review.by_rule) == change


def test_what_was_said_after_the_month_does_not_count_in_it(shop: Shop) -> None:
    """October's review stays what it was, whatever is said in November."""
    answers = shop.answers()
    index = row_of_tier(answers, 2)
    late = datetime(2026, 10, 31, 22, 0, tzinfo=UTC)
    shop.pay(answers, index, late, say="reject", reason="style", after=timedelta(hours=3))
    history = recollect(shop.ledger, answers, shop.path, [])
    october = monthly_review(history, answers, Month(2026, 10), NOW)
    assert october.until == date(2026, 10, 31)
    assert sum(one.rate.n for one in october.approval) == 0
    assert total(october.this).pictures == 1
    november = monthly_review(history, shop.answers(), NOVEMBER, NOW)
    assert total(november.this).pictures == 0
    assert [one.reason for one in november.escalations] == ["style"]


@pytest.mark.parametrize("day", [1, 30])
def test_the_clock_may_stand_at_either_end_of_the_month(shop: Shop, day: int) -> None:
    """The first and the last day are reviewed like any other; only the last completes it."""
    now = datetime(2026, 11, day, 23, 59, tzinfo=UTC)
    review = monthly_review(History(), shop.answers(), NOVEMBER, now)
    assert (review.until.day, review.complete) == (day, day == 30)


def test_a_word_in_the_sheet_counts_like_one_on_the_review_page(shop: Shop) -> None:
    """Sellers who review by the dropdown are heard, and the ledger's word comes first."""
    answers = shop.answers()
    index = row_of_tier(answers, 2)
    shop.pay(answers, index, datetime(2026, 11, 3, tzinfo=UTC))
    said = answers.requests.column("Review").copy()
    said[index] = "Reject"
    answers.requests.outputs["Review"] = said  # type: ignore[index]
    found = recollect(shop.ledger, answers, shop.path, []).pictures
    assert [one.decision for one in found] == ["reject"]
    shop.ledger.decide(shop.ledger.of_requests([found[0].request_id])[found[0].request_id][0].attempt,
                       "approve", "", "Ana")  # fmt: skip
    assert [one.decision for one in recollect(shop.ledger, answers, shop.path, []).pictures] == [
        "approve"
    ]


def test_another_shop_s_pictures_of_the_same_sku_are_not_this_one_s(shop: Shop) -> None:
    """Two workbooks with equal SKUs keep their histories apart; the cap counts both."""
    answers = shop.answers()
    shop.pay(answers, row_of_tier(answers, 2), datetime(2026, 11, 3, tzinfo=UTC))
    other = shop.path.with_name("other.xlsx")
    other.write_bytes(shop.path.read_bytes())
    history = recollect(shop.ledger, answers, other, [NOVEMBER])
    assert history.pictures == ()
    assert history.spend == ()
    assert history.counted[NOVEMBER.key] == 33_600


def test_a_fall_is_told_with_the_rules_behind_it(shop: Shop) -> None:
    """Sixty good pictures and then half of thirty rejected: amber, naming the rule."""
    answers = shop.answers()
    index = row_of_tier(answers, 2)
    for number in range(90):
        good = number < 60 or number % 2 == 0
        shop.pay(answers, index, NOW - timedelta(hours=200 - number), number=number + 1,
                 say="approve" if good else "reject", reason="" if good else "style")  # fmt: skip
    history = recollect(shop.ledger, answers, shop.path, [])
    review = monthly_review(history, answers, NOVEMBER, NOW)
    assert [(one.tier, one.level) for one in review.alerts] == [(2, "amber")]
    assert review.alerts[0].suspects[0][1:] == ("style", 15)
    assert [one.reason for one in review.suggestions] == ["style"]
    assert review.suggestions[0].rule.on is False


def test_what_was_said_of_a_row_counts_after_the_row_is_deleted(shop: Shop) -> None:
    """Deleting the rejected rows from the sheet does not better the rate, nor lose a dollar."""
    answers = shop.answers()
    kept, gone = [i for i, tier in enumerate(answers.decisions.tier.tolist()) if tier == 2][:2]
    for index, word in ((kept, "approve"), (gone, "reject")):
        shop.pay(answers, index, datetime(2026, 11, 3 + index, tzinfo=UTC), say=word)
    ids = answers.request_id.copy()
    ids[gone] = "another"
    without = replace(answers, request_id=ids)
    history = recollect(shop.ledger, without, shop.path, [NOVEMBER])
    removed = next(one for one in history.pictures if one.removed)
    assert removed.sku == str(answers.requests.column("SKU")[gone])
    review = monthly_review(history, without, NOVEMBER, NOW)
    tier = next(one for one in review.approval if one.tier == 2)
    assert (tier.rate.successes, tier.rate.n) == (1, 2)
    spent = next(one for one in review.this if one.tier == 2)
    assert (spent.spent, spent.removed, spent.pictures) == (67_200, 33_600, 2)
    assert review.waiting == 0


def test_a_decision_that_was_taken_back_is_none(shop: Shop) -> None:
    """Undo on the review page leaves a picture nobody has judged, not one that was rejected."""
    answers = shop.answers()
    index = row_of_tier(answers, 2)
    name = shop.pay(answers, index, datetime(2026, 11, 3, tzinfo=UTC), say="reject")
    shop.ledger.decide(name, "pending", "", "Ana")
    history = recollect(shop.ledger, answers, shop.path, [NOVEMBER])
    assert [one.reviewed for one in history.pictures] == [False]
