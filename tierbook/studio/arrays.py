"""The arrays the studio passes on, and OpenCV's calls with the element type kept.

OpenCV's own annotations forget what an array holds, and half of them allow None.
"""

from typing import Any, TypeAlias, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.floating[Any]]
Flags: TypeAlias = NDArray[np.bool_]
Box: TypeAlias = tuple[int, int, int, int]

N = TypeVar("N", bound=np.generic)


def resized(picture: NDArray[N], width: int, height: int) -> NDArray[N]:
    """Resize by area when smaller, by cubic when larger."""
    smaller = width * height < picture.shape[0] * picture.shape[1]
    return scaled(picture, (width, height), cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)


def scaled(picture: NDArray[N], size: tuple[int, int], way: int = cv2.INTER_LINEAR) -> NDArray[N]:
    """Resize to (width, height) by one of OpenCV's ways."""
    return cast("NDArray[N]", cv2.resize(cast("NDArray[Any]", picture), size, interpolation=way))


def remapped(picture: Floats, x: Floats, y: Floats) -> Floats:
    """Read a picture at the given places, between pixels and at most at its rim."""
    plain = cast("NDArray[Any]", picture)
    way, rim = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
    return cast("Floats", cv2.remap(plain, cast("Any", x), cast("Any", y), way, borderMode=rim))


def gaussian(picture: NDArray[N], sigma: float, sigma_y: float = 0.0) -> NDArray[N]:
    """Blur softly."""
    plain = cast("NDArray[Any]", picture)
    return cast("NDArray[N]", cv2.GaussianBlur(plain, (0, 0), sigma, sigmaY=sigma_y))


def mean_blur(picture: NDArray[N], size: tuple[int, int]) -> NDArray[N]:
    """Average over a window of (width, height)."""
    return cast("NDArray[N]", cv2.blur(cast("NDArray[Any]", picture), size))


def square(side: int) -> Pixels:
    """Return a square structuring element."""
    return np.ones((side, side), np.uint8)


def disc(side: int) -> Pixels:
    """Return a round structuring element."""
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cast("Pixels", element)


def grown(mask: Flags | Pixels, element: Pixels) -> Pixels:
    """Dilate a mask."""
    return cast("Pixels", cv2.dilate(mask.astype(np.uint8), element))


def shrunk(mask: Flags | Pixels, element: Pixels, *, frame_is_outside: bool = False) -> Pixels:
    """Erode a mask; the picture's frame eats into it only when it counts as outside."""
    solid = mask.astype(np.uint8)
    if frame_is_outside:
        return cast("Pixels", cv2.erode(solid, element, borderValue=0))
    return cast("Pixels", cv2.erode(solid, element))


def slopes(picture: Floats) -> tuple[Floats, Floats]:
    """Return the Sobel derivatives across and down."""
    plain = cast("NDArray[Any]", picture)
    across = cast("Floats", cv2.Sobel(plain, cv2.CV_32F, 1, 0))
    return across, cast("Floats", cv2.Sobel(plain, cv2.CV_32F, 0, 1))


def components(mask: Flags | Pixels) -> tuple[int, NDArray[np.int32], NDArray[np.int64]]:
    """Label connected parts: their number with the ground, the labels, and the area of each."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = cast("NDArray[np.int32]", stats)[:, cv2.CC_STAT_AREA].astype(np.int64)
    return count, cast("NDArray[np.int32]", labels), areas


def opened(mask: Flags) -> Flags:
    """Drop what is thinner than three pixels."""
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, square(3)) > 0


def bounds(mask: Flags | Pixels) -> Box:
    """Return x, y, width, height of what is set."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return int(x), int(y), int(width), int(height)


def grey(rgb: Pixels) -> Pixels:
    """Return the luma of an RGB picture."""
    return cast("Pixels", cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
