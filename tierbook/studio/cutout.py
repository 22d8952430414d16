"""Cutting the product out of a photo, by the best means there is, with doubts measured.

In order: the file's own alpha channel, a mask the seller drew, the salience network with
refinement, and, without the network, the classical route, which is always flagged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from tierbook.studio import classical, doubts, model, refine
from tierbook.studio.arrays import (
    Box,
    Flags,
    Floats,
    Pixels,
    bounds,
    components,
    grown,
    resized,
    square,
)
from tierbook.studio.checking import Check
from tierbook.studio.mask_cache import KnownMask, MaskCache
from tierbook.studio.photo import Photo, UnusablePhoto

Route: TypeAlias = Literal["alpha", "mask", "network", "classical"]
Look: TypeAlias = Callable[[Pixels], Floats]

# Masks kept on the disk are of one version: count up with every change to what the network's route
# finds or doubts.
VERSION = 2
LONGEST = 2400  # more pixels than any placement shows of one product
_MARGIN = 0.15


@dataclass(frozen=True)
class Cutout:
    """A product without its backdrop.

    Attributes:
        rgb: Product colours, (h, w, 3) uint8; edge pixels hold the product's own colour.
        alpha: Coverage, (h, w) uint8; the product reaches within a few pixels of each side.
        route: How it was found.
        checks: Every doubt, measured.
        seen: The same crop of the photo as it was, (h, w, 3) uint8.
        box: Where the crop lies in the photo, x0, y0, x1, y1 in the photo's pixels.
    """

    rgb: Pixels
    alpha: Pixels
    route: Route
    checks: tuple[Check, ...]
    seen: Pixels
    box: Box

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the crop in pixels."""
        return self.alpha.shape[1], self.alpha.shape[0]


def cut_out(
    photo: Photo,
    look: Look | None,
    mask: Pixels | None = None,
    longest: int = LONGEST,
    known: MaskCache | None = None,
) -> Cutout:
    """Cut the product out of a photo.

    Args:
        photo: The opened photo.
        look: The salience network's `look`, or None when it is not there.
        mask: The seller's own mask, (h, w) uint8, white where the product is.
        longest: Longest side of the result in pixels; larger products are reduced.
        known: Masks found before; a photo in it is not looked at again.

    Raises:
        UnusablePhoto: No product was found.
    """
    if photo.alpha is not None:
        return _given(photo, photo.alpha, "alpha", longest)
    if mask is not None:
        fitted = resized(mask, *photo.size)
        return _given(photo, fitted, "mask", longest)
    if look is None:
        return _classical(photo, longest)
    return _network(photo, look, longest, known)


def _given(photo: Photo, alpha: Pixels, route: Route, longest: int) -> Cutout:
    """Trust an alpha channel or a mask, but drop a faint drawn shadow that floats apart."""
    solid = (alpha > 235).astype(np.uint8)
    near = grown(refine.without_specks(solid, 0.002), square(9))
    kept = np.where(near > 0, alpha, 0).astype(np.uint8)
    if not kept.any():
        raise UnusablePhoto(
            "The photo's transparency covers the whole picture.", "Give the photo without it."
        )
    box = _around(kept > 8, 4, photo.size)
    seen, small = _crop(photo.rgb, box, longest), _crop(kept, box, longest)
    rgb = seen
    if route == "mask":
        rgb = refine.edge_colours(seen, small.astype(np.float32) / 255)
    checks = doubts.of_given(kept, route)
    return Cutout(rgb, small, route, (*photo.checks, *checks), seen, box)


def _network(photo: Photo, look: Look, longest: int, known: MaskCache | None) -> Cutout:
    cache = known if photo.sha256 else None
    key = f"{photo.sha256} {model.MODEL_SHA256} {VERSION} {longest}"
    mask = cache.read(key) if cache else None
    if mask is None:
        mask = _looked(photo, look, longest)
        if cache:
            cache.write(key, mask)
    crop = _crop(photo.rgb, mask.box, longest)
    return _finished(photo, crop, mask.alpha, mask.box, "network", mask.checks)


def _looked(photo: Photo, look: Look, longest: int) -> KnownMask:
    first = look(photo.rgb)
    box = _main_box(first, photo.size)
    crop = _crop(photo.rgb, box, longest)
    # A second look at the product alone sees its edge twice as sharply, and tells by how far it
    # differs from the first whether the network knows what the product is.
    second = look(crop)
    alpha = _refined(crop, second)
    if not (alpha > 127).any():
        raise UnusablePhoto(
            "No product was found in the photo.",
            "Photograph it alone, filling the frame, on a plain backdrop of another colour.",
        )
    checks = doubts.of_network(photo.rgb, first, box, crop, second, alpha.astype(np.float32) / 255)
    return KnownMask(box, alpha, checks)


def _refined(crop: Pixels, salience: Floats) -> Pixels:
    scale = refine.CUT_SIDE / max(crop.shape[:2])
    size = (max(8, round(crop.shape[1] * scale)), max(8, round(crop.shape[0] * scale)))
    belief = np.clip(resized(salience, *size), 0, 1).astype(np.float32)
    # Where the product has nearly the backdrop's colour, colours mislead: trust the network.
    hard = refine.grab_cut(crop, salience) if doubts.faint_edge(crop, belief) < 0.25 else None
    if hard is not None:
        # What the network is sure of, colours may not take away: a clear neck, a pale label.
        torn = (belief > 0.2) & (belief < 0.6)
        belief = np.where(torn, 0.65 * belief + 0.35 * hard, belief).astype(np.float32)
    return refine.sharpen_edge(crop, belief)


def _classical(photo: Photo, longest: int) -> Cutout:
    box = (0, 0, *photo.size)
    crop = _crop(photo.rgb, box, longest)
    belief = classical.foreground(crop)
    if not (belief > 0.5).any():
        raise UnusablePhoto(
            "No product stands out from the photo's border.",
            "Run `tierbook models` for better cut-outs, or use a plain backdrop of another colour.",
        )
    alpha = _refined(crop, belief)
    checks = doubts.of_classical(crop, alpha.astype(np.float32) / 255)
    return _finished(photo, crop, alpha, box, "classical", checks)


def _finished(
    photo: Photo,
    crop: Pixels,
    alpha: Pixels,
    box: Box,
    route: Route,
    checks: tuple[Check, ...],
) -> Cutout:
    height, width = alpha.shape
    x0, y0, x1, y1 = _around(alpha > 7, 4, (width, height))
    part = np.ascontiguousarray(alpha[y0:y1, x0:x1])
    seen = np.ascontiguousarray(crop[y0:y1, x0:x1])
    rgb = refine.edge_colours(seen, part.astype(np.float32) / 255)
    per_pixel = (box[2] - box[0]) / width
    place = tuple(
        round(start + at * per_pixel)
        for start, at in zip((box[0], box[1], box[0], box[1]), (x0, y0, x1, y1), strict=True)
    )
    found = (place[0], place[1], place[2], place[3])
    return Cutout(rgb, part, route, (*photo.checks, *checks), seen, found)


def _main_box(salience: Floats, size: tuple[int, int]) -> Box:
    """Frame the main object with a margin, in the photo's pixels."""
    solid = (salience > 0.3).astype(np.uint8)
    count, labels, _ = components(solid)
    if count < 2:
        return (0, 0, *size)
    weights = [float(salience[labels == n].sum()) for n in range(1, count)]
    keep = [n for n in range(1, count) if weights[n - 1] >= 0.1 * max(weights)]
    x0, y0, x1, y1 = _around(np.isin(labels, keep), 0, (salience.shape[1], salience.shape[0]))
    fx, fy = size[0] / salience.shape[1], size[1] / salience.shape[0]
    margin = _MARGIN * max((x1 - x0) * fx, (y1 - y0) * fy)
    return (
        max(0, int(x0 * fx - margin)),
        max(0, int(y0 * fy - margin)),
        min(size[0], int(x1 * fx + margin)),
        min(size[1], int(y1 * fy + margin)),
    )


def _around(solid: Flags, margin: int, size: tuple[int, int]) -> Box:
    x, y, width, height = bounds(solid.astype(np.uint8))
    return (
        max(0, x - margin),
        max(0, y - margin),
        min(size[0], x + width + margin),
        min(size[1], y + height + margin),
    )


def _crop(picture: Pixels, box: Box, longest: int) -> Pixels:
    x0, y0, x1, y1 = box
    part = picture[y0:y1, x0:x1]
    scale = longest / max(part.shape[:2])
    if scale < 1:
        part = resized(part, round(part.shape[1] * scale), round(part.shape[0] * scale))
    return np.ascontiguousarray(part, np.uint8)
