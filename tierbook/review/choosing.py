"""Choose which pictures are shown, and step from one to the next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tierbook.contract import folded
from tierbook.review.desk import STATES, ReviewPicture, State

PAGE_SIZE = 48


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants to see; an empty word is everything. `page` counts from 1."""

    tier: str = ""
    placement: str = ""
    state: str = ""
    text: str = ""
    page: int = 1

    def query(self, **changes: str | int) -> str:
        """Spell the choice for an address, `?tier=3&state=waiting`, or nothing."""
        wanted: dict[str, str | int] = {
            "tier": self.tier,
            "placement": self.placement,
            "state": self.state,
            "text": self.text,
            "page": self.page if self.page > 1 else "",
            **changes,
        }
        given = {name: value for name, value in wanted.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def fits(self, picture: ReviewPicture) -> bool:
        """Tell whether a picture is wanted."""
        return (
            (not self.tier or str(picture.tier) == self.tier)
            and (not self.placement or picture.placement == self.placement)
            and (not self.state or picture.state == self.state)
            and (not self.text or folded(self.text) in folded(f"{picture.sku} {picture.product}"))
        )


def read_choice(query: Mapping[str, str]) -> Choice:
    """Read a choice from an address; what is no choice is left out."""
    page = query.get("page", "")
    state = query.get("state", "")
    return Choice(
        tier=query.get("tier", ""),
        placement=query.get("placement", ""),
        state=state if state in STATES else "",
        text=query.get("text", "").strip(),
        # A page number of any length is somebody's joke.
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def count_states(pictures: Sequence[ReviewPicture]) -> Mapping[State, int]:
    """Count the pictures by the state of their review, every state named."""
    counts = Counter(picture.state for picture in pictures)
    return {state: counts[state] for state in STATES}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands among those chosen; `number` is 0 where it is none of them."""

    number: int
    of: int
    before: ReviewPicture | None
    after: ReviewPicture | None


def place_of(picture: str, pictures: Sequence[ReviewPicture], choice: Choice) -> Place:
    """Find the neighbours of a picture among those chosen.

    A picture that was just decided may no longer fit; its neighbours are still the nearest ones
    in the order of the sheet.
    """
    here = next(at for at, one in enumerate(pictures) if one.id == picture)
    earlier = [one for one in pictures[:here] if choice.fits(one)]
    later = [one for one in pictures[here + 1 :] if choice.fits(one)]
    fits = choice.fits(pictures[here])
    return Place(
        number=len(earlier) + 1 if fits else 0,
        of=len(earlier) + len(later) + fits,
        before=earlier[-1] if earlier else None,
        after=later[0] if later else None,
    )
