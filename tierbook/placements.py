"""Look up image rules by placement: names and other names, ratios, sizes; pure."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from tierbook.contract import folded
from tierbook.model import Placement

Ratio = tuple[Decimal, Decimal]

_RATIO = re.compile(
    r"\s*(\d+(?:[.,]\d+)?)\s*(?::|x|×|/|to|by)\s*(\d+(?:[.,]\d+)?)\s*", re.IGNORECASE
)
# Names close enough to be offered as what was meant.
_ALIKE = 0.6
_MOST_SUGGESTIONS = 3


def find(placements: Sequence[Placement], name: str) -> Placement | None:
    """Find a placement by its name, else by one of its other names; None when there is none."""
    wanted = _key(name)
    for placement in placements:
        if _key(placement.name) == wanted:
            return placement
    for placement in placements:
        if any(_key(alias) == wanted for alias in placement.aliases):
            return placement
    return None


def suggestions(placements: Sequence[Placement], name: str) -> tuple[str, ...]:
    """Offer the placements an unknown name may have meant, the likeliest first."""
    from difflib import get_close_matches  # only a mistyped name needs it

    spelled = {_key(p.name): p.name for p in placements}
    for placement in placements:
        for alias in placement.aliases:
            spelled.setdefault(_key(alias), placement.name)
    wanted = _key(name)
    near = get_close_matches(wanted, spelled, n=2 * _MOST_SUGGESTIONS, cutoff=_ALIKE)
    inside = [key for key in spelled if len(key) > 2 and (key in wanted or wanted in key)]
    names = dict.fromkeys(spelled[key] for key in (*near, *(inside if wanted else ())))
    return tuple(names)[:_MOST_SUGGESTIONS]


def group(placements: Sequence[Placement], name: str) -> str:
    """Name the group the rubric asks for, "" for a placement that is not known."""
    found = find(placements, name)
    return found.group if found else ""


def parse_ratio(text: str) -> Ratio | None:
    """Read `4:5`, `1.91:1`, `16x9` as width and height; None for anything else."""
    found = _RATIO.fullmatch(text)
    if not found:
        return None
    width, height = (Decimal(side.replace(",", ".")) for side in found.groups())
    return (width, height) if width and height else None


def size(long_edge: int, ratio: str) -> tuple[int, int]:
    """Work out width and height in px from the long edge and the ratio, square if unreadable."""
    width, height = parse_ratio(ratio) or (Decimal(1), Decimal(1))
    if width >= height:
        return long_edge, _px(long_edge * height / width)
    return _px(long_edge * width / height), long_edge


def _px(side: Decimal) -> int:
    return max(1, int(side.to_integral_value(rounding=ROUND_HALF_UP)))


def _key(name: str) -> str:
    return re.sub(r"[-–/&.,()]+", "", folded(name))
