"""Hero and banner drafts: a brand backdrop, the product, and room for words with proven contrast.

A draft shows layout, not photography: it is marked as one and waits for a person.
"""

import textwrap
from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tierbook.studio import colour, compose, scene
from tierbook.studio.arrays import Floats, Pixels, gaussian, grey, scaled, slopes
from tierbook.studio.checking import Check, at_least, at_most
from tierbook.studio.colour import Rgb
from tierbook.studio.compose import Composed
from tierbook.studio.cutout import Cutout

Style: TypeAlias = Literal["glow", "disc", "diagonal", "arch", "ledge"]
STYLES: tuple[Style, ...] = ("disc", "ledge", "diagonal", "arch", "glow")

DARK_INK: Rgb = (22, 24, 28)
LIGHT_INK: Rgb = (255, 255, 255)
BODY_CONTRAST = 4.5  # WCAG 2 AA for text of any size


@dataclass(frozen=True)
class Palette:
    """Colours of a banner: ground, the shape behind the product, and an accent."""

    ground: Rgb
    shape: Rgb
    accent: Rgb


@dataclass(frozen=True)
class Candidate:
    """One draft.

    Attributes:
        composed: The picture and where the product lies.
        safe: The copy-safe area, x0, y0, x1, y1 in pixels.
        ink: The text colour that reads best there.
        contrast: WCAG ratio of that ink with the least favourable hundredth of the area.
        busy: How much happens in the area, mean edge strength in levels of 255.
        layout: What it is called.
    """

    composed: Composed
    safe: tuple[int, int, int, int]
    ink: Rgb
    contrast: float
    busy: float
    layout: str


def draft(
    cutout: Cutout,
    canvas: tuple[int, int],
    *,
    seed: int,
    candidate: int,
    brand_colours: tuple[str, ...] = (),
    headline: str = "",
    stands: bool = True,
    mark: bool = True,
) -> Candidate:
    """Lay out one candidate; candidates of one seed differ in style, side and palette."""
    random = np.random.default_rng((seed, candidate))
    turn = seed + candidate - 1
    style = STYLES[turn % len(STYLES)]
    tones = _palette(cutout, brand_colours, (seed // len(STYLES) + candidate) % 3)
    wide = canvas[0] >= canvas[1]
    mirrored = bool((turn // len(STYLES) + candidate) % 2)
    spot, safe, room = _plan(canvas, wide, mirrored, style)
    back = _ground(canvas, tones, style, spot, room, random)
    composed = _with_product(cutout, back, spot, room, stands and style in ("ledge", "arch"))
    picture = composed.rgb
    ink, ratio = _best_ink(picture, safe)
    busy = _busy(picture, safe)
    picture = _with_words(picture, safe, headline, ink, tones.accent, mark)
    name = f"{style}, product {'left' if mirrored else 'right'}" if wide else f"{style}, upright"
    done = Composed(picture, composed.coverage, composed.scale, composed.corner, None, True)
    return Candidate(done, safe, ink, ratio, busy, name)


def _palette(cutout: Cutout, brand: tuple[str, ...], variant: int) -> Palette:
    """Take the brand's colours, else the product's own main colour, in one of three moods."""
    known = [found for code in brand if (found := colour.parse(code))]
    main = known[0] if known else _main_tone(cutout)
    second = known[1] if len(known) > 1 else scene.pale(main, 0.45)
    if variant == 0:
        return Palette(scene.pale(main, 0.16), scene.pale(main, 0.40), main)
    if variant == 1:
        deep = _deep(main)
        return Palette(deep, _mixed(deep, main, 0.55), second)
    return Palette((246, 243, 238), scene.pale(second, 0.5), main)


def _main_tone(cutout: Cutout) -> Rgb:
    values = colour.lab(cutout.rgb[::4, ::4])[cutout.alpha[::4, ::4] > 200]
    chroma = np.hypot(values[:, 1], values[:, 2])
    vivid = values[chroma >= np.percentile(chroma, 70)] if len(values) else values
    tone = np.median(vivid, axis=0) if len(vivid) else np.array([60.0, 0.0, 0.0])
    red, green, blue = colour.rgb_of_lab(tone[None, None].astype(np.float32))[0, 0].tolist()
    return red, green, blue


def _deep(tone: Rgb) -> Rgb:
    values = colour.lab_of(tone).copy()
    values[0] = min(float(values[0]), 26.0)
    values[1:] *= 0.75
    red, green, blue = colour.rgb_of_lab(values[None, None])[0, 0].tolist()
    return red, green, blue


def _mixed(first: Rgb, second: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _plan(
    canvas: tuple[int, int], wide: bool, mirrored: bool, style: Style
) -> tuple[tuple[float, float], tuple[int, int, int, int], tuple[float, float]]:
    """Place the product's centre, the copy-safe area, and the room the product may take."""
    width, height = canvas
    low = 0.54 if style == "ledge" else 0.5
    if wide:
        across = 0.27 if mirrored else 0.73
        spot = (across * width, low * height)
        x0 = 0.52 if mirrored else 0.06
        lowest = 0.70 if style == "ledge" else 0.84  # words do not cross the ledge's line
        left, right = round(x0 * width), round((x0 + 0.42) * width)
        safe = (left, round(0.16 * height), right, round(lowest * height))
        return spot, safe, (0.38 * width, 0.70 * height)
    spot = (0.5 * width, 0.67 * height)
    safe = (round(0.08 * width), round(0.07 * height), round(0.92 * width), round(0.33 * height))
    return spot, safe, (0.74 * width, 0.50 * height)


def _ground(
    canvas: tuple[int, int],
    tones: Palette,
    style: Style,
    spot: tuple[float, float],
    room: tuple[float, float],
    random: np.random.Generator,
) -> Pixels:
    width, height = canvas
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground, shape = (np.array(tone, np.float32) for tone in (tones.ground, tones.shape))
    radius = max(room) * (0.60 if width >= height else 0.52)
    radius = min(radius, 0.43 * height)
    where = _panel(style, x, y, canvas, spot, radius)
    fall = 1 - 0.05 * ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 4
    picture = ground * (1 - where[:, :, None]) + shape * where[:, :, None]
    picture = picture * fall[:, :, None] + random.normal(0, 0.6, (height, width, 1))
    return np.clip(picture, 0, 255).round().astype(np.uint8)


def _panel(
    style: Style,
    x: Floats,
    y: Floats,
    canvas: tuple[int, int],
    spot: tuple[float, float],
    radius: float,
) -> Floats:
    """Draw the shape behind the product, 0..1 with an edge one pixel soft."""
    width, height = canvas
    away = np.hypot(x - spot[0], y - spot[1])
    if style == "glow":
        return np.exp(-((away / (radius * 1.25)) ** 2)).astype(np.float32)
    if style == "disc":
        return np.clip(radius - away + 0.5, 0, 1)
    if style == "arch":
        body = np.minimum(radius * 0.86 - np.abs(x - spot[0]), y - spot[1])
        dome = radius * 0.86 - away
        return np.clip(np.maximum(body, np.where(y <= spot[1], dome, -1)) + 0.5, 0, 1)
    if style == "ledge":
        return np.clip(y - 0.74 * height + 0.5, 0, 1)
    slant = (
        (x - spot[0]) * (1 if spot[0] > width / 2 else -1) + radius * 1.15 - 0.26 * (y - height / 2)
    )
    if width < height:
        slant = y - spot[1] + radius * 1.05 + 0.18 * (x - width / 2)
    return np.clip(slant + 0.5, 0, 1)


def _with_product(
    cutout: Cutout,
    back: Pixels,
    spot: tuple[float, float],
    room: tuple[float, float],
    stands: bool,
) -> Composed:
    canvas = (back.shape[1], back.shape[0])
    _, _, wide, tall = compose.extent(cutout.alpha)
    scale = min(room[0] / max(1, wide), room[1] / max(1, tall))
    product = compose.layer(cutout, scale)
    x, y, wide, tall = compose.extent(product.alpha)
    left, top = round(spot[0] - wide / 2), round(spot[1] - tall / 2)
    if stands:
        top = round(0.84 * canvas[1]) - tall
    corner = left - x, top - y
    if stands:
        shade = np.maximum(
            scene.cast_shadow(product.alpha, corner, canvas, -0.7),
            compose.contact_shadow(product.alpha, corner, canvas, 0.5),
        )
    else:
        # It floats: a soft shadow far behind it.
        size = max(wide, tall)
        _, cover = compose.lay(
            np.zeros_like(back), product, (corner[0], corner[1] + round(size * 0.05))
        )
        small = scaled(cover, (canvas[0] // 4, canvas[1] // 4), cv2.INTER_AREA)
        soft = gaussian(small, max(1.0, size / 4 * 0.045))
        shade = scaled(soft, canvas, cv2.INTER_LINEAR).astype(np.float32) / 255
        shade = shade * 0.34
    picture, coverage = compose.lay(compose.darkened(back, shade), product, corner)
    return Composed(picture, coverage, scale, corner, None, True)


def _best_ink(picture: Pixels, safe: tuple[int, int, int, int]) -> tuple[Rgb, float]:
    """Choose dark or light text by the ratio it keeps over 99% of the area."""
    x0, y0, x1, y1 = safe
    light = colour.luminance(picture[y0:y1:3, x0:x1:3])
    low, high = np.percentile(light, (1, 99))
    dark = colour.contrast(float(low), float(colour.luminance(np.array(DARK_INK, np.uint8))))
    pale = colour.contrast(float(high), float(colour.luminance(np.array(LIGHT_INK, np.uint8))))
    return (DARK_INK, dark) if dark >= pale else (LIGHT_INK, pale)


def _busy(picture: Pixels, safe: tuple[int, int, int, int]) -> float:
    x0, y0, x1, y1 = safe
    tones = gaussian(grey(np.ascontiguousarray(picture[y0:y1, x0:x1])), 2).astype(np.float32)
    across, down = slopes(tones)
    return float(np.hypot(across, down).mean() / 4)


def _with_words(
    picture: Pixels,
    safe: tuple[int, int, int, int],
    headline: str,
    ink: Rgb,
    accent: Rgb,
    mark: bool,
) -> Pixels:
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    if headline:
        _headline(draw, safe, headline, ink, accent)
    if mark:
        size = max(11, image.height // 48)
        font = ImageFont.load_default(size)
        draw.text((size, image.height - size), "DRAFT FOR REVIEW", fill=ink, font=font, anchor="ls")
    return np.asarray(image)


def _headline(
    draw: ImageDraw.ImageDraw,
    safe: tuple[int, int, int, int],
    headline: str,
    ink: Rgb,
    accent: Rgb,
) -> None:
    """Set the headline as large as the area takes it in at most three lines."""
    x0, y0, x1, y1 = safe
    words = textwrap.shorten(headline, 90, placeholder="...")
    for size in range(max(14, (y1 - y0) // 3), 11, -2):
        font = ImageFont.load_default(size)
        wrapped = _wrapped(draw, words, font, x1 - x0)
        box = draw.multiline_textbbox((x0, y0), wrapped, font=font, spacing=size * 0.22)
        fits = box[2] <= x1 and box[3] - box[1] <= (y1 - y0) * 0.8 and wrapped.count("\n") < 3
        if fits:
            break
    else:
        return
    top = y0 + ((y1 - y0) - (box[3] - box[1])) / 2
    draw.multiline_text((x0, top), wrapped, fill=ink, font=font, spacing=size * 0.22)
    line = top - size * 0.5
    draw.rectangle((x0, line, x0 + size * 1.2, line + max(3, size // 12)), fill=accent)


def _wrapped(
    draw: ImageDraw.ImageDraw,
    words: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    width: int,
) -> str:
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def judged(candidate: Candidate) -> tuple[Check, ...]:
    """Judge a draft: contrast and calm of the copy-safe area; a draft never passes by itself."""
    return (
        at_least(
            "Text contrast",
            candidate.contrast,
            warn=BODY_CONTRAST,
            fail=3.0,
            spell="{:.1f}:1",
            message="Words would be hard to read on this backdrop.",
        ),
        at_most(
            "Copy-safe area",
            candidate.busy,
            warn=4.0,
            fail=12.0,
            spell="{:.1f} levels",
            message="The space for words is too busy.",
        ),
        Check(
            "Draft",
            "warn",
            candidate.layout,
            "a person decides",
            "This is a layout draft, not a finished campaign picture.",
        ),
    )
