"""Find Tierbook's own columns again among the seller's."""

from collections.abc import Mapping

from tierbook import contract
from tierbook.workbook.headings import heading_key

# Only together are these surely ours: a seller may well have a `Tier` or a `Status` of their own.
_SIGNATURE = contract.REQUEST_OUTPUTS[:5]
# How many columns a person may have put between them.
_SLACK = 4


def own_columns(headings: Mapping[int, str], marks: Mapping[str, int]) -> dict[str, int]:
    """Map output headings to the columns an earlier run added.

    Args:
        headings: 1-based column -> text.
        marks: Output heading -> column, from the workbook's hidden names. Where there are none
            (CSV, or a workbook another program rewrote), the block of headings tells.
    """
    if marks:
        return {heading: marks[heading] for heading in contract.REQUEST_OUTPUTS if heading in marks}
    by_key: dict[str, list[int]] = {}
    for column, text in headings.items():
        by_key.setdefault(heading_key(text), []).append(column)
    start = _block_start(by_key)
    if not start:
        return {}
    found: dict[str, int] = {}
    for heading in contract.REQUEST_OUTPUTS:
        behind = [column for column in by_key.get(heading_key(heading), ()) if column >= start]
        if behind:
            found[heading] = behind[0]
    return found


def _block_start(by_key: Mapping[str, list[int]]) -> int:
    """Return the column of the `Tier` that the other signature headings follow closely, or 0."""
    first, *others = (heading_key(heading) for heading in _SIGNATURE)
    for start in reversed(by_key.get(first, [])):
        reach = range(start + 1, start + len(_SIGNATURE) + _SLACK)
        if all(any(column in reach for column in by_key.get(key, ())) for key in others):
            return start
    return 0
