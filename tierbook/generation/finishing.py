"""Bring a provider's picture to the exact size and shape of its placement, as a clean file.

Never stretched: a picture of another shape is cropped where it is a scene and padded where the
product stands on a plain background. Metadata is dropped; for AI pictures the IPTC digital source
type is written, as marketplaces ask.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tierbook.generation.images import FORMATS, open_picture
from tierbook.model import Placement

if TYPE_CHECKING:
    from PIL import Image

Provenance = Literal["", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]

# A side that differs by less than this is the provider rounding, not another shape.
_SAME_SHAPE = 0.01
_QUALITIES = (92, 88, 84, 78, 70, 60)
_DEFAULT_MEGABYTES = 20
_ENLARGED_WORTH_SAYING = 1.05
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
    "<Iptc4xmpExt:DigitalSourceType>"
    "http://cv.iptc.org/newscodes/digitalsourcetype/{kind}"
    "</Iptc4xmpExt:DigitalSourceType>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
)


@dataclass(frozen=True, slots=True)
class Finish:
    """What a finished picture must be: pixels, how to fit it, and what its file says of it."""

    width: int
    height: int
    fit: Literal["crop", "pad"]
    ground: tuple[int, int, int] = (255, 255, 255)
    provenance: Provenance = ""
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished picture; `notes` say what was done to it that a person may want to look at."""

    content: bytes
    extension: str
    notes: tuple[str, ...] = ()


def finish(content: bytes, wanted: Finish) -> Finished:
    """Decode, fit and encode a picture.

    A free picture that already is what was wanted, without provenance to write, keeps its bytes.

    Raises:
        NotAPicture: What came back cannot be opened.
    """
    as_it_is = _already(content, wanted)
    if as_it_is:
        return Finished(content, as_it_is)
    picture = open_picture(content)
    notes: list[str] = []
    fitted = _fit(picture, wanted, notes)
    extension = _extension(fitted, wanted.placement)
    return Finished(_encode(fitted, extension, wanted, notes), extension, tuple(notes))


def _already(content: bytes, wanted: Finish) -> str:
    """Name the extension of a picture that needs nothing done; "" for any other."""
    from PIL import Image

    if wanted.provenance:
        return ""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            same = opened.size == (wanted.width, wanted.height)
            clean = not ({"icc_profile", "exif", "xmp", "transparency"} & opened.info.keys())
            if not (same and clean and opened.mode in ("RGB", "RGBA")):
                return ""
            expected = _extension(opened, wanted.placement)
            kind = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}.get(opened.format or "")
            opened.load()
    except Exception:
        return ""  # `open_picture` says what is wrong with it
    fits = len(content) <= _most_bytes(wanted.placement)
    return expected if kind == expected and fits else ""


def _fit(picture: "Image.Image", wanted: Finish, notes: list[str]) -> "Image.Image":
    from PIL import Image

    target = (wanted.width, wanted.height)
    across, down = wanted.width / picture.width, wanted.height / picture.height
    same_shape = abs(across / down - 1) <= _SAME_SHAPE
    scale = max(across, down) if same_shape or wanted.fit == "crop" else min(across, down)
    if scale > _ENLARGED_WORTH_SAYING:
        notes.append(f"enlarged {scale:.1f} times from {picture.width} x {picture.height} px")
    # Rounding must not leave a side one pixel short of what is cut out of it.
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    if same_shape or wanted.fit == "crop":
        size = (max(size[0], wanted.width), max(size[1], wanted.height))
    else:
        size = (min(size[0], wanted.width), min(size[1], wanted.height))
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if size == target:
        return picture
    left, top = (size[0] - wanted.width) // 2, (size[1] - wanted.height) // 2
    if same_shape or wanted.fit == "crop":
        lost = 1 - wanted.width * wanted.height / (size[0] * size[1])
        if not same_shape:
            notes.append(f"cropped by {lost:.0%} to the placement's shape")
        return picture.crop((left, top, left + wanted.width, top + wanted.height))
    notes.append("padded to the placement's shape")
    canvas = Image.new(picture.mode, target, _ground(picture, wanted))
    canvas.paste(picture, (-left, -top))
    return canvas


def _ground(picture: "Image.Image", wanted: Finish) -> tuple[int, ...]:
    """Pad with the colour wanted, or with nothing where the picture is see-through."""
    return (*wanted.ground, 0) if picture.mode == "RGBA" else wanted.ground


def _extension(picture: "Image.Image", placement: Placement | None) -> str:
    """Choose JPEG, or PNG or WebP where the placement takes no other."""
    types = (
        [kind.strip().strip(".").casefold() for kind in placement.file_types] if placement else []
    )
    takes_jpeg = not types or "jpg" in types or "jpeg" in types
    takes_png = not types or "png" in types
    if not takes_jpeg and (takes_png or "webp" in types):
        return "png" if takes_png else "webp"
    # See-through edges are worth keeping only where they are taken.
    see_through = picture.mode == "RGBA" and picture.getextrema()[3][0] < 255  # type: ignore[index]
    return "png" if takes_png and see_through else "jpg"


def _most_bytes(placement: Placement | None) -> int:
    most = placement.max_mb if placement and placement.max_mb else _DEFAULT_MEGABYTES
    return int(most * 1_000_000)


def _encode(picture: "Image.Image", extension: str, wanted: Finish, notes: list[str]) -> bytes:
    xmp = _XMP.format(kind=wanted.provenance).encode() if wanted.provenance else b""
    if extension == "png":
        return _png(picture, xmp)
    most = _most_bytes(wanted.placement)
    if picture.mode == "RGBA" and extension == "jpg":
        picture = _flatten(picture, wanted.ground)
    content = b""
    for quality in _QUALITIES:
        file = io.BytesIO()
        if extension == "webp":
            picture.save(file, "WEBP", quality=quality, xmp=xmp)
        else:
            picture.save(file, "JPEG", quality=quality, optimize=True, xmp=xmp or None)
        content = file.getvalue()
        if len(content) <= most:
            return content
    notes.append(f"larger than the {most / 1_000_000:g} MB the placement takes")
    return content


def _png(picture: "Image.Image", xmp: bytes) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    if xmp:
        chunks.add_itxt("XML:com.adobe.xmp", xmp.decode())
    file = io.BytesIO()
    picture.save(file, "PNG", pnginfo=chunks)
    return file.getvalue()


def _flatten(picture: "Image.Image", ground: tuple[int, int, int]) -> "Image.Image":
    from PIL import Image

    flat = Image.new("RGB", picture.size, ground)
    flat.paste(picture, mask=picture.getchannel("A"))
    return flat
