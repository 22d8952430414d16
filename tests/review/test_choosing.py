"""Filters, and the way from one picture to the next."""

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from tierbook.review.choosing import Choice, count_states, place_of, read_choice
from tierbook.review.desk import STATES, ReviewPicture

words = st.text(max_size=12)
choices = st.builds(
    Choice,
    tier=st.sampled_from(["", "1", "3"]),
    placement=words,
    state=st.sampled_from(["", *STATES]),
    text=words.map(str.strip),
    page=st.integers(1, 99),
)
made = st.lists(
    st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from(["", "approve", "reject"])), min_size=1
).map(
    lambda rows: [
        ReviewPicture(str(at), "r", f"SKU-{at}", "Gallery", tier, "", "a.png", decision=decision)
        for at, (tier, decision) in enumerate(rows)
    ]
)


@given(choices)
def test_a_choice_survives_its_address(choice: Choice):
    """What a person chose is read back from the address, whatever characters it holds."""
    query = dict(parse_qsl(choice.query().removeprefix("?"), keep_blank_values=True))
    assert read_choice(query) == choice


@given(st.dictionaries(st.sampled_from(["tier", "state", "page", "text", "x"]), words))
def test_any_address_is_a_choice(query: dict[str, str]):
    """Nonsense in the address is left out, never an error."""
    choice = read_choice(query)
    assert choice.page >= 1
    assert choice.state in ("", *STATES)


@given(made, st.data())
def test_steps_visit_every_chosen_picture_once(pictures: list[ReviewPicture], data: st.DataObject):
    """Forward from before the first, the steps meet exactly the chosen pictures, in order."""
    choice = Choice(tier=data.draw(st.sampled_from(["", "1", "2"])))
    chosen = [one for one in pictures if choice.fits(one)]
    here, seen = pictures[0], [pictures[0]] if choice.fits(pictures[0]) else []
    while (place := place_of(here.id, pictures, choice)).after:
        assert place.number == (seen.index(here) + 1 if here in seen else 0)
        assert place.of == len(chosen)
        here = place.after
        seen.append(here)
    assert seen == chosen


@given(made)
def test_states_add_up(pictures: list[ReviewPicture]):
    """Every picture is in one state, and all states are named."""
    counts = count_states(pictures)
    assert tuple(counts) == STATES
    assert sum(counts.values()) == len(pictures)
