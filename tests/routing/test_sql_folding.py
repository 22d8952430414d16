"""Texts are folded in a query as they are where Tierbook decides."""

import duckdb
from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tierbook.routing.sql_folding import folded_in_sql, quoted
from tierbook.routing.terms import fold

# Full width, ligatures, accents apart, letters with several forms, letters that fold upwards.
LETTERS = "aAfiIkKsSåé Ａｆｉ\u3000ﬁﬀßẞſ\u0301\u030aÅK①½ıİςΣσㇰｶﾞガᎠꭰǅ\u1100\u1161가%'"
TEXTS = st.text(alphabet=LETTERS, max_size=5)


@given(words=st.lists(TEXTS, min_size=1, max_size=3), texts=st.lists(TEXTS, max_size=12))
@how(max_examples=200, deadline=None)
@example(words=["glass", "fi"], texts=["ＧＬＡẞ", "ﬁ", "Ｆｉ", "GLA\u017fs"])
@example(words=["Å"], texts=["A\u030a", "\u212b", "Ａ\u030a", "a"])
def test_a_text_equals_a_word_in_sql_where_it_does_in_tierbook(
    words: list[str], texts: list[str]
) -> None:
    """Folded in SQL, a text equals one of the words exactly where `fold` makes them one."""
    wanted = {fold(word) for word in words}
    values = [*texts, *words, *(word.upper() for word in words)]
    named = ", ".join(map(quoted, sorted(wanted)))
    query = f"SELECT ({folded_in_sql('v', wanted)}) IN ({named}) FROM (SELECT unnest(?) AS v)"  # noqa: S608 - the query is what is tested
    with duckdb.connect() as database:
        found = [row[0] for row in database.execute(query, [values]).fetchall()]
    assert found == [fold(value) in wanted for value in values]
