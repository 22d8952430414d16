"""Find a request's own photos: files inside the workbook's folder, or https addresses."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tierbook.generation.images import MOST_PICTURE_BYTES, NotAPicture, format_of

_SEPARATORS = re.compile(r"[\n;|]+")
_WEB = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class UnusableSource(Exception):
    """A photo cannot be used; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """Where one photo lies: a file that was looked at, or an address still to be fetched."""

    cell: str
    path: Path | None
    url: str
    sha256: str


def named_photos(cell: object) -> tuple[str, ...]:
    """Take a cell apart: one photo an angle, between semicolons, bars or lines."""
    if cell is None:
        return ()
    return tuple(part.strip() for part in _SEPARATORS.split(str(cell)) if part.strip())


def find_photo(named: str, folder: Path) -> PhotoPlace:
    """Look at what a cell names, without any network.

    Args:
        named: A path relative to `folder` (or inside it), or an https address.
        folder: The workbook's folder; nothing outside it is read.

    Raises:
        UnusableSource: It is outside, missing, too large, or no picture.
    """
    if _WEB.match(named):
        if urlsplit(named).scheme.lower() != "https":
            raise UnusableSource(f'"{named}" is not an https address')
        return PhotoPlace(named, None, named, "")
    path = _inside(named, folder)
    content = read_photo(path, named)
    return PhotoPlace(named, path, "", hashlib.sha256(content).hexdigest())


def read_photo(path: Path, named: str) -> bytes:
    """Read a photo's file, up to the permitted size, and look at its first bytes."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_PICTURE_BYTES + 1)
    except OSError as error:
        raise UnusableSource(f'"{named}" cannot be read ({error.strerror})') from error
    if len(content) > MOST_PICTURE_BYTES:
        raise UnusableSource(f'"{named}" is larger than {MOST_PICTURE_BYTES // 1_000_000} MB')
    try:
        format_of(content)
    except NotAPicture as error:
        raise UnusableSource(f'"{named}" cannot be used: {error}') from error
    return content


def _inside(named: str, folder: Path) -> Path:
    home = folder.resolve()
    for spelled in dict.fromkeys((named, unquote(named), named.replace("\\", "/"))):
        try:
            path = (home / spelled).resolve()
        except (OSError, ValueError, RuntimeError):
            continue
        if not path.is_relative_to(home):
            raise UnusableSource(
                f'"{named}" is outside the folder of the workbook; copy the photo into it'
            )
        if path.is_file():
            return path
    raise UnusableSource(f'"{named}" does not exist in {home}')
