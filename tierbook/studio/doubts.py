"""How sure a cut-out is, measured: each doubt is a check with its value and limit.

The failure that costs a seller most is not a rough edge but the wrong object, cleanly cut. So
every sign of it is looked for: two looks that differ, several things that stand out, a product
at the photo's edge, an arm that reaches in, an edge where nothing changes colour.
"""

import cv2
import numpy as np

from tierbook.studio import classical, colour
from tierbook.studio.arrays import (
    Box,
    Flags,
    Floats,
    Pixels,
    components,
    grown,
    mean_blur,
    opened,
    resized,
    shrunk,
    square,
)
from tierbook.studio.checking import Check, at_least, at_most

FAINT = 7.0  # CIELAB distance across an edge under which the edge cannot be seen for sure
PLAIN = 5.0  # spread along the photo's border under which its backdrop is plain
_WHOLE = "Whole in the photo"
_RETAKE = "Photograph the product alone, on a plain backdrop of another colour, with space around."


def overlap(first: Flags, second: Flags) -> float:
    """Return intersection over union, 1 for two empty masks."""
    either = int((first | second).sum())
    return 1.0 if either == 0 else int((first & second).sum()) / either


def faint_edge(rgb: Pixels, mask: Floats) -> float:
    """Return the share of the outline where both sides have nearly the same colour, 0..1."""
    height, width = mask.shape
    values = colour.lab(resized(rgb, width, height))
    solid = (mask > 0.5).astype(np.uint8)
    inner = shrunk(solid, square(5))
    outer = 1 - grown(solid, square(5))
    sides: list[Floats] = []
    for side in (inner, outer):
        weight = side.astype(np.float32)
        total = mean_blur(weight, (13, 13))
        sides.append(mean_blur(values * weight[:, :, None], (13, 13)) / (total + 1e-6)[:, :, None])
    outline = grown(solid, square(3)) != shrunk(solid, square(3))
    outline[:3], outline[-3:], outline[:, :3], outline[:, -3:] = False, False, False, False
    if not outline.any():
        return 1.0
    apart = np.linalg.norm(sides[0] - sides[1], axis=2)[outline]
    return float((apart < FAINT).mean())


def of_network(
    photo: Pixels, first: Floats, box: Box, crop: Pixels, second: Floats, alpha: Floats
) -> tuple[Check, ...]:
    """Judge a cut-out by the network.

    Args:
        photo: The whole photo.
        first: Its salience, (320, 320).
        box: What was looked at again, in the photo's pixels.
        crop: That part of the photo.
        second: The part's salience, (320, 320).
        alpha: The finished mask of `crop`, (h, w) in 0..1.
    """
    side = second.shape[0]
    mask = resized(alpha, side, side)
    coarse = resized(mask, classical.SIDE, classical.SIDE)
    height, width = photo.shape[:2]
    fx, fy = first.shape[1] / width, first.shape[0] / height
    x0, y0, x1, y1 = (round(v * f) for v, f in zip(box, (fx, fy, fx, fy), strict=True))
    before = resized(first[y0:y1, x0:x1], side, side)
    checks = [
        at_least(
            "Two looks agree",
            overlap(before > 0.5, second > 0.5),
            warn=0.93,
            fail=0.75,
            message=f"It is not clear what the product is. {_RETAKE}",
        ),
        at_most(
            "Unsure area",
            unsure(second),
            warn=0.10,
            fail=0.30,
            message=f"Parts may be missing or belong to the backdrop. {_RETAKE}",
        ),
        at_most(
            "Edge without contrast",
            faint_edge(crop, coarse),
            warn=0.30,
            fail=0.60,
            message="The product has nearly the backdrop's colour. Use a darker or lighter one.",
        ),
        _one_object(first, second, mask),
        _nothing_else(first, box, mask, (width, height)),
        _inside(alpha, box, (width, height)),
        _arm(photo, first, box, mask),
        _size(alpha, box, crop.shape[1], (width, height)),
    ]
    distance, spread = classical.departure(crop)
    if spread < PLAIN:
        checks.append(_against_backdrop(distance, spread, coarse))
    return tuple(checks)


def unsure(salience: Floats) -> float:
    """Return the area the network is undecided on, as a share of the product, edges apart."""
    solid = (salience > 0.5).astype(np.uint8)
    edge = cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, square(13))
    undecided = (salience > 0.1) & (salience < 0.9) & (edge == 0)
    return float(undecided.sum()) / max(1, int(solid.sum()))


def _parts(mask: Flags) -> tuple[int, float]:
    """Count components of at least a tenth of the largest; and the second's share of it."""
    _, _, found = components(mask)
    areas = np.sort(found[1:].astype(np.float64))[::-1]
    if len(areas) == 0:
        return 0, 0.0
    large = areas[areas >= max(0.08 * areas[0], 60)]
    return max(1, len(large)), float(areas[1] / areas[0]) if len(areas) > 1 else 0.0


def _one_object(first: Floats, second: Floats, mask: Floats) -> Check:
    count = max(_parts(first > 0.3)[0], _parts(second > 0.3)[0], _parts(mask > 0.5)[0])
    verdict = "pass" if count == 1 else "fail"
    message = "" if count == 1 else f"Several things stand out, and all may be kept. {_RETAKE}"
    return Check("One object", verdict, str(count), "1", message)


def _on_whole(mask: Floats, box: Box, size: tuple[int, int], side: int) -> Flags:
    """Put the mask of a part of the photo back in its place on the whole, (side, side)."""
    whole = np.zeros((side, side), bool)
    fx, fy = side / size[0], side / size[1]
    x0, y0 = round(box[0] * fx), round(box[1] * fy)
    x1, y1 = max(x0 + 1, round(box[2] * fx)), max(y0 + 1, round(box[3] * fy))
    whole[y0:y1, x0:x1] = resized(mask, x1 - x0, y1 - y0) > 0.5
    return whole


def _nothing_else(first: Floats, box: Box, mask: Floats, size: tuple[int, int]) -> Check:
    """Weigh what the first look saw beside the cut-out: a neighbour, or a part that was lost."""
    product = _on_whole(mask, box, size, first.shape[0])
    beside = grown(product.astype(np.uint8), square(13)) == 0
    share = float((first * beside).sum()) / max(1, int(product.sum())) * 100
    message = f"Something beside the product stands out too, or a part was lost. {_RETAKE}"
    return at_most(
        "Nothing else stands out", share, warn=0.8, fail=15, spell="{:.1f}%", message=message
    )


def _inside(alpha: Floats, box: Box, size: tuple[int, int]) -> Check:
    solid = alpha > 0.5
    sides = {
        "left": box[0] == 0 and bool(solid[:, :2].mean() > 0.01),
        "top": box[1] == 0 and bool(solid[:2].mean() > 0.01),
        "right": box[2] >= size[0] and bool(solid[:, -2:].mean() > 0.01),
        "bottom": box[3] >= size[1] and bool(solid[-2:].mean() > 0.01),
    }
    cut = [name for name, touches in sides.items() if touches]
    message = f"The product is cut off at the photo's {' and '.join(cut)}. Step back and retake it."
    verdict = "warn" if cut else "pass"
    return Check(_WHOLE, verdict, ", ".join(cut) or "whole", "whole", message if cut else "")


def is_whole(checks: tuple[Check, ...]) -> bool:
    """Tell whether the product lies within the photo, by what was said of its cut-out."""
    return all(check.verdict == "pass" for check in checks if check.name == _WHOLE)


def _arm(photo: Pixels, first: Floats, box: Box, mask: Floats) -> Check:
    """Look for skin that joins the product to the photo's border: a hand holding it."""
    side = first.shape[0]
    small = resized(photo, side, side)
    tone = cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb).astype(np.int16)
    skin = (
        (tone[:, :, 1] > 138) & (tone[:, :, 1] < 185) & (tone[:, :, 2] > 77) & (tone[:, :, 2] < 122)
    )
    skin &= tone[:, :, 0] > 50
    share = 0.0
    # On a backdrop of skin's own colour (wood, card, brick) the sign means nothing.
    rim = np.concatenate(
        [skin[:4].ravel(), skin[-4:].ravel(), skin[:, :4].ravel(), skin[:, -4:].ravel()]
    )
    if 0.004 < float(rim.mean()) < 0.35:
        share = _reaching_in(skin, first, photo, box, mask)
    message = "A hand or arm seems to hold the product. Put it down and retake the photo."
    return at_most("Hand in the photo", share, warn=0.02, fail=1.1, spell="{:.2f}", message=message)


def _reaching_in(skin: Flags, first: Floats, photo: Pixels, box: Box, mask: Floats) -> float:
    size = (photo.shape[1], photo.shape[0])
    product = _on_whole(mask, box, size, first.shape[0]).astype(np.uint8)
    near = grown(product, square(9))
    count, labels, _ = components(opened(skin))
    for label in range(1, count):
        part = labels == label
        at_rim = part[:3].any() or part[-3:].any() or part[:, :3].any() or part[:, -3:].any()
        if at_rim and (part & (near > 0)).any() and part.mean() < 0.3:
            return float(part.mean())
    return 0.0


def _size(alpha: Floats, box: Box, width: int, size: tuple[int, int]) -> Check:
    per_pixel = (box[2] - box[0]) / width
    area = float((alpha > 0.5).sum()) * per_pixel**2 / (size[0] * size[1])
    message = "The product is very small in the photo; check that it is the product. Go closer."
    return at_least(
        "Product in the photo", area * 100, warn=2.0, fail=0.3, spell="{:.1f}%", message=message
    )


def _against_backdrop(distance: Floats, spread: float, mask: Floats) -> Check:
    """On a plain backdrop, what clearly differs from it must be in the mask, and little else."""
    clear = distance > max(14.0, 4 * spread)
    clear = opened(clear)
    missed = clear & (grown(mask > 0.5, square(7)) == 0)
    share = float(missed.sum()) / max(1, int((mask > 0.5).sum()))
    message = (
        f"Something beside the product differs from the backdrop, or a part is missing. {_RETAKE}"
    )
    return at_most("Left out", share, warn=0.04, fail=0.25, message=message)


def of_classical(crop: Pixels, alpha: Floats) -> tuple[Check, ...]:
    """Judge a cut-out made without the network; it always warns."""
    mask = resized(alpha, classical.SIDE, classical.SIDE)
    _, spread = classical.departure(crop)
    size = (crop.shape[1], crop.shape[0])
    return (
        Check(
            "Cut-out method",
            "warn",
            "by colour",
            "network",
            "Cut out by colour alone: check the edge. Run `tierbook models` for better ones.",
        ),
        at_most(
            "Plain backdrop",
            spread,
            warn=PLAIN,
            fail=2 * PLAIN,
            spell="{:.1f}",
            message=f"The backdrop is too busy for a cut-out by colour. {_RETAKE}",
        ),
        at_most(
            "Edge without contrast",
            faint_edge(crop, mask),
            warn=0.15,
            fail=0.40,
            message="The product has nearly the backdrop's colour. Use a darker or lighter one.",
        ),
        _one_object(mask, mask, mask),
        _inside(alpha, (0, 0, *size), size),
        _size(alpha, (0, 0, *size), size[0], size),
    )


def of_given(alpha: Pixels, route: str) -> tuple[Check, ...]:
    """Judge a cut-out the seller supplied: trusted, but several objects and cut sides are told."""
    mask = alpha.astype(np.float32) / 255
    size = (alpha.shape[1], alpha.shape[0])
    word = "the photo's own transparency" if route == "alpha" else "the seller's mask"
    count = _parts(mask > 0.5)[0]
    several = "" if count == 1 else "It holds several separate parts."
    return (
        Check("Cut-out method", "pass", word, "any"),
        Check("One object", "pass" if count == 1 else "warn", str(count), "1", several),
        _inside(mask, (0, 0, *size), size),
        _size(mask, (0, 0, *size), size[0], size),
    )
