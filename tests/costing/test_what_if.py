import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.costing.shop import CONFIGURATION, PRICE_BOOK, TODAY, decisions, price_rule, requests
from tierbook.costing import apply_what_if, estimate, per_tier, what_if
from tierbook.errors import UsageError


def blank(count):
    return np.full(count, None, dtype=object)


def lines_of(tiers, configuration=CONFIGURATION, table=None):
    table = table if table is not None else requests(len(tiers))
    return what_if(decisions(tiers, configuration), table, configuration, blank(len(tiers)), TODAY)


def test_each_row_is_priced_in_each_tier():
    """Angles times the candidates of the tier; a row on hold is priced like any other."""
    table = requests(3, Angles=[1, 2, None])
    costs = per_tier(table, decisions([3, 0, 1]), CONFIGURATION, blank(3), TODAY)
    assert costs.tolist() == [[0, 33_600, 402_000], [0, 67_200, 804_000], [0, 33_600, 402_000]]


def test_a_tier_without_a_price_is_unknown_not_free():
    """-1 says that no price is known."""
    tiers = tuple(replace(t, engine="nobody") for t in CONFIGURATION.tiers)
    shop = replace(CONFIGURATION, tiers=tiers)
    assert per_tier(requests(1), decisions([1], shop), shop, blank(1), TODAY).tolist() == [[-1] * 3]


def test_what_if_names_the_next_cheaper_and_the_next_dearer_engine():
    """Of all that do the same work, the nearest on either side; totals are of all rows."""
    found = {line.engine: line for line in lines_of([2, 2, 3]) if line.tier == 2}
    assert set(found) == {"flux-2-pro", "flux-2-flex"}
    cheaper = found["flux-2-pro"]
    assert cheaper.label == "Tier 2 = flux-2-pro"
    assert cheaper.difference_micro_usd == 2 * (30_000 - 33_600)
    assert cheaper.total_micro_usd == 402_000 + 60_000


def test_what_if_agrees_with_the_bill_of_the_changed_configuration():
    """Each line is what a run with that change would cost."""
    for line in lines_of([1, 2, 2, 3]):
        changed = apply_what_if(CONFIGURATION, line.label)
        bill, _ = estimate(decisions([1, 2, 2, 3], changed), requests(4), changed, blank(4), TODAY)
        assert bill.total() == line.total_micro_usd, line


def test_smaller_pictures_and_dying_models_are_no_advice():
    """A smaller named size, a cut-out for a scene, and a model about to end are left out."""
    book = (
        price_rule("now", "0.10", size="2K", kind="tier"),
        price_rule("small", "0.01", size="1K", kind="tier"),
        price_rule("dying", "0.02", shutdown_date=TODAY + timedelta(days=80)),
        price_rule("cut", "0.03", operation="cutout"),
        price_rule("fine", "0.04", size="4K", kind="tier"),
    )
    tiers = tuple(replace(t, engine="now 2K") for t in CONFIGURATION.tiers)
    shop = replace(CONFIGURATION, price_book=book, tiers=tiers)
    table = requests(1, Source_image=["a.png"])
    assert [line.engine for line in lines_of([2], shop, table)] == ["fine 4K"]


def test_a_model_of_two_engines_is_named_with_its_engine():
    """Advice can be typed back as it stands."""
    book = (*PRICE_BOOK, price_rule("flux-2-pro", "0.031", engine="fal"))
    shop = replace(CONFIGURATION, price_book=book)
    for line in lines_of([2], shop):
        assert apply_what_if(shop, line.label).tier(2).engine == line.engine


@pytest.mark.parametrize(
    "text", ["Tier 2 = flux-2-pro", "2=flux-2-pro", " lifestyle =  flux-2-pro "]
)
def test_a_what_if_pins_another_engine_to_a_tier(text):
    """The tier is named by number or name; nothing else of the configuration changes."""
    changed = apply_what_if(CONFIGURATION, text)
    assert changed.tier(2).engine == "flux-2-pro"
    assert changed.tier(1) is CONFIGURATION.tier(1)
    assert changed.price_book is CONFIGURATION.price_book


@pytest.mark.parametrize(
    ("text", "words"),
    [("cheaper please", "understood"), ("Tier 9 = banana 1K", "no tier"), ("2 = nobody", "no row")],
)
def test_a_what_if_that_means_nothing_is_a_usage_error(text, words):
    """What is not known is said before anything is read or written."""
    with pytest.raises(UsageError, match=re.escape(words)) as stopped:
        apply_what_if(CONFIGURATION, text)
    assert stopped.value.fix
