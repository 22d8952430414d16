"""Making one ordered picture from one photo: open, cut, compose, save, check."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tierbook import contract
from tierbook.studio import (
    angles,
    banner,
    blanks,
    checking,
    colour,
    compose,
    doubts,
    encode,
    fingerprint,
    measures,
    mockup,
    ordering,
    placing,
    recolour,
    scene,
)
from tierbook.studio.checking import Check
from tierbook.studio.cutout import Cutout, Look, cut_out
from tierbook.studio.mask_cache import MaskCache
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


@dataclass(frozen=True)
class _Product:
    """The product as it will be shown: its pixels after a colour swap, and the checks so far."""

    cutout: Cutout
    rgb: NDArray[np.uint8] | None
    checks: tuple[Check, ...]


def make(
    order: ordering.Order,
    photo: bytes,
    look: Look | None,
    photo_path: str = "",
    known: MaskCache | None = None,
) -> Made:
    """Make the picture an order asks for.

    Args:
        order: The order.
        photo: The seller's photo.
        look: The salience network, or None when its file is not there.
        photo_path: Where the photo lies; a `*_mask.png` beside it is used.
        known: Masks found before.

    Raises:
        UnusablePhoto: The photo cannot be used; says why and what to do.
    """
    operation = ordering.choose(order)
    opened = open_photo(photo)
    if operation == "mockup":
        return _mockup(order, opened.rgb, opened.alpha, opened.checks, photo_path)
    cutout = cut_out(opened, look, mask_beside(photo_path), known=known)
    product = _swapped(order, cutout)
    if operation == "cutout":
        return _on_colour(order, product)
    if operation == "draft":
        return _draft(order, product)
    return _scene(order, product, photo_path)


def _swapped(order: ordering.Order, cutout: Cutout) -> _Product:
    wanted = ordering.swap_colour(order)
    if not wanted:
        return _Product(cutout, None, cutout.checks)
    target = colour.parse(wanted)
    if target is None:
        message = f'"{wanted}" is no colour known. Write it as #RRGGBB, for example #1A5CFF.'
        unknown = Check("Colour swap", "fail", wanted, "a colour", message)
        return _Product(cutout, None, (*cutout.checks, unknown))
    swap = recolour.swap(cutout.rgb, cutout.alpha, target)
    return _Product(cutout, swap.rgb, (*cutout.checks, *recolour.judged(swap, target)))


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
    words = (
        f"{ordering.fact(order, contract.CATEGORY)} {ordering.fact(order, contract.PRODUCT_NAME)}"
    )
    return not any(word in words.lower() for word in _HANGING)


def _on_colour(order: ordering.Order, product: _Product) -> Made:
    cutout = product.cutout
    fill = measures.fill_of(order.placement)
    backdrop = backdrop_colour(order)
    wanted = ordering.asks(order, ordering.SHADOW)
    # A marketplace's white main image is judged by its white: a shadow only when asked for.
    shadow = wanted if wanted is not None else backdrop != compose.WHITE and stands(order)
    canvas = (order.width, order.height)
    scale, scaled = _scale(order, cutout, compose.own_scale(cutout, canvas, fill))
    composed = compose.on_colour(
        cutout,
        canvas,
        fill=fill,
        colour=backdrop,
        shadow=shadow,
        scale=scale,
        rgb=product.rgb,
    )
    content = encode.encode(composed.rgb, order.placement)
    measured = measures.of_product(
        content, composed, cutout, None if scale else fill, swapped=product.rgb is not None
    )
    said = (*product.checks, *scaled)
    return _finished("cutout", order, content, said, measured, composed.rgb, cutout.route)


def _scale(
    order: ordering.Order, cutout: Cutout, own: float
) -> tuple[float | None, tuple[Check, ...]]:
    """Choose the scale all angles share, where one is told and suits this one; None is its own."""
    told = ordering.number(order, ordering.COMMON_SCALE)
    if told is None or not doubts.is_whole(cutout.checks):
        return None, ()
    scale, check = angles.judged(told, own)
    return scale, (check,)


def own_scale(
    order: ordering.Order,
    photo: bytes,
    look: Look | None,
    photo_path: str = "",
    known: MaskCache | None = None,
) -> float | None:
    """Measure one angle of an order: the scale at which it alone would fill the canvas.

    Returns:
        Canvas pixels per pixel of the photo; None for a detail that the photo's frame cuts off,
        which says nothing about the size of the product.

    Raises:
        UnusablePhoto: The photo cannot be used.
    """
    cutout = cut_out(open_photo(photo), look, mask_beside(photo_path), known=known)
    if not doubts.is_whole(cutout.checks):
        return None
    fill = measures.fill_of(order.placement)
    return compose.own_scale(cutout, (order.width, order.height), fill)


def _scene(order: ordering.Order, product: _Product, photo_path: str) -> Made:
    canvas = (order.width, order.height)
    named = ordering.fact(order, ordering.SCENE_PHOTO)
    said: tuple[Check, ...] = ()
    if named:
        back = open_photo(_beside(photo_path, named)).rgb
        box = placing.read_box(ordering.fact(order, ordering.SCENE_BOX))
        composed = placing.into_photo(product.cutout, back, canvas, box, order.seed, product.rgb)
        said = placing.judged(box)
    else:
        chosen = scene.setting(
            ordering.fact(order, contract.SCENE_NOTES),
            order.brand_colours,
            ordering.fact(order, contract.BACKGROUND).lower(),
        )
        composed = scene.studio_scene(
            product.cutout, canvas, chosen, order.seed, stands=stands(order), rgb=product.rgb
        )
    content = encode.encode(composed.rgb, order.placement)
    measured = measures.of_scene(
        content, composed, product.cutout, untouched=not named and product.rgb is None
    )
    route = product.cutout.route
    return _finished(
        "scene", order, content, (*product.checks, *said), measured, composed.rgb, route
    )


def _draft(order: ordering.Order, product: _Product) -> Made:
    candidate = banner.draft(
        product.cutout,
        (order.width, order.height),
        seed=order.seed,
        candidate=order.candidate,
        brand_colours=order.brand_colours,
        headline=ordering.fact(order, ordering.HEADLINE) or ordering.fact(order, contract.CAMPAIGN),
        stands=stands(order),
    )
    composed = candidate.composed
    content = encode.encode(composed.rgb, order.placement)
    measured = measures.of_scene(content, composed, product.cutout, untouched=product.rgb is None)
    said = (*product.checks, *banner.judged(candidate))
    made = _finished("draft", order, content, said, measured, composed.rgb, product.cutout.route)
    x0, y0, x1, y1 = candidate.safe
    words = {"layout": candidate.layout, "copy_safe_area": f"{x0},{y0},{x1},{y1}"}
    return Made(made.content, made.operation, made.checks, {**made.notes, **words})


def _mockup(
    order: ordering.Order,
    design: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    opened: tuple[Check, ...],
    photo_path: str,
) -> Made:
    name = ordering.mockup_name(order) or "poster"
    template = blanks.blank(name)
    if template is None:
        template = mockup.load(_inside(photo_path, name))
    picture = mockup.render(template, design, alpha)
    picture = placing.cropped(picture, (order.width, order.height))
    content = encode.encode(picture, order.placement)
    message = (
        "A mockup is a drawing of the product, not a photo of it; some channels do not take it."
    )
    said = (*opened, Check("Mockup", "warn", template.name, "a person approves", message))
    return _finished("mockup", order, content, said, [], picture, "design")


def _beside(photo_path: str, named: str) -> bytes:
    try:
        return _inside(photo_path, named).read_bytes()
    except OSError as error:
        raise UnusablePhoto(
            f"The scene photo {named} cannot be read.",
            "Put it in the folder of the product photos.",
        ) from error


def _inside(photo_path: str, named: str) -> Path:
    """Resolve a name of the seller's within the photo's folder, and nowhere else."""
    folder = Path(photo_path).resolve().parent
    path = (folder / named).resolve()
    if not photo_path or not path.is_relative_to(folder):
        raise UnusablePhoto(
            f'"{named}" is not in the folder of the product photos.', "Move it there."
        )
    return path


def _finished(
    operation: str,
    order: ordering.Order,
    content: bytes,
    said: tuple[Check, ...],
    measured: list[Check],
    rgb: NDArray[np.uint8],
    route: str,
) -> Made:
    """Gather what was said of the photo and measured on the file, and the notes."""
    ordered = measures.of_made(content, order.width, order.height, order.placement)
    gathered = (*said, *ordered, *measured)
    notes = {
        "operation": operation,
        "route": route,
        "verdict": checking.worst(gathered),
        "message": checking.summary(gathered),
        "checks": checking.to_json(gathered),
        "fingerprint": f"{fingerprint.fingerprint(rgb):016x}",
    }
    return Made(content, operation, gathered, notes)
