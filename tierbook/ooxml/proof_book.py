"""Comparing what tabs share: the list of tabs, names, looks, tables and relationships."""

from collections.abc import Callable, Collection
from typing import TypeAlias

from lxml import etree

from tierbook.ooxml.markup import Tree, attributes_of, elements
from tierbook.ooxml.package import Package

_Refuse: TypeAlias = Callable[[str], Exception]
_STYLE_LISTS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_OPEN_IN_WORKBOOK = ("sheets", "definedNames", "bookViews", "calcPr")


def compare_shared_parts(
    before: Package,
    after: Package,
    touched: frozenset[str],
    removed_tabs: Collection[str],
    names: Collection[str],
    refuse: _Refuse,
) -> None:
    """Compare every touched part that tabs share, by what kind of part it is.

    Args:
        before: The package as it was.
        after: The package as it would be delivered.
        touched: Parts that were meant to change.
        removed_tabs: Tabs the plan takes out.
        names: Defined names the plan sets or deletes, and those grafted tabs bring.
        refuse: Makes the exception to raise from a description of a difference.
    """
    gone = {one.casefold() for one in removed_tabs}
    free = {one.casefold() for one in names}
    for name in sorted(touched):
        if name not in before or name not in after or not name.lower().endswith((".xml", ".rels")):
            continue
        old, new = parse_part(before, name), parse_part(after, name)
        kind = etree.QName(old).localname
        if kind == "styleSheet":
            _compare_styles(old, new, refuse)
        elif kind == "table":
            _compare_table(old, new, refuse)
        elif kind == "workbook":
            _compare_workbook(old, new, gone, free, refuse)
        elif kind == "Relationships":
            _compare_relationships(old, new, name, refuse)


def parse_part(package: Package, name: str) -> Tree:
    """Parse one part of a package."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(package.read(name), parser)


def _spell(element: Tree) -> bytes:
    element.tail = None
    return etree.tostring(element, method="c14n", exclusive=True)


def _list(root: Tree, name: str) -> list[bytes]:
    return [_spell(one) for one in root.findall(f"{{*}}{name}/*")]


def _compare_styles(old: Tree, new: Tree, refuse: _Refuse) -> None:
    for name in _STYLE_LISTS:
        before = _list(old, name)
        if _list(new, name)[: len(before)] != before:
            raise refuse(f"a look in {name} changed")
    formats = {one.get("numFmtId"): one.get("formatCode") for one in new.iter("{*}numFmt")}
    for one in old.findall("{*}numFmts/{*}numFmt"):
        if formats.get(one.get("numFmtId")) != one.get("formatCode"):
            raise refuse(f"number format {one.get('formatCode')} changed")


def _compare_table(old: Tree, new: Tree, refuse: _Refuse) -> None:
    before = _list(old, "tableColumns")
    if _list(new, "tableColumns")[: len(before)] != before:
        raise refuse("a column of a table changed")
    closed = [attributes_of(one) | {"ref": ""} for one in (old, new)]
    if closed[0] != closed[1]:
        raise refuse("a table changed")


def _compare_workbook(
    old: Tree, new: Tree, gone: Collection[str], free: Collection[str], refuse: _Refuse
) -> None:
    before, after = (
        [_spell(one) for one in elements(root) if _kind(one) not in _OPEN_IN_WORKBOOK]
        for root in (old, new)
    )
    if before != after:
        raise refuse("a setting of the workbook changed")
    kept = [one for one in _tabs(old) if one[0].casefold() not in gone]
    tabs = _tabs(new)
    if [one for one in tabs if one in kept] != kept:
        raise refuse("the seller's tabs changed their order or names")
    names = set(_names(new))
    for one in _names(old):
        name, scope, _ = one
        if name.casefold() not in free and scope.casefold() not in gone and one not in names:
            raise refuse(f"the defined name {name} changed")


def _kind(element: Tree) -> str:
    return etree.QName(element).localname


def _tabs(root: Tree) -> list[tuple[str, str, str]]:
    return [
        (one.get("name") or "", one.get("sheetId") or "", one.get("state") or "")
        for one in root.findall("{*}sheets/{*}sheet")
    ]


def _names(root: Tree) -> list[tuple[str, str, str]]:
    tabs = [one[0] for one in _tabs(root)]
    found: list[tuple[str, str, str]] = []
    for one in root.findall("{*}definedNames/{*}definedName"):
        scope = one.get("localSheetId")
        tab = tabs[int(scope)] if scope and int(scope) < len(tabs) else ""
        found.append((one.get("name") or "", tab, one.text or ""))
    return found


def _compare_relationships(old: Tree, new: Tree, name: str, refuse: _Refuse) -> None:
    """Check that the seller's arrows stay; links of cells, tabs and the chain are planned."""
    known = {(one.get("Id"), one.get("Type"), one.get("Target")) for one in elements(new)}
    for one in elements(old):
        kind = one.get("Type") or ""
        if kind.endswith(("/hyperlink", "/calcChain", "/worksheet")):
            continue
        if (one.get("Id"), kind, one.get("Target")) not in known:
            raise refuse(f"a relationship ({kind.rsplit('/', 1)[-1]}) of {name} is gone")
