"""The styles part: looks are found or appended, never changed, so that old indexes keep meaning."""

from copy import deepcopy
from typing import Any, TypeAlias

from lxml import etree

from tierbook.errors import EditRefused
from tierbook.ooxml import markup
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.number_formats import BUILT_IN, BUILT_IN_IDS, FIRST_CUSTOM_ID, shows_date
from tierbook.ooxml.plan import Style

_MAX_CELL_FORMATS = 65_490
_BORDER_COLOR = "FFBFBFBF"
_FONT_ORDER = ("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign",
               "sz", "color", "name", "family", "charset", "scheme")  # fmt: skip
_Key: TypeAlias = tuple[Any, ...]

EMPTY_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%b">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    b"</styleSheet>"
)


def _key(element: Tree) -> _Key:
    """Reduce an element to what it says, so that equal ones compare equal."""
    name = markup.local(element)
    inner = tuple(_key(one) for one in markup.elements(element))
    return (
        name,
        tuple(sorted(markup.attributes_of(element).items())),
        (element.text or "").strip(),
        inner,
    )


class _Shelf:
    """One counted list of the styles part (`fonts`, `cellXfs`, ...), with lookup by content."""

    def __init__(self, root: Tree, name: str) -> None:
        self._root, self._name = root, name
        self._list = markup.child(root, name)
        self.elements: list[Tree] = [] if self._list is None else markup.elements(self._list)
        self._places: dict[_Key, int] | None = None

    def put(self, element: Tree) -> int:
        """Return the index of an equal element, appending this one if there is none."""
        if self._places is None:
            self._places = {}
            for index, one in enumerate(self.elements):
                self._places.setdefault(_key(one), index)
        place = self._places.get(_key(element))
        return self.append(element) if place is None else place

    def append(self, element: Tree) -> int:
        """Add the element at the end and return its index."""
        if self._list is None:
            self._list = markup.insert_ordered(self._root, self._name, markup.STYLES_ORDER)
        self._list.append(element)
        self.elements.append(element)
        self._list.set("count", str(len(self.elements)))
        if self._places is not None:
            self._places[_key(element)] = len(self.elements) - 1
        return len(self.elements) - 1


class StyleBook:
    """The looks of one workbook."""

    def __init__(self, content: bytes, name: str) -> None:
        self._before = content
        self.root = markup.parse(content, name)
        if markup.local(self.root) != "styleSheet":
            raise EditRefused(
                f'The styles part "{name}" has an unknown shape.',
                fix="open the workbook in Excel, save it, and try again.",
            )
        self._spelled = markup.serialize(self.root)
        self.fonts = _Shelf(self.root, "fonts")
        self.fills = _Shelf(self.root, "fills")
        self.borders = _Shelf(self.root, "borders")
        self.formats = _Shelf(self.root, "cellXfs")
        self.differential = _Shelf(self.root, "dxfs")
        self._codes = self._read_number_formats()
        self._known: dict[Style, int] = {}

    def content(self) -> bytes:
        """Return the part; the very bytes it came in when nothing was appended."""
        spelled = markup.serialize(self.root)
        return self._before if spelled == self._spelled else spelled

    # ----------------------------------------------------------------- reading

    def _read_number_formats(self) -> dict[int, str]:
        listed = markup.child(self.root, "numFmts")
        codes: dict[int, str] = {}
        for one in () if listed is None else markup.elements(listed):
            if (one.get("numFmtId") or "").isdigit():
                codes[int(one.get("numFmtId") or 0)] = one.get("formatCode") or ""
        return codes

    def number_format(self, index: int) -> str:
        """Return the format code of a cell format, "General" where it is unknown."""
        if not 0 <= index < len(self.formats.elements):
            return "General"
        number = int(self.formats.elements[index].get("numFmtId") or 0)
        return self._codes.get(number) or BUILT_IN.get(number, "General")

    def shows_date(self, index: int) -> bool:
        """Tell whether a cell format shows numbers as dates or times."""
        return shows_date(self.number_format(index))

    def fill_color(self, index: int) -> str:
        """Return the solid fill of a cell format as "RRGGBB", "" for none or a theme colour."""
        if not 0 <= index < len(self.formats.elements):
            return ""
        place = int(self.formats.elements[index].get("fillId") or 0)
        if place >= len(self.fills.elements):
            return ""
        pattern = markup.child(self.fills.elements[place], "patternFill")
        if pattern is None or pattern.get("patternType") != "solid":
            return ""
        color = markup.child(pattern, "fgColor")
        return "" if color is None else (color.get("rgb") or "")[-6:].upper()

    # ----------------------------------------------------------------- looks of ours

    def cell_format(self, style: Style) -> int:
        """Return the index of a cell format with this look."""
        known = self._known.get(style)
        if known is None:
            known = self._known[style] = self.put_format(self._build_format(style))
        return known

    def put_format(self, element: Tree) -> int:
        """Find or append a finished `xf` of `cellXfs`.

        Raises:
            EditRefused: The workbook has as many cell formats as Excel can hold.
        """
        index = self.formats.put(element)
        if index >= _MAX_CELL_FORMATS:
            raise EditRefused(
                "The workbook already holds as many cell formats as Excel allows.",
                fix="copy the sheet into a new workbook, which drops unused formats.",
            )
        return index

    def differential_format(self, style: Style) -> int:
        """Return the index of a conditional look."""
        look = self._element("dxf")
        if style.bold or style.italic or style.font_color:
            font = markup.append(look, "font")
            if style.bold:
                markup.append(font, "b")
            if style.italic:
                markup.append(font, "i")
            if style.font_color:
                markup.append(font, "color", rgb=f"FF{style.font_color}")
        if style.fill:
            pattern = markup.append(markup.append(look, "fill"), "patternFill")
            markup.append(pattern, "bgColor", rgb=f"FF{style.fill}")
        return self.differential.put(look)

    def number_format_id(self, code: str) -> int:
        """Return the id of a number format, adding it to the list when it is new."""
        if code in ("", "General"):
            return 0
        if code in BUILT_IN_IDS:
            return BUILT_IN_IDS[code]
        for number, known in self._codes.items():
            if known == code:
                return number
        number = max(FIRST_CUSTOM_ID - 1, *self._codes, 0) + 1
        listed = markup.child(self.root, "numFmts")
        if listed is None:
            listed = markup.insert_ordered(self.root, "numFmts", markup.STYLES_ORDER)
        markup.append(listed, "numFmt", numFmtId=str(number), formatCode=code)
        self._codes[number] = code
        listed.set("count", str(len(self._codes)))
        return number

    def _element(self, name: str) -> Tree:
        return self.root.makeelement(f"{{{markup.namespace(self.root)}}}{name}", {})

    def _build_format(self, style: Style) -> Tree:
        number = self.number_format_id(style.number_format)
        font, fill, border = self._font(style), self._fill(style), self._border(style)
        look = self._element("xf")
        for name, value in (
            ("numFmtId", number), ("fontId", font), ("fillId", fill), ("borderId", border),
            ("xfId", 0),
        ):  # fmt: skip
            look.set(name, str(value))
        for name, value in (
            ("applyNumberFormat", number), ("applyFont", font), ("applyFill", fill),
            ("applyBorder", border),
        ):  # fmt: skip
            if value:
                look.set(name, "1")
        alignment = {
            name: value
            for name, value in (
                ("horizontal", style.horizontal),
                ("vertical", style.vertical),
                ("wrapText", "1" if style.wrap else ""),
            )
            if value
        }
        if alignment:
            look.set("applyAlignment", "1")
            markup.append(look, "alignment", **alignment)
        if style.unlocked:
            look.set("applyProtection", "1")
            markup.append(look, "protection", locked="0")
        return look

    def _font(self, style: Style) -> int:
        plain = not (
            style.bold or style.italic or style.underline or style.font_color or style.size
        )
        if plain and self.fonts.elements:
            return 0
        font = deepcopy(self.fonts.elements[0]) if self.fonts.elements else self._element("font")
        wanted: list[tuple[str, dict[str, str]]] = []
        if style.bold:
            wanted.append(("b", {}))
        if style.italic:
            wanted.append(("i", {}))
        if style.underline:
            wanted.append(("u", {}))
        if style.size:
            wanted.append(("sz", {"val": f"{style.size:g}"}))
        if style.font_color:
            wanted.append(("color", {"rgb": f"FF{style.font_color}"}))
        for name, attributes in wanted:
            for old in markup.children(font, name):
                font.remove(old)
            markup.insert_ordered(font, name, _FONT_ORDER, **attributes)
        etree.cleanup_namespaces(font)
        return self.fonts.put(font)

    def _fill(self, style: Style) -> int:
        if not style.fill:
            return 0
        fill = self._element("fill")
        pattern = markup.append(fill, "patternFill", patternType="solid")
        markup.append(pattern, "fgColor", rgb=f"FF{style.fill}")
        markup.append(pattern, "bgColor", indexed="64")
        return self.fills.put(fill)

    def _border(self, style: Style) -> int:
        if not style.border:
            return 0
        border = self._element("border")
        for side in ("left", "right", "top", "bottom"):
            markup.append(markup.append(border, side, style="thin"), "color", rgb=_BORDER_COLOR)
        markup.append(border, "diagonal")
        return self.borders.put(border)

    # ----------------------------------------------------------------- looks of a grafted tab

    def adopt(self, other: "StyleBook") -> "AdoptedStyles":
        """Find or append every cell format and conditional look of another workbook."""
        fonts, fills, borders, looks = (
            [ours.put(self._own(one)) for one in theirs.elements]
            for ours, theirs in (
                (self.fonts, other.fonts),
                (self.fills, other.fills),
                (self.borders, other.borders),
                (self.differential, other.differential),
            )
        )
        formats: list[int] = []
        for one in other.formats.elements:
            look = self._own(one)
            code = other.number_format(len(formats))
            look.set("numFmtId", str(self.number_format_id(code)))
            for name, moved in (("fontId", fonts), ("fillId", fills), ("borderId", borders)):
                look.set(name, str(moved[int(one.get(name) or 0)]))
            look.set("xfId", "0")
            formats.append(self.put_format(look))
        return AdoptedStyles(formats, looks)

    def _own(self, element: Tree) -> Tree:
        """Copy an element of another styles part into this one's namespace."""
        space = markup.namespace(self.root)
        copy = self.root.makeelement(
            f"{{{space}}}{markup.local(element)}", markup.attributes_of(element)
        )
        copy.text = element.text
        for inner in markup.elements(element):
            copy.append(self._own(inner))
        return copy


class AdoptedStyles:
    """Where the looks of a grafted workbook went."""

    def __init__(self, formats: list[int], looks: list[int]) -> None:
        self._formats, self._looks = formats, looks

    def cell_format(self, index: str) -> str:
        """Translate a cell's `s`."""
        return str(self._formats[int(index)])

    def differential_format(self, index: str) -> str:
        """Translate a `dxfId`."""
        return str(self._looks[int(index)])
