"""A package under change: what was replaced, added and removed since it was opened."""

import re
from collections.abc import Iterable, Iterator

from tierbook.ooxml import package as zipped
from tierbook.ooxml.package import NewPart, Package
from tierbook.ooxml.relationships import (
    RELATIONSHIPS_TYPE,
    ContentTypes,
    Relationships,
    rels_name,
)

_CONTENT_TYPES = "[Content_Types].xml"
# Above this a part is packed faster and a little looser: it is nearly all of the time of a save.
_LARGE = 1_000_000
_LEVEL, _LARGE_LEVEL = 6, 3


class Draft:
    """Reads parts through earlier changes, so that steps can follow one another."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._changed: dict[str, list[bytes]] = {}
        self._removed: set[str] = set()
        self._added: list[str] = []
        self._taken_out: set[str] = set()
        self._rels: dict[str, Relationships] = {}
        self.types = ContentTypes(package.read(_CONTENT_TYPES))

    def __contains__(self, name: str) -> bool:
        return name in self._changed or (
            (found := self.package.find(name)) is not None and found not in self._removed
        )

    def spelled(self, name: str) -> str:
        """Return the part's name as the package spells it."""
        return self.package.find(name) or name

    def read(self, name: str) -> bytes:
        """Return the present content of a part."""
        name = self.spelled(name)
        if name in self._changed:
            return b"".join(self._changed[name])
        return self.package.read(name)

    def size(self, name: str) -> int:
        """Return how many bytes the present content of a part has."""
        name = self.spelled(name)
        changed = self._changed.get(name)
        return self.package.entry(name).size if changed is None else sum(map(len, changed))

    def write(self, name: str, pieces: bytes | Iterable[bytes]) -> None:
        """Replace a part, or add it."""
        name = self.spelled(name)
        content = [pieces] if isinstance(pieces, bytes) else list(pieces)
        self._removed.discard(name)
        if name not in self._changed and name not in self.package:
            self._added.append(name)
        self._changed[name] = content

    def remove(self, name: str) -> None:
        """Take out a part, its relationships and its content type."""
        for one in (self.spelled(name), self.spelled(rels_name(name))):
            if one in self.package:
                self._removed.add(one)
                self._taken_out.add(one)
            if self._changed.pop(one, None) is not None and one in self._added:
                self._added.remove(one)
        self._rels.pop(name.lower(), None)
        self.types.forget(name)

    @property
    def taken_out(self) -> frozenset[str]:
        """Parts of the package that were removed, even where a new part bears their name."""
        return frozenset(self._taken_out)

    def rels(self, part: str) -> Relationships:
        """Return the relationships of a part, open for change; "" is the package's own."""
        key = part.lower()
        if key not in self._rels:
            name = rels_name(part)
            content = self.read(name) if name in self else None
            self._rels[key] = Relationships(part, content)
        return self._rels[key]

    def parts(self) -> Iterator[str]:
        """List every part there is now."""
        for name in self.package.names():
            if name not in self._removed:
                yield name
        yield from self._added

    def unused(self, pattern: str) -> str:
        """Return a part name no part has now; `pattern` holds `{}` for a number.

        The lowest free number is taken, so that a tab that goes and comes again gets its old name.
        """
        expression = re.compile(re.escape(pattern).replace(r"\{\}", r"(\d+)"), re.I)
        numbers = {int(match[1]) for name in self.parts() if (match := expression.fullmatch(name))}
        free = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
        return pattern.format(free)

    def finish(self) -> tuple[bytes, frozenset[str]]:
        """Return the new package and the names of all parts replaced, added or removed.

        The draft cannot be read or changed after it.
        """
        for rels in self._rels.values():
            self._settle_rels(rels)
        types = self.types.content()
        if types != self.package.read(_CONTENT_TYPES):
            self.write(_CONTENT_TYPES, types)
        # Each part is let go as soon as it is packed: a large sheet is most of the memory.
        packed = {name: self._pack(name, self._changed.pop(name)) for name in list(self._changed)}
        touched = frozenset((*packed, *self._removed))
        added = [packed.pop(name) for name in self._added]
        return zipped.write(self.package, packed, self._removed, added), touched

    def _settle_rels(self, rels: Relationships) -> None:
        name = self.spelled(rels_name(rels.source))
        content = rels.content()
        if content is None:
            if name in self:
                self.remove(name)
        elif name not in self or content != self.read(name):
            self.write(name, content)
            self.types.set(name, RELATIONSHIPS_TYPE)

    def _pack(self, name: str, pieces: list[bytes]) -> NewPart:
        large = sum(map(len, pieces)) > _LARGE
        return zipped.pack(name, _batches(pieces), _LARGE_LEVEL if large else _LEVEL)


def _batches(pieces: list[bytes]) -> Iterator[bytes]:
    """Join small pieces, because each call of the packer has its price."""
    batch: list[bytes] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece)
        if size > _LARGE:
            yield b"".join(batch)
            batch, size = [], 0
    yield b"".join(batch)
