"""Studio scenes drawn by the program: wall, surface, light, shadow, a faint reflection.

The product's own pixels stay as the camera saw them; only what is around them is drawn.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from tierbook.studio import colour, compose
from tierbook.studio.arrays import Floats, Pixels, gaussian, mean_blur, scaled
from tierbook.studio.colour import Rgb
from tierbook.studio.compose import Composed
from tierbook.studio.cutout import Cutout


@dataclass(frozen=True)
class Setting:
    """A studio: colours of wall and surface, what the surface is made of, and the light.

    `surface` is one of sweep, wood, marble, linen, concrete, plinth; `light` is where it comes
    from, -1 left to 1 right; `shine` is how strongly the surface mirrors, 0..1.
    """

    name: str
    wall: Rgb
    floor: Rgb
    surface: str = "sweep"
    light: float = -0.7
    shine: float = 0.0
    window: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("studio", (236, 236, 238), (226, 226, 229), shine=0.10),
    Setting("wood", (233, 227, 217), (176, 128, 84), "wood", shine=0.05, window=True),
    Setting("marble", (229, 230, 232), (238, 238, 238), "marble", shine=0.16),
    Setting("linen", (240, 234, 224), (222, 212, 196), "linen", light=0.6, window=True),
    Setting("concrete", (206, 207, 208), (176, 177, 178), "concrete", light=0.7),
    Setting("dark", (44, 46, 52), (34, 35, 40), shine=0.22, light=0.6),
    Setting("plinth", (233, 214, 200), (226, 202, 184), "plinth", light=-0.8),
)
_WORDS: dict[str, tuple[str, ...]] = {
    "wood": ("wood", "wooden", "table", "desk", "oak", "kitchen", "rustic", "cafe", "home"),
    "marble": ("marble", "bathroom", "stone", "spa", "luxury", "counter"),
    "linen": ("linen", "cloth", "fabric", "bed", "bedroom", "cosy", "cozy", "soft", "warm"),
    "concrete": ("concrete", "street", "urban", "industrial", "gym", "pavement"),
    "dark": ("dark", "black", "night", "moody", "dramatic", "evening"),
    "plinth": ("plinth", "podium", "pedestal", "pastel", "stage", "gift"),
    "studio": ("studio", "clean", "minimal", "plain", "neutral"),
}


def setting(notes: str, brand_colours: tuple[str, ...], background: str = "") -> Setting:
    """Choose a studio by the words of the notes; brand colours tint its walls.

    "brand" in the notes or the background, or no hint at all with brand colours known, gives a
    plinth in the brand's first colour.
    """
    words = notes.lower()
    named = next(
        (name for name, hints in _WORDS.items() if any(hint in words for hint in hints)), ""
    )
    brand = colour.parse(brand_colours[0]) if brand_colours else None
    found = next((known for known in SETTINGS if known.name == named), None)
    if brand and (background == "brand" or "brand" in words or found is None):
        return Setting("brand", pale(brand, 0.55), pale(brand, 0.42), "plinth")
    return found or SETTINGS[0]


def pale(tone: Rgb, share: float) -> Rgb:
    """Mix a colour with white; `share` is how much of the colour is left."""
    red, green, blue = (round(255 + (part - 255) * share) for part in tone)
    return red, green, blue


def noise(width: int, height: int, cell: float, random: np.random.Generator) -> Floats:
    """Draw smooth noise of about -2..2 whose features are `cell` pixels wide."""
    rows, columns = max(2, round(height / cell)), max(2, round(width / cell))
    coarse = random.standard_normal((rows + 1, columns + 1)).astype(np.float32)
    return np.asarray(scaled(coarse, (width, height), cv2.INTER_CUBIC), np.float32)


def material(kind: str, tone: Rgb, side: int, random: np.random.Generator) -> Floats:
    """Draw a surface seen from above, (side, side, 3) in 0..255."""
    base = np.empty((side, side, 3), np.float32)
    base[:] = tone
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    if kind == "wood":
        return _wood(base, x, y, random)
    if kind == "marble":
        warp = (
            noise(side, side, side / 4, random) * 0.10
            + noise(side, side, side / 14, random) * 0.025
        )
        veins = np.abs(np.sin((x * 1.3 + y * 0.9 + warp * 2.2) * 9))
        vein = np.exp(-((veins / 0.05) ** 2)) * (
            0.5 + 0.5 * np.clip(noise(side, side, side / 5, random), 0, 1)
        )
        cloud = noise(side, side, side / 6, random) * 3
        return base + (cloud - vein * 30)[:, :, None]
    if kind == "linen":
        threads = np.sin(x * side / 1.6) * 3 + np.sin(y * side / 1.6) * 3
        slub = mean_blur(noise(side, side, 2, random), (1, 41)) * 5
        fold = noise(side, side, side / 3, random) * 6
        return base + (threads + slub + fold)[:, :, None]
    if kind == "concrete":
        mottle = noise(side, side, side / 7, random) * 5 + noise(side, side, side / 40, random) * 3
        pores = np.where(noise(side, side, 3, random) > 2.7, -22, 0)
        return base + (mottle + noise(side, side, 1.5, random) * 2.5 + pores)[:, :, None]
    return base


def _wood(base: Floats, x: Floats, y: Floats, random: np.random.Generator) -> Floats:
    side = base.shape[0]
    boards = 6
    board = np.minimum((x * boards).astype(np.intp), boards - 1)
    tone = random.normal(0, 7, boards).astype(np.float32)[board]
    shift = random.uniform(0, 9, boards).astype(np.float32)[board]
    swirl = noise(side, side, side / 5, random) * 0.10
    grain = np.sin((x * boards * 2.2 + shift + swirl * 3 + 0.4 * np.sin(y * 5 + shift)) * 9)
    fibre = mean_blur(noise(side, side, 2, random), (1, 61)) * 16
    within = (x * boards) % 1
    seam = np.exp(-((np.minimum(within, 1 - within) / 0.012) ** 2)) * 52
    change = (grain * 6 + fibre + tone - seam)[:, :, None]
    return base + change * np.array([1.0, 0.92, 0.8], np.float32)


def _backdrop(
    chosen: Setting, canvas: tuple[int, int], horizon: int, random: np.random.Generator
) -> Floats:
    """Draw wall and surface, lit from one side and darker towards the corners."""
    width, height = canvas
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = chosen.wall
    floor = np.empty((height - horizon, width, 3), np.float32)
    floor[:] = chosen.floor
    if chosen.surface in ("wood", "marble", "linen", "concrete"):
        floor = _laid(material(chosen.surface, chosen.floor, 1400, random), width, height - horizon)
    picture[horizon:] = floor
    if chosen.surface in ("sweep", "plinth"):
        blend = np.clip((np.arange(height) - horizon) / (0.16 * height) + 0.5, 0, 1)
        blend = (blend * blend * (3 - 2 * blend))[:, None, None]
        wall, ground = (np.array(tone, np.float32) for tone in (chosen.wall, chosen.floor))
        picture = np.broadcast_to(wall * (1 - blend) + ground * blend, picture.shape).copy()
    else:
        # The far edge of a table is out of focus.
        reach = max(2, round(height * 0.012))
        zone = slice(max(0, horizon - 4 * reach), min(height, horizon + 4 * reach))
        picture[zone] = gaussian(picture, reach * 0.8)[zone]
        edge = np.exp(-(((np.arange(height) - horizon) / (height * 0.02)) ** 2)) * 0.06
        picture *= 1 - edge[:, None, None].astype(np.float32)
    return picture * _light(chosen, canvas, random)[:, :, None]


def _laid(flat: Floats, width: int, depth: int) -> Floats:
    """Lay a surface seen from above in perspective below the horizon."""
    side = flat.shape[0]
    near, far = 1.9 * width, 0.92 * width
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    middle = width / 2
    target = np.array(
        [
            [middle - far, 0],
            [middle + far, 0],
            [middle + near, depth],
            [middle - near, depth],
        ],
        np.float32,
    )
    turn = cv2.getPerspectiveTransform(corners, target)
    laid = cv2.warpPerspective(
        flat, turn, (width, depth), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(laid, np.float32)


def _light(chosen: Setting, canvas: tuple[int, int], random: np.random.Generator) -> Floats:
    width, height = canvas
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.42
    pool = np.exp(-(((x - 0.22 * chosen.light) / 0.55) ** 2) - (y / 0.62) ** 2)
    light = 0.84 + 0.20 * pool
    if chosen.window:
        # Daylight through a window: two soft, slanted panes on the wall.
        slant = x * np.sign(chosen.light) + 0.55 * y + 0.30
        panes = _pane(slant, 0.0, 0.17) + _pane(slant, 0.21, 0.38)
        panes = gaussian(panes, width * 0.012) * np.clip(0.5 - y, 0, 1)
        light = light + panes * 0.14
    grain = random.normal(0, 0.004, (height, width)).astype(np.float32)
    return (light + grain).astype(np.float32)


def _pane(slant: Floats, start: float, end: float) -> Floats:
    return ((slant > start) & (slant < end)).astype(np.float32)


def studio_scene(
    cutout: Cutout,
    canvas: tuple[int, int],
    chosen: Setting,
    seed: int,
    *,
    stands: bool = True,
    rgb: Pixels | None = None,
) -> Composed:
    """Set a product into a drawn studio.

    Args:
        cutout: The product.
        canvas: Width and height in pixels.
        chosen: The studio.
        seed: Settles grain and texture.
        stands: False lays the product flat, seen from above.
        rgb: The product's pixels after a colour swap.
    """
    random = np.random.default_rng(seed)
    if not stands:
        return _flat_lay(cutout, canvas, chosen, random, rgb)
    width, height = canvas
    base = round(height * (0.80 if height >= width else 0.84))
    horizon = round(height * (0.64 if height >= width else 0.66))
    scale = _standing_scale(cutout, canvas)
    product = compose.layer(cutout, scale, rgb)
    x, y, wide, tall = compose.extent(product.alpha)
    corner = round(width / 2 - x - wide / 2), base - y - tall
    back = _backdrop(chosen, canvas, horizon, random)
    if chosen.surface == "plinth":
        _stand_plinth(back, chosen, (width // 2, base), wide)
    picture = np.clip(back, 0, 255).round().astype(np.uint8)
    if chosen.shine:
        picture = _mirrored(picture, product, corner, base, chosen.shine)
    shade = cast_shadow(product.alpha, corner, canvas, chosen.light)
    shade = np.maximum(shade, compose.contact_shadow(product.alpha, corner, canvas, 0.5))
    picture, coverage = compose.lay(compose.darkened(picture, shade), product, corner)
    return Composed(picture, coverage, scale, corner, None, True)


def _standing_scale(cutout: Cutout, canvas: tuple[int, int]) -> float:
    _, _, wide, tall = compose.extent(cutout.alpha)
    return min(canvas[0] * 0.58 / max(1, wide), canvas[1] * 0.60 / max(1, tall))


def cast_shadow(
    alpha: Pixels, corner: tuple[int, int], canvas: tuple[int, int], light: float
) -> Floats:
    """Lay the product's outline on the ground away from the light, softer the further it falls."""
    width, height = (max(8, side // 4) for side in canvas)
    shape = max(1, alpha.shape[1] // 4), max(1, alpha.shape[0] // 4)
    small = scaled(alpha, shape, cv2.INTER_AREA).astype(np.float32) / 255
    _, top, _, tall = compose.extent((small * 255).astype(np.uint8))
    foot = top + tall
    flat, lean = 0.16, 0.62 * -np.sign(light)
    left, base = corner[0] / 4, corner[1] / 4 + foot
    # The foot stays where it is; height turns into distance to the side and a little backwards.
    turn = np.array([[1, -lean, left + lean * foot], [0, flat, base - flat * foot]], np.float32)
    fallen = cv2.warpAffine(small, turn, (width, height))
    soft = gaussian(fallen, max(1.0, tall * 0.035))
    softer = gaussian(fallen, max(1.0, tall * 0.09))
    rise = np.clip((base - np.arange(height)) / max(1.0, flat * tall), 0, 1)[:, None]
    shade = (soft * (1 - rise) + softer * rise) * 0.42 * (1 - 0.45 * rise)
    return np.asarray(scaled(shade.astype(np.float32), canvas, cv2.INTER_LINEAR), np.float32)


def _mirrored(
    picture: Pixels, product: compose.Layer, corner: tuple[int, int], base: int, shine: float
) -> Pixels:
    """Mirror the product faintly below its foot, fading within a quarter of its height."""
    _, top, _, tall = compose.extent(product.alpha)
    foot = top + tall
    alpha = product.alpha[:foot][::-1].astype(np.float32)
    fade: Floats = (
        np.clip(1 - np.arange(alpha.shape[0], dtype=np.float32) / (0.28 * tall), 0, 1)[:, None]
        * shine
    )
    veil = (alpha * fade).astype(np.uint8)
    tint = (product.colour[:foot][::-1].astype(np.float32) * fade[:, :, None]).astype(np.uint8)
    blur = max(1.0, tall * 0.004)
    layer = compose.Layer(
        np.asarray(gaussian(tint, blur), np.uint8),
        np.asarray(gaussian(veil, blur), np.uint8),
    )
    return compose.lay(picture, layer, (corner[0], base))[0]


def _stand_plinth(back: Floats, chosen: Setting, foot: tuple[int, int], wide: int) -> None:
    """Draw a round plinth under the product, lit from one side."""
    height, width = back.shape[:2]
    across = min(round(wide * 0.72 + width * 0.05), round(width * 0.42))
    up = max(6, round(across * 0.17))
    middle, level = foot[0], foot[1] - round(up * 0.35)
    side = np.zeros((height, width), np.float32)
    cv2.rectangle(side, (middle - across, level), (middle + across, height), 1.0, -1)
    top = np.zeros((height, width), np.float32)
    cv2.ellipse(top, (middle, level), (across, up), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    place: Floats = (np.arange(width, dtype=np.float32) - middle) / max(1, across)
    turn = np.clip(1 - 0.30 * np.abs(place - chosen.light * 0.5) ** 1.6 - 0.06, 0.4, 1)
    tone = np.array(chosen.floor, np.float32)
    face = tone[None, None, :] * 0.93 * turn[None, :, None].astype(np.float32)
    body = np.maximum(side, 0)[:, :, None]
    floor_shade = gaussian(side, across * 0.25)[:, :, None] * 0.16
    back *= 1 - floor_shade * (1 - body)
    back[:] = back * (1 - body) + face * body
    lid = top[:, :, None]
    light: Floats = np.clip(1.03 - 0.05 * (place + 1) / 2 * np.sign(-chosen.light), 0.9, 1.06)
    back[:] = back * (1 - lid) + np.minimum(tone * light[None, :, None], 255) * lid


def _flat_lay(
    cutout: Cutout,
    canvas: tuple[int, int],
    chosen: Setting,
    random: np.random.Generator,
    rgb: Pixels | None,
) -> Composed:
    """Lay the product on a surface seen from above, with a soft shadow all around it."""
    width, height = canvas
    scale = compose.fit_scale(cutout, canvas, 0.74)
    product = compose.layer(cutout, scale, rgb)
    x, y, wide, tall = compose.extent(product.alpha)
    corner = round((width - wide) / 2) - x, round((height - tall) / 2) - y
    flat = material(chosen.surface, chosen.floor, 1400, random)
    side = max(width, height)
    flat = np.asarray(scaled(flat, (side, side), cv2.INTER_AREA), np.float32)
    back = flat[:height, :width] * _light(chosen, canvas, random)[:, :, None]
    picture = np.clip(back, 0, 255).round().astype(np.uint8)
    size = max(wide, tall)
    empty = np.zeros_like(picture)
    _, cover = compose.lay(empty, product, (corner[0], corner[1] + round(size * 0.012)))
    shade = gaussian(cover, size * 0.012).astype(np.float32) / 255 * 0.34
    shade += gaussian(cover, size * 0.035).astype(np.float32) / 255 * 0.16
    lit = compose.darkened(picture, np.clip(shade, 0, 0.6))
    picture, coverage = compose.lay(lit, product, corner)
    return Composed(picture, coverage, scale, corner, None, True)
