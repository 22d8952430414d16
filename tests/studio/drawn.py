"""Photographs drawn for the tests: a shape with a known outline on a drawn backdrop."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Drawn:
    rgb: Pixels
    alpha: NDArray[np.float32]

    def jpeg(self) -> bytes:
        return as_file(self.rgb, "JPEG")


def as_file(picture: Pixels, kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    quality = {"quality": 90} if kind == "JPEG" else {}
    Image.fromarray(picture).save(target, kind, **{**quality, **options})
    return target.getvalue()


def mug_outline(size: int, at: tuple[float, float] = (0.5, 0.52), share: float = 0.5) -> Pixels:
    """Fill a mug with a handle, 255 inside; `share` is its height as a share of the frame."""
    over = 4
    large = np.zeros((size * over, size * over), np.uint8)
    unit = share * size * over
    x, y = at[0] * size * over, at[1] * size * over
    handle = (round(x + 0.36 * unit), round(y)), (round(0.26 * unit), round(0.27 * unit))
    cv2.ellipse(large, *handle, 0, 0, 360, 255, round(0.09 * unit))
    corner = (round(x - 0.40 * unit), round(y - 0.5 * unit))
    cv2.rectangle(large, corner, (round(x + 0.36 * unit), round(y + 0.5 * unit)), 255, -1)
    return cv2.resize(large, (size, size), interpolation=cv2.INTER_AREA)


def photo(
    outline: Pixels,
    product: tuple[int, int, int] = (150, 30, 44),
    backdrop: tuple[int, int, int] = (216, 214, 210),
    seed: int = 1,
) -> Drawn:
    """Photograph an outline: uneven light, a shadow, a stripe on the product, sensor noise."""
    random = np.random.default_rng(seed)
    size = outline.shape[0]
    alpha = outline.astype(np.float32) / 255
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    picture = np.array(backdrop, np.float32) * (1 - 0.12 * x - 0.06 * y)[:, :, None]
    shift = np.array([[1, 0, size * 0.012], [0, 1, size * 0.02]], np.float32)
    cast = cv2.GaussianBlur(cv2.warpAffine(alpha, shift, (size, size)), (0, 0), size * 0.012)
    picture = picture * (1 - 0.22 * cast[:, :, None])
    body = np.array(product, np.float32) * (1.1 - 0.5 * x)[:, :, None]
    body[(y > 0.0) & (y < 0.06)] = (240, 236, 220)
    picture = picture * (1 - alpha[:, :, None]) + body * alpha[:, :, None]
    picture += random.normal(0, 2, picture.shape)
    return Drawn(np.clip(picture, 0, 255).astype(np.uint8), alpha)


def cut_png(drawn: Drawn) -> bytes:
    """Save a drawn photo with its own true transparency."""
    alpha = (drawn.alpha * 255).round().astype(np.uint8)
    return as_file(np.dstack([drawn.rgb, alpha]))
