"""The blank products of the mockups, drawn by the program: no photograph of anybody's is used.

Each is drawn once a process at 1600 px: a base picture, the area that takes print, and the light
on it. The light is drawn apart from the colour, so print is lit just as the blank is.
"""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np

from tierbook.studio.arrays import Floats, Pixels, gaussian, scaled
from tierbook.studio.mockup import Print, Template, cylinder_grid, quad_grid, unrolled

SIDE = 1600
_OVER = 2  # outlines are drawn larger and reduced, so that they have no steps


def names() -> tuple[str, ...]:
    """List the blanks there are."""
    return tuple(_DRAWN)


@lru_cache(maxsize=4)
def blank(name: str) -> Template | None:
    """Draw a blank product, or return None where there is none of this name."""
    draw = _DRAWN.get(name)
    return draw() if draw else None


def _room(wall: tuple[int, int, int] = (232, 230, 227)) -> Floats:
    """Draw an empty studio: a sweep that is lighter in the middle."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE - 0.5
    pool = np.exp(-((x / 0.6) ** 2) - ((y + 0.06) / 0.55) ** 2)
    sweep = 1 - 0.05 * np.clip((y - 0.16) / 0.1, 0, 1)
    return np.array(wall, np.float32) * ((0.86 + 0.17 * pool) * sweep)[:, :, None]


def _shape(points: list[tuple[float, float]]) -> Floats:
    """Fill a polygon, (SIDE, SIDE) in 0..1 with smooth edges."""
    large = np.zeros((SIDE * _OVER, SIDE * _OVER), np.uint8)
    outline = np.round(np.array(points, np.float32) * _OVER * 16).astype(np.int32)
    cv2.fillPoly(large, [outline], 255, cv2.LINE_AA, 4)
    return _reduced(large)


def _reduced(large: Pixels) -> Floats:
    small = scaled(large, (SIDE, SIDE), cv2.INTER_AREA)
    return small.astype(np.float32) / 255


def _ellipse(x: float, y: float, across: float, up: float) -> Floats:
    large = np.zeros((SIDE * _OVER, SIDE * _OVER), np.uint8)
    centre, axes = (round(x * _OVER), round(y * _OVER)), (round(across * _OVER), round(up * _OVER))
    cv2.ellipse(large, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
    return _reduced(large)


def _over(back: Floats, where: Floats, tone: Floats | tuple[float, float, float]) -> Floats:
    colour = np.asarray(tone, np.float32)
    return back * (1 - where[:, :, None]) + colour * where[:, :, None]


def _shadow(
    back: Floats, where: Floats, shift: tuple[float, float], blur: float, dark: float
) -> Floats:
    turn = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    fallen = gaussian(cv2.warpAffine(where, turn, (SIDE, SIDE)), blur)
    return back * (1 - fallen[:, :, None] * dark)


def _ramp(start: float, end: float, low: float, high: float, axis: int = 1) -> Floats:
    """Return light rising from `low` at pixel `start` to `high` at `end` along an axis."""
    share = np.clip((np.arange(SIDE, dtype=np.float32) - start) / (end - start), 0, 1)
    line = low + (high - low) * share
    return np.broadcast_to(line[None, :] if axis == 1 else line[:, None], (SIDE, SIDE)).copy()


def _finished(
    name: str, base: Floats, mask: Floats, light: Floats, prints: tuple[Print, ...]
) -> Template:
    grain = np.random.default_rng(11).normal(0, 1.1, (SIDE, SIDE, 1)).astype(np.float32)
    return Template(
        name,
        np.clip(base + grain, 0, 255).round().astype(np.uint8),
        np.clip(mask * 255, 0, 255).round().astype(np.uint8),
        np.clip(light * 128, 0, 255).round().astype(np.uint8),
        prints,
    )


def _box() -> Template:
    front = [(380.0, 470.0), (1010.0, 560.0), (1010.0, 1370.0), (380.0, 1240.0)]
    side = [(1010.0, 560.0), (1290.0, 452.0), (1290.0, 1205.0), (1010.0, 1370.0)]
    top = [(380.0, 470.0), (678.0, 386.0), (1290.0, 452.0), (1010.0, 560.0)]
    faces = [
        (_shape(front), _ramp(380, 1010, 0.97, 1.03)),
        (_shape(side), _ramp(1010, 1290, 0.80, 0.70)),
    ]
    foot = _shape(
        [(380, 1240), (1010, 1370), (1290, 1205), (1460, 1190), (1180, 1400), (520, 1330)]
    )
    base = _shadow(_room(), foot, (10, 6), 34, 0.42)
    base = _shadow(
        base,
        _shape([(382, 1232), (1010, 1362), (1288, 1200), (1010, 1390), (390, 1262)]),
        (0, 4),
        9,
        0.5,
    )
    base = _over(base, _shape(top), (250, 248, 244))
    light, mask = np.ones((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.float32)
    for where, face_light in faces:
        base = _over(base, where, np.array([246, 244, 240], np.float32) * face_light[:, :, None])
        light = light * (1 - where) + face_light * where
        mask = np.maximum(mask, where)
    for a, b, dark in (((1010, 560), (1010, 1370), 0.16), ((380, 470), (1010, 560), 0.05)):
        line = np.zeros((SIDE, SIDE), np.float32)
        cv2.line(line, a, b, 1.0, 3, cv2.LINE_AA)
        light *= 1 - dark * gaussian(line, 2.0)
    # The side shows the design's right fifth: the artwork runs around the corner.
    prints = (
        Print(quad_grid(front), part=(0, 0, 0.8, 1)),
        Print(quad_grid(side), part=(0.8, 0, 1, 1)),
    )
    return _finished("box", base, mask, light, prints)


def _poster() -> Template:
    frame = [(430.0, 190.0), (1170.0, 190.0), (1170.0, 1240.0), (430.0, 1240.0)]
    inner = [(466.0, 226.0), (1134.0, 226.0), (1134.0, 1204.0), (466.0, 1204.0)]
    base = _room((226, 223, 217))
    base[1420:] = (
        np.array([198, 172, 142], np.float32) * _ramp(1420, 1600, 1.0, 0.93, axis=0)[1420:, :, None]
    )
    base[1396:1420] = np.array([240, 238, 234], np.float32)
    base = _shadow(base, _shape(frame), (26, 34), 26, 0.34)
    base = _shadow(base, _shape(frame), (5, 7), 5, 0.30)
    base = _over(base, _shape(frame), (46, 40, 36))
    base = _over(base, _shape(inner), (250, 249, 246))
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    glass = 1 + 0.05 * np.exp(-(((x + 0.55 * y - 0.86) / 0.09) ** 2))
    rim = gaussian(_shape(inner), 7)
    light = glass * (0.90 + 0.10 * np.clip(rim * 2 - 1, 0, 1))
    return _finished(
        "poster", base, _shape(inner), light.astype(np.float32), (Print(quad_grid(inner)),)
    )


def _book() -> Template:
    cover = [(470.0, 300.0), (1120.0, 352.0), (1120.0, 1290.0), (470.0, 1366.0)]
    pages = [(1120.0, 352.0), (1176.0, 338.0), (1176.0, 1266.0), (1120.0, 1290.0)]
    foot = _shape(
        [(470, 1366), (1120, 1290), (1176, 1266), (1330, 1280), (1010, 1400), (560, 1430)]
    )
    base = _shadow(_room(), foot, (6, 2), 26, 0.44)
    base = _over(base, _shape(pages), (236, 230, 216))
    lines = (np.sin(np.arange(SIDE, dtype=np.float32) * 1.3) * 0.05 + 0.94)[None, :, None]
    where = _shape(pages)[:, :, None]
    base = base * (1 - where) + base * lines * where
    light = _ramp(470, 1120, 0.94, 1.02)
    crease = np.exp(-(((np.arange(SIDE, dtype=np.float32) - 506) / 7) ** 2)) * 0.20
    fold = np.exp(-(((np.arange(SIDE, dtype=np.float32) - 488) / 10) ** 2)) * 0.08
    light = light * (1 - crease[None, :] + fold[None, :])
    base = _over(base, _shape(cover), np.array([247, 246, 243], np.float32) * light[:, :, None])
    return _finished("book", base, _shape(cover), light, (Print(quad_grid(cover)),))


def _upright(x0: float, x1: float) -> Floats:
    """Light on an upright cylinder lit from the left, by how its surface turns."""
    place = (np.arange(SIDE, dtype=np.float32) - (x0 + x1) / 2) / ((x1 - x0) / 2)
    turn = np.arcsin(np.clip(place, -1, 1))
    lit = 0.60 + 0.42 * np.clip(np.cos(turn + 0.55), 0, 1)
    gloss = 0.10 * np.exp(-(((turn + 0.75) / 0.10) ** 2)) + 0.04 * np.exp(
        -(((turn - 1.05) / 0.10) ** 2)
    )
    return np.broadcast_to((lit + gloss)[None, :], (SIDE, SIDE)).astype(np.float32).copy()


def _mug() -> Template:
    x0, x1, top, low, up, deep = 400.0, 1060.0, 440.0, 1250.0, 74.0, 92.0
    middle = (x0 + x1) / 2
    body = _shape([(x0, top), (x1, top), (x1 - 14, low), (x0 + 14, low)])
    body = np.maximum(body, _ellipse(middle, low, (x1 - x0) / 2 - 14, deep))
    light = _upright(x0, x1) * _ramp(top, low, 1.02, 0.95, axis=0)
    handle = np.zeros((SIDE * _OVER, SIDE * _OVER), np.uint8)
    centre, axes = (
        (round(1056 * _OVER), round(812 * _OVER)),
        (round(200 * _OVER), round(226 * _OVER)),
    )
    cv2.ellipse(handle, centre, axes, 0, -84, 84, 255, 74 * _OVER, cv2.LINE_AA)
    grip = _reduced(handle)
    base = _shadow(_room(), _ellipse(middle + 130, low + 66, 460, 58), (0, 0), 40, 0.36)
    base = _shadow(base, _ellipse(middle, low + 60, 318, 46), (0, 10), 14, 0.42)
    ridge = gaussian(grip, 15)
    round_light = 0.70 + 0.34 * np.clip(ridge * 1.5 - 0.45, 0, 1)
    tilt = (np.roll(ridge, 14, 0) - np.roll(ridge, -14, 0)) * -0.22
    base = _over(
        base, grip, np.array([250, 249, 247], np.float32) * (round_light + tilt)[:, :, None]
    )
    base = _over(base, body, np.array([252, 251, 249], np.float32) * light[:, :, None])
    base = _over(base, _ellipse(middle, top, (x1 - x0) / 2, up), (249, 248, 246))
    hollow = _ramp(x0, x1, 0.62, 0.86)
    base = _over(
        base,
        _ellipse(middle, top + 3, (x1 - x0) / 2 - 18, up - 13),
        np.array([242, 240, 237], np.float32) * hollow[:, :, None],
    )
    corners = [(x0 + 36, top + 128), (x1 - 36, top + 128), (x1 - 36, low - 60), (x0 + 36, low - 60)]
    face = Print(cylinder_grid(corners, deep * 0.84), aspect=unrolled(corners))
    mask = body * (1 - _ellipse(middle, top, (x1 - x0) / 2, up))
    return _finished("mug", base, mask, light, (face,))


def _folds(seed: int, strength: float, stretch: tuple[int, int]) -> Floats:
    """Draw soft creases in cloth, about 1 +- strength."""
    random = np.random.default_rng(seed)
    coarse = random.standard_normal(stretch).astype(np.float32)
    height = scaled(coarse, (SIDE, SIDE), cv2.INTER_CUBIC)
    ridged = gaussian(1 - np.abs(height), 14)
    slope = cv2.Sobel(ridged, cv2.CV_32F, 1, 0, ksize=5) + 0.6 * cv2.Sobel(
        ridged, cv2.CV_32F, 0, 1, ksize=5
    )
    slope /= float(np.abs(slope).max()) + 1e-6
    return 1 + strength * gaussian(slope, 6)


def _weave(strength: float) -> Floats:
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    return 1 + strength * np.sin(x * 1.9) * np.sin(y * 1.9)


def _bent(face: list[tuple[float, float]], folds: Floats) -> Floats:
    """Let a print follow the cloth: a fine grid moved a little by the slope of the folds."""
    (x0, y0), (x1, _), (_, y3), _ = face
    rows, columns = np.linspace(y0, y3, 25), np.linspace(x0, x1, 25)
    grid = np.dstack(np.meshgrid(columns, rows)).astype(np.float32)
    move = folds[grid[:, :, 1].astype(int), grid[:, :, 0].astype(int)] - 1
    grid[:, :, 0] += move * 42
    grid[:, :, 1] += move * 26
    return grid


def _cloth(
    name: str,
    where: Floats,
    base: Floats,
    light: Floats,
    face: list[tuple[float, float]],
    folds: Floats,
    tone: tuple[int, int, int],
) -> Template:
    base = _over(base, where, np.array(tone, np.float32) * light[:, :, None])
    mask = gaussian(_shape(face), 1.2) * where
    return _finished(name, base, mask, light, (Print(_bent(face, folds), "multiply"),))


def _tote() -> Template:
    body = [(450.0, 560.0), (1150.0, 560.0), (1184.0, 1400.0), (416.0, 1400.0)]
    large = np.zeros((SIDE * _OVER, SIDE * _OVER), np.uint8)
    for left, right, height in ((600, 1000, 380),):
        path = [
            (left + (right - left) * t, 566 - height * (1 - (2 * t - 1) ** 4) ** 0.5)
            for t in np.linspace(0, 1, 60)
        ]
        points = np.round(np.array(path) * _OVER).astype(np.int32)
        cv2.polylines(large, [points], False, 255, 46 * _OVER, cv2.LINE_AA)
    straps, bag = _reduced(large), _shape(body)
    both = np.maximum(straps, bag)
    base = _shadow(_room((214, 210, 204)), both, (22, 26), 22, 0.34)
    base = _shadow(base, both, (4, 5), 4, 0.28)
    folds = _folds(5, 0.15, (5, 6))
    light = folds * _weave(0.025) * _ramp(416, 1184, 1.01, 0.94) * 0.99
    base = _over(base, straps, np.array([226, 214, 190], np.float32) * (light * 0.94)[:, :, None])
    hem = np.exp(-(((np.arange(SIDE, dtype=np.float32) - 612) / 2.5) ** 2))[:, None] * 0.12
    face = [(580.0, 740.0), (1020.0, 740.0), (1020.0, 1240.0), (580.0, 1240.0)]
    return _cloth("tote", bag, base, light * (1 - hem), face, folds, (236, 226, 204))


_TEE_HALF = [
    (-122, 262), (-250, 306), (-322, 346), (-540, 640), (-372, 752), (-300, 650), (-296, 900),
    (-304, 1180), (-310, 1408), (-150, 1420),
]  # fmt: skip


def _rounded(points: list[tuple[float, float]], radius: float) -> list[tuple[float, float]]:
    """Round a polygon's corners: each is replaced by an arc that starts `radius` before it."""
    ring = np.array(points, np.float64)
    arc: list[tuple[float, float]] = []
    for before, corner, after in zip(np.roll(ring, 1, 0), ring, np.roll(ring, -1, 0), strict=True):
        into, out = corner - before, after - corner
        start = corner - into * min(0.5, radius / np.linalg.norm(into))
        end = corner + out * min(0.5, radius / np.linalg.norm(out))
        for t in np.linspace(0, 1, 9):
            x, y = start * (1 - t) ** 2 + 2 * corner * t * (1 - t) + end * t**2
            arc.append((float(x), float(y)))
    return arc


def _tshirt() -> Template:
    left = [(800.0 + x, float(y)) for x, y in _TEE_HALF]
    right = [(800.0 - x, float(y)) for x, y in reversed(_TEE_HALF)]
    shirt = _shape(_rounded(left + right, 44))
    neck = _ellipse(800, 258, 124, 88)
    cloth = shirt * (1 - neck)
    base = _shadow(_room((205, 207, 210)), cloth, (16, 22), 20, 0.36)
    base = _shadow(base, cloth, (3, 4), 4, 0.28)
    inside = np.clip(shirt * neck * 1.4, 0, 1)
    base = _over(
        base,
        inside,
        np.array([206, 206, 209], np.float32) * _ramp(262, 346, 0.82, 1.0, 0)[:, :, None],
    )
    folds = _folds(21, 0.20, (6, 5))
    rim = gaussian(cloth, 16)
    light = folds * (0.86 + 0.14 * np.clip(rim * 2 - 1, 0, 1)) * _ramp(330, 1270, 1.01, 0.95)
    collar = _ellipse(800, 258, 152, 116) * (1 - neck)
    seam = np.abs(cv2.Laplacian(gaussian(_ellipse(800, 258, 152, 116), 1.5), cv2.CV_32F))
    light = light * (1 - 0.03 * collar) * (1 - np.clip(seam * 2.2, 0, 0.16))
    for start, end in (((482, 352), (512, 650)), ((1118, 352), (1088, 650))):
        line = np.zeros((SIDE, SIDE), np.float32)
        cv2.line(line, start, end, 1.0, 3, cv2.LINE_AA)
        light = light * (1 - 0.13 * gaussian(line, 2))
    hem = np.exp(-(((np.arange(SIDE, dtype=np.float32) - 1366) / 2.2) ** 2))[:, None] * 0.08
    face = [(620.0, 520.0), (980.0, 520.0), (980.0, 1000.0), (620.0, 1000.0)]
    return _cloth("tshirt", cloth, base, light * (1 - hem), face, folds, (250, 250, 250))


def _label() -> Template:
    x0, x1, top, low, deep = 480.0, 1120.0, 520.0, 1290.0, 70.0
    middle = (x0 + x1) / 2
    body = np.maximum(
        _shape([(x0, top + 70), (x1, top + 70), (x1, low - 26), (x0, low - 26)]),
        _ellipse(middle, low - 26, (x1 - x0) / 2, deep),
    )
    neck = [
        (x0, top + 180),
        (x0, top + 10),
        (x0 + 70, top - 70),
        (x1 - 70, top - 70),
        (x1, top + 10),
        (x1, top + 180),
    ]
    shoulder = _shape(_rounded(neck, 60))
    jar = np.maximum(body, shoulder)
    light = _upright(x0, x1)
    base = _shadow(
        _room((235, 230, 222)), _ellipse(middle + 110, low + 34, 430, 52), (0, 0), 38, 0.36
    )
    base = _shadow(base, _ellipse(middle, low + 26, 310, 42), (0, 8), 12, 0.44)
    base = _over(base, jar, np.array([116, 66, 30], np.float32) * (light * 1.06)[:, :, None])
    lid = np.maximum(
        _shape([(x0 + 42, 330), (x1 - 42, 330), (x1 - 42, 470), (x0 + 42, 470)]),
        _ellipse(middle, 468, 278, 34),
    )
    ribs = 1 + 0.05 * np.sin(
        np.arcsin(np.clip((np.arange(SIDE, dtype=np.float32) - middle) / 278, -1, 1)) * 70
    )
    base = _over(
        base, lid, np.array([40, 38, 38], np.float32) * (light * ribs[None, :] * 1.25)[:, :, None]
    )
    base = _over(base, _ellipse(middle, 332, 278, 34), (62, 60, 60))
    corners = [(x0 + 3, 640.0), (x1 - 3, 640.0), (x1 - 3, 1150.0), (x0 + 3, 1150.0)]
    grid = cylinder_grid(corners, 46)
    large = np.zeros((SIDE * _OVER, SIDE * _OVER), np.uint8)
    ring = np.concatenate([grid[0], grid[-1][::-1]])
    cv2.fillPoly(large, [np.round(ring * _OVER).astype(np.int32)], 255, cv2.LINE_AA)
    paper = _reduced(large)
    base = _over(base, paper, np.array([250, 247, 240], np.float32) * light[:, :, None])
    return _finished("label", base, paper, light, (Print(grid, aspect=unrolled(corners)),))


def _business_card() -> Template:
    front = [(236.0, 600.0), (1190.0, 410.0), (1330.0, 980.0), (350.0, 1196.0)]
    lower = [(x + 46, y + 62) for x, y in front]
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    base = np.array([122, 128, 132], np.float32) * (1.06 - 0.2 * (x + y) / 2)[:, :, None]
    base = base * _folds(3, 0.02, (9, 9))[:, :, None]
    light = _ramp(236, 1330, 1.01, 0.95)
    for card, dark in ((lower, 0.34), (front, 0.40)):
        base = _shadow(base, _shape(card), (18, 24), 20, dark)
        base = _shadow(base, _shape(card), (4, 6), 4, 0.3)
        edge = _shape([(px + 2, py + 7) for px, py in card])
        base = _over(base, edge, (206, 203, 198))
        base = _over(base, _shape(card), np.array([249, 248, 245], np.float32) * light[:, :, None])
    return _finished("business-card", base, _shape(front), light, (Print(quad_grid(front)),))


_DRAWN: dict[str, Callable[[], Template]] = {
    "box": _box,
    "poster": _poster,
    "book": _book,
    "mug": _mug,
    "tote": _tote,
    "tshirt": _tshirt,
    "label": _label,
    "business-card": _business_card,
}
