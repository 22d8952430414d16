"""The canvas: exact white, exact fill and centre, one scale for all angles."""

import io
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from tests.studio.drawn import cut_png, mug_outline, photo
from tierbook.model import Placement
from tierbook.studio import angles, compose, encode
from tierbook.studio.cutout import Cutout, cut_out
from tierbook.studio.photo import open_photo


def decoded(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def rim_of(rgb: np.ndarray) -> np.ndarray:
    band = round(min(rgb.shape[:2]) * 0.02)
    return np.concatenate([rgb[:band].reshape(-1, 3), rgb[:, -band:].reshape(-1, 3)])


@pytest.mark.parametrize("canvas", [(800, 800), (900, 600), (500, 1000)])
@pytest.mark.parametrize("fill", [0.75, 0.85, 0.95])
def test_fill_and_centre_are_exact(cut_mug: Cutout, canvas: tuple[int, int], fill: float) -> None:
    """The product spans the share asked for within 0.01 and lies centred within 0.5%."""
    coverage = compose.on_colour(cut_mug, canvas, fill=fill).coverage > 127
    rows, columns = np.flatnonzero(coverage.any(axis=1)), np.flatnonzero(coverage.any(axis=0))
    spans = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert max(spans[0] / canvas[0], spans[1] / canvas[1]) == pytest.approx(fill, abs=0.01)
    assert columns.mean() == pytest.approx((columns[0] + columns[-1]) / 2)
    assert (columns[0] + columns[-1] + 1) / 2 / canvas[0] == pytest.approx(0.5, abs=0.005)
    assert (rows[0] + rows[-1] + 1) / 2 / canvas[1] == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize("shadow", [False, True])
def test_the_border_of_the_saved_file_is_pure_white(cut_mug: Cutout, shadow: bool) -> None:
    """After JPEG and decoding, every pixel of the border is 255, with and without a shadow."""
    made = compose.on_colour(cut_mug, (1000, 1000), fill=0.85, shadow=shadow)
    assert (rim_of(decoded(encode.encode(made.rgb))) == 255).all()


def test_a_brand_colour_is_met_in_the_saved_file(cut_mug: Cutout) -> None:
    """The backdrop comes out within two levels of the colour asked for."""
    made = compose.on_colour(cut_mug, (600, 600), colour=(15, 92, 99))
    assert np.abs(rim_of(decoded(encode.encode(made.rgb))).astype(int) - (15, 92, 99)).max() <= 2


def test_all_angles_of_a_sku_share_one_scale() -> None:
    """A small and a large angle keep their relation, and the larger one fills the canvas."""
    large, small = (
        cut_out(open_photo(cut_png(photo(mug_outline(500, share=share)))), None)
        for share in (0.6, 0.3)
    )
    own = [compose.own_scale(cut, (800, 800), 0.85) for cut in (large, small)]
    scale = angles.common_scale(own)
    spans = [
        compose.extent(compose.on_colour(cut, (800, 800), scale=scale).coverage)[3]
        for cut in (large, small)
    ]
    assert spans[1] / spans[0] == pytest.approx(0.5, abs=0.02)
    widest = compose.extent(compose.on_colour(large, (800, 800), scale=scale).coverage)
    assert max(widest[2:]) / 800 == pytest.approx(0.85, abs=0.01)


def test_a_shadow_lies_only_under_the_base(cut_mug: Cutout) -> None:
    """Nothing is darkened above the product's middle."""
    plain = compose.on_colour(cut_mug, (600, 600)).rgb
    shaded = compose.on_colour(cut_mug, (600, 600), shadow=True).rgb
    changed = (plain != shaded).any(axis=2)
    assert changed[500:].any()
    assert not changed[:300].any()


def test_the_same_picture_gives_the_same_bytes(cut_mug: Cutout) -> None:
    """Neither the day nor the run is in the file, nor anything beside the picture."""
    made = compose.on_colour(cut_mug, (400, 400), shadow=True)
    content = encode.encode(made.rgb)
    assert content == encode.encode(made.rgb.copy())
    assert not {"icc_profile", "exif", "xmp"} & Image.open(io.BytesIO(content)).info.keys()


def placement(types: tuple[str, ...], max_mb: str | None = None) -> Placement:
    return Placement("P", "g", file_types=types, max_mb=Decimal(max_mb) if max_mb else None)


@pytest.mark.parametrize(
    ("types", "kind"),
    [((), "JPEG"), (("JPG", "PNG"), "JPEG"), (("png",), "PNG"), (("WebP", "GIF"), "WEBP")],
)
def test_the_file_type_is_one_the_placement_takes(types: tuple[str, ...], kind: str) -> None:
    """JPEG where it is taken, else the first type of the list that can be written."""
    content = encode.encode(np.full((64, 64, 3), 200, np.uint8), placement(types))
    assert Image.open(io.BytesIO(content)).format == kind


def test_jpeg_keeps_full_colour_resolution(cut_mug: Cutout) -> None:
    """Red on white is not smeared: chroma is stored at full size."""
    image = Image.open(io.BytesIO(encode.encode(compose.on_colour(cut_mug, (200, 200)).rgb)))
    assert [component[1:3] for component in image.layer] == [(1, 1)] * 3


def test_quality_falls_to_meet_a_limit_of_bytes() -> None:
    """A noisy picture is saved smaller where the placement asks for it."""
    noisy = np.random.default_rng(1).integers(0, 255, (400, 400, 3), np.uint8)
    free = encode.encode(noisy)
    held = encode.encode(noisy, placement(("JPEG",), f"{len(free) * 0.8 / 1e6:.3f}"))
    assert len(held) <= len(free) * 0.8
