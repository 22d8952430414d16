"""Masks found before, kept on the disk: a photo is looked at by the network once.

One file a photo, named by what it depends on: the photo's bytes, the network's weights and the
version of the cut-out. A file that is damaged, or written by another version, counts as not there;
so does a folder that cannot be read or written. Several processes may share the folder.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from tierbook.contract import HOME_VARIABLE
from tierbook.studio.arrays import Box, Pixels
from tierbook.studio.checking import Check

MOST_BYTES = 256_000_000  # about 3,000 photos
_SUFFIX = ".mask"
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class KnownMask:
    """What the network made of a photo.

    Attributes:
        box: The part of the photo it was cut from, x0, y0, x1, y1 in the photo's pixels.
        alpha: Coverage of that part, (h, w) uint8.
        checks: The doubts measured on it.
    """

    box: Box
    alpha: Pixels
    checks: tuple[Check, ...]


def folder() -> Path:
    """Name the folder of masks: below `TIERBOOK_HOME`, else in the user's cache folder."""
    moved = os.environ.get(HOME_VARIABLE, "").strip()
    if moved:
        return Path(moved).expanduser().absolute() / "masks"
    from platformdirs import user_cache_path

    return user_cache_path("tierbook", appauthor=False) / "masks"


class MaskCache:
    """A folder of masks that never grows past `most_bytes`; the longest unused go first."""

    def __init__(self, place: Path, most_bytes: int = MOST_BYTES) -> None:
        self._place = place
        self._most = most_bytes

    def read(self, key: str) -> KnownMask | None:
        """Return the mask kept under a key, or None where there is no whole one."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # it was of use: others go first
        return _unpacked(content)

    def write(self, key: str, mask: KnownMask) -> None:
        """Keep a mask, whole or not at all; where that fails nothing is kept and nothing said."""
        path = self._path(key)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(_packed(mask))
            fresh.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            return
        self._make_room()

    def _path(self, key: str) -> Path:
        return self._place / f"{hashlib.sha256(key.encode()).hexdigest()}{_SUFFIX}"

    def _make_room(self) -> None:
        kept = sorted(self._files(), key=lambda entry: entry[0])
        total = sum(size for _, size, _ in kept)
        for _, size, path in kept:
            if total <= self._most:
                return
            with contextlib.suppress(OSError):  # another process was faster
                path.unlink()
            total -= size

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """List what lies there, a crashed process's halves included: last use, bytes, path."""
        with contextlib.suppress(OSError), os.scandir(self._place) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if _SUFFIX in entry.name:
                        facts = entry.stat()
                        yield facts.st_mtime_ns, facts.st_size, Path(entry.path)


def _packed(mask: KnownMask) -> bytes:
    _, png = cv2.imencode(".png", mask.alpha, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    words = {"box": mask.box, "checks": [asdict(check) for check in mask.checks]}
    payload = json.dumps(words).encode() + b"\n" + png.tobytes()
    return hashlib.sha256(payload).digest() + payload


def _unpacked(content: bytes) -> KnownMask | None:
    digest, payload = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(payload).digest() != digest:
        return None
    words, _, png = payload.partition(b"\n")
    told = cast("dict[str, Any]", json.loads(words))
    alpha = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    x0, y0, x1, y1 = told["box"]
    checks = tuple(Check(**entry) for entry in told["checks"])
    return KnownMask((x0, y0, x1, y1), np.asarray(alpha, np.uint8), checks)
