"""Text compared in a query as the rubric compares it: width, case and spaces do not count.

DuckDB lowers letters and knows no full-width ones, ligatures or sharp s. But a rubric asks for
few words, and a text can only equal one of them letter by letter: so it is enough to turn into
their letters whatever folds to those.
"""

import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

SPACES: Final = (
    r"[\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}"
    r"\x{3000}]+"
)
_FIRST_WIDE, _PAST_LETTERS = 0x80, 0x30000
_SURROGATES: Final = range(0xD800, 0xE000)


def quoted(text: str) -> str:
    """Write text as a literal of SQL, whatever quotes it holds."""
    return "'" + text.replace("'", "''") + "'"


def folded_in_sql(value: str, words: Collection[str]) -> str:
    """Fold an expression so that it can be compared with folded words, and with these only.

    Args:
        value: The expression, a VARCHAR or NULL.
        words: What it will be compared with, as `fold` gives it.
    """
    plain = f"lower({_one_spaced(value)})"
    wide = f"nfc_normalize({value})"
    letters = {old: new for old, new in _turned(words) if len(new) == 1}
    # ASCII letters are lowered here too: `lower` itself would touch letters that fold upwards.
    upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    old, new = upper + "".join(letters), upper.lower() + "".join(letters.values())
    wide = f"translate({wide}, {quoted(old)}, {quoted(new)})"
    for one, several in _turned(words):
        if len(several) > 1:
            wide = f"replace({wide}, {quoted(one)}, {quoted(several)})"
    wide = _one_spaced(f"nfc_normalize({wide})")
    # Texts of more bytes than letters are few, and the only ones that pay for all this.
    return f"CASE WHEN strlen({value}) = length({value}) THEN {plain} ELSE {wide} END"


def _one_spaced(value: str) -> str:
    return f"trim(regexp_replace({value}, {quoted(SPACES)}, ' ', 'g'))"


def _turned(words: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the letters that fold into a piece of one of the words, with that piece."""
    # Accents may stand apart and in another order: of a piece with any, each has to occur.
    every = "\n".join((*words, *(unicodedata.normalize("NFD", word) for word in words)))
    for letter, piece in _folding_letters():
        apart = unicodedata.normalize("NFD", piece)
        accented = any(map(unicodedata.combining, apart))
        if set(apart) <= set(every) if accented else piece in every:
            yield letter, piece


@cache
def _folding_letters() -> tuple[tuple[str, str], ...]:
    """List every letter beyond ASCII that folds into something else, and into what."""
    letters = (chr(n) for n in range(_FIRST_WIDE, _PAST_LETTERS) if n not in _SURROGATES)
    pairs = ((letter, _fold_letter(letter)) for letter in letters)
    return tuple((letter, piece) for letter, piece in pairs if piece != letter and piece.strip())


def _fold_letter(letter: str) -> str:
    once = unicodedata.normalize("NFKC", letter).casefold()
    return unicodedata.normalize("NFKC", once).casefold()
