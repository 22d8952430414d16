"""Quotes for whole columns: each distinct picture is priced once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.columns import distinct
from tierbook.costing.choice import Choice, NoPrice, read_choice
from tierbook.costing.price import PICO, Picture, Quote, quote
from tierbook.model import Column, PriceRule, RequestTable

_SIDE_BITS = 20  # a picture side below 1,048,576 px packs with the engine's code into one int64


@dataclass(frozen=True)
class Quotes:
    """One answer per distinct picture, and which of them each row takes, shape (n,).

    `per_image` is micro-USD, -1 where the answer is a `NoPrice`.
    """

    answers: Sequence[Quote | NoPrice]
    chosen: NDArray[np.int64]
    per_image: NDArray[np.int64]

    def of(self, index: int) -> Quote | NoPrice:
        """Return the answer of one row."""
        return self.answers[int(self.chosen[index])]


def quote_rows(
    engines: Column,
    width: NDArray[np.int32],
    height: NDArray[np.int32],
    has_source: NDArray[np.bool_],
    prompts: Column,
    price_book: Sequence[PriceRule],
    today: date,
) -> Quotes:
    """Price one picture of each row with the engine choice of that row.

    All columns have shape (n,); `prompts` holds str or None, or the prompts' lengths in
    bytes where the texts themselves were never made.
    """
    names: list[str | None] = engines.tolist()
    lookup = {name: number for number, name in enumerate(dict.fromkeys(names))}
    codes = np.fromiter(map(lookup.__getitem__, names), np.int64, len(names))
    choices = [read_choice(engine or "", price_book) for engine in lookup]
    return _quote(codes, choices, width, height, has_source, prompts, price_book, today)


def quote_choice(
    choice: Choice | NoPrice,
    width: NDArray[np.int32],
    height: NDArray[np.int32],
    has_source: NDArray[np.bool_],
    prompts: Column,
    price_book: Sequence[PriceRule],
    today: date,
) -> Quotes:
    """Price one picture of each row, all with the one choice."""
    codes = np.zeros(len(width), np.int64)
    return _quote(codes, [choice], width, height, has_source, prompts, price_book, today)


def _quote(
    codes: NDArray[np.int64],
    choices: Sequence[Choice | NoPrice],
    width: NDArray[np.int32],
    height: NDArray[np.int32],
    has_source: NDArray[np.bool_],
    prompts: Column,
    price_book: Sequence[PriceRule],
    today: date,
) -> Quotes:
    """Price one picture of each row with the choice its code points at, `choices[codes[i]]`."""
    sides = width.astype(np.int64) << _SIDE_BITS | height
    keys = (codes << 2 * _SIDE_BITS | sides) << 1 | has_source
    # A few dozen keys at most: finding each row's in the sorted list beats a sort of all rows.
    kinds = distinct(keys)
    chosen = np.searchsorted(kinds, keys)
    answers = [_answer(key, choices, price_book, today) for key in kinds.tolist()]
    bases = np.array([a.base if isinstance(a, Quote) else 0 for a in answers], np.int64)
    rates = np.array([a.per_prompt_byte if isinstance(a, Quote) else 0 for a in answers], np.int64)
    known = np.array([isinstance(a, Quote) for a in answers], np.bool_)
    worth = bases[chosen]
    by_prompt = rates[chosen] > 0
    if by_prompt.any():
        worth[by_prompt] += rates[chosen][by_prompt] * prompt_bytes(prompts[by_prompt])
    return Quotes(answers, chosen, np.where(known[chosen], -(-worth // PICO), -1))


def has_source_photo(requests: RequestTable) -> NDArray[np.bool_]:
    """Tell which rows have a photo of the seller to start from, shape (n,)."""
    found = np.zeros(len(requests), np.bool_)
    if contract.SOURCE_IMAGE in requests:
        found |= requests.column(contract.SOURCE_IMAGE).astype(np.bool_)
    if contract.HAS_PHOTO in requests:
        found |= requests.column(contract.HAS_PHOTO) == True  # noqa: E712 - elementwise
    return found


def pictures_wanted(requests: RequestTable) -> NDArray[np.int64]:
    """Count the pictures each row wants to keep, shape (n,): its angles, or one."""
    if contract.ANGLES not in requests:
        return np.ones(len(requests), np.int64)
    angles = requests.column(contract.ANGLES).tolist()
    counts = {a: max(1, int(a)) if a else 1 for a in set(angles)}
    return np.fromiter(map(counts.__getitem__, angles), np.int64, len(angles))


def _answer(
    key: int, choices: Sequence[Choice | NoPrice], price_book: Sequence[PriceRule], today: date
) -> Quote | NoPrice:
    side = (1 << _SIDE_BITS) - 1
    choice = choices[key >> (2 * _SIDE_BITS + 1)]
    if isinstance(choice, NoPrice):
        return choice
    picture = Picture(key >> (_SIDE_BITS + 1) & side, key >> 1 & side, bool(key & 1))
    return quote(choice, picture, price_book, today)


def prompt_bytes(prompts: Column) -> NDArray[np.int64]:
    """Count the UTF-8 bytes of each prompt; counts pass through as they are."""
    if prompts.dtype.kind == "i":
        return prompts
    # A lone surrogate, as damaged exports hold, has a length too.
    lengths = (len(text.encode("utf-8", "surrogatepass")) if text else 0 for text in prompts)
    return np.fromiter(lengths, np.int64, len(prompts))
