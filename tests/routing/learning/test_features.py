from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.model import text_column
from tierbook.routing.learning.features import BLANK, FIRST, OTHER, Feature, learn_coding


def learned(**columns):
    return learn_coding({h.replace("_", " "): text_column(v) for h, v in columns.items()})


def test_words_are_kept_where_seen_often_enough():
    """Twenty rows make a word; rarer ones are `other`, a blank is a blank."""
    coding = learned(Category=["mugs"] * 30 + ["Bowls "] * 20 + ["vase"] * 3 + [None] * 2)
    (feature,) = coding.features
    assert feature.words == ("mugs", "bowls")
    assert [feature.code(v) for v in (" MUGS", "bowls", "vase", "new", None, "")] == [
        FIRST, FIRST + 1, OTHER, OTHER, BLANK, BLANK,
    ]  # fmt: skip


def test_numbers_are_cut_into_bins_of_about_equal_counts():
    """Six bins over even numbers; words among numbers, and numbers among words, are told apart."""
    (feature,) = learned(Price=[float(n) for n in range(600)]).features
    assert feature.edges == (100.0, 200.0, 300.0, 400.0, 500.0)
    assert [feature.code(v) for v in (-5, 99.9, 100, Decimal("100.5"), 9_999, "cheap")] == [
        FIRST, FIRST, FIRST + 1, FIRST + 1, FIRST + 5, OTHER,
    ]  # fmt: skip


def test_yes_and_no_are_words_not_numbers():
    """True is not 1."""
    (feature,) = learned(Props=[True] * 30 + [False] * 30).features
    assert set(feature.words) == {"yes", "no"}
    assert feature.code(1) == OTHER


@pytest.mark.parametrize(
    "columns",
    [
        {"Category": ["mugs"] * 100},
        {"Price": [5.0] * 100},
        {"Notes": [f"note {n}" for n in range(100)]},
        {"Category": [None] * 100},
        {"SKU": ["A", "B"] * 50},
        {"Why": ["x", "y"] * 50},
        {"Scene_notes": ["x", "y"] * 50},
        {"Review reason": ["style", "other"] * 50},
    ],
)
def test_constant_free_and_later_columns_are_no_features(columns):
    """What does not vary, does not carry over, or is not known when routing, is left out."""
    assert learned(**columns).features == ()


def test_a_new_category_is_a_new_kind_and_a_new_brand_is_not():
    """Only columns that say what kind of picture it is make the rubric step in."""
    coding = learned(Category=["mugs", "bowls"] * 50, Brand=["a", "b"] * 50)
    columns = {
        "category": text_column(["mugs", "shoes", None, "bowls"]),
        "BRAND": text_column(["a", "a", "b", "new"]),
    }
    assert coding.new_kind(coding.codes(columns, 4)).tolist() == [False, True, False, False]


def test_a_missing_column_is_blank():
    """A sheet without a column the model looks at can still be routed."""
    coding = learned(Category=["mugs", "bowls"] * 50)
    assert coding.codes({}, 3).tolist() == [[BLANK]] * 3


def test_labels_name_heading_and_value():
    """Coefficients can be read."""
    price, word = Feature("Price", edges=(15.0, 40.0)), Feature("Category", words=("mugs",))
    labels = [price.label(code) for code in range(price.size)]
    assert labels == [
        "Price blank", "Price other", "Price under 15", "Price 15 to 40", "Price 40 or more",
    ]  # fmt: skip
    assert [word.label(code) for code in range(word.size)][2] == "Category mugs"


@given(st.lists(st.sampled_from([None, "a", "b", 1, 2.5, True, "", "c d"]), max_size=80))
def test_codes_are_always_within_the_feature(values):
    """Whatever a column held, and whatever comes later, a code has a place in the table."""
    coding = learn_coding({"Category": text_column(values)})
    later = {"Category": text_column([*values, "never seen", 10**9, -1])}
    codes = coding.codes(later, len(values) + 3)
    for place, feature in enumerate(coding.features):
        assert codes.dtype == np.int32
        assert ((codes[:, place] >= 0) & (codes[:, place] < feature.size)).all()
