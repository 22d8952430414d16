"""Printing a seller's design on a blank product: a template says where and how it bends.

A template is a folder: `template.json`, `base.png` (the blank), and optionally `mask.png` (where
print may lie) and `shade.png` (how light or dark the surface is there, 128 is unchanged).
`template.json` holds `type` (quad, cylinder or mesh), `points`, and `blend` (cover or multiply):

* quad: four corners, clockwise from the top left, in pixels of the base.
* cylinder: four corners as for a quad, and `sag`: how far the middle of the lower edge hangs
  below its ends, in pixels.
* mesh: rows of points, each row from left to right, at least 2 x 2.

Several prints on one blank (front and side of a box) are listed under `prints`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast

import cv2
import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict, ValidationError

from tierbook.studio.arrays import Floats, Pixels, bounds, scaled
from tierbook.studio.photo import UnusablePhoto

Point: TypeAlias = tuple[float, float]
Kind: TypeAlias = Literal["quad", "cylinder", "mesh"]
Blend: TypeAlias = Literal["cover", "multiply"]

_STEPS = 24  # cells a curved print is cut into, each way
_SEEN = 8  # coverage under which a design is as good as not there
_TURN = 0.92 * np.pi / 2  # how far round a cylinder is seen, to either side


@dataclass(frozen=True)
class Print:
    """One printable face: a grid of points (rows, columns, 2) in pixels of the base.

    `part` is the share of the design it shows: left, top, right, bottom in 0..1. `aspect` is the
    face's true width over height where it cannot be read off the grid, because it turns away.
    """

    grid: Floats
    blend: Blend = "cover"
    part: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    aspect: float = 0.0


@dataclass(frozen=True)
class Template:
    """A blank product: picture, where print may lie, how light falls there, and its faces."""

    name: str
    base: Pixels
    mask: Pixels
    shade: Pixels
    prints: tuple[Print, ...]

    @property
    def aspect(self) -> float:
        """Width over height of the first face, to fit a design without stretching."""
        if self.prints[0].aspect:
            return self.prints[0].aspect
        grid = self.prints[0].grid
        across = np.linalg.norm(np.diff(grid, axis=1), axis=2).sum(axis=1).mean()
        down = np.linalg.norm(np.diff(grid, axis=0), axis=2).sum(axis=0).mean()
        left, _, right, _ = self.prints[0].part
        return float(across / max(1.0, down)) / max(0.05, right - left)


class _PrintFile(BaseModel):
    model_config = ConfigDict(extra="ignore")
    type: Kind
    points: list[tuple[float, float]] | list[list[tuple[float, float]]]
    sag: float = 0.0
    blend: Blend = "cover"
    part: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    aspect: float = 0.0


class _TemplateFile(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str = ""
    prints: list[_PrintFile]


def quad_grid(corners: list[Point]) -> Floats:
    """Return the 2 x 2 grid of four corners, clockwise from the top left."""
    top_left, top_right, bottom_right, bottom_left = corners
    return np.array([[top_left, top_right], [bottom_left, bottom_right]], np.float32)


def cylinder_grid(corners: list[Point], sag: float) -> Floats:
    """Return the grid of a print around the front half of an upright cylinder.

    Columns crowd towards both sides as the surface turns away, and rows hang by `sag`.
    """
    (x0, y0), (x1, _), (_, y3), _ = corners
    turn = np.linspace(-_TURN, _TURN, _STEPS + 1)
    across = np.sin(turn) / np.sin(turn[-1])
    droop = (np.cos(turn) - np.cos(turn[-1])) / (1 - np.cos(turn[-1]))
    rows = np.linspace(0, 1, _STEPS + 1)
    x = (x0 + x1) / 2 + across * (x1 - x0) / 2
    y = y0 + rows[:, None] * (y3 - y0) + droop[None, :] * sag
    return np.dstack([np.broadcast_to(x, y.shape), y]).astype(np.float32)


def unrolled(corners: list[Point]) -> float:
    """Return width over height of a cylinder's print, laid flat."""
    (x0, y0), (x1, _), (_, y3), _ = corners
    return (x1 - x0) * _TURN / float(np.sin(_TURN)) / max(1.0, y3 - y0)


def load(folder: Path) -> Template:
    """Read a template folder.

    Raises:
        UnusablePhoto: A file is missing or does not say what it should.
    """
    try:
        described = _TemplateFile.model_validate(_described(folder))
        base = np.asarray(Image.open(folder / "base.png", formats=("PNG",)).convert("RGB"))
        size = (base.shape[1], base.shape[0])
        mask = _plane(folder / "mask.png", size, 255)
        shade = _plane(folder / "shade.png", size, 128)
        prints = tuple(_print(entry) for entry in described.prints)
    except (OSError, ValueError, ValidationError) as error:
        raise UnusablePhoto(
            f'The mockup template "{folder.name}" cannot be read: {error}',
            "It needs base.png and a template.json with type and points.",
        ) from error
    if not prints:
        raise UnusablePhoto(f'The mockup template "{folder.name}" names no print.', "Add points.")
    return Template(described.name or folder.name, base, mask, shade, prints)


def _described(folder: Path) -> object:
    raw: object = json.loads((folder / "template.json").read_text("utf-8"))
    if not isinstance(raw, dict):
        return raw
    described = cast("dict[str, object]", raw)
    return described if "prints" in described else {**described, "prints": [described]}


def _plane(path: Path, size: tuple[int, int], blank: int) -> Pixels:
    if not path.is_file():
        return np.full((size[1], size[0]), blank, np.uint8)
    return np.asarray(Image.open(path, formats=("PNG",)).convert("L").resize(size))


def _print(entry: _PrintFile) -> Print:
    points = entry.points
    if entry.type == "mesh":
        grid = np.array(points, np.float32)
        if grid.ndim != 3 or min(grid.shape[:2]) < 2:
            raise ValueError("a mesh needs at least two rows of at least two points")
        return Print(grid, entry.blend, entry.part, entry.aspect)
    if len(points) != 4:
        raise ValueError(f"a {entry.type} needs four corners")
    corners = [(float(x), float(y)) for x, y in cast("list[Point]", points)]
    if entry.type == "quad":
        return Print(quad_grid(corners), entry.blend, entry.part, entry.aspect)
    aspect = entry.aspect or unrolled(corners)
    return Print(cylinder_grid(corners, entry.sag), entry.blend, entry.part, aspect)


def save(template: Template, folder: Path) -> None:
    """Write a template as a folder a seller can change."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [
        {
            "type": "mesh",
            "points": face.grid.round(2).tolist(),
            "blend": face.blend,
            "part": face.part,
            "aspect": face.aspect,
        }
        for face in template.prints
    ]
    described = {"name": template.name, "prints": entries}
    (folder / "template.json").write_text(json.dumps(described), "utf-8")
    for name, picture in (
        ("base", template.base),
        ("mask", template.mask),
        ("shade", template.shade),
    ):
        Image.fromarray(picture).save(folder / f"{name}.png", compress_level=6)


def render(template: Template, design: Pixels, design_alpha: Pixels | None = None) -> Pixels:
    """Print a design on a blank.

    Args:
        template: The blank.
        design: The seller's artwork, (h, w, 3); it is fitted to the face without stretching.
        design_alpha: Where the artwork is, (h, w); everywhere when None.

    Returns:
        The blank with the print, (h, w, 3) uint8, in the base's size.
    """
    alpha = np.full(design.shape[:2], 255, np.uint8) if design_alpha is None else design_alpha
    fitted, cover = _fitted(design, alpha, template.aspect)
    result = template.base.astype(np.float32)
    light = template.shade.astype(np.float32)[:, :, None] / 128
    for face in template.prints:
        printed, where = _warped(fitted, cover, face, (result.shape[1], result.shape[0]))
        where = (where * (template.mask.astype(np.float32) / 255))[:, :, None]
        ink = printed * (result / 255 if face.blend == "multiply" else light)
        result = result * (1 - where) + ink * where
    return np.clip(result, 0, 255).round().astype(np.uint8)


def _fitted(design: Pixels, alpha: Pixels, aspect: float) -> tuple[Pixels, Pixels]:
    """Pad a design to the face's shape: with nothing where it is cut out, else with its edge."""
    design, alpha = _trimmed(design, alpha)
    height, width = alpha.shape
    wide, tall = max(width, round(height * aspect)), max(height, round(width / aspect))
    left, top = (wide - width) // 2, (tall - height) // 2
    sides = (top, tall - height - top, left, wide - width - left)
    whole = bool(int(alpha.min()) > 250)
    tone = _rim_tone(design) if whole else (255.0, 255.0, 255.0)
    framed = cv2.copyMakeBorder(design, *sides, cv2.BORDER_CONSTANT, value=tone)
    cover = cv2.copyMakeBorder(alpha, *sides, cv2.BORDER_CONSTANT, value=255.0 if whole else 0.0)
    return np.asarray(framed, np.uint8), np.asarray(cover, np.uint8)


def _trimmed(design: Pixels, alpha: Pixels) -> tuple[Pixels, Pixels]:
    """Cut off a design's see-through margins, which would only make its print smaller."""
    x, y, width, height = bounds(alpha > _SEEN)
    if not width or not height:
        return design, alpha
    part = (slice(y, y + height), slice(x, x + width))
    return np.ascontiguousarray(design[part]), np.ascontiguousarray(alpha[part])


def _rim_tone(design: Pixels) -> tuple[float, float, float]:
    rim = np.concatenate([design[0], design[-1], design[:, 0], design[:, -1]])
    red, green, blue = np.median(rim, axis=0)
    return float(red), float(green), float(blue)


def _warped(
    design: Pixels, alpha: Pixels, face: Print, size: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Bend a design onto a face at twice the size, cell by cell, and reduce it smoothly."""
    height, width = alpha.shape
    left, top, right, bottom = face.part
    rows, columns = face.grid.shape[0] - 1, face.grid.shape[1] - 1
    double = (size[0] * 2, size[1] * 2)
    spread = face.grid.reshape(-1, 2)
    reach = float(max(np.ptp(spread[:, 0]), np.ptp(spread[:, 1]))) * 2
    # Fine artwork on a small face would flicker: reduce it first to what the face can show.
    shrink = min(1.0, reach / max(1, max(height, width) * max(right - left, bottom - top)))
    if shrink < 1:
        smaller = (max(2, round(width * shrink)), max(2, round(height * shrink)))
        design = np.asarray(scaled(design, smaller, cv2.INTER_AREA), np.uint8)
        alpha = np.asarray(scaled(alpha, smaller, cv2.INTER_AREA), np.uint8)
        height, width = alpha.shape
    layered = np.dstack([design, alpha])
    canvas = np.zeros((double[1], double[0], 4), np.uint8)
    for row in range(rows):
        for column in range(columns):
            cell = face.grid[row : row + 2, column : column + 2] * 2
            target = np.array([cell[0, 0], cell[0, 1], cell[1, 1], cell[1, 0]], np.float32)
            u = [left + (right - left) * (column + step) / columns for step in (0, 1)]
            v = [top + (bottom - top) * (row + step) / rows for step in (0, 1)]
            source = np.array([[u[0], v[0]], [u[1], v[0]], [u[1], v[1]], [u[0], v[1]]], np.float32)
            _lay_cell(canvas, layered, source * (width, height), target)
    small = scaled(canvas, size, cv2.INTER_AREA).astype(np.float32)
    cover = small[:, :, 3] / 255
    return small[:, :, :3] / np.maximum(cover, 1e-3)[:, :, None], cover


def _lay_cell(canvas: Pixels, layered: Pixels, source: Floats, target: Floats) -> None:
    """Warp one cell into the canvas (premultiplied), only inside its own outline."""
    x, y, wide, tall = cv2.boundingRect(target)
    x0, y0 = max(0, x - 1), max(0, y - 1)
    x1, y1 = min(canvas.shape[1], x + wide + 1), min(canvas.shape[0], y + tall + 1)
    if x1 <= x0 or y1 <= y0:
        return
    shifted = target - np.array([x0, y0], np.float32)
    turn = cv2.getPerspectiveTransform(source.astype(np.float32), shifted.astype(np.float32))
    size = (x1 - x0, y1 - y0)
    warped = cv2.warpPerspective(
        layered, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    inside = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(inside, np.round(shifted * 16).astype(np.int32), 255, cv2.LINE_8, 4)
    where = inside > 0
    cover = warped[:, :, 3:].astype(np.uint16)
    tinted = np.dstack([(warped[:, :, :3] * cover // 255).astype(np.uint8), warped[:, :, 3:]])
    canvas[y0:y1, x0:x1][where] = tinted[where]
