"""Find Tierbook's own columns again among the seller's."""

import re
from collections.abc import Mapping

from tierbook import contract
from tierbook.workbook.headings import alias_of, heading_key

# Only together are these surely ours: a seller may well have a `Tier` or a `Status` of their own.
_SIGNATURE = contract.REQUEST_OUTPUTS[:5]
# How many columns a person may have put between them.
_SLACK = 4
# Headings no shop's own sheet has: all of them together are ours, in whatever order they stand.
_OURS_ALONE = (
    contract.RESOLUTION_TARGET,
    contract.QUEUE_PRIORITY,
    contract.CHEAPER_IF,
    contract.REQUEST_ID,
)
# What our heading bears where the seller has a column of that name.
_SUFFIXED = re.compile(r"\s*\(Tierbook(?: \d+)?\)\s*$", re.IGNORECASE)
_OUTPUT_KEYS = frozenset(map(heading_key, contract.REQUEST_OUTPUTS))

# Folded heading -> columns that bear it, those whose suffix says they are ours first.
_Places = Mapping[str, list[int]]


def own_columns(headings: Mapping[int, str], marks: Mapping[str, int]) -> dict[str, int]:
    """Map output headings to the columns an earlier run added.

    A mark follows its column through Excel and LibreOffice, under any heading. Programs that
    write cells alone leave the marks behind; then they point at columns of other names, and
    believing them would overwrite what is the seller's. The headings tell instead.

    Args:
        headings: 1-based column -> text.
        marks: Output heading -> column, from the workbook's hidden names. Where there are none
            (CSV, or a workbook another program rewrote), the block of headings tells.
    """
    if marks and not any(_left_behind(h, headings.get(c, "")) for h, c in marks.items()):
        return {heading: marks[heading] for heading in contract.REQUEST_OUTPUTS if heading in marks}
    places = _places(headings)
    start = 1 if marks else _block_start(places)
    if not start:
        return {}
    found: dict[str, int] = {}
    for heading in contract.REQUEST_OUTPUTS:
        behind = [column for column in places.get(heading_key(heading), ()) if column >= start]
        if behind and (not marks or heading in marks):
            found[heading] = behind[0]
    return found


def _left_behind(heading: str, text: str) -> bool:
    """Tell that a mark points at a column of another name that Tierbook knows.

    Any other text is a heading the seller gave to our column.
    """
    key = heading_key(_SUFFIXED.sub("", text))
    if key == heading_key(heading):
        return False
    alias = alias_of(text)
    is_input = alias is not None and (
        alias[0] in contract.REQUIRED_INPUTS or heading_key(alias[0]) == key
    )
    return is_input or key in _OUTPUT_KEYS


def _places(headings: Mapping[int, str]) -> _Places:
    ours: dict[str, list[int]] = {}
    plain: dict[str, list[int]] = {}
    for column, text in headings.items():
        bare = _SUFFIXED.sub("", text)
        (plain if bare == text else ours).setdefault(heading_key(bare), []).append(column)
    return {key: ours.get(key, []) + plain.get(key, []) for key in ours.keys() | plain.keys()}


def _block_start(places: _Places) -> int:
    """Return the column our headings start at, or 0 where they are not surely ours.

    That is the `Tier` the other signature headings follow closely, else the first column when
    another program put our columns in another order.
    """
    first, *others = (heading_key(heading) for heading in _SIGNATURE)
    for start in sorted(places.get(first, ()), reverse=True):
        reach = range(start + 1, start + len(_SIGNATURE) + _SLACK)
        if all(any(column in reach for column in places.get(key, ())) for key in others):
            return start
    return int(all(heading_key(heading) in places for heading in _OURS_ALONE))
