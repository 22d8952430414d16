"""Links of cells: external ones through a relationship, internal ones by place; no formulas."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from tierbook.ooxml import markup
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.plan import Link
from tierbook.ooxml.ranges import CellRange, address
from tierbook.ooxml.relationships import Relationships

MAX_LINKS = 65_530  # Excel drops every link of a sheet that has more
_MAX_TARGET = 2_079
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ALLOWED_SCHEMES = ("https:", "http:", "mailto:")
_UNSAFE = re.compile(r'[\x00-\x20"<>\[\]`^{}\x7f]|%(?![0-9A-Fa-f]{2})')
_TOOLTIP_LIMIT = 255


def external_target(target: str) -> str | None:
    """Return the target as a relationship spells it; None where it must stay plain text."""
    scheme = _SCHEME.match(target)
    if scheme is not None and scheme[0].lower() not in _ALLOWED_SCHEMES:
        return None
    if target.startswith(("//", "\\\\")) or not target:
        return None
    if scheme is None:
        target = target.replace("\\", "/")
    spelled = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", target)
    return spelled if len(spelled) <= _MAX_TARGET else None


class SheetLinks:
    """The links of one sheet."""

    def __init__(self, frame: Tree, rels: Relationships, relationship_space: str) -> None:
        self._frame, self._rels = frame, rels
        self._id = f"{{{relationship_space}}}id"
        self._space = relationship_space
        self._type = f"{relationship_space}/hyperlink"
        self._list = markup.child(frame, "hyperlinks")
        self._by_cell = {
            (one.get("ref") or "").upper(): one
            for one in (() if self._list is None else markup.children(self._list, "hyperlink"))
        }
        self._uses = Counter(one.get(self._id) for one in frame.iter("{*}hyperlink"))

    def settle(
        self, planned: Mapping[int, Collection[int]], links: Iterable[tuple[int, int, Link]]
    ) -> int:
        """Make each planned cell have its planned link or none; returns how many found no room.

        Args:
            planned: Rows of the planned cells by column.
            links: (row, column, link) of those that get one.
        """
        left_out = 0
        wanted: set[str] = set()
        for row, column, link in links:
            place = address(row, column)
            old = self._by_cell.get(place)
            internal = link.target.startswith("#")
            target = link.target[1:] if internal else external_target(link.target)
            if target is None or (old is None and len(self._by_cell) >= MAX_LINKS):
                left_out += 1
                continue
            wanted.add(place)
            if old is None or not self._is(old, link, target):
                self._put(place, old, link, target)
        for place, old in list(self._by_cell.items()):
            if place not in wanted and self._covers(planned, place):
                self._drop(place, old)
        if self._list is not None and not len(self._list):
            self._frame.remove(self._list)
        return left_out

    @staticmethod
    def _covers(planned: Mapping[int, Collection[int]], place: str) -> bool:
        try:
            area = CellRange.parse(place)
        except ValueError:
            return False
        # A link over several cells was put there by a person.
        single = area.top == area.bottom and area.left == area.right
        return single and area.top in planned.get(area.left, ())

    def _is(self, old: Tree, link: Link, target: str) -> bool:
        if (old.get("tooltip") or "") != link.tooltip[:_TOOLTIP_LIMIT]:
            return False
        if link.target.startswith("#"):
            return old.get("location") == target and old.get(self._id) is None
        return self._target(old) == target

    def _target(self, old: Tree) -> str:
        """Return where an external link goes, its place in the target document included."""
        found = self._rels.get(old.get(self._id) or "")
        where = old.get("location")
        return (found.target if found else "") + (f"#{where}" if where else "")

    def _drop(self, place: str, old: Tree) -> None:
        assert self._list is not None  # noqa: S101 - `old` came from it
        self._list.remove(old)
        del self._by_cell[place]
        self._release(old.get(self._id))

    def _release(self, identifier: str | None) -> None:
        """Drop the relationship of a link that is gone, unless another link uses it."""
        if identifier is None:
            return
        self._uses[identifier] -= 1
        if not self._uses[identifier] and self._rels.get(identifier) is not None:
            self._rels.remove(identifier)

    def _put(self, place: str, old: Tree | None, link: Link, target: str) -> None:
        identifier = None if old is None else old.get(self._id)
        external = not link.target.startswith("#")
        if external and identifier is not None and self._uses[identifier] == 1:
            self._rels.retarget(identifier, target)
        elif external:
            self._release(identifier)
            identifier = self._rels.add(self._type, target, external=True)
            self._uses[identifier] += 1
        else:
            self._release(identifier)
            identifier = None
        element = self._element(place) if old is None else old
        for name in (self._id, "location", "tooltip"):
            markup.drop(element, name)
        if identifier is not None:
            element.set(self._id, identifier)
        else:
            element.set("location", target)
        if link.tooltip:
            element.set("tooltip", link.tooltip[:_TOOLTIP_LIMIT])
        element.set("display", link.text)

    def _element(self, place: str) -> Tree:
        if self._list is None:
            self._list = self._make_list()
        self._by_cell[place] = markup.append(self._list, "hyperlink", ref=place)
        return self._by_cell[place]

    def _make_list(self) -> Tree:
        listed = markup.insert_ordered(self._frame, "hyperlinks", markup.SHEET_ORDER)
        if self._space in self._frame.nsmap.values():
            return listed
        # Declare the prefix once here instead of on every link.
        spelled = etree.Element(listed.tag, nsmap={"r": self._space})
        self._frame.replace(listed, spelled)
        return spelled
