"""What a column of texts needs known of it without making a Python string of every value.

Free texts (product names, notes, photo addresses) decide nothing by what they say, only by
whether they say anything, and by how many bytes they add to a prompt. Both are read off the
column's buffers; only values with unusual spaces or letters are looked at one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook.workbook.values import is_blank

BLANK, PLAIN, ODD = 0, 1, 2
_SPACE: Final = 0x20
_UNUSUAL: Final = np.array([byte < _SPACE or byte >= 0x7F for byte in range(256)])


@dataclass(frozen=True)
class TextFacts:
    """What is known of each text, shape (n,).

    Attributes:
        kind: `BLANK`, `PLAIN` or `ODD`, uint8.
        size: UTF-8 bytes once outer and repeated spaces are gone, int64; 0 for blanks.
    """

    kind: NDArray[np.uint8]
    size: NDArray[np.int64]

    def take(self, codes: NDArray[Any]) -> "TextFacts":
        """Spread over rows; code -1 is a blank."""
        kind = np.append(self.kind, np.uint8(BLANK))
        return TextFacts(kind[codes], np.append(self.size, 0)[codes])


def text_facts(
    texts: Any, is_odd: Callable[[str], bool] | None = None, sure_length: int = 0
) -> TextFacts:
    """Look at a pyarrow array of strings.

    Args:
        texts: The array; nulls are blanks.
        is_odd: Tells of one text whether its row must be looked at by itself.
        sure_length: Texts longer than this, or ending in a digit, are never odd unless they
            begin with `#` or hold a `+`; the others are asked about, all of them where it is
            negative. Only used with `is_odd`.
    """
    offsets, octets = _buffers(texts)
    size = np.diff(offsets)
    filled = size > 0
    kind = filled.astype(np.uint8)
    first, last = _ends(octets, offsets, filled)
    unusual = (first == _SPACE) | (last == _SPACE) | _holding_unusual(octets, offsets)
    asked = unusual
    if is_odd is not None:
        digit = (last >= ord("0")) & (last <= ord("9"))
        lettered = (size > sure_length) & (last != ord(".")) & (last != ord(":"))
        sure = (digit | lettered) & (sure_length >= 0)
        asked = unusual | (first == ord("#")) | ~sure
        asked |= _holding(octets == ord("+"), offsets)
    for row in np.flatnonzero(asked & filled).tolist():
        text = str(texts[row].as_py())
        if is_blank(text):
            kind[row], size[row] = BLANK, 0
            continue
        size[row] = len(" ".join(text.split()).encode())
        if is_odd is not None and is_odd(text):
            kind[row] = ODD
    return TextFacts(kind, size)


def _buffers(texts: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return offsets and bytes of the array; a null is as long as an empty text."""
    import pyarrow as pa

    arrow: Any = pa
    filled = texts.cast(arrow.large_string()).fill_null("")
    _, at, data = filled.buffers()
    offsets = np.frombuffer(at, np.int64, len(filled) + 1, filled.offset * 8)
    octets = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    return offsets - offsets[0], octets[offsets[0] : offsets[-1]]


def _ends(
    octets: NDArray[np.uint8], offsets: NDArray[np.int64], filled: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    first = np.zeros(len(filled), np.uint8)
    last = np.zeros(len(filled), np.uint8)
    first[filled] = octets[offsets[:-1][filled]]
    last[filled] = octets[offsets[1:][filled] - 1]
    return first, last


def _holding_unusual(octets: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    spaces = octets == _SPACE
    unusual = _UNUSUAL[octets]
    # Two spaces in a row may also be the end of one text and the start of the next; harmless.
    unusual[1:] |= spaces[1:] & spaces[:-1]
    return _holding(unusual, offsets)


def _holding(marked: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which texts hold a marked byte."""
    if not marked.any():
        return np.zeros(len(offsets) - 1, np.bool_)
    before = np.concatenate([[0], np.cumsum(marked, dtype=np.int64)])
    return before[offsets[1:]] > before[offsets[:-1]]
