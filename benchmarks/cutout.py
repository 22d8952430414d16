"""Measure the cut-out against the truth: ten products, four backdrops, and two products at once.

    python benchmarks/cutout.py FOLDER

FOLDER holds product pictures with a true alpha channel (PNG); the environment variable
TIERBOOK_REAL_FILES may name a folder with photos/cutouts instead. Each product is laid on each
kind of backdrop with a cast shadow, sensor noise and JPEG compression, is cut out as the engine
does it, and compared with its true outline. Then the finished on-white file is decoded and its
border and fill are measured. It exits with 1 when a promise of docs/studio.md is not kept.
"""

import io
import os
import sys
from pathlib import Path

import numpy as np
from backdrops import KINDS, KnownPhoto, photograph, true_cutout
from numpy.typing import NDArray
from PIL import Image

from tierbook.studio import compose, encode, model
from tierbook.studio.checking import worst
from tierbook.studio.cutout import Cutout, Look, cut_out
from tierbook.studio.photo import UnusablePhoto, open_photo
from tierbook.studio.steady import one_thread

MEAN, WORST, FLAGGED_BELOW, FILL = 0.98, 0.92, 0.95, 0.85


def overlap(cut: Cutout, truth: NDArray[np.float32]) -> float:
    """Return intersection over union of the cut-out and the truth, at half coverage."""
    x0, y0, x1, y1 = cut.box
    found = np.zeros(truth.shape, bool)
    part = Image.fromarray(cut.alpha).resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR)
    found[y0:y1, x0:x1] = np.asarray(part) > 127
    known = truth > 0.5
    return float((found & known).sum() / (found | known).sum())


def on_white(cut: Cutout) -> tuple[bool, float]:
    """Return whether the decoded file's border is all 255, and the fill its alpha has."""
    made = compose.on_colour(cut, (2000, 2000), fill=FILL)
    rgb = np.asarray(Image.open(io.BytesIO(encode.encode(made.rgb))).convert("RGB"))
    border = np.concatenate(
        [rgb[:40].ravel(), rgb[-40:].ravel(), rgb[:, :40].ravel(), rgb[:, -40:].ravel()]
    )
    _, _, width, height = compose.extent(made.coverage)
    return bool((border == 255).all()), max(width, height) / 2000


def measure(photo: KnownPhoto, look: Look | None) -> tuple[float, str, bool, float]:
    """Return overlap, verdict, whether the border is white, and the fill's distance from 0.85."""
    try:
        cut = cut_out(open_photo(photo.jpeg), look)
    except UnusablePhoto:
        return 0.0, "refused", True, 0.0
    white, fill = on_white(cut)
    return overlap(cut, photo.alpha), worst(cut.checks), white, abs(fill - FILL)


def main() -> int:
    real = os.environ.get("TIERBOOK_REAL_FILES", "")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(real) / "photos" / "cutouts"
    products = [true_cutout(path) for path in sorted(folder.glob("*.png"))]
    network = model.network()
    one_thread()
    kept = bool(products) and network is not None
    if not products or network is None:
        print("needs true-alpha PNGs and the model (tierbook models)")
        return 1
    for route, look in (("network", network.look), ("by colour", None)):
        headings = ("mean", "worst", "warned", "silent<.95", "white", "fill off")
        print(f"\n{route:<14}", *(f"{heading:>10}" for heading in headings))
        for row, kind in enumerate(KINDS):
            results = [
                measure(photograph([product], kind, seed=100 * row + column), look)
                for column, product in enumerate(products)
            ]
            scores = [score for score, *_ in results]
            silent = sum(
                score < FLAGGED_BELOW and verdict == "pass" for score, verdict, *_ in results
            )
            warned = sum(verdict != "pass" for _, verdict, *_ in results)
            white = all(border for _, _, border, _ in results)
            off = max(fill for *_, fill in results)
            cells = (
                f"{np.mean(scores):.4f}",
                f"{min(scores):.3f}",
                f"{warned}/{len(scores)}",
                str(silent),
                "yes" if white else "NO",
                f"{off:.4f}",
            )
            print(f"{kind:<14}", *(f"{cell:>10}" for cell in cells))
            kept &= silent == 0 and white and off <= 0.01
            if look:
                kept &= float(np.mean(scores)) >= MEAN and min(scores) >= WORST
    silent = 0
    for index in range(len(products)):
        pair = [products[index], products[(index + 3) % len(products)]]
        _, verdict, *_ = measure(photograph(pair, KINDS[index % 4], seed=900 + index), network.look)
        silent += verdict == "pass"
    print(f"\ntwo products in one photo: {len(products) - silent} of {len(products)} flagged")
    kept &= silent == 0
    print("every promise kept" if kept else "A PROMISE IS NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
