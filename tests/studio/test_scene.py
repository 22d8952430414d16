"""Studio scenes and the seller's own: the product stays itself, the room is chosen by words."""

import numpy as np
import pytest

from tierbook.studio import compose, placing, scene
from tierbook.studio.cutout import Cutout


@pytest.mark.parametrize("stands", [True, False])
@pytest.mark.parametrize("chosen", scene.SETTINGS, ids=lambda chosen: chosen.name)
def test_the_products_pixels_stay_the_photos(
    cut_mug: Cutout, chosen: scene.Setting, stands: bool
) -> None:
    """In every studio the product inside its edge equals the scaled cut-out exactly."""
    made = scene.studio_scene(cut_mug, (320, 320), chosen, seed=3, stands=stands)
    layer = compose.layer(cut_mug, made.scale)
    x, y = made.corner
    solid = layer.alpha == 255
    shown = made.rgb[y : y + solid.shape[0], x : x + solid.shape[1]]
    assert (shown[solid] == layer.colour[solid]).all()


def test_a_seed_settles_everything(cut_mug: Cutout) -> None:
    """The same seed gives the same picture, another seed another grain."""
    wood = scene.SETTINGS[1]
    first, again, other = (
        scene.studio_scene(cut_mug, (200, 200), wood, seed).rgb for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("notes", "brand", "background", "name"),
    [
        ("on a Marble counter", (), "scene", "marble"),
        ("rustic kitchen table", ("#0F5C63",), "scene", "wood"),
        ("", (), "scene", "studio"),
        ("", ("#0F5C63",), "scene", "brand"),
        ("in brand colours on wood", ("#0F5C63",), "scene", "brand"),
        ("moody evening", (), "", "dark"),
    ],
)
def test_words_choose_the_studio(
    notes: str, brand: tuple[str, ...], background: str, name: str
) -> None:
    """Scene notes name the surface; brand colours decide where nothing else does."""
    assert scene.setting(notes, brand, background).name == name


def test_the_shadow_falls_away_from_the_light(cut_mug: Cutout) -> None:
    """Light from the left darkens the ground on the right, and the other way round."""
    layer = compose.layer(cut_mug, 0.4)
    corner = (100, 100)
    left, right = (scene.cast_shadow(layer.alpha, corner, (400, 320), light) for light in (-1, 1))
    middle = 100 + layer.alpha.shape[1] // 2
    assert left[:, middle:].sum() > left[:, :middle].sum()
    assert right[:, middle:].sum() < right[:, :middle].sum()


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("50, 80, 40", placing.PlacementBox(0.5, 0.8, 0.4, given=True)),
        ("x 0.3, foot 0.9, height 0.25", placing.PlacementBox(0.3, 0.9, 0.25, given=True)),
        ("30% 90% 25%", placing.PlacementBox(0.3, 0.9, 0.25, given=True)),
        ("on the table", placing.PlacementBox()),
        ("0, 80, 40", placing.PlacementBox()),
    ],
)
def test_boxes_are_read_as_sellers_write_them(text: str, box: placing.PlacementBox) -> None:
    """Shares and percentages are read; anything else gives the default, marked as such."""
    assert placing.read_box(text) == box


def test_the_product_stands_where_the_box_says(cut_mug: Cutout) -> None:
    """Its foot, middle and height on the scene photo are the box's."""
    back = np.full((300, 500, 3), 120, np.uint8)
    box = placing.PlacementBox(0.3, 0.9, 0.5, given=True)
    made = placing.into_photo(cut_mug, back, (400, 400), box, seed=1)
    x, y, wide, tall = compose.extent(made.coverage)
    assert (x + wide / 2) / 400 == pytest.approx(0.3, abs=0.01)
    assert (y + tall) / 400 == pytest.approx(0.9, abs=0.01)
    assert tall / 400 == pytest.approx(0.5, abs=0.01)


def test_a_scene_photo_is_cropped_not_stretched() -> None:
    """A circle in a wide photo is still a circle on a tall canvas."""
    y, x = np.mgrid[0:300, 0:600]
    disc = np.where(((x - 300) ** 2 + (y - 150) ** 2 < 50**2)[:, :, None], 255, 0)
    tall = placing.cropped(disc.astype(np.uint8).repeat(3, axis=2), (200, 400))
    _, _, wide, high = compose.extent(tall[:, :, 0])
    assert wide == pytest.approx(high, abs=2)
