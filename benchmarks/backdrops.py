"""Photographs with a known answer: a true cut-out laid on a drawn backdrop, as a camera sees it.

Light grey sweep, uneven paper, flat colour and textured ground, each with a cast shadow, sensor
noise and JPEG compression, all from a seed. The true alpha is returned beside the photograph.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

KINDS = ("light grey", "uneven paper", "flat colour", "textured")
TEXTURES = ("brick", "gravel", "grass", "wood", "cloth")


@dataclass(frozen=True)
class KnownPhoto:
    """A drawn photograph `rgb` (h, w, 3) uint8, its JPEG, and the true alpha (h, w) in 0..1."""

    rgb: NDArray[np.uint8]
    jpeg: bytes
    alpha: NDArray[np.float32]


def true_cutout(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Read a picture with an alpha channel, without the soft shadow that floats below it."""
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    alpha = picture[:, :, 3]
    solid = (alpha > 235).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    keep = [n for n in range(1, len(stats)) if stats[n, cv2.CC_STAT_AREA] > 200]
    near = cv2.dilate(np.isin(labels, keep).astype(np.uint8), np.ones((9, 9), np.uint8))
    alpha = np.where(near > 0, alpha, 0)
    x, y, w, h = cv2.boundingRect((alpha > 0).astype(np.uint8))
    rgb = cv2.cvtColor(picture[y : y + h, x : x + w, :3], cv2.COLOR_BGR2RGB)
    return rgb, alpha[y : y + h, x : x + w].astype(np.float32) / 255


def _noise(size: int, cell: int, random: np.random.Generator) -> NDArray[np.float32]:
    coarse = random.normal(size=(max(2, size // cell) + 1,) * 2).astype(np.float32)
    return cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)


def _light(size: int, random: np.random.Generator, strength: float) -> NDArray[np.float32]:
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    angle = random.uniform(0, 2 * np.pi)
    fall = 1 - strength * (x * np.cos(angle) + y * np.sin(angle)) - strength * (x * x + y * y)
    return fall[:, :, None]


def _texture(size: int, random: np.random.Generator) -> NDArray[np.float32]:
    name = TEXTURES[int(random.integers(len(TEXTURES)))]
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    grain = _noise(size, 2, random)[:, :, None] * 9 + _noise(size, 24, random)[:, :, None] * 9
    if name == "brick":
        row = (y // 60).astype(int)
        shifted = x + 70 * (row % 2)
        mortar = ((y % 60) < 7) | ((shifted % 140) < 7)
        tone = random.normal(0, 14, size=(64, 64))[row % 64, (shifted // 140).astype(int) % 64]
        base = np.where(mortar[:, :, None], [186, 178, 168], [150, 88, 70]) + tone[:, :, None]
    elif name == "gravel":
        stones = _noise(size, 7, random)[:, :, None]
        base = np.array([128, 124, 118]) + stones * 34
    elif name == "grass":
        blades = cv2.blur(_noise(size, 2, random), (1, 13))[:, :, None] * 46
        base = np.array([82, 116, 52]) + blades * np.array([0.8, 1.0, 0.5])
    elif name == "wood":
        rings = np.sin((x + _noise(size, 90, random) * 30) / 9)[:, :, None] * 12
        seam = ((x % 190) < 4)[:, :, None] * 46
        base = np.array([164, 120, 80]) + rings - seam
    else:
        weave = (np.sin(x / 2.2) * np.sin(y / 2.2))[:, :, None] * 16
        base = np.array([176, 160, 142]) + weave
    return (base + grain).astype(np.float32)


def backdrop(kind: str, size: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Draw a backdrop of one of `KINDS`, (size, size, 3) float32 in 0..255."""
    if kind == "light grey":
        return np.full((size, size, 3), random.uniform(205, 236)) * _light(size, random, 0.14)
    if kind == "uneven paper":
        paper = np.array([228, 222, 212]) + random.normal(0, 5, 3)
        creases = _noise(size, 160, random)[:, :, None] * 5 + _noise(size, 5, random)[:, :, None]
        return paper * _light(size, random, 0.34) + creases
    if kind == "flat colour":
        hue = np.uint8(
            [[[random.integers(180), random.integers(60, 190), random.integers(120, 230)]]]
        )
        colour = cv2.cvtColor(hue, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)
        return np.full((size, size, 3), colour) * _light(size, random, 0.16)
    return _texture(size, random) * _light(size, random, 0.2)


def place(
    size: int,
    alpha: NDArray[np.float32],
    rgb: NDArray[np.uint8],
    share: float,
    at: tuple[float, float],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scale a cut-out to `share` of the frame and centre it `at` (x, y in 0..1)."""
    scale = share * size / max(alpha.shape)
    w, h = (max(1, round(n * scale)) for n in (alpha.shape[1], alpha.shape[0]))
    small = cv2.resize(alpha, (w, h), interpolation=cv2.INTER_AREA)
    tint = cv2.resize(
        rgb.astype(np.float32) * alpha[:, :, None], (w, h), interpolation=cv2.INTER_AREA
    )
    x = int(np.clip(round(at[0] * size - w / 2), 0, size - w))
    y = int(np.clip(round(at[1] * size - h / 2), 0, size - h))
    full, colour = np.zeros((size, size), np.float32), np.zeros((size, size, 3), np.float32)
    full[y : y + h, x : x + w], colour[y : y + h, x : x + w] = small, tint
    return full, colour


def photograph(
    products: list[tuple[NDArray[np.uint8], NDArray[np.float32]]],
    kind: str,
    seed: int,
    size: int = 1200,
    share: tuple[float, float] = (0.55, 0.8),
) -> KnownPhoto:
    """Photograph one product (or several, side by side) on a backdrop of `kind`."""
    random = np.random.default_rng(seed)
    picture = backdrop(kind, size, random)
    alpha = np.zeros((size, size), np.float32)
    for index, (rgb, shape) in enumerate(products):
        centre = (index + 0.5) / len(products) + random.uniform(-0.03, 0.03)
        middle = random.uniform(0.46, 0.56)
        part = random.uniform(*share) / (1 if len(products) == 1 else len(products) * 0.95)
        mask, colour = place(size, shape, rgb, part, (centre, middle))
        shift = np.float32([[1, 0, random.uniform(-18, 18)], [0, 1, random.uniform(10, 26)]])
        cast = cv2.GaussianBlur(
            cv2.warpAffine(mask, shift, (size, size)), (0, 0), random.uniform(7, 18)
        )
        picture = picture * (1 - random.uniform(0.25, 0.45) * cast[:, :, None])
        picture = picture * (1 - mask[:, :, None]) + colour
        alpha = np.maximum(alpha, mask)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6) + random.normal(0, 2.5, picture.shape)
    seen = np.clip(picture, 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", seen[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    return KnownPhoto(seen, jpeg.tobytes(), alpha)
