"""What differs from row to row and decides nothing: its texts as prompts hold them, its id."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as _pa
import pyarrow.compute as _pc
from numpy.typing import NDArray

from tierbook.workbook.words import sku_key

# pyarrow comes without types.
pa: Any = _pa
pc: Any = _pc

# Texts that read the same once outer and repeated spaces are gone: plain ASCII, single spaces.
_TIDY: Final = "^[!-~]+( [!-~]+)*$"
# SKUs whose key is the text in small letters: no space, no apostrophe in front.
_PLAIN_SKU: Final = "^[!-&(-~][!-~]*$"
_ID_LENGTH: Final = 12


def tidy_texts(column: Any) -> Any:
    """Spell a column as prompts hold it, a pyarrow array of strings; nulls stay null."""
    return _spelled(column, _TIDY, lambda texts: texts, lambda text: " ".join(text.split()))


def sku_keys(column: Any) -> list[str]:
    """Fold each SKU as request ids do."""
    keys = _spelled(column, _PLAIN_SKU, pc.ascii_lower, sku_key)
    return keys.to_numpy(zero_copy_only=False).tolist()


def _spelled(
    column: Any, simple: str, at_once: Callable[[Any], Any], one_by_one: Callable[[str], str]
) -> Any:
    """Change the texts that are simple at once, and the others one by one."""
    if hasattr(column, "dictionary"):
        words = _spelled(column.dictionary, simple, at_once, one_by_one)
        return words.take(column.indices)
    texts = column.cast(pa.string())
    there = pc.match_substring_regex(texts, simple).fill_null(True)
    changed = at_once(texts)
    others = np.flatnonzero(~there.to_numpy(zero_copy_only=False))
    if not len(others):
        return changed
    fixed = [one_by_one(str(text)) for text in texts.take(pa.array(others)).to_pylist()]
    mask = pa.array(~there.to_numpy(zero_copy_only=False))
    return pc.replace_with_mask(changed, mask, pa.array(fixed, pa.string()))


def request_ids(keys: list[str], endings: NDArray[Any]) -> Any:
    """Name each request by its folded SKU and the ending of its placement, as a workbook does."""
    sha256 = hashlib.sha256
    pairs = zip(keys, endings.tolist(), strict=True)
    return [
        sha256((key + ending).encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]
        for key, ending in pairs
    ]
