"""Draw a sample product and let the studio make the pictures of docs/studio.md from it.

    python benchmarks/studio_pictures.py docs/pictures

The photograph is drawn here: a tea tin on a linen-coloured table, with light, shadow and noise.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from backdrops import backdrop
from PIL import Image, ImageDraw, ImageFont

from tierbook.studio import (
    banner,
    blanks,
    compose,
    cutout,
    mockup,
    model,
    photo,
    recolour,
    scene,
    steady,
)

SIDE = 1400
BRAND = ("#0F5C63", "#F2B23E")


def tin() -> tuple[np.ndarray, np.ndarray]:
    """Draw a tea tin with a label: colours and coverage at SIDE px."""
    over = SIDE * 2
    shape = Image.new("L", (over, over), 0)
    draw = ImageDraw.Draw(shape)
    x0, x1, top, low = 0.33 * over, 0.67 * over, 0.26 * over, 0.80 * over
    draw.rectangle((x0, top, x1, low), fill=255)
    draw.ellipse((x0, low - 0.03 * over, x1, low + 0.03 * over), fill=255)
    draw.ellipse((x0, top - 0.03 * over, x1, top + 0.03 * over), fill=255)
    place = np.clip((np.arange(over) - (x0 + x1) / 2) / ((x1 - x0) / 2), -1, 1)
    turn = np.arcsin(place)
    light = 0.55 + 0.5 * np.cos(turn + 0.5) + 0.22 * np.exp(-(((turn + 0.7) / 0.13) ** 2))
    body = np.empty((over, over, 3), np.float32)
    body[:] = (18, 98, 104)
    body[: round(0.36 * over)] = (236, 176, 62)
    label = Image.new("RGB", (900, 640), (246, 240, 226))
    words = ImageDraw.Draw(label)
    words.rectangle((24, 24, 876, 616), outline=(18, 98, 104), width=6)
    words.text(
        (450, 250), "EVENING", font=ImageFont.load_default(128), fill=(18, 98, 104), anchor="mm"
    )
    words.text(
        (450, 400),
        "loose leaf tea",
        font=ImageFont.load_default(64),
        fill=(150, 100, 30),
        anchor="mm",
    )
    grid = mockup.cylinder_grid(
        [(x0, 0.44 * over), (x1, 0.44 * over), (x1, 0.70 * over), (x0, 0.70 * over)], 0.028 * over
    )
    face = mockup.Template(
        "tin",
        np.clip(body, 0, 255).astype(np.uint8),
        np.full((over, over), 255, np.uint8),
        np.full((over, over), 128, np.uint8),
        (mockup.Print(grid, part=(-0.2, 0, 1.2, 1)),),
    )
    shown = mockup.render(face, np.asarray(label)).astype(np.float32) * light[None, :, None]
    seam = np.exp(-(((np.arange(over) - 0.36 * over) / 5) ** 2))[:, None, None] * 0.5
    shown = np.clip(shown * (1 - seam), 0, 255).astype(np.uint8)
    size = (SIDE, SIDE)
    small = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
    cover = np.asarray(shape.resize(size, Image.Resampling.BOX)).astype(np.float32) / 255
    lid = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(
        lid,
        (SIDE // 2, round(0.26 * SIDE)),
        (round(0.165 * SIDE), round(0.024 * SIDE)),
        0,
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    small[lid > 127] = (246, 196, 92)
    return small, cover


def snapshot() -> np.ndarray:
    """Photograph the tin on a table: backdrop, shadow, a little blur, sensor noise."""
    random = np.random.default_rng(12)
    rgb, cover = tin()
    picture = backdrop("uneven paper", SIDE, random) * np.array([0.86, 0.80, 0.72])
    turn = np.array([[1, 0, 46], [0, 1, 22]], np.float32)
    cast = cv2.GaussianBlur(cv2.warpAffine(cover, turn, (SIDE, SIDE)), (0, 0), 24)
    picture = picture * (1 - 0.4 * cast[:, :, None])
    picture = picture * (1 - cover[:, :, None]) + rgb * cover[:, :, None]
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7) + random.normal(0, 2.5, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def save(picture: np.ndarray, target: Path, width: int) -> None:
    image = Image.fromarray(picture)
    image.thumbnail((width, width), Image.Resampling.LANCZOS)
    image.save(target, "JPEG", quality=84, subsampling=0)


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    steady.one_thread()
    network = model.network()
    taken = snapshot()
    cut = cutout.cut_out(photo.Photo(taken), network.look if network else None)
    size = (1200, 1200)
    swapped = recolour.swap(cut.rgb, cut.alpha, (150, 36, 60)).rgb
    pictures = {
        "photo": taken,
        "white": compose.on_colour(cut, size).rgb,
        "swap": compose.on_colour(cut, size, rgb=swapped).rgb,
        "scene": scene.studio_scene(cut, size, scene.setting("wooden table", ()), 4).rgb,
        "marble": scene.studio_scene(cut, size, scene.setting("marble", ()), 4).rgb,
        "brand": scene.studio_scene(cut, size, scene.setting("", BRAND), 4).rgb,
    }
    order = ("photo", "white", "swap", "scene", "marble", "brand")
    tiles = [cv2.resize(pictures[name], (400, 400), interpolation=cv2.INTER_AREA) for name in order]
    row = np.vstack([np.hstack(tiles[:3]), np.hstack(tiles[3:])])
    save(row, folder / "studio.jpg", 1600)
    draft = banner.draft(
        cut, (1600, 640), seed=4, candidate=1, brand_colours=BRAND, headline="Evenings, slowed down"
    )
    save(draft.composed.rgb, folder / "draft.jpg", 960)
    art = np.asarray(_artwork())
    sheet = [
        cv2.resize(mockup.render(template, art), (360, 360), interpolation=cv2.INTER_AREA)
        for name in blanks.names()
        if (template := blanks.blank(name))
    ]
    save(np.vstack([np.hstack(sheet[:4]), np.hstack(sheet[4:])]), folder / "mockups.jpg", 1440)
    return 0


def _artwork() -> Image.Image:
    art = Image.new("RGB", (900, 1100), (18, 98, 104))
    draw = ImageDraw.Draw(art)
    for step in range(7):
        reach = 330 - step * 44
        draw.ellipse(
            (450 - reach, 430 - reach, 450 + reach, 430 + reach), outline=(242, 178, 62), width=9
        )
    draw.text(
        (450, 920), "EVENING", font=ImageFont.load_default(130), fill=(246, 240, 226), anchor="mm"
    )
    return art


if __name__ == "__main__":
    raise SystemExit(main())
