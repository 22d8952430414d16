"""Small XML parts as trees: parsed without entities or network, written back in one spelling."""

from typing import TypeAlias, cast

from lxml import etree

from tierbook.ooxml.kinds import damaged
from tierbook.ooxml.namespaces import COMPATIBILITY

# lxml names its element class with an underscore, though it is what every call returns.
Tree: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parse(content: bytes, name: str) -> Tree:
    """Parse one part.

    Raises:
        NotAWorkbook: The part is not well-formed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise damaged(f'the part "{name}" is not well-formed ({error.msg})') from None


def serialize(root: Tree) -> bytes:
    """Write the tree as UTF-8 with a declaration."""
    return _DECLARATION + etree.tostring(
        root.getroottree(), encoding="UTF-8", xml_declaration=False
    )


def namespace(root: Tree) -> str:
    """Return the namespace of an element, "" for none."""
    return etree.QName(root).namespace or ""


def local(element: Tree) -> str:
    """Return the element's name without namespace; "" for a comment or an instruction."""
    return etree.QName(element).localname if is_element(element) else ""


def is_element(node: Tree) -> bool:
    """Tell an element from a comment or an instruction, whose tag is a function."""
    return isinstance(cast(object, node.tag), str)


def elements(parent: Tree) -> list[Tree]:
    """Return the children that are elements."""
    return [one for one in parent if is_element(one)]


def drop(element: Tree, attribute: str) -> None:
    """Take an attribute off, if it is there."""
    if attribute in element.attrib:
        del element.attrib[attribute]


def attributes_of(element: Tree) -> dict[str, str]:
    """Return the attributes as plain strings."""
    return {str(name): str(value) for name, value in element.attrib.items()}


def child(parent: Tree, name: str) -> Tree | None:
    """Return the first child of this name in the parent's own namespace."""
    return parent.find(f"{{{namespace(parent)}}}{name}")


def children(parent: Tree, name: str) -> list[Tree]:
    """Return the children of this name in the parent's own namespace."""
    return parent.findall(f"{{{namespace(parent)}}}{name}")


def append(parent: Tree, name: str, /, **attributes: str) -> Tree:
    """Add a last child in the parent's own namespace."""
    return etree.SubElement(parent, f"{{{namespace(parent)}}}{name}", attributes)


def insert_ordered(parent: Tree, name: str, order: tuple[str, ...], /, **attributes: str) -> Tree:
    """Add a child where the schema's sequence wants it, after others of the same name."""
    element = parent.makeelement(f"{{{namespace(parent)}}}{name}", attributes)
    rank = {one: index for index, one in enumerate(order)}
    mine = rank[name]
    at = 0
    for index, existing in enumerate(parent):
        if rank.get(_kind(existing, rank), -1) <= mine:
            at = index + 1
        else:
            break
    parent.insert(at, element)
    return element


def _kind(element: Tree, rank: dict[str, int]) -> str:
    """Name an element by what it stands for: alternate content counts as what it wraps."""
    if element.tag == f"{{{COMPATIBILITY}}}AlternateContent":
        for inner in element.iterdescendants():
            if local(inner) in rank:
                return local(inner)
    return local(element)


def is_true(value: str | None) -> bool:
    """Read an XML boolean."""
    return value in ("1", "true", "on")


SHEET_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
WORKBOOK_ORDER = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)
STYLES_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
