"""Saving a picture as its placement takes it: file type and size in bytes, in sRGB.

No profile is written: without one every program takes a picture for sRGB, and the file holds
nothing but the picture.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tierbook.model import Placement

_NAMES = {"JPG": "JPEG", "JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
# Below 70 a product's texture suffers visibly; then the check on bytes says so instead.
_QUALITIES = (92, 88, 84, 78, 70)


def file_type(placement: Placement | None) -> str:
    """Choose JPEG where the placement takes it, else its first type this program writes."""
    types = placement.file_types if placement else ()
    known = [_NAMES[name.strip().upper()] for name in types if name.strip().upper() in _NAMES]
    return "JPEG" if not known or "JPEG" in known else known[0]


def encode(picture: NDArray[np.uint8], placement: Placement | None = None) -> bytes:
    """Write (h, w, 3) or (h, w, 4) uint8 as a file within the placement's bytes if it can be.

    JPEG keeps full colour resolution (4:4:4); quality falls in steps only to meet a limit.
    """
    kind = file_type(placement)
    if picture.shape[2] == 4 and kind == "JPEG":
        kind = "PNG"
    image = Image.fromarray(picture)
    limit = float(placement.max_mb) * 1_000_000 if placement and placement.max_mb else None
    content = b""
    for quality in _QUALITIES:
        content = _written(image, kind, quality)
        if kind == "PNG" or limit is None or len(content) <= limit:
            break
    return content


def _written(image: Image.Image, kind: str, quality: int) -> bytes:
    target = io.BytesIO()
    if kind == "PNG":
        image.save(target, "PNG", compress_level=3)
    elif kind == "WEBP":
        image.save(target, "WEBP", quality=quality, method=2)
    else:
        image.save(target, "JPEG", quality=quality, subsampling=0)
    return target.getvalue()
