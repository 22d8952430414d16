"""Telling a product from a plain backdrop by colour alone: the way without a network.

A smooth surface is fitted to the colours along the photo's border; what departs from it, and
cannot be reached from the border through backdrop, is the product. It works on paper, walls and
sweeps; it is blind to a product of the backdrop's own colour.
"""

import cv2
import numpy as np

from tierbook.studio import colour
from tierbook.studio.arrays import Flags, Floats, Pixels, components, gaussian, resized, square

SIDE = 200
_BORDER = 0.05
_SHADOW = 0.3  # a cast shadow is darker but not another colour: it counts this much


def _small(rgb: Pixels) -> Floats:
    small = resized(rgb, SIDE, SIDE)
    return colour.lab(gaussian(small, 1.0))


def _terms(side: int) -> Floats:
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)


def departure(rgb: Pixels) -> tuple[Floats, float]:
    """Measure how far each place departs from the backdrop the border shows.

    Returns:
        Colour distance (200, 200), and the spread along the border itself in the same unit:
        under about 5 the backdrop is plain.
    """
    values = _small(rgb)
    rim = np.ones((SIDE, SIDE), bool)
    width = round(SIDE * _BORDER)
    rim[width:-width, width:-width] = False
    terms, flat, chosen = _terms(SIDE), values.reshape(-1, 3), rim.ravel()
    surface = np.zeros_like(flat)
    for _ in range(4):
        picked = terms[chosen]
        fit = np.linalg.solve(picked.T @ picked + 1e-3 * np.eye(6), picked.T @ flat[chosen])
        surface = (terms @ fit).astype(np.float32)
        off = np.linalg.norm(flat - surface, axis=1)
        # A product that touches the border must not bend the surface.
        chosen = rim.ravel() & (off < max(4.0, 2.5 * float(np.median(off[rim.ravel()]))))
    change = (flat - surface).reshape(SIDE, SIDE, 3)
    darker = (change[:, :, 0] < 0) & (np.abs(change[:, :, 1:]).max(axis=2) < 6)
    change[:, :, 0] *= np.where(darker, _SHADOW, 1.0)
    distance = np.linalg.norm(change, axis=2).astype(np.float32)
    return distance, float(np.percentile(distance[rim], 75))


def foreground(rgb: Pixels) -> Floats:
    """Return what is not backdrop, (200, 200) in 0..1."""
    distance, spread = departure(rgb)
    limit = max(6.0, 2.5 * spread)
    backdrop = (distance < limit).astype(np.uint8)
    framed = cv2.copyMakeBorder(backdrop, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    filled = np.zeros((framed.shape[0] + 2, framed.shape[1] + 2), np.uint8)
    cv2.floodFill(framed, filled, (0, 0), 2)
    product = (framed[1:-1, 1:-1] != 2).astype(np.uint8)
    product[_holes(product > 0, backdrop > 0, distance, limit)] = 0
    product = cv2.morphologyEx(product, cv2.MORPH_OPEN, square(3))
    return gaussian(product.astype(np.float32), 1.0)


def _holes(product: Flags, backdrop: Flags, distance: Floats, limit: float) -> Flags:
    """Find backdrop seen through the product, as in a handle: large, and very near its colour."""
    count, labels, _ = components(product & backdrop)
    holes = np.zeros(product.shape, bool)
    for label in range(1, count):
        part = labels == label
        if part.mean() > 0.003 and float(distance[part].mean()) < 0.6 * limit:
            holes |= part
    return holes
