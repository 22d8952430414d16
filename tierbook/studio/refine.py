"""From a coarse salience map to a clean edge: GrabCut, a guided filter, true edge colours."""

import cv2
import numpy as np

from tierbook.studio.arrays import (
    Flags,
    Floats,
    Pixels,
    components,
    disc,
    gaussian,
    grown,
    mean_blur,
    remapped,
    resized,
    scaled,
    shrunk,
    square,
)

CUT_SIDE = 384  # GrabCut's working size: its cost grows faster than its use past this
_SEED = 20_000


def grab_cut(rgb: Pixels, salience: Floats) -> Floats | None:
    """Settle the unsure places of a salience map by the colours on both sides.

    Args:
        rgb: The photo, (h, w, 3).
        salience: Any size, 0..1.

    Returns:
        A hard mask at working size (long side 384), or None where it ran away from the salience.
    """
    scale = CUT_SIDE / max(rgb.shape[:2])
    width, height = (max(8, round(side * scale)) for side in (rgb.shape[1], rgb.shape[0]))
    small = resized(rgb, width, height)
    belief = resized(salience, width, height)
    marks = np.where(belief > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[shrunk(belief < 0.05, square(7)) > 0] = cv2.GC_BGD
    marks[shrunk(belief > 0.9, square(5)) > 0] = cv2.GC_FGD
    if not (np.any(marks == cv2.GC_BGD) and np.any(marks == cv2.GC_FGD)):
        return None
    before = float((belief > 0.5).sum())
    cv2.setRNGSeed(_SEED)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    whole = (0, 0, width, height)  # not looked at: the marks say where
    cv2.grabCut(small, marks, whole, *models, 2, cv2.GC_INIT_WITH_MASK)
    cut = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.float32)
    return cut if 0.6 < cut.sum() / max(before, 1) < 1.5 else None


def _box(values: Floats, radius: int) -> Floats:
    return mean_blur(values, (2 * radius + 1, 2 * radius + 1))


def guided(guide: Floats, mask: Floats, radius: int, softness: float) -> Floats:
    """Express a mask by a photo's colours: the coefficients of a colour guided filter.

    Args:
        guide: The photo, (h, w, 3) in 0..1.
        mask: Of the same size, 0..1.
        radius: Window in pixels.
        softness: Regularisation; smaller follows colour more closely.

    Returns:
        Shape (h, w, 4): the mask at a pixel is the first three times its colour, plus the fourth.
        They vary slowly, so they can be enlarged and applied to the photo at full size.
    """
    mean, mean_mask = _box(guide, radius), _box(mask, radius)
    cross = _box(guide * mask[:, :, None], radius) - mean * mean_mask[:, :, None]
    spread = np.empty((*mask.shape, 3, 3), np.float32)
    for first in range(3):
        for second in range(first, 3):
            joint = _box(guide[:, :, first] * guide[:, :, second], radius)
            joint -= mean[:, :, first] * mean[:, :, second]
            spread[:, :, first, second] = spread[:, :, second, first] = joint
    spread += np.eye(3, dtype=np.float32) * softness
    slope = np.linalg.solve(spread, cross[:, :, :, None])[:, :, :, 0]
    offset = mean_mask - _dot(slope, mean)
    return np.asarray(_box(np.dstack([slope, offset]), radius), np.float32)


def _dot(slope: Floats, colour: Floats) -> Floats:
    return (
        slope[..., 0] * colour[..., 0]
        + slope[..., 1] * colour[..., 1]
        + slope[..., 2] * colour[..., 2]
    )


def sharpen_edge(rgb: Pixels, belief: Floats) -> Pixels:
    """Enlarge a coarse mask to a photo's size so that its edge follows the photo's own.

    Opaque inside, empty outside, soft only along the outline; stray specks and pinholes go.

    Args:
        rgb: The photo, (h, w, 3).
        belief: The coarse mask, smaller than the photo and of its shape, 0..1.

    Returns:
        The mask at the photo's size, uint8.
    """
    rows, columns = belief.shape
    height, width = rgb.shape[:2]
    guide = np.asarray(resized(rgb, columns, rows), np.float32) / 255
    law = guided(guide, belief, radius=4, softness=1e-3)
    solid = (_dot(law[..., :3], guide) + law[..., 3] > 0.5).astype(np.uint8)
    solid = np.maximum(solid, shrunk(belief > 0.6, square(7)))
    solid = without_specks(solid, 0.02)
    solid = 1 - without_specks(1 - solid, 0.0, least=64.0)
    reach = disc(7)
    least = mean_blur(shrunk(solid, reach).astype(np.float32), (5, 5))
    most = mean_blur(grown(solid, reach).astype(np.float32), (5, 5))
    wide = scaled(np.dstack([least, most]), (width, height), cv2.INTER_LINEAR)
    alpha = (wide[:, :, 0] > 0.99).astype(np.uint8) * np.uint8(255)
    edge = (alpha == 0) & (wide[:, :, 1] > 0.01)
    if not edge.any():
        return _calmed(alpha)
    at_edge = _sampled(law, edge)
    value = _dot(at_edge[:, :3], rgb[edge].astype(np.float32) / 255) + at_edge[:, 3]
    # The curve starts late and ends early: a soft edge, but no veil of backdrop around it.
    value = np.clip((value - 0.25) / 0.6, wide[edge, 0], wide[edge, 1])
    alpha[edge] = (np.clip(value, 0, 1) * 255).round().astype(np.uint8)
    return _calmed(alpha)


def _calmed(alpha: Pixels) -> Pixels:
    """Take the backdrop's grain out of an edge: smooth its course, then drop specks beside it."""
    soft = gaussian(cv2.medianBlur(alpha, 5), max(1.0, 0.0011 * max(alpha.shape)))
    calm = np.asarray(cv2.addWeighted(soft, 1.8, soft, 0, -0.4 * 255), np.uint8)
    solid = without_specks((calm > 110).astype(np.uint8), 0.01)
    near = grown(solid, square(7))
    return np.where(near > 0, calm, np.uint8(0))


def _sampled(values: Floats, where: Flags) -> Floats:
    """Enlarge a small map to the shape of `where`, but only at its true places: (n, channels)."""
    rows, columns = np.nonzero(where)
    down = ((rows + 0.5) * (values.shape[0] / where.shape[0]) - 0.5).astype(np.float32)
    across = ((columns + 0.5) * (values.shape[1] / where.shape[1]) - 0.5).astype(np.float32)
    # OpenCV takes points in the shape of a picture of at most 32767 a side: fold them into rows.
    width = 4096
    lines = -(-len(rows) // width)
    x, y = (np.resize(points, (lines, width)) for points in (across, down))
    found = remapped(values, x, y)
    return found.reshape(lines * width, -1)[: len(rows)]


def without_specks(solid: Pixels, share: float, least: float = 0.0) -> Pixels:
    """Drop components smaller than `share` of the largest, or than `least` pixels."""
    count, labels, areas = components(solid)
    if count <= 2:
        return solid
    areas[0] = 0
    keep = areas >= max(share * float(areas.max()), least)
    keep[0] = False
    return keep[labels].astype(np.uint8)


def edge_colours(rgb: Pixels, alpha: Floats) -> Pixels:
    """Replace the backdrop's tint in half-transparent pixels by the product's own colour.

    Blur fusion: a wide blur gives each pixel a product and a backdrop colour, a narrow one then
    corrects them against what the camera saw. Both are smooth, so they are found at a quarter
    of the size. Opaque pixels keep their exact values.
    """
    height, width = alpha.shape
    size = max(8, width // 4), max(8, height // 4)
    seen = np.asarray(resized(rgb, *size), np.float32)
    cover = np.asarray(resized(alpha, *size), np.float32)
    radius = max(6, round(max(size) * 0.03))
    front, back = _sides(seen, seen, cover, radius)
    front = front + cover[:, :, None] * (
        seen - cover[:, :, None] * front - (1 - cover[:, :, None]) * back
    )
    front, back = _sides(np.clip(front, 0, 255), back, cover, max(2, radius // 6))
    edge = (alpha > 0) & (alpha < 0.999)
    if not edge.any():
        return rgb.copy()
    product, backdrop = _sampled(front, edge), _sampled(back, edge)
    weight = alpha[edge][:, None]
    product = product + weight * (
        rgb[edge].astype(np.float32) - weight * product - (1 - weight) * backdrop
    )
    result = rgb.copy()
    result[edge] = np.clip(product, 0, 255).round().astype(np.uint8)
    return result


def _sides(front: Floats, back: Floats, alpha: Floats, radius: int) -> tuple[Floats, Floats]:
    """Return the mean product and the mean backdrop colour around each pixel."""
    weight = alpha[:, :, None]
    size = (2 * radius + 1, 2 * radius + 1)
    blurred = mean_blur(alpha, size)[:, :, None]
    product = mean_blur(front * weight, size) / (blurred + 1e-4)
    backdrop = mean_blur(back * (1 - weight), size) / (1 - blurred + 1e-4)
    return product, backdrop
