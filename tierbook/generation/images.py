"""Decode pictures from strangers: three formats, a limit on pixels, upright, 8-bit sRGB.

Pillow is imported when the first picture is opened, not before.
"""

import hashlib
import io
from typing import TYPE_CHECKING, Any

from tierbook.engines.wire import SourceImage

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 50_000_000
MOST_PICTURE_BYTES = 25_000_000
# Plug-ins of rarer formats have had hole after hole; a product photo needs none of them.
FORMATS = ("PNG", "JPEG", "WEBP")
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"))
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_SOURCE_QUALITY = 95


class NotAPicture(Exception):
    """The bytes cannot be used; the words say what they are and what to do."""


def format_of(content: bytes) -> str:
    """Name the format by its first bytes: PNG, JPEG or WEBP.

    Raises:
        NotAPicture: It is another kind of file; names and content types are not believed.
    """
    head = content[:512].lstrip()
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise NotAPicture("it is a HEIC or AVIF picture; export it as JPEG or PNG")
    lower = head[:256].lower()
    if lower.startswith((b"<svg", b"<?xml")) or b"<svg" in lower:
        raise NotAPicture("it is an SVG drawing, which can carry scripts; export it as PNG")
    if lower.startswith((b"<!doctype", b"<html")) or b"<html" in lower:
        raise NotAPicture("it is a web page, not a picture; use the address of the picture itself")
    if content.startswith((b"GIF87a", b"GIF89a")):
        raise NotAPicture("it is a GIF; export it as JPEG or PNG")
    if content.startswith((b"II*\x00", b"MM\x00*")):
        raise NotAPicture("it is a TIFF; export it as JPEG or PNG")
    if not content:
        raise NotAPicture("it is empty")
    raise NotAPicture("it is not a PNG, JPEG or WebP picture")


def open_picture(content: bytes) -> "Image.Image":
    """Decode a picture whole, upright, first frame, in RGB or RGBA with 8 bits and sRGB colours.

    Raises:
        NotAPicture: It is of another kind, damaged, or larger than 50 megapixels.
    """
    name = format_of(content)
    from PIL import Image, ImageOps

    try:
        # The limit is checked on the header, before a bomb unfolds.
        with Image.open(io.BytesIO(content), formats=(name,)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture(
                    f"it has {opened.width} x {opened.height} pixels; at most 50 megapixels are "
                    "opened"
                )
            opened.seek(0)
            opened.load()
            profile: bytes | None = opened.info.get("icc_profile")
            upright = ImageOps.exif_transpose(opened)
            return _to_srgb(upright, profile)
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture("it unfolds to far more pixels than a photo has") from error
    except Exception as error:
        # Decoders raise whatever a damaged file makes them trip over.
        raise NotAPicture(f"it is damaged ({type(error).__name__})") from error


def _to_srgb(picture: "Image.Image", profile: bytes | None) -> "Image.Image":
    picture = _to_eight_bits(picture)
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        picture = _convert_colours(picture, profile)
    mode = "RGBA" if has_alpha else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _to_eight_bits(picture: "Image.Image") -> "Image.Image":
    if picture.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        import numpy as np
        from PIL import Image

        deep = np.asarray(picture, dtype=np.float64)
        top = 65535.0 if deep.max(initial=0.0) > 255 else 255.0
        return Image.fromarray((deep / top * 255).clip(0, 255).astype(np.uint8), "L")
    return picture


def _convert_colours(picture: "Image.Image", profile: bytes) -> "Image.Image":
    from PIL import Image, ImageCms

    colours: Any = ImageCms  # its stubs leave profiles untyped
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    base = picture.convert("RGB") if alpha else picture
    try:
        converted: Image.Image = colours.profileToProfile(
            base,
            colours.ImageCmsProfile(io.BytesIO(profile)),
            colours.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile is ignored, as every viewer does
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def source_image(content: bytes, path: str = "") -> SourceImage:
    """Make a seller's photo ready to be sent: checked, upright, sRGB, without metadata.

    Args:
        content: The file's bytes.
        path: Where it lies on this machine, "" where it came from an address.

    Raises:
        NotAPicture: It cannot be used.
    """
    picture = open_picture(content)
    file = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(file, "PNG")
        media_type = "image/png"
    else:
        picture.save(file, "JPEG", quality=_SOURCE_QUALITY, subsampling=0)
        media_type = "image/jpeg"
    return SourceImage(
        content=file.getvalue(),
        media_type=media_type,
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
    )


def as_taken(content: bytes, path: str = "") -> SourceImage:
    """Hand a photo over as the camera wrote it, to an engine of this machine that opens it itself.

    Nothing is decoded: width and height are 0, and no pixel is lost to a second compression.

    Raises:
        NotAPicture: Its first bytes are those of another kind of file.
    """
    media_type = f"image/{format_of(content).lower()}"
    digest = hashlib.sha256(content).hexdigest()
    return SourceImage(content, media_type, 0, 0, digest, path)
