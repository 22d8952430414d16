"""Small pictures for the `Results` tab, kept beside the workbook so that each is made once."""

import io
from pathlib import Path

from tierbook.generation.files import write_whole

_LONGEST = 160


def thumbnail(picture: Path, cache: Path) -> bytes | None:
    """Return a small JPEG of a picture file, or None where it is gone or no picture.

    Args:
        picture: The finished picture.
        cache: Folder of thumbnails made before, named by file name, size and time.
    """
    try:
        facts = picture.stat()
        kept = cache / f"{picture.stem}-{facts.st_size:x}-{facts.st_mtime_ns:x}.jpg"
        if kept.is_file():
            return kept.read_bytes()
        small = _small(picture)
        write_whole(kept, small)
    except (OSError, ValueError):
        return None
    return small


def _small(picture: Path) -> bytes:
    from PIL import Image

    with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as image:
        image.draft("RGB", (_LONGEST * 2, _LONGEST * 2))
        shown = image.convert("RGBA")
    shown.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", shown.size, (255, 255, 255, 255))
    target = io.BytesIO()
    Image.alpha_composite(ground, shown).convert("RGB").save(target, "JPEG", quality=82)
    return target.getvalue()
