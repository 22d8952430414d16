"""What a review suggests to change: rows one tier up, rules that are off, SKUs held out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insights.pasts import picture, rejected, table
from tierbook import configuration
from tierbook.insights.history import Picture
from tierbook.insights.holdout import held_out, with_holdout
from tierbook.insights.suggestions import suggestion_edit, suggestions
from tierbook.model import TabRows
from tierbook.routing import decide

# --------------------------------------------------------------------------- suggested rules

BUILT_IN = configuration.defaults()
TODAY = date(2026, 11, 30)


def test_a_reason_that_repeats_becomes_a_dated_rule_that_is_off() -> None:
    """The rule names its reasons, moves one tier up, is narrowed, and waits for its seller."""
    said = [rejected(i, category="mugs") for i in range(6)] + [picture(i) for i in range(6, 12)]
    found = suggestions(said, BUILT_IN, TODAY)
    assert len(found) == 1
    rule, rubric = found[0].rule, BUILT_IN.rubric
    assert (rule.on, rule.since, found[0].above) == (False, TODAY, "R12")
    assert dict(zip(rubric.inputs, rule.when, strict=True))["Placement group"] == "category"
    assert dict(zip(rubric.outputs, rule.then, strict=True))["Tier"] == 3
    assert "6 rejects" in rule.why
    assert "R12" in rule.why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([rejected(i) for i in range(4)], "four may be chance"),
        ([rejected(i) for i in range(5)] + [picture(i) for i in range(60)], "few of many"),
        ([rejected(i, reason="") for i in range(9)], "no reason was given"),
        ([rejected(i, group="marketplace main") for i in range(9)], "the channel decides"),
        ([rejected(i, rule="gone") for i in range(9)], "the rule is no more"),
        ([rejected(i, rule="R06", group="hero", tier=3) for i in range(9)], "no tier is above"),
    ],
)
def test_no_rule_is_suggested_where(said: list[Picture], why: str) -> None:
    """Each of these is no ground for a rule."""
    assert suggestions(said, BUILT_IN, TODAY) == (), why


def test_a_suggestion_is_made_once() -> None:
    """A rule the rubric holds already, on or off, is not suggested again."""
    said = [rejected(i) for i in range(6)]
    rule = suggestions(said, BUILT_IN, TODAY)[0].rule
    rubric = replace(BUILT_IN.rubric, rules=(*BUILT_IN.rubric.rules, rule))
    assert suggestions(said, replace(BUILT_IN, rubric=rubric), TODAY) == ()


def test_a_wrong_size_takes_the_placement_s_own() -> None:
    """Nothing dearer mends a size."""
    said = [rejected(i, rule="R06", group="hero", tier=3, reason="wrong size") for i in range(6)]
    rule = suggestions(said, BUILT_IN, TODAY)[0].rule
    old = next(one for one in BUILT_IN.rubric.rules if one.name == "R06")
    outputs = BUILT_IN.rubric.outputs
    changed = [h for h, a, b in zip(outputs, old.then, rule.then, strict=True) if a != b]
    assert changed == ["Resolution"]


def test_no_row_is_added_to_a_rubric_without_an_on_column() -> None:
    """A rule that cannot be off must not be added."""
    found = suggestions([rejected(i) for i in range(6)], BUILT_IN, TODAY)
    tab = TabRows("Rubric", [["Rule", "Placement group", "Tier"], ["R12", "any", 2]])
    assert suggestion_edit(tab, BUILT_IN.rubric, found) is None
    assert suggestion_edit(None, BUILT_IN.rubric, found) is None


# --------------------------------------------------------------------------- holdout


@given(st.text(min_size=1), st.decimals(0, 1, places=3))
def test_a_sku_held_out_stays_held_out_as_the_share_grows(sku: str, share: Decimal) -> None:
    """The same SKU gives the same answer always, so that months can be compared."""
    assert not held_out(sku, Decimal(0))
    assert held_out(sku, Decimal(1))
    if held_out(sku, share):
        assert held_out(sku, min(Decimal(1), share + Decimal("0.1")))


def test_about_a_tenth_of_the_skus_is_held_out() -> None:
    """The share asked for is the share drawn."""
    drawn = sum(held_out(f"SKU-{number}", Decimal("0.1")) for number in range(10_000))
    assert 900 < drawn < 1_100


def test_the_held_out_go_one_tier_up_and_the_ruled_stay() -> None:
    """A gallery picture moves from tier 1 to 2; a main image does what its channel says."""
    requests = table(Placement=["Gallery", "Marketplace main"], Background=["white", "white"])
    settings = replace(BUILT_IN.settings, holdout_share=Decimal(1))
    on = replace(BUILT_IN, settings=settings)
    decisions, _ = decide(requests, BUILT_IN)
    assert with_holdout(decisions, requests, BUILT_IN) is decisions
    moved = with_holdout(decisions, requests, on)
    assert decisions.tier.tolist() == [1, 1]
    assert moved.tier.tolist() == [2, 1]
    assert moved.router.tolist() == ["holdout", "rubric"]
    assert moved.why[0].startswith("Held out to learn")
