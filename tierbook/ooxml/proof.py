"""The proof of a save: input and output are compared before anyone gets the output.

This module reads both packages anew and shares no scanning code with the edit, so that a mistake
there shows here.
"""

import posixpath
import re
import xml.parsers.expat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from tierbook.errors import EditRefused
from tierbook.ooxml.package import Package
from tierbook.ooxml.proof_book import compare_shared_parts
from tierbook.ooxml.proof_sheet import compare_sheets


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared, all of it found equal or as planned.

    Attributes:
        parts_equal: Parts whose bytes are the very same.
        parts_planned: Parts that were replaced, added or removed as planned.
        cells_equal: Cells of touched sheets found unchanged.
        cells_planned: Cells the plan covers that are in the output.
        relationships: Relationships followed and found whole.
    """

    parts_equal: int
    parts_planned: int
    cells_equal: int
    cells_planned: int
    relationships: int


@dataclass(frozen=True, slots=True)
class TouchedSheet:
    """A sheet that may differ, and only in these cells: rows by 1-based column."""

    part: str
    cells: Mapping[int, Collection[int]]


def prove(
    before: Package,
    content: bytes,
    touched: frozenset[str],
    sheets: Sequence[TouchedSheet],
    *,
    removed_tabs: Collection[str],
    names: Collection[str],
    taken_out: Collection[str] = (),
) -> Proof:
    """Compare the new package with the old one.

    Args:
        before: The package as it was.
        content: The new package.
        touched: Parts that were meant to change, come or go, as the packages spell them.
        sheets: Sheets whose cells were edited; they must be in `touched` if they changed.
        removed_tabs: Tabs the plan takes out.
        names: Defined names the plan, or a grafted tab, sets or deletes.
        taken_out: Parts that went with removed tabs; a new tab's part may bear the same name.

    Raises:
        EditRefused: Something outside the plan differs.
    """
    after = Package(content)
    equal = _compare_parts(before, after, touched)
    cells_equal = cells_planned = 0
    edited = {sheet.part: sheet.cells for sheet in sheets}
    for name in sorted(touched):
        if name not in after or not name.lower().endswith((".xml", ".rels")):
            continue
        new = after.read(name)
        _check_well_formed(new, name)
        if name in edited:
            same, planned = compare_sheets(before.read(name), new, edited[name], _refuse)
            cells_equal += same
            cells_planned += planned
    shared = touched - edited.keys() - frozenset(taken_out)
    compare_shared_parts(before, after, shared, removed_tabs, names, _refuse)
    followed = _check_relationships(before, after)
    _check_content_types(before, after)
    return Proof(equal, len(touched), cells_equal, cells_planned, followed)


def _refuse(what: str) -> EditRefused:
    return EditRefused(
        f"The edited workbook failed its check ({what}), so it was not delivered; "
        "your file is untouched.",
        fix="run again with an output of its own (-o), and report this with the workbook if you "
        "can share it.",
    )


def _compare_parts(before: Package, after: Package, touched: frozenset[str]) -> int:
    equal = 0
    for entry in before.entries:
        if entry.name in touched:
            continue
        if entry.name not in after:
            raise _refuse(f'the part "{entry.name}" is missing')
        other = after.entry(entry.name)
        if (entry.crc, entry.size, entry.method) != (other.crc, other.size, other.method):
            raise _refuse(f'the part "{entry.name}" differs')
        if before.raw(entry) != after.raw(other):
            raise _refuse(f'the bytes of the part "{entry.name}" differ')
        equal += 1
    known = {entry.name for entry in before.entries}
    for entry in after.entries:
        if entry.name not in known and entry.name not in touched:
            raise _refuse(f'the part "{entry.name}" was not planned')
    return equal


def _check_well_formed(content: bytes, name: str) -> None:
    parser = xml.parsers.expat.ParserCreate(namespace_separator="|")
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError as error:
        raise _refuse(f'the part "{name}" is not well-formed: {error}') from None


_RELATIONSHIP = re.compile(rb"<(?:[\w.-]+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def _dangling(package: Package) -> tuple[set[tuple[str, str]], int]:
    """Return (source, target) of every internal relationship to nowhere, and how many there are."""
    found: set[tuple[str, str]] = set()
    followed = 0
    for name in package.names():
        if not name.lower().endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name.replace("\\", "/")))
        for match in _RELATIONSHIP.finditer(package.read(name)):
            attributes = {
                key: double or single for key, double, single in _ATTRIBUTE.findall(match[0])
            }
            followed += 1
            if attributes.get(b"TargetMode", b"").lower() == b"external":
                continue
            target = unquote(attributes.get(b"Target", b"").decode()).replace("\\", "/")
            whole = target if target.startswith("/") else posixpath.join(folder, target)
            if posixpath.normpath(whole).lstrip("/") not in package:
                found.add((name, target))
    return found, followed


def _check_relationships(before: Package, after: Package) -> int:
    faults, followed = _dangling(after)
    if faults and (new := faults - _dangling(before)[0]):
        source, target = min(new)
        raise _refuse(f'"{source}" points at "{target}", which is not there')
    return followed


def _typed(package: Package) -> tuple[set[str], set[str]]:
    root = etree.fromstring(package.read("[Content_Types].xml"))
    overrides = {
        (one.get("PartName") or "").lstrip("/").lower() for one in root.iter("{*}Override")
    }
    return overrides, {(one.get("Extension") or "").lower() for one in root.iter("{*}Default")}


def _check_content_types(before: Package, after: Package) -> None:
    overrides, defaults = _typed(after)
    for part in overrides - _typed(before)[0]:
        if part not in after:
            raise _refuse(f'the content types list "{part}", which is not there')
    for entry in after.entries:
        name = entry.name.lower()
        extension = posixpath.splitext(name)[1].lstrip(".")
        if entry.name not in before and name not in overrides and extension not in defaults:
            raise _refuse(f'the part "{entry.name}" has no content type')
    for part in overrides:
        if part not in after and part in before:
            raise _refuse(f'the content types still list "{part}"')
