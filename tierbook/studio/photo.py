"""Opening a seller's photo: what it is, upright, in sRGB, at a size that can be worked on."""

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from tierbook.studio.checking import Check

# An allow-list: decoders of rarer formats are where the holes keep being found. Phones' MPO files
# open as JPEG.
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
LEAST_SIDE = 64
_OTHERS = (
    (b"%PDF", 0, "a PDF"),
    (b"GIF8", 0, "a GIF"),
    (b"II*\x00", 0, "a TIFF"),
    (b"MM\x00*", 0, "a TIFF"),
    (b"BM", 0, "a bitmap (BMP)"),
    (b"8BPS", 0, "a Photoshop file"),
    (b"ftyphei", 4, "a HEIC photo"),
    (b"ftypmif1", 4, "a HEIC photo"),
    (b"ftypavif", 4, "an AVIF picture"),
    (b"<svg", 0, "an SVG drawing"),
    (b"<?xml", 0, "an SVG drawing or another XML file"),
    (b"<!DOCTYPE", 0, "a web page"),
    (b"<html", 0, "a web page"),
)


class UnusablePhoto(Exception):
    """A photo that cannot be worked with: what is wrong, and what the seller should do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix


@dataclass(frozen=True)
class Photo:
    """An opened photo.

    Attributes:
        rgb: (h, w, 3) uint8, sRGB.
        alpha: (h, w) uint8 when the file has one.
        checks: What was found on opening it.
        sha256: Of the file it came from; "" when it came from none.
    """

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None
    checks: tuple[Check, ...] = field(default=())
    sha256: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]


def open_photo(content: bytes) -> Photo:
    """Decode a JPEG, PNG or WebP of any colour space, upright and in sRGB.

    Raises:
        UnusablePhoto: It is another kind of file, cut short, empty, or far too large.
    """
    image, checks = _open(content)
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnusablePhoto(
            "The photo's file is damaged or was cut short.",
            "Copy it from the camera or shop again.",
        ) from error
    if image.getexif().get(0x0112, 1) != 1:
        image = ImageOps.exif_transpose(image)
        checks.append(Check("Rotation", "pass", "turned", "upright", ""))
    flat = _to_srgb(image, checks)
    if min(flat.size) < LEAST_SIDE:
        raise UnusablePhoto(
            f"The photo is only {flat.width} x {flat.height} px.",
            "Use the original from the camera, at least 1000 px long.",
        )
    alpha = None
    if flat.mode == "RGBA":
        alpha = np.asarray(flat.getchannel("A"))
        alpha = None if int(alpha.min()) >= 250 else alpha  # an alpha channel that says nothing
    digest = hashlib.sha256(content).hexdigest()
    return Photo(np.asarray(_as(flat, "RGB")), alpha, tuple(checks), digest)


def _open(content: bytes) -> tuple[Image.Image, list[Check]]:
    try:
        with warnings.catch_warnings():
            # The pixel limit below is stricter than the one this warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise UnusablePhoto(
            "The photo has more than 170 million pixels.", "Save it at most 7000 px wide."
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnusablePhoto(_not_a_photo(content), "Export it as JPEG or PNG.") from error
    checks: list[Check] = []
    width, height = image.size
    if width * height > MOST_PIXELS:
        if image.format not in ("JPEG", "MPO"):
            raise UnusablePhoto(
                f"The photo is {width} x {height} px, too large to open safely.",
                "Save it at most 7000 px wide, or as a JPEG.",
            )
        # A JPEG can be decoded at half or a quarter of its size without ever being whole.
        image.draft("RGB", (width // 2, height // 2))
        message = f"Opened at {image.width} x {image.height} px of {width} x {height}."
        checks.append(Check("Photo size", "pass", f"{width} x {height}", "reduced", message))
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        checks.append(
            Check("Animation", "warn", "several frames", "one picture", "Only the first is used.")
        )
    return image, checks


def _not_a_photo(content: bytes) -> str:
    if not content:
        return "The photo's file is empty."
    head = content[:64].lstrip()
    for mark, at, name in _OTHERS:
        if head[at : at + len(mark)].lower() == mark.lower():
            return f"The photo's file is {name}."
    return "The photo's file is not a picture, or is damaged at its start."


def _to_srgb(image: Image.Image, checks: list[Check]) -> Image.Image:
    """Convert any mode to RGB or RGBA in sRGB, following an embedded colour profile."""
    profile = image.info.get("icc_profile")
    had_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        wide = np.asarray(image, np.float32)
        image = Image.fromarray(np.clip(wide / 257, 0, 255).astype(np.uint8))
        profile = None
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image, converted = _through_profile(image, profile)
        if converted:
            return image
    if image.mode == "CMYK":
        message = "It is in print colours (CMYK) with no profile; colours are approximate."
        checks.append(Check("Colour space", "warn", "CMYK", "sRGB", message))
    return _as(image, "RGBA" if had_alpha else "RGB")


def _as(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)  # converting always copies


def _through_profile(image: Image.Image, profile: bytes) -> tuple[Image.Image, bool]:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(source)
        if "srgb" in name.lower():
            return _as(image, "RGBA" if image.mode == "RGBA" else "RGB"), True
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        plain = image.convert("RGB") if alpha else image
        wanted = cast("Any", ImageCms.createProfile("sRGB"))
        turned = ImageCms.profileToProfile(plain, source, wanted, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image, False  # a broken profile is common; the pixels are still good
    if turned is None:
        return image, False
    if alpha is not None:
        turned.putalpha(alpha)
    return turned, True
