"""Small and large previews of pictures and photos, each made once and kept beside the workbook."""

import hashlib
import io
from pathlib import Path

from tierbook.generation.files import write_whole
from tierbook.generation.images import NotAPicture, format_of, open_picture
from tierbook.review.desk import Shown, Size

# The longest edge in pixels: sharp on a card or half a screen, also on dense displays.
_EDGES: dict[Size, int] = {"small": 400, "large": 1400}
_QUALITY = 84
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def shown_image(path: Path, size: Size, cache: Path) -> Shown | None:
    """Return an image file for a browser, or None where it is gone or no picture.

    Args:
        path: The picture or photo.
        size: "full" gives the file's own bytes, the others a JPEG no larger than they say.
        cache: The folder of previews made before.
    """
    try:
        if size == "full":
            content = path.read_bytes()
            return Shown(content, _MEDIA_TYPES[format_of(content)])
        facts = path.stat()
        name = f"{path.absolute()}\x1f{facts.st_size}\x1f{facts.st_mtime_ns}\x1f{size}"
        kept = cache / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.jpg"
        if not kept.is_file():
            write_whole(kept, _preview(path.read_bytes(), _EDGES[size]))
        return Shown(kept.read_bytes(), "image/jpeg")
    except (OSError, NotAPicture):
        return None


def _preview(content: bytes, longest: int) -> bytes:
    from PIL import Image

    picture = open_picture(content)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(ground, picture)
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=_QUALITY, progressive=True)
    return file.getvalue()
