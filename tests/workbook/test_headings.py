"""Headings: a seller's own words for a column are known, and never guessed."""

import pytest

from tierbook import contract
from tierbook.workbook.headings import alias_of, aliases, heading_key, recognise


@pytest.mark.parametrize(
    "text",
    [
        "SKU",
        "sku*",
        " S K U ",
        "Variant SKU",
        "item_sku",
        "Artikelnummer",
        "Art.-Nr.",
        "Réf.",
        "Référence",
        "Código de producto",
        "Codice articolo",
        "Referência",
        "Artikelnr.",
        "Kod produktu",
        "Stok Kodu",
        "Артикул",
        "Код_товару",
        "商品番号",
        "品番",
        "货号",
        "貨號",
        "Part #",
        "Reference #",
        "Ｓ Ｋ Ｕ",
        "SKU (internal)",
        "SKU\n",
    ],
)
def test_words_for_the_sku_are_known(text: str) -> None:
    """A column for the SKU is found in each of the languages, whatever its spelling."""
    found = alias_of(text)
    assert found is not None
    assert found[0] == contract.SKU


@pytest.mark.parametrize(
    "text", ["Barcode", "EAN13", "parent_sku", "Handle", "Qty", "Código de barras", "Variant Price"]
)
def test_words_near_the_sku_are_not_taken_for_it(text: str) -> None:
    """What only resembles a SKU is left to the seller to name."""
    found = alias_of(text)
    assert found is None or found[0] != contract.SKU


@pytest.mark.parametrize("heading", contract.REQUEST_INPUTS)
def test_every_input_has_aliases_in_every_language(heading: str) -> None:
    """No field of the contract is known in English alone."""
    known = [key for key, (name, _) in aliases().items() if name == heading]
    assert any(key.isascii() for key in known)
    assert any("а" <= letter <= "я" for key in known for letter in key), "Cyrillic"
    assert any("\u3040" <= letter <= "\u9fff" for key in known for letter in key), (
        "Japanese, Chinese"
    )


def test_units_in_brackets_do_not_count() -> None:
    """`Long edge (px)` is the long edge; a heading of brackets alone keeps its text."""
    assert heading_key("Long edge (px)") == heading_key("long_edge")
    assert heading_key("(SKU)") == "sku"


def test_an_exact_name_beats_an_alias() -> None:
    """`SKU` is taken where an article number stands beside it."""
    found = recognise({1: "Artikelnummer", 2: "SKU", 3: "ID"})
    assert found.columns == {contract.SKU: 2}
    assert not found.twins


def test_a_weak_word_counts_only_alone() -> None:
    """`ID` is the SKU where nothing clearer is there."""
    assert recognise({1: "ID", 2: "Variant SKU"}).columns[contract.SKU] == 2
    assert recognise({1: "ID", 2: "Price"}).columns[contract.SKU] == 1


def test_two_equal_claims_are_twins() -> None:
    """Two clear words for one field are reported, and neither is taken."""
    found = recognise({1: "Artikelnummer", 4: "Item number"})
    assert contract.SKU not in found.columns
    assert found.twins == {contract.SKU: (1, 4)}


def test_the_sellers_choice_beats_every_alias() -> None:
    """A mapped column is taken, and no other column claims its field."""
    found = recognise({1: "SKU", 2: "Barcode"}, {contract.SKU: 2})
    assert found.columns == {contract.SKU: 2}


def test_tierbooks_own_columns_are_no_inputs() -> None:
    """A column an earlier run wrote is never read as an input."""
    assert contract.CATEGORY not in recognise({1: "SKU", 2: "Type"}, ours=[2]).columns
