"""Making one ordered picture from one photo: open, cut, compose, save, check."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tierbook import contract
from tierbook.studio import checking, checks, colour, compose, encode, fingerprint, ordering
from tierbook.studio.checking import Check
from tierbook.studio.cutout import Cutout, Look, cut_out
from tierbook.studio.photo import UnusablePhoto, open_photo

_LIGHT_GREY = (242, 242, 243)
_HANGING = ("apparel", "clothing", "shirt", "tee", "hoodie", "dress", "jacket", "beanie", "hat")


@dataclass(frozen=True)
class Made:
    """A finished picture: the file, what was measured on it, and words for the seller."""

    content: bytes
    operation: str
    checks: tuple[Check, ...]
    notes: dict[str, str]


def make(order: ordering.Order, photo: bytes, look: Look | None, photo_path: str = "") -> Made:
    """Make the picture an order asks for.

    Args:
        order: The order.
        photo: The seller's photo.
        look: The salience network, or None when its file is not there.
        photo_path: Where the photo lies; a `*_mask.png` beside it is used.

    Raises:
        UnusablePhoto: The photo cannot be used; says why and what to do.
    """
    operation = ordering.choose(order)
    cutout = cut_out(open_photo(photo), look, mask_beside(photo_path))
    if operation == "cutout":
        return _on_colour(order, cutout)
    raise NotImplementedError(operation)


def mask_beside(photo_path: str) -> NDArray[np.uint8] | None:
    """Return the seller's own mask of a photo (`mug.jpg`, `mug_mask.png`), or None."""
    if not photo_path:
        return None
    path = Path(photo_path)
    mask = path.with_name(f"{path.stem}_mask.png")
    if not mask.is_file():
        return None
    try:
        return np.asarray(Image.open(mask, formats=("PNG",)).convert("L"))
    except OSError as error:
        raise UnusablePhoto(
            f"The mask {mask.name} cannot be opened.", "Save it again as a PNG, or remove it."
        ) from error


def backdrop_colour(order: ordering.Order) -> colour.Rgb:
    """Choose the backdrop: white, the brand's colour, or the colour the seller names."""
    background = ordering.fact(order, contract.BACKGROUND).lower()
    if background == "brand" and order.brand_colours:
        return colour.parse(order.brand_colours[0]) or compose.WHITE
    named = colour.parse(ordering.fact(order, ordering.BACKGROUND_COLOUR))
    if named:
        return named
    if background == "solid":
        words = ordering.fact(order, contract.SCENE_NOTES).replace(",", " ").split()
        return next((found for word in words if (found := colour.parse(word))), _LIGHT_GREY)
    return compose.WHITE


def stands(order: ordering.Order) -> bool:
    """Tell whether the product stands on something: clothes lie or hang and cast no base shadow."""
    words = f"{ordering.fact(order, contract.CATEGORY)} {ordering.fact(order, contract.PRODUCT_NAME)}"
    return not any(word in words.lower() for word in _HANGING)


def _on_colour(order: ordering.Order, cutout: Cutout) -> Made:
    canvas = (order.width, order.height)
    fill = checks.fill_of(order.placement)
    backdrop = backdrop_colour(order)
    wanted = ordering.asks(order, ordering.SHADOW)
    # A marketplace's white main image is judged by its white: a shadow only when asked for.
    shadow = wanted if wanted is not None else backdrop != compose.WHITE and stands(order)
    scale = ordering.fact(order, ordering.COMMON_SCALE)
    composed = compose.on_colour(
        cutout,
        canvas,
        fill=fill,
        colour=backdrop,
        shadow=shadow,
        scale=float(scale) if scale else None,
    )
    content = encode.encode(composed.rgb, order.placement)
    measured = checks.of_made(content, order.width, order.height, order.placement)
    measured += checks.of_product(content, composed, cutout, fill)
    return finished("cutout", content, cutout, measured, composed.rgb)


def finished(
    operation: str, content: bytes, cutout: Cutout, measured: list[Check], rgb: NDArray[np.uint8]
) -> Made:
    """Gather the checks of the cut-out and of the file, and the notes that go with the picture."""
    gathered = (*cutout.checks, *measured)
    notes = {
        "operation": operation,
        "route": cutout.route,
        "verdict": checking.worst(gathered),
        "message": checking.summary(gathered),
        "checks": checking.to_json(gathered),
        "fingerprint": f"{fingerprint.fingerprint(rgb):016x}",
    }
    return Made(content, operation, gathered, notes)
