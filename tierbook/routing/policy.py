"""What a channel or a brand forbids: pictures held before any money is spent on them.

The rubric says the same in its first rules, but a seller may change those, override a tier, or
pin another engine to one. These holds look at what would really be made. Pure: the day and what
the engines do come in as values.

Sources: Etsy's listing image policy; Amazon's and the marketplaces' main image rules;
support.google.com/merchants/answer/6324350. The Placements tab names source and date of each.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.contract import folded
from tierbook.model import (
    Column,
    Configuration,
    Decisions,
    Placement,
    Problem,
    RequestTable,
)
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.retiering import placement_groups
from tierbook.routing.terms import fold, known

MARKETPLACE_MAIN: Final = "marketplace main"
ETSY: Final = "etsy"
_GOOGLE_MERCHANT: Final = "Google Merchant"
_GOOGLE_SOURCE: Final = "support.google.com/merchants/answer/6324350"
# From this day on Google Merchant takes no picture below 500 x 500 px; until then the others hold.
GOOGLE_LARGER_FROM: Final = date(2027, 1, 31)
GOOGLE_LARGER_PX: Final = 500
GOOGLE_PX: Final = 100
GOOGLE_APPAREL_PX: Final = 250
_AMAZON: Final = "amazon"
# Pictures that are the listing itself; an Etsy shop's mails and ads are not.
_LISTING_GROUPS: Final = frozenset(map(folded, ("etsy", "marketplace main", "gallery", "swatch")))
_APPAREL: Final = re.compile(
    r"\b(apparel|cloth(?:es|ing)|(?:t-?)?shirts?|tees?|dress(?:es)?|skirts?|trousers|pants|jeans|"
    r"jackets?|coats?|hoodies?|sweaters?|sweatshirts?|knitwear|socks?|underwear|lingerie|swimwear|"
    r"activewear|outerwear|menswear|womenswear|shoes?|footwear|"
    r"bekleidung|kleidung|v[eê]tements?|ropa|abbigliamento|roupas?|kleding|odzie[zż]|giyim|одежда)"
    r"\b|アパレル|ファッション|衣料|レディース|メンズ|服装|의류",
    re.IGNORECASE,
)
_HIGH: Final = "high"
_NO: Final = ("no", "false")


@dataclass(frozen=True)
class PolicyHolds:
    """Which rows must wait, and why.

    Attributes:
        reason: One sentence, "" for rows that may go on, shape (n,).
        problems: The same as problems with their cells, and warnings of what is to come.
    """

    reason: Column
    problems: tuple[Problem, ...]

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Tell which rows must wait, shape (n,)."""
        return self.reason != ""


@dataclass(frozen=True, slots=True)
class _Row:
    """What the policies look at in one row."""

    index: int
    tier: int
    place: Placement | None
    group: str
    redraws: bool
    no_photo: bool
    props: bool
    person: bool
    strictness: str
    shortest: int
    engine: str
    day: date
    etsy: bool
    apparel: bool


@dataclass(frozen=True, slots=True)
class _Verdict:
    code: str
    message: str
    fix: str
    heading: str
    holds: bool = True


def policy_holds(
    requests: RequestTable,
    decisions: Decisions,
    configuration: Configuration,
    today: date,
    redraws: Mapping[str, bool],
) -> PolicyHolds:
    """Hold every decided row that its channel, its brand or a missing photo forbids to make.

    Args:
        requests: The rows.
        decisions: What was decided of them.
        configuration: The placements, with their groups, sources and dates.
        today: The day the pictures are made; a row's `Needed by` counts instead where it is later.
        redraws: Engine choice, as in `decisions.engine` -> whether that engine draws the product
            anew. An engine that is not named counts as one that does.
    """
    reason = np.full(len(requests), "", dtype=object)
    problems: list[Problem] = []
    for row in _rows(requests, decisions, configuration, today, redraws):
        for policy in _POLICIES:
            verdict = policy(row)
            if verdict is None:
                continue
            problems.append(_problem(requests, row, verdict))
            if verdict.holds:
                reason[row.index] = f"{verdict.message}{_source(row, verdict)}"
                break
    return PolicyHolds(reason, tuple(problems))


def _rows(
    requests: RequestTable,
    decisions: Decisions,
    configuration: Configuration,
    today: date,
    redraws: Mapping[str, bool],
) -> Iterable[_Row]:
    places = placements_by_name(configuration)
    names = requests.column(contract.PLACEMENT)
    groups = placement_groups(requests, configuration)
    photos = [known(value) is not None for value in requests.column(contract.SOURCE_IMAGE)]
    said = [folded(str(value)) in _NO for value in requests.column(contract.HAS_PHOTO)]
    props, people = requests.column(contract.PROPS), requests.column(contract.HUMAN_MODEL)
    strictness = requests.column(contract.BRAND_STRICTNESS)
    needed = requests.column(contract.NEEDED_BY)
    etsy = etsy_rows(requests, configuration)
    categories = requests.column(contract.CATEGORY)
    any_photo = any(photos)
    for index in np.flatnonzero(decisions.tier > 0).tolist():
        place = places.get(fold(str(names[index])))
        engine = str(decisions.engine[index] or "")
        day = needed[index]
        yield _Row(
            index=index,
            tier=int(decisions.tier[index]),
            place=place,
            group=folded(str(groups[index] or names[index] or "")),
            redraws=redraws.get(engine, True),
            # Where no row names a photo, nobody has said anything of photos yet.
            no_photo=said[index] or (any_photo and not photos[index]),
            props=props[index] is True,
            person=people[index] is True,
            strictness=folded(str(strictness[index] or "")),
            shortest=int(min(decisions.width[index], decisions.height[index])),
            engine=engine,
            day=max(today, day) if isinstance(day, date) else today,
            etsy=bool(etsy[index]),
            apparel=_APPAREL.search(str(categories[index] or "")) is not None,
        )


def etsy_rows(requests: RequestTable, configuration: Configuration) -> NDArray[np.bool_]:
    """Tell which rows are pictures of an Etsy listing, by placement or by channel; shape (n,)."""
    groups = placement_groups(requests, configuration)
    channels = requests.column(contract.CHANNEL)
    found = (
        folded(str(group or "")) == folded(ETSY)
        or (folded(str(channel or "")) == folded(ETSY) and folded(str(group)) in _LISTING_GROUPS)
        for group, channel in zip(groups.tolist(), channels.tolist(), strict=True)
    )
    return np.fromiter(found, np.bool_, len(requests))


def rows_kept_as_they_are(
    requests: RequestTable, configuration: Configuration
) -> NDArray[np.bool_]:
    """Tell which rows no engine may go to that draws the product anew, steps in or not; (n,)."""
    strictness = requests.column(contract.BRAND_STRICTNESS).tolist()
    strict = [folded(str(word or "")) == _HIGH for word in strictness]
    return etsy_rows(requests, configuration) | np.array(strict, np.bool_)


# --------------------------------------------------------------------------- the policies


def _photo(row: _Row) -> _Verdict | None:
    if not row.no_photo:
        return None
    return _Verdict(
        "no-source-photo",
        "There is no photo of this product, and a generated picture would invent it.",
        "put a photo into the image folder and its name into Source image.",
        contract.SOURCE_IMAGE,
    )


def _etsy(row: _Row) -> _Verdict | None:
    if not row.etsy or not row.redraws:
        return None
    return _Verdict(
        "etsy-real-item",
        f"Etsy wants the item itself, not a rendering, and {row.engine or 'this engine'} draws "
        "the product anew.",
        "use tier 1, whose engine only edits your photo, or another placement.",
        contract.PLACEMENT,
    )


def _main_image(row: _Row) -> _Verdict | None:
    if row.group != folded(MARKETPLACE_MAIN) or not (row.props or row.person):
        return None
    on_amazon = row.place is not None and folded(row.place.channel) == _AMAZON
    if on_amazon and row.apparel and not row.props:
        return None  # Amazon shows clothes on a person
    what, heading = ("A person", contract.HUMAN_MODEL) if row.person else ("Props", contract.PROPS)
    return _Verdict(
        "main-image-product-alone",
        f"{what} on a marketplace main image can get the listing suppressed: it shows the product "
        "alone on white.",
        f"set {heading} to no, or make this a gallery picture.",
        heading,
    )


def _google(row: _Row) -> _Verdict | None:
    place = row.place
    if place is None or not _is_google(place) or row.shortest >= GOOGLE_LARGER_PX:
        return None
    floor, whose = (GOOGLE_APPAREL_PX, " of apparel") if row.apparel else (GOOGLE_PX, "")
    later = row.day >= GOOGLE_LARGER_FROM
    if later or row.shortest >= floor:
        floor, whose = GOOGLE_LARGER_PX, ""
    starts = f" from {GOOGLE_LARGER_FROM.day} {GOOGLE_LARGER_FROM:%B %Y} on"
    when = starts if floor == GOOGLE_LARGER_PX else ""
    return _Verdict(
        "google-merchant-size",
        f"Google Merchant takes no picture{whose} below {floor} x {floor} px{when}, and this one "
        f"would be {row.shortest} px on its shorter side.",
        f"ask for {GOOGLE_LARGER_PX} px or more on the shorter side: {contract.LONG_EDGE_PX}, or "
        f"Target px of tab {contract.PLACEMENTS}.",
        contract.LONG_EDGE_PX,
        holds=later or row.shortest < floor < GOOGLE_LARGER_PX,
    )


def _is_google(place: Placement) -> bool:
    return folded(place.name) == folded(_GOOGLE_MERCHANT) or _GOOGLE_SOURCE in place.source


def _brand(row: _Row) -> _Verdict | None:
    if row.strictness != _HIGH or not row.redraws:
        return None
    return _Verdict(
        "brand-strictness",
        f"Brand strictness is high, and {row.engine or 'this engine'} draws the product anew: "
        "shape, logo or colour may change.",
        "pin an engine that edits your photo to this tier, or set Brand strictness to medium.",
        contract.BRAND_STRICTNESS,
    )


_POLICIES: Final[tuple[Callable[[_Row], _Verdict | None], ...]] = (
    _photo,
    _etsy,
    _main_image,
    _google,
    _brand,
)
# Policies of the channel, whose source the Placements tab names.
_SOURCED: Final = frozenset({"etsy-real-item", "main-image-product-alone", "google-merchant-size"})


def _source(row: _Row, verdict: _Verdict) -> str:
    if verdict.code not in _SOURCED or row.place is None or not row.place.source:
        return ""
    checked = row.place.checked_on
    return f" Source: {row.place.source}{f', checked {checked.isoformat()}' if checked else ''}."


def _problem(requests: RequestTable, row: _Row, verdict: _Verdict) -> Problem:
    return Problem(
        code=verdict.code,
        severity="warning",
        message=f"{verdict.message}{_source(row, verdict)}",
        fix=verdict.fix,
        cell=requests.cell(row.index, verdict.heading),
        sku=str(requests.column(contract.SKU)[row.index] or ""),
    )
