"""Keep pictures on the disk so that a crash leaves whole files, under names safe everywhere."""

import contextlib
import os
import re
import secrets
import unicodedata
from pathlib import Path

from tierbook.workbook.atomic import replace_patiently

_LONGEST_SLUG = 40
_SLASHES = re.compile(r"[/\\]+")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')
# Windows drops dots and spaces at the end of a name.
_ENDING = re.compile(r"[\s.]+$")
# Windows keeps these for devices, whatever their extension.
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in "0123456789"))
)
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Reduce a text to at most 40 lower-case ASCII letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_PLAIN.sub("-", plain).strip("-")[:_LONGEST_SLUG].strip("-")


def picture_stem(sku: str, placement: str, request_key: str) -> str:
    """Name a picture's file, without its extension: SKU, placement and a hash.

    The hash keeps apart what the slugs run together (case, accents, other scripts), and no
    system reserves a name that ends in one.
    """
    words = [part for part in (slug(sku), slug(placement)) if part]
    return "-".join([*words, request_key[:8]])


def picture_folder(named: str) -> str:
    """Turn what a seller typed as the image folder into one inside the workbook's own folder.

    Drives, leading slashes and steps upwards are left out, and each part is one that Windows takes
    too: the folder may travel with its workbook.
    """
    steps = [_nameable(step) for step in _SLASHES.split(named)]
    return "/".join(step for step in steps if step) or "images"


def _nameable(step: str) -> str:
    kept = _ENDING.sub("", _NOT_IN_NAMES.sub("-", step)).lstrip()
    return f"_{kept}" if kept.split(".")[0].strip().lower() in _RESERVED else kept


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is on the disk, whole, or not there at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace_patiently(fresh, path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # A rename is durable once its folder is; Windows has no way to ask for that.
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
