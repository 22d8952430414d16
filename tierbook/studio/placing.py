"""Setting a product into the seller's own photo of a scene, at a place the seller chose.

Scale, light and shadow are approximate and said to be: the result is a draft to check.
"""

import re
from dataclasses import dataclass

import cv2
import numpy as np

from tierbook.studio import colour, compose
from tierbook.studio.arrays import Pixels, scaled
from tierbook.studio.checking import Check
from tierbook.studio.compose import Composed
from tierbook.studio.cutout import Cutout

_PULL = 0.35  # how far the product's light is moved towards the scene's


@dataclass(frozen=True)
class PlacementBox:
    """Where the product stands: its foot's middle and its height, as shares of the picture."""

    x: float = 0.5
    foot: float = 0.82
    height: float = 0.45
    given: bool = False


def read_box(text: str) -> PlacementBox:
    """Read a box: `x 0.5, foot 0.8, height 0.4`, percentages, or three bare numbers.

    Anything that is no box gives the default one, marked as not given.
    """
    numbers = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", text)]
    shares = [number / 100 if number > 1 else number for number in numbers]
    if len(shares) != 3 or not all(0 < share <= 1 for share in shares):
        return PlacementBox()
    return PlacementBox(*shares, given=True)


def into_photo(
    cutout: Cutout,
    photo: Pixels,
    canvas: tuple[int, int],
    box: PlacementBox,
    seed: int,
    rgb: Pixels | None = None,
) -> Composed:
    """Set a product into a scene photo.

    Args:
        cutout: The product.
        photo: The scene, (h, w, 3); cropped to the canvas's shape around its middle.
        canvas: Width and height in pixels.
        box: Where the product stands on the finished picture.
        seed: Settles the grain.
        rgb: The product's pixels after a colour swap.
    """
    back = cropped(photo, canvas)
    _, _, _, tall = compose.extent(cutout.alpha)
    scale = box.height * canvas[1] / max(1, tall)
    light = _matched(cutout.rgb if rgb is None else rgb, cutout.alpha, _around(back, box))
    product = compose.layer(cutout, scale, light)
    x, y, wide, tall = compose.extent(product.alpha)
    corner = round(box.x * canvas[0] - wide / 2) - x, round(box.foot * canvas[1]) - tall - y
    grain = np.random.default_rng(seed).normal(0, 1.2, (*product.alpha.shape, 1))
    grain = grain * (product.alpha > 0)[:, :, None]
    noisy = np.clip(product.colour + grain, 0, product.alpha[:, :, None]).astype(np.uint8)
    shade = compose.contact_shadow(product.alpha, corner, canvas, 0.6)
    picture, coverage = compose.lay(
        compose.darkened(back, shade), compose.Layer(noisy, product.alpha), corner
    )
    return Composed(picture, coverage, scale, corner, None, True)


def cropped(photo: Pixels, canvas: tuple[int, int]) -> Pixels:
    """Crop a photo to a canvas's shape around its middle, and scale it without stretching."""
    height, width = photo.shape[:2]
    scale = max(canvas[0] / width, canvas[1] / height)
    wide, tall = min(width, round(canvas[0] / scale)), min(height, round(canvas[1] / scale))
    left, top = (width - wide) // 2, (height - tall) // 2
    part = np.ascontiguousarray(photo[top : top + tall, left : left + wide])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(scaled(part, canvas, way), np.uint8)


def _around(back: Pixels, box: PlacementBox) -> Pixels:
    height, width = back.shape[:2]
    reach = box.height * height
    x, foot = box.x * width, box.foot * height
    y0, y1 = max(0, round(foot - reach)), min(height, max(1, round(foot + reach * 0.2)))
    x0, x1 = max(0, round(x - reach * 0.7)), min(width, max(1, round(x + reach * 0.7)))
    return back[y0:y1, x0:x1]


def _matched(rgb: Pixels, alpha: Pixels, scene: Pixels) -> Pixels:
    """Pull the product's light and warmth part of the way to the scene's."""
    values, around = colour.lab(rgb), colour.lab(np.ascontiguousarray(scene)).reshape(-1, 3)
    if not len(around) or not (alpha > 200).any():
        return rgb
    ambient = np.median(around, axis=0)
    own = np.median(values[:, :, 0][alpha > 200])
    lift = np.clip((ambient[0] - own) * _PULL, -10, 6)
    values[:, :, 0] = np.clip(values[:, :, 0] + lift * (values[:, :, 0] / 100), 0, 100)
    values[:, :, 1:] += np.clip(ambient[1:] * _PULL * 0.5, -5, 5)
    return colour.rgb_of_lab(values)


def judged(box: PlacementBox) -> tuple[Check, ...]:
    """Say that scale and light need a look, and more so where no box was given."""
    where = "given" if box.given else "not given"
    hint = "" if box.given else " Say where it stands in Scene box: x, foot, height in percent."
    message = f"Draft composite: check its size, light and shadow.{hint}"
    return (Check("Placed in your photo", "warn", where, "a person approves", message),)
