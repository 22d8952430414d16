"""Showing a product in another of its colours: one hue group moves, logos and neutrals stay.

Light and shade are kept as they were; what was measured afterwards is reported. A swap always
waits for a person: only the seller knows whether that variant exists.
"""

from dataclasses import dataclass

import numpy as np

from tierbook.studio import colour
from tierbook.studio.arrays import Flags, Floats, Pixels, gaussian
from tierbook.studio.checking import Check

_BINS = 36
_COLOURED = 14.0  # chroma from which a pixel has a hue of its own
_NEUTRAL_SHARE = 0.15  # under this share of coloured pixels the product counts as neutral


@dataclass(frozen=True)
class Swap:
    """A recoloured product: its pixels, and what was measured.

    Attributes:
        rgb: (h, w, 3) uint8.
        off: Median CIEDE2000 between the changed region's middle tone and the colour asked for.
        coverage: Share of the product that changed, 0..1.
        neutral: Whether the product had no hue to pick, so its greys were tinted.
    """

    rgb: Pixels
    off: float
    coverage: float
    neutral: bool


def swap(rgb: Pixels, alpha: Pixels, target: colour.Rgb, region: Pixels | None = None) -> Swap:
    """Move the product's main colour to `target`.

    Args:
        rgb: Product colours, (h, w, 3).
        alpha: Coverage, (h, w).
        target: The colour asked for.
        region: The seller's own choice of what may change, (h, w) uint8; everything when None.
    """
    values = colour.lab(rgb)
    inside = alpha > 200
    weight, neutral = _chosen(values, inside)
    if region is not None:
        weight = weight * (region.astype(np.float32) / 255)
    weight = weight * (alpha > 0)
    goal = colour.lab_of(target)
    middle = inside & (weight > 0.9)
    if not middle.any():
        return Swap(rgb.copy(), 100.0, 0.0, neutral)
    moved = _moved(values, values[middle], goal, neutral)
    mixed = values + (moved - values) * weight[:, :, None]
    result = colour.rgb_of_lab(mixed)
    result[weight <= 0.004] = rgb[weight <= 0.004]
    after = np.median(colour.lab(result)[middle], axis=0)
    off = float(colour.difference(after.astype(np.float32), goal))
    return Swap(result, off, float(middle.sum()) / max(1, int(inside.sum())), neutral)


def _chosen(values: Floats, inside: Flags) -> tuple[Floats, bool]:
    """Weigh each pixel by how surely it belongs to the main hue, or to the greys."""
    # Grain would speckle what lies near the limit: choose by calm colours, change the real ones.
    values = gaussian(values, max(0.8, 0.0012 * max(values.shape[:2])))
    chroma = np.hypot(values[:, :, 1], values[:, :, 2])
    coloured = inside & (chroma > _COLOURED)
    if coloured.sum() < _NEUTRAL_SHARE * max(1, int(inside.sum())):
        # A white shirt's print has a hue: it is protected, and so is its black.
        level = float(np.median(values[:, :, 0][inside])) if inside.any() else 50.0
        near = np.abs(values[:, :, 0] - level) < 35
        grey = 1 - _step(chroma, 9, _COLOURED)
        return gaussian((grey * near).astype(np.float32), 0.8), True
    hue = np.degrees(np.arctan2(values[:, :, 2], values[:, :, 1])) % 360
    votes, _ = np.histogram(hue[coloured], _BINS, (0, 360), weights=chroma[coloured])
    smooth = votes + np.roll(votes, 1) + np.roll(votes, -1)
    peak = int(np.argmax(smooth))
    near = coloured & (_apart(hue, (peak + 0.5) * 360 / _BINS) < 25)
    turn = np.radians(hue[near])
    centre = float(np.degrees(np.arctan2(np.sin(turn).mean(), np.cos(turn).mean()))) % 360
    # A cream label beside a yellow lid has its hue, but hardly: it is not the main colour.
    typical = max(_COLOURED, float(np.median(chroma[near])))
    belongs = (1 - _step(_apart(hue, centre), 22, 40)) * _step(
        chroma, 0.25 * typical, 0.5 * typical
    )
    return gaussian(belongs.astype(np.float32), 0.8), False


def _apart(hue: Floats, centre: float) -> Floats:
    return np.abs((hue - centre + 180) % 360 - 180)


def _step(value: Floats, low: float, high: float) -> Floats:
    share = np.clip((value - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


def _moved(values: Floats, main: Floats, goal: Floats, neutral: bool) -> Floats:
    light, tint = np.median(main[:, 0]), np.hypot(main[:, 1], main[:, 2])
    typical = max(4.0, float(np.median(tint)))
    moved = np.empty_like(values)
    # Folds are as deep as the colour is light: the same depth on a dark colour would turn black.
    depth = np.clip(goal[0] / max(12.0, float(light)), 0.55, 1.25)
    moved[:, :, 0] = np.clip(goal[0] + (values[:, :, 0] - light) * depth, 0, 100)
    own = np.hypot(values[:, :, 1], values[:, :, 2]) / typical
    share = np.ones_like(own) if neutral else np.clip(own, 0, 1.3)
    moved[:, :, 1:] = goal[1:] * share[:, :, None]
    if not neutral:
        # A highlight mirrors the lamp, not the product: pale and bright, it stays as it was.
        shine = _step(values[:, :, 0] - light, 3, 14) * _step(0.85 - own, 0.0, 0.5)
        moved[:, :, 0] += (values[:, :, 0] - moved[:, :, 0]) * shine
    return moved


def judged(result: Swap, target: colour.Rgb) -> tuple[Check, ...]:
    """Judge a swap: how near it came, how much changed; it never passes without a person."""
    limit = "at most 5.0"
    near = result.off <= 5.0
    close = (
        "" if near else f"The colour came out {result.off:.1f} away from {colour.spell(target)}."
    )
    grey = (
        " The product has no colour of its own, so its greys were tinted." if result.neutral else ""
    )
    return (
        Check("Colour reached", "pass" if near else "warn", f"{result.off:.1f}", limit, close),
        Check(
            "Colour swap",
            "warn",
            f"{result.coverage:.0%} of the product",
            "a person approves",
            f"The colour was changed by computer.{grey} Approve it only if this variant exists.",
        ),
    )
