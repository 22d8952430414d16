"""Relationships: which part points at which, by id; and the list of content types."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from tierbook.ooxml import markup
from tierbook.ooxml.markup import Tree
from tierbook.ooxml.namespaces import CONTENT_TYPES, RELATIONSHIPS, relationship_kind

RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_EMPTY = b'<Relationships xmlns="%b"/>' % RELATIONSHIPS.encode()
_ID = re.compile(r"rId(\d+)$")


@dataclass(frozen=True, slots=True)
class Relationship:
    """One arrow from a part; `target` is a part name, or an address when `external`."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """What the arrow is for: `worksheet`, `drawing`, `hyperlink`."""
        return relationship_kind(self.type)


def rels_name(part: str) -> str:
    """Return the name of the part that lists a part's relationships; "" is the package."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(source: str, target: str) -> str:
    """Turn a target, relative to its source part, into a part name."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def relative(source: str, part: str) -> str:
    """Spell a part name as a target relative to its source part."""
    return posixpath.relpath(part, posixpath.dirname(source) or ".")


class Relationships:
    """The relationships of one part."""

    def __init__(self, source: str, content: bytes | None) -> None:
        self.source = source
        self.root: Tree = (
            markup.parse(_EMPTY, rels_name(source))
            if content is None
            else markup.parse(content, rels_name(source))
        )
        self._spelled = markup.serialize(self.root)
        self._before = content
        self._elements = {
            one.get("Id") or "": one for one in self.root if markup.local(one) == "Relationship"
        }
        self._last_number: int | None = None

    def __iter__(self) -> Iterator[Relationship]:
        return map(self._read, self._elements.values())

    def _read(self, element: Tree) -> Relationship:
        external = (element.get("TargetMode") or "").lower() == "external"
        target = element.get("Target") or ""
        if not external:
            target = resolve(self.source, unquote(target))
        return Relationship(element.get("Id") or "", element.get("Type") or "", target, external)

    def get(self, identifier: str) -> Relationship | None:
        """Find a relationship by id."""
        element = self._elements.get(identifier)
        return None if element is None else self._read(element)

    def first(self, kind: str) -> Relationship | None:
        """Find the first relationship of a kind."""
        return next((one for one in self if one.kind == kind and not one.external), None)

    def add(self, type_uri: str, target: str, *, external: bool = False) -> str:
        """Add an arrow and return its id; an internal target is a part name."""
        if self._last_number is None:
            numbers = [int(match[1]) for one in self._elements if (match := _ID.match(one))]
            self._last_number = max(numbers, default=0)
        self._last_number += 1
        identifier = f"rId{self._last_number}"
        self.put(identifier, type_uri, target, external=external)
        return identifier

    def put(self, identifier: str, type_uri: str, target: str, *, external: bool) -> None:
        """Add an arrow under an id of the caller's, as a copied part needs."""
        attributes = {"Id": identifier, "Type": type_uri}
        attributes["Target"] = target if external else relative(self.source, target)
        if external:
            attributes["TargetMode"] = "External"
        self._elements[identifier] = markup.append(self.root, "Relationship", **attributes)

    def remove(self, identifier: str) -> None:
        """Take an arrow out."""
        self.root.remove(self._elements.pop(identifier))
        self._last_number = None

    def retarget(self, identifier: str, target: str) -> None:
        """Let an external arrow point somewhere else."""
        self._elements[identifier].set("Target", target)

    def content(self) -> bytes | None:
        """Return the part, the very bytes it came in if nothing changed; None if it is empty."""
        spelled = markup.serialize(self.root)
        if spelled == self._spelled:
            return self._before
        return spelled if len(self.root) else None


class ContentTypes:
    """The list of what each part is."""

    def __init__(self, content: bytes) -> None:
        self.root = markup.parse(content, "[Content_Types].xml")
        self._before, self._spelled = content, markup.serialize(self.root)
        self._defaults = {
            (one.get("Extension") or "").lower(): one.get("ContentType") or ""
            for one in self.root
            if markup.local(one) == "Default"
        }
        self._overrides = {
            (one.get("PartName") or "").lstrip("/").lower(): one
            for one in self.root
            if markup.local(one) == "Override"
        }

    def of(self, part: str) -> str:
        """Return the content type of a part, "" if none is given."""
        override = self._overrides.get(part.lower())
        if override is not None:
            return override.get("ContentType") or ""
        return self._defaults.get(posixpath.splitext(part)[1].lstrip(".").lower(), "")

    def set(self, part: str, content_type: str) -> None:
        """Say what a part is, unless its extension already does."""
        if self.of(part) == content_type:
            return
        extension = posixpath.splitext(part)[1].lstrip(".").lower()
        if extension not in self._defaults and extension not in ("xml", ""):
            self._defaults[extension] = content_type
            element = self.root.makeelement(
                f"{{{CONTENT_TYPES}}}Default", {"Extension": extension, "ContentType": content_type}
            )
            self.root.insert(0, element)
            return
        self._overrides[part.lower()] = markup.append(
            self.root, "Override", PartName=f"/{part}", ContentType=content_type
        )

    def forget(self, part: str) -> None:
        """Drop the line of a part that is gone."""
        override = self._overrides.pop(part.lower(), None)
        if override is not None:
            self.root.remove(override)

    def overridden(self) -> tuple[str, ...]:
        """List the parts with a line of their own, in lower case."""
        return tuple(self._overrides)

    def content(self) -> bytes:
        """Return the part; the very bytes it came in if nothing changed."""
        spelled = markup.serialize(self.root)
        return self._before if spelled == self._spelled else spelled
