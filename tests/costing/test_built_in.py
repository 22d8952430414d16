from datetime import timedelta

from tests.costing.shop import TODAY
from tierbook import configuration
from tierbook.costing import Picture, Quote, apply_what_if, quote

BUILT_IN = configuration.defaults()


def test_every_built_in_engine_has_a_price_and_a_future():
    """Engines and fallbacks of the built-in tiers can be priced, today and in ninety days."""
    for tier in BUILT_IN.tiers:
        for engine in (tier.engine, *tier.fallback_engines):
            for day in (TODAY, TODAY + timedelta(days=90)):
                picture = Picture(2000, 2000, has_source=True)
                assert isinstance(quote(engine, picture, BUILT_IN.price_book, day), Quote), engine


def test_the_built_in_baseline_has_a_price():
    """What one model for everything would cost is known without any setting."""
    engine = BUILT_IN.settings.baseline_engine
    answer = quote(engine, Picture(2000, 2000, has_source=False), BUILT_IN.price_book, TODAY)
    assert isinstance(answer, Quote)


def test_flux_edit_prices_of_the_built_in_book_match_their_maker():
    """FLUX.2 edits of one megapixel in and out: pro 4.5, flex 10, max 10 cents."""
    amounts = []
    for model in ("flux-2-pro", "flux-2-flex", "flux-2-max"):
        answer = quote(model, Picture(1000, 1000, has_source=True), BUILT_IN.price_book, TODAY)
        assert isinstance(answer, Quote)
        amounts.append(answer.micro_usd())
    assert amounts == [45_000, 100_000, 100_000]


def test_an_unlisted_step_of_a_built_in_model_can_be_tried():
    """2K is not in the book for this model; its price is bounded by 4K and marked."""
    changed = apply_what_if(BUILT_IN, "Tier 2 = gemini-nano-banana-2.1 2K")
    answer = quote(changed.tier(2).engine, Picture(2000, 2000, True), BUILT_IN.price_book, TODAY)
    assert isinstance(answer, Quote)
    assert answer.exactness == "estimate"
