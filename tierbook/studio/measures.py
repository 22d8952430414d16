"""Quality checks, measured on the decoded saved file and driven by the placement's rules.

`of_file` needs only the file and serves any picture a seller has; `of_product` also knows where
the product was laid and compares it with the photo it came from.
"""

import io
import warnings
from decimal import Decimal

import cv2
import numpy as np
from PIL import Image

from tierbook.model import Placement
from tierbook.studio import colour, refine
from tierbook.studio.arrays import (
    Floats,
    Pixels,
    bounds,
    components,
    gaussian,
    grey,
    grown,
    mean_blur,
    resized,
    shrunk,
    slopes,
    square,
)
from tierbook.studio.checking import Check, at_least, at_most
from tierbook.studio.compose import Composed, extent, resized_seen
from tierbook.studio.cutout import Cutout
from tierbook.studio.photo import UnusablePhoto, open_photo

_WHITE = (255, 255, 255)
# Modes every browser shows alike; print colours (CMYK) and deep greys are not among them.
_SHOWN_ALIKE = ("RGB", "RGBA", "L", "LA", "P", "PA", "1")


def of_file(content: bytes, placement: Placement | None = None) -> tuple[Check, ...]:
    """Check any picture file against a placement's rules: type, bytes, pixels, backdrop, fill."""
    try:
        opened = open_photo(content)
    except UnusablePhoto as problem:
        return (Check("Opens", "fail", "no", "a picture", f"{problem.message} {problem.fix}"),)
    rgb = opened.rgb
    checks = [Check("Opens", "pass", "yes", "a picture"), *_of_container(content, placement)]
    checks += _of_size((rgb.shape[1], rgb.shape[0]), placement)
    if placement and placement.background.strip().lower() == "white":
        if opened.alpha is not None:
            checks.append(_see_through())
            rgb = _on_white(rgb, opened.alpha)
        checks += _of_white(rgb, placement)
    checks.append(_in_focus(rgb))
    return tuple(checks)


def _see_through() -> Check:
    message = "It is see-through, and shops show that black or white. Save it on white, as a JPEG."
    return Check("Backdrop", "warn", "see-through", "white", message)


def _on_white(rgb: Pixels, alpha: Pixels) -> Pixels:
    cover = alpha[:, :, None].astype(np.float32) / 255
    return (rgb * cover + 255 * (1 - cover)).round().astype(np.uint8)


def of_made(content: bytes, width: int, height: int, placement: Placement | None) -> list[Check]:
    """Check a picture Tierbook made: the rules of its file, and the pixels that were ordered."""
    image = Image.open(io.BytesIO(content))
    size = image.size
    exact = size == (width, height)
    wanted = f"{width} x {height}"
    checks = _of_container(content, placement) + _of_size(size, placement)
    verdict = "pass" if exact else "fail"
    message = "" if exact else "It is not the size that was ordered."
    checks.append(Check("Size", verdict, f"{size[0]} x {size[1]}", wanted, message))
    return checks


def _of_container(content: bytes, placement: Placement | None) -> list[Check]:
    with warnings.catch_warnings():
        # Only the header is read; `open_photo` has its own limit of pixels.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(content))
    kind = "JPEG" if image.format == "MPO" else image.format or "unknown"
    allowed = {name.strip().upper().replace("JPG", "JPEG") for name in _types(placement)}
    fits = not allowed or kind in allowed
    limit = ", ".join(sorted(allowed)) or "any"
    checks = [
        Check(
            "File type",
            "pass" if fits else "fail",
            kind,
            limit,
            "" if fits else f"The placement takes {limit}. Save it as one of these.",
        )
    ]
    megabytes = len(content) / 1_000_000
    if placement and placement.max_mb:
        most = float(placement.max_mb)
        checks.append(
            at_most(
                "File size",
                megabytes,
                warn=most,
                fail=most,
                spell="{:.2f} MB",
                message="The file is too large for the placement. Save it at lower quality.",
            )
        )
    profile = image.info.get("icc_profile") or b""
    space = image.mode if image.mode not in _SHOWN_ALIKE else _profile_name(profile)
    verdict = "pass" if space == "sRGB" else "warn"
    message = "" if verdict == "pass" else "Browsers may show other colours. Save it in sRGB."
    return [*checks, Check("Colour space", verdict, space, "sRGB", message)]


def _types(placement: Placement | None) -> tuple[str, ...]:
    return placement.file_types if placement else ()


def _profile_name(profile: bytes) -> str:
    # Every sRGB profile spells its name inside; a picture without one is shown as sRGB.
    plain = profile.replace(b"\x00", b"").lower()
    return "sRGB" if not profile or b"srgb" in plain else "another profile"


def _of_size(size: tuple[int, int], placement: Placement | None) -> list[Check]:
    if placement is None:
        return []
    longest = max(size)
    checks: list[Check] = []
    if placement.min_px:
        small = f"The placement asks for {placement.min_px} px or more. Use a larger photo."
        least = float(placement.min_px)
        checks.append(
            at_least("Long edge", longest, warn=least, fail=least, spell="{:.0f} px", message=small)
        )
    if placement.max_px and longest > placement.max_px:
        large = f"The placement takes {placement.max_px} px at most. Make it smaller."
        most = f"at most {placement.max_px} px"
        checks.append(Check("Largest edge", "fail", f"{longest} px", most, large))
    ratio = _ratio(placement.aspect_ratio)
    if ratio:
        off = abs(size[0] / size[1] / ratio - 1) * 100
        limit = f"{placement.aspect_ratio} within 1%"
        wrong = f"The placement shows {placement.aspect_ratio}; it will be cropped or padded."
        verdict = "pass" if off <= 1 else "warn" if off <= 3 else "fail"
        shape = f"{size[0]}:{size[1]}"
        checks.append(
            Check("Aspect ratio", verdict, shape, limit, "" if verdict == "pass" else wrong)
        )
    return checks


def _ratio(text: str) -> float | None:
    parts = text.replace("x", ":").split(":")
    try:
        width, height = (float(part) for part in parts)
    except ValueError:
        return None
    return width / height if width > 0 and height > 0 else None


def _rim(rgb: Pixels) -> Pixels:
    """Return the pixels of the outer 2%, (n, 3)."""
    band = max(1, round(min(rgb.shape[:2]) * 0.02))
    within = rgb[band:-band]
    sides = (rgb[:band], rgb[-band:], within[:, :band], within[:, -band:])
    return np.concatenate([side.reshape(-1, 3) for side in sides])


def _white_border(rgb: Pixels, backdrop: colour.Rgb = _WHITE) -> Check:
    rim = _rim(rgb)
    same = (rim[:, 0] == backdrop[0]) & (rim[:, 1] == backdrop[1]) & (rim[:, 2] == backdrop[2])
    share = float(same.mean()) * 100
    shown = "pure white (255, 255, 255)" if backdrop == _WHITE else colour.spell(backdrop)
    verdict = "pass" if share == 100 else "warn" if share > 97 else "fail"
    message = f"The border is not {shown} all around: {share:.0f}% of it is. Lay the product on it."
    message = "" if share == 100 else message
    name = "White border" if backdrop == _WHITE else "Even border"
    return Check(name, verdict, f"{share:.1f}%", f"100% {shown}", message)


def _of_white(rgb: Pixels, placement: Placement) -> list[Check]:
    """Judge a white picture whose product is not known: what is not white is taken for it."""
    checks = [_white_border(rgb)]
    shown = (rgb.min(axis=2) < 245).astype(np.uint8)
    shown = refine.without_specks(shown, 0.0, least=rgb.shape[0] * rgb.shape[1] * 2e-6)
    x, y, width, height = bounds(shown)
    if not shown.any():
        checks.append(Check("Product", "fail", "none", "one", "The picture is empty."))
        return checks
    checks.append(_one_thing(shown))
    filled = max(width / rgb.shape[1], height / rgb.shape[0])
    if placement.fill_percent:
        least = fill_of(placement)
        checks.append(
            at_least(
                "Fill",
                filled,
                warn=least - 0.01,
                fail=least - 0.15,
                message=f"The product should span {placement.fill_percent}% of the picture.",
            )
        )
    shift = max(
        abs(x + width / 2 - rgb.shape[1] / 2) / rgb.shape[1],
        abs(y + height / 2 - rgb.shape[0] / 2) / rgb.shape[0],
    )
    checks.append(_centred(shift))
    return checks


def _one_thing(shown: Pixels) -> Check:
    """Count what stands apart on the white, at a size at which pale gaps do not count."""
    small = grown(_shrunk(shown * np.uint8(255)) > 100, square(9))
    _, _, areas = components(small)
    count = int((areas[1:] >= 0.1 * areas[1:].max(initial=1)).sum())
    message = f"It shows {count} separate things. That is fine for a pair or a set, else retake it."
    verdict = "pass" if count <= 1 else "warn"
    return Check("One product", verdict, str(count), "1", message if count > 1 else "")


def _centred(shift: float) -> Check:
    message = "The product is off centre."
    return at_most("Centring", shift * 100, warn=2, fail=10, spell="{:.1f}%", message=message)


def sharpness(rgb: Pixels) -> float:
    """Return how steep the steepest edges are at a fixed size, as a share of the tones' range.

    A hard edge gives about 0.35 and more, one blurred over ten pixels of 800 under 0.1.
    """
    scale = 800 / max(rgb.shape[:2])
    width, height = (max(8, round(side * scale)) for side in (rgb.shape[1], rgb.shape[0]))
    tones = gaussian(grey(resized(rgb, width, height)).astype(np.float32), 0.7)
    across, down = slopes(tones)
    steep = np.hypot(across, down) / 8
    low, high = np.percentile(tones, (1, 99))
    return float(np.percentile(steep, 99.7)) / max(20.0, float(high - low))


def _in_focus(rgb: Pixels) -> Check:
    message = "It looks blurred. Hold the camera still, focus on the product and retake it."
    return at_least("Sharpness", sharpness(rgb), warn=0.10, fail=0.05, message=message)


def of_product(
    content: bytes,
    composed: Composed,
    cutout: Cutout,
    fill: float | None,
    *,
    swapped: bool = False,
) -> list[Check]:
    """Check a product on one colour: border, fill, centring, halo, strays, sharpness, truth.

    Args:
        content: The saved file, decoded here: what is checked is what will be uploaded.
        composed: What was drawn.
        cutout: The product and the photo's pixels.
        fill: Share of the canvas that was asked for; None where a common scale decides.
        swapped: Whether its colour was changed on purpose.
    """
    rgb = _decoded(content)
    checks: list[Check] = []
    if composed.backdrop is not None:
        if composed.backdrop == _WHITE:
            checks.append(_white_border(rgb))
            checks.append(_strays(rgb, composed))
        else:
            # JPEG keeps a colour other than white only to a level or two.
            rim = colour.lab(_rim(rgb)[None])
            off = float(np.percentile(colour.difference(rim, colour.lab_of(composed.backdrop)), 99))
            message = "The backdrop is not the colour asked for."
            checks.append(at_most("Backdrop colour", off, warn=1, fail=2, message=message))
    x, y, width, height = extent(composed.coverage)
    canvas = composed.coverage.shape
    spanned = max(width / canvas[1], height / canvas[0])
    if fill is not None:
        checks.append(_fill(spanned, fill))
    shift = max(
        abs(x + width / 2 - canvas[1] / 2) / canvas[1],
        abs(y + height / 2 - canvas[0] / 2) / canvas[0],
    )
    checks.append(_centred(shift))
    checks.append(_halo(cutout))
    checks.append(_enlarged(composed, cutout))
    checks.append(_in_focus(cutout.seen))
    if not swapped:
        checks.append(faithful(rgb, composed, cutout))
    return checks


def of_scene(content: bytes, composed: Composed, cutout: Cutout, *, untouched: bool) -> list[Check]:
    """Check a product in a scene; `untouched` says that its pixels had to stay the photo's."""
    checks = [_halo(cutout), _enlarged(composed, cutout), _in_focus(cutout.seen)]
    if untouched:
        checks.append(faithful(_decoded(content), composed, cutout))
    return checks


def _decoded(content: bytes) -> Pixels:
    image = Image.open(io.BytesIO(content))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _fill(spanned: float, fill: float) -> Check:
    message = "The product does not span the share of the picture the placement asks for."
    verdict = "pass" if abs(spanned - fill) <= 0.01 else "warn"
    limit = f"{fill:.2f} within 0.01"
    return Check("Fill", verdict, f"{spanned:.3f}", limit, "" if verdict == "pass" else message)


def _enlarged(composed: Composed, cutout: Cutout) -> Check:
    factor = composed.scale * cutout.size[0] / max(1, cutout.box[2] - cutout.box[0])
    message = f"Enlarged {factor:.1f} times. Use a photo in which the product is larger."
    return at_most("Enlarged", factor, warn=1.5, fail=3.0, spell="{:.2f}x", message=message)


def _strays(rgb: Pixels, composed: Composed) -> Check:
    """Look for marks on the white apart from the product; its own shadow does not count."""
    beside = grown(composed.coverage[::2, ::2] > 0, square(9)) == 0
    red, green, blue = cv2.split(np.ascontiguousarray(rgb[::2, ::2]))
    darkest = np.asarray(cv2.min(cv2.min(red, green), blue))
    marks = beside & (darkest < (200 if composed.shadow else 250))
    share = float(marks.mean()) * 100
    message = "There are marks on the white beside the product."
    return at_most("Clean backdrop", share, warn=0.005, fail=0.1, spell="{:.3f}%", message=message)


def _halo(cutout: Cutout) -> Check:
    """Compare the product's outermost pixels with its colour further in and with the backdrop.

    A halo is an edge that leans to the old backdrop although the product inside does not.
    """
    alpha, tones, photo = (_shrunk(picture) for picture in (cutout.alpha, cutout.rgb, cutout.seen))
    solid = (alpha > 127).astype(np.uint8)
    step = max(2, round(max(solid.shape) * 0.006))
    kernel = square(2 * step + 1)
    inside = shrunk(solid, kernel, frame_is_outside=True)
    edge = (solid > 0) & (shrunk(solid, square(3), frame_is_outside=True) == 0)
    outside = grown(solid, kernel) == 0
    if not inside.any() or not outside.any() or not edge.any():
        return Check("Halo", "pass", "none", "at most 0.35")
    values = colour.lab(tones)
    core = _nearby(values, inside, 2 * step)[edge]
    behind = _nearby(colour.lab(photo), outside.astype(np.uint8), 4 * step)[edge]
    axis = behind - core
    length = np.maximum((axis**2).sum(axis=1), 100.0)
    lean = ((values[edge] - core) * axis).sum(axis=1) / length
    apart = np.sqrt((axis**2).sum(axis=1)) > 12
    share = float((lean[apart] > 0.6).mean()) if apart.any() else 0.0
    message = "The old backdrop shimmers along the product's edge."
    return at_most("Halo", share, warn=0.25, fail=0.6, message=message)


def _shrunk(picture: Pixels, longest: int = 700) -> Pixels:
    scale = min(1.0, longest / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return resized(picture, *size)


def _nearby(values: Floats, where: Pixels, radius: int) -> Floats:
    weight = where.astype(np.float32)
    size = (4 * radius + 1, 4 * radius + 1)
    total = mean_blur(weight, size)[:, :, None]
    return mean_blur(values * weight[:, :, None], size) / (total + 1e-6)


def faithful(rgb: Pixels, composed: Composed, cutout: Cutout) -> Check:
    """Compare the product in the saved file with the photo, pixel for pixel inside its edge."""
    seen = resized_seen(cutout, composed.scale)
    x, y = composed.corner
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(rgb.shape[1], x + seen.shape[1]), min(rgb.shape[0], y + seen.shape[0])
    part = np.ascontiguousarray(rgb[y0:y1:2, x0:x1:2])
    was = np.ascontiguousarray(seen[y0 - y : y1 - y : 2, x0 - x : x1 - x : 2])
    inside = shrunk(composed.coverage[y0:y1:2, x0:x1:2] >= 250, square(5))
    if not inside.any():
        return Check("True to the photo", "warn", "not measured", "at most 3.00", "Too small.")
    change = sum(cv2.mean(cv2.absdiff(part, was), inside)[:3]) / 3
    message = "The product differs from the photo."
    return at_most("True to the photo", change, warn=3, fail=6, message=message)


def fill_of(placement: Placement | None) -> float:
    """Return the share of the canvas a product should span: the placement's, else 0.85."""
    percent = placement.fill_percent if placement and placement.fill_percent else Decimal(85)
    share = float(percent) / 100 if percent > 1 else float(percent)  # 85 and 0.85 both mean it
    return min(0.98, max(0.2, share))
