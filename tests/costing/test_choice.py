import pytest

from tests.costing.shop import PRICE_BOOK, price_rule
from tierbook.costing.choice import Choice, NoPrice, area, choice_text, read_choice


@pytest.mark.parametrize(
    ("text", "model", "quality", "size"),
    [
        ("flux-2-pro", "flux-2-pro", "", ""),
        ("Banana 1k", "banana", "", "1K"),
        ("paint high 1024x1024", "paint", "high", "1024x1024"),
        ("paint 1024×1024 HIGH", "paint", "high", "1024x1024"),
        ("paint medium 1200x800", "paint", "medium", "1200x800"),
        ("bfl:flux-2-max", "flux-2-max", "", ""),
        ("acme:paint medium", "paint", "medium", ""),
        ("studio", "studio", "", ""),
    ],
)
def test_a_choice_is_model_then_quality_and_size_in_any_case(text, model, quality, size):
    """Model, quality and size are found in any order and case, behind an engine or not."""
    choice = read_choice(text, PRICE_BOOK)
    assert isinstance(choice, Choice), choice
    assert (choice.model, choice.quality, choice.size) == (model, quality, size)


def test_every_row_of_the_price_book_is_reached_by_its_own_spelling():
    """The text a row is spelled as means that row again."""
    for rule in PRICE_BOOK:
        choice = read_choice(choice_text(rule), PRICE_BOOK)
        assert isinstance(choice, Choice)
        assert rule in choice.rules
        assert (choice.quality, choice.size) == (rule.quality, rule.size)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no engine"),
        ("dall-e-9", "no row"),
        ("acme", "no row"),
        ("paint superb", '"superb"'),
        ("banana 3000", '"3000"'),
        ("flux-2-pro 1K", '"1K"'),
    ],
)
def test_what_the_book_does_not_know_is_said_with_what_it_knows(text, words):
    """An unknown engine, quality or size is refused by name, never replaced by a near one."""
    answer = read_choice(text, PRICE_BOOK)
    assert isinstance(answer, NoPrice)
    assert words in answer.reason
    assert answer.fix


def test_a_model_sold_by_two_engines_must_name_one():
    """The same model at two engines has two prices, so the engine has to be named."""
    book = (price_rule("x", "1"), price_rule("x", "2", engine="other"))
    assert isinstance(read_choice("x", book), NoPrice)
    named = read_choice("other:x", book)
    assert isinstance(named, Choice)
    assert named.rules == (book[1],)


def test_sizes_are_measured_in_pixels():
    """A K is 1,024 pixels a side; words have no area."""
    assert area("1K") == 1024 * 1024
    assert area("0.5k") == 512 * 512
    assert area("1024x1536") == 1024 * 1536
    assert area("hd") is None
