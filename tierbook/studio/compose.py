"""Laying a cut-out on a canvas: size, place, backdrop and shadow."""

from dataclasses import dataclass

import cv2
import numpy as np

from tierbook.studio.arrays import Floats, Pixels, bounds, gaussian, resized, scaled
from tierbook.studio.colour import Rgb
from tierbook.studio.cutout import Cutout

WHITE: Rgb = (255, 255, 255)
# Under this coverage a pixel is backdrop and nothing else, so that white stays exactly white.
_NOTHING = 6


@dataclass(frozen=True)
class Layer:
    """A product scaled for a canvas: `colour` (h, w, 3) premultiplied by `alpha` (h, w), uint8."""

    colour: Pixels
    alpha: Pixels


@dataclass(frozen=True)
class Composed:
    """A finished canvas and what is known of it.

    Attributes:
        rgb: The picture, (h, w, 3) uint8.
        coverage: Where the product lies on it, (h, w) uint8.
        scale: Canvas pixels per pixel of the cut-out.
        corner: Where the cut-out's top left corner lies, x, y.
        backdrop: Its one colour, or None where it has none.
        shadow: Whether a shadow was drawn.
    """

    rgb: Pixels
    coverage: Pixels
    scale: float
    corner: tuple[int, int]
    backdrop: Rgb | None
    shadow: bool = False


def extent(alpha: Pixels) -> tuple[int, int, int, int]:
    """Return x, y, width, height of what is at least half opaque."""
    x, y, width, height = bounds((alpha > 127).astype(np.uint8))
    return x, y, width, height


def fit_scale(cutout: Cutout, canvas: tuple[int, int], fill: float) -> float:
    """Return the scale at which the product's longer relation to the canvas is `fill`."""
    _, _, width, height = extent(cutout.alpha)
    return min(canvas[0] * fill / max(1, width), canvas[1] * fill / max(1, height))


def own_scale(cutout: Cutout, canvas: tuple[int, int], fill: float) -> float:
    """Return canvas pixels per pixel of the photo at which the product alone fills the canvas."""
    return upscale(cutout, fit_scale(cutout, canvas, fill))


def photo_width(cutout: Cutout) -> int:
    """Return the width of the cut-out's place in its photo, in the photo's pixels."""
    return max(1, cutout.box[2] - cutout.box[0])


def upscale(cutout: Cutout, scale: float) -> float:
    """Return canvas pixels per pixel of the original photo; over 1 invents detail."""
    return scale * cutout.size[0] / photo_width(cutout)


def layer(cutout: Cutout, scale: float, rgb: Pixels | None = None) -> Layer:
    """Scale a cut-out, premultiplied so that no backdrop bleeds into its edge."""
    full = cutout.rgb if rgb is None else rgb
    colour = np.asarray(cv2.multiply(full, _three(cutout.alpha), scale=1 / 255), np.uint8)
    width, height = (max(1, round(side * scale)) for side in cutout.size)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    alpha = np.asarray(scaled(cutout.alpha, (width, height), way), np.uint8)
    alpha[alpha < _NOTHING] = 0
    colour = scaled(colour, (width, height), way)
    # Cubic resizing overshoots at hard edges; a product pixel cannot exceed its own coverage.
    return Layer(np.minimum(colour, alpha[:, :, None]), alpha)


def _three(plane: Pixels) -> Pixels:
    return np.asarray(cv2.merge([plane, plane, plane]), np.uint8)


def on_colour(
    cutout: Cutout,
    canvas: tuple[int, int],
    *,
    fill: float = 0.85,
    colour: Rgb = WHITE,
    shadow: bool = False,
    scale: float | None = None,
    rgb: Pixels | None = None,
) -> Composed:
    """Centre a product on one colour.

    Args:
        cutout: The product.
        canvas: Width and height in pixels.
        fill: Share of the canvas the product spans, in the direction it spans more.
        colour: The backdrop.
        shadow: Draw a contact shadow under the product's own base.
        scale: Use this scale (see `angles.common_scale`) unless the product would not fit.
        rgb: The product's pixels after a colour swap.
    """
    most = fit_scale(cutout, canvas, fill)
    own = most if scale is None else min(most, scale * photo_width(cutout) / cutout.size[0])
    product = layer(cutout, own, rgb)
    x, y, width, height = extent(product.alpha)
    corner = round((canvas[0] - width) / 2) - x, round((canvas[1] - height) / 2) - y
    back = np.empty((canvas[1], canvas[0], 3), np.uint8)
    # Row by row: pixel by pixel takes five times as long.
    back[:] = np.tile(np.array(colour, np.uint8), (1, canvas[0], 1))
    if shadow:
        back = darkened(back, contact_shadow(product.alpha, corner, canvas))
    picture, coverage = lay(back, product, corner)
    return Composed(picture, coverage, own, corner, colour, shadow)


def lay(back: Pixels, product: Layer, corner: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """Composite a layer on a backdrop, clipped at its sides; return picture and coverage."""
    height, width = back.shape[:2]
    x0, y0 = max(0, corner[0]), max(0, corner[1])
    x1 = min(width, corner[0] + product.alpha.shape[1])
    y1 = min(height, corner[1] + product.alpha.shape[0])
    coverage = np.zeros((height, width), np.uint8)
    picture = back.copy()
    if x1 <= x0 or y1 <= y0:
        return picture, coverage
    part = (slice(y0 - corner[1], y1 - corner[1]), slice(x0 - corner[0], x1 - corner[0]))
    alpha = product.alpha[part]
    behind = cv2.multiply(back[y0:y1, x0:x1], _three(255 - alpha), scale=1 / 255)
    picture[y0:y1, x0:x1] = cv2.add(behind, product.colour[part])
    coverage[y0:y1, x0:x1] = alpha
    return picture, coverage


def darkened(back: Pixels, shade: Floats) -> Pixels:
    """Darken a backdrop by a shadow, (h, w) in 0..1."""
    light = np.clip((1 - shade) * 255, 0, 255).round().astype(np.uint8)
    return np.asarray(cv2.multiply(back, _three(light), scale=1 / 255), np.uint8)


def contact_shadow(
    alpha: Pixels, corner: tuple[int, int], canvas: tuple[int, int], strength: float = 0.34
) -> Floats:
    """Draw the shadow a product casts where it stands, (h, w) in 0..1 of darkening.

    It follows the lower outline column by column: dark where the product is low, fading out
    where it curves up, so that a tilted or pointed base gets no flat bar under it. Shadows are
    smooth: it is drawn at a quarter of the size.
    """
    width, height = (max(8, side // 4) for side in canvas)
    shape = max(1, alpha.shape[1] // 4), max(1, alpha.shape[0] // 4)
    solid = scaled(alpha, shape, cv2.INTER_AREA) > 127
    columns = np.flatnonzero(solid.any(axis=0))
    shade = np.zeros((height, width), np.float32)
    if columns.size:
        bottom = (solid.shape[0] - 1 - np.argmax(solid[::-1], axis=0))[columns]
        size = max(solid.shape)
        lift = (bottom.max() - bottom) / size
        weight = np.exp(-((lift / 0.035) ** 2)).astype(np.float32)
        thickness = max(1, round(size * 0.012))
        for column, level, amount in zip(columns, bottom, weight, strict=True):
            x, y = column + corner[0] // 4, level + corner[1] // 4
            if amount > 0.02 and 0 <= x < width:
                shade[max(0, y - thickness) : max(0, min(height, y + thickness)), x] = amount
        near = gaussian(shade, size * 0.008, sigma_y=size * 0.005)
        far = gaussian(shade, size * 0.04, sigma_y=size * 0.014)
        shade = np.clip(near * strength * 1.1 + far * strength * 0.9, 0, 0.6)
        shade[shade < 1 / 255] = 0
    return np.asarray(scaled(shade, canvas, cv2.INTER_LINEAR), np.float32)


def resized_seen(cutout: Cutout, scale: float) -> Pixels:
    """Return the photo's own pixels at the scale of the canvas, to compare with."""
    width, height = (max(1, round(side * scale)) for side in cutout.size)
    return resized(cutout.seen, width, height)
