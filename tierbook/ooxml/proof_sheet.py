"""Comparing a sheet before and after: cells outside the plan, and everything around the cells."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import TypeAlias

from lxml import etree

from tierbook.ooxml.markup import Tree, attributes_of, drop, elements

_Refuse: TypeAlias = Callable[[str], Exception]
_Cells: TypeAlias = Mapping[int, Collection[int]]
_START = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b[^>]*>")
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_NUMBER = re.compile(rb'\sr="(\d+)"')
_PIECE = 1 << 16
_PAST_ALL_ROWS = 1 << 32
# Elements an edit may add to; they are compared entry by entry below.
_OPEN_LISTS = ("dataValidations", "hyperlinks")


def compare_sheets(old: bytes, new: bytes, planned: _Cells, refuse: _Refuse) -> tuple[int, int]:
    """Compare two versions of a sheet part.

    Args:
        old: The part as it was.
        new: The part as it would be delivered.
        planned: Rows that may differ, by 1-based column.
        refuse: Makes the exception to raise from a description of a difference.

    Returns:
        How many cells are equal, and how many planned ones the new version holds.
    """
    old, new = _plain(old), _plain(new)
    old_frame, prefix, old_area = _cut(old, refuse)
    new_frame, new_prefix, new_area = _cut(new, refuse)
    if prefix != new_prefix:
        raise refuse("the sheet's namespace prefix changed")
    _compare_frames(etree.fromstring(old_frame), etree.fromstring(new_frame), planned, refuse)
    scan = _CellScan(prefix, planned)
    length, first = _equal_tail((old, old_area), (new, new_area), b"<%brow" % prefix)
    old_tail = old_area[1] - length
    before, after = (old_area[0], old_tail), (new_area[0], new_area[1] - length)
    rows = _rows(old, before, prefix, refuse, first), _rows(new, after, prefix, refuse, first)
    equal, written = _compare_rows(*rows, scan, refuse)
    return equal + scan.count(old, old_tail, old_area[1]), written


def _plain(content: bytes) -> bytes:
    """Bring odd spellings (UTF-16, CDATA, comments) to the plain one; usual sheets pass through."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    odd = content[:2] in (b"\xff\xfe", b"\xfe\xff") or content.find(b"<!") >= 0
    if not odd:
        declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.-]+)", content)
        odd = declared is not None and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    if not odd:
        return content
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, huge_tree=True)
    return etree.tostring(etree.fromstring(content, parser), encoding="UTF-8")


def _cut(content: bytes, refuse: _Refuse) -> tuple[bytes, bytes, tuple[int, int]]:
    """Return the sheet without its rows, the namespace prefix, and where the rows are."""
    start = _START.search(content)
    if start is None:
        raise refuse("the cell area is gone")
    if start[0].endswith(b"/>"):
        return content, start[1], (0, 0)
    end = content.rfind(b"</%bsheetData" % start[1])
    return content[: start.end()] + content[end:], start[1], (start.end(), end)


# --------------------------------------------------------------------------- rows


_Row: TypeAlias = tuple[int, bytes, bytes]
_Area: TypeAlias = tuple[int, int]


def _equal_tail(
    old: tuple[bytes, _Area], new: tuple[bytes, _Area], opening: bytes
) -> tuple[int, int]:
    """Measure the rows at the end that are equal byte by byte, and name the first of them.

    Looked for in large pieces, since only a million formatted rows make it worth the look.
    """
    (before, (start, stop)), (after, (new_start, new_stop)) = old, new
    most, length = min(stop - start, new_stop - new_start), 0
    while length < most:
        size = min(_PIECE, most - length)
        behind, new_behind = stop - length, new_stop - length
        if before[behind - size : behind] != after[new_behind - size : new_behind]:
            break
        length += size
    at = before.find(opening, stop - length, stop)
    match = _NUMBER.search(before, at, before.find(b">", at)) if at >= 0 else None
    # A row without a number of its own counts on from those before, which may differ.
    return (stop - at, int(match[1])) if match else (0, _PAST_ALL_ROWS)


def _rows(
    content: bytes, area: _Area, prefix: bytes, refuse: _Refuse, limit: int
) -> Iterator[_Row]:
    """Yield number, start tag without its hint of used columns, and inner XML of each row.

    A large sheet is never copied as a whole, only row by row. All stand above row `limit`.
    """
    opening, closing = b"<%brow" % prefix, b"</%brow>" % prefix
    number, (at, stop) = 0, area
    while (at := content.find(opening, at, stop)) >= 0:
        end = content.find(b">", at) + 1
        tag = content[at:end]
        match = _NUMBER.search(tag)
        previous, number = number, int(match[1]) if match else number + 1
        if number >= limit:
            raise refuse(f"row {number} stands before row {limit}")
        if number <= previous:
            raise refuse(f"row {number} stands after row {previous}")
        bare = _SPANS.sub(b"", tag).rstrip(b"/> ")
        if tag.endswith(b"/>"):
            yield number, bare, b""
            at = end
            continue
        close = content.find(closing, end, stop)
        if close < 0:
            raise refuse(f"row {number} does not end")
        yield number, bare, content[end:close]
        at = close


def _compare_rows(
    old_rows: Iterator[_Row], new_rows: Iterator[_Row], scan: "_CellScan", refuse: _Refuse
) -> tuple[int, int]:
    equal = written = 0
    for number, tag, inner in old_rows:
        new_number, new_tag, new_inner = next(new_rows, (0, b"", b""))
        while new_number and new_number < number:
            if not scan.all_planned(new_number, new_inner):
                raise refuse(f"row {new_number} was not planned")
            written += scan.count(new_inner)
            new_number, new_tag, new_inner = next(new_rows, (0, b"", b""))
        if new_number != number:
            raise refuse(f"row {number} is gone")
        if tag != new_tag:
            raise refuse(f"the row {number} itself changed")
        if inner == new_inner:
            equal += scan.count(inner)
        elif new_inner.startswith(inner) and scan.all_planned(number, new_inner[len(inner) :]):
            equal += scan.count(inner)
            written += scan.count(new_inner) - scan.count(inner)
        else:
            kept, _ = scan.split(number, inner)
            still, ours = scan.split(number, new_inner)
            if kept != still:
                raise refuse(f"a cell of row {number} outside the plan changed")
            equal += len(kept)
            written += ours
    for new_number, _, new_inner in new_rows:
        if not scan.all_planned(new_number, new_inner):
            raise refuse(f"row {new_number} was not planned")
        written += scan.count(new_inner)
    return equal, written


class _CellScan:
    """Tells planned cells of a row from others."""

    def __init__(self, prefix: bytes, planned: _Cells) -> None:
        name = re.escape(prefix)
        self._planned = planned
        self._start = b"<%bc " % prefix
        self._places = re.compile(rb'<%bc r="([A-Z]+)' % name)
        self._cell = re.compile(rb"<%bc(?:\s[^>]*?)?(?:/>|>.*?</%bc>)" % (name, name), re.S)
        self._place = re.compile(rb'\sr="([A-Z]+)\d*"')
        self._rows_by_columns: dict[tuple[bytes, ...], frozenset[int]] = {}

    def count(self, content: bytes, start: int = 0, stop: int | None = None) -> int:
        return content.count(self._start, start, stop)

    def all_planned(self, row: int, inner: bytes) -> bool:
        """Tell whether the XML is nothing but cells the plan covers."""
        places = self._places.findall(inner)
        if not inner:
            return True
        if len(places) != inner.count(self._start) or not places:
            return False
        return row in self._common_rows(tuple(places))

    def _common_rows(self, places: tuple[bytes, ...]) -> frozenset[int]:
        """Return the rows the plan covers in every one of these columns."""
        known = self._rows_by_columns.get(places)
        if known is None:
            rows = [frozenset(self._planned.get(_column(one), ())) for one in places]
            known = rows[0].intersection(*rows[1:])
            self._rows_by_columns[places] = known
        return known

    def split(self, row: int, inner: bytes) -> tuple[list[bytes], int]:
        """Return the XML of the cells outside the plan, and how many are inside it."""
        kept: list[bytes] = []
        ours = column = end = 0
        for match in self._cell.finditer(inner):
            place = self._place.search(match[0], 0, match[0].find(b">"))
            column = _column(place[1]) if place else column + 1
            between = inner[end : match.start()]
            end = match.end()
            if between.strip():
                kept.append(between)
            if row in self._planned.get(column, ()):
                ours += 1
            else:
                kept.append(match[0])
        rest = inner[end:]
        if rest.strip():
            kept.append(rest)
        return kept, ours


@cache
def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --------------------------------------------------------------------------- the frame


def _compare_frames(old: Tree, new: Tree, planned: _Cells, refuse: _Refuse) -> None:
    if attributes_of(old) != attributes_of(new):
        raise refuse("attributes of the sheet changed")
    if (first := _closed(old)) != (second := _closed(new)):
        changed = sorted((Counter(first) - Counter(second)) or (Counter(second) - Counter(first)))
        name = etree.QName(etree.fromstring(changed[0])).localname if changed else "its order"
        raise refuse(f"something around the cells changed ({name})")
    if _column_shapes(old, planned) != _column_shapes(new, planned):
        raise refuse("the shape of a column outside the plan changed")
    for name in (*_OPEN_LISTS, "conditionalFormatting"):
        _compare_lists(name, old, new, planned, refuse)


def _closed(root: Tree) -> list[bytes]:
    """Spell every part of the sheet an edit must leave alone."""
    spelled: list[bytes] = []
    for one in elements(root):
        name = etree.QName(one).localname
        if name in ("sheetData", "dimension", "cols", "conditionalFormatting", *_OPEN_LISTS):
            continue
        if name == "sheetFormatPr":
            drop(one, "outlineLevelCol")
            if attributes_of(one) == {"defaultRowHeight": "15"}:
                continue
        elif name == "sheetPr":
            for outline in one.findall("{*}outlinePr"):
                drop(outline, "summaryRight")
                if not outline.attrib:
                    one.remove(outline)
            if not len(one) and not one.attrib:
                continue
        elif name == "sheetViews":
            for view in one.iter("{*}sheetView"):
                drop(view, "tabSelected")
        spelled.append(_spell(one))
    return spelled


def _spell(element: Tree) -> bytes:
    """Spell an element canonically, without the white space after it."""
    element.tail = None
    return etree.tostring(element, method="c14n")


def _column_shapes(root: Tree, planned: _Cells) -> list[tuple[int, int, object]]:
    """Return the runs of equally shaped columns, planned ones cut out."""
    shapes: list[tuple[int, int, object]] = []

    def put(low: int, high: int, attributes: object) -> None:
        if low > high:
            return
        if shapes and shapes[-1][1] == low - 1 and shapes[-1][2] == attributes:
            low = shapes.pop()[0]
        shapes.append((low, high, attributes))

    for one in root.findall("{*}cols/{*}col"):
        low, high = int(one.get("min") or 1), int(one.get("max") or 1)
        attributes = {
            key: value for key, value in attributes_of(one).items() if key not in ("min", "max")
        }
        for column in sorted(column for column in planned if low <= column <= high):
            put(low, column - 1, attributes)
            low = column + 1
        put(low, high, attributes)
    # A run ends at each planned column in both versions, so that splits compare equal.
    cuts = sorted(planned)
    return [piece for shape in shapes for piece in _cut_run(shape, cuts)]


def _cut_run(run: tuple[int, int, object], cuts: list[int]) -> Iterator[tuple[int, int, object]]:
    low, high, attributes = run
    for column in cuts:
        if low <= column <= high:
            if low < column:
                yield low, column - 1, attributes
            low = column + 1
    if low <= high:
        yield low, high, attributes


def _compare_lists(name: str, old: Tree, new: Tree, planned: _Cells, refuse: _Refuse) -> None:
    """Check that every entry of the seller's is still there; ours may move or go."""
    before, after = _entries(old, name), _entries(new, name)
    now = Counter(_spell(one) for one in after)
    moved = Counter(_without_place(one) for one in after)
    for one in before:
        if now[_spell(one)]:
            continue
        place = one.get("ref") or one.get("sqref") or ""
        if name == "hyperlinks" and _is_planned(place, planned):
            continue
        if name != "hyperlinks" and moved[_without_place(one)]:
            continue
        raise refuse(f"an entry of {name} at {place} is gone")


def _entries(root: Tree, name: str) -> list[Tree]:
    if name == "conditionalFormatting":
        return root.findall("{*}conditionalFormatting")
    return root.findall(f"{{*}}{name}/*")


def _without_place(element: Tree) -> bytes:
    attributes = {key: value for key, value in attributes_of(element).items() if key != "sqref"}
    inner = b"".join(_spell(one) for one in elements(element))
    return repr(sorted(attributes.items())).encode() + inner


def _is_planned(place: str, planned: _Cells) -> bool:
    match = re.fullmatch(r"([A-Z]+)(\d+)", place)
    return match is not None and int(match[2]) in planned.get(_column(match[1].encode()), ())
