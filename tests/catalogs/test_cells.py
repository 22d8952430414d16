"""Single cells of exports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook.catalogs import cells


@pytest.mark.parametrize(
    ("typed", "separators", "count"),
    [
        ("", "", 0),
        ("https://x.test/a,b.jpg", "", 1),
        ("https://x.test/1.jpg, https://x.test/2.jpg", ",", 2),
        ("https://x.test/1.jpg|https://x.test/2.jpg", "|", 2),
        ("https://x.test/1.jpg https://x.test/2.jpg\nhttps://x.test/3.jpg", "", 3),
        ('["https://x.test/1.jpg", "https://x.test/2.jpg"]', "", 2),
        ("ab_1~mv2.jpg;ab_2~mv2.jpg", ";", 2),
        ("/a/1.jpg,/a/2.jpg", ",|;", 2),
        ("photos/a, b.jpg", "", 1),
        ("a.jpg, b.png", "", 2),
        ("//cdn.test/1.jpg;//cdn.test/2.jpg", "", 2),
        ("x.jpg;x.jpg", ";", 1),
    ],
)
def test_pictures_are_parted_by_whatever_parts_them(
    typed: str, separators: str, count: int
) -> None:
    """Addresses keep their commas; lists of paths and ids are cut at their own separators."""
    assert len(cells.pictures(typed, separators)) == count


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=6, unique=True), st.sampled_from(",;| \n")
)
def test_every_address_of_a_list_comes_out_whole(numbers: list[int], separator: str) -> None:
    """No separator seen in exports loses or joins addresses."""
    addresses = tuple(f"https://x.test/p/{n},w_{n}.jpg?v={n}" for n in numbers)
    assert cells.pictures(separator.join(addresses), "") == addresses


@pytest.mark.parametrize(
    ("typed", "separators", "steps", "path"),
    [
        ("Clothing > Tshirts, Sale", ",", ">", "Clothing > Tshirts"),
        ("Food, Beverages & Tobacco > Cakes", "", ">", "Food, Beverages & Tobacco > Cakes"),
        ("Default Category/Gear,Default Category/Gear/Bags", "|,", "/", "Gear > Bags"),
        ("Kadın>Triko;Kadın>Takım>Eşofman", ";", ">", "Kadın > Takım > Eşofman"),
        (r"Pots\, Pans > Woks", ",", ">", "Pots, Pans > Woks"),
        ("AC/DC Shirts", "", ">", "AC/DC Shirts"),
        ("", ",", ">", ""),
    ],
)
def test_categories_become_the_deepest_path(
    typed: str, separators: str, steps: str, path: str
) -> None:
    """Of several categories the most precise one counts; commas in names stay."""
    assert cells.category(typed, separators, steps) == path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Gift Card", "gift card products"),
        ("E-Gift Voucher $50", "gift card products"),
        ("Geschenkgutschein", "gift card products"),
        ("Подарочный сертификат", "gift card products"),
        ("Route Package Protection", "shipping protection products"),
        ("Shipping Insurance", "shipping protection products"),
        ("Gift card holder", ""),
        ("Gift box with candles", ""),
        ("Screen protector", ""),
        ("Sun protection hat", ""),
    ],
)
def test_what_cannot_be_pictured_is_told_from_what_can(name: str, reason: str) -> None:
    """Gift cards and insurance are no products to picture; a card holder is."""
    assert cells.pseudo_product(name) == reason
