"""One scale for all angles of a SKU: what they share, and when an angle is better left alone."""

from collections.abc import Iterable

from tierbook.studio.checking import Check

# At more than this an angle was taken from another distance, or shows the product end on: beside
# the others it would be a speck.
MOST_APART = 3.0


def common_scale(own: Iterable[float | None]) -> float | None:
    """Return the one scale at which every angle fits and the largest fills the canvas.

    Args:
        own: The scale at which each angle alone would fill it (`compose.own_scale`); None for an
            angle that tells nothing, such as a detail cut off by the frame.

    Returns:
        Canvas pixels per pixel of the photos, or None where fewer than two angles tell.
    """
    told = [scale for scale in own if scale is not None]
    return min(told) if len(told) > 1 else None


def judged(common: float, own: float) -> tuple[float | None, Check]:
    """Decide for one angle between the common scale and its own; None is its own."""
    apart = own / common
    spelled, limit = f"{apart:.1f} times smaller", f"at most {MOST_APART:.1f} times"
    if apart <= MOST_APART:
        return common, Check("One scale for all angles", "pass", spelled, limit)
    message = (
        "The product is far smaller in this photo than in its other angles, so it fills the "
        "picture by itself. Photograph all angles from one distance."
    )
    return None, Check("One scale for all angles", "warn", spelled, limit, message)
