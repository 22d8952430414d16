"""Texts looked at through their buffers."""

import pyarrow as pa
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from tierbook.scale.texts import BLANK, ODD, PLAIN, text_facts
from tierbook.workbook.values import is_blank

TEXTS = st.one_of(
    st.none(),
    st.text(alphabet="aZ9 -_.#+:é日\t\u00a0\u200b\u3000", max_size=12),
    st.sampled_from(["", " ", "total", "Total:", "SKU-1", "1.2E+11", "# note", "LAMP"]),
)


def _odd(text: str) -> bool:
    seen = text.strip()
    return seen.lower() in ("total", "sku") or seen[:1] == "#" or seen[-1:] in ".:" or "+" in seen


@given(texts=st.lists(TEXTS, max_size=30), cut=st.integers(0, 5))
@how(deadline=None)
def test_facts_are_those_of_the_texts_themselves(texts: list[str | None], cut: int) -> None:
    """Kind and size agree with Python's own reading of each text, in slices of an array too."""
    array = pa.array(texts, pa.string())[cut:]
    facts = text_facts(array, _odd, sure_length=20)
    plain = text_facts(array)
    for at, text in enumerate(texts[cut:]):
        if text is None or is_blank(text):
            assert (facts.kind[at], facts.size[at]) == (BLANK, 0)
            continue
        assert facts.kind[at] == (ODD if _odd(text) else PLAIN), repr(text)
        assert facts.size[at] == len(" ".join(text.split()).encode())
        assert plain.kind[at] == PLAIN


@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
@how(deadline=None)
def test_a_dictionary_tells_the_same(texts: list[str | None]) -> None:
    """Facts of a dictionary's words, spread over its rows, are those of the rows."""
    array = pa.array(texts, pa.string())
    coded = array.dictionary_encode()
    spread = text_facts(coded.dictionary).take(coded.indices.fill_null(-1).to_numpy())
    rows = text_facts(array)
    assert spread.kind.tolist() == rows.kind.tolist()
    assert spread.size.tolist() == rows.size.tolist()
