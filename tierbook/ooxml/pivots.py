"""Where pivot tables lie in a sheet; their definitions are only read."""

from tierbook.ooxml import markup
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.ranges import CellRange, parse_list


def pivot_areas(draft: Draft, part: str) -> list[CellRange]:
    """Return the ranges the pivot tables of a sheet fill now."""
    areas: list[CellRange] = []
    for one in draft.rels(part):
        if one.kind == "pivotTable" and one.target in draft:
            location = markup.child(markup.parse(draft.read(one.target), one.target), "location")
            if location is not None:
                areas += parse_list(location.get("ref") or "")
    return areas
