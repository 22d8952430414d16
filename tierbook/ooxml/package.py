"""The zip package: parts read under caps, and written back with untouched parts copied raw.

Sizes in a zip's directory are claims; every part that is inflated is counted while it streams.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tierbook.errors import NotAWorkbook
from tierbook.ooxml.kinds import check_is_workbook, check_is_zip, damaged

MAX_PARTS = 2_000
MAX_PART_BYTES = 200_000_000
MAX_TOTAL_BYTES = 500_000_000
MAX_RATIO = 100
# Small parts that are mostly padding (printer settings, empty pictures) exceed any ratio.
RATIO_FREE_BYTES = 10_000_000

_STORED, _DEFLATED = 0, 8
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_NO_DATE = (0, 0x21)  # 1980-01-01 00:00, so that the same plan gives the same bytes
_PROLOG_BYTES = 4_096
_XML_NAMES = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One part as it lies in the zip."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    date: tuple[int, int]
    crc: int
    compressed_size: int
    size: int
    start: int
    attributes: int


class Package:
    """The parts of a zip package, by name without regard to case; nothing is inflated early."""

    def __init__(self, content: bytes) -> None:
        check_is_zip(content)
        self.content = content
        self.entries = _read_directory(content)
        self._by_name = {_plain(entry.name): entry for entry in self.entries}
        self._inflated = 0
        if len(self._by_name) != len(self.entries):
            raise damaged("the zip holds two parts of the same name")
        mimetype = self._by_name.get("mimetype")
        check_is_workbook(frozenset(self._by_name), self.inflate(mimetype) if mimetype else b"")

    def find(self, name: str) -> str | None:
        """Return the part's name as the zip spells it, or None."""
        entry = self._by_name.get(_plain(name))
        return entry.name if entry else None

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._by_name

    def names(self) -> Iterator[str]:
        """List the parts, folders left out."""
        return (entry.name for entry in self.entries if not entry.name.endswith("/"))

    def entry(self, name: str) -> Entry:
        """Return the directory entry of a part that is there."""
        return self._by_name[_plain(name)]

    def raw(self, entry: Entry) -> memoryview:
        """Return the part's compressed bytes."""
        return memoryview(self.content)[entry.start : entry.start + entry.compressed_size]

    def read(self, name: str) -> bytes:
        """Inflate one part.

        Raises:
            NotAWorkbook: The part is missing, damaged, or passes a cap.
        """
        entry = self._by_name.get(_plain(name))
        if entry is None:
            raise damaged(f'the part "{name}" is missing')
        inflated = self.inflate(entry)
        if name.lower().endswith(_XML_NAMES):
            _refuse_doctype(inflated[:_PROLOG_BYTES], inflated, name)
        return inflated

    def inflate(self, entry: Entry) -> bytes:
        """Inflate one entry, counting as it streams, and check its checksum."""
        limit = min(MAX_PART_BYTES, entry.size)
        inflated = _inflate(self.raw(entry), entry, limit)
        if len(inflated) != entry.size or zlib.crc32(inflated) != entry.crc:
            raise damaged(f'the part "{entry.name}" does not match its checksum')
        return inflated

    def refuse_doctypes(self) -> None:
        """Look at the start of every XML part for a document type, which could hold entities.

        Raises:
            NotAWorkbook: One part has a `<!DOCTYPE`.
        """
        for entry in self.entries:
            if entry.name.lower().endswith(_XML_NAMES) and entry.size:
                start = _inflate(self.raw(entry), entry, _PROLOG_BYTES)
                _refuse_doctype(start, None, entry.name)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _read_directory(content: bytes) -> tuple[Entry, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError):
        raise damaged("the zip package is cut off or broken") from None
    if len(listed) > MAX_PARTS:
        raise _too_large(f"it has {len(listed):,} parts (at most {MAX_PARTS:,} are read)")
    total = sum(one.file_size for one in listed)
    if total > MAX_TOTAL_BYTES:
        raise _too_large(f"unpacked it would take {total // 1_000_000:,} MB")
    return tuple(_entry(one, content) for one in listed)


def _entry(listed: zipfile.ZipInfo, content: bytes) -> Entry:
    if listed.flag_bits & _ENCRYPTED:
        raise NotAWorkbook(
            "The file is a zip archive with a password.", fix="unpack it and use the file inside."
        )
    if listed.file_size > MAX_PART_BYTES:
        raise _too_large(f'"{listed.filename}" alone unpacks to over 200 MB')
    if listed.file_size > RATIO_FREE_BYTES and listed.file_size > MAX_RATIO * listed.compress_size:
        raise _too_large(f'"{listed.filename}" is packed more than {MAX_RATIO} to 1')
    at = listed.header_offset
    header = content[at : at + _LOCAL.size]
    if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
        raise damaged(f'the part "{listed.filename}" is not where the zip says')
    name_length, extra_length = struct.unpack_from("<2H", header, 26)
    start = at + _LOCAL.size + name_length + extra_length
    if start + listed.compress_size > len(content):
        raise damaged(f'the part "{listed.filename}" is cut off')
    year, month, day, hour, minute, second = listed.date_time
    date = (
        hour << 11 | minute << 5 | second // 2,
        max(year - 1980, 0) << 9 | month << 5 | day,
    )
    encoding = "utf-8" if listed.flag_bits & _UTF8_NAME else "cp437"
    return Entry(
        name=listed.filename,
        raw_name=listed.orig_filename.encode(encoding),
        flags=listed.flag_bits & _UTF8_NAME,
        method=listed.compress_type,
        date=date,
        crc=listed.CRC,
        compressed_size=listed.compress_size,
        size=listed.file_size,
        start=start,
        attributes=listed.external_attr,
    )


def _inflate(raw: memoryview, entry: Entry, limit: int) -> bytes:
    if entry.method == _STORED:
        return bytes(raw[:limit])
    if entry.method != _DEFLATED:
        raise damaged(f'the part "{entry.name}" is packed in a way that workbooks never are')
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = unpacker.decompress(raw, limit) if limit else b""
        more = unpacker.unconsumed_tail and limit == entry.size
        if more and unpacker.decompress(unpacker.unconsumed_tail, 1):
            raise _too_large(f'"{entry.name}" unpacks to more than it says')
    except zlib.error:
        raise damaged(f'the part "{entry.name}" cannot be unpacked') from None
    return inflated


def _too_large(what: str) -> NotAWorkbook:
    return NotAWorkbook(
        f"The file was not opened, because it could exhaust this computer: {what}.",
        fix="if it is really your workbook, copy the rows you need into a new one and use that.",
    )


_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*(<!DOCTYPE|<[A-Za-z_]|$)?", re.S | re.I
)


def _refuse_doctype(start: bytes, whole: bytes | None, name: str) -> None:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", errors="ignore").encode()
        whole = None
    if b"<!" not in start:
        return
    match = _PROLOG.match(start if whole is None else whole)
    if b"<!doctype" in start.lower() or (match and (match[1] or b"").lower() == b"<!doctype"):
        raise NotAWorkbook(
            f'The part "{name}" declares a document type, which no spreadsheet program writes and '
            "which can be used to attack the reader.",
            fix="ask where the file came from; open it in LibreOffice and save it as .xlsx.",
        )


# --------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part to write, already compressed."""

    name: str
    crc: int
    size: int
    packed: bytes


def pack(name: str, pieces: Iterable[bytes], level: int = 6) -> NewPart:
    """Compress a part piece by piece, so that a large sheet is never held twice."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc = size = 0
    packed: list[bytes] = []
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        packed.append(packer.compress(piece))
    packed.append(packer.flush())
    if size > MAX_PART_BYTES:
        raise _too_large(f'"{name}" would grow past 200 MB')
    return NewPart(name, crc, size, b"".join(packed))


def write(
    package: Package, replaced: dict[str, NewPart], removed: set[str], added: Iterable[NewPart]
) -> bytes:
    """Write the package anew: kept parts as their compressed bytes, in the same order.

    Args:
        package: Where kept parts come from.
        replaced: New content by the name the package spells.
        removed: Names to leave out.
        added: Parts at the end, in this order.
    """
    out = io.BytesIO()
    central: list[bytes] = []

    def put(
        raw_name: bytes,
        flags: int,
        method: int,
        date: tuple[int, int],
        crc: int,
        packed: bytes | memoryview,
        size: int,
        attributes: int,
    ) -> None:
        at = out.tell()
        sizes = (crc, len(packed), size)
        out.write(_LOCAL.pack(b"PK\x03\x04", 20, flags, method, *date, *sizes, len(raw_name), 0))
        out.write(raw_name)
        out.write(packed)
        central.append(
            _CENTRAL.pack(
                b"PK\x01\x02",
                20,
                20,
                flags,
                method,
                *date,
                *sizes,
                len(raw_name),
                0,
                0,
                0,
                0,
                attributes,
                at,
            )
            + raw_name
        )

    for entry in package.entries:
        if entry.name in removed:
            continue
        new = replaced.get(entry.name)
        if new is None:
            put(
                entry.raw_name,
                entry.flags,
                entry.method,
                entry.date,
                entry.crc,
                package.raw(entry),
                entry.size,
                entry.attributes,
            )
        else:
            put(
                entry.raw_name,
                entry.flags,
                _DEFLATED,
                entry.date,
                new.crc,
                new.packed,
                new.size,
                entry.attributes,
            )
    for new in added:
        flags = 0 if new.name.isascii() else _UTF8_NAME
        put(new.name.encode(), flags, _DEFLATED, _NO_DATE, new.crc, new.packed, new.size, 0)
    at = out.tell()
    directory = b"".join(central)
    out.write(directory)
    out.write(_END.pack(b"PK\x05\x06", 0, 0, len(central), len(central), len(directory), at, 0))
    return out.getvalue()
